"""The steps of the dialogs in which files are sent."""

from aiogram.fsm.state import State, StatesGroup


class FilesFor(StatesGroup):
    """Files are sent to a place that is known, or wait until it is."""

    adding = State()
    placing = State()
