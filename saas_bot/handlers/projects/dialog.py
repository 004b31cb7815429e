"""The dialogs of projects: a new one (name, then key), and another name."""

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.tenancy import Session
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.domain.project_key import suggest
from saas_bot.handlers.events import Event, announced, is_words
from saas_bot.screens import callbacks as to
from saas_bot.screens import people, projects
from saas_bot.screens.screen import Screen, button
from saas_bot.services import attachments, project_changes
from saas_bot.services import projects as service


class NewProject(StatesGroup):
    """The questions of a new project."""

    name = State()
    key = State()


class Rename(StatesGroup):
    """The questions of another name and of another description."""

    name = State()
    about = State()


class Delete(StatesGroup):
    """The question that makes sure: the key, typed."""

    key = State()


async def named(message: Message, dialog: Dialog, t: Translator) -> Screen:
    """The name is there; the key is next, with a suggestion."""
    name = limits.line(message.text or "", limits.NAME)
    key = suggest(name)
    dialog.go(NewProject.key, name=name, key=key)
    return people.prompt(t, "ask-project-key", [button(key, to.Skip())], name=name)


async def key_written(
    message: Message, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """The key was written."""
    return await _create(session, actor, message.text or "", dialog, t)


async def key_taken_as_suggested(
    event: CallbackQuery, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """The suggested key was picked."""
    return await _create(session, actor, dialog.data["key"], dialog, t)


async def renamed(
    message: Message, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """The other name is there."""
    project_id = dialog.data["project_id"]
    await project_changes.rename(session, actor, project_id, message.text or "")
    dialog.end()
    project = await service.get(session, actor, project_id)
    return projects.project(t, actor, project).with_notice(t("saved"))


async def described(
    message: Message, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """The description is there."""
    return await _describe(session, actor, message.text or "", dialog, t)


async def description_taken_away(
    event: CallbackQuery, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """The project is to have none."""
    return await _describe(session, actor, "", dialog, t)


async def deleted(
    message: Message, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """The key is there: the project goes."""
    gone = await project_changes.remove(
        session, actor, dialog.data["project_id"], message.text or ""
    )
    dialog.end()
    page = await service.page(session, actor)
    return projects.projects(t, actor, page).with_notice(
        t("project-deleted", key=gone.key, name=gone.name)
    )


async def cancelled(
    event: Event, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """Back to the project, nothing changed."""
    project = await service.get(session, actor, dialog.data["project_id"])
    dialog.end()
    return announced(event, projects.project(t, actor, project), t("cancelled"))


async def _describe(
    session: Session, actor: Actor, text: str, dialog: Dialog, t: Translator
) -> Screen:
    project_id = dialog.data["project_id"]
    await project_changes.describe(session, actor, project_id, text)
    dialog.end()
    project = await service.get(session, actor, project_id)
    return projects.project(t, actor, project).with_notice(t("saved"))


async def _create(
    session: Session, actor: Actor, key: str, dialog: Dialog, t: Translator
) -> Screen:
    name = dialog.data["name"]
    project_id = await service.create(session, actor, key=key, name=name)
    dialog.end()
    page = await attachments.attachable(session, actor, project_id)
    return projects.people(t, project_id, page, "").with_notice(
        t("project-created", key=limits.project_key(key), name=name)
    )


def dialogs() -> Router:
    """The steps of the dialogs."""
    router = Router(name="project-dialogs")
    on, click = router.message.register, router.callback_query.register
    step = needs(Permission.PROJECT_MANAGE, Door.NONE, in_dialog=True)
    storing = needs(Permission.PROJECT_MANAGE, in_dialog=True)
    on(named, StateFilter(NewProject.name), is_words, flags=step)
    on(key_written, StateFilter(NewProject.key), is_words, flags=storing)
    click(key_taken_as_suggested, to.Skip.filter(), StateFilter(NewProject.key), flags=storing)
    of_one, is_cancel = StateFilter(Rename, Delete), to.Open.filter(F.what == "cancel")
    on(cancelled, Command("cancel"), of_one, flags=storing)
    click(cancelled, is_cancel, of_one, flags=storing)
    on(renamed, StateFilter(Rename.name), is_words, flags=storing)
    on(described, StateFilter(Rename.about), is_words, flags=storing)
    click(description_taken_away, to.Skip.filter(), StateFilter(Rename.about), flags=storing)
    deleting = needs(Permission.PROJECT_DELETE, in_dialog=True)
    on(deleted, StateFilter(Delete.key), is_words, flags=deleting)
    return router
