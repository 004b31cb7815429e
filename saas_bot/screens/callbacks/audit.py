"""Buttons of the audit trail."""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from saas_bot.domain.trail import Area
from saas_bot.screens.callbacks.fields import At, OptionalId


class Audit(CallbackData, prefix="au"):
    """A page of what happened: by whom, about what, and in how many days, today the last of them;
    0 and nothing are no filter. With `pick` it is one of these to choose, and a page of people.
    """

    user: OptionalId = 0
    area: Area | None = None
    days: Annotated[int, Field(ge=0, le=99)] = 0
    pick: Annotated[str, Field(pattern="^(user|area|days)?$")] = ""
    at: At = ""

    @property
    def narrows(self) -> bool:
        """Whether something is left out."""
        return bool(self.user or self.area or self.days)
