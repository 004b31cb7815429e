"""Invoices of Telegram's own, which the Pay button is under."""

from typing import Any

from aiogram.methods import SendInvoice
from aiogram.types import LabeledPrice

from saas_bot.core.i18n import Translator
from saas_bot.screens.invoice_paper import what, when
from saas_bot.screens.screen import clip
from saas_bot.services.billing.checkout import payload_of
from saas_bot.services.billing.documents import Document

TITLE, DESCRIPTION = 32, 255
"""Characters (Bot API, sendInvoice)."""


def telegram_invoice(
    t: Translator, chat_id: int, invoice: Any, provider_token: str | None
) -> SendInvoice:
    """For what is still to be paid of an invoice; Stars take no provider."""
    amount = invoice.amount_minor - invoice.paid_minor
    line, document = invoice.lines[0], Document(invoice)
    said = ". ".join(one for one in (what(t, line), when(t, document, line)) if one)
    label = t.plain("pay-title", number=invoice.number)
    return SendInvoice(
        chat_id=chat_id,
        title=clip(label, TITLE),
        description=clip(said, DESCRIPTION),
        payload=payload_of(invoice.id, invoice.number, t.language),
        currency=invoice.currency,
        prices=[LabeledPrice(label=label, amount=amount)],
        provider_token=provider_token,
    )
