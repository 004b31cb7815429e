"""The Bot API methods the sandbox knows; everything else is refused with Telegram's 404."""

from __future__ import annotations

from saas_bot.sandbox.methods import (
    chats,
    delivery,
    edits,
    forwards,
    media,
    messages,
    payments,
    profile,
)
from saas_bot.sandbox.methods.table import Service, call

__all__ = [
    "Service",
    "call",
    "chats",
    "delivery",
    "edits",
    "forwards",
    "media",
    "messages",
    "payments",
    "profile",
]
