"""Screens of what a person wants to be told, and when."""

from datetime import time

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.cities import city_of
from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.events import Event
from saas_bot.domain.quiet_hours import QuietHours
from saas_bot.screens import callbacks as to
from saas_bot.screens.people import back_to_menu
from saas_bot.screens.screen import Screen, button, column, grid, pager, screen
from saas_bot.services.muted import Muted
from saas_bot.services.mutes import MutedLine
from saas_bot.services.preferences import events_of

QUIET_PRESETS = ((22, 8), (23, 7), (21, 9), (19, 9))
"""The quiet hours offered by a button; any other full hours can be chosen."""

MUTED = {
    Muted.NOTHING: "unmuted",
    Muted.TASK: "muted-now",
    Muted.PROJECT: "muted-project-now",
}
"""What is said when something is muted, or no more: a task may still be so by its project."""


def notifications(t: Translator, account: Account, actor: Actor | None) -> Screen:
    """What comes, when, and the ways to change it."""
    parts = [t("notifications"), _told_of(t, account, actor) if actor else "", _quiet(t, account)]
    in_company = [
        button(t.plain("button-events"), to.Open(what="events")),
        button(t.plain("button-muted"), to.Mutes()),
    ]
    return screen(
        Markup("\n\n").join(part for part in parts if part),
        in_company if actor else None,
        [button(t.plain("button-quiet-hours"), to.Open(what="quiet"))],
        _back(t, to.Open(what="settings")),
    )


def _told_of(t: Translator, account: Account, actor: Actor) -> Markup:
    off = sum(event in account.events_off for event in events_of(actor.role))
    return t("notifications-some-off", count=off) if off else t("notifications-all-on")


def _quiet(t: Translator, account: Account) -> Markup:
    hours = account.quiet_hours
    if hours is None:
        return t("quiet-hours-none")
    zone = city_of(account.timezone, t.language)
    return t("quiet-hours-set", start=clock(hours.start), end=clock(hours.end), zone=zone)


def events(t: Translator, actor: Actor) -> Screen:
    """Each event that can concern the person's role, with a tick where it is told of."""
    rows = [
        _event(t, event, on=event not in actor.account.events_off)
        for event in events_of(actor.role)
    ]
    return screen(t("events"), *grid(rows, 2), _back(t, to.Open(what="notifications")))


def _event(t: Translator, event: Event, *, on: bool) -> InlineKeyboardButton:
    label = f"{'✅' if on else '▫️'} {t.plain(f'event-{event}')}"
    return button(label, to.TellOf(event=event, on=not on))


def quiet_hours(t: Translator, account: Account) -> Screen:
    """The quiet hours as they are, what they mean, and others to choose."""
    presets = [
        button(_span(QuietHours(time(start), time(end))), to.Quiet(start=start, end=end))
        for start, end in QUIET_PRESETS
    ]
    off = button(t.plain("button-quiet-off"), to.Open(what="noquiet"))
    return screen(
        Markup("\n\n").join([t("quiet-hours"), _quiet(t, account)]),
        *grid(presets, 2),
        [button(t.plain("button-quiet-other"), to.Quiet())],
        [off] if account.quiet_hours else None,
        _back(t, to.Open(what="notifications")),
    )


def quiet_start(t: Translator) -> Screen:
    """The question at which hour the quiet begins."""
    hours = [button(clock(time(hour)), to.Quiet(start=hour)) for hour in range(24)]
    return screen(t("ask-quiet-start"), *grid(hours, 4), _back(t, to.Open(what="quiet")))


def quiet_end(t: Translator, start: int) -> Screen:
    """The question at which hour it ends; the hours follow the one at which it begins."""
    following = [(start + ahead) % 24 for ahead in range(1, 24)]
    hours = [button(clock(time(hour)), to.Quiet(start=start, end=hour)) for hour in following]
    asked = t("ask-quiet-end", start=clock(time(start)))
    return screen(asked, *grid(hours, 4), _back(t, to.Quiet()))


def muted(t: Translator, page: Page[MutedLine], here: to.Mutes) -> Screen:
    """What is muted; a click lets it be heard again."""
    rows = [
        button(f"🔕 {one.ref} {one.name}", to.Unmute(id=one.id, at=here.at)) for one in page.items
    ]
    return screen(
        t("muted" if rows else "muted-empty"),
        *column(rows),
        pager(t, page, to.Mutes()),
        None if rows else [button(t.plain("button-tasks"), to.Open(what="tasks"))],
        _back(t, to.Open(what="notifications")),
    )


def clock(wall: time) -> str:
    """A time of day as people read it: `8:00`."""
    return f"{wall.hour}:{wall.minute:02}"


def _span(hours: QuietHours) -> str:
    return f"{clock(hours.start)}–{clock(hours.end)}"


def _back(t: Translator, where: to.Open | to.Quiet) -> list[InlineKeyboardButton]:
    return [button(t.plain("button-back"), where), *back_to_menu(t)]
