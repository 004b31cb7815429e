"""A way to a server that a test can shut: connections are cut and refused, or fall silent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

PIECE = 65536


class Gate:
    """Passes on what comes, while it is open; `connected` counts who has come."""

    def __init__(self, host: str, port: int) -> None:
        self.connected = 0
        self._to = (host, port)
        self._open = asyncio.Event()
        self._open.set()
        self._shut = False
        self._writers: set[asyncio.StreamWriter] = set()

    def silence(self) -> None:
        """From now on nothing comes through, and nobody is told."""
        self._open.clear()

    def shut(self) -> None:
        """Cut all connections; who comes from now on is cut off, too."""
        self._shut = True
        for writer in self._writers:
            writer.transport.abort()

    def open(self) -> None:
        """Let through again what comes, and what has waited."""
        self._shut = False
        self._open.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """See one connection through."""
        self.connected += 1
        if self._shut:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection(*self._to)
        self._writers |= {writer, back}
        try:
            await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer))
        finally:
            self._writers -= {writer, back}
            for one in (writer, back):
                one.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(PIECE):
                await self._open.wait()
                writer.write(piece)
                await writer.drain()
        writer.transport.abort()


@asynccontextmanager
async def gate(host: str, port: int) -> AsyncIterator[tuple[Gate, int]]:
    """An open gate before a server, and the port at which it stands."""
    made = Gate(host, port)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    try:
        yield made, server.sockets[0].getsockname()[1]
    finally:
        made.open()
        made.shut()
        server.close()
