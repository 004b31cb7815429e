"""The people's side: who there is, and what it refuses."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from aiogram import Bot
from aiogram.utils.web_app import safe_parse_webapp_init_data

import saas_bot.sandbox
from saas_bot.sandbox.client import Person, Sandbox, SandboxError
from saas_bot.sandbox.openapi import _BODIES, _FORMS
from saas_bot.sandbox.server import DEFAULT_TOKEN
from tests.sandbox.conftest import Running, drain, serving


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/people", "{", 400),
        ("POST", "/api/people", "[]", 400),
        ("POST", "/api/people", "{}", 400),
        ("POST", "/api/people", '{"first_name": ""}', 400),
        ("POST", "/api/people", '{"first_name": 7}', 400),
        ("POST", "/api/people", '{"first_name": "x", "username": "no spaces"}', 400),
        ("POST", "/api/people", '{"first_name": "x", "language_code": "??"}', 400),
        ("POST", "/api/people", '{"first_name": "x", "id": -1}', 400),
        ("POST", "/api/people", '{"first_name": "x", "id": 42}', 409),
        ("POST", "/api/people", '{"first_name": "x", "username": "saas_sandbox_bot"}', 409),
        ("GET", "/api/people/1/chat", "", 404),
        ("GET", "/api/people/x/chat", "", 404),
        ("PUT", "/api/people", "{}", 405),
        ("POST", "/api/people/{anna}/messages", '{"text": ""}', 400),
        ("POST", "/api/people/{anna}/messages", '{"text": " "}', 400),
        ("POST", "/api/people/{anna}/messages", '{"text": null}', 400),
        ("POST", "/api/people/{anna}/messages", '{"text": "%s"}' % ("x" * 4097), 400),
        ("POST", "/api/people/{anna}/messages", '{"text": "x", "reply_to_message_id": 1}', 404),
        ("POST", "/api/people/{anna}/start", '{"payload": "a b"}', 400),
        ("POST", "/api/people/{anna}/start", '{"payload": "%s"}' % ("x" * 65), 400),
        ("POST", "/api/people/{anna}/clicks", '{"message_id": 1, "data": "x"}', 404),
        ("PATCH", "/api/people/{anna}/messages/1", '{"text": "x"}', 404),
        ("DELETE", "/api/people/{anna}/messages/1", "", 404),
        ("POST", "/api/people/{anna}/location", '{"latitude": 91}', 400),
        ("POST", "/api/people/{anna}/files", "x", 400),
        ("GET", "/api/people/{anna}/events?after=x", "", 400),
        ("GET", "/api/inspector?after=x", "", 400),
        ("GET", "/api/health?wait=nan", "", 400),
        ("POST", "/api/faults", '{"kind": "earthquake"}', 400),
        ("POST", "/api/snapshot", "", 409),
        ("GET", "/api/nothing", "", 404),
        ("GET", "/static/../server.py", "", 404),
        ("GET", "/static/%2e%2e/server.py", "", 404),
    ],
)
async def test_people_side_refusals(
    running: Running, anna: Person, method: str, path: str, body: str, status: int
) -> None:
    url = running.url + path.format(anna=anna.id)
    async with running.http.request(method, url, data=body) as response:
        answer = await response.json()
    assert response.status == status
    assert answer.get("error") or answer.get("description")


async def test_a_blocked_bot_hears_nothing_but_start(anna: Person) -> None:
    await anna.blocks()
    with pytest.raises(SandboxError) as refusal:
        await anna.sends("hello?")
    assert refusal.value.status == 409
    await anna.starts()
    await anna.sends("hello!")


async def test_people_change(sandbox: Sandbox, anna: Person, bot: Bot) -> None:
    path = f"/api/people/{anna.id}"
    changes = {"username": "anna2", "first_name": "Анна", "language_code": "ru", "note": "admin"}
    changed = await sandbox.request("PATCH", path, json=changes)
    assert {key: changed[key] for key in changes} == changes
    await anna.sends("hi")
    (update,) = await drain(bot)
    assert update.message.from_user.username == "anna2"
    assert update.message.chat.first_name == "Анна"
    await sandbox.request("PATCH", path, json={"username": ""})
    await sandbox.person("Other", username="anna2")
    with pytest.raises(SandboxError):
        await sandbox.request("PATCH", path, json={"username": "Anna2"})


async def test_people_from_a_file(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    one = {"id": 7, "first_name": "Admin", "note": "admin", "started": True}
    people.write_text(json.dumps([one, one, {"first_name": "B", "username": "bbb"}]))
    async with serving(people_file=people) as running, Sandbox(running.url) as sandbox:
        assert [person["first_name"] for person in await sandbox.people()] == ["Admin", "B"]
        assert (await running.call("sendMessage", chat_id=7, text="hi"))["ok"]
    people.write_text('{"first_name": "B"}')
    with pytest.raises(ValueError, match="a list of people is expected"):
        async with serving(people_file=people):
            pass


async def test_the_description_knows_every_path(sandbox: Sandbox, running: Running) -> None:
    described = await sandbox.request("GET", "/api/openapi.json")
    assert described["openapi"] == "3.1.0"
    paths = described["paths"]
    fault = paths["/api/faults"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert "retry_after" in fault["properties"]
    form = paths["/api/people/{id}/album"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert form["schema"]["properties"]["file"]["maxItems"] == 10
    for method, path in [*_BODIES, *_FORMS]:
        assert "requestBody" in paths[path][method.lower()]
    assert all(one["summary"] for path in paths.values() for one in path.values())


async def test_the_web_chat_is_served(running: Running) -> None:
    for path in ("/", "/static/index.html"):
        async with running.http.get(running.url + path) as response:
            assert (response.status, response.headers["Cache-Control"]) == (200, "no-cache")
            assert response.content_type == "text/html"


async def test_the_bot_introduces_itself_in_each_language(bot: Bot, sandbox: Sandbox) -> None:
    await bot.set_my_description("Tasks at work")
    await bot.set_my_description("Задачи", language_code="ru")
    await bot.set_my_short_description("Кратко", language_code="ru")
    shown = await sandbox.bot()
    assert shown["description"] == "Tasks at work"
    assert shown["descriptions"] == {"": "Tasks at work", "ru": "Задачи"}
    assert shown["short_descriptions"] == {"ru": "Кратко"}


def test_it_imports_nothing_of_the_bot() -> None:
    """But what makes aiogram's import light, which its command line uses."""
    found = set()
    for path in Path(saas_bot.sandbox.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
            elif isinstance(node, ast.Import):
                found.update(one.name for one in node.names)
    ours = {one for one in found if one.startswith("saas_bot")}
    assert {one for one in ours if not one.startswith("saas_bot.sandbox")} == {
        "saas_bot.core.light_models"
    }


async def test_what_the_mini_app_gets_is_signed(running: Running, anna: Person) -> None:
    """aiogram's own check says so, and for no other bot."""
    given = await anna.opens_mini_app()
    data = safe_parse_webapp_init_data(DEFAULT_TOKEN, given)
    assert data.user is not None
    assert (data.user.id, data.user.username) == (anna.id, "anna")
    assert await anna.opens_mini_app() != given
    with pytest.raises(ValueError, match="Invalid init data signature"):
        safe_parse_webapp_init_data("42:ANOTHER-TOKEN", given)
