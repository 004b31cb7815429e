"""The steps of writing a new task."""

from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup


class NewTask(StatesGroup):
    """Where the writing stands: the questions, and the draft shown whole."""

    project = State()
    line = State()
    draft = State()
    title = State()
    description = State()
    due_at = State()
    tags = State()
    choice = State()


PART = StateFilter(
    NewTask.project,
    NewTask.title,
    NewTask.description,
    NewTask.due_at,
    NewTask.tags,
    NewTask.choice,
)
"""The questions that are asked of a part of the draft, and lead back to it."""

NO_WORDS_ASKED = StateFilter(None, NewTask.project, NewTask.draft, NewTask.choice)
"""Nothing is asked that words would answer, so that a message may mean something of its own."""
