"""The steps of the dialog about an existing task."""

from aiogram.fsm.state import State, StatesGroup


class TaskWords(StatesGroup):
    """The question; which one it is stands in the data as `what`."""

    asking = State()
