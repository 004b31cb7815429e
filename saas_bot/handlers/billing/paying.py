"""Paying in the chat: Telegram's invoice, the question before the payment, and the payment."""

import asyncio
from typing import Any, Final

import structlog
from aiogram import Bot, F, Router
from aiogram.methods import AnswerPreCheckoutQuery, SendMessage, TelegramMethod
from aiogram.types import CallbackQuery, Message, PreCheckoutQuery
from pydantic import SecretStr

from saas_bot.core.errors import AppError, Invalid
from saas_bot.core.i18n import LANGUAGES, Translator, language_of, translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.core.middlewares.replies import Attempt, deliver
from saas_bot.db.tenancy import Database, Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.billing import STARS
from saas_bot.domain.permissions import Permission
from saas_bot.screens import callbacks as to
from saas_bot.screens import paying as screens
from saas_bot.screens.errors import error_text
from saas_bot.services.billing import checkout, documents, payments, refunds
from saas_bot.services.billing.payments import Charge, Method

log = structlog.get_logger(__name__)

CHECKOUT_SECONDS: Final = 6.0
"""After which we say no without having looked: Telegram waits for 10 seconds."""

_left: Final[set[asyncio.Task[Any]]] = set()
"""Checks that came too late, until they have ended."""


async def pay(
    event: CallbackQuery,
    callback_data: to.PayWith,
    session: Session,
    actor: Actor,
    provider_token: SecretStr | None,
    t: Translator,
) -> Attempt:
    """Send an invoice of Telegram's own for what is still to be paid of ours."""
    found = (await documents.one(session, actor, callback_data.invoice)).invoice
    checkout.need_payable(found)
    in_stars = found.currency == STARS
    if in_stars != (callback_data.method == "stars") or not (in_stars or provider_token):
        raise Invalid("stale-button")
    token = provider_token.get_secret_value() if provider_token and not in_stars else None
    sent = screens.telegram_invoice(t, actor.account.telegram_id, found, token)

    async def not_taken() -> TelegramMethod[Any]:
        return SendMessage(chat_id=actor.account.telegram_id, text=t("pay-not-possible"))

    return Attempt(sent, not_taken)


async def check_out(query: PreCheckoutQuery, bot: Bot, database: Database) -> None:
    """Say whether a payment may go on, in time, whatever else is slow."""
    t = _texts(query)
    check = asyncio.create_task(_refusal(query, database, t), name=f"checkout-{query.id}")
    done, _ = await asyncio.wait({check}, timeout=CHECKOUT_SECONDS)
    if done:
        refusal = check.result()
    else:
        # Ending it may take as long as what it waits for.
        check.cancel()
        _left.add(check)
        check.add_done_callback(_left.discard)
        log.warning("checkout.too_slow", seconds=CHECKOUT_SECONDS)
        refusal = t.plain("pay-later")
    log.info("checkout.answered", ok=refusal is None)
    await deliver(
        bot,
        AnswerPreCheckoutQuery(
            pre_checkout_query_id=query.id, ok=refusal is None, error_message=refusal
        ),
    )


async def _refusal(query: PreCheckoutQuery, database: Database, t: Translator) -> str | None:
    asked = (query.invoice_payload, query.currency, query.total_amount)
    try:
        async with database.system_session("checkout") as session:
            await checkout.check(session, query.from_user.id, *asked)
    except AppError as error:
        return error_text(t, error).unescape()
    except Exception:
        log.exception("checkout.failed")
        return t.plain("pay-later")
    return None


def _texts(query: PreCheckoutQuery) -> Translator:
    """In the language in which the invoice was asked for: to look it up might take too long."""
    paid = checkout.parse_payload(query.invoice_payload)
    if paid and paid.language in LANGUAGES:
        return translator(paid.language)
    return translator(language_of(query.from_user.language_code))


async def take_payment(message: Message, bot: Bot, database: Database) -> None:
    """Count a payment; its company's admins hear of it by the outbox."""
    paid = message.successful_payment
    if paid is None or message.from_user is None:
        return
    said = (paid.currency, paid.total_amount)
    ids = (paid.telegram_payment_charge_id, paid.provider_payment_charge_id, message.from_user.id)
    async with database.system_session("payment") as session:
        invoice_id = await checkout.named(session, paid.invoice_payload)
        outcome = await payments.receive(session, _charge(*ids, invoice_id, *said))
    log.info("payment.received", status=outcome.status, flag=outcome.flag)
    if outcome.invoice is None and not outcome.repeated:
        t = translator(language_of(message.from_user.language_code))
        await deliver(bot, SendMessage(chat_id=message.chat.id, text=t("pay-unknown-invoice")))


async def take_refund(message: Message, database: Database) -> None:
    """Note that Stars have gone back, whether we had asked for it or Telegram did it."""
    paid = message.refunded_payment
    if paid is None or message.from_user is None:
        return
    ids = (paid.telegram_payment_charge_id, paid.provider_payment_charge_id, message.from_user.id)
    async with database.system_session("refund") as session:
        if await refunds.returned(session, paid.telegram_payment_charge_id) is None:
            invoice_id = await checkout.named(session, paid.invoice_payload)
            said = (paid.currency, paid.total_amount)
            await payments.receive(session, _charge(*ids, invoice_id, *said))
            await refunds.returned(session, paid.telegram_payment_charge_id)


def _charge(
    charge_id: str,
    provider_charge_id: str | None,
    payer_id: int,
    invoice_id: int | None,
    currency: str,
    amount: int,
) -> Charge:
    method = Method.STARS if currency == STARS else Method.PROVIDER
    return Charge(method, charge_id, provider_charge_id, payer_id, invoice_id, currency, amount)


def money() -> Router:
    """What Telegram tells of payments. It comes first: no other handler is to see it.

    Who pays needs no right any more; what a payment does, it does for the company of its invoice.
    """
    router = Router(name="money")
    flags = needs(Permission.ACCOUNT, Door.NONE, in_dialog=True)
    router.pre_checkout_query.register(check_out, flags=flags)
    router.message.register(take_payment, F.successful_payment, flags=flags)
    router.message.register(take_refund, F.refunded_payment, flags=flags)
    return router


def commands() -> Router:
    """The buttons that pay."""
    router = Router(name="paying")
    flags = needs(Permission.BILLING)
    router.callback_query.register(pay, to.PayWith.filter(F.method != "bank"), flags=flags)
    return router
