"""Draining the outbox: which notification may be sent now, and what became of it.

A row is claimed by a lease: its `not_before` moves past the time that sending may take, in a
transaction of its own, so that nothing is locked while we talk to Telegram. A worker that dies
leaves a row that becomes due again. Of one chat only the oldest row that is due may be claimed, and
none while another is leased or postponed: that keeps the order. One that is to wait, as for the
end of quiet hours, holds back nothing. All functions need a system session, since the outbox spans
companies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, CursorResult, Update, delete, func, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.direct import driver_of
from saas_bot.db.models import AccountRow, OutboxMessage, ProcessedUpdate
from saas_bot.services.notifications import Kind

CHANNEL: Final = "outbox"
"""Of NOTIFY: rows that are due have come."""

LEASE: Final = timedelta(seconds=60)
"""How long a claimed row is its worker's own. Sending must take less."""

SHORTEST_HOLD: Final = timedelta(seconds=1)

DEPTH_CAP: Final = 10_000
"""Waiting rows are counted up to here."""

SWEEP_BATCH: Final = 1000
KEEP_FINISHED: Final = timedelta(days=7)
KEEP_DEAD: Final = timedelta(days=30)
KEEP_UPDATES: Final = timedelta(days=3)

# One claim at a time in the whole system: two could each miss what the other is about to lease. A
# plan made while the outbox was empty would look through all of it when it is full.
_ALONE: Final = """
    select pg_advisory_xact_lock(hashtext('saas_bot.outbox')),
           set_config('plan_cache_mode', 'force_custom_plan', true)
    """

# Apart, since a plan may run what stands within `in (...)` once for each row, each time for others.
_CLAIM: Final = """
    with due as materialized (
        select o.id from outbox o
        where o.status = 'pending' and o.not_before <= now() and o.telegram_id <> all($2)
          and not exists (
              select from outbox first
              where first.telegram_id = o.telegram_id and first.status = 'pending'
                and first.not_before <= now() and first.id < o.id)
          and not exists (
              select from outbox leased
              where leased.telegram_id = o.telegram_id and leased.status = 'pending'
                and leased.attempts > 0 and leased.not_before > now() and not leased.set_aside)
        order by o.not_before, o.id limit $3
        for update skip locked)
    update outbox set attempts = attempts + 1, not_before = now() + $1,
                      due_at = coalesce(due_at, not_before), set_aside = false
    from due where outbox.id = due.id
    returning outbox.*, exists (
        select from accounts a
        where a.telegram_id = outbox.telegram_id and a.blocked_at is not null) as unreachable
    """

_NEXT_DUE: Final = """
    select extract(epoch from min(not_before) - now())::float8 as seconds
    from outbox where status = 'pending' and not_before > now()
    """

# Both this and `stop_telling` hold the account before its rows.
_BACK: Final = """
    with back as (
        update accounts set blocked_at = null
        where telegram_id = $1 and blocked_at is not null returning telegram_id)
    update outbox set status = 'blocked', finished_at = now(), error = $2
    where telegram_id = $1 and status = 'pending' and (not_before <= now() or attempts > 0)
      and exists (select from back)
    """

# Each part reads so many rows of an index at most.
_BACKLOG: Final = """
    select kind, count(*) filter (where not dead) as depth, count(*) filter (where dead) as dead,
           coalesce(extract(epoch from now() - min(since)), 0)::float8 as oldest_seconds
    from (
        (select kind, coalesce(due_at, not_before) as since, false as dead from outbox
         where status = 'pending' and not_before <= now() order by not_before, id limit $1)
        union all
        (select kind, coalesce(due_at, created_at), false from outbox
         where status = 'pending' and attempts > 0 and not_before > now() limit $1)
        union all
        (select kind, null, true from outbox where status = 'dead' order by id limit $1)) counted
    group by kind
    """


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


@dataclass(frozen=True, slots=True)
class Held:
    """Said of a row that is to be sent only from this moment on, as after quiet hours."""

    until: datetime
    at_once: tuple[Any, ...] = ()
    """Calls of the Bot API that are made all the same: they wake nobody."""


async def claim(session: AsyncSession, limit: int, *, resting: Sequence[int] = ()) -> list[Claimed]:
    """Lease up to `limit` due rows, one a chat at most, none of the `resting` chats."""
    driver = driver_of(session)
    await driver.fetch(_ALONE)
    rows = await driver.fetch(_CLAIM, LEASE, list(resting), limit)
    claimed = []
    for row in rows:
        values = dict(row)
        unreachable = values.pop("unreachable")
        claimed.append(Claimed(OutboxMessage(**values), unreachable))
    return claimed


async def next_due(session: AsyncSession) -> float | None:
    """Seconds until one more row is due, or a lease ends; None where nothing else waits."""
    (row,) = await driver_of(session).fetch(_NEXT_DUE)
    seconds: float | None = row["seconds"]
    return seconds


async def wake(session: AsyncSession) -> None:
    """Have the workers look once this commits: the trigger of the outbox sees new rows only."""
    await session.execute(select(func.pg_notify(CHANNEL, "")))


async def finish(
    session: AsyncSession, message: OutboxMessage, status: Status, error: str | None = None
) -> None:
    """Note that a claimed row is done with, unless its lease ended and another took it."""
    await session.execute(
        _change(message).values(status=status.value, finished_at=func.now(), error=error)
    )


async def postpone(
    session: AsyncSession,
    message: OutboxMessage,
    seconds: float,
    error: str,
    *,
    set_aside: bool = False,
) -> None:
    """Give a claimed row back, to be tried again in so many seconds.

    Its chat waits with it, unless it is set aside: what fails by a fault of our own may do so each
    time, and holds back nothing.
    """
    again = func.now() + timedelta(seconds=seconds)
    values = {"not_before": again, "error": error, "set_aside": set_aside}
    await session.execute(_change(message).values(**values))


async def hold(session: AsyncSession, message: OutboxMessage, held: Held) -> None:
    """Give a claimed row back until its moment, as though nobody had tried it.

    That may not be at once, or it would be claimed again and again.
    """
    at = func.greatest(held.until, func.now() + SHORTEST_HOLD)
    values = {"not_before": at, "attempts": 0, "due_at": None, "error": None}
    await session.execute(_change(message).values(values))


async def stop_telling(session: AsyncSession, message: OutboxMessage, error: str) -> None:
    """The person has blocked the bot: remember it, and send nothing of what is due for them.

    What is for later is looked at when it is due: they may be back by then. Where they are so
    already, and the row that Telegram refused is settled, there is nothing to remember.
    """
    person = select(AccountRow.telegram_id).where(AccountRow.telegram_id == message.telegram_id)
    await session.execute(person.with_for_update())
    if await session.scalar(select(OutboxMessage.id).where(*_mine(message))) is None:
        return
    await session.execute(
        update(AccountRow)
        .where(AccountRow.telegram_id == message.telegram_id, AccountRow.blocked_at.is_(None))
        .values(blocked_at=func.now())
    )
    await session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.telegram_id == message.telegram_id,
            OutboxMessage.status == "pending",
            or_(OutboxMessage.not_before <= func.now(), OutboxMessage.attempts > 0),
        )
        .values(status=Status.BLOCKED.value, finished_at=func.now(), error=error)
    )


async def tell_again(session: AsyncSession, telegram_id: int) -> None:
    """The person has let the bot in again: from now on they are told what is new.

    What came to be due meanwhile stays unsent, whether a worker has looked at it or not.
    """
    await driver_of(session).fetch(_BACK, telegram_id, "the person had blocked the bot")


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many rows of one kind are due, for how many seconds the oldest has been, and how many
    were given up; counted up to `DEPTH_CAP`."""

    depth: int = 0
    oldest_seconds: float = 0.0
    dead: int = 0


async def backlog(session: AsyncSession) -> dict[str, Backlog]:
    """The backlog of the whole system by kind, each kind of which we know among them."""
    known = dict.fromkeys((kind.value for kind in Kind), Backlog())
    rows = await driver_of(session).fetch(_BACKLOG, DEPTH_CAP)
    return known | {
        row["kind"]: Backlog(row["depth"], row["oldest_seconds"], row["dead"]) for row in rows
    }


async def sweep_finished(session: AsyncSession) -> int:
    """Delete a batch of rows that were done with a week ago; gives their number.

    What was given up is kept for a month, until somebody has had the time to look at it.
    """
    kept = OutboxMessage.status == Status.DEAD.value
    old = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.finished_at < now() - KEEP_FINISHED,
            not_(kept) | (OutboxMessage.finished_at < now() - KEEP_DEAD),
        )
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


def _change(message: OutboxMessage) -> Update:
    return update(OutboxMessage).where(*_mine(message))


def _mine(message: OutboxMessage) -> tuple[ColumnElement[bool], ...]:
    """The row, provided that it is not settled and hasn't been claimed anew since."""
    return (
        OutboxMessage.id == message.id,
        OutboxMessage.status == "pending",
        OutboxMessage.attempts == message.attempts,
    )
