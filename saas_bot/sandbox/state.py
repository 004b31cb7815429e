"""Who and what there is: the bot, people, their chats with it, and the messages in them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final

from saas_bot.sandbox.entities import render

Json = dict[str, Any]

MESSAGES_KEPT: Final = 1000  # per chat
# Message.* parts that make up its content: what an edit changes and a copy takes along.
CONTENT: Final = (
    "text",
    "entities",
    "caption",
    "caption_entities",
    "document",
    "photo",
    "video",
    "animation",
    "video_note",
    "audio",
    "voice",
    "sticker",
    "contact",
    "location",
    "invoice",
)
# Parts of service messages, which nobody wrote.
SERVICE_KINDS: Final = ("successful_payment", "refunded_payment")
FORWARDED: Final = ("forward_origin", "forward_from", "forward_date")


@dataclass(slots=True)
class Person:
    """A Telegram user. `note` is a label for the web chat, unknown to the bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str = "en"
    note: str = ""
    deactivated: bool = False

    def as_user(self) -> Json:
        """Bot API `User`; absent names are left out, as Telegram does."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.last_name:
            user["last_name"] = self.last_name
        if self.username:
            user["username"] = self.username
        user["language_code"] = self.language_code
        return user

    def as_chat(self) -> Json:
        """Bot API `Chat` of the private chat with this person, whose id is the person's."""
        chat: Json = {"id": self.id, "first_name": self.first_name}
        if self.last_name:
            chat["last_name"] = self.last_name
        if self.username:
            chat["username"] = self.username
        chat["type"] = "private"
        return chat


@dataclass(slots=True)
class Message:
    """A message. `api` is the Bot API object; replaced, never changed, so it may be shared.

    `payload` is what the bot has put into an invoice; people don't see it.
    """

    api: Json
    from_bot: bool
    seq: int = 0
    attachment: Json | None = None
    payload: str = ""

    @property
    def message_id(self) -> int:
        """Its number within the chat."""
        return int(self.api["message_id"])

    @property
    def inline_keyboard(self) -> list[list[Json]] | None:
        """Rows of inline buttons under the message."""
        markup = self.api.get("reply_markup")
        return None if markup is None else markup["inline_keyboard"]

    def content(self) -> Json:
        """The parts of the message that are its content."""
        return {key: self.api[key] for key in CONTENT if key in self.api}

    def forward_parts(self) -> Json:
        """What a forward of this message says of where it comes from.

        A forward of a forward keeps the first origin. Source: Bot API `MessageOriginUser`, and
        telegram-bot-api, which goes on sending the two older fields beside it.
        """
        if "forward_origin" in self.api:
            return {key: self.api[key] for key in FORWARDED}
        sender, date = self.api["from"], self.api["date"]
        origin: Json = {"type": "user", "sender_user": sender, "date": date}
        return {"forward_origin": origin, "forward_from": sender, "forward_date": date}

    def has_button(self, data: str) -> bool:
        """Whether a button with this callback data is under the message."""
        rows = self.inline_keyboard or ()
        return any(button.get("callback_data") == data for row in rows for button in row)

    def view(self) -> Json:
        """The message as the people-side API shows it (`M` in its documentation)."""
        api = self.api
        text = api.get("text", api.get("caption", ""))
        entities = api.get("entities", api.get("caption_entities"))
        keyboard = self.inline_keyboard
        reply = api.get("reply_to_message")
        origin = api.get("forward_origin")
        return {
            "message_id": api["message_id"],
            "from": "bot" if self.from_bot else "person",
            "sender_id": api["from"]["id"],
            "date": api["date"],
            "edit_date": api.get("edit_date"),
            "text": text or _stand_in(api),
            "html": render(text or _stand_in(api), entities),
            "reply_to_message_id": reply["message_id"] if reply else None,
            "inline_keyboard": (
                [[_button(one) for one in row] for row in keyboard] if keyboard else None
            ),
            "file": self.attachment,
            "invoice": api.get("invoice"),
            "service": next((kind for kind in SERVICE_KINDS if kind in api), None),
            "forwarded_from": origin["sender_user"]["first_name"] if origin else None,
            "forward_origin": origin,
            "media_group_id": api.get("media_group_id"),
            "seq": self.seq,
        }


def _button(button: Json) -> Json:
    return {
        "text": button["text"],
        "callback_data": button.get("callback_data"),
        "url": button.get("url"),
        "pay": bool(button.get("pay")),
    }


def _stand_in(api: Json) -> str:
    """Words for content that has no text of its own."""
    if "sticker" in api:
        return str(api["sticker"].get("emoji", "🙂"))
    if "contact" in api:
        return f"👤 {api['contact']['first_name']} {api['contact']['phone_number']}"
    if "location" in api:
        return f"📍 {api['location']['latitude']}, {api['location']['longitude']}"
    for key, sign in (("invoice", "🧾"), ("successful_payment", "✅"), ("refunded_payment", "↩️")):
        if key in api:
            title = api[key].get("title", "")
            return f"{sign} {title} {api[key]['total_amount']} {api[key]['currency']}".replace(
                "  ", " "
            )
    return ""


@dataclass(slots=True, kw_only=True)
class Chat:
    """A chat with the bot in it: `chat_json` is its Bot API `Chat`, shared by all its messages."""

    id: int
    chat_json: Json
    next_message_id: int
    messages: OrderedDict[int, Message] = field(default_factory=OrderedDict)
    reply_keyboard: Json | None = None
    typing_until: float = 0.0
    acted_seq: int = 0
    menu_button: Json | None = None

    def keep(self, message: Message) -> None:
        """Store a message, letting the oldest go beyond `MESSAGES_KEPT`."""
        self.messages[message.message_id] = message
        if len(self.messages) > MESSAGES_KEPT:
            self.messages.popitem(last=False)

    def new_message_id(self) -> int:
        """The next number; they grow within the chat."""
        self.next_message_id += 1
        return self.next_message_id - 1


@dataclass(slots=True, kw_only=True)
class PrivateChat(Chat):
    """The chat of one person with the bot; its id is the person's."""

    person: Person
    user_json: Json
    started: bool = False
    blocked: bool = False
    shown_commands: list[Json] = field(default_factory=list)

    @classmethod
    def of(cls, person: Person, next_message_id: int) -> PrivateChat:
        """The empty chat of a person."""
        return cls(
            id=person.id,
            person=person,
            next_message_id=next_message_id,
            user_json=person.as_user(),
            chat_json=person.as_chat(),
        )

    def renamed(self) -> None:
        """Take over the person's names. All messages share these objects: nobody changes them."""
        self.user_json = self.person.as_user()
        self.chat_json = self.person.as_chat()


@dataclass(slots=True, kw_only=True)
class GroupChat(Chat):
    """A basic group of people.

    `bot` is what the bot is in it: member, left or kicked, and empty if it has never been there.
    """

    title: str
    members: list[int]
    bot: str = ""

    @classmethod
    def of(cls, group_id: int, title: str, members: list[int], next_message_id: int) -> GroupChat:
        """A group without messages; its id is negative."""
        chat: Json = {"id": group_id, "title": title, "type": "group"}
        return cls(
            id=group_id,
            chat_json={**chat, "all_members_are_administrators": True},
            next_message_id=next_message_id,
            title=title,
            members=members,
        )


Scope = tuple[str, int, int]  # type, chat id or 0, user id or 0
DEFAULT_SCOPE: Final[Scope] = ("default", 0, 0)
PRIVATE_SCOPE: Final[Scope] = ("all_private_chats", 0, 0)


@dataclass(slots=True)
class BotProfile:
    """The bot as people see it; texts by language code, "" for the fallback."""

    id: int
    username: str
    first_name: str
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[Scope, str], list[Json]] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})
    user_json: Json = field(default_factory=dict)

    def as_user(self) -> Json:
        """Bot API `User` of the bot; the same object until the name changes."""
        name = self.names.get("") or self.first_name
        if self.user_json.get("first_name") != name:
            self.user_json = {
                "id": self.id,
                "is_bot": True,
                "first_name": name,
                "username": self.username,
            }
        return self.user_json

    def commands_for(self, chat_id: int, language_code: str) -> list[Json]:
        """The command menu of a private chat.

        Source: Bot API "Determining list of commands": the chat's own scope, then all private
        chats, then the default one, each first in the person's language.
        """
        language = language_code[:2].lower()
        for scope in (("chat", chat_id, 0), PRIVATE_SCOPE, DEFAULT_SCOPE):
            for code in (language, ""):
                commands = self.commands.get((scope, code))
                if commands:
                    return commands
        return []
