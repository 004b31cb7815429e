"""The job that takes what somebody has sent from Telegram to S3, and answers them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog
from aiogram import Bot

from saas_bot.core import context
from saas_bot.core.clock import now
from saas_bot.core.i18n import translator
from saas_bot.core.metrics import FILE_BYTES, FILE_SECONDS
from saas_bot.core.outage import backoff
from saas_bot.db.models import File
from saas_bot.db.tenancy import Database
from saas_bot.domain.files import Rules
from saas_bot.screens import uploads as screens
from saas_bot.services.files import outcomes, transfers
from saas_bot.services.files.outcomes import Outcome
from saas_bot.services.files.reconciling import LOST
from saas_bot.services.files.transfers import Begun
from saas_bot.storage import Storage, StorageError, Stored
from saas_bot.worker.background import Later, insistently
from saas_bot.worker.fetching import Refused, TelegramAway
from saas_bot.worker.progress import ProgressLine
from saas_bot.worker.taking_in import ANSWERS_WITHIN, TakingIn, Unwanted, Watch

log = structlog.get_logger(__name__)

AGAIN_AFTER: Final = 15.0
"""Seconds before S3 is asked again whether it is there."""

FIRST_PAUSE, LONGEST_PAUSE = 3.0, 120.0
"""Seconds before the next attempt at what has failed: after the first one, and at most."""

MOST_ERRORS: Final = 5
"""Times that something unforeseen may go wrong, some attempts each time, before it is given up."""

HEARD_OF_AFTER: Final = timedelta(minutes=1)
"""Whoever has waited longer for the answer is told by a message of its own."""

ANSWERING, SAYING = 30.0, 5.0
"""Seconds for which it is tried to answer, and to say that something is away."""


class Superseded(Exception):
    """Another worker has taken the upload on."""


class Away(Exception):
    """`what`, S3 (`storage`) or `telegram`, is away; it is tried again in so many seconds."""

    def __init__(self, what: str, seconds: float) -> None:
        super().__init__(what)
        self.what, self.seconds = what, seconds


@dataclass(frozen=True, slots=True)
class Uploads:
    """Stores the uploads that are queued, whichever process queued them."""

    bot: Bot
    database: Database
    storage: Storage
    rules: Rules
    knowing: set[int] = field(default_factory=set)
    """The uploads whose senders know that S3 is away: it is not said every time it is asked."""

    async def store(self, company_id: int, upload_id: int, _: int | None = None) -> None:
        """See one upload through: stored, given up, or found to be over.

        Raises:
            Later: it is to be tried again after a while.
        """
        try:
            await insistently(lambda: self._attempt(company_id, upload_id), f"upload {upload_id}")
        except Later:
            raise
        except Exception as error:
            if not await self._given_up(company_id, upload_id):
                raise Later(LONGEST_PAUSE) from error
        self.knowing.discard(upload_id)

    async def _given_up(self, company_id: int, upload_id: int) -> bool:
        """Whether it has gone wrong too often, by a fault of our own; who has sent it is told."""
        try:
            async with self.database.system_session("upload.error") as session:
                errors = await transfers.note_error(session, company_id, upload_id)
                if errors < MOST_ERRORS:
                    return False
                await transfers.give_up(session, company_id, upload_id)
            log.error("upload.given_up", id=upload_id, company=company_id, errors=errors)
            await self._attempt(company_id, upload_id)
        except Later:
            raise
        except Exception:
            log.exception("upload.giving_up_failed", id=upload_id)
            return False
        return True

    async def _attempt(self, company_id: int, upload_id: int) -> None:
        await self._need_storage(company_id, upload_id)
        async with self.database.system_session("upload.begin") as session:
            begun = await transfers.begin(session, company_id, upload_id)
        if begun is None:
            return
        chat = begun.account.telegram_id
        with context.bound(user=chat, chat=chat, company=company_id):
            await _Attempt(self, begun).see_through()

    async def _need_storage(self, company_id: int, upload_id: int) -> None:
        """What was begun before is begun anew only when S3 answers.

        Each beginning takes new keys: an outage of hours would leave thousands of them.
        """
        async with self.database.system_session("upload.waits") as session:
            waits = await transfers.waits(session, company_id, upload_id)
        if not waits:
            return
        try:
            await self.storage.ping(seconds=ANSWERS_WITHIN)
        except StorageError as error:
            if upload_id not in self.knowing:
                await self._say_away(company_id, upload_id)
            raise Later(AGAIN_AFTER) from error

    async def _say_away(self, company_id: int, upload_id: int) -> None:
        """Say that S3 is away, where the attempt before had another reason to wait."""
        async with self.database.system_session("upload.sender") as session:
            sent = await transfers.sender(session, company_id, upload_id)
        if sent is None:
            return
        upload, account = sent

        async def kept(message_id: int) -> None:
            async with self.database.system_session("upload.line") as session:
                await transfers.remember_answer(session, upload, message_id)

        said = screens.waiting(translator(account.language), upload, "storage")
        line = ProgressLine(self.bot, account.telegram_id, upload.message_id, kept)
        if await line.end(said, patience=SAYING):
            self.knowing.add(upload_id)


class _Attempt:
    """One attempt at an upload."""

    def __init__(self, desk: Uploads, begun: Begun) -> None:
        self._desk, self._begun, self._upload = desk, begun, begun.upload
        self._t = translator(begun.account.language)
        self._taking = TakingIn(desk.bot, desk.storage, desk.rules)
        chat = begun.account.telegram_id
        self._line = ProgressLine(desk.bot, chat, self._upload.message_id, self._kept)
        self._again = False
        """All of it was stored before, and is stored again: nobody waits for it."""

    async def see_through(self) -> None:
        """Store it all, answer, tell others.

        Raises:
            Later: something is away; whoever has sent it knows.
        """
        try:
            while files := await self._pending():
                for file in files:
                    await self._settle(file)
            await self._answer()
        except Superseded:
            log.info("upload.superseded", id=self._upload.id)
        except Away as away:
            await self._say_waiting(away)
            raise Later(away.seconds) from away
        finally:
            await self._line.leave()

    # Files

    async def _pending(self) -> Sequence[File]:
        async with self._desk.database.system_session("upload.pending") as session:
            if await transfers.is_superseded(session, self._upload):
                raise Superseded
            files = await transfers.pending(session, self._upload)
        self._again = all(one.stored_at for one in files) if files else self._again
        return files

    async def _still_waits(self) -> bool:
        async with self._desk.database.system_session("upload.waits") as session:
            return bool(await transfers.pending(session, self._upload))

    async def _settle(self, file: File) -> None:
        """Have a file stored, or given up.

        Raises:
            Superseded, Away: see there.
        """
        began, outcome = time.perf_counter(), "cut_off"
        try:
            outcome = await self._outcome(file)
        except Away as away:
            outcome = f"{away.what}_away"
            raise
        finally:
            FILE_SECONDS.labels("in", outcome).observe(time.perf_counter() - began)
            log.info("upload.file", id=file.id, outcome=outcome)

    async def _outcome(self, file: File) -> str:
        """What has become of a file, noted: `stored`, `unwanted`, or why it failed."""
        if self._desk.storage.away:
            return await self._put_off(file, "storage", AGAIN_AFTER)
        try:
            stored, media_type = await self._taking.take(file, self._watch(file), self._say_hanging)
        except Unwanted:
            return "unwanted"
        except Refused as refused:
            return await self._failed(file, refused.why)
        except StorageError as error:
            if error.code == "too_large":
                return await self._failed(file, "too_large")
            return await self._put_off(file, "storage", AGAIN_AFTER)
        except TelegramAway as error:
            return await self._put_off(file, "telegram", error.seconds)
        return await self._stored(file, stored, media_type)

    def _watch(self, file: File) -> Watch:
        async def watch(so_far: int) -> bool:
            if not self._again:
                self._line.show(screens.progress(self._t, self._upload, file, so_far))
            async with self._desk.database.system_session("upload.watch") as session:
                return await transfers.still_wanted(session, self._upload, file)

        return watch

    async def _stored(self, file: File, stored: Stored, media_type: str) -> str:
        async with self._desk.database.system_session("upload.stored") as session:
            if await transfers.stored(session, self._begun, file, stored, media_type):
                FILE_BYTES.labels("in").inc(stored.size)
                return "stored"
        try:
            await self._desk.storage.delete([file.object_key])
        except StorageError as error:
            # The key is noted among those that are to go.
            log.info("upload.left", key=file.object_key, error=error.code)
        return "unwanted"

    async def _failed(self, file: File, why: str) -> str:
        why = LOST if file.stored_at else why
        async with self._desk.database.system_session("upload.failed") as session:
            return why if await transfers.failed(session, self._begun, file, why) else "unwanted"

    async def _put_off(self, file: File, what: str, seconds: float) -> str:
        if transfers.is_too_old(self._upload):
            return await self._failed(file, what)
        raise Away(what, max(seconds, self._pause()))

    def _pause(self) -> float:
        return backoff(self._upload.attempts, first=FIRST_PAUSE, most=LONGEST_PAUSE)

    # Words

    async def _answer(self) -> None:
        """Say what has become of it all; then others hear of it.

        In this order: who is killed in between leaves an upload that is begun again, and the same
        answer is no second message.

        Raises:
            Away: Telegram is, so that it could not be said.
        """
        async with self._desk.database.system_session("upload.outcome") as session:
            outcome = await outcomes.outcome(session, self._upload)
        if self._again and not (outcome and outcome.failed):
            return
        said = screens.answer(self._t, outcome, self._begun.actor.role)
        if not await self._line.end(said, patience=ANSWERING, anew=self._is_late(outcome)):
            raise Away("telegram", self._pause())
        if outcome is not None and outcome.stored:
            async with self._desk.database.tenant_session(self._upload.company_id) as session:
                await transfers.tell_others(session, self._begun)

    def _is_late(self, outcome: Outcome | None) -> bool:
        news = outcome is not None and (outcome.stored or outcome.failed)
        return bool(news) and now() - self._upload.created_at > HEARD_OF_AFTER

    async def _say_hanging(self) -> None:
        await self._say_waiting(Away("storage", AGAIN_AFTER))

    async def _say_waiting(self, away: Away) -> None:
        """S3 being away is said at once; that Telegram stumbled once is not worth a word."""
        # It may have been cancelled while S3 hung, and that was said.
        if self._again or not await self._still_waits():
            return
        if away.what == "storage" or self._upload.attempts > 1:
            said = screens.waiting(self._t, self._upload, away.what)
            if await self._line.end(said, patience=SAYING) and away.what == "storage":
                self._desk.knowing.add(self._upload.id)

    async def _kept(self, message_id: int) -> None:
        async with self._desk.database.system_session("upload.line") as session:
            await transfers.remember_answer(session, self._upload, message_id)
