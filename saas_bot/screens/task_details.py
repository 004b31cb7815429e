"""Screens of what a task's card has no room for: the whole description, comments, submissions."""

from collections.abc import Iterator, Sequence

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup, escape

from saas_bot.core.i18n import Translator, unlinked
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.limits import NAME
from saas_bot.domain.permissions import Permission, may
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import moment
from saas_bot.screens.screen import (
    QUOTED,
    TEXT_LIMIT,
    Screen,
    button,
    clip,
    column,
    grid,
    pager,
    screen,
)
from saas_bot.screens.tasks import (
    back_to_more,
    back_to_task,
    can_comment,
    card,
    files_of_review,
    said_at,
    with_files,
)
from saas_bot.services.tasks import Submission, TaskCard, TaskComment
from saas_bot.services.tasks.mentions import Called

COMMENT_SHOWN = 700
EDITED_SHOWN = 3500
TITLE_SHOWN = 60
SHARED_SHOWN = 4
"""Names that several people share, and people of each, that are listed."""
_AROUND_WORDS = 280
"""Characters of a submission that are not its words: two names and dates, a role, labels."""


def full_text(t: Translator, actor: Actor, task: TaskCard) -> Screen:
    """The whole description and nothing else, as it may take nearly all of a message."""
    if not task.description:
        return card(t, actor, task)
    return screen(escape(task.description), back_to_task(t, task))


def comments(t: Translator, actor: Actor, task: TaskCard, page: Page[TaskComment]) -> Screen:
    """A page of comments, the newest first."""
    parts = [_heading(t, "comments", task)]
    for one in page.items:
        head = t(
            "comment-head-internal" if one.internal else "comment-head",
            name=clip(one.author, NAME),
            at=said_at(t, actor, one),
        )
        said = unlinked(escape(clip(one.body, COMMENT_SHOWN)))
        parts.append(head + "\n" + said + with_files(t, one))
    if not page.items:
        parts.append(t("comments-empty"))
    comment = to.TaskEdit(id=task.id, field="comment")
    return screen(
        Markup("\n\n").join(parts),
        *column(_changeable(t, actor, task, page.items)),
        pager(t, page, to.TaskComments(id=task.id)),
        [button(t.plain("button-comment"), comment)] if can_comment(actor, task) else None,
        back_to_more(t, task),
    )


def _changeable(
    t: Translator, actor: Actor, task: TaskCard, said: Sequence[TaskComment]
) -> Iterator[InlineKeyboardButton]:
    """A button for each comment that the person can edit, or else delete."""
    for one in said if not task.read_only else ():
        if task.allows_on(actor, Permission.COMMENT_EDIT, one):
            edit = to.Comment(id=task.id, comment=one.id, what="edit")
            yield button(f"✏️ {one.body}", edit)
        elif task.allows_on(actor, Permission.COMMENT_DELETE, one):
            remove = to.Comment(id=task.id, comment=one.id, what="delete")
            yield button(f"🗑 {one.author}: {one.body}", remove)


def comment(t: Translator, actor: Actor, task: TaskCard, one: TaskComment) -> Screen:
    """One's own comment, to be put in other words or deleted."""
    remove = to.Comment(id=task.id, comment=one.id, what="delete")
    back = to.TaskComments(id=task.id)
    said = unlinked(escape(clip(one.body, EDITED_SHOWN)))
    return screen(
        Markup("\n\n").join([_heading(t, "comments", task), said, t("ask-edit")]),
        [button(t.plain("button-comment-delete"), remove)],
        [button(t.plain("button-back"), back)],
        back_to_task(t, task, key="button-cancel"),
    )


def reviews(t: Translator, actor: Actor, task: TaskCard, page: Page[Submission]) -> Screen:
    """The evidence of acceptance, the newest first; the fewer, the more of their words."""
    if not page.items:
        return card(t, actor, task)
    room = (TEXT_LIMIT - 2 * TITLE_SHOWN) // len(page.items) - _AROUND_WORDS
    parts = [_submission(t, actor, one, min(QUOTED, room // 2)) for one in page.items]
    return screen(
        Markup("\n\n").join([_heading(t, "reviews", task), *parts]),
        *grid((one for each in page.items for one in files_of_review(t, task, each.note)), 2),
        pager(t, page, to.TaskReviews(id=task.id)),
        back_to_more(t, task),
    )


def about_calls(t: Translator, actor: Actor, came_of: Called) -> Markup:
    """Lines on what came of the calls in a comment, where not each reached one person.

    Who may give tasks to people knows their numbers; others only hear that there are several.
    """
    lines = []
    if came_of.missed:
        names = " ".join(f"@{word}" for word in came_of.missed)
        lines.append(t("comment-unreached", names=names))
    for word, people in list(came_of.shared.items())[:SHARED_SHOWN]:
        shown = ", ".join(f"{clip(name, NAME)} (@{call})" for name, call in people[:SHARED_SHOWN])
        key = "comment-shared" if may(actor.role, Permission.TASK_CREATE) else "comment-shared-few"
        lines.append(t(key, word=f"@{word}", people=shown))
    return Markup("").join(Markup("\n") + one for one in lines)


def _heading(t: Translator, key: str, task: TaskCard) -> Markup:
    return t(key, ref=task.ref, title=clip(task.title, TITLE_SHOWN))


def _submission(t: Translator, actor: Actor, one: Submission, words: int) -> Markup:
    note, timezone = one.note, actor.account.timezone
    lines = [
        t(
            "submission",
            number=note.number,
            name=clip(note.submitter, NAME),
            at=moment(t, one.submitted_at, timezone),
        )
    ]
    if note.comment:
        lines.append(t("quoted", text=clip(note.comment, words)))
    if note.files:
        lines.append(t("submission-files", count=note.files))
    if note.decision is None:
        lines.append(t("submission-undecided"))
    else:
        role = t(f"role-{note.decided_by_role}")
        who = t("review-by", name=clip(note.decided_by or "–", NAME), role=role)
        on_behalf = "-on-behalf" if note.on_behalf else ""
        decision = t(f"review-{note.decision}{on_behalf}", who=who)
        if one.decided_at is not None:
            decision += ", " + escape(moment(t, one.decided_at, timezone))
        lines.append(decision)
    if note.reason:
        lines.append(t("quoted", text=clip(note.reason, words)))
    if note.return_files:
        lines.append(t("return-files", count=note.return_files))
    return Markup("\n").join(lines)
