"""Errors in words: what happened and what to do next."""

from dataclasses import dataclass

from markupsafe import Markup

from saas_bot.core.errors import AppError
from saas_bot.core.i18n import Translator
from saas_bot.screens.callbacks import Open
from saas_bot.screens.formats import size
from saas_bot.screens.screen import Row, Screen, button, clip, screen

_SIZES = {"file-too-large": ("size", "limit"), "limit-storage": ("used", "limit")}
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
        said[name] = size(t, int(str(said[name])))
    if error.code.startswith("file-") and "name" in said:
        said["name"] = clip(str(said["name"]), _NAME_SHOWN)
    return t(f"error-{error.code}", **said)


def error_screen(t: Translator, error: AppError, *, in_dialog: bool) -> Screen:
    """An error as a message: in a dialog one can try again, elsewhere go to the menu."""
    if in_dialog:
        return Screen(error_text(t, error), keeps_question=True)
    way = _WAYS.get(error.code)
    again = [button(t.plain(way.text), way.leads_to)] if way else None
    return screen(error_text(t, error), again, _menu(t))


def apology(t: Translator, request: str) -> Screen:
    """What nobody expected: sorry, the code to tell us, and the way on."""
    return screen(t("error-unexpected", request=request), _menu(t))


def _menu(t: Translator) -> Row:
    return [button(t.plain("button-menu"), Open(what="menu"))]
