"""Keeps one person from using up everybody's time; says so once, politely."""

from typing import Any, cast

from aiogram import BaseMiddleware, Bot
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, TelegramObject, Update, User
from redis.asyncio import Redis

from saas_bot.core.i18n import Translator, language_of, translator
from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.core.middlewares.replies import deliver

REMEMBERED = 10_000
"""How many people's languages a process keeps in mind."""


class ThrottleMiddleware(BaseMiddleware):
    """Lets a person have `limit` updates in each `window` seconds, counted across processes."""

    def __init__(self, redis: Redis, *, limit: int = 30, window: int = 10) -> None:
        self._redis = redis
        self._limit = limit
        self._window = window
        self._spoken: dict[int, str] = {}

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        inner = cast("Update", event).event
        person: User | None = getattr(inner, "from_user", None)
        if person is None:
            return await handler(event, data)
        count = await self._count(person.id)
        if count <= self._limit:
            result = await handler(event, data)
            self._remember(person, data)
            return result
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

    def _remember(self, person: User, data: dict[str, Any]) -> None:
        """Which language the person was just answered in: asking for it later costs a query."""
        t: Translator | None = data.get("t")
        if t is None:
            return
        if len(self._spoken) >= REMEMBERED:
            self._spoken.clear()
        self._spoken[person.id] = t.language

    async def _ask_to_wait(self, bot: Bot, event: TelegramObject, person: User) -> None:
        language = self._spoken.get(person.id) or language_of(person.language_code)
        t = translator(language)
        if isinstance(event, CallbackQuery):
            text = t.plain("error-too-fast", seconds=self._window)
            await deliver(
                bot, AnswerCallbackQuery(callback_query_id=event.id, text=text, show_alert=True)
            )
        else:
            text = t("error-too-fast", seconds=self._window)
            await deliver(bot, SendMessage(chat_id=person.id, text=text))
