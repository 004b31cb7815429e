"""One file on its way from Telegram into S3, looked at before and watched meanwhile."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Final

from aiogram import Bot

from saas_bot.core.errors import Invalid
from saas_bot.db.models import File
from saas_bot.domain.files import Rules
from saas_bot.storage import Storage, Stored
from saas_bot.worker.fetching import Refused, TelegramAway, located, pieces
from saas_bot.worker.sniffing import HEAD, sniffed

LOOK_EVERY: Final = 1.0
"""Seconds between looks whether the file is still wanted."""

SLOWEST: Final = 100 * 1024
"""Bytes a second below which a file is given up for now; the first minute is free."""

LONGEST: Final = 3000.0
"""Seconds for one file at most: less than `transfers.SETTLES_WITHIN`."""

Watch = Callable[[int], Awaitable[bool]]
"""Told how many bytes have come, it says whether the file is still wanted."""


class Unwanted(Exception):
    """The file is not to be stored any more, or not by us."""


class TakingIn:
    """Takes files in, whichever company's."""

    def __init__(self, bot: Bot, storage: Storage, rules: Rules) -> None:
        self._bot, self._storage, self._rules = bot, storage, rules

    async def take(self, file: File, watch: Watch) -> tuple[Stored, str]:
        """Store a file under its key; gives what is stored and its media type.

        Where it fails or is no longer wanted, nothing stays behind (`Storage.upload`).

        Raises:
            Refused: it can't be stored, now or ever.
            TelegramAway, StorageError: it can't be stored now; `too_large` is for ever.
            Unwanted: see there.
        """
        flow = _Flow()
        transfer = asyncio.create_task(self._transfer(file, flow))
        try:
            async with asyncio.timeout(min(60 + file.size / SLOWEST, LONGEST)):
                while not (await asyncio.wait({transfer}, timeout=LOOK_EVERY))[0]:
                    if not await watch(flow.bytes):
                        raise Unwanted
                return transfer.result()
        except TimeoutError:
            raise TelegramAway("slow") from None
        finally:
            transfer.cancel()
            await asyncio.gather(transfer, return_exceptions=True)

    async def _transfer(self, file: File, flow: "_Flow") -> tuple[Stored, str]:
        if file.telegram_file_id is None:
            raise Refused("gone")
        told = await located(self._bot, file.telegram_file_id)
        # Only so much has been counted towards the plan's storage.
        if (told.file_size or 0) > file.size:
            raise Refused("too_large")
        async with aclosing(flow.through(pieces(self._bot, told))) as source:
            head = await flow.head(source)
            kind = sniffed(head[:HEAD], file.name, file.media_type)
            self._check(file.name, kind.media_type, kind.ending)
            async with aclosing(_joined(head, source)) as content:
                stored = await self._storage.upload(
                    file.object_key, content, size_limit=file.size, media_type=kind.media_type
                )
        return stored, kind.media_type

    def _check(self, name: str, media_type: str, ending: str) -> None:
        try:
            self._rules.check_type(name, media_type, ending)
        except Invalid:
            raise Refused("type") from None


class _Flow:
    """Counts what comes."""

    def __init__(self) -> None:
        self.bytes = 0

    async def through(self, source: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
        async with aclosing(source) as pieces_:
            async for piece in pieces_:
                self.bytes += len(piece)
                yield piece

    async def head(self, source: AsyncGenerator[bytes, None]) -> bytes:
        """The first pieces, until they are enough to tell what the file is."""
        head = b""
        while len(head) < HEAD and (piece := await anext(source, b"")):
            head += piece
        if not head:
            raise Refused("empty")
        return head


async def _joined(head: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    yield head
    async for piece in rest:
        yield piece
