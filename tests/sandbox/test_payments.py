"""Invoices, pre-checkout, payments and refunds, in Stars and otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import LabeledPrice

from saas_bot.sandbox.client import NotSeen, Person, SandboxError
from tests.sandbox.conftest import Running, drain

PLAN: dict[str, Any] = {
    "title": "Team, a month",
    "description": "Ten seats",
    "payload": "invoice:7",
    "currency": "XTR",
    "prices": [LabeledPrice(label="Team", amount=250)],
}


async def test_a_payment_in_stars_and_its_refund(bot: Bot, anna: Person) -> None:
    sent = await bot.send_invoice(anna.id, **PLAN)
    assert sent.invoice is not None
    assert (sent.invoice.title, sent.invoice.total_amount) == ("Team, a month", 250)
    seen = await anna.sees("Team, a month 250 XTR")
    assert seen.buttons[0]["pay"] is True
    query_id = await anna.pays(seen)
    (update,) = await drain(bot)
    query = update.pre_checkout_query
    assert (query.id, query.invoice_payload, query.total_amount) == (query_id, "invoice:7", 250)
    assert await query.answer(ok=True).as_(bot)
    await anna.sees_payment()
    (update,) = await drain(bot)
    payment = update.message.successful_payment
    assert (payment.currency, payment.total_amount) == ("XTR", 250)
    assert payment.invoice_payload == "invoice:7"
    assert (await bot.get_my_star_balance()).amount == 250
    charge = payment.telegram_payment_charge_id
    assert await bot.refund_star_payment(anna.id, charge)
    (update,) = await drain(bot)
    assert update.message.refunded_payment.telegram_payment_charge_id == charge
    for wrong, error in ((charge, "CHARGE_ALREADY_REFUNDED"), ("x", "CHARGE_NOT_FOUND")):
        with pytest.raises(TelegramBadRequest, match=error):
            await bot.refund_star_payment(anna.id, wrong)
    paid, refunded = (await bot.get_star_transactions()).transactions
    assert paid.source is not None
    assert refunded.receiver is not None
    assert (await bot.get_my_star_balance()).amount == 0


async def test_a_refused_checkout(bot: Bot, anna: Person) -> None:
    await bot.send_invoice(anna.id, **PLAN)
    query_id = await anna.pays()
    with pytest.raises(TelegramBadRequest, match='parameter "error_message" is required'):
        await bot.answer_pre_checkout_query(query_id, ok=False)
    await bot.answer_pre_checkout_query(query_id, ok=False, error_message="No seats left")
    await anna.sees_payment(refused="No seats")
    with pytest.raises(NotSeen, match="ended otherwise"):
        await anna.sees_payment()
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_pre_checkout_query(query_id, ok=True)


async def test_an_answer_that_never_comes(
    bot: Bot, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saas_bot.sandbox.payments.ANSWER_SECONDS", 0.01)
    await bot.send_invoice(anna.id, **PLAN)
    query_id = await anna.pays()
    await anna.sees_payment(refused="in time")
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_pre_checkout_query(query_id, ok=True)


async def test_invoice_links(bot: Bot, anna: Person) -> None:
    link = await bot.create_invoice_link(**PLAN)
    assert link.startswith("https://t.me/$")
    query_id = await anna.pays(link=link)
    await bot.answer_pre_checkout_query(query_id, ok=True)
    await anna.sees_payment()
    with pytest.raises(SandboxError):
        await anna.pays(link="https://t.me/$unknown")
    with pytest.raises(SandboxError):
        await anna.pays(await anna.sends("not an invoice"))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"title": "x" * 33}, "INVOICE_TITLE_INVALID"),
        ({"description": "x" * 256}, "INVOICE_DESCRIPTION_INVALID"),
        ({"payload": "я" * 65}, "INVOICE_PAYLOAD_INVALID"),
        ({"currency": "stars"}, "CURRENCY_INVALID"),
        ({"currency": "EUR"}, "PAYMENT_PROVIDER_INVALID"),
        ({"provider_token": "1:TEST"}, "STARS_INVOICE_INVALID"),
        ({"prices": []}, "there must be at least one price"),
        ({"prices": [LabeledPrice(label="x", amount=0)]}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ({"prices": [LabeledPrice(label="x", amount=1)] * 2}, "STARS_INVOICE_INVALID"),
    ],
)
async def test_refusals(bot: Bot, anna: Person, change: dict[str, Any], error: str) -> None:
    with pytest.raises(TelegramBadRequest) as refusal:
        await bot.send_invoice(anna.id, **{**PLAN, **change})
    assert refusal.value.message == f"Bad Request: {error}"


async def test_the_first_button_pays(running: Running, anna: Person) -> None:
    plan = {**PLAN, "prices": [{"label": "x", "amount": 1}]}
    markup = {"inline_keyboard": [[{"text": "Later", "callback_data": "later"}]]}
    body = await running.call("sendInvoice", chat_id=anna.id, **plan, reply_markup=markup)
    assert body["description"] == "Bad Request: the first button must be a Pay button"
    markup["inline_keyboard"].insert(0, [{"text": "Buy", "pay": True}])
    body = await running.call("sendInvoice", chat_id=anna.id, **plan, reply_markup=markup)
    assert body["ok"]


async def test_a_subscription(bot: Bot, anna: Person) -> None:
    link = await bot.create_invoice_link(**PLAN, subscription_period=2_592_000)
    await bot.answer_pre_checkout_query(await anna.pays(link=link), ok=True)
    await anna.sees_payment()
    *_, update = await drain(bot)
    payment = update.message.successful_payment
    assert payment.is_recurring
    assert payment.is_first_recurring
    lasts = payment.subscription_expiration_date - update.message.date.timestamp()
    assert 2_591_990 < lasts < 2_592_010
    with pytest.raises(TelegramBadRequest, match="SUBSCRIPTION_PERIOD_INVALID"):
        await bot.create_invoice_link(**PLAN, subscription_period=86_400)


async def test_transactions_are_told_in_the_order_of_time(
    bot: Bot, anna: Person, running: Running
) -> None:
    for _ in range(2):
        await bot.send_invoice(anna.id, **PLAN)
        await bot.answer_pre_checkout_query(await anna.pays(), ok=True)
        await anna.sees_payment()
    charges = [
        update.message.successful_payment.telegram_payment_charge_id
        for update in await drain(bot)
        if update.message
    ]
    service = running.service
    for number, one in enumerate(service.payments.charges.values()):
        one.date = number  # as if they had been made at different times
    await bot.refund_star_payment(anna.id, charges[0])
    told = (await bot.get_star_transactions()).transactions
    assert [one.id for one in told] == [*charges, charges[0]]
    assert [one.receiver is not None for one in told] == [False, False, True]


async def test_the_chat_marks_what_nobody_wrote(bot: Bot, anna: Person) -> None:
    await bot.send_invoice(anna.id, **PLAN)
    await bot.answer_pre_checkout_query(await anna.pays(), ok=True)
    await anna.sees_payment()
    *_, invoice, paid = await anna.messages()
    assert (invoice.raw["service"], paid.raw["service"]) == (None, "successful_payment")
    with pytest.raises(SandboxError) as refusal:
        await anna.forwards(paid)
    assert refusal.value.status == 409
