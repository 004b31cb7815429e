"""The way from the bot to Telegram, which can be closed while people still write to Telegram."""

import asyncio
from contextlib import suppress

_CHUNK = 65536


class Gateway:
    """Passes TCP connections on; closed, it cuts those that are open and refuses new ones."""

    def __init__(self, port: int, target: int) -> None:
        self._port, self._target = port, target
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        """Listen; fine when it does already."""
        if self._server is None:
            self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self._port)

    async def close(self) -> None:
        """Refuse and cut off everybody."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._open):
            writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there: asyncio.StreamWriter | None = None
        self._open.add(writer)
        try:
            back, there = await asyncio.open_connection("127.0.0.1", self._target)
            await asyncio.wait(
                {
                    asyncio.ensure_future(_copy(reader, there)),
                    asyncio.ensure_future(_copy(back, writer)),
                }
            )
        except OSError:
            pass
        finally:
            self._open.discard(writer)
            for one in (writer, there):
                if one is not None:
                    one.transport.abort()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Until one side ends; the other one is then told."""
    with suppress(OSError):
        while piece := await source.read(_CHUNK):
            target.write(piece)
            await target.drain()
    with suppress(OSError):
        target.close()
