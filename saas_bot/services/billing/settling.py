"""Which payment settles which invoice; what settles none is the credit of its company.

The functions need a system session whose companies are held: who changes an invoice or a payment
holds its company first.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from saas_bot.db.direct import driver_of
from saas_bot.db.models import Invoice, Payment
from saas_bot.db.models.money import CREDIT
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
        if wanted and await settle(session, invoice, sources, moment, from_credit=True):
            paid.append(invoice)
    return paid


async def _credit_of(
    session: AsyncSession, company_ids: set[int]
) -> Mapping[tuple[int | None, str], list[Payment]]:
    query = (
        select(Payment)
        .where(
            Payment.company_id.in_(company_ids),
            literal_column(CREDIT),
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
    session: AsyncSession,
    invoice: Invoice,
    payments: Sequence[Payment],
    moment: datetime,
    *,
    from_credit: bool = False,
) -> bool:
    """Take from the payments, in their order, what an open invoice still wants.

    Gives whether it is paid in full now; its admins are told: what came just now or, `from_credit`,
    what of it was there already.
    """
    taken: list[tuple[Payment, int]] = []
    missing = invoice.amount_minor - invoice.paid_minor
    for payment in payments:
        amount = min(left_of(payment), missing)
        if amount:
            taken.append((payment, amount))
            missing -= amount
    await _write(session, invoice, taken, missing, moment)
    if missing:
        return False
    if invoice.company_id is not None and invoice.amount_minor:
        came = sum(amount if from_credit else one.amount_minor for one, amount in taken)
        said = {**about(invoice), "credited" if from_credit else "came": came}
        await tell_admins(session, [News(invoice.company_id, Kind.PAID, said)])
    return True


_SETTLE: Final = """
    with taken as (
        select * from unnest($3::bigint[], $4::bigint[]) taken(payment_id, amount)
    ), noted as (
        insert into allocations (company_id, invoice_id, payment_id, amount_minor, at)
        select i.company_id, i.id, taken.payment_id, taken.amount, $2::timestamptz
        from taken join invoices i on i.id = $1
    ), used as (
        update payments p set allocated_minor = p.allocated_minor + taken.amount
        from taken where p.id = taken.payment_id
    )
    update invoices
    set paid_minor = $5, status = $6::text,
        paid_at = case $6::text when 'paid' then $2::timestamptz end
    where id = $1
    """


async def _write(
    session: AsyncSession,
    invoice: Invoice,
    taken: Sequence[tuple[Payment, int]],
    missing: int,
    moment: datetime,
) -> None:
    """Keep what was taken from each payment, and what the invoice still misses."""
    if session.new or session.dirty:
        await session.flush()
    paid, status = invoice.amount_minor - missing, "issued" if missing else "paid"
    ids, amounts = [one.id for one, _ in taken], [amount for _, amount in taken]
    settled = (invoice.id, moment, ids, amounts, paid, status)
    await driver_of(session).fetch(_SETTLE, *settled)
    # What the session knows of them is to be the same.
    for payment, amount in taken:
        set_committed_value(payment, "allocated_minor", payment.allocated_minor + amount)
    set_committed_value(invoice, "paid_minor", paid)
    set_committed_value(invoice, "status", status)
    set_committed_value(invoice, "paid_at", None if missing else moment)


async def release(
    session: AsyncSession, invoice: Invoice, moment: datetime, *, only: Payment | None = None
) -> None:
    """Take all payments, or `only` one, out of an open invoice: they are credit again."""
    if not invoice.paid_minor:
        return
    invoice.paid_minor -= await _take_out(session, invoice, moment, only)
    await session.flush()


async def replace(session: AsyncSession, invoice: Invoice, note: Invoice, moment: datetime) -> None:
    """Put a credit note in the place of all payments of a paid invoice: they are credit again."""
    await _take_out(session, invoice, moment)
    note.paid_minor = note.amount_minor
    settled = (moment, invoice.company_id, invoice.id, note.id, note.amount_minor)
    await driver_of(session).fetch(_REPLACE, *settled)
    await session.flush()


_TAKE_OUT: Final = """
    with settled as (
        select payment_id, sum(amount_minor)::bigint as amount from allocations
        where invoice_id = $1 and payment_id is not null and ($2::bigint is null or payment_id = $2)
        group by payment_id having sum(amount_minor) > 0
    ), noted as (
        insert into allocations (company_id, invoice_id, payment_id, amount_minor, at)
        select i.company_id, i.id, settled.payment_id, -settled.amount, $3::timestamptz
        from settled join invoices i on i.id = $1
    ), used as (
        update payments p set allocated_minor = p.allocated_minor - settled.amount
        from settled where p.id = settled.payment_id
    )
    select payment_id, amount from settled
    """
_REPLACE: Final = """
    insert into allocations (at, company_id, invoice_id, credit_note_id, amount_minor)
    values ($1, $2, $3, $4, $5)
    """


async def _take_out(
    session: AsyncSession, invoice: Invoice, moment: datetime, only: Payment | None = None
) -> int:
    """Give payments back what they have paid of an invoice; gives how much that is."""
    if session.new or session.dirty:
        await session.flush()
    about_it = (invoice.id, only.id if only else None, moment)
    rows = await driver_of(session).fetch(_TAKE_OUT, *about_it)
    for row in rows:
        # What the session knows of them is to be the same.
        payment = session.identity_map.get(identity_key(Payment, row["payment_id"]))
        if payment is not None:
            left = payment.allocated_minor - row["amount"]
            set_committed_value(payment, "allocated_minor", left)
    return sum(row["amount"] for row in rows)


def about(invoice: Invoice) -> dict[str, Any]:
    """What a notice says of an invoice."""
    return {
        "invoice_id": invoice.id,
        "number": invoice.number,
        "amount": invoice.amount_minor,
        "currency": invoice.currency,
    }
