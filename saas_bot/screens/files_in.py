"""Screens of files on their way in: asking for them, asking where they go."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.limits import NAME, TITLE
from saas_bot.domain.permissions import Permission, may
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import STATUS_ICONS
from saas_bot.screens.people import prompt
from saas_bot.screens.screen import QUOTED, Screen, button, clip, clip_name, column, pager, screen
from saas_bot.screens.task_lists import new_project_row
from saas_bot.services.projects import ProjectCard, ProjectLine
from saas_bot.services.tasks import TaskCard, TaskLine

FILE_SHOWN: Final = 80
"""Characters of a file's name in a text."""

BUTTON_NAME: Final = 30
"""The same in a button."""

NAME_LISTED: Final = 60
"""The same where ten are listed."""

Button = InlineKeyboardButton


def for_task(t: Translator, actor: Actor, task: TaskCard, *, internal: bool) -> Screen:
    """Asks for files for a task."""
    asked = t("ask-files-task", ref=task.ref, title=clip(task.title, TITLE))
    return _asking(t, actor, asked, to.Files(task=task.id), internal=internal)


def for_project(t: Translator, actor: Actor, project: ProjectCard, *, internal: bool) -> Screen:
    """Asks for files for a project."""
    asked = t("ask-files-project", key=project.key, name=clip(project.name, NAME))
    return _asking(t, actor, asked, to.ProjectFiles(project=project.id), internal=internal)


def _asking(
    t: Translator,
    actor: Actor,
    asked: Markup,
    done: to.Files | to.ProjectFiles,
    *,
    internal: bool,
) -> Screen:
    return screen(
        asked + "\n\n" + t("files-internal") if internal else asked,
        toggle(t, actor, internal=internal),
        [button(t.plain("button-files-done"), done)],
    )


def toggle(t: Translator, actor: Actor, *, internal: bool) -> list[Button]:
    """The button by which the team keeps something from clients, or does so no more."""
    if not may(actor.role, Permission.INTERNAL_SEE):
        return []
    key = "button-internal-off" if internal else "button-internal-on"
    return [button(t.plain(key), to.Internal(on=not internal))]


def where(
    t: Translator,
    actor: Actor,
    names: Sequence[str],
    words: str,
    tasks: Sequence[TaskLine],
    *,
    internal: bool,
) -> Screen:
    """Where the files go that somebody has just sent; `words` came with them."""
    parts = [_which(t, "ask-file-place", names)]
    if len(names) > 1:
        listed = [t("notify-file", name=clip_name(one, NAME_LISTED)) for one in names]
        parts.append(Markup("\n").join(listed))
    if words:
        parts.append(t("files-words", text=clip(words, QUOTED)))
    if internal:
        parts.append(t("files-internal"))
    likely = [
        button(
            f"{STATUS_ICONS[one.status]} {one.ref} {one.title}",
            to.PlaceFiles(what="task", id=one.id),
        )
        for one in tasks
    ]
    others = [button(t.plain("button-files-project"), to.PlaceFiles(what="project"))]
    if may(actor.role, Permission.TASK_CREATE):
        others.append(button(t.plain("button-newtask"), to.PlaceFiles(what="new")))
    return screen(
        "\n\n".join(parts),
        *column(likely),
        others,
        toggle(t, actor, internal=internal),
        [button(t.plain("button-cancel"), to.Open(what="cancel"))],
    )


def still_wait(t: Translator, files: Sequence[Any]) -> Markup:
    """That files of a dialog that was left wait for their place."""
    return _which(t, "files-still-wait", _names(files))


def with_way_back(t: Translator, shown: Screen, files: Sequence[Any]) -> Screen:
    """The screen with a button that leads back to the question where they go."""
    name, *others = _names(files)
    about = {"name": clip_name(name, BUTTON_NAME), "count": 1 + len(others)}
    leads = button(t.plain("button-place-files", **about), to.PlaceFiles(what="back"))
    return replace(shown, rows=(*shown.rows, (leads,)))


def _names(files: Sequence[Any]) -> list[str]:
    """Of files as the data of a dialog has them: kind, Telegram's id, name and more."""
    return [one[2] for one in files]


def choose_project(t: Translator, actor: Actor, page: Page[ProjectLine]) -> Screen:
    """The project to which the files go; without any, what to do about it."""
    back = [button(t.plain("button-back"), to.PlaceFiles(what="back"))]
    if not page.items:
        creates = may(actor.role, Permission.PROJECT_MANAGE)
        said = t("files-no-project" if creates else "files-no-project-member")
        return screen(said, new_project_row(t, actor), back)
    listed = [
        button(f"{one.key} – {one.name}", to.PlaceFiles(what="project", id=one.id))
        for one in page.items
    ]
    pages = pager(t, page, to.PlaceFiles(what="project"))
    return prompt(t, "ask-files-which-project", *column(listed), pages, back)


def on_the_way(t: Translator, names: Sequence[str], place: str, *rows: list[Button]) -> Screen:
    """That files are being stored; the answer follows."""
    return screen(_which(t, "file-on-the-way", names, place=clip(place, NAME)), *rows)


def album_comes(t: Translator, said: Markup, task: TaskCard) -> Screen:
    """What is said of the words with an album, the rest of which is still to come: the card would
    count what is there so far."""
    comes = t("album-on-the-way", place=task.ref)
    return screen(said + "\n\n" + comes, to_task(t, task))


def to_task(t: Translator, task: TaskCard) -> list[Button]:
    """The way to the task of the files."""
    return [button(t.plain("button-open-task", ref=task.ref), to.Task(id=task.id))]


def to_project(t: Translator, project_id: int) -> list[Button]:
    """The way to the project of the files."""
    return [button(t.plain("button-open-project"), to.Project(id=project_id))]


def so_far(t: Translator, sent: int, proposed: str) -> Markup:
    """What has come already for an answer: files, and the words with them."""
    parts = [t("files-so-far", count=sent)] if sent else []
    if proposed:
        parts.append(t("files-words", text=clip(proposed, QUOTED)))
    return Markup("\n\n").join(parts)


def in_draft(t: Translator, said: Mapping[str, Any]) -> Markup | None:
    """How many files go with the task being written, and whether they are for the team only."""
    files = said.get("files", ())
    if not files:
        return None
    counted = t("draft-files", count=len(files))
    return counted + "\n" + t("files-internal") if said.get("internal") else counted


def _which(t: Translator, key: str, names: Sequence[str], **more: object) -> Markup:
    """The text about one file by its name, or about several by their number."""
    name = clip_name(names[0], FILE_SHOWN)
    return t(key, name=name, count=len(names), **more)
