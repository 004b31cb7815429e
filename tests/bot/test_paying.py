"""Paying in the chat: the invoice, the checkout in time whatever is slow, the payment once."""

import asyncio
from contextlib import asynccontextmanager
from itertools import count
from time import perf_counter

import pytest
from aiogram.fsm.storage.base import StorageKey
from aiogram.methods import AnswerPreCheckoutQuery, SendInvoice
from pydantic import SecretStr
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from saas_bot.core.clock import now
from saas_bot.db.engine import create_engine
from saas_bot.db.outages import is_away
from saas_bot.db.tenancy import Database
from saas_bot.handlers import build_dispatcher
from saas_bot.handlers.billing import paying
from saas_bot.screens import callbacks as to
from saas_bot.services.billing.checkout import payload_of
from saas_bot.telegram.in_hand import InHand
from tests.bot.people import Stage
from tests.bot.rows import change
from tests.gate import gate
from tests.services.billing.desk import Desk

PAYMENTS = "select status, flag, amount_minor from payments"
TELEGRAM_WAITS = 10
OURS = 6.0

_ids = count(1)


@pytest.fixture
async def desk(database, acme):
    return Desk(database, acme.team, now())


def checkout(person, invoice, *, language="en", **changes):
    asked = {
        "id": str(next(_ids)),
        "from": person.user,
        "currency": invoice.currency,
        "total_amount": invoice.amount_minor,
        "invoice_payload": payload_of(invoice.id, invoice.number, language),
        **changes,
    }
    return person.update(pre_checkout_query=asked)


def charged(invoice, charge_id="charge-1", **changes):
    return {
        "currency": invoice.currency,
        "total_amount": invoice.amount_minor,
        "invoice_payload": payload_of(invoice.id, invoice.number, "en"),
        "telegram_payment_charge_id": charge_id,
        "provider_payment_charge_id": "",
        **changes,
    }


def answers(stage):
    calls = stage.telegram.calls_of(AnswerPreCheckoutQuery)
    return [(one.ok, one.error_message) for one in calls]


async def test_an_invoice_in_stars_has_one_price_and_no_provider(acme, desk, stage):
    invoice = await desk.invoice()
    await acme.ada.clicks_data(to.PayWith(invoice=invoice.id, method="stars").pack())
    (sent,) = stage.telegram.calls_of(SendInvoice, acme.ada.id)
    assert (sent.currency, sent.provider_token) == ("XTR", None)
    assert [one.amount for one in sent.prices] == [1500]
    assert sent.title == f"Invoice {invoice.number}"
    assert sent.payload == payload_of(invoice.id, invoice.number, "en")
    assert "Team" in sent.description


async def test_by_a_provider_in_minor_units_where_one_is_configured(acme, desk, stage, monkeypatch):
    invoice = await desk.invoice("EUR")
    await desk.notes(invoice, 900, "bank-1")
    data = to.PayWith(invoice=invoice.id, method="provider").pack()
    await acme.ada.clicks_data(data)
    assert stage.telegram.calls_of(SendInvoice) == []
    assert acme.ada.toast.startswith("This button is out of date")
    given = stage.dispatcher.workflow_data
    monkeypatch.setitem(given, "provider_token", SecretStr("1:PROVIDER"))
    await acme.ada.clicks_data(data)
    (sent,) = stage.telegram.calls_of(SendInvoice)
    assert (sent.currency, sent.provider_token) == ("EUR", "1:PROVIDER")
    assert [one.amount for one in sent.prices] == [1000]


async def test_what_can_not_be_paid_is_said_kindly(acme, globex, desk, stage, database):
    paid, void = await desk.invoice(), await desk.invoice("EUR")
    await desk.receives(desk.charge(paid))
    for invoice, person, said in (
        (paid, acme.ada, "paid already"),
        (void, acme.max, "Your role doesn’t allow that"),
        (paid, globex.ada, "can’t find that invoice"),
    ):
        await person.clicks_data(to.PayWith(invoice=invoice.id, method="stars").pack())
        assert said in person.toast
    assert stage.telegram.calls_of(SendInvoice) == []


async def test_what_telegram_does_not_take_is_told(acme, desk, stage):
    invoice = await desk.invoice()
    stage.telegram.refuse(SendInvoice, "Bad Request: CURRENCY_TOTAL_AMOUNT_INVALID")
    await acme.ada.clicks_data(to.PayWith(invoice=invoice.id, method="stars").pack())
    assert "Telegram doesn’t take this payment right now" in acme.ada.screen.text


async def test_a_checkout_is_agreed_to_or_refused_in_the_persons_language(
    acme, desk, stage, database
):
    invoice = await desk.invoice()
    await stage.feed(checkout(acme.ada, invoice))
    await stage.feed(checkout(acme.max, invoice))
    await stage.feed(checkout(acme.ada, invoice, total_amount=1, language="ru"))
    await stage.feed(checkout(acme.ada, invoice, invoice_payload="nonsense"))
    good, role, amount, unknown = answers(stage)
    assert good == (True, None)
    assert role[1].startswith("Your role doesn’t allow that")
    assert amount[1].startswith("Сумма к оплате с тех пор изменилась")
    assert unknown[1].startswith("I can’t find that invoice")
    assert {one[0] for one in (role, amount, unknown)} == {False}


async def timed(feeding):
    began = perf_counter()
    await feeding
    return perf_counter() - began


async def test_a_checkout_is_answered_in_time_while_the_table_is_locked(
    acme, desk, stage, database
):
    invoice = await desk.invoice()
    async with database.reading() as driver:
        await driver.control("begin; lock table invoices")
        took = await timed(stage.feed(checkout(acme.ada, invoice, language="ru")))
        await driver.control("rollback")
    assert OURS <= took < TELEGRAM_WAITS - 3
    ((ok, said),) = answers(stage)
    assert not ok
    assert said.startswith("Сейчас не получается проверить счёт")
    # And when all is well again.
    await stage.feed(checkout(acme.ada, invoice))
    assert answers(stage)[-1] == (True, None)


@asynccontextmanager
async def behind_gates(settings, bot, telegram):
    """The bot on databases that a test can shut or silence: PostgreSQL's gate, and Redis'."""
    redis_port = int(settings.redis_url.get_secret_value().rpartition(":")[2].partition("/")[0])
    where = settings.postgres_host
    async with (
        gate(where, settings.postgres_port) as (postgres, port),
        gate(where, redis_port) as (redis, there),
    ):
        engine = create_engine(
            settings.model_copy(update={"postgres_host": "127.0.0.1", "postgres_port": port})
        )
        client = Redis.from_url(f"redis://127.0.0.1:{there}/0", socket_timeout=20)
        database = Database(engine)
        dispatcher = build_dispatcher(settings=settings, database=database, redis=client)
        try:
            yield Stage(dispatcher, bot, telegram, client, database), postgres, redis
        finally:
            postgres.open()
            redis.open()
            postgres.shut()
            await engine.dispose()
            await client.aclose()


async def test_a_checkout_is_answered_in_time_while_databases_are_away(
    acme, desk, settings, bot, telegram, monkeypatch
):
    monkeypatch.setattr(paying, "CHECKOUT_SECONDS", 1.0)
    invoice = await desk.invoice()
    async with behind_gates(settings, bot, telegram) as (stage, postgres, redis):
        await stage.feed(checkout(acme.ada, invoice))
        # Redis has no part in it.
        redis.silence()
        assert await timed(stage.feed(checkout(acme.ada, invoice))) < 2
        assert [one[0] for one in answers(stage)] == [True, True]
        postgres.silence()
        assert await timed(stage.feed(checkout(acme.ada, invoice))) < 3
        postgres.open()
        postgres.shut()
        assert await timed(stage.feed(checkout(acme.ada, invoice))) < 3
        later = (
            False,
            "I can’t check the invoice right now, so nothing was paid. Please try"
            " again in a minute.",
        )
        assert answers(stage)[2:] == [later, later]


async def test_what_is_about_money_does_not_wait_behind_what_hangs_in_its_chat(acme, desk, stage):
    invoice = await desk.invoice()
    key = StorageKey(bot_id=stage.bot.id, chat_id=acme.ada.id, user_id=acme.ada.id)
    in_hand = InHand(stage.bot, stage.dispatcher.feed_update)
    async with stage.dispatcher.storage.entered(key):
        hanging = in_hand.take(acme.ada.writing("/menu"))
        async with asyncio.timeout(5):
            await in_hand.take(checkout(acme.ada, invoice))
            await in_hand.take(payment(acme.ada, invoice))
        assert answers(stage) == [(True, None)]
        assert await desk.rows(PAYMENTS) == [("received", None, 1500)]
        assert not hanging.done()
    await in_hand.finish(10, asyncio.Event())


def payment(person, invoice, charge_id="charge-1", **changes):
    return person.message(successful_payment=charged(invoice, charge_id, **changes))


async def test_a_payment_delivered_fifty_times_counts_once(acme, desk, stage):
    raw = payment(acme.ada, await desk.invoice())
    again = [{**raw, "update_id": raw["update_id"] + number} for number in range(50)]
    await stage.feed_at_once(*again)
    assert await desk.rows(PAYMENTS) == [("received", None, 1500)]
    assert await desk.rows("select count(*) from subscription_periods") == [(1,)]
    assert await desk.told() == ["paid"]
    assert await desk.adds_up()


async def test_a_payment_counts_whoever_the_payer_is_by_now(acme, desk, stage, database):
    first, second = await desk.invoice(), await desk.invoice(purpose="renewal")
    await stage.feed(payment(acme.max, first, "charge-1"))
    await change(database, "update users set status = 'left'")
    await stage.feed(payment(acme.ada, second, "charge-2"))
    assert await desk.rows(PAYMENTS) == [("received", None, 1500)] * 2


async def test_a_payment_for_nothing_of_ours_is_kept_and_its_payer_told(acme, desk, stage):
    raw = payment(acme.ada, await desk.invoice(), invoice_payload="who knows")
    await stage.feed(raw)
    await stage.feed({**raw, "update_id": raw["update_id"] + 1})
    assert await desk.rows(PAYMENTS) == [("flagged", "unknown_invoice", 1500)]
    assert [one.text for one in acme.ada.messages] == [
        "Your payment is here and safe, but I can’t tell which invoice it is for. We look into it"
        " and come back to you."
    ]


async def test_a_refund_that_telegram_tells_of_is_noted_also_before_its_payment(acme, desk, stage):
    invoice = await desk.invoice()
    raw = acme.ada.message(refunded_payment=charged(invoice))
    await stage.feed(raw)
    await stage.feed(payment(acme.ada, invoice))
    await stage.feed({**raw, "update_id": raw["update_id"] + 5})
    assert await desk.rows(PAYMENTS) == [("refunded", None, 1500)]
    assert await desk.rows("select status, asked_by from refunds") == [("confirmed", "telegram")]
    assert await desk.adds_up()


async def test_a_payment_that_meets_a_shut_database_is_not_lost(
    acme, desk, settings, bot, telegram
):
    invoice = await desk.invoice()
    async with behind_gates(settings, bot, telegram) as (stage, postgres, redis):
        in_hand = InHand(stage.bot, stage.dispatcher.feed_update)
        postgres.shut()
        redis.silence()
        raw = payment(acme.ada, invoice)
        taken = in_hand.take(raw)
        tried = postgres.connected
        async with asyncio.timeout(20):
            while postgres.connected < tried + 3:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.05)
        # It stays unconfirmed, and Telegram would tell of it again.
        assert in_hand.oldest() == raw["update_id"]
        assert not taken.done()
        postgres.open()
        async with asyncio.timeout(20):
            await taken
        assert in_hand.oldest() is None
    assert await desk.rows(PAYMENTS) == [("received", None, 1500)]
    assert acme.ada.messages == []


async def test_a_fault_of_ours_is_tried_some_times_and_then_left_to_reconciling(
    acme, desk, stage, database, monkeypatch, log
):
    monkeypatch.setattr("saas_bot.core.middlewares.money.backoff", lambda *_, **__: 0)
    invoice = await desk.invoice()
    await change(database, "alter table allocations add constraint never check (amount_minor < 0)")
    in_euros = await desk.invoice("EUR", purpose="renewal")
    try:
        await stage.feed(payment(acme.ada, invoice))
        await stage.feed(payment(acme.ada, in_euros, "charge-2"))
    finally:
        await change(database, "alter table allocations drop constraint never")
    assert await desk.rows(PAYMENTS) == []
    in_stars, by_card = (message.text for message in acme.ada.messages)
    assert in_stars == (
        "Your payment is here and safe, but it isn’t counted yet. That will happen within the hour:"
        " there is nothing you need to do."
    )
    # Telegram has a list of Stars only.
    assert "We look into it" in by_card
    assert [one["charge"] for one in log.of("payment.left")] == ["charge-1", "charge-2"]


async def test_a_server_that_only_reads_by_now_is_taken_for_away(database):
    with pytest.raises(DBAPIError) as refused:
        async with database.system_session("test") as session:
            await session.execute(text("set transaction read only"))
            await session.execute(text("delete from outbox"))
    assert is_away(refused.value)


def test_telegram_is_asked_for_what_is_about_money(stage):
    kinds = stage.dispatcher.resolve_used_update_types()
    assert {"message", "pre_checkout_query"} <= set(kinds)
