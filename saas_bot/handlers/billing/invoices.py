"""/invoices: the list, one invoice, its PDF, and how to pay it by bank."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery
from aiogram.utils.callback_answer import CallbackAnswer
from pydantic import SecretStr

from saas_bot.core.errors import Invalid
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.billing import STARS
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.events import Event
from saas_bot.handlers.interrupted import telling
from saas_bot.screens import callbacks as to
from saas_bot.screens import invoices as screens
from saas_bot.screens.screen import Screen
from saas_bot.services.billing import checkout, documents
from saas_bot.services.billing.details import Seller


async def show_invoices(
    event: Event,
    session: Session,
    actor: Actor,
    t: Translator,
    callback_data: to.Invoices | to.Open | None = None,
) -> Screen:
    """A page of the company's invoices, and its credit."""
    here = callback_data if isinstance(callback_data, to.Invoices) else to.Invoices()
    page = await documents.mine(session, actor, Cursor.parse(here.at))
    credit = await documents.credit(session, actor.company_id)
    return screens.invoices(t, page, credit, here)


async def show_invoice(
    event: CallbackQuery,
    callback_data: to.Invoice,
    session: Session,
    actor: Actor,
    seller: Seller,
    provider_token: SecretStr | None,
    t: Translator,
) -> Screen:
    """One of them, with the ways to pay it."""
    document = await documents.one(session, actor, callback_data.id)
    return screens.invoice(t, document, seller, by_card=provider_token is not None)


async def send_pdf(
    event: CallbackQuery,
    callback_data: to.InvoicePdf,
    callback_answer: CallbackAnswer,
    session: Session,
    actor: Actor,
    t: Translator,
) -> None:
    """Have a worker send it; the screen stays."""
    queued = await documents.send(session, actor, callback_data.id, callback_data.lang)
    callback_answer.text = t.plain("pdf-queued" if queued else "pdf-under-way")


async def show_transfer(
    event: CallbackQuery,
    callback_data: to.PayWith,
    session: Session,
    actor: Actor,
    seller: Seller,
    t: Translator,
) -> Screen:
    """Where to send the money."""
    document = await documents.one(session, actor, callback_data.invoice)
    checkout.need_payable(document.invoice)
    if document.invoice.currency == STARS or not screens.bank_of(document.invoice, seller):
        raise Invalid("stale-button")
    return screens.transfer(t, document, seller)


def commands() -> Router:
    """The command and the buttons."""
    router = telling(Router(name="invoices"))
    click, see = router.callback_query.register, needs(Permission.BILLING)
    router.message.register(show_invoices, Command("invoices"), flags=see)
    click(show_invoices, to.Open.filter(F.what == "invoices"), flags=see)
    click(show_invoices, to.Invoices.filter(), flags=see)
    click(show_invoice, to.Invoice.filter(), flags=see)
    click(send_pdf, to.InvoicePdf.filter(), flags=see)
    click(show_transfer, to.PayWith.filter(F.method == "bank"), flags=see)
    return router
