"""People in front of the bot: what they send and click, and what they see and hear."""

import asyncio
from itertools import count
from time import time
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.fsm.storage.base import StorageKey
from aiogram.types import Update
from redis.asyncio import Redis

from saas_bot.core.dialog import PROMPT
from saas_bot.core.middlewares.replies import TAKEN
from saas_bot.db.tenancy import Database
from tests.bot.telegram import Json, Shown, Telegram

_update_ids = count(1_000_000)
_message_ids = count(5_000_000)
_callback_ids = count(1)
_file_ids = count(1)


class Stage:
    """The bot with everything around it, and the way an update gets to it."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        bot: Bot,
        telegram: Telegram,
        redis: Redis,
        database: Database | None = None,
    ) -> None:
        self.dispatcher, self.bot, self.telegram, self.redis = dispatcher, bot, telegram, redis
        self.database = database

    async def feed(self, raw: Json) -> None:
        """See one update through, as the bot's process does."""
        update = Update.model_validate(raw, context={"bot": self.bot})
        await self.dispatcher.feed_update(self.bot, update)

    async def feed_at_once(self, *updates: Json) -> None:
        """See several through at the same time."""
        await asyncio.gather(*(self.feed(raw) for raw in updates))

    def person(self, telegram_id: int, name: str, **more: Any) -> "Person":
        """Someone to play with."""
        return Person(self, telegram_id, name, **more)


class Person:
    """One Telegram person in their private chat with the bot.

    People take their time: what they do is not throttled, unless `hasty`.
    """

    def __init__(
        self,
        stage: Stage,
        telegram_id: int,
        name: str,
        *,
        username: str | None = None,
        language: str | None = "en",
        hasty: bool = False,
    ) -> None:
        self.stage, self.id, self.name, self.hasty = stage, telegram_id, name, hasty
        self.username, self.language = username, language
        self._callback = ""
        self._heard_from = 0

    # What they do

    async def sends(self, text: str, **more: Any) -> None:
        """A text or a command."""
        await self.does(self.writing(text, **more))

    async def sends_sticker(self) -> None:
        """A sticker, where words may be wanted."""
        await self.does(self.message(sticker=STICKER))

    async def sends_file(self, name: str = "report.pdf", **more: Any) -> None:
        """A document, perhaps with a `caption` or as a part of an album (`media_group_id`)."""
        await self.does(self.filing(name, **more))

    async def clicks(self, label: str) -> None:
        """The button of the newest screen with this label, icons aside."""
        await self.does(self.click(label))

    async def clicks_data(self, data: str) -> None:
        """A button with this data, be it forged or from an old keyboard."""
        await self.does(self.pressing(data))

    async def agrees_to(self, data: str) -> None:
        """The question that a button with this data leads to, and yes to it."""
        await self.clicks_data(data)
        await self.clicks_data(self.screen.data[0])

    async def does(self, raw: Json) -> None:
        """Anything: an update made by the functions below."""
        if not self.hasty:
            await self.stage.redis.delete(f"throttle:{self.id}")
        self._callback = raw.get("callback_query", {}).get("id", "")
        self._heard_from = len(self.stage.telegram.calls)
        await self.stage.feed(raw)

    # The updates that this makes

    def writing(self, text: str, **more: Any) -> Json:
        """The update of a text."""
        if text.startswith("/"):
            command = {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
            more.setdefault("entities", [command])
        return self.message(text=text, **more)

    def filing(self, name: str = "report.pdf", *, size: int | None = 1000, **more: Any) -> Json:
        """The update of a document of so many bytes."""
        file_id = f"file-{next(_file_ids)}"
        document = {"file_id": file_id, "file_unique_id": file_id, "file_name": name}
        document |= {"mime_type": "application/pdf"} | ({} if size is None else {"file_size": size})
        return self.message(document=document, **more)

    def message(self, *, kind: str = "message", **content: Any) -> Json:
        """The update of a message with this content."""
        message = {
            "message_id": next(_message_ids),
            "date": int(time()),
            "chat": self.chat,
            "from": self.user,
            **content,
        }
        return self.update(**{kind: message})

    def click(self, label: str) -> Json:
        """The update of a click on a button of the newest screen."""
        return self.pressing(self.screen.data_of(label), self.screen)

    def pressing(self, data: str, on: Shown | Json | None = None, **more: Any) -> Json:
        """The update of a pressed button, under the newest screen unless told otherwise."""
        shown = on if on is not None else self.stage.telegram.latest.get(self.id)
        message = shown.as_json() if isinstance(shown, Shown) else shown
        query = {
            "id": str(next(_callback_ids)),
            "from": self.user,
            "chat_instance": str(self.id),
            "data": data,
        }
        if message and "inline_message_id" not in more:
            query["message"] = message
        return self.update(callback_query={**query, **more})

    def membership(self, status: str, before: str = "member", **more: Any) -> Json:
        """The update by which Telegram tells that the bot was blocked or let in again."""
        bot = {"id": 42424242, "is_bot": True, "first_name": "Bot", "username": "saas_test_bot"}
        until = {"until_date": 0}
        changed = {
            "chat": self.chat,
            "from": self.user,
            "date": int(time()),
            "old_chat_member": {"user": bot, "status": before, **_until(before, until)},
            "new_chat_member": {"user": bot, "status": status, **_until(status, until)},
            **more,
        }
        return self.update(my_chat_member=changed)

    @staticmethod
    def update(**content: Any) -> Json:
        """An update with a fresh id."""
        return {"update_id": next(_update_ids), **content}

    # What they are to Telegram

    @property
    def user(self) -> Json:
        told = {"id": self.id, "is_bot": False, "first_name": self.name}
        if self.username:
            told["username"] = self.username
        if self.language:
            told["language_code"] = self.language
        return told

    @property
    def chat(self) -> Json:
        return {"id": self.id, "type": "private", "first_name": self.name}

    # What they see and hear

    @property
    def screen(self) -> Shown:
        """The message that the bot showed or changed last."""
        return self.stage.telegram.latest[self.id]

    @property
    def messages(self) -> list[Shown]:
        """The bot's messages that stand in the chat."""
        return list(self.stage.telegram.chats[self.id].values())

    @property
    def toast(self) -> str | None:
        """What appeared over the chat at the last click; None when the button is still spinning."""
        answers = self.stage.telegram.answers[self._callback]
        return (answers[-1].text or "") if answers else None

    @property
    def alert(self) -> bool:
        """Whether that has to be closed."""
        return bool(self.stage.telegram.answers[self._callback][-1].show_alert)

    @property
    def heard(self) -> list[Any]:
        """Every call that the last thing they did has caused."""
        return self.stage.telegram.calls[self._heard_from :]

    # Where they stand in a dialog

    @property
    def key(self) -> StorageKey:
        return StorageKey(bot_id=self.stage.bot.id, chat_id=self.id, user_id=self.id)

    async def step(self) -> str | None:
        """The step of the dialog they are at."""
        return await self.stage.dispatcher.storage.get_state(self.key)

    async def remembered(self) -> dict[str, Any]:
        """Everything that the dialog remembers."""
        return await self.stage.dispatcher.storage.get_data(self.key)

    async def said(self) -> dict[str, Any]:
        """What they have said in it."""
        everything = await self.remembered()
        return {name: one for name, one in everything.items() if name not in (PROMPT, TAKEN)}

    async def is_at(self, step: str | None, **said: Any) -> None:
        """Put them at a step, whatever led there."""
        await self.stage.dispatcher.storage.set_state(self.key, step)
        await self.stage.dispatcher.storage.set_data(self.key, said)


def _until(status: str, until: Json) -> Json:
    return until if status == "kicked" else {}


STICKER = {
    "file_id": "AAA",
    "file_unique_id": "aaa",
    "type": "regular",
    "width": 512,
    "height": 512,
    "is_animated": False,
    "is_video": False,
    "emoji": "👍",
}
PHOTO = [{"file_id": "BBB", "file_unique_id": "bbb", "width": 90, "height": 90}]
CONTACT = {"phone_number": "+4912345", "first_name": "Uncle"}
