"""Screens of moving a task to another project."""

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Role
from saas_bot.screens import callbacks as to
from saas_bot.screens import tasks
from saas_bot.screens.screen import QUOTED, Screen, button, clip, column, pager, screen
from saas_bot.services.projects import ProjectCard, ProjectLine
from saas_bot.services.tasks import Moved, TaskCard


def choose(t: Translator, task: TaskCard, page: Page[ProjectLine]) -> Screen:
    """The active projects but the task's own."""
    rows = [
        button(f"{one.key} – {one.name}", to.TaskProject(id=task.id, project=one.id))
        for one in page.items
        if one.id != task.project_id
    ]
    alone = not rows and not page.next and not page.previous
    return screen(
        t("move-nowhere" if alone else "move-where", ref=task.ref, title=task.title),
        *column(rows),
        pager(t, page, to.TaskProject(id=task.id)),
        [button(t.plain("button-new-project"), to.Open(what="newproject"))] if alone else None,
        tasks.back_to_more(t, task),
    )


def confirm(t: Translator, task: TaskCard, there: ProjectCard) -> Screen:
    """What the move means: another number, and other people who see the task."""
    clients = there.people.get(Role.CLIENT, [])
    key = "confirm-move-clients" if clients else "confirm-move"
    yes = to.TaskProject(id=task.id, project=there.id, sure=True)
    return screen(
        t(
            key,
            ref=task.ref,
            title=task.title,
            project=there.name,
            clients=clip(", ".join(clients), QUOTED),
        ),
        [button(t.plain("button-yes"), yes), button(t.plain("button-no"), to.Task(id=task.id))],
    )


def moved(t: Translator, actor: Actor, done: Moved) -> Screen:
    """The card, with the new number and who has lost the task."""
    shown = tasks.card(t, actor, done.task)
    if done.lost_assignee is not None:
        shown = shown.with_notice(t("moved-lost", name=done.lost_assignee))
    return shown.with_toast(t.plain("moved", ref=done.task.ref))
