"""What can be chosen when a sandbox starts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Options:
    """How strict and how patient the sandbox is.

    `privacy`: whether the bot hears in groups only what is meant for it (BotFather /setprivacy).
    `callback_seconds`: how long a callback query may be answered. Telegram documents no figure.
    `webhook_backoff`: first and longest pause in seconds before a failed delivery is tried again.
    """

    rate_limits: bool = False
    privacy: bool = True
    callback_seconds: float = 60.0
    webhook_backoff: tuple[float, float] = (1.0, 60.0)
