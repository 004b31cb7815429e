"""Invoices and credit notes as a company's admins see them. Needs no more than a tenant session."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, func, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from saas_bot.core.errors import Forbidden, NotFound
from saas_bot.db.direct import Built
from saas_bot.db.models import Invoice, Payment, Plan, SubscriptionPeriod, User
from saas_bot.db.paging import Cursor, Listing, Page
from saas_bot.db.tenancy import narrow
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.billing import Period
from saas_bot.domain.permissions import Permission
from saas_bot.services import accounts, audit

PAGE: Final = 8


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice or credit note, and the number of what it corrects, or is corrected by.

    `period` is what the company has for it since it is paid, `plan` the code of its plan.
    """

    invoice: Any
    corrects: str | None = None
    corrected_by: str | None = None
    period: Period | None = None
    plan: str | None = None

    def month(self, line: Mapping[str, Any]) -> Period | None:
        """The time that a line is for: what was given for it, else what is agreed, if anything."""
        if line["code"] != "plan":
            return None
        if self.period or "from" not in line:
            return self.period
        return Period(*(datetime.fromisoformat(line[name]) for name in ("from", "to")))


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list."""

    id: int
    kind: str
    number: str
    status: str
    currency: str
    amount_minor: int
    paid_minor: int
    issued_at: datetime
    due_at: datetime
    corrected: bool


@dataclass(frozen=True, slots=True)
class Received:
    """A payment, and for which invoice it came.

    `credit_minor` is what of it has settled nothing and has not gone back. `flag` says how it did
    not fit its invoice (`payments.Flag`).
    """

    id: int
    invoice_id: int | None
    invoice: str | None
    method: str
    reference: str
    currency: str
    amount_minor: int
    credit_minor: int
    status: str
    flag: str | None
    paid_at: datetime


_correction, _original = aliased(Invoice), aliased(Invoice)
_CORRECTION = select(_correction.number).where(_correction.corrects_id == Invoice.id)
_COMPANY = bindparam("company", type_=BigInteger())
_LIST: Listing[Listed] = Listing(
    select(
        Invoice.id,
        Invoice.kind,
        Invoice.number,
        Invoice.status,
        Invoice.currency,
        Invoice.amount_minor,
        Invoice.paid_minor,
        Invoice.issued_at,
        Invoice.due_at,
        _CORRECTION.exists().label("corrected"),
    ).where(Invoice.company_id == _COMPANY),
    keys=[Invoice.id],
    descending=True,
    size=PAGE,
    make=lambda row: Listed(*row),
    edge=lambda one: Cursor(one.id),
)
_PAYMENTS: Listing[Received] = Listing(
    select(
        Payment.id,
        Payment.invoice_id,
        Invoice.number,
        Payment.method,
        Payment.charge_id,
        Payment.currency,
        Payment.amount_minor,
        (Payment.amount_minor - Payment.allocated_minor - Payment.refunded_minor).label("credit"),
        Payment.status,
        Payment.flag,
        Payment.paid_at,
    )
    .outerjoin(Invoice, Invoice.id == Payment.invoice_id)
    .where(Payment.company_id == _COMPANY),
    keys=[Payment.id],
    descending=True,
    size=PAGE,
    make=lambda row: Received(*row),
    edge=lambda one: Cursor(one.id),
)
_ONE = Built(
    select(
        *Invoice.__table__.columns,
        select(_original.number)
        .where(_original.id == Invoice.corrects_id)
        .scalar_subquery()
        .label("corrects"),
        _CORRECTION.scalar_subquery().label("corrected_by"),
        SubscriptionPeriod.starts_at,
        SubscriptionPeriod.ends_at,
        Plan.code.label("plan_code"),
    )
    .join(Plan, Plan.id == Invoice.plan_id)
    .outerjoin(SubscriptionPeriod, SubscriptionPeriod.invoice_id == Invoice.id)
    .where(Invoice.id == bindparam("id", type_=BigInteger()), Invoice.company_id == _COMPANY)
)
_left = func.sum(Payment.amount_minor - Payment.allocated_minor - Payment.refunded_minor)
_CREDIT = Built(
    select(Payment.currency, _left.label("left"))
    .where(
        Payment.company_id == _COMPANY,
        literal_column("allocated_minor + refunded_minor < amount_minor"),
    )
    .group_by(Payment.currency)
    .order_by(Payment.currency)
)


async def mine(
    session: AsyncSession,
    actor: Actor,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[Listed]:
    """A page of the company's invoices and credit notes, newest first.

    Raises:
        Forbidden: the role has nothing to do with billing.
    """
    actor.need(Permission.BILLING)
    return await _LIST.page(session, cursor, size=size, company=actor.company_id)


async def payments(
    session: AsyncSession,
    actor: Actor,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[Received]:
    """A page of what the company has paid, newest first.

    Raises:
        Forbidden: the role has nothing to do with billing.
    """
    actor.need(Permission.BILLING)
    return await _PAYMENTS.page(session, cursor, size=size, company=actor.company_id)


async def one(session: AsyncSession, actor: Actor, invoice_id: int) -> Document:
    """One document of the actor's company.

    Raises:
        Forbidden: the role has nothing to do with billing.
        NotFound: the company has none of that id.
    """
    actor.need(Permission.BILLING)
    row = await _ONE.one_or_none(session, id=invoice_id, company=actor.company_id)
    if row is None:
        raise NotFound("invoice-not-found")
    period = Period(row.starts_at, row.ends_at) if row.starts_at else None
    return Document(row, row.corrects, row.corrected_by, period, row.plan_code)


async def just_asked(
    session: AsyncSession, actor: Actor, invoice: Invoice, plan: str | None = None
) -> Document:
    """The document of an invoice that the actor has asked for just now, of the plan of this code.

    What credit has paid has its month by now.
    """
    if invoice.status != "paid":
        return Document(invoice, plan=plan)
    await session.flush()
    return await one(session, actor, invoice.id)


async def send(session: AsyncSession, actor: Actor, invoice_id: int, language: str) -> bool:
    """Have a worker send the document as a PDF; False: it is on its way already.

    Raises:
        Forbidden, NotFound: as in `one`.
    """
    found = await one(session, actor, invoice_id)
    queue = text("select enqueue(:task, :id, :person)")
    about = {"task": f"invoice_{language}", "id": found.invoice.id, "person": actor.user_id}
    number = {"number": found.invoice.number}
    audit.record(session, actor, "invoice.asked_for", found.invoice.kind, invoice_id, after=number)
    return (await session.scalar(queue, about)) is not None


async def still_wanted(
    session: AsyncSession, company_id: int, user_id: int, invoice_id: int
) -> tuple[Account, Document] | None:
    """Whom to send a queued document to, and the document, with the rights of this moment.

    None where it is not theirs to have any more. It narrows the system session that it is given to
    the company.
    """
    telegram_id = await session.scalar(select(User.telegram_id).where(User.id == user_id))
    member = await accounts.member_of(session, telegram_id or 0, company_id)
    account, actor = member or (None, None)
    if account is None or actor is None:
        return None
    await narrow(session, company_id)
    try:
        return account, await one(session, actor, invoice_id)
    except (NotFound, Forbidden):
        return None


async def credit(session: AsyncSession, company_id: int) -> dict[str, int]:
    """What is paid and settles nothing yet, by currency; it settles the next invoices."""
    rows = await _CREDIT.all(session, company=company_id)
    return {row.currency: int(row.left) for row in rows}
