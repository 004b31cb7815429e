"""A company's account, and putting right what was written wrongly: invoices, noted transfers."""

from aiogram.types import CallbackQuery, Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account
from saas_bot.handlers.events import Event, announced
from saas_bot.handlers.operators.states import OperatorWords
from saas_bot.screens import callbacks as to
from saas_bot.screens import operators_ledger as screens
from saas_bot.screens import operators_payments as payment_screens
from saas_bot.screens.screen import Screen
from saas_bot.services.billing import ledger, refunds
from saas_bot.services.operators import companies, payments, voiding


async def page(
    event: CallbackQuery,
    callback_data: to.OpLedger,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """A page of it."""
    company = await companies.one(session, account, callback_data.company)
    cursor = Cursor.parse(callback_data.at)
    found = await ledger.page(session, account, company.id, cursor)
    return screens.ledger(t, account, company, found)


async def void(
    event: CallbackQuery,
    callback_data: to.OpVoid,
    session: Session,
    account: Account,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """Ask why an invoice is to be void."""
    one = await payments.bill(session, account, callback_data.id)
    if one.kind != "invoice" or one.status != "issued":
        return payment_screens.bill(t, one)
    dialog.go(OperatorWords.void, invoice=one.id)
    return screens.ask_void(t, one)


async def written(
    message: Message, session: Session, account: Account, dialog: Dialog, t: Translator
) -> Screen:
    """Void it for the reason that was written, which its company is told."""
    id_ = int(dialog.data.get("invoice") or 0)
    await voiding.void(session, account, id_, message.text or "")
    dialog.end()
    shown = payment_screens.bill(t, await payments.bill(session, account, id_))
    return announced(message, shown, t("op-voided"))


async def cancelled(
    event: Event, session: Session, account: Account, dialog: Dialog, t: Translator
) -> Screen:
    """Back to the invoice, which stays open."""
    one = await payments.bill(session, account, int(dialog.data.get("invoice") or 0))
    dialog.end()
    return announced(event, payment_screens.bill(t, one), t("cancelled"))


async def annul(
    event: CallbackQuery,
    callback_data: to.OpAnnul,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """Ask whether a transfer was noted wrongly, then take it out."""
    one = await payments.one(session, account, callback_data.id)
    if not callback_data.sure:
        return screens.ask_annul(t, one)
    await refunds.annul(session, account, one.id)
    shown = payment_screens.payment(t, account, await payments.one(session, account, one.id))
    return shown.with_toast(t.plain("op-annulled"))
