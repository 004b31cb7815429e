"""Commands and buttons of projects."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery

from saas_bot.core.dialog import Dialog
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.events import Event
from saas_bot.handlers.interrupted import telling
from saas_bot.handlers.members.handing_over import question
from saas_bot.handlers.projects import moving
from saas_bot.handlers.projects.dialog import Delete, NewProject, Rename
from saas_bot.screens import callbacks as to
from saas_bot.screens import people, projects
from saas_bot.screens.screen import Screen
from saas_bot.services import attachments, project_changes
from saas_bot.services import projects as service


async def show_projects(
    event: Event,
    session: Session,
    actor: Actor,
    t: Translator,
    callback_data: to.Projects | to.Open | None = None,
) -> Screen:
    """A page of the projects."""
    here = callback_data if isinstance(callback_data, to.Projects) else to.Projects()
    page = await service.page(session, actor, Cursor.parse(here.at), archived=here.archived)
    all_archived = False
    if not page.items and not here.archived:
        all_archived = bool((await service.page(session, actor, archived=True)).items)
    return projects.projects(t, actor, page, archived=here.archived, all_archived=all_archived)


async def show_project(
    event: CallbackQuery,
    callback_data: to.Project,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """One project; under a question about it, the way out of that."""
    shown = projects.project(t, actor, await service.get(session, actor, callback_data.id))
    pressed = event.message.message_id if event.message else None
    return shown.with_toast(t.plain("cancelled")) if pressed in dialog.prompts else shown


async def show_people(
    event: CallbackQuery, callback_data: to.People, session: Session, actor: Actor, t: Translator
) -> Screen:
    """Who is attached to a project; a click on a person attaches, or asks whether to detach."""
    project, user = callback_data.project, callback_data.user
    if user and not callback_data.attached:
        act = to.HandOver(act="x", id=user, project=project)
        return await question(session, actor, t, act, page=callback_data.at)
    if user:
        await attachments.attach(session, actor, project, user, attached=True)
    else:
        await service.find(session, actor, Permission.PROJECT_MANAGE, project_id=project)
    page = await attachments.attachable(session, actor, project, Cursor.parse(callback_data.at))
    return projects.people(t, project, page, callback_data.at)


_QUESTIONS = {
    "name": (Rename.name, projects.ask_rename),
    "about": (Rename.about, projects.ask_description),
}


async def ask_change(
    event: CallbackQuery,
    callback_data: to.ProjectEdit,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """Ask for another name or description."""
    project = await service.get(session, actor, callback_data.id)
    service.need_room(project)
    step, question = _QUESTIONS[callback_data.what]
    dialog.go(step, project_id=project.id)
    return question(t, project)


async def ask_delete(
    event: CallbackQuery,
    callback_data: to.ProjectEdit,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """Say what will go with a project, and ask for its key to be sure."""
    goes = await project_changes.contents(session, actor, callback_data.id)
    dialog.go(Delete.key, project_id=goes.id)
    return projects.ask_delete(t, goes)


async def ask_archive(
    event: CallbackQuery,
    callback_data: to.ProjectEdit,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """Ask before a project is put away."""
    project = await service.get(session, actor, callback_data.id)
    yes, no = to.Confirm(what="archive", id=project.id), to.Project(id=project.id)
    return people.confirm(t, "archive", yes, no, key=project.key, name=project.name)


async def archive(
    event: CallbackQuery, callback_data: to.Confirm, session: Session, actor: Actor, t: Translator
) -> Screen:
    """Put a project away, as was confirmed."""
    return await _shelve(session, actor, callback_data.id, t, archived=True)


async def restore(
    event: CallbackQuery,
    callback_data: to.ProjectEdit,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """Bring a project back."""
    return await _shelve(session, actor, callback_data.id, t, archived=False)


async def ask_name(
    event: CallbackQuery, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """Begin a new project, if there is room for one."""
    await service.may_create(session, actor)
    dialog.go(NewProject.name)
    return people.prompt(t, "ask-project-name")


async def _shelve(
    session: Session, actor: Actor, project_id: int, t: Translator, *, archived: bool
) -> Screen:
    await service.set_archived(session, actor, project_id, archived=archived)
    project = await service.get(session, actor, project_id)
    toast = t.plain("project-archived-toast" if archived else "project-restored-toast")
    return projects.project(t, actor, project).with_toast(toast)


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = telling(Router(name="projects"))
    click = router.callback_query.register
    see, manage = needs(Permission.PROJECT_SEE), needs(Permission.PROJECT_MANAGE)
    put_away = needs(Permission.PROJECT_ARCHIVE)
    router.message.register(show_projects, Command("projects"), flags=see)
    click(show_projects, to.Open.filter(F.what == "projects"), flags=see)
    click(show_projects, to.Projects.filter(), flags=see)
    click(show_project, to.Project.filter(), flags=see)
    click(show_people, to.People.filter(), flags=manage)
    click(ask_change, to.ProjectEdit.filter(F.what.in_(_QUESTIONS)), flags=manage)
    delete = needs(Permission.PROJECT_DELETE)
    click(ask_delete, to.ProjectEdit.filter(F.what == "delete"), flags=delete)
    router.include_router(moving.commands())
    click(ask_archive, to.ProjectEdit.filter(F.what == "archive"), flags=put_away)
    click(archive, to.Confirm.filter(F.what == "archive"), flags=put_away)
    click(restore, to.ProjectEdit.filter(F.what == "restore"), flags=manage)
    click(ask_name, to.Open.filter(F.what == "newproject"), flags=manage)
    return router
