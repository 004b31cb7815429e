"""Buttons about signing in to the admin API, and the sessions that have come of it."""

from aiogram.filters.callback_data import CallbackData

from saas_bot.screens.callbacks.fields import At, Id


class LoginGiveUp(CallbackData, prefix="lx"):
    """One's code, to open nothing any more."""


class Sessions(CallbackData, prefix="se"):
    """A page of one's sessions."""

    at: At = ""


class SessionEnd(CallbackData, prefix="sx"):
    """A session to end: one of a list, or the one that a notification tells of."""

    id: Id
    listed: bool = False


class SessionsEnd(CallbackData, prefix="sy"):
    """All of one's sessions, to be ended: asked, then sure."""

    sure: bool = False
