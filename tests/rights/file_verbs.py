"""The verbs about files that are there: finding, changing, giving out."""

from typing import Any

from saas_bot.domain.files import Rules
from saas_bot.domain.permissions import Permission as Right
from saas_bot.domain.task_flow import Status
from saas_bot.screens import callbacks as to
from saas_bot.services import files
from tests.rights.expected import Answer, Kind
from tests.rights.verbs import Verb, Way, given, press

SEE = (Right.FILE_DOWNLOAD,)
CHANGE = (Right.FILE_CHANGE,)
INSIDE = {"sees": (Right.INTERNAL_SEE,)}
CLOSES = {"archived": Answer.CONFLICT}


def of_file(name: str, needs: Any, service: Any, *ways: Way, more: Any = (), **rest: Any) -> Verb:
    """A verb on a file of a task that everybody may see."""
    rest.setdefault("shows", lambda _: "plan")
    return Verb(name, needs, Kind.TASK, service, lambda x: given(x.file, *more), ways, **rest)


def pressed(what: str, *then: Any) -> Way:
    """That button of the file's page, and these steps."""
    return lambda x: (to.File(id=x.file, what=what), *then)


FILES = [
    Verb(
        "list the files of a task",
        SEE,
        Kind.TASK,
        files.of_task,
        ways=(
            lambda x: (to.Files(task=x.id),),
            lambda x: (to.Files(task=x.id, review=1),),
            lambda x: (to.ReturnFiles(task=x.id, review=1),),
            lambda x: (to.CommentFiles(task=x.id, review=1),),
        ),
    ),
    Verb(
        "find files of a task by name",
        SEE,
        Kind.TASK,
        files.of_task,
        lambda x: given(x.id, named="plan"),
        (lambda x: (to.FindFiles(task=x.id), "plan"),),
        shows=lambda _: "plan",
    ),
    Verb(
        "leave the search in files",
        SEE,
        Kind.TASK,
        ways=(
            lambda x: (to.FindFiles(task=x.id), "/cancel"),
            lambda x: (to.FindFiles(task=x.id), to.Open(what="cancel")),
        ),
    ),
    Verb(
        "list the files of a project",
        SEE,
        Kind.PROJECT,
        files.of_project,
        ways=(
            lambda x: (to.ProjectFiles(project=x.id),),
            lambda x: (to.FindFiles(project=x.id), "/cancel"),
        ),
    ),
    of_file("see a file", SEE, files.get, pressed("")),
    Verb(
        "see an internal file",
        SEE,
        Kind.TASK,
        files.get,
        lambda x: given(x.hidden),
        (lambda x: (to.File(id=x.hidden),),),
        shows=lambda _: "between us",
        **INSIDE,
    ),
    of_file("download a file", SEE, files.fetch, pressed("get"), changes="audit_logs"),
    Verb(
        "download an internal file",
        SEE,
        Kind.TASK,
        files.fetch,
        lambda x: given(x.hidden),
        (lambda x: (to.File(id=x.hidden, what="get"),),),
        changes="audit_logs",
        **INSIDE,
    ),
    of_file(
        "have a file sent from the archive",
        SEE,
        files.send_from_storage,
        shows=lambda _: "None",
    ),
    of_file("make a link to a file", SEE, files.link, pressed("link"), changes="audit_logs"),
    of_file("ask for another name of a file", CHANGE, files.to_rename, **CLOSES),
    of_file(
        "rename a file",
        CHANGE,
        files.rename,
        pressed("name", "Other"),
        more=("Other", Rules()),
        changes="files",
        **CLOSES,
    ),
    of_file(
        "leave a file's name and come back",
        CHANGE,
        None,
        lambda x: (to.File(id=x.file, what="name"), "/cancel", to.File(id=x.file, what="name")),
        lambda x: (
            to.File(id=x.file, what="name"),
            to.Open(what="cancel"),
            to.File(id=x.file, what="name"),
        ),
        **CLOSES,
    ),
    Verb(
        "hide a file from clients",
        (*CHANGE, Right.INTERNAL_SEE),
        Kind.TASK,
        files.set_internal,
        lambda x: given(x.file, internal=True),
        (pressed("hide"),),
        changes="files",
        **CLOSES,
    ),
    Verb(
        "show a file to clients",
        CHANGE,
        Kind.TASK,
        files.set_internal,
        lambda x: given(x.hidden, internal=False),
        (lambda x: (to.File(id=x.hidden, what="show"),),),
        changes="files",
        **INSIDE,
        **CLOSES,
    ),
    of_file("ask whether to delete a file", CHANGE, files.to_delete, **CLOSES),
    of_file(
        "delete a file",
        CHANGE,
        files.remove,
        pressed("sure"),
        pressed("delete", press("fi:")),
        changes="files",
        **CLOSES,
    ),
    Verb(
        "delete a file of a submission",
        (*CHANGE, Right.EVIDENCE_DELETE),
        Kind.TASK,
        files.remove,
        lambda x: given(x.evidence),
        changes="files",
        states=(Status.REVIEW, Status.DONE),
        **CLOSES,
    ),
]
