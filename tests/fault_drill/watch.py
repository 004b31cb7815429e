"""What `/healthz` of a process says all the while."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

import aiohttp

EVERY = 0.2


@dataclass(frozen=True, slots=True)
class Look:
    """One answer: when it was asked for, how long it took, its status and what is failing."""

    at: float
    seconds: float
    status: int
    failing: frozenset[str]
    """As `database: unreachable`."""


@dataclass
class Watch:
    """Looks five times a second."""

    url: str
    looks: list[Look] = field(default_factory=list)

    async def run(self) -> None:
        """Look until cancelled."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
            while True:
                self.looks.append(await _look(http, self.url))
                await asyncio.sleep(EVERY)

    def until(self, status: int, since: float) -> float | None:
        """Seconds from then to the first answer of this status; None: there was none."""
        for one in self._since(since):
            if one.status == status:
                return one.at + one.seconds - since
        return None

    def failing(self, since: float, until: float) -> Counter[str]:
        """How often each failure was named."""
        looks = (one for one in self._since(since) if one.at < until)
        return Counter(name for one in looks for name in one.failing)

    def slowest(self, since: float, until: float) -> float:
        """Seconds that the slowest answer took."""
        return max((one.seconds for one in self._since(since) if one.at < until), default=0.0)

    def _since(self, since: float) -> list[Look]:
        return [one for one in self.looks if one.at >= since]


async def _look(http: aiohttp.ClientSession, url: str) -> Look:
    began = time.monotonic()
    try:
        async with http.get(url) as response:
            body = await response.json()
            failing = frozenset(
                f"{name}: {part['error']}"
                for name, part in body["parts"].items()
                if part["status"] != "ok"
            )
            return Look(began, time.monotonic() - began, response.status, failing)
    except (aiohttp.ClientError, TimeoutError):
        return Look(began, time.monotonic() - began, 0, frozenset())
