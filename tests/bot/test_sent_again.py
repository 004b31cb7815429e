"""Updates by webhook while the database or Redis is away: Telegram is to send them again."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from aiohttp.test_utils import TestClient
from redis.asyncio import Redis
from sqlalchemy.exc import DBAPIError

from saas_bot.core.tokens import Keys
from saas_bot.db.engine import create_engine
from saas_bot.db.outages import is_away
from saas_bot.db.tenancy import Database
from saas_bot.handlers import build_dispatcher
from saas_bot.storage import Storage
from saas_bot.telegram import in_hand as handling
from saas_bot.telegram.in_hand import InHand
from saas_bot.telegram.webhook import PATH
from saas_bot.web.api.app import api_app
from saas_bot.web.api.call import Parts
from saas_bot.web.webhook import SECRET_HEADER, webhook_route
from tests.bot.conftest import as_person
from tests.bot.people import Stage
from tests.bot.rows import change, rows
from tests.gate import gate
from tests.web.serving import RealServer

SECRET = "a-secret_of-the-tests"
LATER = {"en": "⏳ I can’t get at my data right now.", "ru": "⏳ Мои данные сейчас недоступны."}
TASKS = "select status from tasks"


class Webhook(Stage):
    """The bot behind its webhook; `post` sends an update there and gives the status."""

    client: TestClient

    async def post(self, raw):
        headers = {SECRET_HEADER: SECRET}
        async with self.client.post(PATH, json=raw, headers=headers) as response:
            return response.status


@pytest.fixture
async def around(settings, bot, telegram):
    """The webhook, and the gates before PostgreSQL and Redis."""
    async with _around(settings, bot, telegram) as parts:
        yield parts


@asynccontextmanager
async def _around(settings, bot, telegram):
    redis_port = int(settings.redis_url.get_secret_value().rpartition(":")[2].partition("/")[0])
    ours = settings.model_copy(update={"updates": "webhook"})
    async with (
        gate(settings.postgres_host, settings.postgres_port) as (postgres, port),
        gate(settings.postgres_host, redis_port) as (redis, there),
    ):
        engine = create_engine(
            settings.model_copy(update={"postgres_host": "127.0.0.1", "postgres_port": port})
        )
        client, database = Redis.from_url(f"redis://127.0.0.1:{there}/0"), Database(engine)
        dispatcher = build_dispatcher(settings=ours, database=database, redis=client)
        storage = Storage(ours)
        in_hand = InHand(bot, dispatcher.feed_update)
        parts = Parts(ours, database, client, Keys.of(ours), storage)
        app = api_app(parts, [webhook_route(PATH, SECRET, in_hand.see_through)])
        webhook = Webhook(dispatcher, bot, telegram, client, database)
        async with TestClient(RealServer(app)) as webhook.client:
            try:
                yield webhook, postgres, redis
            finally:
                for one in (postgres, redis):
                    one.open()
                postgres.shut()
                await storage.close()
                await engine.dispose()
                await client.aclose()


def said_later(telegram, person):
    texts = [shown.text for shown in telegram.chats[person.id].values()]
    return [text for text in texts if text.startswith("⏳")]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("away", ["postgres", "redis"])
async def test_what_had_no_effect_is_sent_again_and_then_has_it_once(
    acme, around, database, telegram, away, language
):
    webhook, postgres, redis = around
    shut = postgres if away == "postgres" else redis
    ada = as_person(webhook, acme.team.admin)
    ada.language = language
    await acme.speak(language)
    assert await webhook.post(ada.writing("/menu")) == 200
    task = await acme.task()
    raw = ada.pressing(f"tm:{task}:start")
    shut.shut()
    assert [await webhook.post(raw) for _ in range(3)] == [503] * 3
    assert await webhook.post(ada.pressing("o:menu")) == 503
    (told,) = said_later(telegram, ada)
    assert told.startswith(LATER[language]), "once an outage, not once a try"
    assert await rows(database, TASKS) == ["new"]
    shut.open()
    assert [await webhook.post(raw) for _ in range(2)] == [200, 200]
    assert await rows(database, TASKS) == ["in_progress"]
    assert await rows(database, "select count(*) from audit_logs") == [1]
    shut.shut()
    assert await webhook.post(ada.writing("/menu")) == 503
    assert len(said_later(telegram, ada)) == 2, "the next outage is another one"


async def test_a_fault_of_our_own_is_not_sent_again(acme, around, database, telegram):
    webhook, *_ = around
    ada = as_person(webhook, acme.team.admin)
    task = await acme.task()
    await change(database, "alter table comments rename to comments_away")
    assert await webhook.post(ada.pressing(f"t:{task}")) == 200
    await change(database, "alter table comments_away rename to comments")
    assert ada.screen.text.startswith("😔 Something went wrong on our side.")
    assert said_later(telegram, ada) == []


async def test_what_takes_too_long_is_sent_again_a_few_times(acme, around, monkeypatch):
    webhook, postgres, _ = around
    monkeypatch.setattr(handling, "HANDLING_TIMEOUT", 0.5)
    ada = as_person(webhook, acme.team.admin)
    raw = ada.writing("/menu")
    assert await webhook.post(raw) == 200
    postgres.silence()
    statuses = [await webhook.post(raw) for _ in range(handling.MOST_TIMEOUTS)]
    assert statuses == [503] * (handling.MOST_TIMEOUTS - 1) + [200]


async def test_a_payment_is_answered_once_it_is_counted(acme, around, database):
    webhook, postgres, _ = around
    ada = as_person(webhook, acme.team.admin)
    paid = {
        "currency": "XTR",
        "total_amount": 100,
        "invoice_payload": "nothing of ours",
        "telegram_payment_charge_id": "charge-1",
        "provider_payment_charge_id": "",
    }
    postgres.shut()
    raw = ada.message(successful_payment=paid)
    answer = asyncio.create_task(webhook.post(raw))
    done, _ = await asyncio.wait({answer}, timeout=1)
    assert not done
    postgres.open()
    assert await answer == 200
    assert await rows(database, "select charge_id from payments") == ["charge-1"]


async def test_what_the_driver_refuses_to_send_is_no_outage(database):
    with pytest.raises(DBAPIError) as refused:
        await rows(database, "select cast(:number as integer)", number=2**40)
    assert not is_away(refused.value)
