"""Updates about money: they wait for nothing else, and a payment is not given up.

What holds other updates in order (the chat's lock in Redis, the query for the actor) may hang for a
while. Telegram takes no answer to a checkout after 10 seconds (Bot API, answerPreCheckoutQuery),
and tells of a payment only until the update is confirmed.
"""

import asyncio
from itertools import count
from typing import Any, Final, cast

import structlog
from aiogram import BaseMiddleware
from aiogram.fsm.storage.base import StorageKey
from aiogram.methods import SendMessage
from aiogram.types import Message, TelegramObject, Update, User

from saas_bot.core.dialog import Dialog
from saas_bot.core.i18n import language_of, translator
from saas_bot.core.metrics import UPDATE_ERRORS
from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.core.middlewares.replies import deliver
from saas_bot.core.outage import backoff
from saas_bot.db.outages import is_away

log = structlog.get_logger(__name__)

MOST_FAULTS: Final = 5
"""After so many failures that no outage explains, a payment is left to reconciling."""

LONGEST_PAUSE: Final = 15.0
"""Seconds between two tries of a payment."""


def tells_of_money(update: Update) -> bool:
    """Whether an update says that somebody has paid, or has been given money back."""
    message = update.message
    return message is not None and (
        message.successful_payment is not None or message.refunded_payment is not None
    )


def about_money(update: Update) -> bool:
    """The same, or that somebody is about to pay."""
    return update.pre_checkout_query is not None or tells_of_money(update)


class ForOthers(BaseMiddleware):
    """A middleware that updates about money pass by."""

    def __init__(self, inner: BaseMiddleware) -> None:
        self._inner = inner

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if about_money(cast("Update", event)):
            return await handler(event, data)
        return await self._inner(handler, event, data)


class MoneyMiddleware(BaseMiddleware):
    """Sees a payment through, however long the database is away.

    Until then the update stays in hand, so that Telegram tells of it again if this process ends.
    Its handlers know of no actor, and of no dialog.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if not tells_of_money(cast("Update", event)):
            return await handler(event, data)
        bot, person = data["bot"], data["event_from_user"]
        key = StorageKey(bot_id=bot.id, chat_id=person.id, user_id=person.id)
        data["actor"], data["dialog"] = None, Dialog(key, None, {})
        faults = 0
        for attempt in count(1):
            try:
                return await handler(event, data)
            except Exception as error:
                faults += not is_away(error)
                if faults >= MOST_FAULTS:
                    return await self._leave(cast("Update", event), data)
                UPDATE_ERRORS.labels(data["handled"].handler, "again").inc()
                log.warning("payment.again", attempt=attempt, error=repr(error))
            await asyncio.sleep(backoff(attempt, first=0.5, most=LONGEST_PAUSE))
        return None

    async def _leave(self, update: Update, data: dict[str, Any]) -> None:
        """Give up for now; the log keeps what an operator needs if reconciling can't."""
        message = cast("Message", update.message)
        paid = message.successful_payment or message.refunded_payment
        assert paid is not None  # noqa: S101  # nosec B101: it tells of money
        UPDATE_ERRORS.labels(data["handled"].handler, "unexpected").inc()
        log.exception(
            "payment.left",
            charge=paid.telegram_payment_charge_id,
            amount=paid.total_amount,
            currency=paid.currency,
            payload=paid.invoice_payload,
        )
        person: User = data["event_from_user"]
        # By Telegram's list of Stars the worker takes it in; of other money there is none.
        key = "pay-counted-later" if paid.currency == "XTR" else "pay-counted-by-us"
        text = translator(language_of(person.language_code))(key)
        await deliver(data["bot"], SendMessage(chat_id=person.id, text=text))
