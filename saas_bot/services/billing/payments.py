"""Money that comes in: each charge counts once, and settles its invoice where it fits.

What doesn't fit is kept and flagged (docs/decisions/0018-billing.md has the rules). The functions
need a system session.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core import context
from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, Invalid, NotFound
from saas_bot.db.models import Company, Invoice, Payment
from saas_bot.domain import limits
from saas_bot.domain.actor import Account
from saas_bot.domain.billing import STARS
from saas_bot.services import audit
from saas_bot.services.billing import again, periods, refunds, settling
from saas_bot.services.billing.details import Seller
from saas_bot.services.billing.holding import Held, read
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
    CREDITED = refunds.CREDITED
    """Telegram gave it back, though what was unused of it was credited to a better plan."""


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

    For one that was void another was written `anew`, which is the invoice then. `repeated` says
    that the payment was counted before, and nothing has changed.
    """

    payment: Payment
    status: str
    flag: Flag | None
    invoice: Invoice | None

    @property
    def repeated(self) -> bool:
        """Whether the charge was counted before."""
        return self.status == "repeated"


async def receive(session: AsyncSession, charge: Charge, moment: datetime | None = None) -> Outcome:
    """Take in a payment: exactly once, whoever paid and however late it comes."""
    which = Invoice.id == charge.invoice_id if charge.invoice_id else None
    held, invoice = await _payee(session, which, moment)
    return await _take_in(session, charge, held, invoice, moment)


async def note_transfer(
    session: AsyncSession,
    operator: Account,
    invoice: str | int,
    amount: int,
    reference: str,
    seller: Seller,
    moment: datetime | None = None,
) -> Outcome:
    """Note what came by bank for an invoice, by its number or id; parts add up.

    `reference` is the bank's own name of the transfer, which tells it from all others. What comes
    too late begins what it was sent for, if nothing else has taken its place.

    Raises:
        NotFound: there is no such invoice, or the person doesn't run this deployment.
        Invalid: there is no reference, it is too long, or nothing came.
        Conflict: this transfer is noted already, or the invoice is one in Stars.
    """
    operator.need_operator()
    if amount <= 0:
        raise Invalid("amount-positive")
    reference = limits.line(reference, REFERENCE, "reference").upper()
    by = Invoice.id == invoice if isinstance(invoice, int) else Invoice.number == invoice
    held, found = await _payee(session, by, moment)
    if found is None:
        raise NotFound("invoice-not-found")
    if found.currency == STARS:
        raise Conflict("invoice-in-stars")
    charge = Charge(Method.BANK, reference, None, None, found.id, found.currency, amount)
    outcome = await _take_in(session, charge, held, found, moment, operator)
    if outcome.repeated:
        raise Conflict("transfer-noted", reference=reference)
    if held is None or outcome.flag is not Flag.VOID_INVOICE:
        return outcome
    anew = await again.begin(session, held, found, seller)
    if anew is not None:
        outcome.payment.status = "received"
        outcome = Outcome(outcome.payment, "anew", outcome.flag, anew)
    await _tell_misfit(session, outcome.payment, found, Flag.VOID_INVOICE, anew=anew)
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
    payment.status = "refunded" if payment.refunded_minor else "received"
    about = (payment.company_id, "payment.seen", "payment", payment.id)
    audit.record_by_operator(session, operator, *about)


async def _payee(
    session: AsyncSession, which: ColumnElement[bool] | None, moment: datetime | None
) -> tuple[Held | None, Invoice | None]:
    """The company that is paid for, held and read, and the invoice; None where there is none."""
    if which is None:
        return None, None
    locked = select(Invoice.id, Company.id.label("company_id")).join(
        Company, Company.id == Invoice.company_id
    )
    locked = locked.where(which, Invoice.kind == "invoice")
    found = await session.execute(locked.with_for_update(of=Company, key_share=True))
    row = found.one_or_none()
    held = await read(session, row.company_id, moment) if row else None
    if row and held and held.invoice and held.invoice.id == row.id:
        return held, held.invoice
    query = select(Invoice).where(which, Invoice.kind == "invoice")
    return held, await session.scalar(query.execution_options(populate_existing=True))


async def _take_in(
    session: AsyncSession,
    charge: Charge,
    held: Held | None,
    invoice: Invoice | None,
    moment: datetime | None,
    noted_by: Account | None = None,
) -> Outcome:
    at = held.moment if held else moment or now()
    flag = _misfit(charge, invoice, deleted=held is None or held.deleted)
    payment = await _write(session, charge, invoice, flag, at, noted_by)
    if payment is None:
        before = await _known(session, charge)
        return Outcome(before, "repeated", Flag(before.flag) if before.flag else None, invoice)
    if flag in _COUNTS and held and invoice:
        return await _counted(session, payment, invoice, flag, held)
    back = invoice is not None and payment.method != Method.BANK
    if back:
        await refunds.send_back(session, payment, str(flag), at)
    if invoice is not None and not (noted_by and flag is Flag.VOID_INVOICE):
        await _tell_misfit(session, payment, invoice, flag, back=back)
    return Outcome(payment, "kept", flag, invoice)


async def _known(session: AsyncSession, charge: Charge) -> Payment:
    """The payment that was written of a charge before."""
    query = select(Payment).where(
        Payment.method == charge.method.value, Payment.charge_id == charge.charge_id
    )
    return (await session.scalars(query)).one()


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


_TYPES: Final = {
    "company_id": "bigint",
    "invoice_id": "bigint",
    "method": "text",
    "charge_id": "text",
    "provider_charge_id": "text",
    "payer_id": "bigint",
    "amount_minor": "bigint",
    "currency": "text",
    "status": "text",
    "flag": "text",
    "noted_by": "text",
    "paid_at": "timestamptz",
}
_NAMES: Final = ", ".join(_TYPES)
# A payment is written together with its lines in the ledger and in the audit trail.
_KEEP: Final = text(f"""
    with written as (
        insert into payments ({_NAMES})
        select * from jsonb_to_record(cast(:row as jsonb))
            as r({", ".join(f"{name} {kind}" for name, kind in _TYPES.items())})
        on conflict (method, charge_id) do nothing returning *
    ), posted as (
        insert into ledger (at, company_id, kind, currency, amount_minor, payment_id)
        select paid_at, company_id, 'payment', currency, -amount_minor, id from written
    ), noted as (
        insert into audit_logs
            (company_id, actor_kind, actor_name, action, entity, entity_id, after, request_id)
        select w.company_id, case when noted_by is null then 'system' else 'operator' end,
            coalesce(noted_by, 'system'), 'payment.received', 'payment', w.id,
            jsonb_build_object('invoice', i.number, 'amount', w.amount_minor,
                'currency', w.currency, 'method', method, 'flag', flag),
            cast(:request as text)
        from written w left join invoices i on i.id = w.invoice_id
    )
    select * from written
    """)  # noqa: S608  # nosec B608: names of our own


async def _write(
    session: AsyncSession,
    charge: Charge,
    invoice: Invoice | None,
    flag: Flag | None,
    at: datetime,
    noted_by: Account | None,
) -> Payment | None:
    """The payment; None where the charge is there already."""
    row = {
        "company_id": invoice.company_id if invoice else None,
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
        "paid_at": at.isoformat(),
    }
    audit.changes(session)
    said = {"row": json.dumps(row), "request": context.request_id.get()}
    payment: Payment | None = await session.scalar(select(Payment).from_statement(_KEEP), said)
    return payment


async def _counted(
    session: AsyncSession,
    payment: Payment,
    invoice: Invoice,
    flag: Flag | None,
    held: Held,
) -> Outcome:
    if await settling.settle(session, invoice, [payment], held.moment):
        await periods.apply(session, invoice, held=held)
        return Outcome(payment, "paid", flag, invoice)
    left = invoice.amount_minor - invoice.paid_minor
    said = {**settling.about(invoice), "paid": payment.amount_minor, "left": left}
    await tell_admins(session, [News(held.company_id, Kind.PAYMENT_PARTIAL, said)])
    return Outcome(payment, "part", flag, invoice)


async def _tell_misfit(
    session: AsyncSession,
    payment: Payment,
    invoice: Invoice,
    flag: Flag | None,
    *,
    back: bool = False,
    anew: Invoice | None = None,
) -> None:
    if invoice.company_id is None:
        return
    said: dict[str, Any] = {
        **settling.about(invoice),
        "amount": payment.amount_minor,
        "currency": payment.currency,
        "flag": str(flag),
        "back": back,
        "anew": None,
    }
    if anew is not None:
        left = anew.amount_minor - anew.paid_minor
        said["anew"] = {**settling.about(anew), "left": left}
    await tell_admins(session, [News(invoice.company_id, Kind.PAYMENT_FLAGGED, said)])
