"""A chat in Redis: one update at a time across processes, and what of it ends by itself."""

import asyncio
import os
import signal
import time
from contextlib import nullcontext

import pytest
from aiogram.fsm.storage.base import StorageKey
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import TimeoutError as RedisTimeout

from saas_bot.core.chat_storage import (
    DIALOG_LIFETIME,
    LOCK_LIFETIME,
    Allowance,
    ChatStorage,
)
from saas_bot.embedded import Valkey, free_ports

KEY = StorageKey(bot_id=42, chat_id=7, user_id=7)
LOCK = "fsm:42:7:7:lock"


@pytest.fixture
def processes(redis: Redis) -> tuple[ChatStorage, ChatStorage]:
    """Two processes of one bot."""
    return ChatStorage(redis, Allowance()), ChatStorage(redis, Allowance())


async def test_a_chat_is_held_against_other_processes(processes):
    order: list[str] = []
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with processes[0].entered(KEY):
            inside.set()
            await go_on.wait()
            await processes[0].write(KEY, "asked", {"what": "title"})
            order.append("first")

    async def second() -> None:
        await inside.wait()
        go_on.set()
        async with processes[1].entered(KEY) as entered:
            order.append("second")
            assert (entered.state, entered.data) == ("asked", {"what": "title"})

    await asyncio.gather(first(), second())
    assert order == ["first", "second"]


async def test_other_chats_are_not_held(processes):
    other = StorageKey(bot_id=42, chat_id=8, user_id=8)
    async with processes[0].entered(KEY), processes[1].entered(other) as entered:
        assert entered.count == 1


async def test_the_lock_goes_with_its_update_even_if_that_fails(processes, redis):
    with pytest.raises(RuntimeError):
        async with processes[0].entered(KEY):
            assert LOCK_LIFETIME - 2 < await redis.ttl(LOCK) <= LOCK_LIFETIME
            raise RuntimeError
    assert not await redis.exists(LOCK)


async def test_a_lock_that_has_passed_to_another_is_left_to_it(processes, redis):
    async with processes[0].entered(KEY):
        await redis.set(LOCK, "somebody else's")
    assert await redis.get(LOCK) == b"somebody else's"


@pytest.mark.parametrize("attempts", [1, 0], ids=["asked again", "given up"])
async def test_a_redis_that_hung_holds_no_chat_for_nobody(tmp_path, attempts):
    valkey = Valkey(tmp_path, free_ports(1)[0], durable=False)
    await valkey.start()
    retry = Retry(NoBackoff(), attempts)
    try:
        async with Redis.from_url(valkey.url(), socket_timeout=0.5, retry=retry) as redis:
            storage = ChatStorage(redis, Allowance())
            async with storage.entered(KEY):
                pass
            os.kill(valkey.pid, signal.SIGSTOP)
            asyncio.get_running_loop().call_later(0.7, os.kill, valkey.pid, signal.SIGCONT)
            began = time.monotonic()
            with nullcontext() if attempts else pytest.raises(RedisTimeout):
                async with storage.entered(KEY):
                    pass
            async with storage.entered(KEY):
                assert time.monotonic() - began < 5
    finally:
        await valkey.stop()


async def test_whoever_sends_too_much_holds_no_lock_and_reads_no_dialog(redis):
    storage = ChatStorage(redis, Allowance(limit=1, window=10))
    await storage.write(KEY, "asked", {"what": "title"})
    async with storage.entered(KEY) as entered:
        assert (entered.count, entered.state) == (1, "asked")
        async with storage.entered(KEY) as excess:
            assert (excess.count, excess.state) == (2, None)
        assert await redis.exists(LOCK), "the first one still holds it"


async def test_both_halves_of_a_dialog_live_equally_long(processes, redis):
    await processes[0].write(KEY, "asked", {"what": "title"})
    await redis.expire("fsm:42:7:7:data", 5)
    await processes[0].write(KEY, "asked", {"what": "title", "more": 1})
    for part in ("state", "data"):
        assert DIALOG_LIFETIME - 2 < await redis.ttl(f"fsm:42:7:7:{part}") <= DIALOG_LIFETIME
    await processes[0].write(KEY, None, {})
    assert not await redis.exists("fsm:42:7:7:state", "fsm:42:7:7:data")
