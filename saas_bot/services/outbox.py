"""Draining the outbox: which notification may be sent now, and what became of it.

A row is claimed by a lease: its `not_before` moves past the time that sending may take, in a
transaction of its own, so that nothing is locked while we talk to Telegram. A worker that dies
leaves a row that becomes due again. Of one chat only the oldest pending row may be claimed, and
none while another is leased or postponed: that keeps the order. All functions need a system
session, since the outbox spans companies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import CursorResult, Update, delete, func, not_, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from saas_bot.core.clock import now
from saas_bot.db.models import AccountRow, OutboxMessage, ProcessedUpdate

LEASE: Final = timedelta(seconds=60)
"""How long a claimed row is its worker's own. Sending must take less."""

DEPTH_CAP: Final = 10_000
"""Waiting rows are counted up to here."""

SWEEP_BATCH: Final = 1000
KEEP_FINISHED: Final = timedelta(days=7)
KEEP_UPDATES: Final = timedelta(days=3)

# One claim at a time in the whole system: two could each miss what the other is about to lease.
_ONE_CLAIM_AT_A_TIME = text("select pg_advisory_xact_lock(hashtext('saas_bot.outbox'))")


class Status(StrEnum):
    """How a row leaves the outbox."""

    SENT = "sent"
    SKIPPED = "skipped"
    BLOCKED = "blocked"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that is ours to send until its lease ends."""

    message: OutboxMessage
    unreachable: bool
    """The person has blocked the bot."""


async def claim(session: AsyncSession, limit: int, *, resting: Sequence[int] = ()) -> list[Claimed]:
    """Lease up to `limit` due rows, one a chat at most, none of the `resting` chats."""
    await session.execute(_ONE_CLAIM_AT_A_TIME)
    row, other = OutboxMessage, aliased(OutboxMessage)
    in_the_way = (
        select(other.id)
        .where(
            other.telegram_id == row.telegram_id,
            other.status == "pending",
            or_(other.id < row.id, (other.attempts > 0) & (other.not_before > func.now())),
        )
        .exists()
    )
    due = (
        select(row.id)
        .where(row.status == "pending", row.not_before <= func.now(), not_(in_the_way))
        .order_by(row.not_before, row.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if resting:
        due = due.where(row.telegram_id.not_in(resting))
    blocked = select(AccountRow.blocked_at.is_not(None)).where(
        AccountRow.telegram_id == row.telegram_id
    )
    rows = await session.execute(
        update(row)
        .where(row.id.in_(due))
        .values(attempts=row.attempts + 1, not_before=func.now() + LEASE)
        .returning(row, func.coalesce(blocked.scalar_subquery(), False))
        .execution_options(synchronize_session=False)
    )
    return [Claimed(message, unreachable) for message, unreachable in rows]


async def finish(
    session: AsyncSession, message: OutboxMessage, status: Status, error: str | None = None
) -> None:
    """Note that a claimed row is done with, unless its lease ended and another took it."""
    await session.execute(
        _mine(message).values(status=status.value, finished_at=func.now(), error=error)
    )


async def postpone(
    session: AsyncSession, message: OutboxMessage, seconds: float, error: str
) -> None:
    """Give a claimed row back, to be tried again in so many seconds; its chat waits with it."""
    again = func.now() + timedelta(seconds=seconds)
    await session.execute(_mine(message).values(not_before=again, error=error))


async def stop_telling(session: AsyncSession, message: OutboxMessage, error: str) -> None:
    """The person has blocked the bot: remember it, and send nothing of what waits for them."""
    await session.execute(
        update(AccountRow)
        .where(AccountRow.telegram_id == message.telegram_id, AccountRow.blocked_at.is_(None))
        .values(blocked_at=func.now())
    )
    await session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.telegram_id == message.telegram_id, OutboxMessage.status == "pending")
        .values(status=Status.BLOCKED.value, finished_at=func.now(), error=error)
    )


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits to be sent (counted up to `DEPTH_CAP`), and for how long the oldest has."""

    depth: int
    oldest_seconds: float


async def backlog(session: AsyncSession) -> Backlog:
    """The backlog of the whole system, from the rows that are due first."""
    waiting = (
        select(OutboxMessage.created_at)
        .where(OutboxMessage.status == "pending")
        .order_by(OutboxMessage.not_before, OutboxMessage.id)
        .limit(DEPTH_CAP)
        .subquery()
    )
    oldest = func.extract("epoch", func.now() - func.min(waiting.c.created_at))
    depth, seconds = (await session.execute(select(func.count(), oldest))).one()
    return Backlog(depth, float(seconds or 0))


async def sweep_finished(session: AsyncSession) -> int:
    """Delete a batch of rows that were done with a week ago; gives their number."""
    old = (
        select(OutboxMessage.id)
        .where(OutboxMessage.finished_at < now() - KEEP_FINISHED)
        .limit(SWEEP_BATCH)
        .with_for_update(skip_locked=True)
    )
    done = await session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(old)))
    return _count(done)


async def sweep_updates(session: AsyncSession) -> int:
    """Forget a batch of Telegram updates handled three days ago; gives their number.

    Telegram keeps an update for a day at most (Bot API, getting updates), so none of them comes
    again.
    """
    old = (
        select(ProcessedUpdate.update_id)
        .where(ProcessedUpdate.at < now() - KEEP_UPDATES)
        .limit(SWEEP_BATCH)
        .with_for_update(skip_locked=True)
    )
    done = await session.execute(delete(ProcessedUpdate).where(ProcessedUpdate.update_id.in_(old)))
    return _count(done)


def _count(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0


def _mine(message: OutboxMessage) -> Update:
    """The row, provided that it hasn't been claimed anew since."""
    return update(OutboxMessage).where(
        OutboxMessage.id == message.id,
        OutboxMessage.status == "pending",
        OutboxMessage.attempts == message.attempts,
    )
