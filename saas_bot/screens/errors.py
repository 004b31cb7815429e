"""Errors in words: what happened and what to do next."""

from dataclasses import dataclass, replace

from markupsafe import Markup

from saas_bot.core.errors import AppError, LimitReached
from saas_bot.core.i18n import Translator
from saas_bot.screens.callbacks import Open
from saas_bot.screens.formats import size, size_beyond
from saas_bot.screens.screen import Row, Screen, button, clip_name, plain, screen

_SIZES = {"file-too-large": ("limit",), "limit-storage": ("used", "limit", "free")}
"""Which parameters of an error are bytes."""

_NAME_SHOWN = 60


@dataclass(frozen=True, slots=True)
class _Way:
    """A button that leads on from an error: the key of its text, and where it leads."""

    text: str
    leads_to: Open


_SEARCH = _Way("button-search-again", Open(what="search"))
_PLAN = _Way("button-plan", Open(what="plan"))
_WAYS = dict.fromkeys(("search-nothing", "search-no-word", "search-too-long"), _SEARCH)


def error_text(t: Translator, error: AppError, kind: str = "error", **more: str) -> Markup:
    """The text of an error, `<kind>-<code>` in the locales; `more` is what that says besides."""
    said = {"who": "other"} | error.params | more
    for name in _SIZES.get(error.code, ()):
        said[name] = size(t, int(str(error.params[name])))
    if error.code == "file-too-large":
        count, limit = (int(str(error.params[name])) for name in ("size", "limit"))
        said["size"] = size_beyond(t, count, limit)
    if error.code == "limit-storage":
        count, free = (int(str(error.params[name])) for name in ("size", "free"))
        alike = free and size(t, count) == said["free"]
        said["size"] = size_beyond(t, count, free) if alike else size(t, count)
    if "name" in said and error.code.startswith(("file-", "limit-storage")):
        said["name"] = clip_name(str(said["name"]), _NAME_SHOWN)
    return t(f"{kind}-{error.code}", **said)


def error_plain(t: Translator, error: AppError, **more: str) -> str:
    """The same without HTML, for an alert or a toast."""
    return plain(error_text(t, error, **more))


def error_screen(t: Translator, error: AppError, *, in_dialog: bool, who: str = "other") -> Screen:
    """An error as a message: in a dialog one can try again or leave, elsewhere go to the menu.

    `who` is `admin` for those who can do something about a limit of the plan.
    """
    beyond = isinstance(error, LimitReached) and who == "admin"
    way = _PLAN if beyond else _WAYS.get(error.code)
    said = error_text(t, error, who=who)
    onward = [button(t.plain(way.text), way.leads_to)] if way else []
    if in_dialog:
        return refusal(t, said, onward)
    return screen(said, onward, menu(t))


def refusal(t: Translator, text: Markup, onward: Row = ()) -> Screen:
    """What is wrong with an answer, below the question, which stays; and the way out of it.

    The button does what /cancel does at that step.
    """
    out = (button(t.plain("button-cancel"), Open(what="cancel")),)
    return replace(screen(text, onward, out), keeps_question=True)


def apology(t: Translator, request: str) -> Screen:
    """What nobody expected: sorry, the code to tell us, and the way on."""
    return screen(t("error-unexpected", request=request), menu(t))


def later(t: Translator) -> Screen:
    """What can't be done now is done later, without the person."""
    return screen(t("error-done-later"))


def menu(t: Translator) -> Row:
    """The way to everything else."""
    return [button(t.plain("button-menu"), Open(what="menu"))]
