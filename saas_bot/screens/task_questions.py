"""Screens that ask before something is done with a person's words, or with a whole task."""

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton
from markupsafe import Markup, escape

from saas_bot.core.i18n import Translator, unlinked
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, may
from saas_bot.screens import callbacks as to
from saas_bot.screens.screen import QUOTED, Screen, button, clip, screen
from saas_bot.screens.tasks import assignee_of, back_to_more, due_text, question
from saas_bot.services.member_rows import Member
from saas_bot.services.tasks import TaskCard

DESCRIPTION_SHOWN = 3500
"""Characters of a description that there is room for beside the question of another one."""

_COMMENTS = ("comment", "edit")
"""The questions whose answer is a comment."""


def number_or_answer(
    t: Translator, task: TaskCard, what: str, ref: str, named: TaskCard | None
) -> Screen:
    """The number of a task came in place of an answer: is it one, or is that task to be opened?"""
    rows = [[_save(t, what)]]
    if named:
        open_it = button(t.plain("button-open-task", ref=named.ref), to.Answer(what="open"))
        rows.append([open_it])
    key = "doubt-number" if named else "doubt-number-unknown"
    return question(t, task, t(key, ref=ref), *rows)


def forwarded_or_answer(t: Translator, actor: Actor, task: TaskCard, what: str) -> Screen:
    """A forwarded message came in place of an answer: is it one, or a new task?"""
    rows = [[_save(t, what)]]
    if may(actor.role, Permission.TASK_CREATE):
        rows.append([button(t.plain("button-answer-task"), to.Answer(what="task"))])
    return question(t, task, t("doubt-forwarded"), *rows)


def description(t: Translator, task: TaskCard) -> Screen:
    """The question of another description: the one there is, to be copied or taken away."""
    if not task.description:
        return question(t, task, t("ask-description"))
    there = unlinked(escape(clip(task.description, DESCRIPTION_SHOWN)))
    none = to.TaskSet(id=task.id, field="description", value="none")
    return question(
        t,
        task,
        Markup("<blockquote expandable>{}</blockquote>\n{}").format(there, t("ask-description")),
        [button(t.plain("button-no-description"), none)],
    )


def overtaken(
    t: Translator, actor: Actor, task: TaskCard, what: str, yours: str, save: CallbackData
) -> Screen:
    """Someone else has changed that part of the task since the person was asked for it."""
    there = getattr(task, what)
    if what == "due_at":
        there = due_text(t, there, actor.account.timezone)
    told = [
        t("changed-meanwhile"),
        t("quoted", text=clip(there, QUOTED) or "–"),
        t("changed-yours"),
        t("quoted", text=clip(yours, QUOTED)),
    ]
    return question(
        t,
        task,
        Markup("\n").join(told),
        [button(t.plain("button-save-mine"), save)],
        leave="button-keep-theirs",
    )


def comment_offered(t: Translator, actor: Actor, task: TaskCard) -> Screen:
    """What was written could be a comment on the task that it names or answers."""
    visible = to.CommentWith(id=task.id)
    rows = [[button(t.plain("button-answer-comment"), visible)]]
    if may(actor.role, Permission.INTERNAL_SEE):
        internal = to.CommentWith(id=task.id, internal=True)
        rows.append([button(t.plain("button-internal-on"), internal)])
    open_it = button(t.plain("button-open-task", ref=task.ref), to.Task(id=task.id))
    return screen(t("offer-comment", ref=task.ref, title=task.title), *rows, [open_it])


def copying(t: Translator, actor: Actor, task: TaskCard, assignee: Member | None) -> Screen:
    """What a copy will have of the task, who gets it and hears of it."""
    told = [t("confirm-copy", ref=task.ref, title=task.title)]
    choices = [("button-copy-now", "copytask")]
    if assignee and assignee.id != actor.user_id:
        told.append(t("copy-told", name=assignee.label))
        choices.append(("button-copy-free", "copyfree"))
    elif assignee:
        told.append(t("copy-yours"))
    elif task.assignee:
        told.append(t("copied-nobody", name=assignee_of(task)))
    buttons = [[button(t.plain(key), to.Confirm(what=what, id=task.id))] for key, what in choices]
    return screen("\n\n".join(told), *buttons, back_to_more(t, task))


def comment_deletion(t: Translator, task: TaskCard, comment_id: int, author: str) -> Screen:
    """Asks once before a comment is gone."""
    yes = to.Comment(id=task.id, comment=comment_id, what="sure")
    back = to.TaskComments(id=task.id)
    return question(
        t,
        task,
        t("confirm-comment", name=author),
        [button(t.plain("button-yes"), yes), button(t.plain("button-no"), back)],
        leave="button-to-task",
    )


def _save(t: Translator, what: str) -> InlineKeyboardButton:
    key = "button-answer-comment" if what in _COMMENTS else "button-answer-save"
    return button(t.plain(key), to.Answer(what="save"))
