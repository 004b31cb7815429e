"""Texts as HTML and as plain text, and the two catalogues side by side."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent
from fluent.syntax.visitor import Visitor

from saas_bot.core.i18n import LANGUAGES, LOCALES, translator
from saas_bot.core.middlewares.answers import TOAST_LIMIT
from saas_bot.domain.task_flow import Action
from saas_bot.sandbox.html_entities import parse_html
from saas_bot.sandbox.limits import COMMAND_DESCRIPTION_MAX

PLURALS = {"en": {"one", "other"}, "ru": {"one", "few", "many"}}
"""The categories that counting needs (CLDR plural rules; of fractions we tell none)."""
COUNTING = {"zero", "one", "two", "few", "many"}
MOVES = {f"move-{action}" for action in Action}
BUTTON_SHOWN = 32
"""Characters of a button that stands alone in its row, as a phone of 360 pixels shows them."""


@dataclass
class Text:
    """A message or a term: its parameters, attributes, and the keys of its choices."""

    parameters: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    choices: list[frozenset[str]] = field(default_factory=list)


class _Reader(Visitor):
    def __init__(self, text: Text) -> None:
        self.text = text

    def visit_VariableReference(self, node: fluent.VariableReference) -> None:  # noqa: N802
        self.text.parameters.add(node.id.name)

    def visit_Attribute(self, node: fluent.Attribute) -> None:  # noqa: N802
        self.text.attributes.add(node.id.name)
        self.generic_visit(node)

    def visit_SelectExpression(self, node: fluent.SelectExpression) -> None:  # noqa: N802
        keys = (one.key for one in node.variants)
        self.text.choices.append(
            frozenset(key.name if isinstance(key, fluent.Identifier) else key.value for key in keys)
        )
        self.generic_visit(node)


def _entries(language: str) -> Iterator[tuple[str, Text]]:
    for path in sorted((LOCALES / language).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            if isinstance(entry, fluent.Message | fluent.Term):
                text = Text()
                _Reader(text).visit(entry)
                term = "-" if isinstance(entry, fluent.Term) else ""
                yield f"{path.name}: {term}{entry.id.name}", text


@cache
def _catalogue(language: str) -> dict[str, Text]:
    return dict(_entries(language))


def _is_plural(choice: frozenset[str]) -> bool:
    return bool(choice & COUNTING)


def test_what_is_put_into_a_text_is_never_markup():
    text = translator("en")("notify-attached", project="<b>&lt;i&gt;</b>")
    assert "<b>&lt;b&gt;&amp;lt;i&amp;gt;&lt;/b&gt;</b>" in text


def test_a_plain_text_says_what_was_put_into_it_and_nothing_else():
    assert (
        translator("en").plain("switched", company="&lt;i&gt; & <Co>").endswith("&lt;i&gt; & <Co>.")
    )


def test_each_text_and_term_stands_in_the_same_file_of_both_languages():
    assert set(_catalogue("en")) ^ set(_catalogue("ru")) == set()
    assert len(_catalogue("en")) > 400


def test_both_have_the_same_parameters_attributes_and_choices():
    different = {}
    for name, english in _catalogue("en").items():
        russian = _catalogue("ru")[name]
        for part in ("parameters", "attributes"):
            if getattr(english, part) != getattr(russian, part):
                different[name] = (english, russian)
        others = [
            {one for one in each.choices if not _is_plural(one)} for each in (english, russian)
        ]
        if others[0] != others[1]:
            different[name] = (english, russian)
    assert different == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_counted_has_every_plural_of_the_language(language):
    short = {
        name: choice
        for name, text in _catalogue(language).items()
        for choice in text.choices
        if _is_plural(choice) and not PLURALS[language] <= choice
    }
    assert short == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_html_that_telegram_takes_whatever_is_put_in(language):
    t = translator(language)
    for name, text in _catalogue(language).items():
        key = name.partition(": ")[2]
        for value in (1, 2, 5, 21, "x", '<b>&"'):
            html = t(key, **dict.fromkeys(text.parameters, value))
            plain, _ = parse_html(html)
            assert plain.strip(), key
            assert "{" not in plain or "$" not in plain, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_toasts_and_commands_are_plain_and_short(language):
    t = translator(language)
    for name, text in _catalogue(language).items():
        key = name.partition(": ")[2]
        said = t(key, **dict.fromkeys(text.parameters, "X"))
        if key.startswith(("button-", "view-", "period-")) or key in MOVES:
            assert "<" not in said, key
            assert len(said.unescape()) <= BUTTON_SHOWN, key
        if key.startswith("command-"):
            assert 3 <= len(said) <= COMMAND_DESCRIPTION_MAX, key
        if key.startswith("done-"):
            assert len(said) <= TOAST_LIMIT, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_stray_spaces_or_straight_apostrophes(language):
    wrong = []
    for path in sorted((LOCALES / language).glob("*.ftl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            words = re.sub(r"<code>.*?</code>|<i>.*?</i>", "…", line)
            if re.search(r"\S  |\s$|\w'\w", words) or (language == "ru" and "..." in words):
                wrong.append(f"{path.name}:{number} {line}")
    assert wrong == []
