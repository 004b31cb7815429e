"""A client of HTTP that costs little, so that what is measured is the server."""

import asyncio
import re
from dataclasses import dataclass
from typing import Self

_LENGTH = re.compile(rb"\r\nContent-Length: (\d+)", re.IGNORECASE)


class NotAnswered(Exception):
    """The server gave something else than 200; the text is what it gave."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it is sent, again and again, over a connection that stays open."""

    sent: bytes

    @classmethod
    def get(cls, path: str, token: str = "") -> Self:
        """`GET path`, by whoever has the token."""
        shown = f"Authorization: Bearer {token}\r\n" if token else ""
        return cls(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{shown}\r\n".encode())


class Connection:
    """One connection, with one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, port: int) -> Self:
        """A connection to a server on this machine."""
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 20))

    async def get(self, asked: Asked) -> bytes:
        """The body of the answer.

        Raises:
            NotAnswered: its status is not 200.
        """
        self._writer.write(asked.sent)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await self._reader.readexactly(int(length[1])) if length else b""
        if not head.startswith(b"HTTP/1.1 200 "):
            raise NotAnswered((head + body).decode(errors="replace"))
        return body

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await self._writer.wait_closed()
