"""Screens of a task: the card, the choices made on it, its history."""

from datetime import datetime

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup, escape

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, may
from saas_bot.domain.tags import hashed
from saas_bot.domain.task_flow import Priority, Status
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import PRIORITY_ICONS, STATUS_ICONS, is_overdue, moment
from saas_bot.screens.screen import Row, Screen, button, clip, grid, pager, screen
from saas_bot.services.audit import Entry
from saas_bot.services.members import Member
from saas_bot.services.tasks import ReviewNote, TaskCard

DESCRIPTION_SHOWN = 1200
WORDS_SHOWN = 350
HISTORY_SHOWN = 60
CHECKLIST_SHOWN = 40

DUE_PRESETS = ("today", "tomorrow", "3days", "week")


def card(t: Translator, actor: Actor, task: TaskCard) -> Screen:
    """A task in full, with the buttons that its state and the person's rights allow."""
    parts = [
        _heading(t, task),
        _facts(t, actor, task),
        _parts(t, task),
        t("task-archived") if task.archived else "",
        escape(clip(task.description, _room(task))),
        _review(t, task.current_review) if task.current_review else "",
        _comments(t, actor, task),
    ]
    moves = [
        button(t.plain(f"move-{action}"), to.TaskMove(id=task.id, action=action))
        for action in task.actions(actor)
    ]
    return screen(
        "\n\n".join(str(part) for part in parts if part),
        *grid(moves, 2),
        *grid(_edits(t, actor, task), 2),
        *grid(_details(t, actor, task), 2),
        [
            button(t.plain(f"button-{field}"), to.TaskEdit(id=task.id, field=field))
            for field in (["history"] if task.archived else ["comment", "history"])
        ],
        [
            button(t.plain("button-tasks"), to.Open(what="tasks")),
            button(t.plain("button-menu"), to.Open(what="menu")),
        ],
    )


def priorities(t: Translator, task: TaskCard) -> Screen:
    """The choice of a priority."""
    rows = [
        button(
            f"{'• ' if one is task.priority else ''}{priority_label(t, one)}",
            to.TaskSet(id=task.id, field="priority", value=one),
        )
        for one in Priority
    ]
    return screen(
        t("choose-priority", ref=task.ref, title=task.title), *grid(rows, 2), back_to_task(t, task)
    )


def question(
    t: Translator, task: TaskCard, key: str, *rows: Row, leave: str = "button-cancel"
) -> Screen:
    """A question about a task, which it names; the way out leads back to the card."""
    about = t("task-about", ref=task.ref, title=task.title)
    return screen(f"{about}\n\n{t(key)}", *rows, back_to_task(t, task, key=leave))


def due_dates(t: Translator, task: TaskCard) -> Screen:
    """The question of a due date: presets, or write one."""
    rows = [
        button(t.plain(f"due-{name}"), to.TaskSet(id=task.id, field="due_at", value=name))
        for name in (*DUE_PRESETS, "none")
    ]
    return question(t, task, "ask-due", *grid(rows, 2))


def assignees(t: Translator, task: TaskCard, page: Page[Member]) -> Screen:
    """Whom the task can be given to."""
    rows = [
        button(
            f"{'• ' if one.id == task.assignee_id else ''}{one.name}",
            to.TaskAssign(id=task.id, user=one.id),
        )
        for one in page.items
    ]
    nobody = button(t.plain("button-nobody"), to.TaskAssign(id=task.id, user=0))
    return screen(
        t("choose-assignee", ref=task.ref, title=task.title),
        *grid(rows, 2),
        pager(t, page, to.TaskAssign(id=task.id)),
        [nobody],
        back_to_task(t, task),
    )


def history(t: Translator, actor: Actor, task: TaskCard, page: Page[Entry]) -> Screen:
    """A page of what happened to the task, the newest first."""
    lines = [
        t(
            "history-line",
            at=moment(t, one.at, actor.account.timezone),
            who=one.actor_name,
            what=_what(t, actor, one),
        )
        for one in page.items
    ]
    text = t("history", ref=task.ref, title=task.title) + "\n\n" + Markup("\n").join(lines)
    return screen(text, pager(t, page, to.TaskHistory(id=task.id)), back_to_task(t, task))


def back_to_task(
    t: Translator, task: TaskCard, key: str = "button-back"
) -> list[InlineKeyboardButton]:
    """The way back to the card."""
    return [button(t.plain(key), to.Task(id=task.id))]


def priority_label(t: Translator, priority: Priority) -> str:
    """A priority with its icon, as plain text."""
    return f"{PRIORITY_ICONS[priority]} {t.plain(f'priority-{priority}')}".strip()


def due_text(t: Translator, due_at: datetime | None, timezone: str) -> str:
    """A due date in the person's timezone, or that there is none."""
    return moment(t, due_at, timezone) if due_at else t.plain("due-not-set")


def _heading(t: Translator, task: TaskCard) -> str:
    return t("task-heading", ref=task.ref, title=task.title)


def _facts(t: Translator, actor: Actor, task: TaskCard) -> str:
    due = due_text(t, task.due_at, actor.account.timezone)
    return t(
        "task-facts-overdue" if is_overdue(task.due_at, task.status) else "task-facts",
        project=task.project_name,
        status=f"{STATUS_ICONS[task.status]} {t.plain(f'status-{task.status}')}",
        assignee=task.assignee or t.plain("nobody"),
        author=task.author or "–",
        due=due,
        priority=priority_label(t, task.priority),
    )


def _parts(t: Translator, task: TaskCard) -> str:
    """Tags, and how much of the checklist is done."""
    lines = [t("task-tags", tags=hashed(task.tags))] if task.tags else []
    if task.items:
        lines.append(t("task-checklist", done=task.items_done, items=task.items))
    return Markup("\n").join(lines)


def _room(task: TaskCard) -> int:
    """Characters of the description that a card has room for: its tags take theirs."""
    return DESCRIPTION_SHOWN - len(hashed(task.tags)) - (CHECKLIST_SHOWN if task.items else 0)


def _review(t: Translator, review: ReviewNote) -> str:
    lines = [t("review-submitted", number=review.number, name=review.submitter)]
    if review.comment:
        lines.append(t("quoted", text=clip(review.comment, WORDS_SHOWN)))
    if review.decision is not None:
        who = t(
            "review-by",
            name=review.decided_by or "–",
            role=t(f"role-{review.decided_by_role}"),
        )
        on_behalf = "-on-behalf" if review.on_behalf else ""
        lines.append(t(f"review-{review.decision}{on_behalf}", who=who))
    if review.reason:
        lines.append(t("quoted", text=clip(review.reason, WORDS_SHOWN)))
    return Markup("\n").join(lines)


def _comments(t: Translator, actor: Actor, task: TaskCard) -> str:
    return Markup("\n").join(
        t(
            "comment-internal" if one.internal else "comment-line",
            name=one.author,
            at=moment(t, one.at, actor.account.timezone),
            text=clip(one.body, WORDS_SHOWN),
        )
        for one in task.comments
    )


def can_edit(actor: Actor, task: TaskCard) -> bool:
    """Whether the actor can change the parts of the task now."""
    return task.is_open and not task.archived and task.allows(actor, Permission.TASK_EDIT)


def _edits(t: Translator, actor: Actor, task: TaskCard) -> list[InlineKeyboardButton]:
    if task.archived or not task.is_open:
        return []
    buttons = []
    if task.allows(actor, Permission.TASK_ASSIGN):
        buttons.append(button(t.plain("button-assign"), to.TaskAssign(id=task.id)))
    if can_edit(actor, task):
        buttons += [
            button(t.plain(f"button-{field}"), to.TaskEdit(id=task.id, field=field))
            for field in ("due_at", "priority", "title", "description", "tags")
        ]
    if may(actor.role, Permission.PROJECT_MANAGE):
        buttons.append(button(t.plain("button-move"), to.TaskProject(id=task.id)))
    return buttons


def _details(t: Translator, actor: Actor, task: TaskCard) -> list[InlineKeyboardButton]:
    there = {
        "checklist": bool(task.items) or can_edit(actor, task),
        "copy": not task.archived and task.allows(actor, Permission.TASK_CREATE),
        "text": len(task.description) > _room(task),
        "comments": bool(task.comments),
        "reviews": task.review is not None,
    }
    return [
        button(t.plain(f"button-{field}"), to.TaskEdit(id=task.id, field=field))
        for field, is_there in there.items()
        if is_there
    ]


def _what(t: Translator, actor: Actor, entry: Entry) -> str:
    key = "history-" + entry.action.removeprefix("task.").replace("_", "-")
    if "copied_from" in entry.after:
        key = "history-copied"
    before, after = (_worded(t, actor, values) for values in (entry.before, entry.after))
    return t(key, before=before, after=after)


def _worded(t: Translator, actor: Actor, values: dict[str, object]) -> str:
    for field, value in values.items():
        match field, value:
            case ("due_at", str()):
                return moment(t, datetime.fromisoformat(value), actor.account.timezone)
            case ("priority", str()):
                return t.plain(f"priority-{value}")
            case ("status", str()):
                return t.plain(f"status-{Status(value)}")
            case (_, str()):
                return clip(value, HISTORY_SHOWN)
            case _:
                return "–"
    return "–"
