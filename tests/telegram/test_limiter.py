"""Calls of several processes stay within Telegram's rates, which the sandbox enforces."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
from aiogram import Bot
from aiogram.methods import EditMessageText, GetMe, SendChatAction, SendMediaGroup, SendMessage
from aiogram.types import InputMediaPhoto
from redis.asyncio import Redis

from saas_bot.core.settings import Settings
from saas_bot.embedded import Valkey, free_ports
from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.sandbox.options import Options
from saas_bot.telegram.bot import create_bot
from saas_bot.telegram.cost import Cost, cost_of
from saas_bot.telegram.limiter import PATIENCE, WINDOW, Limiter
from tests.environment import BOT_TOKEN
from tests.sandbox.conftest import Running, serving

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
async def telegram() -> AsyncIterator[Running]:
    async with serving(token=BOT_TOKEN, options=Options(rate_limits=True)) as running:
        yield running


@pytest.fixture
async def redis(redis: Redis) -> Redis:
    """One that has not just been restarted."""
    await redis.set("saas_bot:telegram:known", 1)
    return redis


class Process:
    """What one process calls Telegram with."""

    def __init__(self, running: Running, redis: Redis, *, urgent: bool, **settings: object) -> None:
        values = {"bot_token": BOT_TOKEN, "telegram_api_url": running.url, **settings}
        made = Settings(_env_file=None, **values)  # type: ignore[arg-type]
        self.limiter = Limiter(redis, made, urgent=urgent)
        self.bot: Bot = create_bot(made, self.limiter)

    async def close(self) -> None:
        await self.limiter.close()
        await self.bot.session.close()


@pytest.fixture
async def worker(telegram: Running, redis: Redis) -> AsyncIterator[Process]:
    process = Process(telegram, redis, urgent=False)
    yield process
    await process.close()


@pytest.fixture
async def answering(telegram: Running, redis: Redis) -> AsyncIterator[Process]:
    process = Process(telegram, redis, urgent=True)
    yield process
    await process.close()


async def _people(sandbox: Sandbox, count: int) -> list[Person]:
    people = [await sandbox.person(f"P{number}") for number in range(count)]
    for person in people:
        await person.starts()
    return people


async def _send_all(process: Process, people: list[Person], text: str) -> list[float]:
    """Send to everybody at once; gives how long each had to wait."""

    async def send(person: Person) -> float:
        began = time.monotonic()
        await process.bot.send_message(person.id, text)
        return time.monotonic() - began

    return list(await asyncio.gather(*(send(person) for person in people)))


@pytest.mark.parametrize(
    ("method", "cost"),
    [
        (SendMessage(chat_id=5, text="x"), Cost(1, 5)),
        (SendMessage(chat_id=-5, text="x"), Cost(1, -5)),
        (EditMessageText(chat_id=5, message_id=1, text="x"), Cost(1, None)),
        (SendMediaGroup(chat_id=5, media=[InputMediaPhoto(media="a")] * 3), Cost(3, 5)),
        (SendChatAction(chat_id=5, action="typing"), None),
        (GetMe(), None),
    ],
)
def test_what_a_call_takes_of_the_limits(method, cost) -> None:
    assert cost_of(method) == cost


async def test_two_workers_and_a_bot_keep_the_rate_and_people_go_first(
    telegram: Running, redis: Redis, sandbox: Sandbox, worker: Process, answering: Process
) -> None:
    other = Process(telegram, redis, urgent=False)
    people = await _people(sandbox, 74)
    asking, told = people[64:], count(1)
    waits: list[float] = []

    async def notify(process: Process, person: Person) -> None:
        await process.bot.send_message(person.id, "news")
        if next(told) % 6 == 0:  # someone asks in the midst of it
            waits.extend(await _send_all(answering, [asking.pop()], "reply"))

    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number, person in enumerate(people[:64]):
            group.create_task(notify((worker, other)[number % 2], person))
    # No more than 30 in a second: the last of 74 comes after two.
    assert 2.0 < time.monotonic() - began < 8.0
    assert len(waits) == 10
    assert max(waits) < 0.5
    await other.close()


async def test_a_chat_gets_a_burst_of_replies_and_one_notification_a_second(
    sandbox: Sandbox, worker: Process, answering: Process
) -> None:
    anna, boris = await _people(sandbox, 2)
    assert max(await _send_all(answering, [anna] * 4, "reply")) < 0.9
    first, second = sorted(await _send_all(worker, [boris] * 2, "news"))
    assert first < 0.5
    assert 0.9 < second < 2.0


async def test_a_group_gets_no_more_than_its_minute_allows(
    telegram: Running, redis: Redis, sandbox: Sandbox
) -> None:
    process = Process(telegram, redis, urgent=True, telegram_group_rate=3)
    anna = await sandbox.person("Anna")
    group = await sandbox.group("Team", anna)
    await group.adds_bot(anna)
    sending = [asyncio.create_task(process.bot.send_message(group.id, "x")) for _ in range(4)]
    done, waiting = await asyncio.wait(sending, timeout=1.5)
    assert (len(done), len(waiting)) == (3, 1)
    for task in waiting:
        task.cancel()
    await process.close()


async def test_without_redis_a_part_of_the_limit_is_kept_and_nothing_is_lost(
    telegram: Running, sandbox: Sandbox
) -> None:
    async with Redis.from_url(NOWHERE) as nowhere:
        process = Process(telegram, nowhere, urgent=True)
        people = await _people(sandbox, 12)
        began = time.monotonic()
        await _send_all(process, people, "x")
        # A second and a half of silence, then a third of 30 a second but one: eleven of these.
        assert 1.5 + 11 / 9 < time.monotonic() - began < 4.5
        await process.close()


async def test_a_redis_that_hangs_is_as_good_as_away(
    telegram: Running, sandbox: Sandbox, tmp_path: Path
) -> None:
    valkey = Valkey(tmp_path, free_ports(1)[0], durable=False)
    await valkey.start()
    people = await _people(sandbox, 12)
    async with Redis.from_url(valkey.url(), socket_timeout=5.0) as client:
        worker = Process(telegram, client, urgent=False)
        await client.set("saas_bot:telegram:known", 1)
        assert valkey.pid
        os.kill(valkey.pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            await _send_all(worker, people, "news")
            # What Redis may take to answer, the silence, and eleven at 9 a second.
            assert time.monotonic() - began < PATIENCE + WINDOW + 11 / 9 + 1.5
        finally:
            os.kill(valkey.pid, signal.SIGCONT)
            await worker.close()
            await valkey.stop()


async def test_a_redis_that_comes_back_empty_makes_nobody_exceed_the_rate(
    telegram: Running, sandbox: Sandbox, tmp_path: Path
) -> None:
    valkey = Valkey(tmp_path, free_ports(1)[0], durable=False)
    await valkey.start()
    clients = [Redis.from_url(valkey.url()) for _ in range(3)]
    answering, *workers = [
        Process(telegram, client, urgent=number == 0) for number, client in enumerate(clients)
    ]
    people = await _people(sandbox, 120)
    await clients[0].set("saas_bot:telegram:known", 1)
    try:
        async with asyncio.TaskGroup() as group:
            # All of them come through: a 429 would be raised here.
            for number, worker in enumerate(workers):
                group.create_task(_send_all(worker, people[number::4], "news"))
            await _send_all(answering, people[2::8], "reply")
            await valkey.restart()
            group.create_task(_send_all(answering, people[3::4], "reply"))
    finally:
        for process, client in zip((answering, *workers), clients, strict=True):
            await process.close()
            await client.aclose()
        await valkey.stop()


async def test_after_a_429_everybody_waits_a_moment(
    sandbox: Sandbox, worker: Process, answering: Process
) -> None:
    anna, boris = await _people(sandbox, 2)
    await sandbox.breaks("sendMessage", "429", times=1, retry_after=1)
    with pytest.raises(Exception, match="Too Many Requests"):
        await worker.bot.send_message(anna.id, "x")
    (waited,) = await _send_all(answering, [boris], "reply")
    assert 0.7 < waited < 2.0


async def test_the_place_of_a_process_that_died_gets_free(
    redis: Redis, sandbox: Sandbox, answering: Process
) -> None:
    (anna,) = await _people(sandbox, 1)
    moment = (await redis.time())[0] * 1000
    gone = {f"dead:{place}": moment + 700 for place in range(30)}
    await redis.zadd("saas_bot:telegram:all", gone)
    (waited,) = await _send_all(answering, [anna], "reply")
    assert waited < 2.0
