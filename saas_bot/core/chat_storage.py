"""A chat in Redis: its dialog, its lock, and how much its person sends.

aiogram's storage, isolation and a throttle would each make trips of their own; an update needs all
three before anything else, so one script does them together.
"""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from aiogram.fsm.storage.base import DefaultKeyBuilder, StorageKey
from aiogram.fsm.storage.redis import RedisStorage
from redis.asyncio import Redis
from redis.exceptions import RedisError

DIALOG_LIFETIME: Final = 24 * 3600
"""Seconds after which an unfinished dialog is forgotten."""

MEMORY_LIFETIME: Final = 180 * 24 * 3600
"""Seconds after which it is forgotten how a person, unchanged since, wanted their lists."""

LOCK_LIFETIME: Final = 30
"""Seconds after which the lock of a chat is free again, should its process have been killed."""

_LOCK_RETRY: Final = 0.05
"""Seconds between two tries for a lock that another process holds."""

_LET_GO_EVERY: Final = 1.0
"""Seconds between two tries to free a chat that nobody knows to be held."""

_AWAY: Final = (RedisError, OSError, TimeoutError)

# A call whose answer is lost is made again, and may find that the first one took the lock.
_HELD: Final = """
local function held(lock, token, seconds)
    return redis.call('SET', lock, token, 'NX', 'EX', seconds)
        or redis.call('GET', lock) == token
end
"""

_ENTER: Final = _HELD + """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
if count > tonumber(ARGV[2]) then return {count, 0} end
if not held(KEYS[2], ARGV[3], ARGV[4]) then return {count, 0} end
return {count, 1, redis.call('GET', KEYS[3]), redis.call('GET', KEYS[4]),
        redis.call('GET', KEYS[5])}
"""

_WAIT: Final = _HELD + "return held(KEYS[1], ARGV[1], ARGV[2]) and 1 or 0"

_LEAVE: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
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
        self._wait = redis.register_script(_WAIT)
        self._leave = redis.register_script(_LEAVE)
        self._letting_go: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def entered(self, key: StorageKey) -> AsyncIterator[Entered]:
        """Count an update of the person, and hold their chat while it is handled.

        Beyond the allowance it is only counted: the chat is not held, and no dialog is read.
        """
        name = partial(self.key_builder.build, key)
        lock, state, data = name("lock"), name("state"), name("data")
        memory = _memory(key.user_id)
        token, allowance = uuid.uuid4().bytes, self.allowance
        with self._let_go_if_lost(lock, token):
            count, held, *dialog = await self._enter(
                keys=[f"throttle:{key.user_id}", lock, state, data, memory],
                args=[allowance.window, allowance.limit, token, LOCK_LIFETIME],
            )
            if not held and count <= allowance.limit:
                await self._wait_for(lock, token)
                dialog = await self.redis.mget(state, data, memory)
        if count > allowance.limit:
            yield Entered(count)
            return
        try:
            yield Entered(count, *self._read(*dialog))
        finally:
            # What was done is done: an apology would have people do it once more.
            with suppress(*_AWAY), self._let_go_if_lost(lock, token):
                await self._leave(keys=[lock], args=[token])

    async def _wait_for(self, lock: str, token: bytes) -> None:
        # Redis tells nobody that a lock is free; within one process nobody comes to wait here.
        while not await self._wait(keys=[lock], args=[token, LOCK_LIFETIME]):  # noqa: ASYNC110
            await asyncio.sleep(_LOCK_RETRY)

    @contextmanager
    def _let_go_if_lost(self, lock: str, token: bytes) -> Iterator[None]:
        """Where Redis does not answer, it may hold the lock for nobody when it is back."""
        try:
            yield
        except _AWAY:
            task = asyncio.create_task(self._let_go(lock, token))
            self._letting_go.add(task)
            task.add_done_callback(self._letting_go.discard)
            raise

    async def _let_go(self, lock: str, token: bytes) -> None:
        """Free the lock once Redis answers; what was asked of it before may come only then."""
        until = time.monotonic() + LOCK_LIFETIME
        answers = 0
        while answers < 2 and time.monotonic() < until:
            with suppress(*_AWAY):
                if await self._leave(keys=[lock], args=[token]):
                    return
                answers += 1
            await asyncio.sleep(_LET_GO_EVERY)

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
