"""One update of a chat after the other, and not too many of one person."""

from typing import Any, cast

from aiogram import BaseMiddleware, Bot
from aiogram.fsm.middleware import FSMContextMiddleware
from aiogram.types import TelegramObject, Update

from saas_bot.core.chat_storage import ChatStorage
from saas_bot.core.dialog import Dialog
from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.core.middlewares.throttle import hold_back


class ChatMiddleware(BaseMiddleware):
    """Holds the chat, and gives `dialog` and what aiogram's filters and handlers ask a state for.

    It stands in the place of aiogram's own FSM middleware. Someone who sends too much is held back.
    """

    def __init__(self, storage: ChatStorage, fsm: FSMContextMiddleware) -> None:
        self._storage, self._fsm = storage, fsm

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        bot: Bot = data["bot"]
        state = self._fsm.resolve_event_context(bot, data)
        if state is None:
            return await handler(event, data)
        async with self._storage.entered(state.key) as entered:
            excess = entered.count - self._storage.allowance.limit
            if excess > 0:
                window = self._storage.allowance.window
                return await hold_back(bot, cast("Update", event), excess, window)
            data["state"], data["raw_state"] = state, entered.state
            data["dialog"] = Dialog(state.key, entered.state, entered.data)
            return await handler(event, data)
