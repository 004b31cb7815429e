"""Deleted companies: restored by an operator within their time, purged after it.

The functions need a system session.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Table,
    any_,
    column,
    delete,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import UserDefinedType

from saas_bot.core.clock import now
from saas_bot.core.errors import NotFound
from saas_bot.db.models import Company, Invoice, OutboxMessage, User, metadata
from saas_bot.domain.actor import Account
from saas_bot.services import audit
from saas_bot.services.billing import invoices, settling
from saas_bot.services.companies import KEEP_DELETED
from saas_bot.services.notifications import Kind, tell
from saas_bot.services.outbox import Status

BATCH: Final = 2000
"""Rows that one transaction of a purge deletes at most, and what their going takes along."""

_KEPT: Final = frozenset({"audit_logs", "invoices", "payments", "refunds", "allocations", "ledger"})
"""What outlives a company."""


class _Place(UserDefinedType[str]):
    """Where a row is stored (PostgreSQL: system columns, ctid)."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "tid"


def tables() -> list[Table]:
    """What goes with a company, each before those that its rows point to."""
    return [
        table
        for table in reversed(metadata.sorted_tables)
        if "company_id" in table.columns and table.name not in _KEPT
    ]


@dataclass(frozen=True, slots=True)
class Deleted:
    """A company that can still be restored, until when, and who deleted it."""

    id: int
    name: str
    deleted_at: datetime
    purged_at: datetime


async def is_deleted(session: AsyncSession, company_id: int) -> bool:
    """Whether the company is deleted."""
    query = select(Company.deleted_at.is_not(None)).where(Company.id == company_id)
    return bool(await session.scalar(query))


async def listed(session: AsyncSession) -> Sequence[Deleted]:
    """The companies that can be restored, those that go first coming first."""
    query = (
        select(Company.id, Company.name, Company.deleted_at)
        .where(Company.deleted_at > now() - KEEP_DELETED)
        .order_by(Company.deleted_at, Company.id)
    )
    return [
        Deleted(company_id, name, deleted_at, deleted_at + KEEP_DELETED)
        for company_id, name, deleted_at in await session.execute(query)
        if deleted_at is not None
    ]


async def restore(session: AsyncSession, operator: Account, company_id: int) -> str:
    """Let everyone back into a company, as it was; gives its name.

    They are told, but for those who have not even heard of the deletion yet, as in quiet hours:
    they hear of neither.

    Raises:
        NotFound: no company of this id is deleted, or its time is over; or the person doesn't run
            this deployment.
    """
    operator.need_operator()
    query = select(Company).where(
        Company.id == company_id, Company.deleted_at > now() - KEEP_DELETED
    )
    company = await session.scalar(query.with_for_update(key_share=True))
    if company is None:
        raise NotFound("company-not-found")
    before = {"deleted_at": company.deleted_at}
    company.deleted_at = None
    unheard = await _take_back(session, company.id)
    said, whom = {"company": company.name}, User.telegram_id.not_in(unheard)
    await tell(session, company.id, Kind.COMPANY_RESTORED, said, whom)
    audit.record_by_operator(
        session, operator, company.id, "company.restored", "company", company.id, before=before
    )
    return company.name


async def _take_back(session: AsyncSession, company_id: int) -> list[int]:
    """Leave untold what no worker has tried to tell yet of the company's going and coming back.

    Gives whom of its going.
    """
    untold = (
        update(OutboxMessage)
        .where(
            OutboxMessage.company_id == company_id,
            OutboxMessage.kind.in_((Kind.COMPANY_DELETED.value, Kind.COMPANY_RESTORED.value)),
            OutboxMessage.status == "pending",
            OutboxMessage.attempts == 0,
        )
        .values(status=Status.SKIPPED.value, finished_at=func.now())
        .returning(OutboxMessage.telegram_id, OutboxMessage.kind)
    )
    rows = await session.execute(untold)
    return [person for person, kind in rows if kind == Kind.COMPANY_DELETED]


async def purge(session: AsyncSession, moment: datetime | None = None) -> bool:
    """Delete a batch of a company whose time was over at `moment` (None: now).

    Gives False when there is no such company. Killed at any time, it goes on where it was: the
    company's own row goes last. Others may purge at the same time; they take another company.
    Invoices that are still open are void then: nobody is left to pay them.
    """
    moment = moment or now()
    due = moment - KEEP_DELETED
    company = await session.scalar(
        select(Company)
        .where(Company.deleted_at <= due)
        .order_by(Company.deleted_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if company is None:
        return False
    await _close_invoices(session, company.id, moment)
    left = BATCH
    for table in tables():
        left -= await _delete_some(session, table, company.id, left)
        if not left:
            return True
    await session.delete(company)
    before = {"name": company.name, "deleted_at": company.deleted_at}
    audit.record_by_system(
        session, company.id, "company.purged", "company", company.id, before=before
    )
    return True


async def _close_invoices(session: AsyncSession, company_id: int, moment: datetime) -> None:
    wanted: ColumnElement[bool] = literal_column("status = 'issued' and kind = 'invoice'")
    query = select(Invoice).where(Invoice.company_id == company_id, wanted).order_by(Invoice.id)
    open_ones = (await session.scalars(query.with_for_update(key_share=True))).all()
    for one in open_ones:
        if one.paid_minor:
            await settling.release(session, one, moment)
    await invoices.lapse(session, [one.id for one in open_ones], "company-deleted", moment)


async def _delete_some(session: AsyncSession, table: Table, company_id: int, limit: int) -> int:
    """Delete up to so many rows of the company; gives their number."""
    place = column("ctid", _Place())
    some = (
        select(place).select_from(table).where(table.c.company_id == company_id).limit(limit)
    ).scalar_subquery()
    places = func.array(some, type_=ARRAY(_Place()))
    gone = await session.execute(
        delete(table).where(place == any_(places), table.c.company_id == company_id)
    )
    return gone.rowcount if isinstance(gone, CursorResult) else 0
