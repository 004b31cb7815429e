"""When a person's daily digest comes: once a day at an hour of their own clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from saas_bot.core.errors import Invalid

HOURS = range(24)

_SATURDAY = 5
_DAYS_AHEAD = 9
"""A day already told of and a weekend may lie before the next digest."""


@dataclass(frozen=True, slots=True)
class DigestSchedule:
    """The hour, in an IANA timezone, at which a digest comes on each day or on weekdays only.

    Raises:
        Invalid: there is no such hour.
    """

    hour: int
    weekdays: bool
    timezone: str

    def __post_init__(self) -> None:
        if self.hour not in HOURS:
            raise Invalid("stale-button")

    def next(self, after: datetime, told_at: datetime | None = None) -> datetime:
        """The first moment after `after`, on a later day than that of the last digest."""
        today = self._day(after)
        for days in range(_DAYS_AHEAD):
            day = today + timedelta(days=days)
            at = self._at(day)
            if at is not None and at > after and not self._told(day, told_at):
                return at
        raise AssertionError("there is a digest every week")

    def is_due(self, now: datetime, since: datetime, told_at: datetime | None = None) -> bool:
        """Whether today's digest is to be sent now: it came up from `since` to `now`.

        That of a day that is over is never sent.
        """
        today = self._day(now)
        at = self._at(today)
        return at is not None and since <= at <= now and not self._told(today, told_at)

    def _at(self, day: date) -> datetime | None:
        """The moment of that day; None on a day without.

        An hour that the clock skips comes as much later as it skips, one that comes twice counts
        the first time (PEP 495, fold=0).
        """
        if self.weekdays and day.weekday() >= _SATURDAY:
            return None
        return datetime.combine(day, time(self.hour), ZoneInfo(self.timezone)).astimezone(UTC)

    def _told(self, day: date, told_at: datetime | None) -> bool:
        return told_at is not None and self._day(told_at) >= day

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.timezone)).date()
