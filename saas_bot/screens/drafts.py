"""Screens of a task being written."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.cities import city_of
from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.tags import hashed
from saas_bot.domain.task_flow import Priority
from saas_bot.screens import callbacks as to
from saas_bot.screens.files_in import in_draft, toggle
from saas_bot.screens.formats import moment, told_apart
from saas_bot.screens.people import prompt
from saas_bot.screens.screen import QUOTED, Screen, button, clip, column, grid, pager, screen
from saas_bot.screens.task_lists import no_project
from saas_bot.screens.task_parts import fitting
from saas_bot.screens.tasks import DEAF, DUE_PRESETS, priority_label, whose
from saas_bot.services.member_rows import Member
from saas_bot.services.projects import ProjectLine

TITLE_SHOWN = 60
DUE_OFFERED = ("today", "tomorrow")
OFFERED = 2
"""Values of a part that are one tap away."""

USUAL = ("due_at", "assignee")
"""The rows of corrections that stand below every draft; the others are one tap further."""

_ANSWERS = {
    "unknown-priority": ("priority",),
    "unknown-key": ("project", "words"),
    "unknown-tag": ("tags",),
    "tags-left-out": ("tags",),
}
"""The rows that answer a remark; other remarks are answered by the usual ones."""


def draft(
    t: Translator, actor: Actor, said: Mapping[str, Any], line: str, *, more: bool = False
) -> Screen:
    """What was understood so far, with the `line` that says it, and corrections by one tap.

    The rarer ones stand in place of the others where `more` of them are wanted.
    """
    text = t(
        "draft",
        project=f"{said['project_key']} – {said['project_name']}",
        title=said["title"],
        assignee=said.get("assignee") or t.plain("nobody"),
        due=_due(t, actor.account, said.get("due_at")),
        priority=priority_label(t, Priority(said.get("priority", Priority.NORMAL))),
    )
    if said.get("tags"):
        text += "\n" + t("task-tags", tags=hashed(tuple(said["tags"])))
    if attached := in_draft(t, said):
        text += "\n" + attached
    about = [t("quoted", text=clip(said["description"], QUOTED))] if said.get("description") else []
    key = "draft-line-but-description" if about else "draft-line"
    corrections = _corrections(t, actor, said)
    first = {*USUAL, *(row for one in said.get("remarks", {}) for row in _ANSWERS.get(one, ()))}
    if said.get("internal"):
        first.add("files")
    shown = [row for part, row in corrections.items() if (part in first) is not more]
    whole = "\n\n".join([text, *about, *_remarks(t, said), t(key, line=line)])
    if more:
        return screen(whole, *shown, [_back(t)])
    return screen(
        whole,
        [button(t.plain("button-create"), to.Draft(field="create"))],
        *shown,
        [
            button(t.plain("button-more"), to.Draft(field="more")),
            button(t.plain("button-cancel"), to.Open(what="cancel")),
        ],
    )


def _remarks(t: Translator, said: Mapping[str, Any]) -> list[Markup]:
    """What was not understood as one may have meant it."""
    return [t(f"remark-{name}", about=about) for name, about in said.get("remarks", {}).items()]


def _corrections(
    t: Translator, actor: Actor, said: Mapping[str, Any]
) -> dict[str, list[InlineKeyboardButton]]:
    """A row for each part: its likeliest other values by one tap, then the question for any."""
    offers = said.get("offers", {})
    priority = Priority(said.get("priority", Priority.NORMAL))
    people = [(str(one), f"👤 {name}") for one, name in offers.get("people", ())]
    projects = [(str(one), f"📁 {key}") for one, key in offers.get("projects", ())]
    tags = [tag for tag in offers.get("tags", ()) if tag not in said.get("tags", ())]
    # Where somebody was misunderstood, the next likeliest is wanted too.
    doubtful = any(one.startswith(("assignee", "passed")) for one in said.get("remarks", {}))
    days = [(one, t.plain(f"due-{one}")) for one in DUE_OFFERED]
    others = [(one, priority_label(t, one)) for one in Priority if one is not priority]
    return {
        "due_at": [*_picks("due_at", days), _part(t, "due_at")],
        "assignee": [
            *_picks("assignee", people, but=said.get("assignee_id"), most=1 + doubtful),
            _part(t, "assignee"),
        ],
        "priority": _picks("priority", others, most=len(Priority)),
        "tags": [*_picks("tag", [(tag, f"➕ #{tag}") for tag in tags]), _part(t, "tags")],
        "project": [*_picks("project", projects, but=said["project_id"]), _part(t, "project")],
        "words": [_part(t, "title"), _part(t, "description")],
        "files": _files(t, actor, said) if said.get("files") else [],
    }


def _files(t: Translator, actor: Actor, said: Mapping[str, Any]) -> list[InlineKeyboardButton]:
    return [_part(t, "no-files"), *toggle(t, actor, internal=bool(said.get("internal")))]


def _picks(
    field: str, offered: Sequence[tuple[str, str]], but: int | None = None, most: int = OFFERED
) -> list[InlineKeyboardButton]:
    """The first few of the values, one excepted."""
    others = [(value, label) for value, label in offered if value != str(but)]
    return fitting((label, to.Draft(field=field, value=value)) for value, label in others[:most])


def _part(t: Translator, field: str) -> InlineKeyboardButton:
    return button(t.plain(f"button-{field}"), to.Draft(field=field))


def choose_project(
    t: Translator, actor: Actor, page: Page[ProjectLine], *, drafting: bool
) -> Screen:
    """Which project the task is for; without any, what to do about it; back to a draft there is."""
    if not page.items:
        return no_project(t, actor)
    rows = [
        button(f"{one.key} – {one.name}", to.Draft(field="project", value=str(one.id)))
        for one in page.items
    ]
    listed = [*column(rows), pager(t, page, to.Draft(field="project"))]
    if drafting:
        return screen(t("ask-project"), *listed, [_back(t)])
    return prompt(t, "ask-project", *listed)


def choose_assignee(t: Translator, page: Page[Member], deaf: Container[int]) -> Screen:
    """Who will do it; those who are `deaf`, having blocked the bot, are marked."""
    rows = [
        button(
            f"{DEAF if user_id in deaf else ''}{name}",
            to.Draft(field="assignee", value=str(user_id)),
        )
        for user_id, name in told_apart(page.items).items()
    ]
    return screen(
        whose(t, t("ask-assignee"), page, deaf),
        *grid(rows, 2),
        pager(t, page, to.Draft(field="assignee")),
        [button(t.plain("button-nobody"), to.Draft(field="assignee", value="0")), _back(t)],
    )


def ask_due(t: Translator) -> Screen:
    """When it should be done: presets, or write a date."""
    rows = [
        button(t.plain(f"due-{name}"), to.Draft(field="due_at", value=name))
        for name in (*DUE_PRESETS, "none")
    ]
    return screen(t("ask-due"), *grid(rows, 2), [_back(t)])


def ask_line(
    t: Translator, account: Account, project: ProjectLine, said: Mapping[str, Any]
) -> Screen:
    """The first question of a new task, with what is known of it already."""
    asked = prompt(t, "ask-line", project=f"{project.key} – {project.name}")
    known = [
        f"👤 @{said['username']}" if said.get("username") else "",
        f"📅 {_due(t, account, said['due_at'])}" if said.get("due_at") else "",
        priority_label(t, Priority(said["priority"])) if said.get("priority") else "",
        hashed(tuple(said.get("tags", ()))),
        f"📎 {len(said['files'])}" if said.get("files") else "",
    ]
    if any(known):
        asked = asked.with_notice(t("draft-known", parts=" · ".join(filter(None, known))))
    return with_remarks(t, asked, said)


def with_remarks(t: Translator, shown: Screen, said: Mapping[str, Any]) -> Screen:
    """The screen of a question, with the remarks on what was said before it."""
    remarks = _remarks(t, said)
    return shown.with_notice("\n\n".join(remarks)) if remarks else shown


def kept(t: Translator, shown: Screen, said: Mapping[str, Any]) -> Screen:
    """The screen, with the word that the task is kept until there is a project for it."""
    return shown.with_notice(t("draft-kept", title=clip(said["title"], TITLE_SHOWN)))


def go_on_with(t: Translator, shown: Screen, said: Mapping[str, Any]) -> Screen:
    """The screen with a button that leads to the draft which was left, if one was."""
    if "title" not in said:
        return shown
    leads = to.Draft(field="go_on")
    others = [row for row in shown.rows if all(one.callback_data != leads.pack() for one in row)]
    label = t.plain("button-go-on", title=clip(said["title"], TITLE_SHOWN))
    return replace(shown, rows=(*others, (button(label, leads),)))


def ask_text(t: Translator, field: str) -> Screen:
    """The question for the title or the description; back keeps what was there."""
    return screen(t(f"ask-{field}"), [_back(t)])


def ask_tags(t: Translator, said: Mapping[str, Any]) -> Screen:
    """The question of the tags: those there are to take off, frequent ones to put on."""
    present, offered = said.get("tags", ()), said.get("offers", {}).get("tags", ())
    picks = (
        *((f"✖️ #{tag}", to.Draft(field="tag", value=f"-{tag}")) for tag in present),
        *(
            (f"➕ #{tag}", to.Draft(field="tag", value=tag))
            for tag in offered
            if tag not in present
        ),
    )
    return screen(t("ask-tags"), *grid(fitting(picks), 2), [_back(t)])


def _due(t: Translator, account: Account, stored: str | None) -> str:
    if not stored:
        return t.plain("due-not-set")
    due = moment(t, datetime.fromisoformat(stored), account.timezone)
    return t.plain("draft-due", due=due, timezone=city_of(account.timezone, t.language))


def dropped(t: Translator, said: Mapping[str, Any]) -> Markup:
    """That what was begun is dropped: a task by its title, anything else in general."""
    if "title" in said:
        return t("dropped-draft", title=clip(said["title"], TITLE_SHOWN))
    if said.get("files"):
        return t("dropped-files", count=len(said["files"]))
    return t("dropped") + (" " + t("files-stay") if said.get("uploads") else "")


def _back(t: Translator) -> Any:
    return button(t.plain("button-back"), to.Draft(field="show"))
