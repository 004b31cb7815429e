"""First-use tips: what one may not find by oneself, told once where it helps."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from saas_bot.core.i18n import Translator
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, may
from saas_bot.screens import callbacks as to
from saas_bot.screens.people import back_to_menu
from saas_bot.screens.screen import TEXT_LIMIT, Screen, button, length, screen


@dataclass(frozen=True, slots=True)
class Tip:
    """One tip: its text is `tip-<name>`; handlers are named as below `saas_bot.handlers`."""

    name: str
    needs: Permission
    after: tuple[str, ...]
    """The handlers under whose screens it may stand."""
    beside: str = ""
    """What it speaks of: a pattern that the data of some button of the screen begins with."""
    unless: str = ""
    """What of a dialog shows, if it was said there, that the person knows this already."""


_CARD = ("tasks.pages.show_task", "tasks.pages.show_numbered")
_LIST = ("lists.pages.show_tasks",)
_A_TASK = "tk:"
BY_LINE = "by_line"
"""Under this name a dialog keeps that the task was begun by one line."""

TIPS = (
    Tip("one-line", Permission.TASK_CREATE, ("drafts.parts.create",), unless=BY_LINE),
    Tip("forward", Permission.TASK_CREATE, ("drafts.parts.create", "drafts.beginning.begin"),
        beside=r"o:cancel|te:\d+:more"),
    Tip("submit", Permission.TASK_WORK, _CARD, beside=r"tm:\d+:start"),
    Tip("evidence", Permission.REVIEW_DECIDE, ("lists.pages.show_approvals", *_CARD),
        beside=rf"{_A_TASK}|td:\d+:\d+:accept"),
    Tip("mention", Permission.TASK_COMMENT, _CARD, beside=r"te:\d+:comment$"),
    Tip("copy", Permission.TASK_CREATE, _CARD, beside=r"te:\d+:comment$"),
    Tip("files", Permission.TASK_ATTACH, _CARD, beside="ft:"),
    Tip("checklist", Permission.TASK_TICK, ("tasks.parts.show_checklist",), beside="ck:"),
    Tip("number", Permission.TASK_SEE, _LIST, beside=_A_TASK),
    Tip("filter", Permission.TASK_SEE, _LIST, beside=_A_TASK),
    Tip("board", Permission.TASK_SEE, _LIST, beside=_A_TASK),
    Tip("search", Permission.TASK_SEE, ("search.pages.commanded",), beside="st:"),
    Tip("project", Permission.PROJECT_MANAGE, ("projects.pages.show_project",), beside="pp:"),
    Tip("report", Permission.REPORTS, ("reports.commanded", "reports.show_report"), beside="ex:"),
    Tip("mute", Permission.TASK_SEE, _CARD, beside=r"te:\d+:more$"),
    Tip("timezone", Permission.ACCOUNT, ("company.account.show_settings",)),
)  # fmt: skip
"""Of those that fit under a screen, the first that the person has not seen yet is shown."""


def due(actor: Actor, handler: str, shown: Screen, said: Mapping[str, Any]) -> Tip | None:
    """The tip to show under that screen of that handler, if there is one left.

    `said` is what the dialog knew before.
    """
    seen = actor.account.tips_seen
    left = (one for one in _of(actor) if one.name not in seen and one.unless not in said)
    return next((one for one in left if handler in one.after and _fits(one, shown)), None)


def _fits(tip: Tip, shown: Screen) -> bool:
    """Whether what the tip speaks of is there; a list with nothing in it has no tasks."""
    data = [one.callback_data or "" for row in shown.rows for one in row]
    return not tip.beside or any(re.match(tip.beside, one) for one in data)


def with_tip(t: Translator, shown: Screen, tip: Tip) -> Screen | None:
    """The screen with the tip as its last words; None where they don't fit."""
    text = f"{shown.text}\n\n{t(f'tip-{tip.name}')}"
    return replace(shown, text=text) if length(text) <= TEXT_LIMIT else None


def all_tips(t: Translator, actor: Actor) -> Screen:
    """All tips for the person's role at once, and the offer to show them again one by one."""
    lines = [t(f"tip-{one.name}") for one in _of(actor)]
    return screen(
        "\n\n".join([t("tips"), *lines]),
        [button(t.plain("button-tips-again"), to.Open(what="tipsagain"))],
        [button(t.plain("button-help"), to.Open(what="help")), *back_to_menu(t)],
    )


def _of(actor: Actor) -> list[Tip]:
    return [one for one in TIPS if may(actor.role, one.needs)]
