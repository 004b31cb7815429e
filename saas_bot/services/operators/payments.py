"""What is to be paid by bank, what was paid, and what goes back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Select, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from saas_bot.core.errors import NotFound
from saas_bot.db.direct import Built, driver_of
from saas_bot.db.models import Company, Invoice, Payment, Refund
from saas_bot.db.paging import Cursor, Listing, Page
from saas_bot.domain.actor import Account

PAGE: Final = 5

CAP: Final = 1000
"""What waits for operators is counted up to here."""

_COLUMNS: Final = """i.id, i.number, i.kind, i.status, i.company_id, c.name as company_name,
    c.id is null or c.deleted_at is not null as gone, i.buyer ->> 'name' as buyer, i.currency,
    i.amount_minor as amount, i.paid_minor as paid, i.due_at
    from invoices i left join companies c on c.id = i.company_id"""

# By the row itself, as cursors know whole seconds only.
_WAITING: Final = f"""
    select {_COLUMNS}
    where i.status = 'issued' and i.kind = 'invoice' and i.currency <> 'XTR'
      and c.deleted_at is null and c.id is not null
      and ($1::bigint = 0 or i.due_at {{way}}= (select due_at from invoices where id = $1)
           and (i.due_at, i.id) {{way}} ((select due_at from invoices where id = $1), $1))
    order by i.due_at {{order}}, i.id {{order}} limit $2
    """  # noqa: S608  # nosec B608: nothing of it comes from people
_ONWARD: Final = _WAITING.format(way=">", order="asc")
_BACK: Final = _WAITING.format(way="<", order="desc")
_BY_ID: Final = f"select {_COLUMNS} where i.id = $1"  # nosec B608
_BY_NUMBER: Final = f"select {_COLUMNS} where i.number = $1"  # nosec B608

_COUNTS: Final = """
    select (select count(*) from (
                select from payments where status = 'flagged' limit $1) f) as flagged,
           (select count(*) from (
                select from refunds where status <> 'confirmed' limit $1) r) as refunds
    """


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice as operators see it; `gone` says that its company is deleted."""

    id: int
    number: str
    kind: str
    status: str
    company_id: int | None
    company_name: str | None
    gone: bool
    buyer: str | None
    currency: str
    amount: int
    paid: int
    due_at: datetime

    @property
    def left(self) -> int:
        """What is still to come."""
        return self.amount - self.paid if self.status == "issued" else 0


@dataclass(frozen=True, slots=True)
class Todo:
    """How much waits for operators, up to `CAP`: flagged payments, and refunds under way."""

    flagged: int
    refunds: int


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment with its invoice and company, if it has them, and how it goes back, if it does."""

    id: int
    company_id: int | None
    company_name: str | None
    number: str | None
    method: str
    charge_id: str
    amount: int
    currency: str
    credit: int
    """What of it has settled nothing, and has not gone back."""
    status: str
    flag: str | None
    noted_by: str | None
    paid_at: datetime
    refund_id: int | None
    refund: str | None
    """How the refund stands: `pending`, `confirmed` or `failed`."""
    reason: str | None
    error: str | None

    @property
    def by_hand(self) -> bool:
        """Whether what goes back has to be sent by an operator."""
        return self.method != "stars"


async def waiting(
    session: AsyncSession,
    operator: Account,
    cursor: Cursor | None = None,
    *,
    size: int = PAGE,
) -> Page[Bill]:
    """The invoices that wait for a transfer, those due first coming first.

    Raises:
        NotFound: for anybody but operators.
    """
    operator.need_operator()
    back = cursor is not None and cursor.back
    at = cursor.row_id if cursor else 0
    rows = await driver_of(session).fetch(_BACK if back else _ONWARD, at, size + 1)
    bills = [Bill(**row) for row in rows[:size]]
    more = len(rows) > size
    if back:
        bills.reverse()
    before, after = (more, True) if back else (cursor is not None, more)
    return Page(
        bills,
        previous=str(Cursor(bills[0].id, back=True)) if bills and before else "",
        next=str(Cursor(bills[-1].id)) if bills and after else "",
    )


async def todo(session: AsyncSession, operator: Account) -> Todo:
    """How much waits for operators.

    Raises:
        NotFound: for anybody but operators.
    """
    operator.need_operator()
    (row,) = await driver_of(session).fetch(_COUNTS, CAP)
    return Todo(**row)


async def bill(session: AsyncSession, operator: Account, which: int | str) -> Bill:
    """An invoice by its id or number.

    Raises:
        NotFound: there is none such, or for anybody but operators.
    """
    operator.need_operator()
    if session.new or session.dirty:
        await session.flush()
    if isinstance(which, int):
        rows = await driver_of(session).fetch(_BY_ID, which)
    else:
        rows = await driver_of(session).fetch(_BY_NUMBER, which.strip().upper())
    if not rows:
        raise NotFound("op-no-invoice")
    return Bill(**rows[0])


_Rows = Select[*tuple[Any, ...]]
_newest = aliased(Refund)
_OF_IT: Final = (
    select(func.max(_newest.id)).where(_newest.payment_id == Payment.id).scalar_subquery()
)
_COLUMNS_PAID: Final = (
    Payment.id,
    Payment.company_id,
    Company.name.label("company_name"),
    Invoice.number,
    Payment.method,
    Payment.charge_id,
    Payment.amount_minor.label("amount"),
    Payment.currency,
    (Payment.amount_minor - Payment.allocated_minor - Payment.refunded_minor).label("credit"),
    Payment.status,
    Payment.flag,
    Payment.noted_by,
    Payment.paid_at,
    Refund.id.label("refund_id"),
    Refund.status.label("refund"),
    Refund.reason,
    Refund.error,
)


def _with_all(query: _Rows) -> _Rows:
    """With the company and the invoice, where there are any."""
    of_company = query.outerjoin(Company, Company.id == Payment.company_id)
    return of_company.outerjoin(Invoice, Invoice.id == Payment.invoice_id)


_PAID: Final = _with_all(
    select(*_COLUMNS_PAID).select_from(Payment).outerjoin(Refund, Refund.id == _OF_IT)
)


def _paid(row: Any) -> Paid:
    return Paid(**row._asdict())


def _listing(*where: Any) -> Listing[Paid]:
    return Listing(
        _PAID.where(*where),
        keys=[Payment.id],
        descending=True,
        size=PAGE,
        make=_paid,
        edge=lambda paid: Cursor(paid.id),
    )


_FLAGGED: Final = _listing(text("payments.status = 'flagged'"))
_ALL: Final = _listing(text("true"))
_OF_COMPANY: Final = _listing(Payment.company_id == bindparam("company", type_=BigInteger()))
_GOING_BACK: Final = Listing(
    _with_all(
        select(*_COLUMNS_PAID).select_from(Refund).join(Payment, Payment.id == Refund.payment_id)
    ).where(text("refunds.status <> 'confirmed'")),
    keys=[Refund.id],
    descending=True,
    size=PAGE,
    make=_paid,
    edge=lambda paid: Cursor(paid.refund_id or 0),
)
_ONE: Final = Built(_PAID.where(Payment.id == bindparam("payment", type_=BigInteger())))


async def flagged(
    session: AsyncSession,
    operator: Account,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[Paid]:
    """The payments that don't fit and that nobody has looked at, the newest first.

    Raises:
        NotFound: for anybody but operators.
    """
    operator.need_operator()
    return await _FLAGGED.page(session, cursor, size=size)


async def every(
    session: AsyncSession,
    operator: Account,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[Paid]:
    """All payments of all companies, the newest first; errors as in `flagged`."""
    operator.need_operator()
    return await _ALL.page(session, cursor, size=size)


async def of_company(
    session: AsyncSession,
    operator: Account,
    company_id: int,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[Paid]:
    """What a company has paid, the newest first.

    Raises:
        NotFound: for anybody but operators.
    """
    operator.need_operator()
    return await _OF_COMPANY.page(session, cursor, size=size, company=company_id)


async def going_back(
    session: AsyncSession,
    operator: Account,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[Paid]:
    """The payments whose refund is under way or was given up, the newest first.

    Raises:
        NotFound: for anybody but operators.
    """
    operator.need_operator()
    return await _GOING_BACK.page(session, cursor, size=size)


async def one(session: AsyncSession, operator: Account, payment_id: int) -> Paid:
    """A payment.

    Raises:
        NotFound: there is none such, or for anybody but operators.
    """
    operator.need_operator()
    row = await _ONE.one_or_none(session, payment=payment_id)
    if row is None:
        raise NotFound("payment-not-found")
    return _paid(row)
