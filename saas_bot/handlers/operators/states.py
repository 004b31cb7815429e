"""The questions that operators answer in words."""

from aiogram.fsm.state import State, StatesGroup


class OperatorWords(StatesGroup):
    """What came by bank, a value of a plan, and why an invoice is void."""

    transfer = State()
    plan = State()
    void = State()
