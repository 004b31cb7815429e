"""Everything the sandbox holds, and what happens in it: messages, edits, clicks, blocks.

Both sides, the Bot API and the people, act through this class. It checks nothing but what keeps it
consistent: Telegram's rules belong to the methods, those of the contract to the people-side API.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from saas_bot.sandbox.events import EventLog
from saas_bot.sandbox.faults import Faults
from saas_bot.sandbox.files import FileStore
from saas_bot.sandbox.inspector import Inspector
from saas_bot.sandbox.limits import RateLimiter
from saas_bot.sandbox.state import CONTENT, BotProfile, Chat, Json, Message, Person
from saas_bot.sandbox.updates import Update, UpdateQueue

QUERIES_KEPT: Final = 10_000
TYPING_SECONDS: Final = 5.0  # sendChatAction: "The status is set for 5 seconds or less"
FIRST_PERSON_ID: Final = 5_000_000_001  # beyond 32 bits, as real ones have become
MESSAGE_IDS_FROM: Final = 1_735_689_600  # 2025-01-01, seconds


@dataclass(slots=True, frozen=True)
class Query:
    """A callback query the bot may still answer; `expires` in monotonic seconds."""

    id: str
    person_id: int
    message_id: int
    expires: float


@dataclass(slots=True, frozen=True)
class Options:
    """How strict and how patient the sandbox is.

    `callback_seconds`: how long a callback query may be answered. Telegram documents no figure.
    `webhook_backoff`: first and longest pause in seconds before a failed delivery is tried again.
    """

    rate_limits: bool = False
    callback_seconds: float = 60.0
    webhook_backoff: tuple[float, float] = (1.0, 60.0)


class World:
    """The one bot, its people and their chats."""

    def __init__(
        self,
        token: str,
        username: str = "saas_sandbox_bot",
        first_name: str = "SaaS Bot",
        options: Options | None = None,
        directory: Path | None = None,
    ) -> None:
        self.token = token
        self.options = options or Options()
        head = token.partition(":")[0]
        self.bot = BotProfile(int(head) if head.isdigit() else 1, username, first_name)
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.events = EventLog()
        self.updates = UpdateQueue()
        self.files = FileStore(directory)
        self.inspector = Inspector()
        self.faults = Faults()
        self.rates = RateLimiter() if self.options.rate_limits else None
        self.queries: OrderedDict[str, Query] = OrderedDict()
        self._usernames: dict[str, int] = {}
        self._next_person = FIRST_PERSON_ID
        self._next_query = time.time_ns() // 1000

    # People.

    def add_person(self, person: Person) -> Chat:
        """Add a person, whose id and username must be free; returns the empty chat."""
        self.people[person.id] = person
        if person.username:
            self._usernames[person.username.lower()] = person.id
        self._next_person = max(self._next_person, person.id + 1)
        # Ten a second from a fixed day: above the ids of any earlier run, within 32 bits to 2031.
        first = int((time.time() - MESSAGE_IDS_FROM) * 10)
        chat = self.chats[person.id] = Chat(person, first)
        chat.shown_commands = self.bot.commands_for(chat.id, person.language_code)
        return chat

    def new_person_id(self) -> int:
        """An id nobody has."""
        return self._next_person

    def by_username(self, username: str) -> Person | None:
        """The person with this username, in any case."""
        person_id = self._usernames.get(username.lower())
        return None if person_id is None else self.people[person_id]

    def rename(self, person: Person, username: str | None) -> None:
        """Give a person another username, which must be free, or none."""
        if person.username:
            self._usernames.pop(person.username.lower(), None)
        person.username = username or None
        if person.username:
            self._usernames[person.username.lower()] = person.id

    # Messages.

    def add_message(
        self,
        chat: Chat,
        content: Json,
        *,
        from_bot: bool,
        reply_to: Message | None = None,
        extra: Json | None = None,
        attachment: Json | None = None,
    ) -> Message:
        """Store a new message with `content` and show it; `extra` are further parts of it."""
        api: Json = {
            "message_id": chat.new_message_id(),
            "from": self.bot.as_user() if from_bot else chat.user_json,
            "chat": chat.chat_json,
            "date": int(time.time()),
        }
        if reply_to is not None:
            api["reply_to_message"] = {
                key: value for key, value in reply_to.api.items() if key != "reply_to_message"
            }
        api.update(content)
        if extra:
            api.update(extra)
        message = Message(api, from_bot, attachment=attachment)
        chat.keep(message)
        self._show("message", chat, message)
        if from_bot and chat.typing_until:
            self.stop_typing(chat)
        return message

    def _show(self, kind: str, chat: Chat, message: Message) -> None:
        message.seq = self.events.seq + 1
        self.events.emit(chat.id, kind, message.view())

    def edit_message(
        self,
        chat: Chat,
        message: Message,
        content: Json,
        markup: Json | None,
        attachment: Json | None = None,
    ) -> None:
        """Give a message other content and other inline buttons (None for none)."""
        api = {key: value for key, value in message.api.items() if key not in CONTENT}
        api.pop("reply_markup", None)
        api["edit_date"] = int(time.time())
        api.update(content)
        if markup is not None:
            api["reply_markup"] = markup
        message.api = api
        if attachment is not None:
            message.attachment = attachment
        self._show("edit", chat, message)

    def delete_message(self, chat: Chat, message: Message) -> None:
        """Remove a message for both sides."""
        del chat.messages[message.message_id]
        self.events.emit(chat.id, "delete", {"message_id": message.message_id})

    def push(self, kind: str, payload: Json, chat: Chat) -> Update:
        """Queue an update for the bot and log it."""
        update = self.updates.push(kind, payload, chat.id)
        self.inspector.record("update", kind, update.body)
        return update

    # What people do. Each marks the moment, so that a client can tell what came after it.

    def acted(self, chat: Chat) -> int:
        """Note that the person has just done something; returns the sequence number of now."""
        chat.acted_seq = self.events.seq
        return chat.acted_seq

    def say(
        self,
        chat: Chat,
        content: Json,
        reply_to: Message | None = None,
        attachment: Json | None = None,
        extra: Json | None = None,
    ) -> tuple[Message, Update]:
        """A person sends a message."""
        chat.started = True
        message = self.add_message(
            chat, content, from_bot=False, reply_to=reply_to, attachment=attachment, extra=extra
        )
        self.acted(chat)
        return message, self.push("message", message.api, chat)

    def click(self, chat: Chat, message_id: int, data: str) -> tuple[str, Update]:
        """A person presses an inline button; returns the query's id and the update.

        Source: Bot API `CallbackQuery`; a message that is gone comes as `InaccessibleMessage`.
        """
        message = chat.messages.get(message_id)
        self._next_query += 1
        query_id = str(self._next_query)
        expires = time.monotonic() + self.options.callback_seconds
        self.queries[query_id] = Query(query_id, chat.id, message_id, expires)
        if len(self.queries) > QUERIES_KEPT:
            self.queries.popitem(last=False)
        gone = {"chat": chat.chat_json, "message_id": message_id, "date": 0}
        self.acted(chat)
        update = self.push(
            "callback_query",
            {
                "id": query_id,
                "from": chat.user_json,
                "message": gone if message is None else message.api,
                "chat_instance": str(chat.id),
                "data": data,
            },
            chat,
        )
        return query_id, update

    def set_blocked(self, chat: Chat, blocked: bool) -> Update | None:
        """A person blocks or unblocks the bot; None when that changes nothing.

        Source: Bot API `Update.my_chat_member`: "For private chats, this update is received only
        when the bot is blocked or unblocked by the user".
        """
        if chat.blocked == blocked:
            return None
        chat.blocked = blocked
        self.events.emit(chat.id, "blocked", {"blocked": blocked})
        self.acted(chat)
        bot = self.bot.as_user()
        member = {"user": bot, "status": "member"}
        kicked = {"user": bot, "status": "kicked", "until_date": 0}
        return self.push(
            "my_chat_member",
            {
                "chat": chat.chat_json,
                "from": chat.user_json,
                "date": int(time.time()),
                "old_chat_member": member if blocked else kicked,
                "new_chat_member": kicked if blocked else member,
            },
            chat,
        )

    # What the bot shows besides messages.

    def set_reply_keyboard(self, chat: Chat, keyboard: Json | None) -> None:
        """Show another reply keyboard, or none."""
        if chat.reply_keyboard != keyboard:
            chat.reply_keyboard = keyboard
            self.events.emit(chat.id, "reply_keyboard", keyboard)

    def start_typing(self, chat: Chat, action: str) -> None:
        """Show `action` for a few seconds or until the bot's next message."""
        chat.typing_until = time.monotonic() + TYPING_SECONDS
        self.events.emit(chat.id, "typing", {"typing": True, "action": action})

    def is_typing(self, chat: Chat) -> bool:
        """Whether an action is shown in the chat now."""
        return chat.typing_until > time.monotonic()

    def stop_typing(self, chat: Chat) -> None:
        """Show no action any more."""
        chat.typing_until = 0.0
        self.events.emit(chat.id, "typing", {"typing": False, "action": None})

    def refresh_commands(self, chats: list[Chat] | None = None) -> None:
        """Tell people (all by default) whose command menu has become another."""
        for chat in self.chats.values() if chats is None else chats:
            commands = self.bot.commands_for(chat.id, chat.person.language_code)
            if commands != chat.shown_commands:
                chat.shown_commands = commands
                self.events.emit(chat.id, "commands", commands)

    def answer_query(self, query_id: str) -> Query | None:
        """Use up a callback query; None when it is unknown, answered or too old."""
        query = self.queries.pop(query_id, None)
        if query is None or query.expires < time.monotonic():
            return None
        return query

    def close(self) -> None:
        """End waits and remove what was temporary."""
        self.events.close()
        self.updates.interrupt()
        self.updates.bot_came()
        self.files.close()


def health(world: World, webhook_url: str | None) -> dict[str, Any]:
    """What `GET /api/health` says."""
    return {
        "ok": True,
        "pollers": world.updates.pollers,
        "webhook": webhook_url,
        "pending": len(world.updates),
    }
