"""The verbs by which files come in."""

from collections.abc import Callable
from typing import Any

from aiogram.filters.callback_data import CallbackData

from saas_bot.domain.files import Incoming, Rules
from saas_bot.domain.files import Kind as Sort
from saas_bot.domain.permissions import Permission as Right
from saas_bot.domain.task_flow import Action, Status
from saas_bot.screens import callbacks as to
from saas_bot.services import files, tasks
from saas_bot.services.files import Place, announced
from saas_bot.storage import Promised
from tests.bot.people import Person
from tests.bot.rows import rows
from tests.bot.telegram import Json
from tests.rights.expected import Answer, Kind, Target
from tests.rights.verbs import Verb, asked, given

FILE = [Incoming(Sort.DOCUMENT, "one", "report.pdf", 1000)]
RULES = Rules()
PROMISED = Promised(1000, "0" * 64, "application/pdf")
ATTACH = (Right.TASK_ATTACH,)
INTERNAL = (Right.TASK_ATTACH, Right.INTERNAL_SEE)
CLOSES = {"archived": Answer.CONFLICT}
QUESTIONS = ("📎 Where do", "📁 Which project")
LATER: dict[str, Any] = {"skips": lambda x: x.archived, "refused_at": None}
"""An archived project is told of when the place is named, which is not at once."""


async def with_words(session: Any, actor: Any, task_id: int) -> Any:
    """A comment with a file."""
    task = await tasks.card(session, actor, task_id)
    return await files.comment_with(session, actor, task, "See this", FILE, RULES)


async def to_found(session: Any, actor: Any, task_id: int) -> Any:
    """A file for a task that was read before."""
    task = await tasks.card(session, actor, task_id)
    return await files.add_to(session, actor, task, FILE, RULES)


async def send_and_cancel(session: Any, actor: Any, task_id: int) -> Any:
    """Only what one has sent oneself can be given up, so it is sent first."""
    sent = await files.add(session, actor, Place(task_id), FILE, RULES)
    assert await files.names_of(session, actor, sent.upload_id) == []
    return await files.cancel(session, actor, sent.upload_id)


async def announce_and_bring(session: Any, actor: Any, task_id: int) -> Any:
    """A program announces a file, and asks where it stands."""
    one = await announced.announce(session, actor, Place(task_id), "report.pdf", PROMISED, RULES)
    return await announced.awaited(session, actor, one.id)


async def press_cancel(person: Person) -> Json:
    """The button of the progress line, which the worker sends."""
    newest = await rows(person.stage.database, "select coalesce(max(id), 1) from uploads")
    return person.pressing(to.CancelUpload(id=newest[0]).pack())


def file(**more: Any) -> Callable[[Person], Json]:
    """A document, sent."""
    return lambda person: person.filing(**more)


def named(x: Target) -> Callable[[Person], Json]:
    """One whose words begin with the number of the task."""
    return file(caption=f"{x.ref} here it is")


def for_task(x: Target) -> to.AddFiles:
    return to.AddFiles(task=x.id)


def for_project(x: Target) -> to.AddFiles:
    return to.AddFiles(project=x.id)


def left(step: CallbackData) -> Callable[[Person], Json]:
    """A button of the question where files go, which something else came after."""

    def press(person: Person) -> Json:
        asking = [one for one in person.messages if one.text.startswith(QUESTIONS)]
        assert asking
        return person.pressing(step.pack(), asking[-1])

    return press


def place(what: str, x: Target | None = None) -> to.PlaceFiles:
    return to.PlaceFiles(what=what, id=x.id if x else 0)


FILES_IN = [
    Verb(
        "attach a file to a task",
        ATTACH,
        Kind.TASK,
        files.add,
        lambda x: given(Place(x.id), FILE, RULES),
        (
            lambda x: (for_task(x), file()),
            lambda x: (for_task(x), "words", file(caption="See this")),
            asked("comment", file()),
            asked("comment", file(caption="See this")),
        ),
        changes="files",
        noted=False,
        **CLOSES,
    ),
    Verb(
        "attach a file to a task found before",
        ATTACH,
        Kind.TASK,
        to_found,
        changes="files",
        noted=False,
        tries=(files.add_to,),
        **CLOSES,
    ),
    Verb(
        "comment with a file",
        (Right.TASK_COMMENT, Right.TASK_ATTACH),
        Kind.TASK,
        with_words,
        changes="files",
        tries=(files.comment_with,),
        **CLOSES,
    ),
    Verb(
        "give up a file on its way",
        ATTACH,
        Kind.TASK,
        send_and_cancel,
        ways=(lambda x: (for_task(x), file(), press_cancel),),
        changes="uploads",
        tries=(files.cancel, files.names_of),
        **CLOSES,
    ),
    Verb(
        "announce a file for a task",
        ATTACH,
        Kind.TASK,
        announce_and_bring,
        changes="files",
        noted=False,
        tries=(announced.awaited,),
        **CLOSES,
    ),
    Verb(
        "announce a file for a project",
        ATTACH,
        Kind.PROJECT,
        announced.announce,
        lambda x: given(Place(project_id=x.id), "report.pdf", PROMISED, RULES),
        changes="files",
        noted=False,
        **CLOSES,
    ),
    Verb(
        "attach an internal file",
        INTERNAL,
        Kind.TASK,
        files.add,
        lambda x: given(Place(x.id, internal=True), FILE, RULES),
        changes="files",
        noted=False,
        **CLOSES,
    ),
    Verb(
        "attach a file to a project",
        ATTACH,
        Kind.PROJECT,
        files.add,
        lambda x: given(Place(project_id=x.id), FILE, RULES),
        (lambda x: (for_project(x), file()),),
        changes="files",
        noted=False,
        **CLOSES,
    ),
    Verb(
        "leave the question for files",
        ATTACH,
        Kind.TASK,
        ways=(lambda x: (for_task(x), "/cancel"), lambda x: (for_task(x), to.Open(what="cancel"))),
        **CLOSES,
    ),
    Verb(
        "send files that only the team sees",
        INTERNAL,
        Kind.TASK,
        ways=(lambda x: (for_task(x), to.Internal(on=True)),),
        refused_at=1,
        skips=lambda x: x.archived,
    ),
    Verb(
        "place a file that was sent",
        ATTACH,
        Kind.TASK,
        ways=(
            lambda x: (file(), place("task", x)),
            lambda x: (file(), file(), x.ref),
            lambda x: (named(x),),
        ),
        changes="files",
        **LATER,
    ),
    Verb(
        "place a file in a project",
        ATTACH,
        Kind.PROJECT,
        ways=(lambda x: (file(), place("project"), place("back"), place("project", x)),),
        changes="files",
        **LATER,
    ),
    Verb(
        "place a file within the team",
        INTERNAL,
        Kind.COMPANY,
        ways=(lambda _: (file(), to.Internal(on=True)),),
        refused_at=1,
        shows=lambda _: "Clients will not see them",
    ),
    Verb(
        "place a file that was left waiting",
        ATTACH,
        Kind.TASK,
        ways=(lambda x: (file(), "/menu", left(place("task", x))),),
        changes="files",
        **LATER,
    ),
    Verb(
        "place a file that was left waiting in a project",
        ATTACH,
        Kind.PROJECT,
        ways=(
            lambda x: (
                file(),
                "/menu",
                left(place("project")),
                "/menu",
                left(place("back")),
                "/menu",
                left(place("project", x)),
            ),
        ),
        changes="files",
        **LATER,
    ),
    Verb(
        "keep a file that was left waiting within the team",
        INTERNAL,
        Kind.COMPANY,
        ways=(lambda _: (file(), "/menu", left(to.Internal(on=True))),),
        refused_at=2,
        shows=lambda _: "Clients will not see them",
    ),
    Verb(
        "drop a file that was left waiting",
        ATTACH,
        Kind.COMPANY,
        ways=(lambda _: (file(), "/menu", left(to.Open(what="cancel"))),),
    ),
    Verb(
        "make a task of a file that was left waiting",
        (Right.TASK_CREATE,),
        Kind.PROJECT,
        ways=(
            lambda x: (
                file(),
                "/menu",
                left(place("new")),
                to.Draft(field="project", value=str(x.id)),
                to.Draft(field="create"),
            ),
        ),
        changes="tasks",
        skips=lambda x: x.archived or not x.in_project,
        refused_at=2,
    ),
    Verb(
        "make a task of a file",
        (Right.TASK_CREATE,),
        Kind.PROJECT,
        ways=(
            lambda x: (
                file(),
                place("new"),
                to.Draft(field="project", value=str(x.id)),
                to.Internal(on=True),
                to.Draft(field="create"),
                to.Draft(field="create"),
                f"/task {x.ref} Another",
                to.Draft(field="create"),
            ),
        ),
        changes="tasks",
        skips=lambda x: x.archived or not x.in_project,
        refused_at=1,
    ),
    Verb(
        "send a file with a task, and take it back",
        (Right.TASK_CREATE,),
        Kind.PROJECT,
        ways=(
            lambda x: (
                f"/task {x.ref} Mend it",
                file(),
                to.Draft(field="no-files"),
                to.Draft(field="create"),
            ),
        ),
        changes="tasks",
        skips=lambda x: x.archived or not x.in_project,
    ),
    Verb(
        "submit a task with a file",
        (Right.TASK_WORK,),
        Kind.TASK,
        ways=(
            lambda x: (to.TaskMove(id=x.id, action=Action.SUBMIT), file(caption="Done"), to.Skip()),
        ),
        changes="files",
        states=(Status.IN_PROGRESS,),
        **CLOSES,
    ),
]
