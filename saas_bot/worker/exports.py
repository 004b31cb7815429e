"""The job that makes a report's file, and sends it or keeps it to be downloaded."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramEntityTooLarge
from aiogram.methods import SendDocument, SendPhoto
from aiogram.types import FSInputFile

from saas_bot.core import context
from saas_bot.core.errors import AppError
from saas_bot.core.i18n import Translator, translator
from saas_bot.core.metrics import JOB_SECONDS, JOB_SUCCEEDED
from saas_bot.core.outage import backoff
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Actor
from saas_bot.domain.report_export import Delivery, Format, State
from saas_bot.screens import exports as screens
from saas_bot.services import accounts, export_files, export_tasks
from saas_bot.services import exports as service
from saas_bot.services.export_tasks import Extent
from saas_bot.services.exports import Begun
from saas_bot.storage import Storage, StorageError
from saas_bot.worker.charts import chart
from saas_bot.worker.delivery import is_gone
from saas_bot.worker.progress import ProgressLine, Silence
from saas_bot.worker.report_tables import Making, csv_table, xlsx_table
from saas_bot.worker.sending import call
from saas_bot.worker.sheets import TooManyRows, zipped

log = structlog.get_logger(__name__)

MOST_ATTEMPTS: Final = 5
"""An export is begun so often at most, by whichever workers; then the person is told."""

FIRST_DELAY, LONGEST_DELAY = 2.0, 60.0
"""Seconds before the next attempt: after the first one, and at most."""

UPLOAD_MOST: Final = 50 * 1024 * 1024
"""Bytes of a file that a bot may send (Bot API, "Sending files")."""

KEPT_MOST: Final = 1024 * 1024 * 1024
"""Bytes of a file that is kept to be downloaded."""

PIECE: Final = 256 * 1024

UPLOAD_TIMEOUT: Final = 300
"""Seconds for sending a file."""


class TooLarge(Exception):
    """Telegram, or the bucket, does not take a file of that size."""


class Superseded(Exception):
    """The export is not this worker's to make any more: cancelled, or taken on by another."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What makes a format's file, and how it is sent: with which words, as a photo or a document.

    One that `packs` well is sent as an archive where it would be too large otherwise.
    """

    make: Callable[[Making], Awaitable[Path]]
    caption: Callable[[Translator, Actor, Extent], str] = screens.caption
    as_photo: bool = False
    packs: bool = False


KINDS: Final[Mapping[Format, Kind]] = {
    Format.XLSX: Kind(xlsx_table),
    Format.CSV: Kind(csv_table, packs=True),
    Format.CHART: Kind(chart, caption=screens.chart_caption, as_photo=True),
}
"""Every format that a report is given as."""


class Exports:
    """Makes the exports that are queued, whichever process queued them, and gives them out."""

    def __init__(self, bot: Bot, database: Database, storage: Storage) -> None:
        self._bot, self._database, self._storage = bot, database, storage

    async def make(self, company_id: int, export_id: int, _: int | None = None) -> None:
        """See one export through: sent, kept, given up, or found to be over.

        What goes wrong on the way is tried again here, since only a database that works can put a
        job off.
        """
        failures = 0
        while True:
            try:
                return await self._attempt(company_id, export_id)
            except Exception:
                failures += 1
                log.exception("export.attempt_failed", id=export_id)
            await asyncio.sleep(backoff(failures, first=FIRST_DELAY, most=LONGEST_DELAY))

    async def _attempt(self, company_id: int, export_id: int) -> None:
        async with self._database.system_session("export.begin") as session:
            begun = await service.begin(session, company_id, export_id)
        if begun is None:
            return
        chat = begun.account.telegram_id
        with context.bound(user=chat, chat=chat, company=company_id):
            started, outcome = time.perf_counter(), "retried"
            name = f"export_{begun.export.format}"
            try:
                outcome = await self._see_through(begun)
                log.info("export.over", id=export_id, outcome=outcome)
            finally:
                JOB_SECONDS.labels(name, outcome).observe(time.perf_counter() - started)
            if outcome in (State.SENT, State.READY):
                JOB_SUCCEEDED.labels(name).set_to_current_time()

    async def _see_through(self, begun: Begun) -> str:
        """Make it and give it out; gives how it ended. What may pass by itself is raised."""
        export = begun.export
        line = self._line(begun)
        ending = _Ending(self._database, begun, line)
        try:
            if begun.actor is None:
                return await ending.note(State.CANCELLED, "not a member")
            if export.attempts > MOST_ATTEMPTS:
                return await ending.note(State.FAILED, "too many attempts", "failed")
            state, kept = await self._make(begun, begun.actor, line)
            return await ending.note(state, **kept)
        except Superseded:
            return await ending.superseded()
        except AppError as error:
            return await ending.note(State.CANCELLED, error.code)
        except TooManyRows:
            return await ending.note(State.FAILED, "too many rows", "too-many")
        except (TooLarge, TelegramEntityTooLarge):
            return await ending.note(State.FAILED, "too large", "too-large")
        except Exception as error:
            if not is_gone(error):
                raise
            await ending.blocked()
            return await ending.note(State.CANCELLED, str(error))
        finally:
            await line.leave()

    def _line(self, begun: Begun) -> ProgressLine | Silence:
        if begun.export.delivery == Delivery.DOWNLOAD:
            return Silence()
        chat, message_id = begun.account.telegram_id, begun.export.message_id
        return ProgressLine(self._bot, chat, message_id, self._kept(begun))

    async def _make(
        self, begun: Begun, actor: Actor, line: ProgressLine | Silence
    ) -> tuple[State, dict[str, Any]]:
        """Have the file made, and give it out; gives what that makes of the export.

        Raises:
            AppError: the person has lost access to what they asked for.
            Superseded, TooLarge, TooManyRows: see there.
        """
        t, kind = translator(begun.account.language), KINDS[Format(begun.export.format)]
        async with self._database.tenant_session(actor.company_id) as session:
            projects = await export_files.covers(session, actor)
            covered = await export_tasks.extent(session, actor, begun.export)
        tell = self._tell(begun, line, covered.total)
        await tell(0)
        with tempfile.TemporaryDirectory(
            prefix="saas_bot-export-", ignore_cleanup_errors=True
        ) as made:
            making = Making(self._database, actor, t, covered, Path(made), tell)
            path = await kind.make(making)
            name = screens.file_name(actor, covered, path.suffix)
            if begun.export.delivery == Delivery.DOWNLOAD:
                kept = await self._keep(begun, path)
                return State.READY, {"name": name, "role": actor.role, "projects": projects, **kept}
            if kind.packs and path.stat().st_size > UPLOAD_MOST:
                path = await asyncio.to_thread(zipped, path, name)
                name = f"{name}{path.suffix}"
            if path.stat().st_size > UPLOAD_MOST:
                raise TooLarge
            await self._send(begun, kind, FSInputFile(path, name), kind.caption(t, actor, covered))
        return State.SENT, {}

    def _tell(
        self, begun: Begun, line: ProgressLine | Silence, total: int
    ) -> Callable[[int], Awaitable[None]]:
        """Notes how far the export has come, and ends the work where it is not ours any more."""
        t = translator(begun.account.language)

        async def tell(rows: int) -> None:
            async with self._database.system_session("export.progress") as session:
                ours = await service.note(session, begun.export, rows, total)
            if not ours:
                raise Superseded
            line.show(screens.progress(t, begun.export, rows, total))

        return tell

    async def _keep(self, begun: Begun, path: Path) -> dict[str, Any]:
        async with self._database.system_session("export.place") as session:
            key, until = await export_files.place(session, begun.export)
        try:
            stored = await self._storage.upload(key, _pieces(path), size_limit=KEPT_MOST)
        except StorageError as error:
            if error.code == "too_large":
                raise TooLarge from None
            raise
        return {"object_key": key, "expires_at": until, "size": stored.size}

    async def _send(self, begun: Begun, kind: Kind, file: FSInputFile, caption: str) -> None:
        async with self._database.system_session("export.recheck") as session:
            if not await service.recheck(session, begun):
                raise Superseded
        chat = begun.account.telegram_id
        send: SendDocument | SendPhoto = (
            SendPhoto(chat_id=chat, photo=file, caption=caption)
            if kind.as_photo
            else SendDocument(chat_id=chat, document=file, caption=caption)
        )
        await call(self._bot, send, call_seconds=UPLOAD_TIMEOUT)

    def _kept(self, begun: Begun) -> Callable[[int], Awaitable[None]]:
        async def kept(message_id: int) -> None:
            async with self._database.system_session("export.line") as session:
                await service.remember_line(session, begun.export, message_id)

        return kept


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece


@dataclass(frozen=True, slots=True)
class _Ending:
    """How an export ends: noted, and said where there is something to say."""

    database: Database
    begun: Begun
    line: ProgressLine | Silence

    async def note(
        self, state: State, error: str | None = None, told: str = "", **kept: Any
    ) -> str:
        async with self.database.system_session("export.end") as session:
            await service.finish(session, self.begun.export, state, error, **kept)
        await self._say(told)
        return state

    async def superseded(self) -> str:
        """Whoever cancelled it is told; another worker that has taken it on goes on by itself."""
        async with self.database.system_session("export.superseded") as session:
            state = await service.state_of(session, self.begun.export)
        if state in (State.CANCELLED, None):
            await self._say("cancelled" if state else "")
        return State.CANCELLED if state in (State.CANCELLED, None) else "superseded"

    async def blocked(self) -> None:
        async with self.database.system_session("export.blocked") as session:
            await accounts.set_reachable(session, self.begun.account, reachable=False)

    async def _say(self, told: str) -> None:
        t = translator(self.begun.account.language)
        await self.line.end(screens.ended(t, self.begun.export, told) if told else None)
