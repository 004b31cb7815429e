"""Screens of projects."""

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Role, plan_is_for
from saas_bot.domain.task_flow import Status
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import STATUS_ICONS, told_apart
from saas_bot.screens.people import back_to_menu
from saas_bot.screens.screen import QUOTED, Screen, button, clip, column, pager, screen
from saas_bot.screens.tasks import files_label
from saas_bot.services.attachments import Attachable
from saas_bot.services.project_changes import Contents
from saas_bot.services.projects import ProjectCard, ProjectLine
from saas_bot.services.tasks import View

_QUOTE = Markup("<blockquote expandable>{}</blockquote>")
_ABOUT_SHOWN = 2400
"""Characters of a description: what a message has room for beside the people and the counts."""


def projects(
    t: Translator,
    actor: Actor,
    page: Page[ProjectLine],
    *,
    archived: bool = False,
    all_archived: bool = False,
) -> Screen:
    """The projects within reach; an empty list says what to do next."""
    manages = actor.may(Permission.PROJECT_MANAGE)
    heading = "projects-archived" if archived else "projects"
    if not page.items:
        heading = _empty(manages, archived, all_archived)
    rows = [button(_line(t, one), to.Project(id=one.id)) for one in page.items]
    other = button(
        t.plain("button-active-projects" if archived else "button-archived-projects"),
        to.Projects(archived=not archived),
    )
    new = button(t.plain("button-new-project"), to.Open(what="newproject"))
    return screen(
        t(heading),
        *column(rows),
        pager(t, page, to.Projects(archived=archived)),
        [new, other] if manages else None,
        back_to_menu(t),
    )


def _line(t: Translator, one: ProjectLine) -> str:
    said = t.plain("project-line", key=one.key, name=one.name, open=one.open_tasks)
    return f"🔒 {said}" if one.over_limit else said


def _empty(manages: bool, archived: bool, all_archived: bool) -> str:
    if archived and manages:
        return "projects-archived-empty"
    empty = "projects-all-archived" if all_archived else "projects-empty"
    return empty if manages else f"{empty}-member"


def project(t: Translator, actor: Actor, one: ProjectCard) -> Screen:
    """One project: its people, its tasks by status, and what can be done with it."""
    changes_it = one.writable and actor.may(Permission.PROJECT_MANAGE)
    shelves = Permission.PROJECT_ARCHIVE if one.active else Permission.PROJECT_MANAGE
    deletes = actor.may(Permission.PROJECT_DELETE)
    people = [
        t("project-people", role=t(f"role-plural-{role}"), names=clip(", ".join(names), QUOTED))
        for role in Role
        if (names := one.people.get(role))
    ]
    counts = " · ".join(
        f"{STATUS_ICONS[status]} {t(f'statuses-{status}')} {one.tasks[status]}"
        for status in Status
        if status in one.tasks
    )
    parts = [
        t("project" if one.active else "project-archived", key=one.key, name=one.name),
        _QUOTE.format(clip(one.description, _ABOUT_SHOWN)) if one.description else "",
        "\n".join(people) or t("project-nobody"),
        counts or t("project-no-tasks"),
        t("project-over-limit", who=plan_is_for(actor.role)) if one.over_limit else "",
        t("project-muted") if one.muted else "",
    ]
    show_tasks = button(t.plain("button-project-tasks"), to.Tasks(view=View.OPEN, project=one.id))
    new_task = button(t.plain("button-newtask"), to.Draft(field="project", value=str(one.id)))
    shelve = ("button-archive", "archive") if one.active else ("button-restore", "restore")
    changes = [
        button(t.plain("button-people"), to.People(project=one.id)),
        button(t.plain("button-rename"), to.ProjectEdit(id=one.id, what="name")),
        button(t.plain("button-about"), to.ProjectEdit(id=one.id, what="about")),
    ]
    put_away = button(t.plain(shelve[0]), to.ProjectEdit(id=one.id, what=shelve[1]))
    delete = button(t.plain("button-delete-project"), to.ProjectEdit(id=one.id, what="delete"))
    files = button(files_label(t, one.files), to.ProjectFiles(project=one.id))
    return screen(
        "\n\n".join(part for part in parts if part),
        (
            [show_tasks, new_task]
            if one.writable and actor.may(Permission.TASK_CREATE)
            else [show_tasks]
        ),
        [files, _mute(t, one)],
        changes if changes_it else None,
        [*([put_away] if actor.may(shelves) else ()), *([delete] if deletes else ())],
        [button(t.plain("button-projects"), to.Open(what="projects"))],
        back_to_menu(t),
    )


def _mute(t: Translator, one: ProjectCard) -> InlineKeyboardButton:
    label = t.plain("button-unmute" if one.muted else "button-mute")
    return button(label, to.MuteProject(id=one.id, on=not one.muted))


def ask_rename(t: Translator, one: ProjectCard) -> Screen:
    """The question of another name."""
    return screen(t("ask-project-rename", key=one.key, name=one.name), _cancel(t, one.id))


def ask_description(t: Translator, one: ProjectCard) -> Screen:
    """The question of another description; what there is can be taken away."""
    none = [button(t.plain("button-no-description"), to.Skip())] if one.description else []
    shown = t("quoted", text=clip(one.description, QUOTED)) if one.description else ""
    asked = screen(t("ask-project-about", key=one.key, name=one.name), none, _cancel(t, one.id))
    return asked.with_notice(shown) if shown else asked


def ask_delete(t: Translator, goes: Contents) -> Screen:
    """What will go with the project; its key, typed, is the answer."""
    text = t("ask-delete-project", key=goes.key, name=goes.name, goes=_goes(t, goes))
    return screen(text, _cancel(t, goes.id))


def _goes(t: Translator, goes: Contents) -> Markup:
    counts = {
        "tasks": goes.tasks,
        "comments": goes.comments,
        "submissions": goes.submissions,
        "files": goes.files,
        "people": goes.people,
    }
    lines = [t(f"delete-project-{of}", count=count) for of, count in counts.items() if count]
    if not lines:
        return t("delete-project-nothing")
    return Markup("\n").join([t("delete-project-goes") + "\n", *lines])


def _cancel(t: Translator, project_id: int) -> list[InlineKeyboardButton]:
    """The way out of a question about a project, back to it."""
    return [button(t.plain("button-cancel"), to.Project(id=project_id))]


def people(t: Translator, project_id: int, page: Page[Attachable], at: str) -> Screen:
    """Who is attached to a project: a click attaches or detaches."""
    names = told_apart(page.items)
    rows = [
        button(
            f"{'✅' if one.attached else '▫️'} {names[one.id]} – {t.plain(f'role-{one.role}')}",
            to.People(project=project_id, user=one.id, attached=not one.attached, at=at),
        )
        for one in page.items
    ]
    return screen(
        t("project-attach" if rows else "project-attach-nobody"),
        *column(rows),
        pager(t, page, to.People(project=project_id)),
        [button(t.plain("button-invite"), to.InviteTo(project=project_id))],
        [button(t.plain("button-done"), to.Project(id=project_id))],
    )
