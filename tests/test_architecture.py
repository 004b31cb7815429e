"""The rules of architecture.md, held against the code as it is."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from aiogram import Router
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent
from fluent.syntax.visitor import Visitor

from saas_bot.core.middlewares.access import FLAG, Access
from saas_bot.handlers import build_dispatcher
from tests.environment import ROOT

PACKAGE = ROOT / "saas_bot"
SOURCES = sorted(PACKAGE.rglob("*.py"))
LANGUAGES = ("en", "ru")

LONGEST_FILE = 400
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc"}
ERRORS = {"AppError", "Forbidden", "NotFound", "Conflict", "LimitReached", "Invalid"}


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_go_the_ways_that_the_contracts_allow():
    # A process of its own: within this one it would switch off the loggers that exist already.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_file_is_longer_than_four_hundred_lines():
    lengths = {_name(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_module_has_a_name_that_says_nothing():
    assert [_name(path) for path in SOURCES if {path.stem, path.parent.name} & VAGUE] == []


def _public(tree: ast.Module) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in tree.body:
        named = isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if named and not node.name.startswith("_"):
            yield node


def test_everything_public_says_what_it_is_for():
    silent = [
        f"{_name(path)}:{node.lineno} {node.name}"
        for path, tree in trees().items()
        for node in _public(tree)
        if not ast.get_docstring(node)
    ]
    assert silent == []
    assert [_name(path) for path, tree in trees().items() if not ast.get_docstring(tree)] == []


# Texts


class _Placeholders(Visitor):
    """Collects the parameters of a text."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: fluent.VariableReference) -> None:  # noqa: N802
        self.names.add(node.id.name)


@cache
def _texts(language: str) -> tuple[dict[str, set[str]], list[str]]:
    """The keys of a language with their placeholders, and whatever is wrong with its files."""
    texts: dict[str, set[str]] = {}
    wrong: list[str] = []
    for path in sorted((PACKAGE / "locales" / language).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            if isinstance(entry, fluent.Junk):
                wrong.append(f"{path.name}: {entry.content.strip()[:60]}")
            if isinstance(entry, fluent.Message):
                if entry.id.name in texts:
                    wrong.append(f"{path.name}: {entry.id.name} twice")
                found = _Placeholders()
                found.visit(entry)
                texts[entry.id.name] = found.names
    return texts, wrong


def _keys(language: str) -> dict[str, set[str]]:
    return _texts(language)[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_of_a_language_can_all_be_read(language):
    texts, wrong = _texts(language)
    assert wrong == []
    assert len(texts) > 100


def test_both_languages_have_the_same_texts():
    assert set(_keys("en")) ^ set(_keys("ru")) == set()


def test_a_text_has_the_same_parameters_in_both_languages():
    different = {
        key: (names, _keys("ru").get(key))
        for key, names in _keys("en").items()
        if names != _keys("ru").get(key)
    }
    assert different == {}


def _calls(*, of: set[str]) -> Iterator[tuple[str, ast.expr]]:
    """Where, and the first argument of each call of these names; `t.plain` is a call of `t` too."""
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr == "plain":
                called = called.value
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in of:
                yield f"{_name(path)}:{node.lineno}", node.args[0]


def _missing(prefix: str, calls: Iterator[tuple[str, ast.expr]]) -> list[str]:
    """The calls whose key has no text; of an f-string, what comes before its first value counts."""
    missing = []
    for where, key in calls:
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            if prefix + key.value not in _keys("en"):
                missing.append(f"{where} {key.value}")
        elif isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant):
            start = f"{prefix}{key.values[0].value}"
            if not any(text.startswith(start) for text in _keys("en")):
                missing.append(f"{where} {start}...")
    return missing


def test_every_text_that_is_asked_for_exists():
    calls = list(_calls(of={"t"}))
    assert len(calls) > 50, "the calls of t(...) were not found"
    assert _missing("", iter(calls)) == []


def test_every_error_has_a_text():
    calls = list(_calls(of=ERRORS))
    assert len(calls) > 30, "the raised errors were not found"
    assert _missing("error-", iter(calls)) == []
    assert {f"error-limit-{what}" for what in ("seats", "projects")} <= set(_keys("en"))


# Handlers


def _routers(router: Router) -> Iterator[Router]:
    yield router
    for inner in router.sub_routers:
        yield from _routers(inner)


async def test_every_handler_declares_the_permission_it_needs(settings, database, redis):
    dispatcher = build_dispatcher(settings=settings, database=database, redis=redis)
    handlers = [
        (name, handler)
        for router in _routers(dispatcher)
        for name, observer in router.observers.items()
        if name != "update"  # the dispatcher's own way in
        for handler in observer.handlers
    ]
    assert len(handlers) > 20
    undeclared = [
        f"{name}: {handler.callback.__module__}.{handler.callback.__name__}"
        for name, handler in handlers
        if not isinstance(handler.flags.get(FLAG), Access)
    ]
    assert undeclared == []
