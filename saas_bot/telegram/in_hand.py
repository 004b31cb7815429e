"""The updates being handled now: concurrently, but those of one chat in the order they came."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import nullcontext
from typing import Any, Final

import structlog
from aiogram import Bot
from aiogram.dispatcher.middlewares.user_context import UserContextMiddleware
from aiogram.types import Update
from pydantic import ValidationError

from saas_bot.core.metrics import UPDATES_IN_HAND
from saas_bot.core.middlewares.errors import Undone
from saas_bot.core.middlewares.money import about_money, tells_of_money

log = structlog.get_logger(__name__)

MOST_IN_HAND: Final = 100
"""How many updates are handled at once, besides those about money; the others wait for their turn.

100 is also the most that Bot API sends at a time.
"""

HANDLING_TIMEOUT: Final = 60.0
"""Seconds after which an update is given up, so that none blocks its chat for ever."""

MOST_TIMEOUTS: Final = 3
"""How often an update may take too long before it is not wanted again."""

Handle = Callable[[Bot, Update], Awaitable[object]]


class InHand:
    """Sees updates through, each as a task of its own."""

    def __init__(self, bot: Bot, handle: Handle) -> None:
        """`handle` sees one update through, reply included (`Dispatcher.feed_update`)."""
        self._bot, self._handle = bot, handle
        self._tasks: dict[int, asyncio.Task[bool]] = {}
        self._last_of_chat: dict[int, asyncio.Task[bool]] = {}
        self._cut_off: set[int] = set()
        self._timeouts: Counter[int] = Counter()
        self._room = asyncio.Semaphore(MOST_IN_HAND)
        self.closed = False

    def __len__(self) -> int:
        return len(self._tasks)

    def __contains__(self, update_id: int) -> bool:
        return update_id in self._tasks or update_id in self._cut_off

    def oldest(self, *, besides: Collection[int] = ()) -> int | None:
        """The lowest id among the updates not done with, cut off ones included."""
        left = (one for one in (*self._tasks, *self._cut_off) if one not in besides)
        return min(left, default=None)

    async def see_through(self, raw: Mapping[str, Any]) -> bool:
        """Handle an update of the webhook to its end; False: it has had no effect, send it again.

        So it is while we are stopping, and when something was away.
        """
        if self.closed:
            return False
        task = self.take(raw)
        if task is None:
            return True
        await asyncio.wait({task})
        return not task.cancelled() and task.result()

    def take(self, raw: Mapping[str, Any]) -> asyncio.Task[bool] | None:
        """Start on an update as Telegram sent it; its task ends when it is done, and never fails.

        It gives whether the update is done with. One that is in hand already gives the task it has.
        None: it is of a form that this version of aiogram can't read; that is logged, and there is
        nothing to wait for.
        """
        update_id = int(raw["update_id"])
        if update_id in self._tasks:
            return self._tasks[update_id]
        try:
            update = Update.model_validate(raw, context={"bot": self._bot})
        except ValidationError as error:
            problems = error.errors(include_input=False, include_url=False)[:3]
            log.error("update.unreadable", update_id=update_id, problems=problems)
            return None
        chat = _chat_of(update)
        before = self._last_of_chat.get(chat) if chat is not None else None
        task = asyncio.create_task(self._handled(update, before), name=f"update-{update_id}")
        self._tasks[update_id] = task
        if chat is not None:
            self._last_of_chat[chat] = task
        UPDATES_IN_HAND.set(len(self._tasks))
        task.add_done_callback(lambda done: self._forget(update_id, chat, done))
        return task

    async def _handled(self, update: Update, before: asyncio.Task[bool] | None) -> bool:
        if before is not None:
            await asyncio.wait({before})
        # A payment is seen through, however long that takes.
        most = None if tells_of_money(update) else HANDLING_TIMEOUT
        try:
            async with nullcontext() if about_money(update) else self._room, asyncio.timeout(most):
                await self._handle(self._bot, update)
        except Undone:
            return False
        except TimeoutError:
            log.error("update.timed_out", update_id=update.update_id, seconds=HANDLING_TIMEOUT)
            return self._late_once_more(update.update_id)
        except Exception:
            log.exception("update.failed", update_id=update.update_id)
        self._timeouts.pop(update.update_id, None)
        return True

    def _late_once_more(self, update_id: int) -> bool:
        """Whether an update that took too long is now done with."""
        self._timeouts[update_id] += 1
        if self._timeouts[update_id] < MOST_TIMEOUTS:
            return False
        del self._timeouts[update_id]
        return True

    def _forget(self, update_id: int, chat: int | None, task: asyncio.Task[bool]) -> None:
        del self._tasks[update_id]
        if task.cancelled():
            self._cut_off.add(update_id)
        if chat is not None and self._last_of_chat.get(chat) is task:
            del self._last_of_chat[chat]
        UPDATES_IN_HAND.set(len(self._tasks))

    async def settle(self, seconds: float) -> None:
        """Wait until nothing is in hand, `seconds` at most."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=seconds)

    async def finish(self, seconds: float, hasten: asyncio.Event) -> None:
        """Take no more and wait; what isn't done after `seconds`, or when hastened, is cut off.

        Cut off means that its transaction is rolled back and Telegram will send the update again.
        """
        self.closed = True
        settled = asyncio.create_task(self.settle(seconds))
        hastened = asyncio.create_task(hasten.wait())
        await asyncio.wait({settled, hastened}, return_when=asyncio.FIRST_COMPLETED)
        settled.cancel()
        hastened.cancel()
        left = list(self._tasks.values())
        if left:
            log.warning("updates.cut_off", count=len(left), oldest=self.oldest())
        for task in left:
            task.cancel()
        await asyncio.gather(settled, hastened, *left, return_exceptions=True)


def _chat_of(update: Update) -> int | None:
    """The chat within which order matters, or else the person's; None for what waits for nothing.

    That is what is about money: a checkout has to be answered in time, and a payment that waits for
    the database is not to hold up its chat.
    """
    if about_money(update):
        return None
    where = UserContextMiddleware.resolve_event_context(update)
    return where.chat_id if where.chat_id is not None else where.user_id
