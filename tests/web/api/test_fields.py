"""What a service refuses of a request names the part that is wrong, as validation does."""

from typing import Any

import pytest

from saas_bot.domain.task_flow import Status
from tests.web.api.conftest import Api, World
from tests.web.api.test_operators import olga

__all__ = ["olga"]

LONG = "x" * 5_000
DETAILS = {"legal_name": "Acme Ltd", "address": "1 Main Street"}
NEW = {"title": "Paint"}
APP = {"key": "APP", "name": "App"}


@pytest.mark.parametrize(
    ("way", "body", "field", "code"),
    [
        ("POST /tasks", NEW | {"description": LONG}, "description", "text-too-long"),
        ("POST /tasks", {"title": LONG}, "title", "text-too-long"),
        ("POST /tasks", NEW | {"tags": ["no way"]}, "tags", "tag-shape"),
        ("POST /tasks", NEW | {"tags": [f"t{n}" for n in range(11)]}, "tags", "tags-too-many"),
        ("PATCH /tasks/{task}", {"description": LONG}, "description", "text-too-long"),
        ("PATCH /tasks/{task}", {"title": " "}, "title", "text-empty"),
        ("POST /tasks/{task}/comments", {"body": LONG}, "body", "text-too-long"),
        ("POST /tasks/{task}/checklist", {"text": LONG}, "text", "text-too-long"),
        ("POST /tasks/{task}/checklist", {"text": " "}, "text", "text-empty"),
        ("POST /tasks/{review}/return", {"reason": " "}, "reason", "text-empty"),
        ("POST /tasks/{work}/submit", {"comment": LONG}, "comment", "text-too-long"),
        ("POST /projects", APP | {"key": "1"}, "key", "project-key-shape"),
        ("POST /projects", APP | {"name": LONG}, "name", "text-too-long"),
        ("POST /projects", APP | {"description": LONG}, "description", "text-too-long"),
        ("PATCH /projects/{project}", {"name": " "}, "name", "text-empty"),
        ("PATCH /projects/{project}", {"description": LONG}, "description", "text-too-long"),
        ("PATCH /company", {"name": LONG}, "name", "text-too-long"),
        ("PUT /billing/details", DETAILS | {"email": "nobody"}, "email", "email-shape"),
        ("PUT /billing/details", DETAILS | {"tax_id": LONG}, "tax_id", "text-too-long"),
        ("PUT /billing/details", DETAILS | {"address": " "}, "address", "text-empty"),
        ("PUT /billing/details", DETAILS | {"legal_name": LONG}, "legal_name", "text-too-long"),
        ("PATCH /files/{file}", {"name": " "}, "name", "text-empty"),
        ("GET /search?words=" + LONG, None, "words", "search-too-long"),
    ],
)
async def test_the_part_that_is_wrong_is_named(
    api: Api, acme: World, way: str, body: Any, field: str, code: str
) -> None:
    method, _, path = way.partition(" ")
    tasks = acme.tasks
    ids = {"task": tasks[Status.NEW], "review": tasks[Status.REVIEW], "project": acme.project}
    path = path.format(**ids, work=tasks[Status.IN_PROGRESS], file=acme.work.file)
    if path == "/tasks":
        body = body | {"project_id": acme.project}
    caller = await api.caller(acme.team.worker if "submit" in path else acme.team.admin)
    said = await caller(method, path, body)
    assert (said.status, said.code) == (422, code), said.text
    (wrong,) = said.json["errors"]
    where = "query" if method == "GET" else "body"
    assert wrong == {"in": where, "field": field, "code": code, "detail": said.json["detail"]}


async def test_so_is_that_of_a_plan(api: Api, olga: Any) -> None:
    new = {"code": "studio", "name": "Studio"}
    for wrong, code in (
        ({"seats": 0}, "plan-value"),
        ({"price_minor": -1}, "plan-value"),
        ({"code": "no way"}, "plan-code"),
        ({"currency": "ABC"}, "plan-currency"),
        ({"name": " "}, "text-empty"),
    ):
        said = await olga("POST", "/operators/plans", new | wrong)
        assert [(one["field"], one["code"]) for one in said.json["errors"]] == [(*wrong, code)]
