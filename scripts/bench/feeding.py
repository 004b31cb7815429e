"""Updates as Telegram sends them, and a bot whose calls are answered without a network."""

import json
import time
from collections.abc import AsyncGenerator
from itertools import count
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType

from scripts.bench.data import FIRST_PERSON

Raw = dict[str, Any]

_DATE = int(time.time())
_update_ids = count(time.time_ns() // 1000)


class Instant(AiohttpSession):
    """Does all that aiogram's own session does for a call, but for sending it.

    The request is written as a form, and an answer like Telegram's is read.
    """

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109
    ) -> TelegramType:
        """Answer at once."""
        form = self.build_form_data(bot=bot, method=method)
        sent = {options["name"]: value for options, _, value in form._fields}
        response = self.check_response(
            bot=bot, method=method, status_code=200, content=self._answer(sent)
        )
        return cast("TelegramType", response.result)

    def _answer(self, sent: dict[str, Any]) -> str:
        if "text" not in sent or "chat_id" not in sent:
            return '{"ok":true,"result":true}'
        keyboard = f',"reply_markup":{sent["reply_markup"]}' if "reply_markup" in sent else ""
        return (
            f'{{"ok":true,"result":{{"message_id":77,"date":{_DATE},'
            f'"chat":{{"id":{sent["chat_id"]},"type":"private","first_name":"Person"}},'
            f'"from":{{"id":42,"is_bot":true,"first_name":"SaaS Bot"}},'
            f'"text":{json.dumps(sent["text"])}{keyboard}}}}}'
        )

    async def stream_content(self, *args: Any, **kwargs: Any) -> AsyncGenerator[bytes, None]:
        """There is nothing to download."""
        yield b""


def offline(bot: Bot) -> Bot:
    """The same bot, its middlewares included, with an instant session."""
    session = Instant(api=bot.session.api)
    for middleware in bot.session.middleware:
        session.middleware(middleware)
    bot.session = session
    return bot


def command(user_id: int, text: str) -> Raw:
    """A command from the person who is `user_id` in their company."""
    entity = {"type": "bot_command", "offset": 0, "length": len(text)}
    message = {**_message(user_id), "from": _person(user_id), "text": text, "entities": [entity]}
    return {"update_id": next(_update_ids), "message": message}


def click(user_id: int, data: str) -> Raw:
    """A press of a button below a task card."""
    rows = [[{"text": f"Button {n}", "callback_data": f"t:{n}"}] for n in range(8)]
    shown = {
        **_message(user_id),
        "from": {"id": 42, "is_bot": True, "first_name": "SaaS Bot"},
        "text": "A task\n\n" + "Some words about what is to be done. " * 6,
        "reply_markup": {"inline_keyboard": [*rows, [{"text": "Press me", "callback_data": data}]]},
    }
    update_id = next(_update_ids)
    query = {
        "id": str(update_id),
        "from": _person(user_id),
        "chat_instance": "1",
        "message": shown,
        "data": data,
    }
    return {"update_id": update_id, "callback_query": query}


def _person(user_id: int) -> Raw:
    return {
        "id": FIRST_PERSON + user_id,
        "is_bot": False,
        "first_name": f"Person {user_id}",
        "username": f"person_{user_id}",
        "language_code": "en",
    }


def _message(user_id: int) -> Raw:
    chat = {
        "id": FIRST_PERSON + user_id,
        "type": "private",
        "first_name": f"Person {user_id}",
        "username": f"person_{user_id}",
    }
    return {"message_id": 70, "date": _DATE, "chat": chat}
