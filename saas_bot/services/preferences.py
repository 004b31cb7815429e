"""What a person wants to be told, and when they want to be left alone.

It is the account's, whatever the company, and it counts when a notification is sent: a change of
mind takes effect for what waits already.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import ARRAY, Text, bindparam, func, update
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.models import AccountRow, OutboxMessage
from saas_bot.domain.actor import Account
from saas_bot.domain.events import Event
from saas_bot.domain.permissions import Permission, Role, may
from saas_bot.domain.quiet_hours import QuietHours, until
from saas_bot.services.notifications import Kind
from saas_bot.services.outbox import LEASE, wake


@dataclass(frozen=True, slots=True)
class Told:
    """The kinds of notification that tell of an event, and the permission of those it concerns."""

    needs: Permission
    kinds: frozenset[Kind]


def _told(needs: Permission, *kinds: Kind) -> Told:
    return Told(needs, frozenset(kinds))


EVENTS: Final[dict[Event, Told]] = {
    Event.ASSIGNED: _told(Permission.TASK_WORK, Kind.ASSIGNED, Kind.UNASSIGNED),
    Event.SUBMITTED: _told(Permission.REVIEW_DECIDE, Kind.SUBMITTED),
    Event.WAITS: _told(Permission.REVIEW_DECIDE, Kind.REVIEW_WAITS),
    Event.RETURNED: _told(Permission.TASK_WORK, Kind.RETURNED),
    Event.ACCEPTED: _told(Permission.TASK_SEE, Kind.ACCEPTED),
    Event.STOPPED: _told(Permission.TASK_SEE, Kind.CANCELLED, Kind.REOPENED),
    Event.COMMENTED: _told(Permission.TASK_COMMENT, Kind.COMMENTED),
    Event.MENTIONED: _told(Permission.TASK_COMMENT, Kind.MENTIONED),
    Event.FILES: _told(Permission.FILE_DOWNLOAD, Kind.FILES_ADDED),
    Event.DUE: _told(Permission.TASK_WORK, Kind.DUE_SOON),
    Event.OVERDUE: _told(Permission.TASK_WORK, Kind.OVERDUE),
    Event.PROJECTS: _told(
        Permission.PROJECT_SEE,
        Kind.PROJECT_ARCHIVED,
        Kind.PROJECT_RESTORED,
        Kind.PROJECT_DELETED,
    ),
    Event.PEOPLE: _told(Permission.MEMBER_SEE, Kind.MEMBER_JOINED, Kind.MEMBER_LEFT),
    Event.BILLING: _told(
        Permission.BILLING,
        Kind.TRIAL_ENDS,
        Kind.TRIAL_ENDED,
        Kind.RENEWAL_READY,
        Kind.PERIOD_ENDED,
        Kind.GRACE_ENDS,
        Kind.SUBSCRIPTION_EXPIRED,
        Kind.SUBSCRIPTION_ENDED,
        Kind.SUBSCRIPTION_GRANTED,
        Kind.PAID,
        Kind.PAYMENT_PARTIAL,
        Kind.PAYMENT_FLAGGED,
        Kind.REFUNDED,
        Kind.INVOICE_VOIDED,
    ),
}
"""Whatever is of no event can't be switched off: it changes what a person may do or has to do."""

_EVENT_OF: Final = {kind: event for event, told in EVENTS.items() for kind in told.kinds}


def events_of(role: Role) -> Sequence[Event]:
    """The events that can concern someone of this role."""
    return [event for event, told in EVENTS.items() if may(role, told.needs)]


def wants(account: Account, kind: Kind) -> bool:
    """Whether the person wants to be told of this."""
    return _EVENT_OF.get(kind) not in account.events_off


async def tell_of(session: AsyncSession, account: Account, event: Event, *, on: bool) -> Account:
    """Tell the person of such events from now on, or no more."""
    name = bindparam("event", event.value, Text())
    others = func.array_remove(AccountRow.events_off, name, type_=ARRAY(Text))
    off = others if on else func.array_append(others, name, type_=ARRAY(Text))
    changed = await session.scalar(
        update(AccountRow)
        .where(AccountRow.telegram_id == account.telegram_id)
        .values(events_off=off)
        .returning(AccountRow.events_off)
    )
    return replace(account, events_off=frozenset(changed or ()))


async def set_quiet_hours(
    session: AsyncSession, account: Account, hours: QuietHours | None
) -> Account:
    """Leave the person alone in these hours, or in none; what they held is looked at anew."""
    await look_again(session, account)
    await session.execute(
        update(AccountRow)
        .where(AccountRow.telegram_id == account.telegram_id)
        .values(quiet_from=hours.start if hours else None, quiet_to=hours.end if hours else None)
    )
    return replace(account, quiet_hours=hours)


def quiet_until(account: Account, message: OutboxMessage) -> datetime | None:
    """Until when a message that was just claimed is to wait; None where it may be sent now.

    It goes by the moment of the claim, and so by the one clock of the database: one that is due at
    the end of quiet hours is not claimed before it, whatever the clock of the worker shows.
    """
    return until(message.not_before - LEASE, account.timezone, account.quiet_hours)


async def look_again(session: AsyncSession, account: Account) -> None:
    """Before quiet hours or timezone change: what waits for the end of these is due at once.

    The worker then holds it anew, as far as it is still quiet.
    """
    end = until(now(), account.timezone, account.quiet_hours)
    if end is None:
        return
    await session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.telegram_id == account.telegram_id,
            OutboxMessage.status == "pending",
            OutboxMessage.attempts == 0,
            OutboxMessage.not_before == end,
            OutboxMessage.snooze_of.is_(None),
        )
        .values(not_before=func.now())
    )
    await wake(session)
