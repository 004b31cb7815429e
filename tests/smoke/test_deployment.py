"""The schema, both processes, one chat, one file and one call of the API."""

import re

import aiohttp
import asyncpg
import pytest
from alembic.script import ScriptDirectory

from saas_bot.sandbox.client import Person, Sandbox
from tests.e2e.test_story import found_company, invite
from tests.environment import alembic_config
from tests.smoke.conftest import Deployment

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

PARTS = {"database", "redis", "s3", "telegram"}
PLAN = ("plan.pdf", b"%PDF-1.4\n" + b"page " * 2000)


async def test_the_schema_is_the_newest(deployment: Deployment) -> None:
    newest = ScriptDirectory.from_config(alembic_config(deployment.settings)).get_current_head()
    connection = await asyncpg.connect(deployment.settings.dsn.replace("+asyncpg", ""))
    try:
        assert await connection.fetchval("select version_num from alembic_version") == newest
    finally:
        await connection.close()


@pytest.mark.parametrize("process", ["bot", "worker"])
async def test_a_process_is_well_and_can_be_watched(
    process: str, deployment: Deployment, http: aiohttp.ClientSession
) -> None:
    at = getattr(deployment, process)
    async with http.get(f"{at}/healthz") as health:
        said = await health.json()
        assert health.status == 200, said
    assert {name for name, part in said["parts"].items() if part["status"] == "ok"} == PARTS
    async with http.get(f"{at}/readyz") as ready:
        assert ready.status == 200
    async with http.get(f"{at}/metrics") as metrics:
        text = await metrics.text()
        assert metrics.status == 200
    assert re.search(r"^saas_bot_[a-z_]+(\{.*\})? [\d.e+-]+$", text, re.MULTILINE)


async def test_the_address_of_the_service_greets_and_shows_its_documentation(
    deployment: Deployment, http: aiohttp.ClientSession
) -> None:
    async with http.get(deployment.api) as welcome:
        assert (welcome.status, "SaaS Bot" in await welcome.text()) == (200, True)
    async with http.get(f"{deployment.api}/api/openapi.json") as document:
        assert (await document.json())["openapi"].startswith("3.1")


async def test_people_found_a_company_work_in_it_and_reach_it_by_the_api(
    deployment: Deployment, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    anna = await sandbox.person("Anna", username="anna_smoke")
    will = await sandbox.person("Will", username="will_smoke")
    await found_company(anna, "Smoke & Co", "Website", "WEB")
    await invite(anna, will, "worker", to_project="WEB")

    # The bot makes a task, the worker tells of it.
    await anna.sends("/task WEB Open the shop @will_smoke")
    await anna.sees("understood as")
    await anna.clicks("Create")
    await anna.sees("WEB-1 Open the shop")
    await will.sees("Anna gave you WEB-1")
    await will.clicks("Start")
    await will.sees("in progress")

    # The worker's process stores a file, and it comes back.
    await will.sends_file(*PLAN, caption="WEB-1")
    await will.sees("plan.pdf is with WEB-1")

    assert await _titles(deployment, http, anna) == ["Open the shop"]


async def _titles(deployment: Deployment, http: aiohttp.ClientSession, person: Person) -> list[str]:
    """The tasks that the API shows to a person who signs in by the chat."""
    await person.sends("/login")
    shown = await person.sees("code")
    code = re.search(r"(?:[0-9A-Z]{5}-){2}[0-9A-Z]{5}", shown.text)
    assert code, shown.text
    async with http.post(f"{deployment.api}/api/v1/auth/code", json={"code": code[0]}) as answer:
        tokens = await answer.json()
        assert answer.status == 200, tokens
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    async with http.get(f"{deployment.api}/api/v1/tasks", headers=bearer) as answer:
        page = await answer.json()
        assert answer.status == 200, page
    return [task["title"] for task in page["items"]]
