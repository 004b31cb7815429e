"""Notifications put off by their readers: the same row once more, to be sent later.

They are the account's own rows of the outbox, whatever the company, and are rendered anew when
their time has come, with the rights of that moment. All functions need a system session.
"""

from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.dates import moment_of
from saas_bot.core.errors import Conflict, NotFound
from saas_bot.db.models import OutboxMessage
from saas_bot.domain.actor import Account
from saas_bot.domain.events import Later
from saas_bot.domain.quiet_hours import until

# Written out: with a parameter in it, PostgreSQL can't tell which index is meant.
_WAITING: Final = text("status = 'pending' and snooze_of is not null")

MORNING: Final = time(9)
NEW_DAY: Final = time(4)
"""Before it, the day that has begun by the calendar has not begun for whoever is still awake."""


def moment(account: Account, later: Later) -> datetime:
    """When that is for this person, in UTC; in quiet hours it is their end."""
    at = now() + timedelta(hours=1)
    if later is Later.MORNING:
        zone = ZoneInfo(account.timezone)
        local = now().astimezone(zone)
        day = local.date() + timedelta(days=local.time() >= NEW_DAY)
        at = moment_of(datetime.combine(day, MORNING), zone)
    return until(at, account.timezone, account.quiet_hours) or at


async def find(session: AsyncSession, account: Account, message_id: int) -> OutboxMessage:
    """A notification that the person has got.

    Raises:
        NotFound: it was not theirs, or is so old that nothing is known of it any more.
    """
    mine = (OutboxMessage.id == message_id) & (OutboxMessage.telegram_id == account.telegram_id)
    message = await session.scalar(select(OutboxMessage).where(mine))
    if message is None:
        raise NotFound("notification-gone")
    return message


async def snooze(session: AsyncSession, message: OutboxMessage, at: datetime) -> None:
    """Send it again at that moment, once; a snooze that waits already is moved there.

    Raises:
        Conflict: the worker is sending it again right now.
    """
    row = OutboxMessage
    values: dict[str, Any] = {
        "company_id": message.company_id,
        "telegram_id": message.telegram_id,
        "kind": message.kind,
        "payload": {**message.payload, "snoozed": True},
        "not_before": at,
        "snooze_of": message.id,
    }
    waits = (
        insert(row)
        .values(values)
        .on_conflict_do_update(
            index_elements=["snooze_of"],
            index_where=_WAITING,
            set_={"not_before": at},
            where=_untried(),
        )
    )
    if await session.scalar(waits.returning(row.id)) is None:
        raise Conflict("snooze-over")


async def undo(session: AsyncSession, message: OutboxMessage) -> bool:
    """Do not send it again; False where that has been done, or is being done right now."""
    waiting = delete(OutboxMessage).where(OutboxMessage.snooze_of == message.id, _untried())
    return await session.scalar(waiting.returning(OutboxMessage.id)) is not None


def _untried() -> ColumnElement[bool]:
    return (OutboxMessage.status == "pending") & (OutboxMessage.attempts == 0)
