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
from saas_bot.domain.billing import FREE, RUNNING, STARS, Status
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.billing import details
from saas_bot.handlers.events import Event
from saas_bot.handlers.interrupted import telling
from saas_bot.screens import callbacks as to
from saas_bot.screens import invoices as invoice_screens
from saas_bot.screens import plan as screens
from saas_bot.screens import quotes as quote_screens
from saas_bot.screens.screen import Screen
from saas_bot.services.billing import details as buyer
from saas_bot.services.billing import documents, quotes, standing, subscriptions
from saas_bot.services.billing.details import Seller

CANCELABLE = (*RUNNING, Status.PENDING)


async def show_plan(
    event: Event, session: Session, actor: Actor, seller: Seller, t: Translator
) -> Screen:
    """What the company has, takes and could have."""
    return screens.plan(t, actor, await quotes.overview(session, actor), seller)


async def show_choice(
    event: Event, session: Session, actor: Actor, seller: Seller, t: Translator
) -> Screen:
    """The plans to choose from."""
    return screens.choice(t, await quotes.overview(session, actor), seller)


async def show_quote(
    event: CallbackQuery,
    callback_data: to.Subscribe,
    session: Session,
    actor: Actor,
    seller: Seller,
    t: Translator,
) -> Screen:
    """What it would mean to take a plan, and what it costs."""
    told = await quotes.quote(session, actor, callback_data.plan)
    return quote_screens.quote(t, actor, told, seller)


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
    if await _need_buyer(session, actor, seller, currency):
        return details.begin(actor, dialog, t, [*details.STEPS], plan=plan, currency=currency)
    chosen = await subscriptions.choose(session, actor, plan, currency, seller)
    if chosen.invoice is not None:
        document = await documents.just_asked(session, actor, chosen.invoice, plan)
        return invoice_screens.invoice(t, document, seller, by_card=provider_token is not None)
    await session.flush()
    return screens.agreed(t, actor, await standing.of(session, actor.company_id))


async def ask_renewal(
    event: CallbackQuery, session: Session, actor: Actor, seller: Seller, t: Translator
) -> Screen:
    """What the next month costs."""
    told = await quotes.renewal(session, actor)
    return quote_screens.quote(t, actor, told, seller, renew=True)


async def renew(
    event: CallbackQuery,
    callback_data: to.Renew,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    seller: Seller,
    provider_token: SecretStr | None,
    t: Translator,
) -> Screen:
    """Ask for the invoice of the next month, as in `take`."""
    currency = callback_data.currency
    if await _need_buyer(session, actor, seller, currency):
        return details.begin(actor, dialog, t, [*details.STEPS], currency=currency)
    invoice = await subscriptions.renew_early(session, actor, currency, seller)
    document = await documents.just_asked(session, actor, invoice)
    return invoice_screens.invoice(t, document, seller, by_card=provider_token is not None)


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


async def _need_buyer(session: Session, actor: Actor, seller: Seller, currency: str) -> bool:
    """Whether it has to be asked first whom an invoice in this currency is made out to."""
    in_money = currency != STARS and seller.takes(currency)
    return in_money and await buyer.get(session, actor.company_id) is None


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
