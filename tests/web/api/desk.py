"""Where files go in and out over HTTP, by links or through us."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
from yarl import URL

from saas_bot.domain.task_flow import Status
from tests import factories
from tests.web.api.calling import Caller, Said

if TYPE_CHECKING:
    from tests.web.api.conftest import Api, World

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"1 0 obj\n" * 30_000


@dataclass(frozen=True, slots=True)
class Desk:
    """Where files go in and out over HTTP, by links or through us."""

    api: "Api"
    world: "World"

    @property
    def task(self) -> int:
        return self.world.tasks[Status.IN_PROGRESS]

    async def announced(
        self, caller: Caller, content: bytes, name: str = "plan.pdf", **more: Any
    ) -> Said:
        body = {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        return await caller("POST", f"/tasks/{self.task}/files", body | more)

    async def sent(self, caller: Caller, way: dict[str, Any], content: bytes = b"") -> Any:
        """The status of a transfer, and what came."""
        url, headers = URL(way["url"], encoded=True), dict(way["headers"])
        if way["with_token"]:
            headers["Authorization"] = f"Bearer {caller.token}"
            url = self.api.client.make_url(way["url"])
        data = None
        if way["method"] == "PUT":
            data, headers["Content-Length"] = content, str(len(content))
        async with (
            aiohttp.ClientSession() as http,
            http.request(way["method"], url, headers=headers, data=data) as answer,
        ):
            return answer.status, await answer.read(), answer.headers

    async def stored(self, caller: Caller, content: bytes = PDF, **more: Any) -> dict[str, Any]:
        made = await self.announced(caller, content, **more)
        assert made.status == 201, made.text
        status, _, _ = await self.sent(caller, made.json["upload"], content)
        assert status in (200, 204)
        done = await caller("POST", f"/files/{made.json['file']['id']}/complete")
        assert done.status == 200, done.text
        file: dict[str, Any] = done.json
        return file

    async def value(self, sql: str, *values: object) -> Any:
        return await factories.ask(self.api.parts.database, sql, *values)

    async def objects(self) -> set[str]:
        listed = self.api.parts.storage.list_objects(f"{self.world.team.id}/")
        return {one.key async for one in listed}
