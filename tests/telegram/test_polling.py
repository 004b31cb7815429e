"""Long polling: order, concurrency, what is confirmed and what comes again, and outages."""

import asyncio
from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import LabeledPrice
from aiohttp import web
from aiohttp.test_utils import TestServer
from prometheus_client import REGISTRY
from redis.asyncio import Redis

from saas_bot.core.settings import Settings
from saas_bot.embedded import free_ports
from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.telegram.aside import Aside
from saas_bot.telegram.bot import create_bot
from saas_bot.telegram.in_hand import MOST_IN_HAND, InHand
from saas_bot.telegram.polling import Polling, TokenRefused
from tests.bot.logs import Log
from tests.environment import BOT_TOKEN
from tests.sandbox.conftest import Running
from tests.telegram.conftest import KINDS, NO_REDIS, Handled, becomes, polling


async def waiting(bot: Bot) -> list[str]:
    """The texts of the updates that Telegram would send to the next process."""
    return [one.message.text for one in await bot.get_updates() if one.message]


async def test_those_of_one_chat_are_handled_in_order(
    bot: Bot, handled: Handled, anna: Person, boris: Person
) -> None:
    let_go = handled.hold("a1")
    for text in ("a1", "a2", "a3"):
        await anna.sends(text)
    await boris.sends("b1")
    async with polling(bot, handled):
        await handled.until(lambda: "b1" in handled.done)
        assert "a2" not in handled.begun
        let_go.set()
        await handled.until(lambda: "a3" in handled.done)
    assert [text for text in handled.done if text.startswith("a")] == ["a1", "a2", "a3"]
    assert await waiting(bot) == []


async def test_a_slow_update_does_not_hold_up_the_others(
    bot: Bot, handled: Handled, anna: Person, boris: Person
) -> None:
    let_go = handled.hold("slow")
    async with polling(bot, handled):
        await anna.sends("slow")
        await handled.until(lambda: "slow" in handled.begun)
        for number in range(5):
            await boris.sends(f"b{number}")
            await handled.until(lambda wanted=f"b{number}": wanted in handled.done, 3)
        assert "slow" not in handled.done
        let_go.set()
    assert handled.begun.count("slow") == 1, "what comes again while in hand is passed over"
    assert handled.done[-6:] == ["b0", "b1", "b2", "b3", "b4", "slow"]


async def test_what_was_in_hand_when_the_process_died_comes_again(
    bot: Bot, handled: Handled, anna: Person, boris: Person
) -> None:
    handled.hold("never done")
    in_hand = InHand(bot, handled)
    source = Polling(bot, in_hand, Aside(NO_REDIS, bot.id), ["message"])
    running = asyncio.create_task(source.run())
    await anna.sends("never done")
    await boris.sends("done")
    await handled.until(lambda: "done" in handled.done)
    running.cancel()  # As SIGKILL would: nothing is finished, nothing confirmed.
    await asyncio.wait({running})
    assert "never done" in await waiting(bot)
    hurry = asyncio.Event()
    hurry.set()
    await in_hand.finish(0, hurry)


STUCK = 2 * MOST_IN_HAND + 20


async def jammed(bot: Bot, handled: Handled, anna: Person, boris: Person) -> asyncio.Event:
    """More than Telegram sends at a time waits behind one update; then Boris is about to pay."""
    let_go = handled.hold("a0")
    await bot.get_updates(allowed_updates=KINDS)
    for number in range(STUCK):
        await anna.sends(f"a{number}")
    price = [LabeledPrice(label="Team", amount=5)]
    await bot.send_invoice(boris.id, "Team", "A month", "1:INV:en", "XTR", price)
    await boris.pays()
    return let_go


async def test_a_checkout_does_not_wait_behind_hundreds_that_are_stuck(
    bot: Bot, handled: Handled, anna: Person, boris: Person, redis: Redis
) -> None:
    let_go = await jammed(bot, handled, anna, boris)
    async with polling(bot, handled, redis=redis):
        await handled.until(lambda: "pre_checkout_query" in handled.done, 5)
        assert [one for one in handled.begun if one[0] == "a"] == ["a0"]
        let_go.set()
        await handled.until(lambda: f"a{STUCK - 1}" in handled.done)
    assert [one for one in handled.done if one[0] == "a"] == [f"a{n}" for n in range(STUCK)]
    assert await bot.get_updates() == []
    assert await redis.keys("saas_bot:updates:*") == []


async def test_what_was_stuck_when_the_process_died_is_taken_up_by_the_next(
    bot: Bot, handled: Handled, anna: Person, boris: Person, redis: Redis
) -> None:
    await jammed(bot, handled, anna, boris)
    in_hand = InHand(bot, handled)
    running = asyncio.create_task(Polling(bot, in_hand, Aside(redis, bot.id), KINDS).run())
    await handled.until(lambda: "pre_checkout_query" in handled.done)
    running.cancel()  # As SIGKILL would.
    await asyncio.wait({running})
    hurry = asyncio.Event()
    hurry.set()
    await in_hand.finish(0, hurry)
    assert not [one for one in handled.done if one[0] == "a"]
    again = Handled()
    async with polling(bot, again, redis=redis):
        await again.until(lambda: f"a{STUCK - 1}" in again.done)
    assert [one for one in again.done if one[0] == "a"] == [f"a{n}" for n in range(STUCK)]


async def test_without_redis_what_is_stuck_stays_with_telegram(
    bot: Bot, handled: Handled, anna: Person, boris: Person
) -> None:
    await jammed(bot, handled, anna, boris)
    in_hand, log = InHand(bot, handled), Log()
    with log.kept():
        source = Polling(bot, in_hand, Aside(NO_REDIS, bot.id), KINDS)
        running = asyncio.create_task(source.run())
        await becomes(lambda: len(in_hand) == MOST_IN_HAND)
        seen = len(log.of("updates.not_kept"))
        await becomes(lambda: len(log.of("updates.not_kept")) > seen + 2)
        running.cancel()  # As SIGKILL would.
        await asyncio.wait({running})
    hurry = asyncio.Event()
    hurry.set()
    await in_hand.finish(0, hurry)
    assert (await waiting(bot))[0] == "a0"


async def test_stopping_finishes_what_is_in_hand_and_confirms_it(
    bot: Bot, handled: Handled, anna: Person
) -> None:
    let_go = handled.hold("in hand")
    async with polling(bot, handled):
        await anna.sends("in hand")
        await handled.until(lambda: "in hand" in handled.begun)
        asyncio.get_running_loop().call_later(0.2, let_go.set)
    assert "in hand" in handled.done
    assert await waiting(bot) == []


async def test_what_is_cut_off_is_left_for_the_next_process(
    bot: Bot, handled: Handled, anna: Person, boris: Person
) -> None:
    handled.hold("stuck")
    async with polling(bot, handled, finish=0.1):
        await anna.sends("stuck")
        await handled.until(lambda: "stuck" in handled.begun)
        await boris.sends("quick")
        await handled.until(lambda: "quick" in handled.done)
    assert "stuck" in await waiting(bot)
    assert "stuck" not in handled.done


async def test_a_handler_that_fails_does_not_stop_the_polling(
    bot: Bot, handled: Handled, anna: Person
) -> None:
    async def act(text: str) -> None:
        if text == "bad":
            raise RuntimeError("in a handler")

    handled.act = act
    async with polling(bot, handled):
        await anna.sends("bad")
        await anna.sends("good")
        await handled.until(lambda: "good" in handled.done)
    assert await waiting(bot) == []


@pytest.mark.parametrize("fault", ["500", "502", "cut", "429", "duplicate", "reorder"])
async def test_polling_goes_on_through_faults(
    fault: str, bot: Bot, handled: Handled, anna: Person, boris: Person, sandbox: Sandbox
) -> None:
    await sandbox.breaks("getUpdates", fault, times=2)
    for number in range(3):
        await anna.sends(f"a{number}")
        await boris.sends(f"b{number}")
    async with polling(bot, handled) as (source, _):
        await handled.until(lambda: {"a2", "b2"} <= set(handled.done))
        assert source.problem is None
    assert sorted(one for one in handled.done if one[0] in "ab") == sorted(
        f"{who}{number}" for who in "ab" for number in range(3)
    )


async def test_telegram_away_is_a_problem_until_it_is_back(
    handled: Handled, telegram: Running, anna: Person
) -> None:
    (port,) = free_ports(1)
    settings = Settings(
        _env_file=None, bot_token=BOT_TOKEN, telegram_api_url=f"http://127.0.0.1:{port}"
    )
    bot = create_bot(settings)
    in_hand = InHand(bot, handled)
    source = Polling(bot, in_hand, Aside(NO_REDIS, bot.id), ["message"])
    running = asyncio.create_task(source.run())
    await becomes(lambda: source.problem is not None)
    assert source.problem == "unreachable"
    assert not source.connected.is_set()
    await anna.sends("hello")

    async def forward(request: web.Request) -> web.Response:
        url = f"{telegram.url}{request.path}"
        async with telegram.http.post(url, data=await request.post()) as answer:
            return web.json_response(await answer.json(), status=answer.status)

    gate = web.Application()
    gate.router.add_post("/{path:.*}", forward)
    async with TestServer(gate, port=port):
        await handled.until(lambda: "hello" in handled.done)
        assert source.problem is None
        assert source.connected.is_set()
        running.cancel()
        await asyncio.wait({running})
    await bot.session.close()


async def test_a_token_nobody_has_ends_the_polling(handled: Handled, telegram: Running) -> None:
    settings = Settings(
        _env_file=None, bot_token="42:nobody-has-this", telegram_api_url=telegram.url
    )
    bot = create_bot(settings)
    with pytest.raises(TokenRefused):
        await Polling(bot, InHand(bot, handled), Aside(NO_REDIS, 42), []).run()
    await bot.session.close()


async def test_a_webhook_left_behind_is_taken_down(
    bot: Bot, handled: Handled, anna: Person
) -> None:
    await bot.set_webhook("http://127.0.0.1:9/telegram/webhook")
    async with polling(bot, handled):
        await anna.sends("hello")
        await handled.until(lambda: "hello" in handled.done)
    assert (await bot.get_webhook_info()).url == ""


async def test_another_process_that_polls_is_told_as_a_conflict(
    bot: Bot, handled: Handled, anna: Person, sandbox: Sandbox
) -> None:
    async with polling(bot, handled) as (source, _):
        await source.connected.wait()
        await sandbox.bot_is_there()
        other = asyncio.create_task(bot.get_updates(timeout=1, offset=-1))
        await becomes(lambda: source.problem is not None)
        assert source.problem == "conflict"
        await asyncio.wait({other})
        await anna.sends("after")
        await handled.until(lambda: "after" in handled.done)
        assert source.problem is None


def _conflicts() -> float:
    labels = {"method": "getUpdates", "outcome": "conflict"}
    return REGISTRY.get_sample_value("saas_bot_telegram_calls_total", labels) or 0


async def test_two_that_poll_side_by_side_say_so_once_each(bot: Bot, handled: Handled) -> None:
    log = Log()
    with log.kept():
        async with polling(bot, handled) as (one, _), polling(bot, handled) as (other, _):
            await becomes(lambda: one.problem == other.problem == "conflict", seconds=10)
            seen = _conflicts()
            await becomes(lambda: _conflicts() >= seen + 3, seconds=20)
    assert len(log.of("part.away")) == 2
    assert log.of("part.back") == []


async def test_an_update_of_unknown_form_spoils_nothing(bot: Bot, handled: Handled) -> None:
    in_hand = InHand(bot, handled)
    unreadable: dict[str, Any] = {"update_id": 1, "message": {"what": "is this"}}
    assert in_hand.take(unreadable) is None
    assert len(in_hand) == 0
    message = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "fine"}
    task = in_hand.take({"update_id": 2, "message": message})
    assert task is not None
    assert in_hand.take({"update_id": 2, "message": message}) is task
    await task
    assert handled.done == ["fine"]
