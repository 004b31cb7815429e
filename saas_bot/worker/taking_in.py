"""One file on its way from Telegram into S3, looked at before and watched meanwhile."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Final

from aiogram import Bot

from saas_bot.core.errors import Invalid
from saas_bot.db.models import File
from saas_bot.domain.files import Rules
from saas_bot.storage import Storage, StorageError, Stored
from saas_bot.storage.sniffing import HEAD, sniffed
from saas_bot.worker.fetching import Refused, TelegramAway, located, pieces

LOOK_EVERY: Final = 1.0
"""Seconds between looks whether the file is still wanted."""

SLOWEST: Final = 100 * 1024
"""Bytes a second below which a file is given up for now; the first minute is free."""

LONGEST: Final = 3000.0
"""Seconds for one file at most: less than `transfers.SETTLES_WITHIN`."""

HANGS_AFTER, ANSWERS_WITHIN = 3.0, 4.0
"""Seconds without progress after which S3 is asked whether it is there, and those it has to answer:
together less than the ten in which people are told."""

Watch = Callable[[int], Awaitable[bool]]
"""Told how many bytes have come, it says whether the file is still wanted."""

Hanging = Callable[[], Awaitable[None]]


class Unwanted(Exception):
    """The file is not to be stored any more, or not by us."""


class TakingIn:
    """Takes files in, whichever company's."""

    def __init__(self, bot: Bot, storage: Storage, rules: Rules) -> None:
        self._bot, self._storage, self._rules = bot, storage, rules

    async def take(self, file: File, watch: Watch, hanging: Hanging) -> tuple[Stored, str]:
        """Store a file under its key; gives what is stored and its media type.

        S3 `hanging` is told of at once: it takes seconds more to give up. Where it fails or the
        file is no longer wanted, nothing stays behind (`Storage.upload`).

        Raises:
            Refused: it can't be stored, now or ever.
            TelegramAway, StorageError: it can't be stored now, since the one or the other does not
                give or take it; `too_large` is for ever.
            Unwanted: see there.
        """
        flow = _Flow()
        transfer = asyncio.create_task(self._transfer(file, flow))
        try:
            async with asyncio.timeout(min(60 + file.size / SLOWEST, LONGEST)):
                while not (await asyncio.wait({transfer}, timeout=LOOK_EVERY))[0]:
                    if not await watch(flow.bytes):
                        raise Unwanted
                    if flow.waits_for_storage > HANGS_AFTER:
                        await self._need_answer(hanging)
                return transfer.result()
        except TimeoutError:
            if flow.waits_for_storage:
                raise StorageError("timeout") from None
            raise TelegramAway("slow") from None
        finally:
            transfer.cancel()
            await asyncio.gather(transfer, return_exceptions=True)

    async def _need_answer(self, hanging: Hanging) -> None:
        try:
            await self._storage.ping(seconds=ANSWERS_WITHIN)
        except StorageError:
            await hanging()
            raise

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
    """Counts what comes, and knows who is waited for."""

    def __init__(self) -> None:
        self.bytes = 0
        self._passed_on: float | None = None

    @property
    def waits_for_storage(self) -> float:
        """Seconds for which nothing more was asked for; 0 while it is Telegram that has to give."""
        return 0.0 if self._passed_on is None else time.monotonic() - self._passed_on

    async def through(self, source: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
        async with aclosing(source) as pieces_:
            async for piece in pieces_:
                self.bytes += len(piece)
                self._passed_on = time.monotonic()
                yield piece
                self._passed_on = None
        self._passed_on = time.monotonic()

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
