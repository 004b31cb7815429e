"""What a call of the Bot API takes of Telegram's limits."""

from dataclasses import dataclass
from typing import Any

from aiogram.methods import CopyMessages, ForwardMessages, SendMediaGroup, TelegramMethod


@dataclass(frozen=True, slots=True)
class Cost:
    """What a call takes of the limits: so many messages, to which chat (None: no new message)."""

    count: int
    chat: int | None

    @property
    def kind(self) -> str:
        """By which rule its chat is limited; the ids of groups are negative (Bot API, Chat)."""
        if self.chat is None:
            return "none"
        return "private" if self.chat > 0 else "group"


def cost_of(method: TelegramMethod[Any]) -> Cost | None:
    """What a call takes; None: nothing that Telegram limits.

    Sending, copying and forwarding make messages of a chat. Changing one counts in all only: a
    person who clicks quickly must not wait.
    """
    chat = getattr(method, "chat_id", None)
    if not isinstance(chat, int) or not method.__api_method__.startswith(
        ("send", "copy", "forward", "edit", "delete")
    ):
        return None
    if method.__api_method__ == "sendChatAction":
        return None
    match method:
        case SendMediaGroup():
            return Cost(len(method.media), chat)
        case CopyMessages() | ForwardMessages():
            return Cost(len(method.message_ids), chat)
    changes = method.__api_method__.startswith(("edit", "delete"))
    return Cost(1, None if changes else chat)
