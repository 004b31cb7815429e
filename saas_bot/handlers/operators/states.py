"""The questions that operators answer in words."""

from aiogram.fsm.state import State, StatesGroup


class OperatorWords(StatesGroup):
    """What came by bank, and a value of a plan."""

    transfer = State()
    plan = State()
