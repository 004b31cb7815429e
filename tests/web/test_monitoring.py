"""`/healthz`, `/readyz` and `/metrics`, with parts that work, are gone, hang or refuse."""

import asyncio
import json
import time
from typing import Any

import pytest
from pydantic import SecretStr

from saas_bot.core.metrics import OUTBOX_DEPTH, UPDATE_ERRORS, UPDATE_SECONDS
from saas_bot.core.settings import Settings
from saas_bot.web.health import Health, PartDown
from saas_bot.web.monitoring import monitoring_app
from tests.web.conftest import Asked, Client, Silence, monitored

PARTS = {"database", "redis", "s3", "telegram"}


async def health(client: Client, path: str = "/healthz") -> tuple[int, dict[str, Any]]:
    async with client.get(path) as response:
        return response.status, await response.json()


async def test_all_is_well(whole: Settings, asked: Asked) -> None:
    async with monitored(whole, asked) as client:
        status, body = await health(client)
        assert (status, body["status"]) == (200, "ok")
        assert set(body["parts"]) == PARTS
        for part in body["parts"].values():
            assert part["status"] == "ok"
            assert part["ms"] >= 0
        assert (await health(client, "/readyz"))[0] == 200


@pytest.mark.parametrize("part", sorted(PARTS))
async def test_a_part_that_is_gone_is_named(
    part: str, whole: Settings, asked: Asked, closed_port: int
) -> None:
    async with monitored(_moved(whole, part, closed_port), asked) as client:
        status, body = await health(client)
        assert status == 503
        assert {name for name, one in body["parts"].items() if one["status"] != "ok"} == {part}
        assert body["parts"][part]["error"] == "unreachable"
        ready, _ = await health(client, "/readyz")
        assert ready == (503 if part in ("database", "redis") else 200)


@pytest.mark.parametrize("part", sorted(PARTS))
async def test_a_part_that_hangs_does_not_hold_up_the_answer(
    part: str, whole: Settings, asked: Asked
) -> None:
    async with (
        Silence().listening() as port,
        monitored(_moved(whole, part, port), asked) as client,
    ):
        started = time.monotonic()
        status, body = await health(client)
        assert time.monotonic() - started < 2
        assert status == 503
        assert body["parts"][part]["error"] == "timeout"
        assert {name for name, one in body["parts"].items() if one["status"] == "ok"} == PARTS - {
            part
        }


def _moved(settings: Settings, part: str, port: int) -> Settings:
    place = f"127.0.0.1:{port}"
    moved: dict[str, Any] = {
        "database": {"postgres_port": port},
        "redis": {"redis_url": SecretStr(f"redis://{place}/0")},
        "s3": {"s3_endpoint_url": f"http://{place}"},
        "telegram": {"telegram_api_url": f"http://{place}"},
    }
    return settings.model_copy(update=moved[part])


async def test_errors_are_codes_that_give_nothing_away(whole: Settings, asked: Asked) -> None:
    wrong = whole.model_copy(
        update={
            "postgres_db": "no_such_database_test",
            "s3_secret_key": SecretStr("an-entirely-wrong-secret"),
            "bot_token": SecretStr("42424242:a-token-nobody-has"),
        }
    )
    async with monitored(wrong, asked) as client:
        _, body = await health(client)
        errors = {name: part.get("error") for name, part in body["parts"].items()}
        assert errors == {
            "database": "no_database",
            "redis": None,
            "s3": "forbidden",
            "telegram": "unauthorized",
        }
        for secret in (*wrong.secrets(), wrong.postgres_host, "no_such_database"):
            assert secret not in json.dumps(body)


async def test_a_missing_bucket_is_told(whole: Settings, asked: Asked) -> None:
    async with monitored(whole.model_copy(update={"s3_bucket": "nowhere"}), asked) as client:
        _, body = await health(client)
        assert body["parts"]["s3"]["error"] in ("no_bucket", "forbidden")


async def test_probes_at_one_time_share_one_run(asked: Asked) -> None:
    runs = 0

    async def slow() -> None:
        nonlocal runs
        runs += 1
        await asyncio.sleep(0.05)

    client = await asked(monitoring_app(Health(dict.fromkeys(PARTS, slow)), lambda: True))
    answers = await asyncio.gather(*(health(client) for _ in range(30)))
    assert {status for status, _ in answers} == {200}
    assert runs == len(PARTS)
    await health(client)
    assert runs == len(PARTS), "an answer of a moment ago is given again"


async def test_a_check_that_fails_unforeseen_is_a_failing_part(asked: Asked) -> None:
    async def broken() -> None:
        raise RuntimeError("details that nobody outside should read")

    async def down() -> None:
        raise PartDown("no_bucket")

    client = await asked(monitoring_app(Health({"a": broken, "b": down}), lambda: True))
    status, body = await health(client)
    assert status == 503
    assert body["parts"]["a"]["error"] == "failed"
    assert body["parts"]["b"]["error"] == "no_bucket"


async def test_a_process_that_is_stopping_is_not_ready(whole: Settings, asked: Asked) -> None:
    async def fine() -> None:
        return

    accepting = True
    app = monitoring_app(Health(dict.fromkeys(PARTS, fine)), lambda: accepting)
    client = await asked(app)
    assert (await health(client, "/readyz"))[0] == 200
    accepting = False
    status, body = await health(client, "/readyz")
    assert (status, body["accepting"]) == (503, False)
    assert (await health(client))[0] == 200


async def test_metrics_name_the_parts_of_the_system(whole: Settings, asked: Asked) -> None:
    UPDATE_SECONDS.labels("start").observe(0.01)
    UPDATE_ERRORS.labels("start", "unexpected").inc()
    OUTBOX_DEPTH.set({"commented": 3})
    async with monitored(whole, asked) as client:
        await health(client)
        await client.get("/no/such/path")
        async with client.get("/metrics") as response:
            assert response.status == 200
            assert response.content_type == "text/plain"
            text = await response.text()
    for line in (
        'saas_bot_update_seconds_count{handler="start"}',
        'saas_bot_update_errors_total{handler="start",kind="unexpected"}',
        'saas_bot_http_request_seconds_count{method="GET",route="/healthz",status="200"}',
        'saas_bot_http_request_seconds_count{method="GET",route="none",status="404"}',
        'saas_bot_telegram_calls_total{method="getMe",outcome="ok"}',
        'saas_bot_outbox_depth{kind="commented"} 3.0',
        'saas_bot_part_up{part="database"} 1.0',
        "process_resident_memory_bytes",
    ):
        assert line in text
    assert "/no/such/path" not in text


async def test_answers_carry_a_request_id_and_errors_are_problem_documents(
    whole: Settings, asked: Asked
) -> None:
    async with monitored(whole, asked) as client:
        async with client.get("/nothing-here") as first, client.post("/healthz") as second:
            assert first.status == 404
            assert second.status == 405
            assert second.headers["Allow"] == "GET,HEAD"
            assert first.content_type == "application/problem+json"
            assert (await first.json())["status"] == 404
            ids = {first.headers["X-Request-ID"], second.headers["X-Request-ID"]}
        assert len(ids) == 2
