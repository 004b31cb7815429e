"""One update of a chat after the other, and not too many of one person."""

from typing import Any, cast

from aiogram import BaseMiddleware, Bot
from aiogram.fsm.middleware import FSMContextMiddleware
from aiogram.types import TelegramObject, Update, User

from saas_bot.core.chat_storage import ChatStorage
from saas_bot.core.dialog import Dialog
from saas_bot.core.i18n import Translator, language_of, translator
from saas_bot.core.memory import Memory
from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.core.middlewares.throttle import hold_back

REMEMBERED = 10_000
"""How many people's languages a process keeps in mind."""


class ChatMiddleware(BaseMiddleware):
    """Holds the chat, and gives `dialog`, `memory`, and what aiogram asks a state for.

    It stands in the place of aiogram's own FSM middleware. Someone who sends too much is held back.
    """

    def __init__(self, storage: ChatStorage, fsm: FSMContextMiddleware) -> None:
        self._storage, self._fsm = storage, fsm
        self._spoken: dict[int, Translator] = {}

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        bot: Bot = data["bot"]
        state = self._fsm.resolve_event_context(bot, data)
        if state is None:
            return await handler(event, data)
        if (known := self._spoken.get(state.key.user_id)) is not None:
            # For the apology, should Redis be away.
            data["t"] = known
        async with self._storage.entered(state.key) as entered:
            excess = entered.count - self._storage.allowance.limit
            if excess > 0:
                inner, person = cast("Update", event).event, data["event_from_user"]
                window = self._storage.allowance.window
                t = self._texts(person)
                return await hold_back(bot, inner, person, t, excess=excess, window=window)
            data["state"], data["raw_state"] = state, entered.state
            data["dialog"] = Dialog(state.key, entered.state, entered.data)
            data["memory"] = Memory(state.key.user_id, entered.memory)
            result = await handler(event, data)
        self._remember(state.key.user_id, data.get("t"))
        return result

    def _texts(self, person: User) -> Translator:
        """In the language the person was last answered in: asking for it would cost a query."""
        return self._spoken.get(person.id) or translator(language_of(person.language_code))

    def _remember(self, person: int, t: Translator | None) -> None:
        if t is None:
            return
        if len(self._spoken) >= REMEMBERED:
            self._spoken.clear()
        self._spoken[person] = t
