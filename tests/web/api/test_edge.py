"""What each answer goes through: problems, languages, headers, other origins, rates, limits."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient
from pydantic import ValidationError
from redis.asyncio import Redis
from sqlalchemy import text

from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_engine
from saas_bot.db.tenancy import Database
from saas_bot.domain.permissions import Permission
from saas_bot.domain.task_flow import Status
from saas_bot.main import create_redis
from saas_bot.services import projects, sessions
from saas_bot.services.sessions import Device
from saas_bot.web.api import pipeline
from saas_bot.web.api.app import api_app
from saas_bot.web.api.call import Call
from saas_bot.web.api.languages import wanted
from saas_bot.web.api.resources import ROUTES
from saas_bot.web.api.routes import Route
from tests import factories
from tests.web.api.conftest import ORIGIN, Api, World, serving
from tests.web.api.samples import MISSING
from tests.web.conftest import Silence
from tests.web.serving import RealServer

RUSSIAN = "ru-RU,ru;q=0.9,en;q=0.8"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", None),
        ("*", None),
        ("de", None),
        (RUSSIAN, "ru"),
        ("de, en;q=0.5, ru;q=0.7", "ru"),
        ("EN-us", "en"),
        ("ru;q=0", None),
        ("ru;q=x,en;q=0.1", "en"),
    ],
)
def test_the_language_that_is_liked_best(header: str, language: str | None) -> None:
    assert wanted(header) == language


async def test_a_problem_is_told_in_the_language_of_the_request_else_of_the_person(
    api: Api, acme: World
) -> None:
    caller = await api.caller(acme.team.admin)
    missing = f"/tasks/{MISSING}"
    assert (await caller("GET", missing)).json["title"] == "Not found"
    russian = await caller("GET", missing, Accept_Language=RUSSIAN)
    assert russian.json["title"] == "Не найдено"
    assert russian.headers["Content-Language"] == "ru"
    await caller("PATCH", "/me", {"language": "ru"})
    assert (await caller("GET", missing)).gist == russian.gist


async def test_each_wrong_part_is_named(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.admin)
    body = {"project_id": "5", "priority": "odd", "due_at": "2026-12-31T15:00:00", "size": 1}
    said = await caller("POST", "/tasks", body)
    assert (said.status, said.code) == (422, "not-valid")
    assert {(one["in"], one["field"], one["code"]) for one in said.json["errors"]} == {
        ("body", "project_id", "no-number"),
        ("body", "title", "missing"),
        ("body", "priority", "no-choice"),
        ("body", "due_at", "no-time"),
        ("body", "size", "unknown"),
    }
    query = await caller("GET", "/tasks?limit=101&limit=5&view=none&cursor=x&more=1")
    assert {one["field"] for one in query.json["errors"]} == {"limit", "view", "more"}
    path = await caller("GET", f"/tasks/{2**63}")
    assert [one["in"] for one in path.json["errors"]] == ["path"]
    late = await caller("PATCH", "/tasks/1", {"due_at": "9999-12-31T00:00:00Z"})
    (year,) = late.json["errors"]
    assert (year["code"], year["detail"]) == ("out-of-years", "must be in the years 1970–9000")


@pytest.mark.parametrize("written", ["%2B1", "1_0", "1.0", "%201", "1%20", "01", "1e0", "%D9%A1"])
async def test_a_number_in_an_address_is_written_in_one_way(
    written: str, api: Api, acme: World
) -> None:
    caller = await api.caller(acme.team.admin)
    for address in (f"/tasks/{written}", f"/tasks?limit={written}", f"/tasks?project={written}"):
        said = await caller("GET", address)
        assert [one["code"] for one in said.json["errors"]] == ["no-number"]


def test_all_numbers_in_addresses_are_read_so() -> None:
    numbers = 0
    for route in ROUTES:
        for model in (route.models.get("path"), route.models.get("query")):
            for name, one in (model.model_json_schema()["properties"] if model else {}).items():
                if "integer" not in str(one):
                    continue
                numbers += 1
                with pytest.raises(ValidationError) as refused:
                    model.model_validate({name: "+1"})
                kinds = {(e["loc"][0], e["type"]) for e in refused.value.errors()}
                assert (name, "int_parsing") in kinds, (route.name, name)
    assert numbers > 50


async def test_a_cursor_is_of_one_list_in_one_order(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.admin)
    cursor = (await caller("GET", f"/tasks?limit=1&project={acme.project}")).json["next"]
    same = f"/tasks?project={acme.project}&cursor={cursor}"
    assert (await caller("GET", f"{same}&limit=3")).json["items"]
    task = acme.tasks[Status.NEW]
    for other in (
        f"/tasks?cursor={cursor}",
        f"{same}&sort=priority",
        f"/members?cursor={cursor}",
        f"/tasks/{task}/history?cursor={cursor}",
        f"/tasks?project={acme.project}&cursor={cursor[8:]}",
        f"/tasks?project={acme.project}&cursor={cursor[:8]}",
        "/tasks?cursor=f1.-",
    ):
        assert (await caller("GET", other)).code == "cursor-not-valid", other


async def test_a_cursor_of_another_row_of_the_same_kind_is_refused(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.manager)
    mine, other = acme.tasks[Status.NEW], acme.tasks[Status.IN_PROGRESS]
    for words in ("One", "Two"):
        await caller("POST", f"/tasks/{mine}/comments", {"body": words})
    cursor = (await caller("GET", f"/tasks/{mine}/comments?limit=1")).json["next"]
    assert (await caller("GET", f"/tasks/{mine}/comments?cursor={cursor}")).status == 200
    said = await caller("GET", f"/tasks/{other}/comments?cursor={cursor}")
    assert said.code == "cursor-not-valid"


@pytest.mark.parametrize(
    ("raw", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "body-malformed"),
        (b"\xff", "application/json", 400, "body-malformed"),
        (b'{"name": "\\ud800"}', "application/json", 400, "body-malformed"),
        (b"[" * 100_000, "application/json", 400, "body-malformed"),
        (b"null", "application/json", 422, "not-valid"),
        (b'{"name": "a\\u0000b"}', "application/json", 422, "not-valid"),
        (b"name=x", "application/x-www-form-urlencoded", 415, "body-not-json"),
        (b" " * (256 * 1024 + 1), "application/json", 413, "body-too-large"),
    ],
)
async def test_a_body_that_can_not_be_read(
    raw: bytes, kind: str, status: int, code: str, api: Api, acme: World
) -> None:
    caller = await api.caller(acme.team.admin)
    said = await caller("PATCH", "/company", raw=raw, Content_Type=kind)
    assert (said.status, said.code) == (status, code)


async def test_a_body_without_a_length_is_limited_as_well(api: Api, acme: World) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(300):
            yield b" " * 1024

    headers = {
        "Authorization": f"Bearer {await api.token(acme.team.admin)}",
        "Content-Type": "application/json",
    }
    async with api.client.patch("/api/v1/company", data=endless(), headers=headers) as response:
        assert response.status == 413


async def test_methods_and_forms_that_there_are_not(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.admin)
    allow = "GET, HEAD, OPTIONS, POST"
    said = await caller("DELETE", "/tasks")
    assert (said.code, said.headers["Allow"]) == ("method-not-allowed", allow)
    options = await caller("OPTIONS", "/tasks")
    assert (options.status, options.headers["Allow"]) == (204, allow)
    head = await caller("HEAD", "/tasks")
    assert (head.status, head.text) == (200, "")
    assert (await caller("GET", "/nothing")).code == "no-such-route"
    assert (await caller("GET", "/me", Accept="text/html")).code == "not-acceptable"
    assert (await caller("GET", "/me", Accept="text/html, */*;q=0.1")).status == 200
    async with api.client.head("/api/docs") as response:
        assert (response.status, await response.read()) == (200, b"")


async def test_headers_that_keep_browsers_safe(api: Api) -> None:
    said = await api.anyone()("GET", "/me")
    assert said.headers["Cache-Control"] == "no-store"
    assert said.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in said.headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in said.headers


async def test_other_origins_only_as_the_settings_say(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.admin)
    ours = await caller("GET", "/me", Origin=ORIGIN)
    assert ours.headers["Access-Control-Allow-Origin"] == ORIGIN
    theirs = await caller("GET", "/me", Origin="https://evil.example.com")
    assert "Access-Control-Allow-Origin" not in theirs.headers
    asked = await api.anyone()(
        "OPTIONS", "/projects", Origin=ORIGIN, Access_Control_Request_Method="POST"
    )
    assert asked.status == 204
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert "Idempotency-Key" in asked.headers["Access-Control-Allow-Headers"]


async def test_a_request_id_of_the_caller_is_told_again_and_audited(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.admin)
    said = await caller("POST", "/projects", {"key": "A1", "name": "A"}, X_Request_ID="trace-0001")
    assert said.headers["X-Request-ID"] == "trace-0001"
    sql = "select request_id from audit_logs order by id desc limit 1"
    assert await factories.ask(api.parts.database, sql) == "trace-0001"
    for odd in ("short", "x" * 65, "with space"):
        assert (await caller("GET", "/me", X_Request_ID=odd)).headers["X-Request-ID"] != odd


async def test_a_session_may_ask_so_often(
    api_settings: Settings, database: Database, redis: Redis, acme: World
) -> None:
    few = api_settings.model_copy(update={"api_rate": 3})
    async with serving(few, database, redis) as api:
        caller, other = await api.caller(acme.team.admin), await api.caller(acme.team.admin)
        left = [(await caller("GET", "/me")).headers["RateLimit-Remaining"] for _ in range(3)]
        held = await caller("GET", "/me")
        # A minute of the clock may have begun meanwhile.
        assert left == ["2", "1", "0"] or held.status == 200
        if held.status != 200:
            assert held.code == "too-many-requests"
            assert held.headers["Retry-After"] == held.headers["RateLimit-Reset"]
        assert (await other("GET", "/me")).status == 200


async def test_an_address_may_ask_so_often_with_and_without_a_token(
    api_settings: Settings, database: Database, redis: Redis
) -> None:
    few = api_settings.model_copy(update={"api_address_rate": 2})
    async with serving(few, database, redis) as api:
        codes = [
            (await api.anyone(Authorization="Bearer nonsense")("GET", "/me")).code for _ in range(6)
        ]
        assert codes.count("too-many-requests") >= 2


async def test_wrong_codes_hold_up_nobody_else_of_their_address(
    api_settings: Settings, database: Database, redis: Redis, acme: World
) -> None:
    few = api_settings.model_copy(update={"api_sign_in_rate": 2, "api_address_rate": 4})
    async with serving(few, database, redis) as api:
        async with database.system_session("test") as session:
            opened = await sessions.begin(
                session, acme.team.admin.account.telegram_id, Device.of("tests", "127.0.0.1")
            )
        caller = await api.caller(acme.team.admin)
        wrong = [await api.anyone()("POST", "/auth/code", {"code": "wrong"}) for _ in range(7)]
        assert [one.status for one in wrong[:2]] == [401, 401]
        # A minute of the clock may have begun meanwhile.
        assert [one.code for one in wrong].count("too-many-requests") >= 3
        await caller("POST", "/auth/code", {"code": "wrong"})
        strange = [(await api.anyone()("GET", "/me")).status for _ in range(10)]
        assert strange.count(429) >= 2
        assert (await caller("GET", "/me")).status == 200
        token = {"refresh_token": opened.refresh_token}
        assert (await api.anyone()("POST", "/auth/refresh", token)).status == 200


async def test_while_redis_hangs_nobody_is_held_back(
    api_settings: Settings, database: Database, acme: World
) -> None:
    async with Silence().listening() as port:
        redis = create_redis(
            api_settings.model_copy(
                update={"redis_url": type(api_settings.redis_url)(f"redis://127.0.0.1:{port}/0")}
            )
        )
        async with serving(api_settings, database, redis) as api:
            caller = await api.caller(acme.team.admin)
            async with asyncio.timeout(5):
                for _ in range(3):
                    said = await caller("GET", "/me")
                    assert said.status == 200
                    assert "RateLimit-Limit" not in said.headers
        await redis.aclose()


async def test_while_the_database_is_away_the_answer_says_so(
    api: Api, acme: World, closed_port: int, redis: Redis, api_settings: Settings
) -> None:
    token = await api.token(acme.team.admin)
    engine = create_engine(api_settings.model_copy(update={"postgres_port": closed_port}))
    async with serving(api_settings, Database(engine), redis) as away:
        said = await away.anyone(Authorization=f"Bearer {token}")("GET", "/me")
        assert (said.status, said.code) == (503, "unavailable")
        assert said.headers["Retry-After"]
    await engine.dispose()


async def test_what_takes_too_long_is_given_up_without_effect(
    api: Api, acme: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "TIMEOUT", 0.3)
    caller, database = await api.caller(acme.team.admin), api.parts.database
    async with database.system_session("test") as session:
        await session.execute(text("lock table projects in exclusive mode"))
        said = await caller("POST", "/projects", {"key": "LATE", "name": "Late"})
        assert (said.status, said.code) == (503, "took-too-long")
    monkeypatch.undo()
    assert "LATE" not in await _keys(caller)


async def test_requests_that_wait_leave_connections_to_the_bot(
    api: Api, acme: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "TIMEOUT", 10.0)
    caller, database = await api.caller(acme.team.admin), api.parts.database
    body = {"key": "MANY", "name": "Many"}
    async with database.system_session("test") as session:
        await session.execute(text("lock table idempotency_keys in exclusive mode"))
        waiting = [
            asyncio.create_task(caller("POST", "/projects", body, Idempotency_Key="many"))
            for _ in range(2 * api.parts.settings.database_pool_size)
        ]
        blocked = "select count(*) from pg_locks where not granted and pid <> pg_backend_pid()"
        async with asyncio.timeout(8):
            seen = [await factories.ask(database, blocked) for _ in range(200)]
        assert max(seen) == api.parts.settings.database_pool_size // 2
    answers = await asyncio.gather(*waiting)
    assert {answer.status for answer in answers} <= {201, 503}


async def test_what_goes_wrong_gives_nothing_away_and_has_no_effect(api: Api, acme: World) -> None:
    async def broken(call: Call) -> None:
        await projects.create(call.session, call.actor, key="LOST", name="Lost")
        raise RuntimeError("details that nobody outside should read")

    route = Route("POST", "/broken", Permission.PROJECT_MANAGE, broken, "Broken", status=204)
    headers = {"Authorization": f"Bearer {await api.token(acme.team.admin)}"}
    async with (
        TestClient(RealServer(api_app(api.parts, routes=[route]))) as client,
        client.post("/api/v1/broken", headers=headers) as response,
    ):
        assert (response.status, (await response.json())["code"]) == (500, "unexpected")
        assert "details" not in await response.text()
    caller = await api.caller(acme.team.admin)
    assert "LOST" not in await _keys(caller)


async def _keys(caller):
    keys = [one["key"] for one in (await caller("GET", "/projects")).json["items"]]
    assert "WEB" in keys
    return keys
