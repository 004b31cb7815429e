"""docs/sandbox.md: its rules name sources and tests that exist, and its examples work."""

from __future__ import annotations

import ast
import inspect
import re
import shlex

import pytest
from aiohttp import FormData

from tests.environment import ROOT
from tests.sandbox.conftest import Running
from tests.sandbox.second_bot import at_work

PAGE = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")
RULES = PAGE[PAGE.index("## What it holds a bot to") : PAGE.index("## Where it is unlike")]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in RULES.splitlines()
    if line.startswith("| ") and not line.startswith(("| ---", "| Rule", "| Promise"))
]
NAMED = re.compile(r"`(test_\w+)::(test_\w+)`")
BASE = "http://127.0.0.1:8081"


def _tests_of(module: str) -> set[str]:
    source = (ROOT / "tests" / "sandbox" / f"{module}.py").read_text(encoding="utf-8")
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.parse(source).body if isinstance(node, functions)}


@pytest.mark.parametrize("row", [pytest.param(row, id=row[0][:40]) for row in ROWS])
def test_a_rule_names_its_source_and_tests_that_exist(row: list[str]) -> None:
    rule, source, tests = row
    assert rule
    assert source
    named = NAMED.findall(tests)
    assert ", ".join(f"`{module}::{test}`" for module, test in named) == tests
    for module, test in named:
        assert test in _tests_of(module), f"{module}::{test}"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


async def test_the_requests_shown_work(running: Running) -> None:
    count = 0
    for line in "".join(blocks("sh")).splitlines():
        command, *words = shlex.split(line)
        assert command == "curl"
        method, data, form, url = "GET", None, FormData(default_to_multipart=True), ""
        while words:
            word = words.pop(0)
            if word == "-X":
                method = words.pop(0)
            elif word == "-d":
                method = "POST" if method == "GET" else method
                data = words.pop(0)
            elif word == "-F":
                method = "POST"
                name, _, value = words.pop(0).partition("=")
                form.add_field(name, value, filename=value[1:] if value[:1] == "@" else None)
                data = form
            else:
                url = word.replace(BASE, running.url)
        if "-X PATCH" in line:
            method = "PATCH"
        async with running.http.request(method, url, data=data) as response:
            assert response.status < 300, (line, await response.text())
        count += 1
    assert count > 10


async def test_the_story_shown_works(running: Running) -> None:
    (story,) = blocks("python")
    code = compile(
        story.replace(BASE, running.url), "sandbox.md", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    )
    async with at_work(running.url, None):
        told = eval(code, {})  # noqa: S307 - our own page
        assert inspect.isawaitable(told)
        await told


@pytest.mark.parametrize("option", re.findall(r"`(--[a-z-]+)", PAGE))
def test_every_option_named_exists(option: str) -> None:
    command = (ROOT / "saas_bot" / "sandbox" / "__main__.py").read_text(encoding="utf-8")
    assert f'"{option}"' in command
