"""Buttons about notifications: which ones come, and when; and those on each of them."""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from saas_bot.domain.events import Event, Later
from saas_bot.screens.callbacks.fields import At, Id

Hour = Annotated[int, Field(ge=0, le=23)]


class TellOf(CallbackData, prefix="ne"):
    """An event to be told of from now on, or no more."""

    event: Event
    on: bool


class Quiet(CallbackData, prefix="qh"):
    """The hours at which quiet hours begin and end; the first one missing is asked for."""

    start: Hour | None = None
    end: Hour | None = None


class MuteTask(CallbackData, prefix="mt"):
    """Mute a task, or hear of it again."""

    id: Id
    on: bool


class MuteProject(CallbackData, prefix="mj"):
    """Mute a project with all its tasks, or hear of it again."""

    id: Id
    on: bool


class Mutes(CallbackData, prefix="mu"):
    """A page of what one has muted."""

    at: At = ""


class Unmute(CallbackData, prefix="um"):
    """An entry of that list to hear of again."""

    id: Id
    at: At = ""


class Snooze(CallbackData, prefix="sz"):
    """A notification to send again later."""

    id: Id
    later: Later


class Unsnooze(CallbackData, prefix="uz"):
    """A notification not to send again after all."""

    id: Id
