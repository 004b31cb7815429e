"""The HTTP side of the client."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Final, Self

import aiohttp

from saas_bot.sandbox.seen import SandboxError

PATIENCE: Final = 5.0  # seconds


class Connection:
    """Requests to a running sandbox."""

    def __init__(self, base_url: str, patience: float = PATIENCE) -> None:
        self.base_url = base_url.rstrip("/")
        self.patience = patience
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        """The HTTP session, for what has no method here."""
        if self._session is None:
            raise RuntimeError("use it as: async with Sandbox(...) as sandbox")
        return self._session

    async def request(self, method: str, path: str, **given: Any) -> Any:
        """One request to the sandbox's API; its JSON, or `SandboxError`."""
        async with self.session.request(method, self.base_url + path, **given) as response:
            body = await response.json(content_type=None)
            if response.status >= 400:
                raise SandboxError(response.status, str(body.get("error", body)))
            return body
