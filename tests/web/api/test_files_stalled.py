"""Contents that stop coming, and S3 that stops answering: nobody waits for either for long."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from saas_bot.core.settings import Settings
from saas_bot.db.tenancy import Database
from saas_bot.embedded import S3
from saas_bot.web.api.resources import transfers
from tests.gate import Gate, gate
from tests.web.api.calling import Caller
from tests.web.api.conftest import World, serving
from tests.web.api.desk import PDF, Desk


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfers, "STALLED", 1.0)


@pytest.fixture
async def gated(
    api_settings: Settings, database: Database, redis: Redis, s3: S3, acme: World
) -> AsyncIterator[tuple[Desk, Gate]]:
    """Files go through us, and from us through a gate to S3."""
    async with gate("127.0.0.1", int(s3.endpoint.rpartition(":")[2])) as (way, port):
        more = {"s3_endpoint_url": f"http://127.0.0.1:{port}"}
        async with serving(api_settings.model_copy(update=more), database, redis) as api:
            await api.parts.storage.ensure_bucket()
            yield Desk(api, acme), way


async def put(desk: Desk, caller: Caller, url: str, content: object) -> tuple[int, str]:
    """The status of a PUT of that, and its code."""
    headers = {"Authorization": f"Bearer {caller.token}", "Content-Length": str(len(PDF))}
    headers["Content-Type"] = "application/octet-stream"
    async with (
        asyncio.timeout(10),
        desk.api.client.put(url, data=content, headers=headers) as answer,
    ):
        return answer.status, (await answer.json())["code"] if answer.status != 204 else ""


async def test_whoever_stops_sending_is_not_waited_for(gated: tuple[Desk, Gate]) -> None:
    desk, _ = gated
    worker = await desk.api.caller(desk.world.team.worker)
    url = (await desk.announced(worker, PDF)).json["upload"]["url"]
    never = asyncio.Event()

    async def half() -> AsyncIterator[bytes]:
        yield PDF[: len(PDF) // 2]
        await never.wait()

    async def slowly() -> AsyncIterator[bytes]:
        for start in range(0, len(PDF), len(PDF) // 5):
            yield PDF[start : start + len(PDF) // 5]
            await asyncio.sleep(0.3)

    assert await put(desk, worker, url, half()) == (408, "body-too-slow")
    assert await put(desk, worker, url, slowly()) == (204, ""), "who is slow is waited for"


async def test_s3_that_hangs_is_not_waited_for(gated: tuple[Desk, Gate]) -> None:
    desk, way = gated
    worker = await desk.api.caller(desk.world.team.worker)
    made = (await desk.announced(worker, PDF)).json
    way.silence()
    assert await put(desk, worker, made["upload"]["url"], PDF) == (503, "unavailable")
    way.open()
    assert await put(desk, worker, made["upload"]["url"], PDF) == (204, "")
    assert (await worker("POST", f"/files/{made['file']['id']}/complete")).status == 200
