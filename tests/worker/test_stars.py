"""Stars that go back by the worker, and what Telegram's list of transactions makes up for."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import LabeledPrice

from saas_bot.core.clock import now
from saas_bot.core.metrics import NOT_MENDED
from saas_bot.db.tenancy import Database
from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.services.billing import refunds
from saas_bot.services.billing.checkout import payload_of
from saas_bot.services.billing.refunds import LEASE
from saas_bot.worker import stars
from saas_bot.worker.stars import Reconciliation, give_back, reconcile_newest
from tests import factories
from tests.sandbox.conftest import Running
from tests.services.billing.desk import Desk

REFUNDS = "select status, attempts from refunds order by id"
PAYMENTS = "select status, amount_minor, flag from payments order by id"

Buys = Callable[..., Awaitable[str]]


@pytest.fixture
async def desk(database: Database) -> Desk:
    return Desk(database, await factories.company(database, plan="free"), now())


@pytest.fixture
async def payer(sandbox: Sandbox, desk: Desk) -> Person:
    person = await sandbox.person("Ada", person_id=desk.team.admin.account.telegram_id)
    await person.starts()
    return person


@pytest.fixture
def buys(bot: Bot, payer: Person, telegram: Running) -> Buys:
    """Somebody pays in Telegram, of which the bot is not told; gives the charge's id."""

    async def pay(payload: str, amount: int = 1500) -> str:
        price = [LabeledPrice(label="Team", amount=amount)]
        await bot.send_invoice(payer.id, "Team", "A month", payload, "XTR", price)
        await bot.answer_pre_checkout_query(await payer.pays(), ok=True)
        await payer.sees_payment()
        return next(reversed(telegram.service.payments.charges))

    return pay


async def bought(desk: Desk, buys: Buys) -> tuple[Any, str]:
    """A payment that Telegram and we know; with the id of its charge."""
    invoice = await desk.invoice()
    charge_id = await buys(payload_of(invoice.id, invoice.number, "en"))
    return (await desk.receives(desk.charge(invoice, charge_id=charge_id))).payment, charge_id


async def balance(bot: Bot) -> int:
    return (await bot.get_my_star_balance()).amount


async def test_stars_go_back_and_that_is_confirmed(
    desk: Desk, buys: Buys, bot: Bot, database: Database
) -> None:
    payment, _ = await bought(desk, buys)
    await desk.refunds(payment.id)
    assert await give_back(database, bot) == 1
    assert await desk.rows(REFUNDS) == [("confirmed", 1)]
    assert await balance(bot) == 0
    assert await give_back(database, bot) == 0


@pytest.mark.parametrize("trouble", ["500", "429", "cut", "lost_answer"])
async def test_whatever_goes_wrong_it_goes_back_once_in_the_end(
    desk: Desk, buys: Buys, bot: Bot, database: Database, sandbox: Sandbox, trouble: str
) -> None:
    payment, _ = await bought(desk, buys)
    await desk.refunds(payment.id)
    await sandbox.breaks("refundStarPayment", trouble)
    assert await give_back(database, bot) == 0
    assert await desk.rows(REFUNDS) == [("pending", 1)]
    assert await give_back(database, bot, now() + timedelta(hours=7)) == 1
    assert await desk.rows(REFUNDS) == [("confirmed", 2)]
    assert await balance(bot) == 0


async def test_a_worker_that_dies_after_it_has_asked_leaves_a_refund_that_is_confirmed_later(
    desk: Desk, buys: Buys, bot: Bot, database: Database
) -> None:
    payment, _ = await bought(desk, buys)
    await desk.refunds(payment.id)
    async with database.system_session("test") as session:
        claimed = await refunds.claim(session)
    assert claimed is not None
    await bot.refund_star_payment(claimed.payer_id, claimed.charge_id)
    assert await give_back(database, bot) == 0
    assert await give_back(database, bot, now() + LEASE) == 1
    assert await desk.rows(REFUNDS) == [("confirmed", 2)]


async def test_what_telegram_knows_nothing_of_is_refused_and_said(
    desk: Desk, bot: Bot, database: Database
) -> None:
    outcome = await desk.receives(desk.charge(await desk.invoice(), charge_id="made up"))
    await desk.refunds(outcome.payment.id)
    assert await give_back(database, bot) == 0
    assert await desk.rows("select status, error like '%CHARGE_NOT_FOUND' from refunds") == [
        ("pending", True)
    ]


async def everything(database: Database, bot: Bot) -> tuple[int, list[tuple[str, str]]]:
    work = Reconciliation(database, bot)
    await work.run()
    return work.transactions, [(one.kind.value, one.charge_id) for one in work.found]


async def test_what_was_missed_is_taken_in_once(
    desk: Desk, buys: Buys, bot: Bot, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stars, "AT_ONCE", 2)
    known, first = await bought(desk, buys)
    invoice = await desk.invoice(purpose="renewal")
    missed = await buys(payload_of(invoice.id, invoice.number, "en"))
    stranger = await buys("nothing of ours")
    assert await everything(database, bot) == (
        3,
        [("payment_missed", missed), ("payment_missed", stranger)],
    )
    assert await everything(database, bot) == (3, [])
    # And Stars that went back, one of them of a payment that was never told.
    last = await desk.invoice(purpose="renewal")
    unheard = await buys(payload_of(last.id, last.number, "en"))
    for charge_id in (first, unheard):
        await bot.refund_star_payment(desk.team.admin.account.telegram_id, charge_id)
    transactions, found = await everything(database, bot)
    assert transactions == 6
    assert sorted(found) == sorted(
        [("payment_missed", unheard), ("refund_missed", first), ("refund_missed", unheard)]
    )
    assert await everything(database, bot) == (6, [])
    assert await desk.rows(PAYMENTS) == [
        ("refunded", 1500, None),
        ("received", 1500, None),
        ("flagged", 1500, "unknown_invoice"),
        # With the first month the offer of the next but one is gone.
        ("refunded", 1500, "void_invoice"),
    ]
    assert known.charge_id == first
    assert await desk.adds_up()


async def test_what_can_not_be_mended_is_told(
    desk: Desk, buys: Buys, bot: Bot, database: Database
) -> None:
    other = await desk.invoice()
    less = await buys(payload_of(other.id, other.number, "en"), amount=1400)
    await desk.receives(desk.charge(other, charge_id=less))
    made_up = desk.charge(await desk.invoice(purpose="renewal"), charge_id="made up")
    refunded = await desk.refunds((await desk.receives(made_up)).payment.id)
    async with database.system_session("test") as session:
        await refunds.confirm(session, refunded, now())
    _, found = await everything(database, bot)
    assert found == [
        ("amount", less),
        ("payment_unknown", "made up"),
        ("refund_unknown", "made up"),
    ]


async def test_one_that_can_not_be_taken_in_holds_up_none_behind_it(
    desk: Desk, buys: Buys, bot: Bot, database: Database
) -> None:
    bad, good = await desk.invoice(), await desk.invoice(purpose="renewal")
    left = await buys(payload_of(bad.id, bad.number, "en"))
    missed = await buys(payload_of(good.id, good.number, "en"))
    count = NOT_MENDED._value.get()
    await desk.rows(f"alter table payments add constraint no check (invoice_id <> {bad.id})")
    try:
        assert await everything(database, bot) == (
            2,
            [("not_mended", left), ("payment_missed", missed)],
        )
    finally:
        await desk.rows("alter table payments drop constraint no")
    assert NOT_MENDED._value.get() == count + 1
    assert await everything(database, bot) == (2, [("payment_missed", left)])


async def test_each_hour_the_newest_are_looked_at(
    desk: Desk, buys: Buys, bot: Bot, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stars, "LOOK_BACK", 1)
    offsets: list[int] = []
    asked = bot.get_star_transactions

    async def asking(offset: int, limit: int) -> Any:
        offsets.append(offset)
        return await asked(offset=offset, limit=limit)

    monkeypatch.setattr(bot, "get_star_transactions", asking)
    for _ in range(3):
        await bought(desk, buys)
    invoice = await desk.invoice(purpose="renewal")
    await buys(payload_of(invoice.id, invoice.number, "en"))
    await reconcile_newest(database, bot)
    assert offsets == [2]
    assert len(await desk.rows(PAYMENTS)) == 4
    # A bot of which Telegram knows less is looked at as a whole.
    await desk.receives(desk.charge(await desk.invoice(), charge_id="made up"))
    for _ in range(5):
        charge = desk.charge(await desk.invoice())
        await desk.receives(charge)
    await reconcile_newest(database, bot)
    assert offsets[1:] == [9, 0]
