"""The job that gives somebody a file out of S3, where Telegram does not have it any more."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramEntityTooLarge
from aiogram.methods import SendMessage
from aiogram.types import InputFile, Message

from saas_bot.core import context
from saas_bot.core.i18n import Translator, translator
from saas_bot.core.metrics import FILE_BYTES, FILE_SECONDS
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Account
from saas_bot.domain.files import MB, Kind, Rules
from saas_bot.screens import files as screens
from saas_bot.screens import uploads as words
from saas_bot.screens.screen import Screen
from saas_bot.services import accounts
from saas_bot.services.files import FileToSend, sending
from saas_bot.storage import Storage, StorageError
from saas_bot.worker.background import insistently
from saas_bot.worker.delivery import is_gone
from saas_bot.worker.sending import call

log = structlog.get_logger(__name__)

PHOTO_MOST: Final = 10 * MB
"""Bytes of a photo (Bot API, sendPhoto)."""

SENDING: Final = 300
"""Seconds for one attempt to send a file."""

ANSWERS_WITHIN: Final = 5.0
"""Seconds within which S3 has to answer before anything is read from it."""

PATIENCE: Final = 60.0
"""Seconds for which it is tried; somebody is waiting, and can ask again."""


class FromStorage(InputFile):
    """A file as Telegram takes it, read from S3 while it is being sent, each time anew."""

    def __init__(self, storage: Storage, file: FileToSend) -> None:
        super().__init__(filename=file.name)
        self._storage, self._key = storage, file.object_key
        self.problem: StorageError | None = None
        """What kept it from being read; the library tells of a broken connection only."""

    async def read(self, bot: Bot) -> AsyncGenerator[bytes, None]:
        """Its pieces."""
        try:
            async with aclosing(self._storage.download(self._key)) as pieces:
                async for piece in pieces:
                    yield piece
        except StorageError as error:
            self.problem = error
            raise


@dataclass(frozen=True, slots=True)
class FileSending:
    """Sends the files that are queued, whichever process queued them."""

    bot: Bot
    database: Database
    storage: Storage
    rules: Rules
    links: bool
    """Whether people can reach S3 by a link."""

    async def send(self, company_id: int, file_id: int, person: int | None = None) -> None:
        """Give the file to the user, or tell them why not: they can ask again."""
        about = f"file {file_id} for {person}"
        await insistently(lambda: self._attempt(company_id, file_id, person or 0), about)

    async def _attempt(self, company_id: int, file_id: int, person: int) -> None:
        began = time.perf_counter()
        async with self.database.system_session("send_file.begin") as session:
            wanted = await sending.still_wanted(session, company_id, person, file_id)
        if wanted is None:
            return
        account, file = wanted
        outcome = "failed"
        chat = account.telegram_id
        with context.bound(user=chat, chat=chat, company=company_id):
            try:
                outcome = await self._sent(company_id, account, file)
            except AiogramError as error:
                # Blocked, or Telegram is away: there is nobody to be told.
                log.warning("send_file.failed", id=file_id, error=str(error))
                if is_gone(error):
                    await self._note_gone(account)
            finally:
                FILE_SECONDS.labels("out", outcome).observe(time.perf_counter() - began)
                log.info("send_file.over", id=file_id, outcome=outcome)

    async def _sent(self, company_id: int, account: Account, file: FileToSend | None) -> str:
        """Send the file, or say why not; gives how it ended."""
        t = translator(account.language)
        if file is None or not file.stored:
            return await self._say(account, t, "pending" if file else "gone", file)
        if file.size > self.rules.most_out:
            if not self.links:
                return await self._say(account, t, "too_large", file)
            await self._show(account, screens.link(t, file, self._link(file)))
            return "linked"
        if not await self._storage_answers():
            return await self._say(account, t, "storage", file)
        content = FromStorage(self.storage, file)
        try:
            kind, message = await self._uploaded(account, t, file, content)
        except AiogramError as error:
            if is_gone(error):
                raise
            return await self._say(account, t, _why(content, error), file)
        FILE_BYTES.labels("out").inc(file.size)
        known_as = _file_id(message, kind)
        if known_as:
            async with self.database.system_session("send_file.sent") as session:
                await sending.remember_telegram_id(session, company_id, file, kind, known_as)
        return "sent"

    async def _storage_answers(self) -> bool:
        """Whether S3 can be asked for a file now: somebody is waiting, so it has little time."""
        try:
            await self.storage.ping(seconds=ANSWERS_WITHIN)
        except StorageError:
            return False
        return True

    async def _uploaded(
        self, account: Account, t: Translator, file: FileToSend, content: FromStorage
    ) -> tuple[Kind, Message]:
        """Send it as what it came as, or else as a document; gives as what, and the message."""
        if file.kind is not Kind.DOCUMENT and _fits(file):
            try:
                return file.kind, await self._call(account, t, file, content, file.kind)
            except TelegramBadRequest as error:
                if is_gone(error):
                    raise
                log.info("send_file.as_document", id=file.id, error=error.message)
        return Kind.DOCUMENT, await self._call(account, t, file, content, Kind.DOCUMENT)

    async def _call(
        self, account: Account, t: Translator, file: FileToSend, content: FromStorage, kind: Kind
    ) -> Message:
        method = screens.sending(t, account.telegram_id, file, content, kind)
        message: Message = await call(
            self.bot,
            method,
            patience=PATIENCE,
            call_seconds=SENDING,
            hopeless=lambda: content.problem is not None,
        )
        return message

    def _link(self, file: FileToSend) -> str:
        return self.storage.presign(
            file.object_key,
            seconds=60 * screens.LINK_MINUTES,
            filename=file.name,
            media_type=file.media_type,
        )

    async def _say(self, account: Account, t: Translator, why: str, file: FileToSend | None) -> str:
        await self._show(account, words.not_sent(t, why, file, self.rules.most_out))
        return why

    async def _show(self, account: Account, shown: Screen) -> None:
        chat = account.telegram_id
        said = SendMessage(chat_id=chat, text=shown.text, reply_markup=shown.keyboard)
        await call(self.bot, said, patience=PATIENCE)

    async def _note_gone(self, account: Account) -> None:
        async with self.database.system_session("send_file.blocked") as session:
            await accounts.set_reachable(session, account, reachable=False)


def _fits(file: FileToSend) -> bool:
    return file.kind is not Kind.PHOTO or file.size <= PHOTO_MOST


def _why(content: FromStorage, error: AiogramError) -> str:
    if content.problem is not None:
        return "lost" if content.problem.code == "not_found" else "storage"
    return "too_large" if isinstance(error, TelegramEntityTooLarge) else "telegram"


def _file_id(message: Any, kind: Kind) -> str | None:
    """By which id Telegram has what was sent; None where it has made something else of it."""
    sent = getattr(message, kind.value, None)
    largest = sent[-1] if kind is Kind.PHOTO and sent else sent
    return getattr(largest, "file_id", None)
