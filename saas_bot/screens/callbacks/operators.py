"""Buttons of those who run the deployment."""

from typing import Literal

from aiogram.filters.callback_data import CallbackData

from saas_bot.screens.callbacks.fields import At, Id


class OpOutbox(CallbackData, prefix="oo"):
    """The state of the outbox, a page of what was given up, or all of that to be sent again."""

    what: Literal["state", "dead", "all"]
    at: At = ""


class OpLetter(CallbackData, prefix="ol"):
    """One notification that was given up, to be sent after all or dropped."""

    id: Id
    what: Literal["retry", "drop"]
