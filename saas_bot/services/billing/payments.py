"""Money that comes in: each charge counts once, and settles its invoice where it fits.

What doesn't fit is kept and flagged (docs/decisions/0018-billing.md has the rules). The functions
need a system session.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, Invalid, NotFound
from saas_bot.db.models import Company, Invoice, Payment
from saas_bot.domain import limits
from saas_bot.domain.actor import Account
from saas_bot.domain.billing import STARS
from saas_bot.services import audit, companies
from saas_bot.services.billing import ledger, periods, refunds, settling
from saas_bot.services.billing.ledger import Entry
from saas_bot.services.billing.telling import News, tell_admins
from saas_bot.services.notifications import Kind

REFERENCE: Final = 80
"""Characters of a transfer's reference."""


class Method(StrEnum):
    """How somebody paid."""

    STARS = "stars"
    PROVIDER = "provider"
    BANK = "bank"


class Flag(StrEnum):
    """How a payment doesn't fit."""

    UNKNOWN_INVOICE = "unknown_invoice"
    COMPANY_DELETED = "company_deleted"
    VOID_INVOICE = "void_invoice"
    PAID_INVOICE = "paid_invoice"
    WRONG_CURRENCY = "wrong_currency"
    WRONG_AMOUNT = "wrong_amount"
    PART = "part"
    """Less came by bank than the invoice wants; it counts."""
    MORE = "more"
    """More came by bank; the rest is credit."""


_COUNTS: Final = frozenset({None, Flag.PART, Flag.MORE})


@dataclass(frozen=True, slots=True)
class Charge:
    """A payment as it was told: `charge_id` is the same however often that is.

    `payer_id` is Telegram's id of who paid. `amount` is in minor units, or in Stars.
    """

    method: Method
    charge_id: str
    provider_charge_id: str | None
    payer_id: int | None
    invoice_id: int | None
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a payment: its invoice is `paid`, or so in `part`, or it was only `kept`.

    `repeated` says that it was counted before; then nothing has changed. `activated` says that the
    invoice's period was applied.
    """

    payment: Payment
    status: str
    flag: Flag | None
    invoice: Invoice | None
    activated: bool = False

    @property
    def repeated(self) -> bool:
        """Whether the charge was counted before."""
        return self.status == "repeated"


async def receive(
    session: AsyncSession,
    charge: Charge,
    moment: datetime | None = None,
    *,
    noted_by: Account | None = None,
) -> Outcome:
    """Take in a payment: exactly once, whoever paid and however late it comes."""
    at = moment or now()
    invoice, deleted = await _held(session, charge.invoice_id)
    before = await _known(session, charge)
    if before is not None:
        return Outcome(before, "repeated", _flag_of(before), invoice)
    flag = _misfit(charge, invoice, deleted=deleted)
    payment = await _write(session, charge, invoice, flag, at, noted_by)
    if payment is None:
        # Somebody was faster with a charge of no company, which nothing else holds.
        before = await _known(session, charge)
        assert before is not None  # noqa: S101  # nosec B101: the conflict was with it
        return Outcome(before, "repeated", _flag_of(before), invoice)
    if flag in _COUNTS and invoice is not None:
        return await _counted(session, payment, invoice, flag, at)
    await _misfits(session, payment, invoice, flag, at)
    return Outcome(payment, "kept", flag, invoice)


async def note_transfer(
    session: AsyncSession,
    operator: Account,
    invoice: str | int,
    amount: int,
    reference: str,
    moment: datetime | None = None,
) -> Outcome:
    """Note what came by bank for an invoice, by its number or id; parts add up.

    `reference` is the bank's own name of the transfer, which tells it from all others.

    Raises:
        NotFound: there is no such invoice, or the person doesn't run this deployment.
        Invalid: there is no reference, it is too long, or nothing came.
        Conflict: this transfer is noted already, or the invoice is one in Stars.
    """
    operator.need_operator()
    if amount <= 0:
        raise Invalid("amount-positive")
    reference = limits.line(reference, REFERENCE).upper()
    by = Invoice.id == invoice if isinstance(invoice, int) else Invoice.number == invoice
    query = select(Invoice.id, Invoice.currency).where(by, Invoice.kind == "invoice")
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise NotFound("invoice-not-found")
    if found.currency == STARS:
        raise Conflict("invoice-in-stars")
    charge = Charge(Method.BANK, reference, None, None, found.id, found.currency, amount)
    outcome = await receive(session, charge, moment, noted_by=operator)
    if outcome.repeated:
        raise Conflict("transfer-noted", reference=reference)
    return outcome


async def seen(session: AsyncSession, operator: Account, payment_id: int) -> None:
    """An operator has looked at a flagged payment, and leaves it as it is.

    Raises:
        NotFound: it is not flagged, or the person doesn't run this deployment.
    """
    operator.need_operator()
    flagged = select(Payment).where(Payment.id == payment_id, Payment.status == "flagged")
    payment = await session.scalar(flagged.with_for_update(key_share=True))
    if payment is None:
        raise NotFound("payment-not-found")
    payment.status = "received"
    audit.changes(session)
    if payment.company_id is not None:
        about = (payment.company_id, "payment.seen", "payment", payment.id)
        audit.record_by_operator(session, operator, *about)


async def _held(session: AsyncSession, invoice_id: int | None) -> tuple[Invoice | None, bool]:
    """The invoice, locked after its company; and whether that is deleted."""
    if invoice_id is None:
        return None, True
    invoice = await session.get(Invoice, invoice_id)
    if invoice is None or invoice.kind != "invoice":
        return None, True
    deleted = True
    if invoice.company_id is not None:
        await companies.hold(session, invoice.company_id)
        alive = select(Company.deleted_at.is_(None)).where(Company.id == invoice.company_id)
        deleted = not await session.scalar(alive)
    await session.refresh(invoice, with_for_update={"key_share": True})
    return invoice, deleted


async def _known(session: AsyncSession, charge: Charge) -> Payment | None:
    query = select(Payment).where(
        Payment.method == charge.method.value, Payment.charge_id == charge.charge_id
    )
    found: Payment | None = await session.scalar(query)
    return found


def _flag_of(payment: Payment) -> Flag | None:
    return Flag(payment.flag) if payment.flag else None


def _misfit(charge: Charge, invoice: Invoice | None, *, deleted: bool) -> Flag | None:
    """How the charge doesn't fit its invoice as that is now; None where it does."""
    if invoice is None:
        return Flag.UNKNOWN_INVOICE
    if deleted:
        return Flag.COMPANY_DELETED
    if invoice.status != "issued":
        return Flag.VOID_INVOICE if invoice.status == "void" else Flag.PAID_INVOICE
    if charge.currency != invoice.currency:
        return Flag.WRONG_CURRENCY
    missing = invoice.amount_minor - invoice.paid_minor - charge.amount
    if not missing:
        return None
    if charge.method is not Method.BANK:
        return Flag.WRONG_AMOUNT
    return Flag.PART if missing > 0 else Flag.MORE


async def _write(
    session: AsyncSession,
    charge: Charge,
    invoice: Invoice | None,
    flag: Flag | None,
    at: datetime,
    noted_by: Account | None,
) -> Payment | None:
    """The payment with its line in the ledger; None where the charge is there already."""
    company_id = invoice.company_id if invoice else None
    values = {
        "company_id": company_id,
        "invoice_id": invoice.id if invoice else None,
        "method": charge.method.value,
        "charge_id": charge.charge_id,
        "provider_charge_id": charge.provider_charge_id,
        "payer_id": charge.payer_id,
        "amount_minor": charge.amount,
        "currency": charge.currency,
        "status": "received" if flag in _COUNTS else "flagged",
        "flag": flag.value if flag else None,
        "noted_by": noted_by.name if noted_by else None,
        "paid_at": at,
    }
    payment: Payment | None = await session.scalar(
        insert(Payment)
        .values(values)
        .on_conflict_do_nothing(index_elements=["method", "charge_id"])
        .returning(Payment)
    )
    if payment is None:
        return None
    line = Entry(company_id, ledger.Kind.PAYMENT, payment.id, charge.currency, charge.amount)
    await ledger.post(session, [line], at)
    _record(session, payment, invoice, noted_by)
    return payment


def _record(
    session: AsyncSession, payment: Payment, invoice: Invoice | None, noted_by: Account | None
) -> None:
    if payment.company_id is None:
        return
    after: dict[str, Any] = {
        "invoice": invoice.number if invoice else None,
        "amount": payment.amount_minor,
        "currency": payment.currency,
        "method": payment.method,
        "flag": payment.flag,
    }
    about = (payment.company_id, "payment.received", "payment", payment.id)
    if noted_by is None:
        audit.record_by_system(session, *about, after=after)
    else:
        audit.record_by_operator(session, noted_by, *about, after=after)


async def _counted(
    session: AsyncSession, payment: Payment, invoice: Invoice, flag: Flag | None, at: datetime
) -> Outcome:
    if await settling.settle(session, invoice, [payment], at):
        await periods.apply(session, invoice, at)
        return Outcome(payment, "paid", flag, invoice, activated=True)
    left = invoice.amount_minor - invoice.paid_minor
    said = {**settling.about(invoice), "paid": payment.amount_minor, "left": left}
    if invoice.company_id is not None:
        await tell_admins(session, [News(invoice.company_id, Kind.PAYMENT_PARTIAL, said)])
    return Outcome(payment, "part", flag, invoice)


async def _misfits(
    session: AsyncSession,
    payment: Payment,
    invoice: Invoice | None,
    flag: Flag | None,
    at: datetime,
) -> None:
    """Send back what came in Stars or by a provider; what came by bank, operators see."""
    back = invoice is not None and payment.method != Method.BANK
    if back:
        await refunds.send_back(session, payment, str(flag), at)
    if invoice is None or invoice.company_id is None:
        return
    of_it = {"amount": payment.amount_minor, "currency": payment.currency}
    said = {**settling.about(invoice), **of_it, "flag": str(flag), "back": back}
    await tell_admins(session, [News(invoice.company_id, Kind.PAYMENT_FLAGGED, said)])
