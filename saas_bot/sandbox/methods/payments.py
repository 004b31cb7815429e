"""Invoices and payments."""

from __future__ import annotations

import re
from typing import Final

from aiogram.methods import (
    AnswerPreCheckoutQuery,
    CreateInvoiceLink,
    GetMyStarBalance,
    GetStarTransactions,
    RefundStarPayment,
    SendInvoice,
)

from saas_bot.sandbox.errors import bad_request
from saas_bot.sandbox.markup import Markup, check_markup
from saas_bot.sandbox.methods.messages import post
from saas_bot.sandbox.methods.table import (
    Service,
    count_message,
    handles,
    reply_target,
    writable_chat,
)
from saas_bot.sandbox.params import Uploads
from saas_bot.sandbox.payments import STARS
from saas_bot.sandbox.state import Json

TITLE_MAX: Final = 32  # sendInvoice.title, characters
DESCRIPTION_MAX: Final = 255  # sendInvoice.description, characters
PAYLOAD_MAX: Final = 128  # sendInvoice.payload, bytes
STARS_MAX: Final = 10_000  # Stars of one invoice
SUBSCRIPTION_PERIOD: Final = 2_592_000  # createInvoiceLink.subscription_period, seconds
AMOUNT_MAX: Final = 10**12
TRANSACTIONS_AT_ONCE: Final = 100  # getStarTransactions.limit
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


def _invoice(method: SendInvoice | CreateInvoiceLink) -> Json:
    """The invoice of a call, with its payload, or Telegram's refusal.

    Source: Bot API sendInvoice: Stars take no provider and exactly one price.
    """
    if not 1 <= len(method.title) <= TITLE_MAX:
        raise bad_request("INVOICE_TITLE_INVALID")
    if not 1 <= len(method.description) <= DESCRIPTION_MAX:
        raise bad_request("INVOICE_DESCRIPTION_INVALID")
    if not 1 <= len(method.payload.encode()) <= PAYLOAD_MAX:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    if not _CURRENCY.fullmatch(method.currency):
        raise bad_request("CURRENCY_INVALID")
    if not method.prices:
        raise bad_request("there must be at least one price")
    stars = method.currency == STARS
    if stars and (len(method.prices) != 1 or method.provider_token):
        raise bad_request("STARS_INVOICE_INVALID")
    if not stars and not method.provider_token:
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    total = sum(price.amount for price in method.prices)
    if not 1 <= total <= (STARS_MAX if stars else AMOUNT_MAX):
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    return {
        "title": method.title,
        "description": method.description,
        "payload": method.payload,
        "currency": method.currency,
        "total_amount": total,
    }


@handles(SendInvoice)
def send_invoice(service: Service, method: SendInvoice, _: Uploads) -> Json:
    """Bot API: sendInvoice; without buttons of the bot's own there is one to pay with."""
    invoice, world = _invoice(method), service.world
    markup = check_markup(method.reply_markup)
    if markup.inline is None:
        price = f"⭐️{invoice['total_amount']}" if invoice["currency"] == STARS else ""
        pay = {"text": f"Pay {price}".strip(), "pay": True}
        markup = Markup(inline={"inline_keyboard": [[pay]]})
    elif not markup.inline["inline_keyboard"][0][0].get("pay"):
        raise bad_request("the first button must be a Pay button")
    chat = writable_chat(world, method.chat_id)
    reply_to = reply_target(world, chat, method)
    count_message(world, chat)
    shown = {key: value for key, value in invoice.items() if key != "payload"}
    shown["start_parameter"] = method.start_parameter or ""
    api = post(world, chat, {"invoice": shown}, markup, reply_to)
    chat.messages[api["message_id"]].payload = method.payload
    return api


@handles(CreateInvoiceLink)
def create_invoice_link(service: Service, method: CreateInvoiceLink, _: Uploads) -> str:
    """Bot API: createInvoiceLink; a subscription is paid in Stars and lasts 30 days."""
    invoice = _invoice(method)
    if method.subscription_period:
        if method.subscription_period != SUBSCRIPTION_PERIOD or method.currency != STARS:
            raise bad_request("SUBSCRIPTION_PERIOD_INVALID")
        invoice["subscription_period"] = method.subscription_period
    return f"https://t.me/${service.payments.new_link(invoice)}"


@handles(AnswerPreCheckoutQuery)
def answer_pre_checkout_query(service: Service, method: AnswerPreCheckoutQuery, _: Uploads) -> bool:
    """Bot API: answerPreCheckoutQuery; a refusal needs its reason."""
    if not method.ok and not method.error_message:
        raise bad_request('parameter "error_message" is required')
    refusal = None if method.ok else method.error_message
    if not service.payments.answer(method.pre_checkout_query_id, refusal):
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return True


@handles(RefundStarPayment)
def refund_star_payment(service: Service, method: RefundStarPayment, _: Uploads) -> bool:
    """Bot API: refundStarPayment; each charge once."""
    charge = service.payments.charges.get(method.telegram_payment_charge_id)
    if charge is None or charge.person_id != method.user_id or charge.currency != STARS:
        raise bad_request("CHARGE_NOT_FOUND")
    if charge.refunded:
        raise bad_request("CHARGE_ALREADY_REFUNDED")
    service.payments.refund(charge)
    return True


@handles(GetStarTransactions)
def get_star_transactions(service: Service, method: GetStarTransactions, _: Uploads) -> Json:
    """Bot API: getStarTransactions, in chronological order; a refund is one of its own."""
    offset = max(method.offset or 0, 0)
    limit = min(max(method.limit or TRANSACTIONS_AT_ONCE, 1), TRANSACTIONS_AT_ONCE)
    transactions: list[Json] = []
    for charge in service.payments.charges.values():
        if charge.currency != STARS:
            continue
        partner: Json = {
            "type": "user",
            "transaction_type": "invoice_payment",
            "user": service.world.chats[charge.person_id].user_json,
            "invoice_payload": charge.payload,
        }
        about: Json = {"id": charge.id, "amount": charge.amount}
        transactions.append({**about, "date": charge.date, "source": partner})
        if charge.refunded:
            transactions.append({**about, "date": charge.refunded, "receiver": partner})
    transactions.sort(key=lambda one: int(one["date"]))
    return {"transactions": transactions[offset : offset + limit]}


@handles(GetMyStarBalance)
def get_my_star_balance(service: Service, _method: GetMyStarBalance, _: Uploads) -> Json:
    """Bot API: getMyStarBalance."""
    charges = service.payments.charges.values()
    kept = (one.amount for one in charges if one.currency == STARS and not one.refunded)
    return {"amount": sum(kept)}
