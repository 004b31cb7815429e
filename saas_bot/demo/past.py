"""The past of the demo company: what the services write is dated back to when it is told to be."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, UOWTransaction

from saas_bot.core.clock import now
from saas_bot.demo.story import When


class Past:
    """A clock that stands at the moment being told, and dates the session's new rows by it.

    Rows are dated as they are inserted: the audit trail can't be changed afterwards.
    """

    def __init__(self, session: AsyncSession, timezone: str) -> None:
        self._session, self._zone = session, ZoneInfo(timezone)
        self._at = now()
        event.listen(session.sync_session, "before_flush", self._date)

    def moment(self, when: When) -> datetime:
        """That time of that working day."""
        days, clock = when
        day = _working_day(now().astimezone(self._zone).date(), days)
        return datetime.combine(day, time.fromisoformat(clock), self._zone)

    def go_to(self, when: When) -> None:
        """From now on things happen then."""
        self._at = self.moment(when)

    async def settle(self, task_id: int) -> None:
        """Write what is pending, and date back what the change of a task has set to this moment."""
        await self._session.flush()
        for statement in _DATED_BACK:
            await self._session.execute(statement, {"at": self._at, "task": task_id})

    def _date(self, session: Session, _: UOWTransaction, __: object) -> None:
        for row in session.new:
            for column in row.__table__.columns:
                if column.name in _WRITTEN and getattr(row, column.name) is None:
                    setattr(row, column.name, self._at)


_WRITTEN = ("at", "created_at", "updated_at", "submitted_at")

_DATED_BACK = (
    text(
        "update tasks set updated_at = :at, closed_at = case when closed_at is not null then"
        " cast(:at as timestamptz) end where id = :task"
    ),
    text("update reviews set decided_at = :at where task_id = :task and decided_at > :at"),
)


def _working_day(today: date, days: int) -> date:
    """The working day so many after today, or before it."""
    step, left = timedelta(days=1 if days > 0 else -1), abs(days)
    while left:
        today += step
        left -= today.weekday() < 5
    return today
