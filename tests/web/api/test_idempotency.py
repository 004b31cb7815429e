"""`Idempotency-Key`: what comes again has its effect once."""

from datetime import timedelta
from typing import Any

import pytest

from saas_bot.core.clock import now
from saas_bot.domain.task_flow import Status
from saas_bot.services import idempotency
from tests import factories
from tests.web.api.calling import Caller, Said
from tests.web.api.conftest import Api, World, together

NEW = {"key": "APP", "name": "App"}


async def make(caller: Caller, under: str = "k-1", **body: Any) -> Said:
    return await caller("POST", "/projects", NEW | body, Idempotency_Key=under)


async def count(api: Api, table: str) -> int:
    counted: int = await factories.ask(api.parts.database, f"select count(*) from {table}")
    return counted


async def test_what_comes_again_gets_the_same_answer_and_has_no_effect(
    api: Api, acme: World
) -> None:
    caller = await api.caller(acme.team.admin)
    first, rows = await make(caller), await count(api, "audit_logs")
    again = await make(caller)
    assert (again.status, again.text) == (201, first.text)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert await count(api, "audit_logs") == rows


async def test_of_many_at_one_time_one_has_its_effect(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.admin)
    body = {"project_id": acme.project, "title": "Once"}
    tasks = await count(api, "tasks")
    answers = await together(
        *(caller("POST", "/tasks", body, Idempotency_Key="together") for _ in range(8))
    )
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 7
    assert await count(api, "tasks") == tasks + 1


async def test_a_key_is_for_one_request_of_one_person(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.admin)
    made = await make(caller)
    assert (await make(caller, name="Another")).code == "idempotency-key-reused"
    task = {"project_id": acme.project, "title": "Another"}
    said = await caller("POST", "/tasks", task, Idempotency_Key="k-1")
    assert said.code == "idempotency-key-reused"
    theirs = await make(await api.caller(acme.team.manager), key="APP2")
    assert theirs.json["id"] != made.json["id"]


async def test_what_was_refused_may_come_again_under_its_key(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.admin)
    assert (await make(caller, name=" ")).code == "text-empty"
    assert (await make(caller)).status == 201


async def test_another_session_of_the_person_gets_the_same_answer_only_with_the_right(
    api: Api, acme: World
) -> None:
    first = await make(await api.caller(acme.team.manager))
    again = await api.caller(acme.team.manager)
    assert (await make(again)).json == first.json
    sql = "update users set role = 'client' where id = $1 returning id"
    await factories.ask(api.parts.database, sql, acme.team.manager.user_id)
    assert (await make(again)).code == "not-allowed"


async def test_what_is_out_of_reach_by_now_is_not_given_again(api: Api, acme: World) -> None:
    team, task = acme.team, acme.tasks[Status.NEW]
    worker = await api.caller(team.worker)
    file = {"name": "plan.pdf", "size": 9, "sha256": "0" * 64}
    requests = [
        ("/tasks", {"project_id": acme.project, "title": "Secret"}),
        (f"/tasks/{task}/copy", {}),
        (f"/tasks/{task}/comments", {"body": "Secret"}),
        (f"/tasks/{task}/checklist", {"text": "Secret"}),
        (f"/tasks/{task}/files", file),
        (f"/projects/{acme.project}/files", file),
    ]
    made = [await worker("POST", *one, Idempotency_Key=one[0]) for one in requests]
    may = [(one, said.json) for one, said in zip(requests, made, strict=True) if said.status == 201]
    assert len(may) >= 4, [said.gist for said in made]
    for one, first in may:
        assert (await worker("POST", *one, Idempotency_Key=one[0])).json == first
    sql = "delete from project_members where user_id = $1 returning user_id"
    await factories.ask(api.parts.database, sql, team.worker.user_id)
    for one, _ in may:
        said = await worker("POST", *one, Idempotency_Key=one[0])
        assert (said.status, said.code) in ((404, "task-not-found"), (404, "project-not-found"))


async def test_the_same_may_be_written_in_another_way(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.admin)
    due = b'"due_at": "2030-05-01T12:00:00%s", "title": "Paint"'
    project = b'"project_id": %d' % acme.project
    first, *others = [
        await caller("POST", "/tasks", raw=raw, Idempotency_Key="written")
        for raw in (
            b"{" + project + b", " + due % b"+03:00" + b"}",
            b"{\n " + due.replace(b"12", b"09") % b"Z" + b",\n " + project + b"}",
        )
    ]
    assert {(one.status, one.text) for one in others} == {(201, first.text)}
    raw = b"{" + project + b", " + due % b"Z" + b"}"
    said = await caller("POST", "/tasks", raw=raw, Idempotency_Key="written")
    assert said.code == "idempotency-key-reused"


@pytest.mark.parametrize("key", ["", "has space", "ключ", "x" * 256])
async def test_a_key_has_a_shape(key: str, api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.admin)
    assert (await make(caller, key)).code == "idempotency-key-shape"


async def test_it_is_kept_for_a_day(api: Api, acme: World) -> None:
    caller, database = await api.caller(acme.team.admin), api.parts.database
    await make(caller)
    for age, left in ((timedelta(hours=23), 1), (timedelta(hours=25), 0)):
        sql = "update idempotency_keys set created_at = $1 returning id"
        await factories.ask(database, sql, now() - age)
        async with database.system_session("test") as session:
            await idempotency.sweep(session)
        assert await count(api, "idempotency_keys") == left
