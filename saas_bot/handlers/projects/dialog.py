"""The dialogs of projects: a new one (name, then key), and another name."""

from aiogram import Router
from aiogram.filters import StateFilter
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
from saas_bot.handlers.events import is_words
from saas_bot.screens import callbacks as to
from saas_bot.screens import people, projects
from saas_bot.screens.screen import Screen, button
from saas_bot.services import projects as service


class NewProject(StatesGroup):
    """The questions of a new project."""

    name = State()
    key = State()


class Rename(StatesGroup):
    """The question of another name."""

    name = State()


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
    await service.rename(session, actor, project_id, message.text or "")
    dialog.end()
    project = await service.get(session, actor, project_id)
    return projects.project(t, actor, project).with_notice(t("saved"))


async def _create(
    session: Session, actor: Actor, key: str, dialog: Dialog, t: Translator
) -> Screen:
    name = dialog.data["name"]
    project_id = await service.create(session, actor, key=key, name=name)
    dialog.end()
    page = await service.attachable(session, actor, project_id)
    return projects.people(t, project_id, page, "").with_notice(
        t("project-created", key=limits.project_key(key), name=name)
    )


def dialogs() -> Router:
    """The steps of the dialogs."""
    router = Router(name="project-dialogs")
    on = router.message.register
    step = needs(Permission.PROJECT_MANAGE, Door.NONE, in_dialog=True)
    storing = needs(Permission.PROJECT_MANAGE, in_dialog=True)
    on(named, StateFilter(NewProject.name), is_words, flags=step)
    on(key_written, StateFilter(NewProject.key), is_words, flags=storing)
    router.callback_query.register(
        key_taken_as_suggested, to.Skip.filter(), StateFilter(NewProject.key), flags=storing
    )
    on(renamed, StateFilter(Rename.name), is_words, flags=storing)
    return router
