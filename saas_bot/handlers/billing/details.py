"""/billing: whom the company's invoices are made out to."""

from typing import Final

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Conflict, Invalid
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.events import Event, announced, is_words
from saas_bot.handlers.interrupted import telling
from saas_bot.screens import callbacks as to
from saas_bot.screens import invoices as screens
from saas_bot.screens.screen import Screen
from saas_bot.services.billing import details as service


class BillingWords(StatesGroup):
    """The questions, in the order in which they are asked."""

    legal_name = State()
    address = State()
    tax_id = State()
    email = State()


STEPS: Final = {name: getattr(BillingWords, name) for name in service.CHECKS}


async def show_details(event: Event, session: Session, actor: Actor, t: Translator) -> Screen:
    """What is known."""
    return screens.billing_details(t, actor, await service.get(session, actor.company_id))


async def ask(
    event: CallbackQuery,
    callback_data: to.BillingDetails,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """Ask for one of them, or for all of them from the first one on."""
    wanted = callback_data
    asked = list(STEPS) if wanted.step == "all" else [wanted.step]
    return begin(actor, dialog, t, asked, plan=wanted.plan, currency=wanted.currency)


def begin(
    actor: Actor,
    dialog: Dialog,
    t: Translator,
    asked: list[str],
    *,
    plan: str = "",
    currency: str = "",
) -> Screen:
    """The first of the questions that are `asked`; then it goes on to what is to be paid for.

    That is a plan or, with nothing but a currency, the next month.
    """
    first, *rest = asked
    buys = {"plan": plan, "currency": currency}
    dialog.go(STEPS[first], company_id=actor.company_id, left=rest, said={}, buys=buys)
    return screens.ask_detail(t, first)


async def written(
    message: Message, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """An answer; it is held against the rules at once."""
    name = _name(dialog)
    try:
        value = service.CHECKS[name](message.text or "")
    except Invalid as error:
        return screens.detail_refused(t, name, error)
    return await _go_on(session, actor, dialog, t, value)


async def left_out(
    event: CallbackQuery, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """There is none, or it is not to stand on invoices."""
    return await _go_on(session, actor, dialog, t, None)


async def _go_on(
    session: Session, actor: Actor, dialog: Dialog, t: Translator, value: str | None
) -> Screen:
    """The next question; after the last one everything is kept at once."""
    if dialog.data.get("company_id") != actor.company_id:
        dialog.end()
        raise Conflict("other-company", company=actor.company_name)
    said = {**dialog.data.get("said", {}), _name(dialog): value}
    left: list[str] = dialog.data.get("left", [])
    if left:
        dialog.go(STEPS[left[0]], said=said, left=left[1:])
        return screens.ask_detail(t, left[0])
    buys: dict[str, str] = dialog.data.get("buys", {})
    given = await service.save(session, actor, **said)
    dialog.end()
    shown = screens.billing_details(t, actor, given, buys=_goes_on(**buys))
    return shown.with_notice(t("saved"))


def _goes_on(plan: str = "", currency: str = "") -> to.Subscribe | to.Renew | None:
    """The way to what is to be paid for: a plan, or the next month of the one that runs."""
    if plan:
        return to.Subscribe(plan=plan, currency=currency)
    return to.Renew(currency=currency) if currency else None


async def cancelled(
    event: Event, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """Back to what is known, nothing changed."""
    dialog.end()
    shown = screens.billing_details(t, actor, await service.get(session, actor.company_id))
    return announced(event, shown, t("cancelled"))


def _name(dialog: Dialog) -> str:
    return (dialog.state or "").rpartition(":")[2]


def commands() -> Router:
    """The command and the buttons."""
    router = telling(Router(name="billing-details"))
    click, see = router.callback_query.register, needs(Permission.BILLING)
    router.message.register(show_details, Command("billing"), flags=see)
    click(show_details, to.Open.filter(F.what == "billing"), flags=see)
    click(ask, to.BillingDetails.filter(), flags=needs(Permission.BILLING, Door.NONE))
    return router


def dialogs() -> Router:
    """The steps of the dialog."""
    router = Router(name="billing-details-dialog")
    step = needs(Permission.BILLING, in_dialog=True)
    on, click = router.message.register, router.callback_query.register
    here = StateFilter(BillingWords)
    on(cancelled, Command("cancel"), here, flags=step)
    click(cancelled, to.Open.filter(F.what == "cancel"), here, flags=step)
    on(written, here, is_words, flags=step)
    optional = StateFilter(*(STEPS[name] for name in service.OPTIONAL))
    click(left_out, to.Skip.filter(), optional, flags=step)
    return router
