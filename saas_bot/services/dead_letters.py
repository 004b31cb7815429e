"""What operators see of the outbox, and what they do about what was given up.

Everything here spans companies: it needs a system session, and an operator.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import NotFound
from saas_bot.db.direct import driver_of
from saas_bot.db.models import Company, OutboxMessage
from saas_bot.db.paging import Cursor, Listing, Page
from saas_bot.domain.actor import Account
from saas_bot.services import audit
from saas_bot.services.outbox import Status, wake

PAGE: Final = 5

AT_ONCE: Final = 1000
"""Given-up rows that one command takes up again."""

NEWS: Final = timedelta(days=3)
"""What was given up longer ago is no news: it is taken up again one by one only."""

CAP: Final = 10_000
"""Rows of each state are counted up to here."""

_ENTITY: Final = "notification"

# Each part reads so many rows of an index at most; those that ended, the newest ones.
_STATE: Final = """
    with counted as (
        (select kind, 'due' as state, coalesce(due_at, not_before) as since from outbox
         where status = 'pending' and not_before <= now() order by not_before, id limit $1)
        union all
        (select kind, 'due', due_at from outbox
         where status = 'pending' and attempts > 0 and not_before > now() limit $1)
        union all
        (select kind, 'later', null from outbox
         where status = 'pending' and attempts = 0 and not_before > now()
         order by not_before, id limit $1)
        union all
        (select kind, 'dead', null from outbox where status = 'dead' order by id limit $1)
        union all
        (select kind, status, null from (
            select kind, status from outbox where finished_at > now() - interval '24 hours'
            order by finished_at desc limit $1) ended
         where status <> 'dead'))
    select kind, count(*) filter (where state = 'due') as waiting,
           coalesce(extract(epoch from now() - min(since)), 0)::float8 as oldest_seconds,
           count(*) filter (where state = 'later') as later,
           count(*) filter (where state = 'sent') as sent,
           count(*) filter (where state = 'blocked') as blocked,
           count(*) filter (where state = 'skipped') as skipped,
           count(*) filter (where state = 'dead') as dead
    from counted group by kind order by kind
    """

_RETRY_ALL: Final = """
    with dead as materialized (
        select id from outbox
        where status = 'dead' and finished_at > now() - cast(:news as interval)
        order by id limit :most for update skip locked
    ), again as (
        update outbox set status = 'pending', attempts = 0, not_before = now(), due_at = null,
                          finished_at = null, error = null
        from dead where outbox.id = dead.id
        returning outbox.id, company_id)
    insert into audit_logs (company_id, actor_kind, actor_name, action, entity, entity_id)
    select company_id, 'operator', :name, 'notification.retried', :entity, id from again
    returning id
    """


@dataclass(frozen=True, slots=True)
class KindState:
    """How it stands with the notifications of one kind; counts end at `CAP`."""

    kind: str
    waiting: int
    oldest_seconds: float
    """How long the oldest of those that wait has been due."""
    later: int
    """Not due yet, as those held for the end of quiet hours."""
    sent: int
    blocked: int
    skipped: int
    """Of no concern any more, or dropped; in the last 24 hours, as `sent` and `blocked`."""
    dead: int
    """Given up, and not taken up again since."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A notification that was given up."""

    id: int
    kind: str
    company_id: int
    company_name: str
    at: datetime
    reason: str


async def state(session: AsyncSession, operator: Account) -> list[KindState]:
    """Every kind of which there is anything.

    Raises:
        NotFound: for anybody but operators.
    """
    operator.need_operator()
    return [KindState(**dict(row)) for row in await driver_of(session).fetch(_STATE, CAP)]


def _dead(row: Any) -> DeadLetter:
    return DeadLetter(
        row.id, row.kind, row.company_id, row.company_name, row.finished_at, row.error or ""
    )


_DEAD: Final = (
    select(
        OutboxMessage.id,
        OutboxMessage.kind,
        OutboxMessage.company_id,
        func.coalesce(Company.name, "–").label("company_name"),
        OutboxMessage.finished_at,
        OutboxMessage.error,
    )
    .outerjoin(Company, Company.id == OutboxMessage.company_id)
    .where(text("outbox.status = 'dead'"))
)

_LIST: Final = Listing(
    _DEAD,
    keys=[OutboxMessage.id],
    descending=True,
    size=PAGE,
    make=_dead,
    edge=lambda letter: Cursor(letter.id),
)


async def dead(
    session: AsyncSession,
    operator: Account,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[DeadLetter]:
    """What was given up, the newest first.

    Raises:
        NotFound: for anybody but operators.
    """
    operator.need_operator()
    return await _LIST.page(session, cursor, size=size)


async def one(session: AsyncSession, operator: Account, letter_id: int) -> DeadLetter:
    """One that was given up.

    Raises:
        NotFound: there is none such, or for anybody but operators.
    """
    operator.need_operator()
    row = (await session.execute(_DEAD.where(OutboxMessage.id == letter_id))).one_or_none()
    if row is None:
        raise NotFound("dead-letter-gone")
    return _dead(row)


async def retry(session: AsyncSession, operator: Account, letter_id: int) -> None:
    """Have one sent after all, if it is still of concern then.

    Raises:
        NotFound: there is none such, or for anybody but operators.
    """
    again = {
        "status": "pending",
        "attempts": 0,
        "not_before": func.now(),
        "due_at": None,
        "finished_at": None,
        "error": None,
    }
    await _settle(session, operator, letter_id, "retried", again)
    await wake(session)


async def drop(session: AsyncSession, operator: Account, letter_id: int) -> None:
    """Give one up for good; it is swept like the others that have ended.

    Raises:
        NotFound: there is none such, or for anybody but operators.
    """
    await _settle(session, operator, letter_id, "dropped", {"status": Status.SKIPPED.value})


async def retry_all(session: AsyncSession, operator: Account) -> int:
    """Have all of the last days (`NEWS`) sent after all, the oldest `AT_ONCE` of them at most.

    Gives their number.

    Raises:
        NotFound: for anybody but operators.
    """
    operator.need_operator()
    audit.changes(session)
    values = {"most": AT_ONCE, "news": NEWS, "name": operator.name, "entity": _ENTITY}
    count = len((await session.execute(text(_RETRY_ALL), values)).all())
    await wake(session)
    return count


async def _settle(
    session: AsyncSession, operator: Account, letter_id: int, act: str, values: dict[str, Any]
) -> None:
    operator.need_operator()
    ends = (
        update(OutboxMessage)
        .where(OutboxMessage.id == letter_id, OutboxMessage.status == Status.DEAD.value)
        .values(values)
        .returning(OutboxMessage.company_id, OutboxMessage.kind)
        .execution_options(synchronize_session=False)
    )
    row = (await session.execute(ends)).one_or_none()
    if row is None:
        raise NotFound("dead-letter-gone")
    audit.record_by_operator(
        session,
        operator,
        row.company_id,
        f"notification.{act}",
        _ENTITY,
        letter_id,
        after={"kind": row.kind},
    )
