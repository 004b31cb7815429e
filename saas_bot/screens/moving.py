"""Screens of moving a task to another project."""

from dataclasses import replace

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Actor
from saas_bot.screens import callbacks as to
from saas_bot.screens import tasks
from saas_bot.screens.screen import Screen, button, column, pager, screen
from saas_bot.services.projects import ProjectLine
from saas_bot.services.tasks import Moved, TaskCard


def choose(t: Translator, task: TaskCard, page: Page[ProjectLine]) -> Screen:
    """The active projects but the task's own, and what a move means: one tap, and it is done."""
    others = [one for one in page.items if one.id != task.project_id]
    rows = [
        button(
            f"{'👁 ' if one.clients else ''}{one.key} – {one.name}",
            to.TaskProject(id=task.id, project=one.id),
        )
        for one in others
    ]
    alone = not rows and not page.next and not page.previous
    asked = t("move-nowhere" if alone else "move-where", ref=task.ref, title=task.title)
    shown = screen(
        asked,
        *column(rows),
        pager(t, page, to.TaskProject(id=task.id)),
        [button(t.plain("button-new-project"), to.Open(what="newproject"))] if alone else None,
        tasks.back_to_more(t, task),
    )
    if not any(one.clients for one in others):
        return shown
    return replace(shown, text=f"{shown.text}\n\n{t('move-where-clients')}")


def moved(t: Translator, actor: Actor, done: Moved) -> Screen:
    """The card, with the new number, who has lost the task, and the way back."""
    shown = tasks.card(t, actor, done.task)
    if done.lost_assignee is not None:
        shown = shown.with_notice(t("moved-lost", name=done.lost_assignee))
    if done.left is not None:
        project, key = done.left
        back = button(
            t.plain("button-move-back", key=key), to.TaskProject(id=done.task.id, project=project)
        )
        shown = replace(shown, rows=((back,), *shown.rows))
    return shown.with_toast(t.plain("moved", ref=done.task.ref))
