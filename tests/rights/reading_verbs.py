"""The verbs that read tasks: one of them, lists, the board, the search."""

from typing import Any

from saas_bot.domain.permissions import Permission as Right
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Status
from saas_bot.domain.task_lists import View
from saas_bot.screens import callbacks as to
from saas_bot.services import mutes, search, tasks
from saas_bot.services.tasks import choices, moving
from tests.rights.expected import Answer, Kind
from tests.rights.verbs import Verb, asked, given, press

FINDS = {"archived": Answer.AS_MISSING}


def reading(name: str, service: Any, *ways: Any, **more: Any) -> Verb:
    return Verb(name, (Right.TASK_SEE,), Kind.TASK, service, ways=ways, **more)


def listed(name: str, view: View, permission: Right, *ways: Any) -> Verb:
    return Verb(
        name,
        (permission,),
        Kind.COMPANY,
        tasks.page,
        lambda _: given(view),
        ways,
        shows=lambda _: "Pump",
    )


READ = [
    reading(
        "see a task",
        tasks.card,
        lambda x: (to.Task(id=x.id),),
        lambda x: (to.ListedTask(id=x.id, view=View.OPEN),),
        lambda x: (to.FoundTask(id=x.id, search=1),),
        states=tuple(Status),
    ),
    reading(
        "see a task by its number",
        moving.by_ref,
        lambda x: (x.ref,),
        lambda x: (x.ref.replace("-", " "),),
        lambda x: (f"{x.ref}, please",),
        lambda x: (f"/search {x.ref}",),
        args=lambda x: given(x.ref.split("-")[0], int(x.ref.split("-")[1])),
    ),
    reading("read all of its text", None, asked("text"), shows=lambda x: x.word),
    reading(
        "read its comments",
        tasks.comments,
        asked("comments"),
        lambda x: (to.TaskComments(id=x.id),),
    ),
    reading(
        "read its submissions",
        tasks.reviews,
        asked("reviews"),
        lambda x: (to.TaskReviews(id=x.id),),
        states=(Status.REVIEW,),
    ),
    reading(
        "read its history",
        tasks.history,
        asked("history"),
        lambda x: (to.TaskHistory(id=x.id),),
    ),
    reading(
        "mute it",
        mutes.mute_task,
        lambda x: (to.MuteTask(id=x.id, on=True),),
        args=lambda x: given(x.id, on=True),
        changes="mutes",
        noted=False,
    ),
    reading(
        "see its checklist",
        tasks.checklist,
        asked("checklist"),
        lambda x: (to.Checklist(id=x.id),),
    ),
    reading(
        "search for it",
        search.page,
        lambda x: (f"/search {x.word}",),
        lambda x: (to.Open(what="search"), x.word),
        args=lambda x: given(x.word),
    ),
    reading(
        "search for what is internal",
        search.page,
        lambda x: (f"/search {x.secret}",),
        args=lambda x: given(x.secret),
        sees=(Right.INTERNAL_SEE,),
    ),
    listed(
        "list open tasks",
        View.OPEN,
        Right.TASK_SEE,
        lambda _: (to.Tasks(view=View.OPEN),),
        lambda _: ("/tasks",),
        lambda _: (to.Open(what="tasks"),),
    ),
    listed("list what they wrote", View.CREATED, Right.TASK_SEE),
    listed(
        "list what is to be decided",
        View.REVIEW,
        Right.REVIEW_DECIDE,
        lambda _: (to.Tasks(view=View.REVIEW),),
        lambda _: ("/approvals",),
        lambda _: (to.Open(what="approvals"),),
    ),
    Verb(
        "list the tasks of a project",
        (Right.TASK_SEE,),
        Kind.PROJECT,
        tasks.page,
        lambda x: given(View.OPEN, project_id=x.id),
        (lambda x: (to.Tasks(view=View.OPEN, project=x.id),),),
        shows=lambda x: x.name[:4],
        sees=(Right.TASK_SEE,),
        **FINDS,
    ),
    Verb(
        "see the board",
        (Right.TASK_SEE,),
        Kind.COMPANY,
        tasks.board,
        lambda _: given(),
        (lambda _: ("/board",), lambda _: (to.Open(what="board"),), lambda _: (to.Board(),)),
        shows=lambda _: "Pump",
    ),
    Verb(
        "see the board of a project",
        (Right.TASK_SEE,),
        Kind.PROJECT,
        tasks.board,
        lambda x: given(project_id=x.id),
        (lambda x: (to.Board(project=x.id),),),
        shows=lambda x: x.name[:4],
        sees=(Right.TASK_SEE,),
        **FINDS,
    ),
    Verb(
        "filter by a project",
        (Right.TASK_SEE,),
        Kind.PROJECT,
        choices.project,
        lambda x: given(x.id),
        (lambda x: (to.Filter(view=View.OPEN, what="project", value=str(x.id)),),),
        shows=lambda x: x.ref,
        sees=(Right.TASK_SEE,),
        **FINDS,
    ),
    Verb(
        "list whom to filter by",
        (Right.TASK_SEE,),
        Kind.COMPANY,
        choices.people,
        lambda _: given(),
        (lambda _: (to.Filter(view=View.OPEN, what="assignee"),),),
        shows=lambda _: "",
    ),
    Verb(
        "filter by a person",
        (Right.TASK_SEE,),
        Kind.MEMBER,
        choices.person,
        lambda x: given(x.id),
        (lambda x: (to.Filter(view=View.OPEN, what="assignee", value=str(x.id)),),),
        states=("active",),
        skips=lambda x: x.role is Role.CLIENT,
    ),
    Verb(
        "see the tags in use",
        (Right.TASK_SEE,),
        Kind.COMPANY,
        tasks.frequent,
        lambda _: given(),
        (lambda _: (to.Filter(view=View.OPEN, what="tag"),),),
        shows=lambda _: "pump",
    ),
    Verb(
        "see and clear the filter",
        (Right.TASK_SEE,),
        Kind.COMPANY,
        ways=(
            lambda _: (to.Filter(view=View.OPEN),),
            lambda _: (
                to.Filter(view=View.OPEN, what="priority", value="normal"),
                to.Filter(view=View.OPEN, what="clear"),
            ),
        ),
        shows=lambda _: "",
    ),
    Verb(
        "page what was found",
        (Right.TASK_SEE,),
        Kind.COMPANY,
        ways=(lambda _: ("/search look", to.Open(what="search"), "look", press("sf:")),),
        shows=lambda _: "task",
    ),
]
