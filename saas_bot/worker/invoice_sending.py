"""The job that draws an invoice as a PDF, and gives it to whoever has asked for it."""

from dataclasses import asdict, dataclass
from functools import partial

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.methods import SendDocument, SendMessage
from aiogram.types import BufferedInputFile

from saas_bot.core import context
from saas_bot.core.i18n import LANGUAGES, translator
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Account
from saas_bot.drawing.process import DrawingFailed, drawn
from saas_bot.screens import invoice_paper
from saas_bot.screens import invoices as screens
from saas_bot.services import accounts
from saas_bot.services.billing import documents
from saas_bot.services.billing.documents import Document
from saas_bot.worker.background import Lane, insistently
from saas_bot.worker.delivery import is_gone
from saas_bot.worker.sending import call

log = structlog.get_logger(__name__)

PATIENCE = 60.0
"""Seconds for which it is tried; somebody is waiting, and can ask again."""


@dataclass(frozen=True, slots=True)
class InvoiceSending:
    """Sends the invoices that are queued, whichever process queued them."""

    bot: Bot
    database: Database

    def lanes(self) -> list[Lane]:
        """One for each language of the document."""
        return [Lane(f"invoice_{one}", partial(self.send, one), at_once=2) for one in LANGUAGES]

    async def send(
        self, language: str, company_id: int, invoice_id: int, person: int | None = None
    ) -> None:
        """Give the document to the user, or tell them that it failed: they can ask again."""
        about = f"invoice {invoice_id} for {person}"
        await insistently(
            lambda: self._attempt(language, company_id, invoice_id, person or 0), about
        )

    async def _attempt(self, language: str, company_id: int, invoice_id: int, person: int) -> None:
        async with self.database.system_session("invoice.begin") as session:
            wanted = await documents.still_wanted(session, company_id, person, invoice_id)
        if wanted is None:
            return
        account, document = wanted
        chat = account.telegram_id
        with context.bound(user=chat, chat=chat, company=company_id):
            try:
                await self._sent(language, account, document)
            except AiogramError as error:
                # Blocked, or Telegram is away: there is nobody to be told.
                log.warning("invoice.failed", id=invoice_id, error=str(error))
                if is_gone(error):
                    await self._note_gone(account)

    async def _sent(self, language: str, account: Account, document: Document) -> None:
        chat, t = account.telegram_id, translator(account.language)
        its = translator(language)
        said = invoice_paper.paper(its, document)
        try:
            pdf = await drawn("papers", asdict(said))
        except DrawingFailed as error:
            log.error("invoice.not_drawn", number=document.invoice.number, error=str(error))
            sorry = screens.pdf_failed(t, document)
            told = SendMessage(chat_id=chat, text=sorry.text, reply_markup=sorry.keyboard)
            await call(self.bot, told, patience=PATIENCE)
            return
        file = BufferedInputFile(pdf, invoice_paper.file_name(its, document))
        sent = SendDocument(chat_id=chat, document=file, caption=invoice_paper.caption(t, document))
        await call(self.bot, sent, patience=PATIENCE)
        log.info("invoice.sent", number=document.invoice.number, language=language)

    async def _note_gone(self, account: Account) -> None:
        async with self.database.system_session("invoice.blocked") as session:
            await accounts.set_reachable(session, account, reachable=False)
