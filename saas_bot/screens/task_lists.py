"""Screens of the lists of tasks, and of the filter that they share."""

from collections.abc import Iterable
from zlib import crc32

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, may
from saas_bot.domain.task_flow import Priority
from saas_bot.domain.task_lists import NEWEST_FIRST, NOBODY, Sort, TaskFilter, View
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import PRIORITY_ICONS, STATUS_ICONS, is_overdue, moment, told_apart
from saas_bot.screens.people import back_to_menu
from saas_bot.screens.screen import Row, Screen, button, clip, column, grid, pager, screen
from saas_bot.screens.tasks import priority_label
from saas_bot.services.projects import ProjectLine
from saas_bot.services.tasks import TaskLine
from saas_bot.services.tasks.choices import Person

OFFERED: dict[View, Permission] = {
    View.MINE: Permission.TASK_WORK,
    View.TODAY: Permission.TASK_SEE,
    View.WEEK: Permission.TASK_SEE,
    View.OVERDUE: Permission.TASK_SEE,
    View.REVIEW: Permission.REVIEW_DECIDE,
    View.OPEN: Permission.TASK_SEE,
    View.CREATED: Permission.TASK_CREATE,
    View.UNASSIGNED: Permission.TASK_WORK,
    View.CLOSED: Permission.TASK_SEE,
}
"""The lists below each list, for those who have the right; those by status are on the board."""

ANY = "any"
ME = "me"
PARTS = ("project", "assignee", "priority", "tag", "sort")
TAGS_OFFERED = 20


def first_view(actor: Actor) -> View:
    """The list that /tasks opens with."""
    return View.MINE if may(actor.role, Permission.TASK_WORK) else View.OPEN


def task_list(
    t: Translator,
    actor: Actor,
    page: Page[TaskLine],
    here: to.Tasks,
    wanted: TaskFilter,
    key: str = "",
) -> Screen:
    """A page of tasks, a button each, of the project of that key if it is one's list.

    The other lists are one click away.
    """
    applied = wanted.within(here.view, of_project=bool(here.project))
    lines = [button(_line(t, actor, one), here.task(one.id)) for one in page.items]
    views = [
        button(
            f"{'• ' if view is here.view else ''}{t.plain(f'view-{view.name.lower()}')}",
            to.Tasks(view=view, project=here.project),
        )
        for view, needed in OFFERED.items()
        if may(actor.role, needed)
    ]
    return screen(
        of_project(key, _heading(t, here.view, applied, empty=not lines)),
        clear_row(t, applied, here.view, here.project),
        *column(lines),
        pager(t, page, here),
        *grid(views, 3),
        [
            button(t.plain("button-filter"), to.Filter(view=here.view, project=here.project)),
            button(t.plain("button-board"), to.Board(project=here.project)),
            button(t.plain("button-search"), to.Open(what="search")),
        ],
        new_task_row(t, actor, here.project),
        way_back(t, here.project),
    )


def no_project(t: Translator, actor: Actor) -> Screen:
    """What to do first where there is no active project to have tasks."""
    creates = may(actor.role, Permission.PROJECT_MANAGE)
    said = t("ask-project-empty" if creates else "ask-project-empty-member")
    return screen(said, new_project_row(t, actor), back_to_menu(t))


def new_project_row(t: Translator, actor: Actor) -> list[InlineKeyboardButton]:
    """A new project, or one to be restored, for those who may."""
    if not may(actor.role, Permission.PROJECT_MANAGE):
        return []
    return [
        button(t.plain("button-new-project"), to.Open(what="newproject")),
        button(t.plain("button-projects"), to.Open(what="projects")),
    ]


def of_project(key: str, heading: Markup) -> Markup:
    """The heading of a list, with the project before it if it is one's."""
    return Markup("📁 {} · ").format(key) + heading if key else heading


def clear_row(
    t: Translator, applied: TaskFilter, view: View | None, project: int
) -> list[InlineKeyboardButton]:
    """One button that shows everything again, where something is left out."""
    if not applied.narrows:
        return []
    return [button(t.plain("button-clear"), to.Filter(view=view, project=project, what="clear"))]


def new_task_row(t: Translator, actor: Actor, project: int) -> list[InlineKeyboardButton]:
    """A new task, of the project if it is one's list, for those who may."""
    if not may(actor.role, Permission.TASK_CREATE):
        return []
    begin = to.Draft(field="project", value=str(project)) if project else to.Open(what="newtask")
    return [button(t.plain("button-newtask"), begin)]


def way_back(t: Translator, project: int) -> list[InlineKeyboardButton]:
    """To the project, or to the menu."""
    if project:
        return [button(t.plain("button-back-to-project"), to.Project(id=project))]
    return back_to_menu(t)


def applied_text(t: Translator, applied: TaskFilter, view: View | None = None) -> Markup:
    """What is left of a list, and its order where that is not the usual one."""
    parts = [_chosen(t, applied, part) for part in PARTS if _is_set(applied, part)]
    if view in NEWEST_FIRST:
        parts = parts[:-1]
    return t("filter-applied", parts=" · ".join(parts)) if parts else Markup("")


def _heading(t: Translator, view: View, applied: TaskFilter, *, empty: bool) -> Markup:
    name = f"tasks-{view.name.lower()}"
    filtered = applied_text(t, applied, view)
    if empty and not applied.narrows:
        return t(f"{name}-empty")
    shown = [t(name), filtered, t("filter-nothing") if empty else ""]
    return Markup("\n").join(part for part in shown if part)


def _line(t: Translator, actor: Actor, one: TaskLine) -> str:
    icons = STATUS_ICONS[one.status] + PRIORITY_ICONS[one.priority]
    due = ""
    if one.due_at is not None:
        late = "⏰ " if is_overdue(one.due_at, one.status) else ""
        due = f" · {late}{moment(t, one.due_at, actor.account.timezone)}"
    # The due date must stay in sight however long the title is.
    return f"{icons} {one.ref} {clip(one.title, max(20, 44 - len(due)))}{due}"


def filters(t: Translator, wanted: TaskFilter, here: to.Filter) -> Screen:
    """The filter: each of its parts with what is chosen for it, and the way to the list."""
    there = to.Filter(view=here.view, project=here.project)
    parts = [
        button(
            f"{t.plain(f'filter-{part}')}: {_chosen(t, wanted, part)}",
            there.model_copy(update={"what": part}),
        )
        for part in PARTS
    ]
    return screen(
        t("filter"),
        *column(parts),
        clear_row(t, wanted, here.view, here.project),
        [button(t.plain("button-show-list"), list_of(here))],
    )


def list_of(here: to.Filter) -> to.Tasks | to.Board:
    """Where one came from to the filter."""
    if here.view is None:
        return to.Board(project=here.project)
    return to.Tasks(view=here.view, project=here.project)


def choose_project(
    t: Translator, wanted: TaskFilter, page: Page[ProjectLine], here: to.Filter
) -> Screen:
    """Of which project."""
    rows = [
        _choice(f"{one.key} – {one.name}", here, str(one.id), wanted.project_id == one.id)
        for one in page.items
    ]
    key = "filter-choose-project" if rows else "filter-no-projects"
    is_any = wanted.project_id is None
    return _choices(t, here, column(rows), pager(t, page, here), is_any, key=key)


def choose_assignee(
    t: Translator, actor: Actor, wanted: TaskFilter, page: Page[Person], here: to.Filter
) -> Screen:
    """Whose: one's own, nobody's, or somebody's."""
    first = [_choice(t.plain("nobody"), here, str(NOBODY), wanted.assignee_id == NOBODY)]
    if may(actor.role, Permission.TASK_WORK):
        mine = wanted.assignee_id == actor.user_id
        first.insert(0, _choice(t.plain("filter-me"), here, ME, mine))
    names = told_apart(page.items)
    people = [
        _choice(names[one.id], here, str(one.id), wanted.assignee_id == one.id)
        for one in page.items
        if one.id != actor.user_id
    ]
    rows = [first, *grid(people, 2)]
    return _choices(t, here, rows, pager(t, page, here), wanted.assignee_id is None)


def choose_priority(t: Translator, wanted: TaskFilter, here: to.Filter) -> Screen:
    """How urgent."""
    rows = [_choice(priority_label(t, one), here, one, wanted.priority is one) for one in Priority]
    return _choices(t, here, grid(rows, 2), [], wanted.priority is None)


def choose_tag(t: Translator, wanted: TaskFilter, tags: list[str], here: to.Filter) -> Screen:
    """With which tag: the most used ones."""
    rows = [
        _choice(f"#{tag}", here, tag_code(tag), wanted.tag == tag) for tag in tags[:TAGS_OFFERED]
    ]
    key = "filter-choose-tag" if rows else "filter-no-tags"
    return _choices(t, here, grid(rows, 2), [], not wanted.tag, key=key)


def choose_sort(t: Translator, wanted: TaskFilter, here: to.Filter) -> Screen:
    """In which order."""
    rows = [_choice(t.plain(f"sort-{one}"), here, one, wanted.sort is one) for one in Sort]
    back = [button(t.plain("button-back"), _part_of(here, ""))]
    return screen(t("filter-choose-sort"), *column(rows), back)


def tag_code(tag: str) -> str:
    """A number for a tag, which may itself be too long for a button."""
    return str(crc32(tag.encode()))


def _choices(
    t: Translator,
    here: to.Filter,
    rows: Iterable[Row],
    pages: Row,
    is_any: bool,
    key: str = "",
) -> Screen:
    return screen(
        t(key or f"filter-choose-{here.what}"),
        [_choice(t.plain("filter-any"), here, ANY, is_any)],
        *rows,
        pages,
        [button(t.plain("button-back"), _part_of(here, ""))],
    )


def _choice(label: str, here: to.Filter, value: str, is_chosen: bool) -> InlineKeyboardButton:
    chosen = here.model_copy(update={"value": value, "at": ""})
    return button(f"{'• ' if is_chosen else ''}{label}", chosen)


def _part_of(here: to.Filter, what: str) -> to.Filter:
    return to.Filter(view=here.view, project=here.project, what=what)


def _is_set(wanted: TaskFilter, part: str) -> bool:
    kept = f"{part}_id" if part in ("project", "assignee") else part
    return bool(getattr(wanted, kept) != getattr(TaskFilter(), kept))


def _chosen(t: Translator, wanted: TaskFilter, part: str) -> str:
    if part == "sort":
        return t.plain(f"sort-{wanted.sort}")
    if not _is_set(wanted, part):
        return t.plain("filter-any")
    match part:
        case "project":
            return f"📁 {wanted.project}"
        case "assignee" if wanted.assignee_id == NOBODY:
            return f"👤 {t.plain('nobody')}"
        case "assignee":
            return f"👤 {wanted.assignee}"
        case "priority" if wanted.priority:
            return priority_label(t, wanted.priority)
        case _:
            return f"#{wanted.tag}"
