"""Telegram as the bot meets it: takes its calls, keeps its messages, answers as Telegram does.

The rules (HTML, lengths, keyboards) are those of the sandbox. A call that breaks one is refused
and noted in `broken`, which the fixture finds empty or fails the test.
"""

import json
import re
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from time import time
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import (
    AnswerCallbackQuery,
    AnswerPreCheckoutQuery,
    DeleteMessage,
    EditMessageReplyMarkup,
    EditMessageText,
    GetMe,
    SendAnimation,
    SendAudio,
    SendChatAction,
    SendDocument,
    SendInvoice,
    SendMessage,
    SendPhoto,
    SendVideo,
    SendVideoNote,
    SendVoice,
    SetMyCommands,
    TelegramMethod,
)

from saas_bot.sandbox.errors import ApiError, bad_request
from saas_bot.sandbox.html_entities import parse_html
from saas_bot.sandbox.limits import (
    CALLBACK_ANSWER_MAX,
    CAPTION_MAX,
    COMMAND_DESCRIPTION_MAX,
    TEXT_MAX,
)
from saas_bot.sandbox.markup import check_markup

SENDS_FILES = (
    SendAnimation,
    SendAudio,
    SendDocument,
    SendPhoto,
    SendVideo,
    SendVideoNote,
    SendVoice,
)
USERNAME = "saas_test_bot"

Json = dict[str, Any]


@dataclass
class Shown:
    """A message of the bot as it stands in a chat."""

    id: int
    chat_id: int
    html: str
    text: str
    """As it reads, without invisible characters."""
    keyboard: list[list[Json]] = field(default_factory=list)

    @property
    def usernames(self) -> list[str]:
        """The @names that Telegram makes links of (core.telegram.org/api/mentions)."""
        unmarked = re.sub(r"<(a|code|pre)\b.*?</\1>|<[^>]*>", " ", self.html, flags=re.DOTALL)
        return re.findall(r"(?<!\w)@([A-Za-z0-9_]{3,32})", unmarked)

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons, row by row."""
        return [button["text"] for row in self.keyboard for button in row]

    @property
    def data(self) -> list[str]:
        """What its buttons carry."""
        return [button["callback_data"] for row in self.keyboard for button in row]

    def data_of(self, label: str) -> str:
        """What the button carries whose label is, or contains, `label`."""
        pairs = list(zip(self.buttons, self.data, strict=True))
        for fits in (lambda text: text.split(" ", 1)[-1] == label, lambda text: label in text):
            for text, data in pairs:
                if text == label or fits(text):
                    return data
        raise AssertionError(f"no button {label!r} among {self.buttons} under {self.text!r}")

    def as_json(self) -> Json:
        """The message as Telegram sends it along with a click."""
        told: Json = {
            "message_id": self.id,
            "date": int(time()),
            "chat": {"id": self.chat_id, "type": "private", "first_name": "Someone"},
            "from": {"id": 42424242, "is_bot": True, "first_name": "Bot", "username": USERNAME},
            "text": self.text,
        }
        return {**told, "reply_markup": {"inline_keyboard": self.keyboard}}


class Telegram(BaseSession):
    """The session of the bot in the tests."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[TelegramMethod[Any]] = []
        self.chats: dict[int, dict[int, Shown]] = defaultdict(dict)
        self.latest: dict[int, Shown] = {}
        self.answers: dict[str, list[AnswerCallbackQuery]] = defaultdict(list)
        self.commands: dict[int, list[str]] = {}
        self.broken: list[str] = []
        self.watch: Callable[[TelegramMethod[Any]], Awaitable[None]] | None = None
        self.nonsense = False
        """Answer with a page of HTML, as a gateway in trouble does."""
        self._refusals: list[tuple[type[TelegramMethod[Any]], ApiError]] = []
        self._ids = count(1)

    def refuse(
        self,
        method: type[TelegramMethod[Any]],
        description: str,
        *,
        code: int = 400,
        retry_after: int | None = None,
        times: int = 1,
    ) -> None:
        """Refuse the next calls of that kind."""
        error = ApiError(code, description, retry_after)
        self._refusals += [(method, error)] * times

    def calls_of(self, kind: type[TelegramMethod[Any]], chat_id: int | None = None) -> list[Any]:
        """The calls of one kind, to one chat or to all."""
        calls = [call for call in self.calls if isinstance(call, kind)]
        return [c for c in calls if chat_id is None or getattr(c, "chat_id", None) == chat_id]

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ASYNC109 - as aiogram calls it
    ) -> Any:
        self.calls.append(method)
        if self.watch is not None:
            await self.watch(method)
        try:
            self._refuse_if_asked(method)
            status, body = 200, {"ok": True, "result": self._answer(method)}
        except ApiError as error:
            status, body = error.code, error.as_json()
        if self.nonsense:
            return self.check_response(bot, method, 502, "<html>Bad Gateway</html>")
        return self.check_response(bot, method, status, json.dumps(body)).result

    def _refuse_if_asked(self, method: TelegramMethod[Any]) -> None:
        for index, (kind, error) in enumerate(self._refusals):
            if isinstance(method, kind):
                del self._refusals[index]
                raise error

    def _answer(self, method: TelegramMethod[Any]) -> Any:
        match method:
            case GetMe():
                return {"id": 42424242, "is_bot": True, "first_name": "Bot", "username": USERNAME}
            case SendMessage():
                return self._show(next(self._ids), method)
            case EditMessageText() | EditMessageReplyMarkup():
                return self._edit(method)
            case DeleteMessage():
                if self.chats[int(method.chat_id)].pop(method.message_id, None) is None:
                    raise bad_request("message to delete not found")
                return True
            case AnswerCallbackQuery():
                if len(method.text or "") > CALLBACK_ANSWER_MAX:
                    raise self._broken(bad_request("MESSAGE_TOO_LONG"))
                self.answers[method.callback_query_id].append(method)
                return True
            case SetMyCommands():
                return self._set_commands(method)
        return self._answer_besides(method)

    def _answer_besides(self, method: TelegramMethod[Any]) -> Any:
        if isinstance(method, SendChatAction | AnswerPreCheckoutQuery):
            return True
        if isinstance(method, SendInvoice):
            return self._message(method.chat_id)
        if isinstance(method, SENDS_FILES):
            return self._send_file(method)
        raise AssertionError(f"the tests' Telegram does not know {type(method).__name__}")

    def _show(self, message_id: int, method: SendMessage | EditMessageText) -> Json:
        shown = self._rendered(message_id, method)
        self.chats[shown.chat_id][shown.id] = self.latest[shown.chat_id] = shown
        return shown.as_json()

    def _send_file(self, method: Any) -> Json:
        try:
            text, _ = parse_html(getattr(method, "caption", None) or "")
            check_markup(method.reply_markup)
        except ApiError as error:
            raise self._broken(error) from None
        if len(text) > CAPTION_MAX:
            raise self._broken(bad_request("message caption is too long"))
        return {**self._message(method.chat_id), "caption": text}

    def _message(self, chat_id: int | str) -> Json:
        chat = {"id": int(chat_id), "type": "private", "first_name": "Someone"}
        return {"message_id": next(self._ids), "date": int(time()), "chat": chat}

    def _edit(self, method: EditMessageText | EditMessageReplyMarkup) -> Json:
        if method.chat_id is None or method.message_id is None:
            raise self._broken(bad_request("message identifier is not specified"))
        before = self.chats[int(method.chat_id)].get(method.message_id)
        if before is None:
            raise bad_request("message to edit not found")
        if isinstance(method, EditMessageReplyMarkup):
            method = EditMessageText(text=before.html, **method.model_dump())
        after = self._rendered(method.message_id, method)
        if (before.html, before.keyboard) == (after.html, after.keyboard):
            self.latest[before.chat_id] = before
            raise bad_request(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        return self._show(method.message_id, method)

    def _rendered(self, message_id: int, method: SendMessage | EditMessageText) -> Shown:
        try:
            text, _ = parse_html(method.text)
            markup = check_markup(method.reply_markup)
        except ApiError as error:
            raise self._broken(error) from None
        if not text.strip():
            raise self._broken(bad_request("message text is empty"))
        if len(text) > TEXT_MAX:
            raise self._broken(bad_request("message is too long"))
        keyboard = (markup.inline or {}).get("inline_keyboard", [])
        visible = text.replace("\N{WORD JOINER}", "")
        return Shown(message_id, int(method.chat_id or 0), method.text, visible, keyboard)

    def _set_commands(self, method: SetMyCommands) -> bool:
        for one in method.commands:
            if not 1 <= len(one.description) <= COMMAND_DESCRIPTION_MAX:
                raise self._broken(bad_request("BOT_COMMAND_DESCRIPTION_INVALID"))
        chat_id = getattr(method.scope, "chat_id", 0)
        self.commands[chat_id] = [one.command for one in method.commands]
        return True

    def _broken(self, error: ApiError) -> ApiError:
        self.broken.append(error.description)
        return error

    async def close(self) -> None:
        """Nothing is open."""

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        """Nobody downloads anything yet."""
        raise AssertionError("nothing to download")
        yield b""
