"""Errors in words: what happened and what to do next."""

from markupsafe import Markup

from saas_bot.core.errors import AppError
from saas_bot.core.i18n import Translator
from saas_bot.screens.callbacks import Open
from saas_bot.screens.screen import Screen, button, screen


def error_text(t: Translator, error: AppError) -> Markup:
    """The text of an error; `error-<code>` in the locales."""
    return t(f"error-{error.code}", **error.params)


def error_screen(t: Translator, error: AppError, *, in_dialog: bool) -> Screen:
    """An error as a message: in a dialog one can try again, elsewhere go to the menu."""
    if in_dialog:
        return Screen(error_text(t, error), keeps_question=True)
    return _with_menu(t, error_text(t, error))


def apology(t: Translator, request: str) -> Screen:
    """What nobody expected: sorry, the code to tell us, and the way on."""
    return _with_menu(t, t("error-unexpected", request=request))


def _with_menu(t: Translator, text: str) -> Screen:
    return screen(text, [button(t.plain("button-menu"), Open(what="menu"))])
