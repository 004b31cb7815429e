"""The bot: where the Bot API is, how messages are formatted; every call is measured."""

import time
from typing import Final

import structlog
from aiogram import Bot, exceptions
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    EditMessageText,
    GetMe,
    Response,
    SendMessage,
    SetMyCommands,
    TelegramMethod,
)
from aiogram.methods.base import TelegramType

from saas_bot.core.metrics import TELEGRAM_CALLS, TELEGRAM_SECONDS, TELEGRAM_TOO_MANY
from saas_bot.core.settings import Settings
from saas_bot.telegram.limiter import Limiter

log = structlog.get_logger(__name__)

CALL_TIMEOUT: Final = 30.0
"""Seconds after which one call of the Bot API is given up."""

# Subclasses stand before their parents: the first match names the outcome.
OUTCOMES: Final[tuple[tuple[type[Exception], str], ...]] = (
    (exceptions.TelegramRetryAfter, "too_many_requests"),
    (exceptions.TelegramMigrateToChat, "chat_migrated"),
    (exceptions.TelegramBadRequest, "bad_request"),
    (exceptions.TelegramUnauthorizedError, "unauthorized"),
    (exceptions.TelegramForbiddenError, "forbidden"),
    (exceptions.TelegramNotFound, "not_found"),
    (exceptions.TelegramConflictError, "conflict"),
    (exceptions.TelegramServerError, "server_error"),
    (exceptions.TelegramEntityTooLarge, "too_large"),
    (exceptions.TelegramNetworkError, "unreachable"),
    (exceptions.ClientDecodeError, "bad_answer"),
    (TimeoutError, "timeout"),
)

# pydantic keeps a built `Response[T]` only while somebody holds it, and building one takes
# milliseconds: those of the methods that answer people are held here.
_ANSWERS: Final = tuple(
    Response[method.__returning__]  # type: ignore[name-defined]
    for method in (
        SendMessage,
        EditMessageText,
        DeleteMessage,
        AnswerCallbackQuery,
        SetMyCommands,
        GetMe,
    )
)

# Asked again and again: who asks says, once, that the answer fails to come.
_REPEATED: Final = frozenset({"getUpdates", "getMe", "setWebhook"})

# A screen that is there already, as after a second click: nothing is wrong.
_SAME_ALREADY: Final = "message is not modified"


def outcome_of(error: BaseException) -> str:
    """A short word for how a Bot API call failed."""
    return next((word for kind, word in OUTCOMES if isinstance(error, kind)), "failed")


def create_bot(settings: Settings, limiter: Limiter | None = None) -> Bot:
    """The bot of these settings; it connects when first used, and its session must be closed.

    With a limiter its calls keep Telegram's rates together with those of the other processes.
    """
    url = settings.telegram_api_url.rstrip("/")
    api = TelegramAPIServer.from_base(url, is_local=settings.telegram_api_local)
    bot = Bot(
        settings.bot_token.get_secret_value(),
        session=AiohttpSession(api=api, timeout=CALL_TIMEOUT),
        default=DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True),
    )
    if limiter is not None:
        bot.session.middleware(limiter)
    bot.session.middleware(_measured)
    return bot


async def _measured(
    make_request: NextRequestMiddlewareType[TelegramType],
    bot: Bot,
    method: TelegramMethod[TelegramType],
) -> Response[TelegramType]:
    """A request middleware: counts and times the call, and logs its failure."""
    name = method.__api_method__
    started = time.perf_counter()
    outcome = "cancelled"
    try:
        response = await make_request(bot, method)
        outcome = "ok"
        return response
    except Exception as error:
        outcome = outcome_of(error)
        expected = name in _REPEATED or _SAME_ALREADY in str(error)
        if outcome == "too_many_requests":
            TELEGRAM_TOO_MANY.labels(name).inc()
        if not expected:
            log.warning("telegram.call_failed", method=name, outcome=outcome, error=str(error))
        raise
    finally:
        TELEGRAM_CALLS.labels(name, outcome).inc()
        TELEGRAM_SECONDS.labels(name).observe(time.perf_counter() - started)
