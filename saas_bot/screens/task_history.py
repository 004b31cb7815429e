"""Screens of what happened to a task."""

from datetime import datetime
from typing import Any

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup, escape

from saas_bot.core.i18n import Translator, unlinked
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.limits import NAME, TITLE
from saas_bot.domain.permissions import Permission, may
from saas_bot.domain.task_flow import Status
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import moment
from saas_bot.screens.screen import TEXT_LIMIT, Screen, button, clip, grid, length, pager, screen
from saas_bot.screens.tasks import back_to_more, back_to_task
from saas_bot.services.audit import Entry
from saas_bot.services.numbers import with_sign
from saas_bot.services.tasks import TaskCard

SHOWN = 60
"""Characters of a word or text in a line of the history."""

_TEXTS = ("title", "description", "comment")
"""The parts that may be longer, and then have a page of their own."""

_REWORDED = ("task.title", "task.description", "task.comment_edited")
"""The changes of these parts."""


def history(t: Translator, actor: Actor, task: TaskCard, page: Page[Entry]) -> Screen:
    """A page of what happened to the task, the newest first."""
    lines = [
        t(
            "history-line",
            at=moment(t, one.at, actor.account.timezone),
            who=clip(one.actor_name, NAME),
            what=what(t, actor, one),
        )
        for one in page.items
    ]
    told = Markup("\n").join(lines) or t("history-empty")
    text = t("history", ref=task.ref, title=clip(task.title, TITLE)) + "\n\n" + told
    longer = [_in_full(t, actor, task, one) for one in page.items if is_longer(actor, one)]
    return screen(
        text,
        *grid(longer, 2),
        pager(t, page, to.TaskHistory(id=task.id)),
        back_to_more(t, task),
    )


def is_longer(actor: Actor, entry: Entry) -> bool:
    """Whether a change has more to show than its line does."""
    texts = (*_texts(actor, entry.before), *_texts(actor, entry.after))
    return entry.action in _REWORDED and any(len(one) > SHOWN for one in texts)


def change(t: Translator, actor: Actor, task: TaskCard, entry: Entry, *, after: bool) -> Screen:
    """What a part was before a change, or after it, as far as a message has room."""
    at = moment(t, entry.at, actor.account.timezone)
    head = t("history-after" if after else "history-before", ref=task.ref, at=at)
    values = entry.after if after else entry.before
    words = next(iter(_texts(actor, values)), "") or "–"
    other = to.TaskChange(id=task.id, entry=entry.id, after=not after)
    key = "button-history-before" if after else "button-history-after"
    return screen(
        head + "\n\n" + unlinked(escape(clip(words, TEXT_LIMIT - length(head) - 2))),
        [button(t.plain(key), other)],
        [
            button(t.plain("button-back"), to.TaskHistory(id=task.id)),
            *back_to_task(t, task, key="button-to-task"),
        ],
    )


def _in_full(t: Translator, actor: Actor, task: TaskCard, entry: Entry) -> InlineKeyboardButton:
    at = moment(t, entry.at, actor.account.timezone)
    return button(f"🔍 {at}", to.TaskChange(id=task.id, entry=entry.id))


def _texts(actor: Actor, values: dict[str, Any]) -> list[str]:
    """Those of the values that may be long; what a comment said before stays within the team."""
    hidden = () if may(actor.role, Permission.INTERNAL_SEE) else ("comment",)
    return [
        values[part] for part in _TEXTS if part not in hidden and isinstance(values.get(part), str)
    ]


def what(t: Translator, actor: Actor, entry: Entry) -> Markup:
    """What was done to a task, or to a file of a project."""
    key = "history-" + entry.action.partition(".")[2].replace("_", "-")
    if "copied_from" in entry.after:
        key = "history-copied" if entry.after["copied_from"] else "history-copied-unseen"
    if entry.action == "task.moved" and None in (entry.before.get("ref"), entry.after.get("ref")):
        key = "history-moved-unseen"
    if "review" in entry.after:
        key += "-on-behalf" if entry.after.get("on_behalf") else "-numbered"
        words = clip(str(entry.after.get("words", "")), SHOWN)
        did = t(key, number=entry.after["review"])
        return unlinked(Markup("{}: {}").format(did, words)) if words else did
    if "comment" in entry.before and not _texts(actor, entry.before):
        return t("history-comment-reworded")
    before, after = (_worded(t, actor, values) for values in (entry.before, entry.after))
    return t(key, before=before, after=after)


def _worded(t: Translator, actor: Actor, values: dict[str, Any]) -> str:
    for field, value in values.items():
        match field, value:
            case ("internal" | "sign", _):
                continue
            case ("assignee", str()):
                return with_sign(clip(value, SHOWN), values.get("sign"))
            case ("due_at", str()):
                return moment(t, datetime.fromisoformat(value), actor.account.timezone)
            case ("priority", str()):
                return t.plain(f"priority-{value}")
            case ("status", str()):
                return t.plain(f"status-{Status(value)}")
            case (_, str()):
                return clip(" ".join(value.split()), SHOWN) or "–"
            case _:
                return "–"
    return "–"
