"""How many requests a session, and an address, may send in a minute.

Of an address those who have signed in are counted apart from strangers, and these by what they are
after: whoever tries out codes, or sends nonsense, holds up nobody else who comes from there.

All is counted in Redis in one trip, in windows of the clock. While Redis is away nobody is held
back: what costs something is bounded by the pool of the database, and guesses of codes are counted
there.
"""

import asyncio
import time
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_network
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from saas_bot.core.outage import Outage
from saas_bot.web.api.problems import Problem

log = structlog.get_logger(__name__)

WINDOW: Final = 60
"""Seconds."""

PATIENCE: Final = 0.5
"""Seconds that a request waits for Redis."""

_COUNT: Final = """
    local counts = {}
    for place, name in ipairs(KEYS) do
        counts[place] = redis.call('incr', name)
        redis.call('expire', name, ARGV[1])
    end
    return counts
    """
"""One command, of which Python writes and reads less than of four."""


class Kind(Enum):
    """What a request of an address counts as."""

    SIGNED_IN = "address"
    STRANGER = "stranger"
    SIGN_IN = "sign-in"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of an allowance, and the seconds until it is whole again."""

    limit: int
    left: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """The same for the caller (IETF draft "RateLimit header fields for HTTP", version 6)."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.left)),
            "RateLimit-Reset": str(self.seconds),
        }


class Rates:
    """Counts requests; an allowance of 0 is without end."""

    def __init__(self, redis: Redis, *, of_session: int, of_address: int, of_sign_in: int) -> None:
        self._count = redis.register_script(_COUNT)
        self._of_session = of_session
        self._of_address = dict.fromkeys(Kind, of_address) | {Kind.SIGN_IN: of_sign_in}
        self._outage, self._again_at = Outage("redis (rates)"), 0.0

    async def count(self, address: str, kind: Kind, session_id: int | None) -> Standing | None:
        """Count a request; gives the allowance of which least is left, if there is any.

        Raises:
            Problem: 429, that was one too many; with the same headers and `Retry-After`.
        """
        limits = {f"api:{kind.value}:{_place(address)}": self._of_address[kind]}
        if session_id is not None:
            limits[f"api:session:{session_id}"] = self._of_session
        limits = {name: limit for name, limit in limits.items() if limit}
        window, passed = divmod(time.time(), WINDOW)
        counts = await self._counted([f"{name}:{int(window)}" for name in limits])
        seconds = WINDOW - int(passed)
        standings = [
            Standing(limit, limit - count, seconds)
            for limit, count in zip(limits.values(), counts, strict=False)
        ]
        if not standings:
            return None
        least = min(standings, key=lambda one: one.left)
        if least.left < 0:
            headers = least.headers | {"Retry-After": str(seconds)}
            raise Problem(429, headers=headers, seconds=seconds)
        return least

    async def _counted(self, names: list[str]) -> list[int]:
        """The new counts, in order; none while Redis is away, of which it is asked now and then."""
        if not names or time.monotonic() < self._again_at:
            return []
        try:
            async with asyncio.timeout(PATIENCE):
                counts: list[int] = await self._count(names, [WINDOW])
        except (RedisError, OSError, TimeoutError) as error:
            self._again_at = time.monotonic() + self._outage.failed(type(error).__name__, error)
            return []
        self._outage.over()
        return counts


def _place(address: str) -> str:
    """An address as it is counted: of IPv6 the network, all of which one may have (RFC 6177)."""
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
