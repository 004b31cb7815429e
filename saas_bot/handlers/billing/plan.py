"""/plan, /subscribe, /cancel_subscription: what the company has, and changing it."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery
from pydantic import SecretStr

from saas_bot.core.dialog import Dialog
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.billing import RUNNING, STARS, Status
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.billing import details
from saas_bot.handlers.events import Event
from saas_bot.handlers.interrupted import telling
from saas_bot.screens import callbacks as to
from saas_bot.screens import invoices as invoice_screens
from saas_bot.screens import plan as screens
from saas_bot.screens.screen import Screen
from saas_bot.services.billing import details as buyer
from saas_bot.services.billing import documents, quotes, standing, subscriptions
from saas_bot.services.billing.details import Seller

FREE = "free"
CANCELABLE = (*RUNNING, Status.PENDING)


async def show_plan(event: Event, session: Session, actor: Actor, t: Translator) -> Screen:
    """What the company has, takes and could have."""
    return screens.plan(t, actor, await quotes.overview(session, actor))


async def show_choice(event: Event, session: Session, actor: Actor, t: Translator) -> Screen:
    """The plans to choose from."""
    return screens.choice(t, await quotes.overview(session, actor))


async def show_quote(
    event: CallbackQuery,
    callback_data: to.Subscribe,
    session: Session,
    actor: Actor,
    seller: Seller,
    provider_token: SecretStr | None,
    t: Translator,
) -> Screen:
    """What it would mean to take a plan, and what it costs."""
    told = await quotes.quote(session, actor, callback_data.plan)
    in_money = seller.takes_transfers or provider_token is not None
    return screens.quote(t, actor, told, in_money=in_money)


async def take(
    event: CallbackQuery,
    callback_data: to.Subscribe,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    seller: Seller,
    provider_token: SecretStr | None,
    t: Translator,
) -> Screen:
    """Take it: to the invoice, where there is one, and else to the plan as it is from then on.

    Whoever pays by bank or card is asked first whom the invoice is made out to.
    """
    plan, currency = callback_data.plan, callback_data.currency
    if currency != STARS and await buyer.get(session, actor.company_id) is None:
        return details.begin(actor, dialog, t, [*details.STEPS], plan=plan, currency=currency)
    chosen = await subscriptions.choose(session, actor, plan, currency, seller)
    if chosen.invoice is not None:
        return await _invoice(session, actor, chosen.invoice.id, seller, provider_token, t)
    return screens.agreed(t, chosen.what)


async def ask_renewal(
    event: CallbackQuery,
    session: Session,
    actor: Actor,
    seller: Seller,
    provider_token: SecretStr | None,
    t: Translator,
) -> Screen:
    """What the next month costs."""
    told = await quotes.renewal(session, actor)
    in_money = seller.takes_transfers or provider_token is not None
    return screens.quote(t, actor, told, in_money=in_money, renew=True)


async def renew(
    event: CallbackQuery,
    callback_data: to.Renew,
    session: Session,
    actor: Actor,
    seller: Seller,
    provider_token: SecretStr | None,
    t: Translator,
) -> Screen:
    """Ask for the invoice of the next month."""
    invoice = await subscriptions.renew_early(session, actor, callback_data.currency, seller)
    return await _invoice(session, actor, invoice.id, seller, provider_token, t)


async def ask_cancel(event: Event, session: Session, actor: Actor, t: Translator) -> Screen:
    """Ask once, and say until when it runs."""
    stands = await standing.of(session, actor.company_id)
    if stands.status not in CANCELABLE or stands.cancels_at_end:
        return screens.nothing_to_cancel(t)
    return screens.ask_cancel(t, actor, stands)


async def cancel(event: CallbackQuery, session: Session, actor: Actor, t: Translator) -> Screen:
    """It ends with what is paid for, as was confirmed."""
    return screens.cancelled(t, actor, await subscriptions.cancel(session, actor))


async def resume(event: CallbackQuery, session: Session, actor: Actor, t: Translator) -> Screen:
    """It goes on after all."""
    await subscriptions.resume(session, actor)
    return screens.resumed(t)


async def _invoice(
    session: Session,
    actor: Actor,
    invoice_id: int,
    seller: Seller,
    provider_token: SecretStr | None,
    t: Translator,
) -> Screen:
    document = await documents.one(session, actor, invoice_id)
    return invoice_screens.invoice(t, document, seller, by_card=provider_token is not None)


def commands() -> Router:
    """The commands and buttons of the plan."""
    router = telling(Router(name="plan"))
    on, click = router.message.register, router.callback_query.register
    see, change = needs(Permission.BILLING), needs(Permission.BILLING, Door.SYSTEM)
    for name, what, handler in (
        ("plan", "plan", show_plan),
        ("subscribe", "subscribe", show_choice),
        ("cancel_subscription", "plancancel", ask_cancel),
    ):
        on(handler, Command(name), flags=see)
        click(handler, to.Open.filter(F.what == what), flags=see)
    click(show_quote, to.Subscribe.filter(F.currency == ""), flags=see)
    # To have no plan any more is asked about first, by another button.
    click(take, to.Subscribe.filter(F.plan != FREE), flags=change)
    click(ask_renewal, to.Renew.filter(F.currency == ""), flags=see)
    click(renew, to.Renew.filter(), flags=change)
    click(cancel, to.Confirm.filter(F.what == "plancancel"), flags=change)
    click(resume, to.Open.filter(F.what == "planresume"), flags=change)
    return router
