"""/op_payments: transfers to note, payments that don't fit, money that goes back."""

import zlib

from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Conflict
from saas_bot.core.i18n import Translator
from saas_bot.core.memory import Memory
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account
from saas_bot.handlers.events import Event, announced
from saas_bot.handlers.operators.states import OperatorWords
from saas_bot.screens import callbacks as to
from saas_bot.screens import operators_payments as screens
from saas_bot.screens.screen import Screen
from saas_bot.services.billing import payments as money
from saas_bot.services.billing import refunds
from saas_bot.services.billing.details import Seller
from saas_bot.services.operators import companies, values
from saas_bot.services.operators import payments as service
from saas_bot.services.operators.payments import Bill

REASON = "by operator"
"""Why a payment goes back, where an operator wants it to."""

TO_NOTE = "op_transfer"
"""Under this name the transfer is kept that the person was asked about last; the button of its
question has the mark of all that the question said."""


async def commanded(
    message: Message, command: CommandObject, session: Session, account: Account, t: Translator
) -> Screen:
    """What waits for a transfer, or the invoice whose number is written behind the command."""
    if command.args:
        return screens.bill(t, await service.bill(session, account, command.args[:40]))
    return await _waiting(session, account, t, "")


async def page(
    event: CallbackQuery,
    callback_data: to.OpPayments,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """A page of what waits, does not fit, or goes back."""
    what, cursor = callback_data.what, Cursor.parse(callback_data.at)
    if what == "waiting":
        return await _waiting(session, account, t, callback_data.at)
    listed = service.flagged if what == "flagged" else service.going_back
    return screens.payments(t, account, await listed(session, account, cursor), what)


async def _waiting(session: Session, account: Account, t: Translator, at: str) -> Screen:
    bills = await service.waiting(session, account, Cursor.parse(at))
    return screens.waiting(t, bills, await service.todo(session, account))


async def of_company(
    event: CallbackQuery,
    callback_data: to.OpPaid,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """What a company has paid."""
    company = await companies.one(session, account, callback_data.company)
    cursor = Cursor.parse(callback_data.at)
    paid = await service.of_company(session, account, company.id, cursor)
    return screens.of_company(t, account, company, paid)


async def invoice(
    event: CallbackQuery,
    callback_data: to.OpInvoice,
    session: Session,
    account: Account,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """An invoice, or the question what came for it."""
    one = await service.bill(session, account, callback_data.id)
    if callback_data.what == "note":
        dialog.go(OperatorWords.transfer, invoice=one.id)
        return screens.ask_transfer(t, one)
    return screens.bill(t, one)


async def note(
    event: CallbackQuery,
    callback_data: to.OpNote,
    session: Session,
    account: Account,
    memory: Memory,
    seller: Seller,
    t: Translator,
) -> Screen:
    """Note the transfer, as it was confirmed."""
    one = await service.bill(session, account, callback_data.id)
    asked = memory.recall(TO_NOTE) or {}
    if asked.get("invoice") != one.id:
        raise Conflict("changed-since-asked")
    amount, reference = asked["amount"], asked["reference"]
    mark = _mark(one, amount, reference)
    if callback_data.mark != mark:
        again = screens.ask_noting(t, one, amount, reference, mark)
        return again.with_toast(t.plain("error-changed-since-asked"), alert=True)
    outcome = await money.note_transfer(session, account, one.id, amount, reference, seller)
    memory.keep(TO_NOTE, {})
    shown = screens.bill(t, await service.bill(session, account, one.id))
    return shown.with_toast(screens.noted(t, one, outcome.status))


def _mark(one: Bill, amount: int, reference: str) -> int:
    """That of another question differs: of another transfer, or of what the invoice was before."""
    return zlib.crc32(repr((amount, reference, one.status, one.left, one.gone)).encode())


async def written(
    message: Message,
    session: Session,
    account: Account,
    dialog: Dialog,
    memory: Memory,
    t: Translator,
) -> Screen:
    """What came: a sum and a reference. It is asked once whether that is so."""
    one = await service.bill(session, account, int(dialog.data.get("invoice") or 0))
    amount, reference = values.transfer(message.text or "", one.currency)
    memory.keep(TO_NOTE, {"invoice": one.id, "amount": amount, "reference": reference})
    dialog.end()
    return screens.ask_noting(t, one, amount, reference, _mark(one, amount, reference))


async def cancelled(
    event: Event, session: Session, account: Account, dialog: Dialog, t: Translator
) -> Screen:
    """Back to the invoice, nothing noted."""
    one = await service.bill(session, account, int(dialog.data.get("invoice") or 0))
    dialog.end()
    return announced(event, screens.bill(t, one), t("cancelled"))


async def payment(
    event: CallbackQuery,
    callback_data: to.OpPayment,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """A payment; giving it back, asked once; leaving it; or that it was sent back by hand."""
    what = callback_data.what
    one = await service.one(session, account, callback_data.id)
    if what == "refund":
        return screens.ask_refund(t, account, one)
    if what == "":
        return screens.payment(t, account, one)
    if what == "sure":
        await refunds.ask(session, account, one.id, REASON)
    elif what == "seen":
        await money.seen(session, account, one.id)
    else:
        await refunds.sent_back(session, account, one.refund_id or 0)
    shown = screens.payment(t, account, await service.one(session, account, one.id))
    return shown.with_toast(t.plain(f"op-payment-{what}"))
