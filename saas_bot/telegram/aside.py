"""Updates that Telegram was told to forget before they were done: Redis keeps them until they are.

Nothing here raises while Redis is away: what could not be done is told, and tried again.
"""

import asyncio
import json
from collections.abc import Awaitable, Iterable, Mapping
from typing import Any, Final, TypeVar, cast

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

T = TypeVar("T")
Raw = Mapping[str, Any]

PATIENCE: Final = 1.0
"""Seconds that an answer of Redis is waited for: the polling waits meanwhile."""


class Aside:
    """The updates of one bot that are kept so, by their ids."""

    def __init__(self, redis: Redis, bot_id: int) -> None:
        self._redis, self._key = redis, f"saas_bot:updates:{bot_id}"

    async def keep(self, updates: Mapping[int, Raw]) -> bool:
        """Keep updates as Telegram sent them; gives whether that is certain."""
        said: dict[str | bytes, Any] = {str(one): json.dumps(raw) for one, raw in updates.items()}
        return await _tried(self._redis.hset(self._key, mapping=said)) is not None

    async def forget(self, ids: Iterable[int]) -> bool:
        """Keep some no longer; gives whether that is certain."""
        return await _tried(self._redis.hdel(self._key, *map(str, ids))) is not None

    async def left(self) -> list[Raw] | None:
        """What is kept, in the order it came; None where Redis can't be asked."""
        kept = await _tried(self._redis.hvals(self._key))
        if kept is None:
            return None
        return sorted(map(json.loads, kept), key=lambda raw: int(raw["update_id"]))


async def _tried(call: Awaitable[T] | T) -> T | None:
    try:
        async with asyncio.timeout(PATIENCE):
            return await cast("Awaitable[T]", call)
    except (RedisError, OSError, TimeoutError) as error:
        log.warning("updates.not_kept", error=repr(error))
        return None
