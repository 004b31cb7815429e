"""Which payment settles which invoice; what settles none is the credit of its company.

The functions need a system session whose companies are held.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.models import Allocation, Invoice, Payment
from saas_bot.services.billing.telling import News, tell_admins
from saas_bot.services.notifications import Kind


async def use_credit(session: AsyncSession, invoice: Invoice, moment: datetime) -> bool:
    """Pay an invoice that was just issued from the company's credit, as far as that goes.

    Gives whether it is paid in full now, as one of 0 is at once; then its period is to be applied.
    """
    return bool(await use_credits(session, [invoice], moment))


async def use_credits(
    session: AsyncSession, invoices: Sequence[Invoice], moment: datetime
) -> list[Invoice]:
    """The same for many, which cost a statement for those without credit; gives those paid."""
    free = await _credit_of(session, {one.company_id for one in invoices if one.company_id})
    paid = []
    for invoice in invoices:
        sources = free.get((invoice.company_id, invoice.currency), [])
        wanted = sources or not invoice.amount_minor
        if wanted and await settle(session, invoice, sources, moment):
            paid.append(invoice)
    return paid


async def _credit_of(
    session: AsyncSession, company_ids: set[int]
) -> Mapping[tuple[int | None, str], list[Payment]]:
    query = (
        select(Payment)
        .where(
            Payment.company_id.in_(company_ids),
            literal_column("allocated_minor + refunded_minor < amount_minor"),
        )
        .order_by(Payment.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    found: dict[tuple[int | None, str], list[Payment]] = {}
    for payment in await session.scalars(query):
        found.setdefault((payment.company_id, payment.currency), []).append(payment)
    return found


def left_of(payment: Payment) -> int:
    """What is left of a payment: the credit that it makes."""
    return payment.amount_minor - payment.allocated_minor - payment.refunded_minor


async def settle(
    session: AsyncSession, invoice: Invoice, payments: Sequence[Payment], moment: datetime
) -> bool:
    """Take from the payments, in their order, what an open invoice still wants.

    Invoice and payments are locked rows. Gives whether it is paid in full now; its admins are told.
    """
    taken: list[dict[str, Any]] = []
    for payment in payments:
        amount = min(left_of(payment), invoice.amount_minor - invoice.paid_minor)
        if amount:
            payment.allocated_minor += amount
            invoice.paid_minor += amount
            taken.append({"payment_id": payment.id, "amount_minor": amount})
    await _allocate(session, invoice, taken, moment)
    if invoice.paid_minor < invoice.amount_minor:
        return False
    invoice.status, invoice.paid_at = "paid", moment
    await session.flush()
    if invoice.company_id is not None and invoice.amount_minor:
        await tell_admins(session, [News(invoice.company_id, Kind.PAID, about(invoice))])
    return True


async def release(
    session: AsyncSession, invoice: Invoice, moment: datetime, *, only: Payment | None = None
) -> None:
    """Take all payments, or `only` one, out of an open invoice: they are credit again.

    The invoice is a locked row.
    """
    taken_out = await _take_out(session, invoice, only)
    await _allocate(session, invoice, taken_out, moment)
    invoice.paid_minor += sum(row["amount_minor"] for row in taken_out)
    await session.flush()


async def replace(session: AsyncSession, invoice: Invoice, note: Invoice, moment: datetime) -> None:
    """Put a credit note in the place of all payments of a paid invoice: they are credit again."""
    taken_out = await _take_out(session, invoice)
    note.paid_minor = note.amount_minor
    settled = {"credit_note_id": note.id, "amount_minor": note.amount_minor}
    await _allocate(session, invoice, [*taken_out, settled], moment)
    await session.flush()


async def _take_out(
    session: AsyncSession, invoice: Invoice, only: Payment | None = None
) -> list[dict[str, Any]]:
    """Give payments back what they have paid of an invoice; gives the rows that say so."""
    which = Allocation.payment_id == only.id if only else Allocation.payment_id.is_not(None)
    held = await session.execute(
        select(Allocation.payment_id, func.sum(Allocation.amount_minor))
        .where(Allocation.invoice_id == invoice.id, which)
        .group_by(Allocation.payment_id)
        .having(func.sum(Allocation.amount_minor) > 0)
    )
    amounts = {payment_id: int(amount) for payment_id, amount in held}
    payments = await session.scalars(
        select(Payment)
        .where(Payment.id.in_(amounts))
        .order_by(Payment.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    for payment in payments:
        payment.allocated_minor -= amounts[payment.id]
    return [{"payment_id": id_, "amount_minor": -amount} for id_, amount in amounts.items()]


async def _allocate(
    session: AsyncSession, invoice: Invoice, rows: Sequence[dict[str, Any]], moment: datetime
) -> None:
    if not rows:
        return
    of = {"company_id": invoice.company_id, "invoice_id": invoice.id, "at": moment}
    empty = {"payment_id": None, "credit_note_id": None}
    await session.execute(insert(Allocation), [{**empty, **of, **row} for row in rows])


def about(invoice: Invoice) -> dict[str, Any]:
    """What a notice says of an invoice."""
    return {
        "invoice_id": invoice.id,
        "number": invoice.number,
        "amount": invoice.amount_minor,
        "currency": invoice.currency,
    }
