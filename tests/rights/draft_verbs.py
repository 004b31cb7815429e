"""The verbs that lead to a new task, and to another place or person for one."""

from saas_bot.domain.permissions import Permission as Right
from saas_bot.screens import callbacks as to
from saas_bot.services import assignees, handover, projects, tasks
from saas_bot.services.tasks import Draft
from tests.rights.expected import Answer, Kind, Target
from tests.rights.verbs import Verb, forwarded, given, press

CLOSES = {"archived": Answer.CONFLICT}
FINDS = {"archived": Answer.AS_MISSING}


def draft_of(x: Target) -> Draft:
    return Draft(project_id=x.id, title="Mend it", tags=("new",))


DRAFTED = to.Draft(field="create")
PARTS = (
    to.Draft(field="description"),
    "All of it",
    to.Draft(field="title"),
    "Mend it well",
    to.Draft(field="due_at"),
    "tomorrow 15:00",
    to.Draft(field="tags"),
    "wet",
    to.Draft(field="tag", value="-wet"),
    to.Draft(field="priority", value="high"),
    to.Draft(field="assignee"),
    "nobody",
    press("d:assignee:"),
    to.Draft(field="title"),
    "/cancel",
    to.Draft(field="title"),
    to.Open(what="cancel"),
    to.Draft(field="project"),
    "anything",
    to.Draft(field="more"),
    to.Draft(field="show"),
)
"""Every part of a draft, changed."""

CREATION = [
    Verb(
        "create a task in a project",
        (Right.TASK_CREATE,),
        Kind.PROJECT,
        tasks.create,
        lambda x: given(draft_of(x)),
        (lambda x: (to.Draft(field="project", value=str(x.id)), "Mend it #new", DRAFTED),),
        changes="tasks",
        **FINDS,
    ),
    Verb(
        "create a task from scratch",
        (Right.TASK_CREATE,),
        Kind.COMPANY,
        ways=(
            lambda _: ("/newtask", press("d:project:"), "Mend it", DRAFTED),
            lambda _: (to.Open(what="newtask"), press("d:project:"), "Mend it", DRAFTED),
            lambda _: ("/task WEB Mend it tomorrow", DRAFTED),
            lambda _: ("/task WEB Mend it", *PARTS, DRAFTED),
            lambda _: ("/task WEB Mend it", "/menu", to.Draft(field="go_on"), DRAFTED),
        ),
        changes="tasks",
    ),
    Verb(
        "make a task of what was forwarded",
        (Right.TASK_CREATE,),
        Kind.COMPANY,
        ways=(lambda _: (forwarded, press("d:project:"), DRAFTED),),
        changes="tasks",
        refused_at=None,
    ),
    Verb(
        "find a project to create in",
        (Right.TASK_CREATE,),
        Kind.PROJECT,
        projects.find,
        lambda x: given(Right.TASK_CREATE, project_id=x.id),
        **FINDS,
    ),
    Verb(
        "find a project to create in by its key",
        (Right.TASK_CREATE,),
        Kind.PROJECT,
        projects.find,
        lambda x: given(Right.TASK_CREATE, key=x.ref),
        **FINDS,
    ),
    Verb(
        "list whom to assign in a project",
        (Right.TASK_ASSIGN,),
        Kind.PROJECT,
        assignees.page,
        lambda x: given(x.id),
        shows=lambda _: "Ada",
    ),
    Verb(
        "get offers for a draft",
        (Right.TASK_CREATE,),
        Kind.PROJECT,
        tasks.offers,
        lambda x: given(x.id, "walt"),
        shows=lambda _: "Ada",
    ),
    Verb(
        "give a draft to someone",
        (Right.TASK_CREATE,),
        Kind.PROJECT,
        tasks.worker,
        lambda x: given(x.id, x.heir),
        shows=lambda _: "Alan",
    ),
    Verb(
        "list who may take tasks over",
        (Right.TASK_ASSIGN,),
        Kind.MEMBER,
        handover.heirs,
        lambda x: given(handover.Loss(x.id)),
        everywhere=(Right.TASK_ASSIGN,),
        states=("active",),
        shows=lambda _: "",
    ),
    Verb(
        "move a task elsewhere",
        (Right.PROJECT_MANAGE,),
        Kind.TASK,
        tasks.move_to,
        lambda x: given(x.id, x.away),
        (
            lambda x: (
                to.TaskProject(id=x.id),
                to.TaskProject(id=x.id, project=x.away),
            ),
            lambda x: (to.TaskProject(id=x.id, project=x.away),),
        ),
        changes="tasks",
        **CLOSES,
    ),
]
