"""The hours in which a person wants to be left alone, by the clock on their wall."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until just before `end`, in whole minutes; over midnight if that is earlier."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError("quiet hours that begin when they end would never do so")

    @classmethod
    def of(cls, start: time | None, end: time | None) -> Self | None:
        """As they are stored; None where there are none."""
        return cls(start, end) if start is not None and end is not None else None

    def hold(self, wall: time) -> bool:
        """Whether it is quiet when the clock shows this."""
        if self.start < self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end


def until(moment: datetime, zone: str, hours: QuietHours | None) -> datetime | None:
    """The next moment at which it is not quiet any more, in UTC; None where it is not quiet now.

    What the clock shows decides, also when it is turned: where it skips the end of the quiet hours
    they end with the skip, and where it shows a quiet time twice it is quiet twice. Offsets of the
    zones in use are whole minutes, so each minute is either quiet or not.
    """
    if hours is None:
        return None
    here = ZoneInfo(zone)
    after = moment.astimezone(UTC).replace(second=0, microsecond=0)
    if not hours.hold(after.astimezone(here).time()):
        return None
    while hours.hold(after.astimezone(here).time()):
        after += _MINUTE
    return after
