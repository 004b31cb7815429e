"""Screens of a task: the card, the choices made on it."""

from collections.abc import Container
from datetime import datetime

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton
from markupsafe import Markup, escape

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.limits import NAME, TITLE
from saas_bot.domain.permissions import Permission, plan_is_for
from saas_bot.domain.tags import hashed
from saas_bot.domain.task_flow import DECISIONS, Action, Priority
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import PRIORITY_ICONS, STATUS_ICONS, is_overdue, moment, told_apart
from saas_bot.screens.screen import Row, Screen, button, clip, grid, pager, screen, units
from saas_bot.services.member_rows import Member
from saas_bot.services.muted import Muted
from saas_bot.services.numbers import with_sign
from saas_bot.services.tasks import ReviewNote, TaskCard, TaskComment

DEAF = "📵 "
"""Before the name of someone who has blocked the bot, and so hears of nothing."""

DESCRIPTION_SHOWN = 1200
WORDS_SHOWN = 350
CHECKLIST_SHOWN = 40

DUE_PRESETS = ("today", "tomorrow", "3days", "week")


def card(t: Translator, actor: Actor, task: TaskCard) -> Screen:
    """A task in full, with the buttons that its state and the person's rights allow."""
    parts = [
        _heading(t, task),
        _facts(t, actor, task),
        _parts(t, task),
        t("task-archived") if task.archived else "",
        t("project-over-limit", who=plan_is_for(actor.role)) if task.over_limit else "",
        t(f"task-muted-{task.muted}") if task.muted else "",
        escape(clip(task.description, _room(task))),
        _review(t, task.current_review) if task.current_review else "",
        _comments(t, actor, task),
    ]
    moves = [move(t, task, action) for action in task.actions(actor)]
    return screen(
        "\n\n".join(str(part) for part in parts if part),
        *grid(moves, 2),
        files_of_review(t, task, task.current_review),
        *grid(_buttons(t, task, _at_hand(actor, task)), 2),
        [
            button(t.plain("button-more"), to.TaskEdit(id=task.id, field="more")),
            button(t.plain("button-tasks"), to.Open(what="tasks")),
            button(t.plain("button-menu"), to.Open(what="menu")),
        ],
    )


def move(t: Translator, task: TaskCard, action: Action) -> InlineKeyboardButton:
    """A step along the flow; a decision names the submission that it is about."""
    leads_to: CallbackData = to.TaskMove(id=task.id, action=action)
    if action in DECISIONS:
        number = task.review.number if task.review else 0
        leads_to = to.TaskDecision(id=task.id, review=number, action=action)
    return button(t.plain(f"move-{action}"), leads_to)


def files_of_review(t: Translator, task: TaskCard, note: ReviewNote | None) -> Row:
    """The files of one submission, and those of its return, as far as there are any."""
    if note is None:
        return []
    shown = [_submission_files(t, task, note)] if note.files else []
    return [*shown, _return_files(t, task, note)] if note.return_files else shown


def _submission_files(t: Translator, task: TaskCard, note: ReviewNote) -> InlineKeyboardButton:
    label = t.plain("button-submission-files", number=note.number, count=note.files)
    return button(label, to.Files(task=task.id, review=note.number))


def _return_files(t: Translator, task: TaskCard, note: ReviewNote) -> InlineKeyboardButton:
    label = t.plain("button-return-files", number=note.number, count=note.return_files)
    return button(label, to.ReturnFiles(task=task.id, review=note.number))


def more(t: Translator, actor: Actor, task: TaskCard) -> Screen:
    """What is done with a task less often than what its card has buttons for."""
    return screen(
        t("task-more", ref=task.ref, title=task.title),
        *grid([*_buttons(t, task, _beyond(actor, task)), _mute(t, task)], 2),
        back_to_task(t, task),
    )


def _mute(t: Translator, task: TaskCard) -> InlineKeyboardButton:
    """Mutes the task, or lets it be heard again; one of a muted project leads to that."""
    if task.muted is Muted.PROJECT:
        return button(t.plain("button-muted-project"), to.Project(id=task.project_id))
    on = task.muted is Muted.NOTHING
    return button(t.plain("button-mute" if on else "button-unmute"), to.MuteTask(id=task.id, on=on))


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
        t("choose-priority", ref=task.ref, title=task.title), *grid(rows, 2), back_to_more(t, task)
    )


def question(
    t: Translator, task: TaskCard, asked: Markup, *rows: Row, leave: str = "button-cancel"
) -> Screen:
    """A question about a task, which it names; the way out leads back to the card."""
    about = t("task-about", ref=task.ref, title=task.title)
    return screen(f"{about}\n\n{asked}", *rows, back_to_task(t, task, key=leave))


def due_dates(t: Translator, actor: Actor, task: TaskCard) -> Screen:
    """The question of a due date: the one there is, presets, or write one."""
    rows = [
        button(t.plain(f"due-{name}"), to.TaskSet(id=task.id, field="due_at", value=name))
        for name in (*DUE_PRESETS, "none")
    ]
    asked = t("ask-due")
    if task.due_at is not None:
        now = t("due-is", due=due_text(t, task.due_at, actor.account.timezone))
        asked = Markup("\n\n").join([now, asked])
    return question(t, task, asked, *grid(rows, 2))


def assignees(t: Translator, task: TaskCard, page: Page[Member], deaf: Container[int]) -> Screen:
    """Whom the task can be given to; those who are `deaf`, having blocked the bot, are marked."""
    names = told_apart(page.items)
    rows = [
        button(
            f"{'• ' if one.id == task.assignee_id else ''}"
            f"{DEAF if one.id in deaf else ''}{names[one.id]}",
            to.TaskAssign(id=task.id, user=one.id),
        )
        for one in page.items
    ]
    nobody = button(t.plain("button-nobody"), to.TaskAssign(id=task.id, user=0))
    return screen(
        whose(t, t("choose-assignee", ref=task.ref, title=task.title), page, deaf),
        *grid(rows, 2),
        pager(t, page, to.TaskAssign(id=task.id)),
        [nobody],
        back_to_task(t, task),
    )


def whose(t: Translator, question: Markup, page: Page[Member], deaf: Container[int]) -> Markup:
    """The question whom to give work to, with what the mark of some of the page means."""
    if not any(one.id in deaf for one in page.items):
        return question
    return Markup("\n\n").join([question, t("choice-deaf")])


def files_label(t: Translator, count: int) -> str:
    """What a button to so many files says."""
    return t.plain("button-files-counted", count=count) if count else t.plain("button-files")


def back_to_task(
    t: Translator, task: TaskCard, key: str = "button-back"
) -> list[InlineKeyboardButton]:
    """The way back to the card."""
    return [button(t.plain(key), to.Task(id=task.id))]


def back_to_more(t: Translator, task: TaskCard) -> list[InlineKeyboardButton]:
    """The way back to what one came from, and to the card at once."""
    back = button(t.plain("button-back"), to.TaskEdit(id=task.id, field="more"))
    return [back, *back_to_task(t, task, key="button-to-task")]


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
        project=clip(task.project_name, NAME),
        status=f"{STATUS_ICONS[task.status]} {t.plain(f'status-{task.status}')}",
        assignee=assignee_of(task) or t.plain("nobody"),
        author=clip(task.author or "–", NAME),
        due=due,
        priority=priority_label(t, task.priority),
    )


def assignee_of(task: TaskCard) -> str:
    """The assignee's name, with what tells namesakes apart; empty where nobody has the task."""
    return with_sign(clip(task.assignee, NAME), task.assignee_sign) if task.assignee else ""


def _parts(t: Translator, task: TaskCard) -> str:
    """Tags, and how much of the checklist is done."""
    lines = [t("task-tags", tags=hashed(task.tags))] if task.tags else []
    if task.items:
        lines.append(t("task-checklist", done=task.items_done, items=task.items))
    if task.files:
        lines.append(t("task-files", count=task.files))
    return Markup("\n").join(lines)


def _room(task: TaskCard) -> int:
    """Characters of the description that a card has room for: tags and a title of emoji take it."""
    others = units(hashed(task.tags)) + max(0, units(task.title) - TITLE)
    return DESCRIPTION_SHOWN - others - (CHECKLIST_SHOWN if task.items else 0)


def _review(t: Translator, review: ReviewNote) -> str:
    lines = [t("review-submitted", number=review.number, name=clip(review.submitter, NAME))]
    if review.files:
        lines.append(t("submission-files", count=review.files))
    if review.comment:
        lines.append(t("quoted", text=clip(review.comment, WORDS_SHOWN)))
    if review.decision is not None:
        who = t(
            "review-by",
            name=clip(review.decided_by or "–", NAME),
            role=t(f"role-{review.decided_by_role}"),
        )
        on_behalf = "-on-behalf" if review.on_behalf else ""
        lines.append(t(f"review-{review.decision}{on_behalf}", who=who))
    if review.reason:
        lines.append(t("quoted", text=clip(review.reason, WORDS_SHOWN)))
    if review.return_files:
        lines.append(t("return-files", count=review.return_files))
    return Markup("\n").join(lines)


def _comments(t: Translator, actor: Actor, task: TaskCard) -> str:
    return Markup("\n").join(
        t(
            "comment-internal" if one.internal else "comment-line",
            name=clip(one.author, NAME),
            at=said_at(t, actor, one),
            text=clip(one.body, WORDS_SHOWN),
        )
        + with_files(t, one)
        for one in task.comments
    )


def said_at(t: Translator, actor: Actor, comment: TaskComment) -> str:
    """When a comment was written, and whether it was put in other words since."""
    at = moment(t, comment.at, actor.account.timezone)
    return f"{at}, {t.plain('comment-edited')}" if comment.edited else at


def with_files(t: Translator, comment: TaskComment) -> Markup:
    """How many files came with a comment, to stand behind it."""
    if not comment.files:
        return Markup()
    return Markup(" ") + t("comment-files", count=comment.files)


def can_comment(actor: Actor, task: TaskCard) -> bool:
    """Whether the actor can write a comment on the task now."""
    return not task.read_only and task.allows(actor, Permission.TASK_COMMENT)


def can_attach(actor: Actor, task: TaskCard) -> bool:
    """Whether the actor can attach files to the task now."""
    return not task.read_only and task.allows(actor, Permission.TASK_ATTACH)


def can_edit(actor: Actor, task: TaskCard) -> bool:
    """Whether the actor can change the parts of the task now."""
    return _can_change(task) and task.allows(actor, Permission.TASK_EDIT)


def _at_hand(actor: Actor, task: TaskCard) -> dict[str, bool]:
    """What people do all day, and whether this person can do it now."""
    return {
        "comment": can_comment(actor, task),
        "assign": _can_change(task) and task.allows(actor, Permission.TASK_ASSIGN),
        "due_at": can_edit(actor, task),
        "checklist": bool(task.items) or can_edit(actor, task),
        "files": bool(task.files) or can_attach(actor, task),
        "text": clip(task.description, _room(task)) != task.description,
    }


def _beyond(actor: Actor, task: TaskCard) -> dict[str, bool]:
    """The rest, likewise."""
    edits = can_edit(actor, task)
    return {
        "title": edits,
        "description": edits,
        "priority": edits,
        "tags": edits,
        "move": _can_change(task) and actor.may(Permission.PROJECT_MANAGE),
        "copy": not task.read_only and task.allows(actor, Permission.TASK_CREATE),
        "comments": bool(task.comments),
        "reviews": task.review is not None,
        "history": True,
    }


def _can_change(task: TaskCard) -> bool:
    return task.is_open and not task.read_only


def _buttons(t: Translator, task: TaskCard, there: dict[str, bool]) -> list[InlineKeyboardButton]:
    """A button for each part that is there."""
    elsewhere: dict[str, CallbackData] = {
        "assign": to.TaskAssign(id=task.id),
        "move": to.TaskProject(id=task.id),
        "files": to.Files(task=task.id),
    }
    counted = {"files": files_label(t, task.files)}
    return [
        button(
            counted.get(part) or t.plain(f"button-{part}"),
            elsewhere.get(part) or to.TaskEdit(id=task.id, field=part),
        )
        for part, is_there in there.items()
        if is_there
    ]


def elsewhere(t: Translator, here: Actor, there: Actor, task_id: int) -> Screen:
    """That a task is in another company of the person's, and the way there."""
    leads = to.TaskThere(company=there.company_id, id=task_id)
    return screen(
        t("task-elsewhere", company=there.company_name, here=here.company_name),
        [button(t.plain("button-open-company", company=there.company_name), leads)],
        [button(t.plain("button-menu"), to.Open(what="menu"))],
    )
