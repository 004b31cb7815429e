"""Texts in Russian and English, kept as Fluent messages in `saas_bot/locales/<language>/*.ftl`.

Texts are Telegram HTML. Whatever is put into one is escaped, unless it is `Markup` already, so that
a name can never become a tag.
"""

from functools import cache
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource
from markupsafe import Markup, escape

LANGUAGES = ("en", "ru")
LOCALES = Path(__file__).parent.parent / "locales"


def language_of(code: str | None) -> str:
    """The language to begin with for a Telegram `language_code` (IETF tag, may be absent)."""
    return "ru" if (code or "").lower().partition("-")[0] == "ru" else "en"


class Translator:
    """The texts of one language: `t("task-created", ref="WEB-1")`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._bundle = FluentBundle([language], use_isolating=False)
        for path in sorted((LOCALES / language).glob("*.ftl")):
            self._bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
        self._fixed: dict[str, Markup] = {}

    def __call__(self, key: str, /, **params: Any) -> Markup:
        """The text of `key` as HTML, with `params` escaped and put in.

        Raises:
            LookupError: there is no such text, or it asks for a parameter that was not given.
        """
        if not params:
            fixed = self._fixed.get(key)
            if fixed is None:
                fixed = self._fixed[key] = self._format(key, {})
            return fixed
        return self._format(key, {name: _safe(value) for name, value in params.items()})

    def plain(self, key: str, /, **params: Any) -> str:
        """The same as plain text, for buttons, toasts and commands, which take no HTML."""
        return self(key, **params).unescape()

    def has(self, key: str) -> bool:
        """Whether there is a text of that key."""
        return self._bundle.has_message(key)

    def _format(self, key: str, params: dict[str, Any]) -> Markup:
        pattern = self._bundle.get_message(key).value
        if pattern is None:
            raise LookupError(key)
        text, problems = self._bundle.format_pattern(pattern, params)
        if problems:
            raise LookupError(f"{key}: {problems[0]}")
        # Every parameter was escaped on its way in.
        return Markup(text)  # noqa: S704  # nosec B704


@cache
def translator(language: str) -> Translator:
    """The one translator of a language; an unknown language gets English."""
    return Translator(language if language in LANGUAGES else "en")


def _safe(value: Any) -> Any:
    if isinstance(value, bool | int | float):
        return value
    return str(escape(value))
