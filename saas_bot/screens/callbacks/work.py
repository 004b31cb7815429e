"""Buttons of one task, and of one being written."""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from saas_bot.domain.limits import ITEMS, TAG
from saas_bot.domain.task_flow import Action
from saas_bot.screens.callbacks.fields import At, Id, OptionalId


class TaskProject(CallbackData, prefix="tp"):
    """The project to move a task to; 0 opens the choice, which `at` pages."""

    id: Id
    project: OptionalId = 0
    at: At = ""


class Task(CallbackData, prefix="t"):
    """One task."""

    id: Id


class TaskMove(CallbackData, prefix="tm"):
    """A step of a task along its flow, but for the two that decide a submission."""

    id: Id
    action: Action


class TaskDecision(CallbackData, prefix="td"):
    """To accept or to return the submission of that number, which the person has seen."""

    id: Id
    review: OptionalId
    action: Annotated[str, Field(pattern="^(accept|return)$")]


class TaskEdit(CallbackData, prefix="te"):
    """A part of a task to change (title, description, priority, due_at, tags, items, comment),
    to copy, or to read.

    To read there are text (the whole description), comments, reviews and history; `more` shows
    the buttons that the card has no room for.
    """

    id: Id
    field: Annotated[str, Field(max_length=12)]


class TaskComments(CallbackData, prefix="tc"):
    """A page of the comments of a task."""

    id: Id
    at: At = ""


class Comment(CallbackData, prefix="cm"):
    """A comment to edit or to delete; `sure` is the answer to the question that deleting asks."""

    id: Id
    comment: Id
    what: Annotated[str, Field(pattern="^(edit|delete|sure)$")]


class CommentWith(CallbackData, prefix="cw"):
    """Make the words that were written last a comment on a task."""

    id: Id
    internal: bool = False


class Answer(CallbackData, prefix="an"):
    """What to do with words that may be no answer: save them, open the task that they name, or
    begin a new task with them."""

    what: Annotated[str, Field(pattern="^(save|open|task)$")]


class TaskReviews(CallbackData, prefix="tv"):
    """A page of the submissions of a task."""

    id: Id
    at: At = ""


class TaskHistory(CallbackData, prefix="th"):
    """A page of the history of a task."""

    id: Id
    at: At = ""


class TaskChange(CallbackData, prefix="hc"):
    """A change in the history of a task: what a part was before, or became."""

    id: Id
    entry: Annotated[int, Field(ge=1, lt=2**63 - 1)]
    after: bool = False


class TaskSet(CallbackData, prefix="ts"):
    """A value chosen for a part of a task; for `due_at` the name of a preset."""

    id: Id
    field: Annotated[str, Field(max_length=12)]
    value: Annotated[str, Field(max_length=20)]


class TaskTag(CallbackData, prefix="tg"):
    """A tag to put on a task, or to take off it."""

    id: Id
    on: bool
    tag: Annotated[str, Field(min_length=1, max_length=TAG)]


class Checklist(CallbackData, prefix="cl"):
    """A page of the checklist of a task, to tick, or to change its items."""

    id: Id
    page: Annotated[int, Field(ge=0, lt=ITEMS)] = 0
    editing: bool = False


class Tick(CallbackData, prefix="ck"):
    """An item of a checklist: done, or to be done again."""

    id: Id
    item: Id
    done: bool


class ChecklistItem(CallbackData, prefix="ci"):
    """An item of a checklist to rename or to move; `what` removes it, or says where it goes."""

    id: Id
    item: Id
    what: Annotated[str, Field(max_length=6)] = ""


class TaskAssign(CallbackData, prefix="ta"):
    """Whom to give a task; 0 is nobody, -1 opens the choice, which `at` pages."""

    id: Id
    user: Annotated[int, Field(ge=-1, le=2**63 - 1)] = -1
    at: At = ""


class Draft(CallbackData, prefix="d"):
    """A part of the task being written to change, or what to do with it."""

    field: Annotated[str, Field(max_length=12)]
    value: Annotated[str, Field(max_length=33)] = ""
    at: At = ""


class Internal(CallbackData, prefix="in"):
    """Turn a comment that is being written into an internal one, or back."""

    on: bool


class Skip(CallbackData, prefix="sk"):
    """Go on without writing anything, where a dialog allows it."""
