"""The bot is for one person at a time: groups and channels are ignored by design."""

from typing import Any, cast

from aiogram import BaseMiddleware
from aiogram.enums import ChatType
from aiogram.types import TelegramObject, Update

from saas_bot.core.middlewares.context_middleware import Handler


class PrivateMiddleware(BaseMiddleware):
    """Lets through what happens between a person and the bot, or outside of any chat.

    It stands before everything that counts, remembers or apologises: nobody hears from the bot for
    what they say elsewhere.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        inner = cast("Update", event).event
        chat = getattr(getattr(inner, "message", inner), "chat", None)
        if chat is not None and chat.type != ChatType.PRIVATE:
            return None
        return await handler(event, data)
