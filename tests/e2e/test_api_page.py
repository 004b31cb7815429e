"""docs/api.md does what it says: its commands, one after the other, against the demo."""

import asyncio
import json
import re
from typing import Any

import pytest

from saas_bot.web.api.openapi import ProblemDocument
from tests.e2e.demo_process import Demo
from tests.environment import ROOT

pytestmark = pytest.mark.e2e

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
PORTS = {"8000": "API_PORT", "8081": "SANDBOX_PORT"}


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


async def printed_by(demo: Demo, script: str) -> list[Any]:
    """The lines of JSON that a shell prints; whatever goes wrong ends it."""
    for usual, name in PORTS.items():
        script = script.replace(f"127.0.0.1:{usual}", f"127.0.0.1:{demo.ports[name]}")
    process = await asyncio.create_subprocess_exec(
        "bash", "-euo", "pipefail", "-c", script,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(60):
        out, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    return [json.loads(line) for line in out.decode().splitlines() if line]


async def test_from_nothing_to_a_task(demo: Demo) -> None:
    me, task, again, tasks, sessions, after = await printed_by(demo, "".join(blocks("sh")))
    assert me["company"]["role"] == "admin"
    assert task["title"] == "Paint the door"
    assert again == task
    assert [one["id"] for one in tasks["items"]] == [task["id"]]
    assert [one["current"] for one in sessions["items"]].count(True) == 1
    assert (after["status"], after["code"]) == (401, "session-over")
    async with demo.database() as connection:
        sql = "select count(*) from tasks where title = 'Paint the door'"
        assert await connection.fetchval(sql) == 1


def test_a_refusal_looks_as_shown() -> None:
    (shown,) = blocks("json")
    ProblemDocument.model_validate_json(shown)
    assert set(json.loads(shown)) == set(ProblemDocument.model_fields)
