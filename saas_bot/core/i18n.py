"""Texts in Russian and English, kept as Fluent messages in `saas_bot/locales/<language>/*.ftl`.

Texts are Telegram HTML. Whatever is put into one is escaped, unless it is `Markup` already, so that
a name can never become a tag; nor does an @name in one become a link.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor
from markupsafe import Markup, escape

LANGUAGES = ("en", "ru")
LOCALES = Path(__file__).parent.parent / "locales"

# A username has three letters at least. None is looked for within these elements, nor behind a
# letter or within an address.
_LINKED = re.compile(r"(<(a|code|pre)\b.*?</\2>)|(?<![\w/.=&?#%-])@(?=[A-Za-z0-9_]{3})", re.DOTALL)
_UNLINKED_AT = "@\N{WORD JOINER}"

# Places in the files are for editors; without them it takes half the time and memory.
_PARSER = FluentParser(with_spans=False)


def language_of(code: str | None) -> str:
    """The language to begin with for a Telegram `language_code` (IETF tag, may be absent)."""
    return "ru" if (code or "").lower().partition("-")[0] == "ru" else "en"


def unlinked(html: Markup) -> Markup:
    """The text without links made of the @names in it.

    People are called by name as well (`@Clara`), but Telegram takes every @name for a username
    (https://core.telegram.org/api/mentions), perhaps a stranger's. An invisible character behind
    the @ keeps it from that.
    """
    if "@" not in html:
        return html
    text = _LINKED.sub(lambda found: found[1] or _UNLINKED_AT, html)
    # What was markup stays so; what is put in is none.
    return Markup(text)  # noqa: S704  # nosec B704


class _Parameters(Visitor):
    """Collects the names of what is put into a text."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802
        self.found.add(node.id.name)


class Translator:
    """The texts of one language: `t("task-created", ref="WEB-1")`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._bundle = FluentBundle([language], use_isolating=False)
        for path in sorted((LOCALES / language).glob("*.ftl")):
            self._bundle.add_resource(_PARSER.parse(path.read_text(encoding="utf-8")))
        self._fixed: dict[str, Markup] = {}

    def __call__(self, key: str, /, **params: Any) -> Markup:
        """The text of `key` as HTML, with `params` escaped and put in.

        Raises:
            LookupError: there is no such text, or it asks for a parameter that was not given.
        """
        return unlinked(self._text(key, params))

    def plain(self, key: str, /, **params: Any) -> str:
        """The same as plain text, for buttons, toasts and commands, which take no HTML."""
        return self._text(key, params).unescape()

    def has(self, key: str) -> bool:
        """Whether there is a text of that key."""
        return self._bundle.has_message(key)

    def outline(self, key: str) -> Markup:
        """The text of `key` as HTML with … for each parameter, and so in its most general form.

        Raises:
            LookupError: there is no such text.
        """
        names = _Parameters()
        names.visit(self._bundle.get_message(key).value)
        return self(key, **dict.fromkeys(names.found, "…"))

    def _text(self, key: str, params: dict[str, Any]) -> Markup:
        if params:
            return self._format(key, params)
        fixed = self._fixed.get(key)
        if fixed is None:
            fixed = self._fixed[key] = self._format(key, {})
        return fixed

    def _format(self, key: str, params: dict[str, Any]) -> Markup:
        pattern = self._bundle.get_message(key).value
        if pattern is None:
            raise LookupError(key)
        safe = {name: _safe(value) for name, value in params.items()}
        text, problems = self._bundle.format_pattern(pattern, safe)
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
