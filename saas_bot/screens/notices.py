"""What each kind of notification says, with the buttons that its reader may press now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.errors import Forbidden, NotFound
from saas_bot.core.i18n import Translator
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Role, may
from saas_bot.domain.task_flow import WAYS, Action, Status
from saas_bot.screens import callbacks as to
from saas_bot.screens import people, uploads
from saas_bot.screens.screen import Screen, button, clip, clip_name, screen
from saas_bot.screens.tasks import assignee_of, files_label, move
from saas_bot.services import files, members, projects, tasks
from saas_bot.services.muted import Muted
from saas_bot.services.notifications import Kind

WORDS_SHOWN = 500

PASSES_MUTE = frozenset({Kind.MENTIONED, Kind.ATTACHED})
"""What is told even of a muted task or project: it is about the person themselves."""

OWN_WORK = frozenset({Kind.ASSIGNED, Kind.RETURNED, Kind.DUE_SOON, Kind.OVERDUE})
"""What is told to the assignee even if they have muted the project, but not if the task."""

_NAMES_SHOWN = 3
"""Files that a notification names."""


@dataclass(frozen=True, slots=True)
class Told:
    """One notification on its way to one person, within their company.

    `said` is the payload of its row: ids, and what the change itself said.
    """

    session: Session
    t: Translator
    actor: Actor
    kind: Kind
    said: dict[str, Any]


async def about_task(told: Told) -> Screen | None:
    """What someone did with a task, and what may be done with it now."""
    t, said = told.t, told.said
    task = await find_task(told)
    if task is None or (said.get("internal") and told.actor.role is Role.CLIENT):
        return None
    if not STILL.get(told.kind, _always)(told, task):
        return None  # what has come of it since is told of by itself
    variant = next((f"-{name}" for name in ("awaited", "on_behalf") if said.get(name)), "")
    parts = [t(f"notify-{told.kind}{variant}", by=said["by"], ref=task.ref, title=task.title)]
    words = said.get("words") or said.get("text")
    if words:
        parts.append(t("quoted", text=clip(words, WORDS_SHOWN)))
    buttons = [open_task(t, task)]
    if came := _came_with(told, task):
        count, listed = came
        parts.append(t("submission-files", count=count))
        buttons.append(button(files_label(t, count), listed))
    return screen(Markup("\n").join(parts), moves(t, told.actor, task), buttons)


def _is_newest(told: Told, task: tasks.TaskCard) -> bool:
    """Whether the submission that is told of is the one the task's card shows."""
    number = told.said.get("review")
    return task.review is None or number in (None, task.review.number)


def _always(told: Told, task: tasks.TaskCard) -> bool:
    return True


STILL: Final[dict[Kind, Callable[[Told, tasks.TaskCard], bool]]] = {
    Kind.ASSIGNED: lambda told, task: (
        task.assignee_id == told.actor.user_id and task.is_open and not task.archived
    ),
    Kind.SUBMITTED: lambda told, task: task.status is Status.REVIEW and _is_newest(told, task),
    Kind.RETURNED: lambda told, task: task.is_open and _is_newest(told, task),
    Kind.ACCEPTED: lambda _, task: task.status is Status.DONE,
    Kind.CANCELLED: lambda _, task: task.status is Status.CANCELLED,
    Kind.REOPENED: lambda _, task: task.is_open,
}
"""Of news that waited, as through the night: whether it is still so."""


def _came_with(told: Told, task: tasks.TaskCard) -> tuple[int, to.Files] | None:
    """How many files came with what is told, and where they are listed."""
    review, said = task.review if _is_newest(told, task) else None, told.said
    if told.kind is Kind.SUBMITTED and review and review.files:
        return review.files, to.Files(task=task.id, review=review.number)
    if told.kind is Kind.RETURNED and review and review.return_files:
        return review.return_files, to.ReturnFiles(task=task.id, review=review.number)
    for one in task.comments:
        if one.files and one.id == said.get("comment_id"):
            return one.files, to.CommentFiles(task=task.id, review=one.id)
    return None


async def about_files(told: Told) -> Screen | None:
    """What came to a task at once, as far as the person may see it and it is still there."""
    t, said = told.t, told.said
    task = await find_task(told)
    if task is None:
        return None
    try:
        names = await files.names_of(told.session, told.actor, said["upload_id"])
    except NotFound:
        return None
    if not names:
        return None
    parts = [t("notify-files_added", by=said["by"], ref=task.ref, title=task.title)]
    shown = [clip_name(one, uploads.NAME_SHOWN) for one in names[:_NAMES_SHOWN]]
    parts += [t("notify-file", name=one) for one in shown]
    if len(names) > _NAMES_SHOWN:
        parts.append(t("notify-files-more", count=len(names) - _NAMES_SHOWN))
    return screen(
        Markup("\n").join(parts),
        [open_task(t, task), button(t.plain("button-all-files"), to.Files(task=task.id))],
    )


async def taken(told: Told) -> Screen | None:
    """Somebody has taken a task from its assignee, and who has it now, if anyone."""
    t, task = told.t, await find_task(told)
    if task is None or not task.is_open or task.assignee_id == told.actor.user_id:
        return None
    parts = [t("notify-unassigned", by=told.said["by"], ref=task.ref, title=task.title)]
    if now_with := assignee_of(task):
        parts.append(t("notify-now-with", name=now_with))
    return screen(Markup("\n").join(parts), [open_task(t, task)])


async def find_task(told: Told) -> tasks.TaskCard | None:
    """The task that a notification is about; None where its reader sees it no more, or muted it."""
    try:
        task = await tasks.card(told.session, told.actor, told.said["task_id"])
    except NotFound:
        return None
    return None if _is_silent(told, task) else task


def _is_silent(told: Told, task: tasks.TaskCard) -> bool:
    """Whether the reader has muted this; what they have put off they want to hear."""
    if told.kind in PASSES_MUTE or told.said.get("snoozed"):
        return False
    if told.kind is Kind.UNASSIGNED:
        return task.muted is Muted.TASK
    if told.kind in OWN_WORK and task.assignee_id == told.actor.user_id:
        return task.muted is Muted.TASK
    return task.muted is not Muted.NOTHING


def open_task(t: Translator, task: tasks.TaskCard) -> InlineKeyboardButton:
    """The way to the card."""
    return button(t.plain("button-open-task", ref=task.ref), to.Task(id=task.id))


def moves(t: Translator, actor: Actor, task: tasks.TaskCard) -> list[InlineKeyboardButton]:
    """The steps that a notification offers: those of the work itself to the assignee only."""
    return [
        move(t, task, action) for action in task.actions(actor) if _offered(actor, task, action)
    ]


def _offered(actor: Actor, task: tasks.TaskCard, action: Action) -> bool:
    if WAYS[action].permission is Permission.TASK_WORK:
        return task.assignee_id == actor.user_id
    return action not in (Action.CANCEL, Action.REOPEN)


async def about_project(told: Told) -> Screen | None:
    """What has become of a project, or of one's place in it, if it is still so.

    Someone who was taken out hears the name by which they knew the project, and nothing newer.
    """
    t, kind, said = told.t, told.kind, told.said
    try:
        project = await projects.get(told.session, told.actor, said["project_id"])
    except NotFound:
        if kind is not Kind.DETACHED:
            return None
        return screen(t("notify-detached", project=said["project"]), people.back_to_menu(t))
    if kind is Kind.DETACHED or project.active is (kind is Kind.PROJECT_ARCHIVED):
        return None
    if project.muted and kind not in PASSES_MUTE:
        return None
    text = t(f"notify-{kind}", project=project.name, by=said.get("by", ""))
    return screen(text, [button(t.plain("button-open-project"), to.Project(id=project.id))])


async def project_deleted(told: Told) -> Screen:
    """A project is gone, and by whom."""
    text = told.t("notify-project_deleted", by=told.said["by"], project=told.said["project"])
    return screen(text, people.back_to_menu(told.t))


async def handed_over(told: Told) -> Screen:
    """How many tasks of someone else are one's own now."""
    t, said = told.t, told.said
    text = t("notify-handed_over", by=said["by"], name=said["from"], count=said["count"])
    return screen(text, [button(t.plain("button-tasks"), to.Open(what="tasks"))])


async def member_joined(told: Told) -> Screen | None:
    """Who is new in the company, if they are there still and it is the reader's to know."""
    t, said = told.t, told.said
    try:
        # Rows queued by an earlier release don't say who it was.
        one = await members.get(told.session, told.actor, said.get("user_id", 0))
    except (Forbidden, NotFound):
        return None
    text = t("notify-member_joined", name=one.label, role=t(f"role-{said['role']}"))
    return screen(text, [button(t.plain("button-members"), to.Open(what="members"))])


async def member_left(told: Told) -> Screen | None:
    """Who has left, and whether their tasks wait for somebody; if it is the reader's to know."""
    t, said = told.t, told.said
    if not may(told.actor.role, Permission.MEMBER_SEE):
        return None
    key = "notify-member_left-tasks" if said["count"] else "notify-member_left"
    text = t(key, name=said["name"], count=said["count"])
    return screen(text, [button(t.plain("button-members"), to.Open(what="members"))])


async def standing_changed(told: Told) -> Screen | None:
    """What one is in the company now; a role that has changed again is told of by itself."""
    t, actor = told.t, told.actor
    if told.said.get("role", actor.role) != actor.role:
        return None
    text = t(f"notify-{told.kind}", company=actor.company_name, role=t(f"role-{actor.role}"))
    return screen(text, people.back_to_menu(t))
