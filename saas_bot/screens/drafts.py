"""Screens of a task being written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Account
from saas_bot.domain.task_flow import Priority
from saas_bot.screens import callbacks as to
from saas_bot.screens.people import back_to_menu, prompt
from saas_bot.screens.screen import QUOTED, Screen, button, clip, column, grid, pager, screen
from saas_bot.screens.tasks import DUE_PRESETS, due_text, priority_label
from saas_bot.services.members import Member
from saas_bot.services.projects import ProjectLine


def draft(t: Translator, account: Account, said: Mapping[str, Any]) -> Screen:
    """What was understood so far; each part can be changed before it is created."""
    due_at = datetime.fromisoformat(said["due_at"]) if said.get("due_at") else None
    text = t(
        "draft",
        project=f"{said['project_key']} – {said['project_name']}",
        title=said["title"],
        assignee=said.get("assignee") or t.plain("nobody"),
        due=due_text(t, due_at, account.timezone),
        timezone=account.timezone,
        priority=priority_label(t, Priority(said.get("priority", Priority.NORMAL))),
    )
    notes = [t(f"draft-note-{note}") for note in said.get("notes", ())]
    about = [t("quoted", text=clip(said["description"], QUOTED))] if said.get("description") else []
    parts = [
        button(t.plain(f"button-{field}"), to.Draft(field=field))
        for field in ("assignee", "due_at", "priority", "title", "description", "project")
    ]
    return screen(
        "\n\n".join([text, *about, *notes]),
        [button(t.plain("button-create"), to.Draft(field="create"))],
        *grid(parts, 2),
        [button(t.plain("button-cancel"), to.Open(what="cancel"))],
    )


def choose_project(
    t: Translator, page: Page[ProjectLine], *, manages: bool, drafting: bool
) -> Screen:
    """Which project the task is for; without any, what to do about it; back to a draft there is."""
    if not page.items:
        create = [button(t.plain("button-new-project"), to.Open(what="newproject"))]
        key = "projects-empty" if manages else "projects-empty-member"
        return screen(t(key), create if manages else None, back_to_menu(t))
    rows = [
        button(f"{one.key} – {one.name}", to.Draft(field="project", value=str(one.id)))
        for one in page.items
    ]
    pages = pager(t, page, to.Draft(field="project"))
    return prompt(t, "ask-project", *column(rows), pages, [_back(t)] if drafting else [])


def choose_assignee(t: Translator, page: Page[Member]) -> Screen:
    """Who will do it."""
    rows = [button(one.name, to.Draft(field="assignee", value=str(one.id))) for one in page.items]
    return prompt(
        t,
        "ask-assignee",
        *grid(rows, 2),
        pager(t, page, to.Draft(field="assignee")),
        [button(t.plain("button-nobody"), to.Draft(field="assignee", value="0")), _back(t)],
    )


def choose_priority(t: Translator) -> Screen:
    """How pressing it is."""
    rows = [
        button(priority_label(t, one), to.Draft(field="priority", value=one)) for one in Priority
    ]
    return prompt(t, "ask-priority", *grid(rows, 2), [_back(t)])


def ask_due(t: Translator) -> Screen:
    """When it should be done: presets, or write a date."""
    rows = [
        button(t.plain(f"due-{name}"), to.Draft(field="due_at", value=name))
        for name in (*DUE_PRESETS, "none")
    ]
    return prompt(t, "ask-due", *grid(rows, 2), [_back(t)])


def ask_first_title(t: Translator, project: ProjectLine) -> Screen:
    """The first question of a new task."""
    return prompt(t, "ask-first-title", project=f"{project.key} – {project.name}")


def ask_text(t: Translator, field: str) -> Screen:
    """The question for the title or the description; back keeps what was there."""
    return prompt(t, f"ask-{field}", [_back(t)])


def _back(t: Translator) -> Any:
    return button(t.plain("button-back"), to.Draft(field="show"))
