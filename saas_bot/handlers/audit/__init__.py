"""What happened in the company: /audit, its pages, and narrowing it down."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery

from saas_bot.core.clock import now
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.domain.report_period import begin
from saas_bot.handlers.events import Event
from saas_bot.handlers.interrupted import telling
from saas_bot.screens import audit as screens
from saas_bot.screens import callbacks as to
from saas_bot.screens.screen import Screen
from saas_bot.services import trail

__all__ = ["commands"]


async def show(
    event: Event,
    session: Session,
    actor: Actor,
    t: Translator,
    callback_data: to.Audit | to.Open | None = None,
) -> Screen:
    """A page of it, as far as it was narrowed down."""
    here = callback_data if isinstance(callback_data, to.Audit) else to.Audit()
    who = await trail.person(session, actor, here.user) if here.user else ""
    page = await trail.page(
        session,
        actor,
        Cursor.parse(here.at),
        user_id=here.user or None,
        area=here.area,
        since=_since(here.days, actor.account.timezone) if here.days else None,
    )
    if here.at and not page.items:
        # The day has gone on since its button was made.
        return await show(event, session, actor, t, here.model_copy(update={"at": ""}))
    return screens.trail(t, actor, page, here, who)


async def pick_person(
    event: CallbackQuery, callback_data: to.Audit, session: Session, actor: Actor, t: Translator
) -> Screen:
    """By whom."""
    people = await trail.people(session, actor, Cursor.parse(callback_data.at))
    return screens.pick_person(t, actor, people, callback_data)


async def pick(event: CallbackQuery, callback_data: to.Audit, t: Translator) -> Screen:
    """About what, or since when."""
    return screens.PICKS[callback_data.pick](t, callback_data)


def _since(days: int, timezone: str) -> datetime:
    """Midnight where the person is, so many days ago that today is the last of them."""
    today = now().astimezone(ZoneInfo(timezone)).date()
    return begin(today - timedelta(days=days - 1), timezone)


def commands() -> Router:
    """The command and the buttons of this feature."""
    router = telling(Router(name="audit"))
    see, plain = needs(Permission.AUDIT_SEE), needs(Permission.AUDIT_SEE, Door.NONE)
    router.message.register(show, Command("audit"), flags=see)
    click = router.callback_query.register
    click(show, to.Open.filter(F.what == "audit"), flags=see)
    click(show, to.Audit.filter(F.pick == ""), flags=see)
    click(pick_person, to.Audit.filter(F.pick == "user"), flags=see)
    click(pick, to.Audit.filter(), flags=plain)
    return router
