"""Something outside is away for a while: wait longer and longer, and say so once."""

import asyncio
import random

import structlog

log = structlog.get_logger(__name__)


def backoff(attempt: int, *, first: float, most: float) -> float:
    """Seconds to wait after the `attempt`-th failure: doubling up to `most`, less up to a quarter.

    The jitter keeps those who failed together from trying again together.
    """
    delay = min(most, first * 2.0 ** min(attempt - 1, 30))
    return delay * random.uniform(0.75, 1.0)  # noqa: S311  # nosec B311


class Outage:
    """Whether an outside part can be had; the log has a line when it goes, and when it is back."""

    def __init__(self, part: str, *, first: float = 0.5, most: float = 8.0) -> None:
        self.part = part
        self.code: str | None = None
        """A short word for what is wrong now; None while all is well."""
        self._first, self._most, self._failures = first, most, 0

    def failed(self, code: str, detail: object = "") -> float:
        """Note a failure; gives the seconds to wait before the next try."""
        if code != self.code:
            log.warning("part.away", part=self.part, error=code, detail=str(detail))
        self.code = code
        self._failures += 1
        return backoff(self._failures, first=self._first, most=self._most)

    async def wait_out(self, code: str, detail: object = "") -> None:
        """Note a failure and wait until it is time to try again."""
        await asyncio.sleep(self.failed(code, detail))

    def over(self) -> None:
        """Note that it works."""
        if self.code is not None:
            log.info("part.back", part=self.part, failures=self._failures)
        self.code, self._failures = None, 0
