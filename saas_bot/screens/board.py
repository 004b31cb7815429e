"""The board: all tasks by status, at a glance."""

from markupsafe import Markup

from saas_bot.core.i18n import Translator
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, may
from saas_bot.domain.task_flow import OPEN
from saas_bot.domain.task_lists import OF_STATUS, TaskFilter, View
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import PRIORITY_ICONS, STATUS_ICONS, is_overdue, moment
from saas_bot.screens.screen import Screen, button, clip, grid, screen
from saas_bot.screens.task_lists import (
    applied_text,
    clear_row,
    new_task_row,
    of_project,
    way_back,
)
from saas_bot.services.numbers import with_sign
from saas_bot.services.tasks import BoardColumn, TaskLine
from saas_bot.services.tasks.board import COUNTED

TITLE_SHOWN = 60


def board(
    t: Translator,
    actor: Actor,
    columns: list[BoardColumn],
    here: to.Board,
    wanted: TaskFilter,
    key: str = "",
) -> Screen:
    """Each status with its number of tasks and the first of them; a button leads to its list.

    It is of the project of that key if it is one's board.
    """
    applied = wanted.within(OF_STATUS[columns[0].status], of_project=bool(here.project))
    title = of_project(key, t("board"))
    head = [title, applied_text(t, applied)]
    parts = [_column(t, actor, one) for one in columns if one.count]
    if not parts:
        parts = [t("filter-nothing" if applied.narrows else _empty(actor))]
    lists = [
        button(
            f"{STATUS_ICONS[one.status]} {t.plain(f'statuses-{one.status}')} {_count(one)}",
            to.Tasks(view=OF_STATUS[one.status], project=here.project),
        )
        for one in columns
        if one.count
    ]
    return screen(
        Markup("\n\n").join([Markup("\n").join(one for one in head if one), *parts]),
        clear_row(t, applied, None, here.project),
        *grid(lists, 2),
        [
            button(t.plain("button-filter"), to.Filter(project=here.project)),
            button(t.plain("button-lists"), _lists(here)),
            button(t.plain("button-search"), to.Open(what="search")),
        ],
        new_task_row(t, actor, here.project),
        way_back(t, here.project),
    )


def _empty(actor: Actor) -> str:
    return "board-empty" if may(actor.role, Permission.TASK_CREATE) else "board-empty-member"


def _lists(here: to.Board) -> to.Tasks | to.Open:
    return to.Tasks(view=View.OPEN, project=here.project) if here.project else to.Open(what="tasks")


def _column(t: Translator, actor: Actor, one: BoardColumn) -> Markup:
    title = t(
        "board-column",
        icon=STATUS_ICONS[one.status],
        status=t.plain(f"statuses-{one.status}"),
        count=_count(one),
    )
    lines = [_line(t, actor, task) for task in one.first]
    if lines and (left := one.count - len(lines)):
        lines.append(t("board-more", count=_count(one, left)))
    return Markup("\n").join([title, *lines])


def _count(one: BoardColumn, count: int | None = None) -> str:
    """So many of the column's tasks, all of them unless told otherwise; a `+` where more may be."""
    count = one.count if count is None else count
    return str(count) if one.count < COUNTED else f"{count - 1}+"


def _line(t: Translator, actor: Actor, task: TaskLine) -> Markup:
    late = is_overdue(task.due_at, task.status)
    facts = [
        with_sign(task.assignee, task.assignee_sign) if task.assignee else "",
        (
            f"{'⏰ ' if late else ''}{moment(t, task.due_at, actor.account.timezone)}"
            if task.due_at and task.status in OPEN
            else ""
        ),
    ]
    # As a command, the number can be tapped; Telegram takes no hyphen in one.
    command = f"/{task.ref.replace('-', '_')}"
    return t(
        "board-line",
        ref=f"{PRIORITY_ICONS[task.priority]} {command}".strip(),
        title=clip(task.title, TITLE_SHOWN),
        facts="".join(f" · {fact}" for fact in facts if fact),
    )
