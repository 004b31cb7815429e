"""Keeps one person from using up everybody's time; says so once, politely."""

from typing import Any, cast

from aiogram import BaseMiddleware, Bot
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, TelegramObject, Update, User
from redis.asyncio import Redis

from saas_bot.core.i18n import language_of, translator
from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.core.middlewares.replies import deliver


class ThrottleMiddleware(BaseMiddleware):
    """Lets a person have `limit` updates in each `window` seconds, counted across processes."""

    def __init__(self, redis: Redis, *, limit: int = 30, window: int = 10) -> None:
        self._redis = redis
        self._limit = limit
        self._window = window

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        inner = cast("Update", event).event
        person: User | None = getattr(inner, "from_user", None)
        if person is None:
            return await handler(event, data)
        count = await self._count(person.id)
        if count <= self._limit:
            return await handler(event, data)
        if count == self._limit + 1:
            await self._ask_to_wait(data["bot"], inner, person)
        elif isinstance(inner, CallbackQuery):
            # Unanswered, the button would go on turning.
            await deliver(data["bot"], AnswerCallbackQuery(callback_query_id=inner.id))
        return None

    async def _count(self, person_id: int) -> int:
        key = f"throttle:{person_id}"
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.incr(key)
            pipe.expire(key, self._window, nx=True)
            count, _ = await pipe.execute()
        return int(count)

    async def _ask_to_wait(self, bot: Bot, event: TelegramObject, person: User) -> None:
        t = translator(language_of(person.language_code))
        if isinstance(event, CallbackQuery):
            text = t.plain("error-too-fast", seconds=self._window)
            await deliver(
                bot, AnswerCallbackQuery(callback_query_id=event.id, text=text, show_alert=True)
            )
        else:
            text = t("error-too-fast", seconds=self._window)
            await deliver(bot, SendMessage(chat_id=person.id, text=text))
