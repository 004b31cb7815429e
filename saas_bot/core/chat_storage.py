"""A chat in Redis: its dialog, its lock, and how much its person sends.

aiogram's storage, isolation and a throttle would each make trips of their own; an update needs all
three before anything else, so one script does them together.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from aiogram.fsm.storage.base import DefaultKeyBuilder, StorageKey
from aiogram.fsm.storage.redis import RedisStorage
from redis.asyncio import Redis

DIALOG_LIFETIME: Final = 24 * 3600
"""Seconds after which an unfinished dialog is forgotten."""

MEMORY_LIFETIME: Final = 180 * 24 * 3600
"""Seconds after which it is forgotten how a person, unchanged since, wanted their lists."""

LOCK_LIFETIME: Final = 30
"""Seconds after which the lock of a chat is free again, should its process have been killed."""

_LOCK_RETRY: Final = 0.05
"""Seconds between two tries for a lock that another process holds."""

_ENTER: Final = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
if count > tonumber(ARGV[2]) then return {count, 0} end
if not redis.call('SET', KEYS[2], ARGV[3], 'NX', 'EX', ARGV[4]) then return {count, 0} end
return {count, 1, redis.call('GET', KEYS[3]), redis.call('GET', KEYS[4]),
        redis.call('GET', KEYS[5])}
"""

_LEAVE: Final = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
"""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many updates a person may send in each `window` seconds."""

    limit: int = 30
    window: int = 10


@dataclass(frozen=True, slots=True)
class Entered:
    """What an update finds: how many its person has sent, where they are in a dialog, and what is
    kept in mind of them."""

    count: int
    state: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)


class ChatStorage(RedisStorage):
    """aiogram's storage of dialogs, and around an update the lock and the count in one trip."""

    def __init__(self, redis: Redis, allowance: Allowance) -> None:
        keys = DefaultKeyBuilder(prefix="fsm", with_bot_id=True)
        super().__init__(redis, keys, state_ttl=DIALOG_LIFETIME, data_ttl=DIALOG_LIFETIME)
        self.allowance = allowance
        self._enter = redis.register_script(_ENTER)
        self._leave = redis.register_script(_LEAVE)

    @asynccontextmanager
    async def entered(self, key: StorageKey) -> AsyncIterator[Entered]:
        """Count an update of the person, and hold their chat while it is handled.

        Beyond the allowance it is only counted: the chat is not held, and no dialog is read.
        """
        name = partial(self.key_builder.build, key)
        lock, state, data = name("lock"), name("state"), name("data")
        memory = _memory(key.user_id)
        token, allowance = uuid.uuid4().bytes, self.allowance
        count, held, *dialog = await self._enter(
            keys=[f"throttle:{key.user_id}", lock, state, data, memory],
            args=[allowance.window, allowance.limit, token, LOCK_LIFETIME],
        )
        if count > allowance.limit:
            yield Entered(count)
            return
        if not held:
            await self._wait_for(lock, token)
            dialog = await self.redis.mget(state, data, memory)
        try:
            yield Entered(count, *self._read(*dialog))
        finally:
            await self._leave(keys=[lock], args=[token])

    async def _wait_for(self, lock: str, token: bytes) -> None:
        # Redis tells nobody that a lock is free; within one process nobody comes to wait here.
        while not await self.redis.set(lock, token, nx=True, ex=LOCK_LIFETIME):  # noqa: ASYNC110
            await asyncio.sleep(_LOCK_RETRY)

    def _read(
        self, state: bytes | None, data: bytes | None, memory: bytes | None
    ) -> tuple[str | None, dict[str, Any], dict[str, Any]]:
        kept = self.json_loads(memory) if memory else {}
        if state is None:
            return None, {}, kept
        return state.decode(), self.json_loads(data) if data else {}, kept

    async def write(self, key: StorageKey, state: str | None, data: dict[str, Any]) -> None:
        """Store where a dialog is and what was said, both or neither, for equally long."""
        name = partial(self.key_builder.build, key)
        values = {name("state"): state, name("data"): self.json_dumps(data) if data else None}
        async with self.redis.pipeline(transaction=True) as pipe:
            for stored, value in values.items():
                if value is None:
                    pipe.delete(stored)
                else:
                    pipe.set(stored, value, ex=DIALOG_LIFETIME)
            await pipe.execute()

    async def memorise(self, person_id: int, kept: dict[str, Any]) -> None:
        """Keep in mind of a person just this."""
        name = _memory(person_id)
        if kept:
            await self.redis.set(name, self.json_dumps(kept), ex=MEMORY_LIFETIME)
        else:
            await self.redis.delete(name)


def _memory(person_id: int) -> str:
    return f"memory:{person_id}"
