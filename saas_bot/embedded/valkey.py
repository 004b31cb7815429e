"""Valkey, which speaks the Redis protocol, over loopback TCP."""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from saas_bot.embedded import binaries
from saas_bot.embedded.service import NotReady, Service

# Every write goes to the append-only file before it is answered, and to the disk each second.
_DURABLE = ("--appendonly", "yes", "--appendfsync", "everysec")
_THROWAWAY = ("--appendonly", "no")


class Valkey(Service):
    """The in-memory store behind dialogs, rate limits and locks."""

    title = "Valkey"
    slug = "valkey"
    port_variable = "REDIS_PORT"
    stop_signal = signal.SIGTERM
    stop_seconds = 2.0

    def __init__(self, data_dir: Path, port: int, *, durable: bool) -> None:
        super().__init__(data_dir, port, durable=durable)
        self.store = data_dir / "valkey"

    def url(self, database: int = 0) -> str:
        """The address of one of its 64 numbered databases."""
        return f"redis://{self.host}:{self.port}/{database}"

    async def _prepare(self) -> None:
        self.store.mkdir(mode=0o700, exist_ok=True)

    def _command(self) -> Sequence[str | Path]:
        return [
            binaries.valkey_server(),
            *("--bind", self.host),
            *("--port", str(self.port)),
            *("--dir", self.store),
            *("--databases", "64"),
            *("--save", ""),
            *(_DURABLE if self.durable else _THROWAWAY),
        ]

    async def _probe(self) -> None:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            writer.write(b"PING\r\n")
            answer = await reader.readline()
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        if answer != b"+PONG\r\n":
            raise NotReady(answer.decode(errors="replace").strip())
