"""Delivering updates to the bot's webhook.

Source: Bot API `setWebhook`: a POST with the update as JSON and the secret token as a header,
repeated after anything but a 2xx; "Making requests when getting updates": the response may carry
one method call. As in Telegram's server the updates of one chat keep their order, those of
different chats go in parallel, and the pause before a repetition doubles.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from saas_bot.sandbox.errors import ApiError
from saas_bot.sandbox.limits import UPDATE_LIFETIME
from saas_bot.sandbox.params import Params, TooLarge, parse_body, read_multipart, read_whole
from saas_bot.sandbox.query_numbers import whole
from saas_bot.sandbox.updates import Update
from saas_bot.sandbox.world import World

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
ANSWER_SECONDS: Final = 60.0

CarryOut = Callable[[str, Params], Awaitable[None]]


@dataclass(slots=True, frozen=True)
class Webhook:
    """Where updates go: `connections` requests at most at a time."""

    url: str
    secret: str
    connections: int


class WebhookSender:
    """Sends what is queued while a webhook is set. `last_error` is (Unix seconds, message)."""

    def __init__(self, world: World) -> None:
        self.target: Webhook | None = None
        self.last_error: tuple[int, str] | None = None
        self.carry_out: CarryOut | None = None
        self._world = world
        self._session: aiohttp.ClientSession | None = None
        self._lanes: dict[int, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(1)

    async def start(self, target: Webhook) -> None:
        """Deliver to `target` from now on, first what is already queued."""
        await self.stop()
        self.target, self.last_error = target, None
        self._free = asyncio.Semaphore(target.connections)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=target.connections),
            timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
        )
        self._world.updates.listener = self.offer
        self._world.updates.bot_came()
        for update in list(self._world.updates.pending.values()):
            self.offer(update)

    async def stop(self) -> None:
        """Deliver no more; what isn't delivered stays queued."""
        self.target = None
        self._world.updates.listener = None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._lanes.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def offer(self, update: Update) -> None:
        """Deliver `update` after the others of its chat."""
        lane = self._lanes.get(update.lane)
        if lane is not None:
            lane.append(update)
            return
        lane = self._lanes[update.lane] = deque([update])
        task = asyncio.create_task(self._run(update.lane, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, number: int, lane: deque[Update]) -> None:
        pause, longest = self._world.options.webhook_backoff
        delay = pause
        queue = self._world.updates
        try:
            while lane:
                if queue.reorders and len(lane) > 1:
                    queue.reorders -= 1
                    lane.reverse()
                update = lane[0]
                if update.update_id not in queue.pending:
                    lane.popleft()
                    continue
                wait = await self._deliver(update)
                if wait is None:
                    lane.popleft()
                    delay = pause
                elif update.at + UPDATE_LIFETIME < time.time():
                    queue.delivered(update.update_id)
                else:
                    await asyncio.sleep(wait or delay)
                    delay = min(delay * 2, longest)
        finally:
            if self._lanes.get(number) is lane:
                del self._lanes[number]

    async def _deliver(self, update: Update) -> float | None:
        """One attempt; None when accepted, else seconds to wait (0 for the usual pause)."""
        async with self._free:
            started = time.perf_counter()
            reply: Params | None = None
            try:
                status, reason, retry_after, reply = await self._post(update)
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                status, reason, retry_after = 0, "", 0.0
                self._failed(update, f"{type(error).__name__}: {error}", started)
        if status == 0:
            return 0.0
        if not 200 <= status < 300:
            self._failed(update, f"Wrong response from the webhook: {status} {reason}", started)
            return retry_after
        self._world.updates.delivered(update.update_id)
        self._log(update, {"status": status}, started)
        if reply is not None:
            await self._carry_out(reply)
        return None

    async def _post(self, update: Update) -> tuple[int, str, float, Params | None]:
        target, session = self.target, self._session
        if target is None or session is None:
            return 0, "", 0.0, None
        headers = {"Content-Type": "application/json"}
        if target.secret:
            headers[SECRET_HEADER] = target.secret
        faults = self._world.updates
        if faults.duplicates:
            faults.duplicates -= 1
            await self._post(update)
        body = json.dumps(update.body).encode()
        async with session.post(
            target.url, data=body, headers=headers, allow_redirects=False
        ) as response:
            given = response.headers.get("Retry-After", "")
            retry_after = min(float(whole(given) or 0), 3600.0)
            if not 200 <= response.status < 300:
                return response.status, response.reason or "", retry_after, None
            return response.status, "", 0.0, await self._reply(response)

    async def _reply(self, response: aiohttp.ClientResponse) -> Params | None:
        """The method call in a response; anything else in it is of no interest."""
        params = Params()
        try:
            if response.content_type.startswith("multipart/"):
                files = self._world.files
                await read_multipart(response.headers, response.content, params, files)
            else:
                body = await read_whole(response.content)
                params.values = parse_body(response.content_type, body)
        except (ApiError, TooLarge, ValueError):
            params.drop_uploads()
            return None
        return params if isinstance(params.values.get("method"), str) else None

    async def _carry_out(self, params: Params) -> None:
        if self.carry_out is not None:
            await self.carry_out(str(params.values.pop("method")), params)

    def _failed(self, update: Update, message: str, started: float) -> None:
        self.last_error = (int(time.time()), message)
        self._log(update, {"error": message}, started)

    def _log(self, update: Update, response: Any, started: float) -> None:
        ms = (time.perf_counter() - started) * 1000
        self._world.inspector.record("update", update.kind, update.body, response, ms)
