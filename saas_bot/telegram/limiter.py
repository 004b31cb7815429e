"""How fast Telegram is called: one limit for all processes, kept in Redis.

Telegram allows about 30 messages a second in all, one a second to a chat with short bursts, and 20
a minute to a group (Bot FAQ, "My bot is hitting limits, how do I avoid this?"). What a person waits
for goes ahead of notifications.

A call holds its place from before it is made until a second after its answer: whenever within that
time Telegram counted it, no second ever holds more calls than places.
"""

import asyncio
import time
from collections import deque
from typing import Final
from uuid import uuid4

import structlog
from aiogram import Bot
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from redis.asyncio import Redis
from redis.exceptions import RedisError

from saas_bot.core.metrics import TELEGRAM_WAIT
from saas_bot.core.outage import Outage
from saas_bot.core.settings import Settings
from saas_bot.core.urgency import URGENT
from saas_bot.telegram.cost import Cost, cost_of

log = structlog.get_logger(__name__)

SECOND: Final = 1000
"""Milliseconds, as the script in Redis reckons."""

LEASE: Final = 35_000
"""Milliseconds after which the place of a call is free even if its process died: a call is given up
before."""

LONGEST_PAUSE: Final = 5.0
"""Seconds that everybody waits at most after a 429, which is nearly always one chat's own."""

PROCESSES: Final = 3
"""While Redis is away each process takes this part of the limit for itself."""

WINDOW: Final = 1.5
"""Seconds after which nothing sent before can count any more: Telegram's second, and the way there.
Whoever changes between the limit of all and one of its own is silent for so long."""

CAREFUL: Final = 10.0
"""Seconds for which all together keep to one part of the limit when Redis is back: others may take
some to notice it, and have theirs meanwhile."""

LONGEST_AWAY: Final = 5.0
"""Seconds after which Redis is asked again, at most."""

PATIENCE: Final = 1.5
"""Seconds within which Redis has to answer: one that hangs is as good as away."""

_PREFIX: Final = "saas_bot:telegram:"

# Takes a place and gives 0, or gives the milliseconds after which it is worth asking again, and
# whether the chat alone is the reason. A reply that has to wait says so, and notifications leave
# the next places to it; they come evenly, so that there is nearly always a place about to be free.
# One that is empty has forgotten what was sent a moment ago: restarted, or new.
_TAKE: Final = """
local all, waiting, chat, paused, even = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local known, careful = KEYS[6], KEYS[7]
local id, count, most, urgent = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1'
local kind, lease = ARGV[5], tonumber(ARGV[6])
local interval, burst, of_group = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local part, returns, careful_for = tonumber(ARGV[10]), ARGV[11] == '1', tonumber(ARGV[12])
local window = tonumber(ARGV[13])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local empty = redis.call('EXISTS', known) == 0
if empty then
    redis.call('SET', known, 1)
    redis.call('SET', paused, 1, 'PX', window)
end
if empty or returns then redis.call('SET', careful, 1, 'PX', careful_for) end
if returns then return {window, 0} end
if redis.call('EXISTS', careful) == 1 then
    most = part
    count = math.min(count, most)
end

local pause = redis.call('PTTL', paused)
if pause > 0 then return {pause, 0} end

local free_at = now
if kind == 'private' then
    free_at = tonumber(redis.call('GET', chat) or now)
    local extra = 0
    if urgent then extra = burst * interval end
    if free_at - extra > now then return {math.ceil(free_at - extra - now), 1} end
elseif kind == 'group' then
    redis.call('ZREMRANGEBYSCORE', chat, '-inf', now)
    if redis.call('ZCARD', chat) + count > of_group then
        return {math.max(1, redis.call('ZRANGE', chat, 0, 0, 'WITHSCORES')[2] - now), 1}
    end
end

local even_at = now
if not urgent then
    even_at = math.max(tonumber(redis.call('GET', even) or 0), now - 100)
    if even_at > now then return {math.ceil(even_at - now), 0} end
end
redis.call('ZREMRANGEBYSCORE', all, '-inf', now)
redis.call('ZREMRANGEBYSCORE', waiting, '-inf', now)
local room = most - redis.call('ZCARD', all)
if not urgent then room = room - redis.call('ZCARD', waiting) end
if room < count then
    if urgent then
        redis.call('ZADD', waiting, now + 1000, id)
        redis.call('PEXPIRE', waiting, 2000)
    end
    local first = redis.call('ZRANGE', all, 0, 0, 'WITHSCORES')[2]
    return {math.max(2, math.min((first or now) - now, 100)), 0}
end

redis.call('ZREM', waiting, id)
for place = 1, count do redis.call('ZADD', all, now + lease, id .. ':' .. place) end
redis.call('PEXPIRE', all, lease)
if not urgent then
    redis.call('SET', even, even_at + count * 1000 / most, 'PX', 2000 + count * 1000)
end
if kind == 'private' then
    local next_at = math.max(free_at, now) + count * interval
    redis.call('SET', chat, next_at, 'PX', math.max(1, math.ceil(next_at - now)))
elseif kind == 'group' then
    for place = 1, count do redis.call('ZADD', chat, now + lease + 60000, id .. ':' .. place) end
    redis.call('PEXPIRE', chat, lease + 60000)
end
return {0, 0}
"""

# Clocks count in whole milliseconds, so a place stays taken for a few more than Telegram reckons.
_GIVE_BACK: Final = """
local all, chat = KEYS[1], KEYS[2]
local id, count, kind = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for place = 1, count do
    redis.call('ZADD', all, 'XX', now + 1010, id .. ':' .. place)
    if kind == 'group' then redis.call('ZADD', chat, 'XX', now + 60010, id .. ':' .. place) end
end
"""


class RedisAway(Exception):
    """The limit that all processes share can't be asked."""


class Limiter:
    """A request middleware that lets each call wait for its turn.

    `urgent` says that what this process sends is waited for, as replies are; otherwise that is so
    within `core.urgency.urgently` only. While Redis is away, it keeps a part of the limit alone.
    """

    def __init__(self, redis: Redis, settings: Settings, *, urgent: bool) -> None:
        self._redis, self._urgent = redis, urgent
        self._most = settings.telegram_rate
        self._interval = SECOND / settings.telegram_chat_rate
        self._burst = settings.telegram_chat_burst
        self._of_group = settings.telegram_group_rate
        self._take = redis.register_script(_TAKE)
        self._give_back = redis.register_script(_GIVE_BACK)
        self._part = max(1, self._most // PROCESSES)
        self._outage = Outage("redis (limits)", first=0.5, most=LONGEST_AWAY)
        self._away_until = self._joins_at = 0.0
        self._local = LocalLimit(self._part, settings)
        self._returning: set[asyncio.Task[None]] = set()
        self._queues = {True: asyncio.Lock(), False: asyncio.Lock()}

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        cost = cost_of(method)
        if cost is None:
            return await make_request(bot, method)
        taken = await self._turn(cost)
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as error:
            await self._pause(cost, error.retry_after)
            raise
        finally:
            if taken is not None:
                self._return(taken, cost)

    async def close(self) -> None:
        """Wait for what is being noted in Redis."""
        if self._returning:
            await asyncio.wait(self._returning, timeout=1.0)

    async def _turn(self, cost: Cost) -> str | None:
        """Wait for a place; gives its name in Redis, None where this process keeps the limit."""
        place, began = uuid4().hex, time.monotonic()
        urgent = self._urgent or URGENT.get()
        try:
            rest = await self._queued(place, cost, urgent=urgent)
            while rest:
                await asyncio.sleep(rest)
                rest = await self._queued(place, cost, urgent=urgent)
        except RedisAway:
            await self._local.turn(cost)
            return None
        finally:
            who = "person" if urgent else "nobody"
            TELEGRAM_WAIT.labels(who).observe(time.monotonic() - began)
        return place

    async def _queued(self, place: str, cost: Cost, *, urgent: bool) -> float:
        """Wait for a place behind others of this process; gives the seconds that its chat rests.

        Raises:
            RedisAway: nobody can say.
        """
        if time.monotonic() < self._away_until:
            raise RedisAway  # at once, while another one sees whether it is back
        async with self._queues[urgent]:
            while True:
                wait, of_chat = await self._asked(place, cost, urgent=urgent)
                if of_chat or wait == 0:
                    return wait
                await asyncio.sleep(wait)

    async def _asked(self, place: str, cost: Cost, *, urgent: bool) -> tuple[float, bool]:
        """Seconds to wait before asking again (0: the place is taken), and whether for the chat."""
        moment = time.monotonic()
        if moment < self._away_until:
            raise RedisAway
        if moment < self._joins_at:
            return self._joins_at - moment, False
        if returns := self._outage.code is not None:
            self._away_until = moment + PATIENCE
        careful = CAREFUL + self._local.rest()
        arguments: list[str | int | float] = [
            *(place, min(cost.count, self._most), self._most, int(urgent), cost.kind),
            *(LEASE, self._interval, self._burst, self._of_group, self._part, int(returns)),
            *(int(careful * SECOND), int(WINDOW * SECOND)),
        ]
        names = ("all", "waiting", f"chat:{cost.chat}", "paused", "even", "known", "careful")
        try:
            async with asyncio.timeout(PATIENCE):
                wait, of_chat = await self._take(
                    keys=[_PREFIX + name for name in names], args=arguments
                )
        except (RedisError, OSError, TimeoutError) as error:
            self._away(error, again=returns)
            raise RedisAway from error
        if returns:
            self._outage.over()
            rest = self._local.rest()
            self._away_until, self._joins_at = 0.0, time.monotonic() + rest
            return rest, False
        return wait / SECOND, bool(of_chat)

    def _return(self, place: str, cost: Cost) -> None:
        """Note beside the work that the call is over; nobody waits for that."""
        returning = asyncio.create_task(self._noted(place, cost))
        self._returning.add(returning)
        returning.add_done_callback(self._returning.discard)

    async def _noted(self, place: str, cost: Cost) -> None:
        keys = [f"{_PREFIX}all", f"{_PREFIX}chat:{cost.chat}"]
        try:
            async with asyncio.timeout(PATIENCE):
                await self._give_back(keys=keys, args=[place, cost.count, cost.kind])
        except (RedisError, OSError, TimeoutError) as error:
            self._away(error)

    async def _pause(self, cost: Cost, seconds: float) -> None:
        """After a 429 its chat rests for as long as Telegram says, the others for a moment."""
        log.warning("telegram.too_many", chat_kind=cost.kind, seconds=seconds)
        self._local.pause(min(seconds, LONGEST_PAUSE))
        everybody = int(min(seconds, LONGEST_PAUSE) * SECOND)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._redis.set(f"{_PREFIX}paused", 1, px=max(1, everybody))
        except (RedisError, OSError, TimeoutError) as error:
            self._away(error)

    def _away(self, error: Exception, *, again: bool = False) -> None:
        """Keep to a part of the limit for a while; calls that fail together are one failure.

        `again` says that it was asked whether it is back.
        """
        moment = time.monotonic()
        if moment < self._away_until and not again:
            return
        if self._outage.code is None:
            self._local.pause(WINDOW)
        self._away_until = moment + self._outage.failed(type(error).__name__, error)


class LocalLimit:
    """The limit as one process keeps it alone, for while Redis is away.

    One a second is left out, since some calls take longer to arrive than others.
    """

    def __init__(self, a_second: int, settings: Settings) -> None:
        self._interval = 1.0 / max(1, a_second - 1)
        self._chat_interval = 1.0 / settings.telegram_chat_rate
        self._group_most = max(1, settings.telegram_group_rate // PROCESSES)
        self._next = 0.0
        self._chats: dict[int, deque[float]] = {}

    async def turn(self, cost: Cost) -> None:
        """Wait for the turn of a call."""
        moment = time.monotonic()
        at = max(moment, self._next, self._free_at(cost, moment))
        self._next = max(moment, self._next) + cost.count * self._interval
        if cost.chat is not None:
            self._chats.setdefault(cost.chat, deque(maxlen=self._group_most)).append(at)
        await asyncio.sleep(at - moment)

    def pause(self, seconds: float) -> None:
        """Hold everything back."""
        self._next = max(self._next, time.monotonic() + seconds)

    def rest(self) -> float:
        """Seconds until nothing of what has its turn already can count any more."""
        return max(0.0, self._next - time.monotonic()) + WINDOW

    def _free_at(self, cost: Cost, moment: float) -> float:
        self._chats = {
            chat: times for chat, times in self._chats.items() if times[-1] > moment - 60.0
        }
        times = self._chats.get(cost.chat or 0)
        if not times:
            return moment
        if cost.kind == "private":
            return times[-1] + self._chat_interval
        return times[0] + 60.0 if len(times) == self._group_most else moment
