"""The daily digest in words, and the choice of its hour."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.cities import city_of
from saas_bot.core.clock import now
from saas_bot.core.i18n import Translator
from saas_bot.domain import quiet_hours
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.digest_schedule import HOURS
from saas_bot.domain.task_lists import View
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import PRIORITY_ICONS, STATUS_ICONS, long_day, moment
from saas_bot.screens.notices import Told
from saas_bot.screens.screen import Screen, button, clip, grid, screen
from saas_bot.services.digest_contents import Counted, Part, contents
from saas_bot.services.digests import Choice
from saas_bot.services.tasks import TaskLine
from saas_bot.services.tasks.board import COUNTED

TITLE_SHOWN = 60

_STALE: Final = timedelta(days=1)

_LISTS: Final[dict[View, tuple[Part, ...]]] = {
    View.MINE: (Part.OVERDUE, Part.TODAY, Part.NEW),
    View.REVIEW: (Part.REVIEW,),
    View.UNASSIGNED: (Part.UNASSIGNED,),
    View.OVERDUE: (Part.OTHERS_OVERDUE,),
}
"""The lists that a digest leads to, each where it tells of one of these parts."""


async def digest(told: Told) -> Screen | None:
    """What the day holds for somebody in one company; None where it holds nothing.

    One that couldn't be sent for a day gives way to the next.
    """
    if now() - datetime.fromisoformat(told.said["at"]) >= _STALE:
        return None
    found = await contents(told.session, told.actor, datetime.fromisoformat(told.said["since"]))
    if not found:
        return None
    t, actor = told.t, told.actor
    head = t("digest", company=actor.company_name, day=long_day(t, now(), actor.account.timezone))
    lists = [
        button(t.plain(f"view-{view.name.lower()}"), _list(actor, view))
        for view, parts in _LISTS.items()
        if any(part in found for part in parts)
    ]
    return screen(
        Markup("\n\n").join([head, *_parts(t, actor, found, several=told.said["several"])]),
        *grid(lists, 2),
        [button(t.plain("button-digest"), to.Open(what="digest"))],
    )


def _list(actor: Actor, view: View) -> to.DigestList:
    return to.DigestList(company=actor.company_id, view=view)


def _parts(
    t: Translator, actor: Actor, found: Mapping[Part, Counted], *, several: bool
) -> list[Markup]:
    parts, counts = [], []
    for part, one in found.items():
        lines = [t(f"digest-{part}", count=_count(one.count))]
        if not one.first:
            counts += lines
            continue
        lines += [_line(t, actor, task, several=several) for task in one.first]
        if left := one.count - len(one.first):
            lines.append(t("board-more", count=_count(one.count, left)))
        parts.append(Markup("\n").join(lines))
    return [*parts, Markup("\n").join(counts)] if counts else parts


def _count(counted: int, shown: int | None = None) -> str:
    """So many of what was counted; a `+` where there may be more."""
    shown = counted if shown is None else shown
    return str(shown) if counted < COUNTED else f"{shown - 1}+"


def _line(t: Translator, actor: Actor, task: TaskLine, *, several: bool) -> Markup:
    # As a command the number can be tapped, in the company that one works in: with several of
    # them it may mean a task of another one.
    ref = task.ref if several else f"/{task.ref.replace('-', '_')}"
    due = f" · {moment(t, task.due_at, actor.account.timezone)}" if task.due_at else ""
    icons = STATUS_ICONS[task.status] + PRIORITY_ICONS[task.priority]
    return t("board-line", ref=f"{icons} {ref}", title=clip(task.title, TITLE_SHOWN), facts=due)


def digest_settings(t: Translator, account: Account, chosen: Choice) -> Screen:
    """When the digest comes, and the choice of another hour."""
    return screen(
        Markup("\n\n").join([t("digest-settings"), _comes(t, account, chosen)]),
        *grid((_hour(chosen, hour) for hour in HOURS), 6),
        [
            button(
                f"{'• ' if chosen.weekdays is weekdays else ''}{t.plain(key)}",
                to.Digest(hour=str(chosen.hour), weekdays=weekdays),
            )
            for key, weekdays in (
                ("button-digest-every-day", False),
                ("button-digest-weekdays", True),
            )
            if chosen.hour is not None
        ],
        [
            button(
                f"{'• ' if chosen.hour is None else ''}{t.plain('button-digest-off')}",
                to.Digest(hour="off", weekdays=chosen.weekdays),
            )
        ],
        [button(t.plain("button-settings"), to.Open(what="settings"))],
    )


def _hour(chosen: Choice, hour: int) -> InlineKeyboardButton:
    mark = "• " if hour == chosen.hour else ""
    return button(f"{mark}{hour}", to.Digest(hour=str(hour), weekdays=chosen.weekdays))


def _comes(t: Translator, account: Account, chosen: Choice) -> Markup:
    """When it comes; within the quiet hours that is when they end."""
    if chosen.hour is None or chosen.next_at is None:
        return t("digest-off")
    days = t("digest-on-weekdays" if chosen.weekdays else "digest-on-every-day")
    later = quiet_hours.until(chosen.next_at, account.timezone, account.quiet_hours)
    lines = [
        t(
            "digest-comes",
            days=days,
            hour=f"{chosen.hour}:00",
            zone=city_of(account.timezone, t.language),
            next=moment(t, later or chosen.next_at, account.timezone),
        )
    ]
    if later is not None:
        lines.append(t("digest-quiet"))
    return Markup("\n").join(lines)
