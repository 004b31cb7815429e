"""Invoices and credit notes as a company's admins see them. Needs no more than a tenant session."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, func, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from saas_bot.core.errors import Forbidden, NotFound
from saas_bot.db.direct import Built
from saas_bot.db.models import Invoice, Payment, User
from saas_bot.db.paging import Cursor, Listing, Page
from saas_bot.db.tenancy import narrow
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission
from saas_bot.services import accounts, audit

PAGE: Final = 8


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice or credit note, and the number of what it corrects, or is corrected by."""

    invoice: Any
    corrects: str | None
    corrected_by: str | None


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
_ONE = Built(
    select(
        *Invoice.__table__.columns,
        select(_original.number)
        .where(_original.id == Invoice.corrects_id)
        .scalar_subquery()
        .label("corrects"),
        _CORRECTION.scalar_subquery().label("corrected_by"),
    ).where(Invoice.id == bindparam("id", type_=BigInteger()), Invoice.company_id == _COMPANY)
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


async def mine(session: AsyncSession, actor: Actor, cursor: Cursor | None = None) -> Page[Listed]:
    """A page of the company's invoices and credit notes, newest first.

    Raises:
        Forbidden: the role has nothing to do with billing.
    """
    actor.need(Permission.BILLING)
    return await _LIST.page(session, cursor, company=actor.company_id)


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
    return Document(row, row.corrects, row.corrected_by)


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
