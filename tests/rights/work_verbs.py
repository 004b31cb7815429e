"""The verbs that change a task, and those that move it along."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from saas_bot.domain.permissions import Permission as Right
from saas_bot.domain.tags import TagEdit
from saas_bot.domain.task_flow import WAYS, Action, Status
from saas_bot.screens import callbacks as to
from saas_bot.services import tasks
from tests.bot.people import Person
from tests.bot.telegram import Json
from tests.rights.expected import Answer, Kind, Target
from tests.rights.verbs import Verb, asked, forwarded, given, press

OPEN_TASK = (Status.NEW, Status.IN_PROGRESS)
CLOSES = {"archived": Answer.CONFLICT}
FINDS = {"archived": Answer.AS_MISSING}


def editing(name: str, service: Any, args: Any, *ways: Any, **more: Any) -> Verb:
    more = {"changes": "tasks", "states": OPEN_TASK, **CLOSES, **more}
    return Verb(name, (Right.TASK_EDIT,), Kind.TASK, service, args, ways, **more)


def comment(x: Target, what: str) -> to.Comment:
    return to.Comment(id=x.id, comment=x.comment, what=what)


def deciding(x: Target, action: Action) -> to.TaskDecision:
    return to.TaskDecision(id=x.id, review=1, action=action)


def answering(x: Target) -> Callable[[Person], Json]:
    """A reply to a message of the bot about the task."""

    def reply(person: Person) -> Json:
        button = {"text": "Open", "callback_data": to.Task(id=x.id).pack()}
        shown = {**person.screen.as_json(), "reply_markup": {"inline_keyboard": [[button]]}}
        return person.writing("Looks good", reply_to_message=shown)

    return reply


def moving_on(action: Action, *ways: Any, words: str | None = None) -> Verb:
    return Verb(
        f"{action} a task",
        (WAYS[action].permission,),
        Kind.TASK,
        tasks.move,
        lambda x: given(x.id, action, words),
        ways,
        changes="tasks",
        states=WAYS[action].sources,
        **CLOSES,
    )


def part(field: str, value: Any, *ways: Any) -> Verb:
    return editing(f"edit {field}", tasks.change, lambda x: given(x.id, field, value), *ways)


EDITS = [
    part(
        "title",
        "Other",
        asked("title", "Other"),
        lambda x: (
            *asked("title", "Other " * 20)(x),
            to.TaskHistory(id=x.id),
            press("hc:"),
            *asked("title", "Other")(x),
        ),
    ),
    part("description", "Other", asked("description", "Other")),
    part(
        "priority",
        "urgent",
        asked("priority", press("ts:", but="•")),
        lambda x: (to.TaskSet(id=x.id, field="priority", value="urgent"),),
    ),
    part(
        "due_at",
        datetime(2099, 12, 31, tzinfo=UTC),
        asked("due_at", "tomorrow 15:00"),
        lambda x: (to.TaskSet(id=x.id, field="due_at", value="tomorrow"),),
    ),
    editing(
        "edit several parts",
        tasks.change_all,
        lambda x: given(x.id, {"title": "Other", "priority": "urgent"}),
    ),
    editing(
        "tag a task",
        tasks.retag,
        lambda x: given(x.id, TagEdit(added=("wet",))),
        asked("tags", "wet"),
        lambda x: (to.TaskTag(id=x.id, on=True, tag="wet"),),
        changes="task_tags",
    ),
    editing(
        "add to its checklist",
        tasks.add_items,
        lambda x: given(x.id, "Drain it"),
        asked("items", "Drain it"),
        changes="checklist_items",
    ),
    editing(
        "rename an item",
        tasks.rename_item,
        lambda x: given(x.id, x.item, "Drain it"),
        lambda x: (
            to.ChecklistItem(id=x.id, item=x.item),
            to.ChecklistItem(id=x.id, item=x.item, what="rename"),
            "Drain it",
        ),
        changes="checklist_items",
    ),
    editing(
        "move an item",
        tasks.move_item,
        lambda x: given(x.id, x.item, tasks.Way.DOWN),
        lambda x: (to.ChecklistItem(id=x.id, item=x.item, what="down"),),
        changes="checklist_items",
    ),
    editing(
        "remove an item",
        tasks.remove_item,
        lambda x: given(x.id, x.item),
        lambda x: (to.ChecklistItem(id=x.id, item=x.item, what="remove"),),
        changes="checklist_items",
    ),
    Verb(
        "tick an item",
        (Right.TASK_TICK,),
        Kind.TASK,
        tasks.tick,
        lambda x: given(x.id, x.item, done=True),
        (lambda x: (to.Tick(id=x.id, item=x.item, done=True),),),
        changes="checklist_items",
        states=OPEN_TASK,
        **CLOSES,
    ),
    Verb(
        "assign a task",
        (Right.TASK_ASSIGN,),
        Kind.TASK,
        tasks.assign,
        lambda x: given(x.id, x.heir),
        (
            lambda x: (to.TaskAssign(id=x.id), to.TaskAssign(id=x.id, user=x.heir)),
            lambda x: (to.TaskAssign(id=x.id, user=x.heir),),
        ),
        changes="tasks",
        states=OPEN_TASK,
        **CLOSES,
    ),
    Verb(
        "comment on a task",
        (Right.TASK_COMMENT,),
        Kind.TASK,
        tasks.comment,
        lambda x: given(x.id, "Hello"),
        (
            asked("comment", "Hello"),
            lambda x: (*asked("comment", "/cancel")(x), *asked("comment", "Hello")(x)),
            lambda x: (*asked("comment", to.Open(what="cancel"))(x), *asked("comment", "Hello")(x)),
        ),
        changes="comments",
        states=(Status.NEW, Status.DONE),
        **CLOSES,
    ),
    Verb(
        "comment internally",
        (Right.TASK_COMMENT, Right.INTERNAL_SEE),
        Kind.TASK,
        tasks.comment,
        lambda x: given(x.id, "Hello", internal=True),
        changes="comments",
        **CLOSES,
    ),
    Verb(
        "make what one says internal",
        (Right.TASK_COMMENT, Right.INTERNAL_SEE),
        Kind.TASK,
        ways=(asked("comment", to.Internal(on=True)),),
        refused_at=1,
        skips=lambda x: x.archived,
    ),
    Verb(
        "copy a task",
        (Right.TASK_CREATE,),
        Kind.TASK,
        tasks.copy,
        lambda x: given(x.id),
        (lambda x: (*asked("copy")(x), to.Confirm(what="copytask", id=x.id)),),
        changes="tasks",
        states=(Status.NEW, Status.DONE),
        tries=(tasks.to_copy,),
        **CLOSES,
    ),
    Verb(
        "edit a comment",
        (Right.COMMENT_EDIT,),
        Kind.TASK,
        tasks.edit_comment,
        lambda x: given(x.id, x.comment, "Otherwise"),
        (lambda x: (comment(x, "edit"), "Otherwise"),),
        changes="comments",
        states=(Status.NEW, Status.DONE),
        tries=(tasks.find_comment,),
        **CLOSES,
    ),
    Verb(
        "delete a comment",
        (Right.COMMENT_DELETE,),
        Kind.TASK,
        tasks.delete_comment,
        lambda x: given(x.id, x.comment),
        (
            lambda x: (comment(x, "delete"), comment(x, "sure")),
            lambda x: (comment(x, "sure"),),
        ),
        changes="comments",
        states=(Status.NEW, Status.DONE),
        **CLOSES,
    ),
    Verb(
        "comment with words that name a task, or answer what is said of it",
        (Right.TASK_COMMENT,),
        Kind.TASK,
        ways=(
            lambda x: (f"What about {x.ref}?", to.CommentWith(id=x.id)),
            lambda x: (answering(x), to.CommentWith(id=x.id)),
        ),
        changes="comments",
        skips=lambda x: x.archived,
    ),
    Verb(
        "comment internally with such words",
        (Right.TASK_COMMENT, Right.INTERNAL_SEE),
        Kind.TASK,
        ways=(lambda x: (f"What about {x.ref}?", to.CommentWith(id=x.id, internal=True)),),
        changes="comments",
        refused_at=1,
        skips=lambda x: x.archived,
    ),
    Verb(
        "comment with nothing but the number of a task",
        (Right.TASK_COMMENT,),
        Kind.TASK,
        ways=(lambda x: (*asked("comment")(x), x.ref, to.Answer(what="save")),),
        changes="comments",
        **CLOSES,
    ),
    Verb(
        "open the task that such an answer names",
        (Right.TASK_COMMENT,),
        Kind.TASK,
        ways=(lambda x: (*asked("comment")(x), x.ref, to.Answer(what="open")),),
        skips=lambda x: x.archived,
    ),
    Verb(
        "make a task of what was forwarded in place of an answer",
        (Right.TASK_COMMENT, Right.TASK_CREATE),
        Kind.TASK,
        ways=(asked("comment", forwarded, to.Answer(what="task")),),
        shows=lambda _: "",
        refused_at=2,
        skips=lambda x: x.archived or not x.in_project,
    ),
]


MOVES = [
    moving_on(Action.START, lambda x: (to.TaskMove(id=x.id, action=Action.START),)),
    moving_on(
        Action.SUBMIT,
        lambda x: (to.TaskMove(id=x.id, action=Action.SUBMIT), "Done"),
        lambda x: (to.TaskMove(id=x.id, action=Action.SUBMIT), to.Skip()),
        asked("submit", "Done"),
    ),
    moving_on(Action.ACCEPT, lambda x: (deciding(x, Action.ACCEPT),)),
    moving_on(
        Action.RETURN,
        lambda x: (deciding(x, Action.RETURN), "Not yet"),
        words="Not yet",
    ),
    moving_on(
        Action.CANCEL,
        lambda x: (
            to.TaskMove(id=x.id, action=Action.CANCEL),
            to.Confirm(what="canceltask", id=x.id),
        ),
        lambda x: (to.Confirm(what="canceltask", id=x.id),),
    ),
    moving_on(Action.REOPEN, lambda x: (to.TaskMove(id=x.id, action=Action.REOPEN),)),
]
