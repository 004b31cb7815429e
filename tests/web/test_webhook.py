"""The webhook's HTTP side: who may call it, what it refuses, and when it says 200."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from redis.asyncio import Redis

from saas_bot.core.settings import Settings
from saas_bot.core.tokens import Keys
from saas_bot.db.tenancy import Database
from saas_bot.storage import Storage
from saas_bot.web.api.app import api_app
from saas_bot.web.api.call import Parts
from saas_bot.web.webhook import LARGEST_BODY, SECRET_HEADER, webhook_route
from tests.web.conftest import Asked, Client

PATH = "/telegram/webhook"
SECRET = "a-secret_of-the-tests"
KNOWN = {SECRET_HEADER: SECRET}


class Desk:
    """Takes updates, and lets each through when told."""

    def __init__(self) -> None:
        self.taken: list[Mapping[str, Any]] = []
        self.came, self.done = asyncio.Event(), asyncio.Event()
        self.open = True

    async def see_through(self, raw: Mapping[str, Any]) -> bool:
        if not self.open:
            return False
        self.taken.append(raw)
        self.came.set()
        await self.done.wait()
        return True


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def client(
    desk: Desk, settings: Settings, database: Database, redis: Redis, asked: Asked
) -> AsyncIterator[Client]:
    """The application on `API_PORT` with the webhook in it."""
    storage = Storage(settings)
    parts = Parts(settings, database, redis, Keys.of(settings), storage)
    yield await asked(api_app(parts, [webhook_route(PATH, SECRET, desk.see_through)]))
    await storage.close()


async def test_an_update_is_answered_once_it_is_done(desk: Desk, client: Client) -> None:
    update = {"update_id": 7, "message": {}}
    answer = asyncio.create_task(client.post(PATH, json=update, headers=KNOWN).__aenter__())
    await asyncio.wait_for(desk.came.wait(), 5)
    assert not answer.done()
    desk.done.set()
    assert (await answer).status == 200
    assert desk.taken == [update]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {SECRET_HEADER: "wrong"},
        {SECRET_HEADER: SECRET + "x"},
        {SECRET_HEADER: ""},
        {SECRET_HEADER: "\udcff"},
    ],
    ids=["none", "wrong", "longer", "empty", "no text"],
)
async def test_whoever_does_not_know_the_secret_is_refused(
    headers: dict[str, str], desk: Desk, client: Client
) -> None:
    desk.done.set()
    async with client.post(PATH, json={"update_id": 7}, headers=headers) as response:
        assert response.status == 401
        assert SECRET not in await response.text()
    assert not desk.taken


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[1]", 400),
        (b'{"update_id": "7"}', 400),
        (b"\xff\xfe", 400),
        (b" " * (LARGEST_BODY + 1), 413),
    ],
    ids=["empty", "cut off", "no object", "no number", "no text", "too large"],
)
async def test_what_is_no_update_is_refused(
    body: bytes, status: int, desk: Desk, client: Client
) -> None:
    desk.done.set()
    async with client.post(PATH, data=body, headers=KNOWN) as response:
        assert response.status == status
        assert response.content_type == "application/problem+json"
    assert not desk.taken


async def test_while_stopping_the_update_is_left_to_telegram(desk: Desk, client: Client) -> None:
    desk.open = False
    async with client.post(PATH, json={"update_id": 7}, headers=KNOWN) as response:
        assert response.status == 503
