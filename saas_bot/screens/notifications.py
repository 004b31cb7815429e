"""Notifications in words: rendered when they are sent, with the rights of that moment."""

from typing import Any

from aiogram.methods import SendMessage, SetMyCommands, TelegramMethod
from markupsafe import Markup

from saas_bot.core.errors import NotFound
from saas_bot.core.i18n import Translator, translator
from saas_bot.db.direct import driver_of
from saas_bot.db.models import OutboxMessage
from saas_bot.db.tenancy import Session, narrow
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission, Role
from saas_bot.domain.task_flow import WAYS, Action
from saas_bot.screens import callbacks as to
from saas_bot.screens import people, uploads
from saas_bot.screens.screen import Screen, button, clip, screen
from saas_bot.screens.tasks import files_label
from saas_bot.services import accounts, files, projects, tasks
from saas_bot.services.notifications import Kind

WORDS_SHOWN = 500

_ABOUT_TASKS = frozenset(
    {
        Kind.ASSIGNED,
        Kind.SUBMITTED,
        Kind.RETURNED,
        Kind.ACCEPTED,
        Kind.CANCELLED,
        Kind.REOPENED,
        Kind.COMMENTED,
        Kind.MENTIONED,
    }
)
_NAMES_SHOWN = 3
"""Files that a notification names."""

_ABOUT_PROJECTS = frozenset(
    {Kind.ATTACHED, Kind.DETACHED, Kind.PROJECT_ARCHIVED, Kind.PROJECT_RESTORED}
)


async def render(session: Session, message: OutboxMessage) -> list[TelegramMethod[Any]] | None:
    """The calls that deliver one message of the outbox; None when it no longer concerns the person.

    It needs a system session, which it narrows to the company of the message, and only reads.
    """
    kind, said = Kind(message.kind), message.payload
    member = await accounts.member_of(session, message.telegram_id, message.company_id)
    if member is None:
        return None
    account, actor = member
    t = translator(account.language)
    if actor is None:
        if kind is not Kind.DEACTIVATED:
            return None
        farewell = t("notify-deactivated", company=message.payload.get("company", ""))
        return [
            await _command_menu(session, t, account),
            SendMessage(chat_id=account.telegram_id, text=farewell),
        ]
    if kind in _ABOUT_TASKS:
        await narrow(session, message.company_id)
        shown = await _about_task(session, t, actor, kind, said)
    elif kind is Kind.FILES_ADDED:
        await narrow(session, message.company_id)
        shown = await _about_files(session, t, actor, said)
    elif kind in _ABOUT_PROJECTS:
        await narrow(session, message.company_id)
        shown = await _about_project(session, t, actor, kind, said)
    else:
        shown = _about_people(t, actor, kind, said)
    if shown is None:
        return None
    calls: list[TelegramMethod[Any]] = []
    if kind in (Kind.ROLE_CHANGED, Kind.REACTIVATED):
        calls.append(await _command_menu(session, t, account))
    return [*calls, _send(account, shown)]


async def _about_task(
    session: Session, t: Translator, actor: Actor, kind: Kind, said: dict[str, Any]
) -> Screen | None:
    try:
        task = await tasks.card(session, actor, said["task_id"])
    except NotFound:
        return None
    if said.get("internal") and actor.role is Role.CLIENT:
        return None
    variant = next((f"-{name}" for name in ("awaited", "on_behalf") if said.get(name)), "")
    key = f"notify-{kind}{variant}"
    parts = [t(key, by=said["by"], ref=task.ref, title=task.title)]
    words = said.get("words") or said.get("text")
    if words:
        parts.append(t("quoted", text=clip(words, WORDS_SHOWN)))
    buttons = [button(t.plain("button-open-task", ref=task.ref), to.Task(id=task.id))]
    if kind in (Kind.SUBMITTED, Kind.RETURNED) and task.review and task.review.files:
        parts.append(t("submission-files", count=task.review.files))
        handed_in = to.Files(task=task.id, review=task.review.number)
        buttons.append(button(files_label(t, task.review.files), handed_in))
    moves = [
        button(t.plain(f"move-{action}"), to.TaskMove(id=task.id, action=action))
        for action in task.actions(actor)
        if _offered(actor, task, action)
    ]
    return screen(
        Markup("\n").join(parts),
        moves,
        buttons,
    )


async def _about_files(
    session: Session, t: Translator, actor: Actor, said: dict[str, Any]
) -> Screen | None:
    """What came to a task at once, as far as the person may see it and it is still there."""
    try:
        task = await tasks.card(session, actor, said["task_id"])
        names = await files.names_of(session, actor, said["upload_id"])
    except NotFound:
        return None
    if not names:
        return None
    parts = [t("notify-files_added", by=said["by"], ref=task.ref, title=task.title)]
    parts += [t("notify-file", name=clip(one, uploads.NAME_SHOWN)) for one in names[:_NAMES_SHOWN]]
    if len(names) > _NAMES_SHOWN:
        parts.append(t("notify-files-more", count=len(names) - _NAMES_SHOWN))
    return screen(
        Markup("\n").join(parts),
        [
            button(t.plain("button-open-task", ref=task.ref), to.Task(id=task.id)),
            button(t.plain("button-all-files"), to.Files(task=task.id)),
        ],
    )


def _offered(actor: Actor, task: tasks.TaskCard, action: Action) -> bool:
    """Whether a notification has a button for it: work itself is offered to the assignee only."""
    if WAYS[action].permission is Permission.TASK_WORK:
        return task.assignee_id == actor.user_id
    return action not in (Action.CANCEL, Action.REOPEN)


def _about_people(t: Translator, actor: Actor, kind: Kind, said: dict[str, Any]) -> Screen | None:
    match kind:
        case Kind.MEMBER_JOINED:
            text = t("notify-member_joined", name=said["name"], role=t(f"role-{said['role']}"))
            return screen(text, [button(t.plain("button-members"), to.Open(what="members"))])
        case Kind.HANDED_OVER:
            about = {"by": said["by"], "name": said["from"], "count": said["count"]}
            mine = button(t.plain("button-tasks"), to.Open(what="tasks"))
            return screen(t("notify-handed_over", **about), [mine])
        case Kind.MEMBER_LEFT:
            key = "notify-member_left-tasks" if said["count"] else "notify-member_left"
            people_button = button(t.plain("button-members"), to.Open(what="members"))
            return screen(t(key, name=said["name"], count=said["count"]), [people_button])
        case Kind.ROLE_CHANGED | Kind.REACTIVATED:
            text = t(f"notify-{kind}", company=actor.company_name, role=t(f"role-{actor.role}"))
            return screen(text, people.back_to_menu(t))
        case Kind.PROJECT_DELETED:
            text = t("notify-project_deleted", by=said["by"], project=said["project"])
            return screen(text, people.back_to_menu(t))
        case _:
            return None


async def _about_project(
    session: Session, t: Translator, actor: Actor, kind: Kind, said: dict[str, Any]
) -> Screen | None:
    """What has become of a project, or of one's place in it, if it is still so.

    Someone who was taken out hears the name by which they knew the project, and nothing newer.
    """
    try:
        project = await projects.get(session, actor, said["project_id"])
    except NotFound:
        if kind is not Kind.DETACHED:
            return None
        return screen(t("notify-detached", project=said["project"]), people.back_to_menu(t))
    if kind is Kind.DETACHED or project.active is (kind is Kind.PROJECT_ARCHIVED):
        return None
    text = t(f"notify-{kind}", project=project.name, by=said.get("by", ""))
    return screen(text, [button(t.plain("button-open-project"), to.Project(id=project.id))])


async def _command_menu(session: Session, t: Translator, account: Account) -> SetMyCommands:
    """That of the company the person works in now, which may be another one."""
    who = await accounts.who_is(driver_of(session), account.telegram_id)
    return people.command_menu(t, account, who.actor if who else None)


def _send(account: Account, shown: Screen) -> SendMessage:
    return SendMessage(chat_id=account.telegram_id, text=shown.text, reply_markup=shown.keyboard)
