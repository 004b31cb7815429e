"""Errors in words: what happened and what to do next."""

from dataclasses import dataclass

from markupsafe import Markup

from saas_bot.core.errors import AppError
from saas_bot.core.i18n import Translator
from saas_bot.screens.callbacks import Open
from saas_bot.screens.formats import size, size_beyond
from saas_bot.screens.screen import Row, Screen, button, clip, screen

_SIZES = {"file-too-large": ("limit",), "limit-storage": ("used", "limit")}
"""Which parameters of an error are bytes."""

_NAME_SHOWN = 60


@dataclass(frozen=True, slots=True)
class _Way:
    """A button that leads on from an error: the key of its text, and where it leads."""

    text: str
    leads_to: Open


_SEARCH = _Way("button-search-again", Open(what="search"))
_WAYS = dict.fromkeys(("search-nothing", "search-no-word", "search-too-long"), _SEARCH)


def error_text(t: Translator, error: AppError) -> Markup:
    """The text of an error; `error-<code>` in the locales."""
    said = dict(error.params)
    for name in _SIZES.get(error.code, ()):
        said[name] = size(t, int(str(error.params[name])))
    if error.code == "file-too-large":
        count, limit = (int(str(error.params[name])) for name in ("size", "limit"))
        said["size"] = size_beyond(t, count, limit)
    if "name" in said and error.code.startswith(("file-", "limit-storage")):
        said["name"] = clip(str(said["name"]), _NAME_SHOWN)
    return t(f"error-{error.code}", **said)


def error_screen(t: Translator, error: AppError, *, in_dialog: bool) -> Screen:
    """An error as a message: in a dialog one can try again or leave, elsewhere go to the menu."""
    if in_dialog:
        return refusal(t, error_text(t, error))
    way = _WAYS.get(error.code)
    again = [button(t.plain(way.text), way.leads_to)] if way else None
    return screen(error_text(t, error), again, _menu(t))


def refusal(t: Translator, text: Markup) -> Screen:
    """What is wrong with an answer, below the question, which stays; and the way out of it.

    The button does what /cancel does at that step.
    """
    out = (button(t.plain("button-cancel"), Open(what="cancel")),)
    return Screen(text, (out,), keeps_question=True)


def apology(t: Translator, request: str) -> Screen:
    """What nobody expected: sorry, the code to tell us, and the way on."""
    return screen(t("error-unexpected", request=request), _menu(t))


def _menu(t: Translator) -> Row:
    return [button(t.plain("button-menu"), Open(what="menu"))]
