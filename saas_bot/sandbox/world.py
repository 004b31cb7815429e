"""Everything the sandbox holds, and what happens in it: messages, edits, clicks, blocks.

Both sides, the Bot API and the people, act through this class. It checks nothing but what keeps it
consistent: Telegram's rules belong to the methods, those of the contract to the people-side API.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from saas_bot.sandbox.events import EventLog
from saas_bot.sandbox.faults import Faults
from saas_bot.sandbox.files import FileStore
from saas_bot.sandbox.inspector import Inspector
from saas_bot.sandbox.limits import RateLimiter
from saas_bot.sandbox.options import Options
from saas_bot.sandbox.queries import Queries
from saas_bot.sandbox.query_numbers import whole
from saas_bot.sandbox.state import (
    CONTENT,
    BotProfile,
    Chat,
    GroupChat,
    Json,
    Message,
    Person,
    PrivateChat,
)
from saas_bot.sandbox.updates import Update, UpdateQueue

TYPING_SECONDS: Final = 5.0  # sendChatAction: "The status is set for 5 seconds or less"
FIRST_PERSON_ID: Final = 5_000_000_001  # beyond 32 bits, as real ones have become
MESSAGE_IDS_FROM: Final = 1_735_689_600  # 2025-01-01, seconds


class World:
    """The one bot, its people, their chats with it and their groups."""

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
        self.bot = BotProfile(whole(head) or 1, username, first_name)
        self.people: dict[int, Person] = {}
        self.chats: dict[int, PrivateChat] = {}
        self.groups: dict[int, GroupChat] = {}
        self.events = EventLog()
        self.updates = UpdateQueue()
        self.files = FileStore(directory)
        self.inspector = Inspector()
        self.faults = Faults()
        self.rates = RateLimiter() if self.options.rate_limits else None
        self.queries = Queries(self.options.callback_seconds)
        self._usernames: dict[str, int] = {}
        self._next_person = FIRST_PERSON_ID
        self._last_album = time.time_ns() // 1000

    # People.

    def add_person(self, person: Person) -> PrivateChat:
        """Add a person, whose id and username must be free; returns the empty chat."""
        self.people[person.id] = person
        if person.username:
            self._usernames[person.username.lower()] = person.id
        self._next_person = max(self._next_person, person.id + 1)
        chat = self.chats[person.id] = PrivateChat.of(person, self.first_message_id())
        chat.shown_commands = self.bot.commands_for(chat.id, person.language_code)
        return chat

    @staticmethod
    def first_message_id() -> int:
        """Where a new chat begins to count: above the ids of any earlier run.

        Ten a second from a fixed day, which stays within 32 bits until 2031.
        """
        return int((time.time() - MESSAGE_IDS_FROM) * 10)

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
        sender: Json | None = None,
        reply_to: Message | None = None,
        extra: Json | None = None,
        attachment: Json | None = None,
    ) -> Message:
        """Store a new message with `content` and show it; `extra` are further parts of it.

        `sender` is the Bot API `User` who wrote it, None for the bot.
        """
        api: Json = {
            "message_id": chat.new_message_id(),
            "from": sender or self.bot.as_user(),
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
        message = Message(api, sender is None, attachment=attachment)
        chat.keep(message)
        self._show("message", chat, message)
        if sender is None and chat.typing_until:
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

    def new_album_id(self) -> str:
        """A `media_group_id` nobody has."""
        self._last_album += 1
        return str(self._last_album)

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
        chat: PrivateChat,
        content: Json,
        reply_to: Message | None = None,
        attachment: Json | None = None,
        extra: Json | None = None,
    ) -> tuple[Message, Update]:
        """A person sends a message."""
        chat.started = True
        message = self.add_message(
            chat,
            content,
            sender=chat.user_json,
            reply_to=reply_to,
            attachment=attachment,
            extra=extra,
        )
        self.acted(chat)
        return message, self.push("message", message.api, chat)

    def click(self, chat: PrivateChat, message_id: int, data: str) -> tuple[str, Update]:
        """A person presses an inline button; returns the query's id and the update.

        Source: Bot API `CallbackQuery`; a message that is gone comes as `InaccessibleMessage`.
        """
        message = chat.messages.get(message_id)
        query = self.queries.add(chat.id, message_id)
        gone = {"chat": chat.chat_json, "message_id": message_id, "date": 0}
        self.acted(chat)
        update = self.push(
            "callback_query",
            {
                "id": query.id,
                "from": chat.user_json,
                "message": gone if message is None else message.api,
                "chat_instance": str(chat.id),
                "data": data,
            },
            chat,
        )
        return query.id, update

    def set_blocked(self, chat: PrivateChat, blocked: bool) -> Update | None:
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
        about: Json = {"typing": True, "action": action, "seconds": TYPING_SECONDS}
        self.events.emit(chat.id, "typing", about)

    def typing_seconds(self, chat: Chat) -> float:
        """For how long an action will yet be shown in the chat; 0 when there is none."""
        return round(max(0.0, chat.typing_until - time.monotonic()), 3)

    def stop_typing(self, chat: Chat) -> None:
        """Show no action any more."""
        chat.typing_until = 0.0
        self.events.emit(chat.id, "typing", {"typing": False, "action": None, "seconds": 0})

    def refresh_commands(self, chats: list[PrivateChat] | None = None) -> None:
        """Tell people (all by default) whose command menu has become another."""
        for chat in self.chats.values() if chats is None else chats:
            commands = self.bot.commands_for(chat.id, chat.person.language_code)
            if commands != chat.shown_commands:
                chat.shown_commands = commands
                self.events.emit(chat.id, "commands", commands)

    def close(self) -> None:
        """End waits and remove what was temporary."""
        self.events.close()
        self.updates.interrupt()
        self.updates.bot_came()
        self.files.close()
