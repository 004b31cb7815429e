"""First-use tips: what one may not find by oneself, told once where it helps."""

from dataclasses import dataclass, replace

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


_CARD = ("tasks.pages.show_task", "tasks.pages.show_numbered")
_LIST = ("lists.pages.show_tasks",)
_FOUND = ("search.pages.commanded", "search.pages.answered", "search.pages.show_page")

TIPS = (
    Tip("one-line", Permission.TASK_CREATE, ("drafts.parts.create",)),
    Tip("forward", Permission.TASK_CREATE, ("drafts.parts.create", "drafts.beginning.begin")),
    Tip("submit", Permission.TASK_WORK, _CARD),
    Tip("evidence", Permission.REVIEW_DECIDE, ("lists.pages.show_approvals", *_CARD)),
    Tip("mention", Permission.TASK_COMMENT, _CARD),
    Tip("copy", Permission.TASK_CREATE, _CARD),
    Tip("checklist", Permission.TASK_TICK, ("tasks.parts.show_checklist",)),
    Tip("number", Permission.TASK_SEE, _LIST),
    Tip("filter", Permission.TASK_SEE, _LIST),
    Tip("board", Permission.TASK_SEE, _LIST),
    Tip("search", Permission.TASK_SEE, _FOUND),
    Tip("project", Permission.PROJECT_MANAGE, ("projects.pages.show_project",)),
    Tip("report", Permission.REPORTS, ("reports.show_report",)),
    Tip("timezone", Permission.ACCOUNT, ("company.account.show_settings",)),
)
"""Of those that fit under a screen, the first that the person has not seen yet is shown."""


def due(actor: Actor, handler: str) -> Tip | None:
    """The tip to show under the screen of that handler, if there is one left."""
    seen = actor.account.tips_seen
    return next((one for one in _of(actor) if handler in one.after and one.name not in seen), None)


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
