"""Reminders in words: what is due, what is late, and what waits for a decision."""

from datetime import datetime

from markupsafe import Markup

from saas_bot.core.clock import now
from saas_bot.core.i18n import Translator
from saas_bot.domain.actor import Actor
from saas_bot.domain.task_flow import Action, Status
from saas_bot.screens.formats import day_and_clock, is_overdue
from saas_bot.screens.notices import Told, find_task, moves, open_task
from saas_bot.screens.screen import Screen, screen
from saas_bot.screens.tasks import assignee_of
from saas_bot.services.notifications import Kind
from saas_bot.services.reminders import LAST_BEFORE
from saas_bot.services.tasks import TaskCard


async def about_due(told: Told) -> Screen | None:
    """That a task is due soon, or should have been done by now, if it still is so for the person.

    What was put off by hand says what is true by then; another reminder says only what it was for.
    """
    t, actor, task = told.t, told.actor, await find_task(told)
    if task is None or task.due_at is None or not task.is_open or task.archived:
        return None
    moved = datetime.fromisoformat(told.said["due_at"]) != task.due_at
    # What was late for the worker that queued it is so for one whose clock is behind.
    late = is_overdue(task.due_at, task.status) or (told.kind is Kind.OVERDUE and not moved)
    if not _concerns(actor, task, late=late):
        return None
    if not told.said.get("snoozed") and (moved or _is_over(told, task.due_at, late=late)):
        return None
    day, clock = day_and_clock(t, task.due_at, actor.account.timezone)
    key = "notify-overdue" if late else "notify-due_soon"
    parts = [t(key, ref=task.ref, title=task.title, day=day, clock=clock)]
    if task.assignee_id != actor.user_id:
        parts.append(_whose(t, task))
    return screen(Markup("\n").join(parts), moves(t, actor, task), [open_task(t, task)])


async def about_review(told: Told) -> Screen | None:
    """That a submission still waits for somebody's decision, of those who may decide."""
    t, task = told.t, await find_task(told)
    if task is None or task.review is None or task.review.number != told.said["review"]:
        return None
    if Action.ACCEPT not in task.actions(told.actor):
        return None
    about = {"ref": task.ref, "title": task.title, "by": task.review.submitter}
    return screen(
        t("notify-review_waits", **about), moves(t, told.actor, task), [open_task(t, task)]
    )


def _concerns(actor: Actor, task: TaskCard, *, late: bool) -> bool:
    """Whether it is theirs to do, or theirs to know of; work in review is out of their hands."""
    if task.status is Status.REVIEW:
        return late and actor.user_id == task.author_id
    if actor.user_id == task.assignee_id:
        return True
    return actor.user_id == task.author_id and (late or task.assignee_id is None)


def _is_over(told: Told, due_at: datetime, *, late: bool) -> bool:
    """Whether it has become too late for this reminder, and the next one tells."""
    if told.kind is Kind.OVERDUE:
        return False
    return late or not (told.said["last"] or due_at - now() > LAST_BEFORE)


def _whose(t: Translator, task: TaskCard) -> Markup:
    if task.status is Status.REVIEW:
        return t("reminder-in-review")
    name = assignee_of(task)
    return t("reminder-assignee", name=name) if name else t("reminder-nobody")
