"""Screens of what happened in the company, each thing in words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.limits import NAME
from saas_bot.domain.permissions import Permission, Role, may
from saas_bot.domain.trail import Area
from saas_bot.screens import callbacks as to
from saas_bot.screens import task_history
from saas_bot.screens.formats import moment, money, size, told_apart
from saas_bot.screens.people import back_to_menu
from saas_bot.screens.screen import Row as Buttons
from saas_bot.screens.screen import Screen, button, clip, column, grid, pager, screen
from saas_bot.services.audit import Entry
from saas_bot.services.trail import Person, Row

SHOWN: Final = 60
"""Characters of a word or text in a line."""

DAYS: Final = (1, 7, 30, 90)
"""What the buttons offer; 1 is today."""

NOTHING: Final = "–"

NAMED: Final = (
    "name", "role", "device", "file", "files", "format", "until", "plan", "number", "invoice",
    "amount", "reason",
)  # fmt: skip
"""What texts may name of a change, besides what it was before and after."""


def trail(t: Translator, actor: Actor, page: Page[Row], here: to.Audit, who: str) -> Screen:
    """A page of what happened, the newest first; `who` is the name of the person it is of."""
    chosen = {"user": who, "area": _area(t, here.area), "days": _days(t, here.days)}
    set_ones = [said for said in chosen.values() if said]
    narrowed = t("filter-applied", parts=" · ".join(set_ones)) if set_ones else ""
    lines = [_line(t, actor, one) for one in page.items]
    nothing = "" if lines else t("audit-nothing" if here.narrows else "audit-empty")
    parts = [t("audit", company=actor.company_name), narrowed, nothing, *lines]
    picks = [
        button(f"{t.plain(f'button-audit-{part}')}{f': {said}' if said else ''}", _to(here, part))
        for part, said in chosen.items()
    ]
    clear = [button(t.plain("button-clear"), to.Audit())] if here.narrows else None
    return screen(
        Markup("\n\n").join(part for part in parts if part),
        pager(t, page, here),
        *column(picks),
        clear,
        _back(t, actor),
    )


def _to(here: to.Audit, part: str) -> to.Audit:
    return here.model_copy(update={"pick": part, "at": ""})


def _back(t: Translator, actor: Actor) -> list[InlineKeyboardButton]:
    company = button(t.plain("button-company"), to.Open(what="company"))
    settles = may(actor.role, Permission.COMPANY_SETTINGS)
    return [*([company] if settles else ()), *back_to_menu(t)]


def pick_person(t: Translator, actor: Actor, page: Page[Person], here: to.Audit) -> Screen:
    """By whom: everybody who is in the company or was."""
    names = told_apart(page.items)
    rows = [_choice(names[one.id], here, "user", one.id) for one in page.items]
    return _choices(t, here, grid(rows, 2), pager(t, page, here))


def _pick_area(t: Translator, here: to.Audit) -> Screen:
    rows = [_choice(_area(t, one), here, "area", one) for one in Area]
    return _choices(t, here, grid(rows, 2))


def _pick_days(t: Translator, here: to.Audit) -> Screen:
    rows = [_choice(_days(t, one), here, "days", one) for one in DAYS]
    return _choices(t, here, grid(rows, 2))


PICKS: Final[Mapping[str, Callable[[Translator, to.Audit], Screen]]] = {
    "area": _pick_area,
    "days": _pick_days,
}
"""What can be chosen without a look at the database."""

_ALL: Final = {"user": 0, "area": None, "days": 0}


def _choices(t: Translator, here: to.Audit, rows: Sequence[Buttons], pages: Buttons = ()) -> Screen:
    everything = _choice(t.plain("filter-any"), here, here.pick, _ALL[here.pick])
    back = here.model_copy(update={"pick": "", "at": ""})
    return screen(
        t(f"audit-pick-{here.pick}"),
        [everything],
        *rows,
        pages,
        [button(t.plain("button-back"), back)],
    )


def _choice(label: str, here: to.Audit, part: str, value: Any) -> InlineKeyboardButton:
    chosen = here.model_copy(update={part: value, "pick": "", "at": ""})
    return button(f"{'• ' if getattr(here, part) == value else ''}{label}", chosen)


def _area(t: Translator, area: Area | None) -> str:
    return t.plain(f"audit-area-{area}") if area else ""


def _days(t: Translator, days: int) -> str:
    return t.plain("audit-days", days=days) if days else ""


def _line(t: Translator, actor: Actor, one: Row) -> Markup:
    at = moment(t, one.at, actor.account.timezone)
    return t("history-line", at=at, who=_who(t, one), what=what(t, actor, one))


def _who(t: Translator, one: Row) -> str:
    if one.actor_kind == "system":
        return t.plain("audit-by-system")
    name = clip(one.actor_name, NAME)
    return t.plain("audit-by-operator", name=name) if one.actor_kind == "operator" else name


def what(t: Translator, actor: Actor, one: Row) -> Markup:
    """What was done, in words; what has none keeps the name that programs know it by."""
    before, after = one.before or {}, one.after or {}
    if one.action.startswith("task.") or ".file_" in one.action:
        entry = Entry(one.id, one.at, one.actor_name, one.action, before, after)
        return t("audit-of", what=task_history.what(t, actor, entry), subject=_subject(t, one))
    key = key_of(one.action)
    if not t.has(key):
        return t("audit-other", action=one.action)
    said = {name: _worded(t, actor, name, before | after) for name in NAMED}
    changed = next(iter(before), "")
    return t(
        key,
        subject=_subject(t, one),
        before=_worded(t, actor, changed, before),
        after=_worded(t, actor, changed, after),
        **said,
    )


def key_of(action: str) -> str:
    """Of the text that tells an action which is not of a task or a file."""
    return f"audit-{action.replace('.', '-').replace('_', '-')}"


def _subject(t: Translator, one: Row) -> str:
    told = (one.before or {}) | (one.after or {})
    name = one.subject or told.get("name")
    return clip(str(name), SHOWN) if name else t.plain("audit-gone")


def _worded(t: Translator, actor: Actor, name: str, values: Mapping[str, Any]) -> str:
    match name, values.get(name):
        case _, None:
            return NOTHING
        case "role", str() as role:
            return t.plain(f"role-{Role(role)}")
        case "amount", int() as amount:
            return money(t, amount, values["currency"])
        case ("bytes" | "size"), int() as count:
            return size(t, count)
        case "until", str() as until:
            return moment(t, datetime.fromisoformat(until), actor.account.timezone)
        case "files", list() as files:
            return clip(", ".join(files), SHOWN)
        case _, value:
            return clip(" ".join(str(value).split()), SHOWN)
