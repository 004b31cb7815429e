"""Hearing what the database announces by NOTIFY, over a connection that does nothing else."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from saas_bot.core.outage import Outage

KEEPALIVE: Final = 30.0
"""Seconds of silence after which the server is asked whether it is still there."""

ANSWERING: Final = 5.0
"""Seconds that it has to say so."""


class Listener:
    """Calls `heard` for each notification of `channel`, and whenever some may have been missed.

    A connection that is lost is made anew; till then nothing is heard.
    """

    def __init__(self, engine: AsyncEngine, channel: str, heard: Callable[[], None]) -> None:
        self._engine, self._channel, self._heard = engine, channel, heard
        self._outage = Outage(f"listening to {channel}", first=0.5, most=15.0)

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                await self._listen()
                wait = self._outage.failed("closed")
            except Exception as error:
                wait = self._outage.failed(type(error).__name__, error)
            await asyncio.sleep(wait)

    async def _listen(self) -> None:
        """Listen until the server closes the connection, or is silent where it should answer."""
        connection = await self._engine.connect()
        try:
            await self._attend((await connection.get_raw_connection()).driver_connection)
        finally:
            await _discard(connection)

    async def _attend(self, raw: Any) -> None:
        lost = asyncio.Event()
        raw.add_termination_listener(lambda _: lost.set())
        await raw.add_listener(self._channel, lambda *_: self._heard())
        self._outage.over()
        self._heard()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(KEEPALIVE):
                    await lost.wait()
                    return
            await raw.fetchval("select 1", timeout=ANSWERING)


async def _discard(connection: AsyncConnection) -> None:
    """Close a connection that listens: it must not come back to a pool."""
    with suppress(Exception):
        await connection.invalidate()
    await connection.close()
