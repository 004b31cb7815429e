"""Files as Telegram gives them to a bot: where one is, and its bytes in pieces.

Bot API, getFile: a file is found by its id, then fetched from an address that holds for an hour; a
Bot API server of one's own gives a path on its disk instead.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import Any, Final

import aiohttp
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramRetryAfter
from aiogram.methods import GetFile
from aiogram.types import File

from saas_bot.worker.delivery import CALL_TIMEOUT, PASSING

STALL: Final = 30.0
"""Seconds without a byte after which a file is given up for now."""

PIECE: Final = 256 * 1024
_PASSING_STATUSES: Final = frozenset({401, 408, 420, 429})


class Refused(Exception):
    """The file will never be stored; `why` is `too_large`, `gone`, `empty` or `type`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class TelegramAway(Exception):
    """The file can't be had now; in `seconds`, if Telegram has named any, it may."""

    def __init__(self, why: str, seconds: float = 0.0) -> None:
        super().__init__(why)
        self.seconds = seconds


async def located(bot: Bot, file_id: str) -> File:
    """Where a file is, and how large.

    Raises:
        Refused: Telegram gives it to no bot, or has it no more.
        TelegramAway: it may give it later.
    """
    try:
        return await bot(GetFile(file_id=file_id), request_timeout=CALL_TIMEOUT)
    except TelegramRetryAfter as error:
        raise TelegramAway("too many requests", error.retry_after) from error
    except PASSING as error:
        raise TelegramAway(type(error).__name__) from error
    except AiogramError as error:
        raise Refused("too_large" if "too big" in str(error) else "gone") from error


async def pieces(bot: Bot, file: File) -> AsyncGenerator[bytes, None]:
    """The bytes of a located file; close it (`contextlib.aclosing`) where it may be left early.

    Raises:
        Refused, TelegramAway: as in `located`.
    """
    path = file.file_path
    if path is None:
        raise Refused("too_large")
    source = _read(_local(bot, path)) if bot.session.api.is_local else _streamed(bot, path)
    try:
        async with aclosing(source) as read:
            async for piece in read:
                yield piece
    except aiohttp.ClientResponseError as error:
        # The address of a file has the token in it: nothing of the error is passed on.
        if 400 <= error.status < 500 and error.status not in _PASSING_STATUSES:
            raise Refused("gone") from None
        raise TelegramAway(f"status {error.status}") from None
    except FileNotFoundError:
        raise Refused("gone") from None
    except (aiohttp.ClientError, OSError) as error:
        raise TelegramAway(type(error).__name__) from None


def _streamed(bot: Bot, path: str) -> AsyncGenerator[bytes, None]:
    # aiohttp takes more than the whole number that aiogram's signature speaks of.
    patience: Any = aiohttp.ClientTimeout(total=None, sock_connect=CALL_TIMEOUT, sock_read=STALL)
    url = bot.session.api.file_url(bot.token, path)
    return bot.session.stream_content(url, timeout=patience, chunk_size=PIECE)


def _local(bot: Bot, path: str) -> Path:
    return Path(bot.session.api.wrap_local_file.to_local(path))


async def _read(path: Path) -> AsyncGenerator[bytes, None]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece
