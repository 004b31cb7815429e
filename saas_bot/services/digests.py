"""The daily digest: when each person wants it, and queueing those that are due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.direct import driver_of
from saas_bot.db.models import AccountRow
from saas_bot.domain.actor import Account
from saas_bot.domain.digest_schedule import DigestSchedule
from saas_bot.services.outbox import SWEEP_BATCH

_A_DAY = timedelta(days=1)
_OVER_A_WEEKEND = timedelta(days=4)

_CHOSEN = """
    select digest_hour, digest_weekdays, digest_told_at from accounts where telegram_id = $1
    """

_DUE = """
    select telegram_id, timezone, digest_hour, digest_weekdays, digest_at, digest_told_at,
           blocked_at is null as reachable
    from accounts where digest_at <= $1
    order by digest_at limit $2
    for update skip locked
    """

_MOVE_ON = """
    update accounts a
    set digest_at = moved.next_at, digest_told_at = coalesce(moved.told_at, a.digest_told_at)
    from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[])
        moved(telegram_id, next_at, told_at)
    where a.telegram_id = moved.telegram_id
    """

# One for each company that they are a user of.
_QUEUE = """
    insert into outbox (company_id, telegram_id, kind, payload)
    select u.company_id, u.telegram_id, 'digest',
           jsonb_build_object('at', $3::timestamptz, 'since', told.since,
                              'several', count(*) over (partition by u.telegram_id) > 1)
    from unnest($1::bigint[], $2::timestamptz[]) told(telegram_id, since)
    join users u on u.telegram_id = told.telegram_id and u.status = 'active'
    join companies c on c.id = u.company_id and c.deleted_at is null
    order by u.telegram_id, u.company_id
    """


@dataclass(frozen=True, slots=True)
class Choice:
    """When a person gets their digest: at no `hour`, never."""

    hour: int | None
    weekdays: bool
    next_at: datetime | None


async def chosen(session: AsyncSession, account: Account) -> Choice:
    """What the person has chosen, and when the next digest comes. It needs a system session."""
    (row,) = await driver_of(session).fetch(_CHOSEN, account.telegram_id)
    hour, weekdays, told_at = row
    if hour is None:
        return Choice(None, weekdays, None)
    schedule = DigestSchedule(hour, weekdays, account.timezone)
    return Choice(hour, weekdays, schedule.next(now(), told_at))


async def choose(
    session: AsyncSession, account: Account, hour: int | None, *, weekdays: bool
) -> Choice:
    """Have the digest come at that hour from now on, or never. It needs a system session.

    Whoever has had one today gets the next one on another day.

    Raises:
        Invalid: there is no such hour.
    """
    if hour is not None:
        DigestSchedule(hour, weekdays, account.timezone)
    values = {
        "digest_hour": hour,
        "digest_weekdays": weekdays,
        "digest_at": None if hour is None else now(),
    }
    await session.execute(
        update(AccountRow).where(AccountRow.telegram_id == account.telegram_id).values(values)
    )
    return await chosen(session, account)


async def queue_due(session: AsyncSession, moment: datetime | None = None) -> int:
    """Queue the digests of a batch of people whose hour has come by `moment` (None: now).

    Gives how many people it looked at; fewer than `SWEEP_BATCH`, and there is nobody left. Each is
    moved on to their next moment in the same transaction, so that one digest a day is queued
    however many workers try. One that is hours late still comes on its day, and none on another.
    It needs a system session.
    """
    moment = moment or now()
    driver = driver_of(session)
    people = await driver.fetch(_DUE, moment, SWEEP_BATCH)
    moved: list[tuple[int, datetime, datetime | None]] = []
    told: list[tuple[int, datetime]] = []
    for one in people:
        tells, next_at = _next(one, moment)
        moved.append((one["telegram_id"], next_at, moment if tells else None))
        if tells:
            told.append((one["telegram_id"], _since(one["digest_told_at"], moment)))
    if told:
        await driver.fetch(_QUEUE, *map(list, zip(*told, strict=True)), moment)
    if moved:
        await driver.fetch(_MOVE_ON, *map(list, zip(*moved, strict=True)))
    return len(people)


def _next(one: Any, moment: datetime) -> tuple[bool, datetime]:
    """Whether a person is told now, and when to look again."""
    schedule = DigestSchedule(one["digest_hour"], one["digest_weekdays"], one["timezone"])
    told_at = one["digest_told_at"]
    tells = one["reachable"] and schedule.is_due(moment, one["digest_at"], told_at)
    return tells, schedule.next(moment, moment if tells else told_at)


def _since(told_at: datetime | None, moment: datetime) -> datetime:
    """What has come since then is new: since the last digest, if that isn't long ago."""
    if told_at is None or moment - told_at > _OVER_A_WEEKEND:
        return moment - _A_DAY
    return told_at
