"""The numbers of the Bot API, and its rate limits.

Each constant names the rule it comes from; `docs/sandbox.md` lists them with their tests.
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from typing import Final

from saas_bot.sandbox.errors import ApiError, too_many_requests

TEXT_MAX: Final = 4096  # sendMessage.text, characters after entity parsing
RAW_TEXT_MAX: Final = 1 << 15  # bytes before parsing; telegram-bot-api get_formatted_text
CAPTION_MAX: Final = 1024  # sendDocument.caption and the like
CALLBACK_DATA_MAX: Final = 64  # InlineKeyboardButton.callback_data, bytes
CALLBACK_ANSWER_MAX: Final = 200  # answerCallbackQuery.text, characters
INLINE_BUTTONS_MAX: Final = (
    100  # buttons of one inline keyboard; the server's REPLY_MARKUP_TOO_LONG
)
INLINE_ROW_MAX: Final = 8  # buttons the clients draw in one row
KEYBOARD_BUTTONS_MAX: Final = 300  # buttons of one reply keyboard
COMMANDS_MAX: Final = 100  # setMyCommands.commands
COMMAND_MAX: Final = 32  # BotCommand.command, characters
COMMAND_DESCRIPTION_MAX: Final = 256  # BotCommand.description, characters
BOT_NAME_MAX: Final = 64  # setMyName.name
BOT_DESCRIPTION_MAX: Final = 512  # setMyDescription.description
BOT_SHORT_DESCRIPTION_MAX: Final = 120  # setMyShortDescription.short_description
START_PAYLOAD_MAX: Final = 64  # deep linking: [A-Za-z0-9_-]
DOWNLOAD_MAX: Final = 20 << 20  # getFile, bytes
UPLOAD_MAX: Final = 50 << 20  # sendDocument and the like, bytes
PHOTO_MAX: Final = 10 << 20  # sendPhoto, bytes
DELETE_AGE_MAX: Final = 48 * 3600  # deleteMessage, seconds since sending
MESSAGES_AT_ONCE: Final = 100  # deleteMessages, copyMessages, forwardMessages
MEDIA_GROUP_MIN: Final = 2  # sendMediaGroup.media
MEDIA_GROUP_MAX: Final = 10
LONG_POLL_MAX: Final = 50  # getUpdates.timeout, seconds; telegram-bot-api LONG_POLL_MAX_TIMEOUT
UPDATES_AT_ONCE: Final = 100  # getUpdates.limit
UPDATE_LIFETIME: Final = (
    24 * 3600
)  # getUpdates: "Updates are kept no longer than 24 hours", seconds
SECRET_TOKEN_MAX: Final = 256  # setWebhook.secret_token

PER_SECOND_IN_ALL: Final = 30  # bots FAQ, "My bot is hitting limits"
PER_SECOND_IN_CHAT: Final = 1
CHAT_BURST: Final = 5  # "short bursts" are let through; the size is ours
PER_MINUTE_IN_GROUP: Final = 20
SET_WEBHOOK_PAUSE: Final = 1.0  # seconds; telegram-bot-api


class RateLimiter:
    """Limits as the bots FAQ and Telegram give them; over them there is a 429 with `retry_after`.

    Memory stays bounded: the least recently used chats beyond `remembered` are forgotten.
    """

    def __init__(self, remembered: int = 10_000) -> None:
        self._all: deque[float] = deque()
        self._chats: OrderedDict[int, tuple[float, float]] = OrderedDict()
        self._groups: OrderedDict[int, deque[float]] = OrderedDict()
        self._remembered = remembered
        self._webhook_after = float("-inf")

    def count(self, chat_id: int, is_group: bool, now: float) -> None:
        """Count one message to `chat_id` at `now` (monotonic seconds), or raise the 429."""
        for refusal in (
            self._window(self._all, PER_SECOND_IN_ALL, 1.0, now),
            self._group(chat_id, now) if is_group else None,
            self._chat(chat_id, now),
        ):
            if refusal is not None:
                raise refusal
        self._all.append(now)
        if is_group:
            self._groups[chat_id].append(now)

    def count_webhook(self, now: float) -> None:
        """Count one setWebhook at `now` (monotonic seconds), or raise the 429."""
        if now < self._webhook_after:
            raise too_many_requests(1)
        self._webhook_after = now + SET_WEBHOOK_PAUSE

    @staticmethod
    def _window(times: deque[float], most: int, seconds: float, now: float) -> ApiError | None:
        while times and times[0] <= now - seconds:
            times.popleft()
        if len(times) < most:
            return None
        return too_many_requests(max(1, math.ceil(times[0] + seconds - now)))

    def _group(self, chat_id: int, now: float) -> ApiError | None:
        times = self._groups.setdefault(chat_id, deque())
        self._groups.move_to_end(chat_id)
        if len(self._groups) > self._remembered:
            self._groups.popitem(last=False)
        return self._window(times, PER_MINUTE_IN_GROUP, 60.0, now)

    def _chat(self, chat_id: int, now: float) -> ApiError | None:
        tokens, at = self._chats.get(chat_id, (float(CHAT_BURST), now))
        tokens = min(float(CHAT_BURST), tokens + (now - at) * PER_SECOND_IN_CHAT)
        if tokens < 1.0:
            return too_many_requests(max(1, math.ceil((1.0 - tokens) / PER_SECOND_IN_CHAT)))
        self._chats[chat_id] = (tokens - 1.0, now)
        self._chats.move_to_end(chat_id)
        if len(self._chats) > self._remembered:
            self._chats.popitem(last=False)
        return None
