"""Invoices as a worker sends them: once, to whom they are due, and said where it fails."""

import asyncio
from dataclasses import dataclass

import pytest
from aiogram import Bot

from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_conninfo
from saas_bot.db.tenancy import Database
from saas_bot.drawing import process
from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.services.billing import documents
from saas_bot.stopping import in_background
from saas_bot.worker.background import Background
from saas_bot.worker.invoice_sending import InvoiceSending
from tests import factories
from tests.bot.rows import change
from tests.factories import Team, ask
from tests.worker.exports import documents as sent_to
from tests.worker.exports import download, person_of


@dataclass(frozen=True, slots=True)
class Counter:
    """A company with one invoice, which its admin wants."""

    database: Database
    sending: InvoiceSending
    team: Team
    ada: Person
    invoice: int

    async def send(self, language: str = "en") -> None:
        """What is queued when she asks for it."""
        person = self.team.admin.user_id
        await self.sending.send(language, self.team.id, self.invoice, person)


@pytest.fixture
async def counter(database: Database, bot: Bot, sandbox: Sandbox) -> Counter:
    team = await factories.company(database)
    invoice = await factories.invoice(database, team.id)
    ada = await person_of(sandbox, team.admin)
    return Counter(database, InvoiceSending(bot, database), team, ada, invoice)


async def test_it_comes_once_however_often_it_is_asked_for_meanwhile(
    counter: Counter, sandbox: Sandbox, settings: Settings
) -> None:
    async with counter.database.tenant_session(counter.team.id) as session:
        asked = [
            await documents.send(session, counter.team.admin, counter.invoice, language)
            for language in ("ru", "ru", "en")
        ]
    assert asked == [True, False, True]
    background = Background(create_conninfo(settings), counter.sending.lanes())
    left = "select count(*) from procrastinate.procrastinate_jobs"
    async with in_background(background.run()), asyncio.timeout(60):
        while await ask(counter.database, left):  # noqa: ASYNC110 - a worker changes it
            await asyncio.sleep(0.2)
    sent = await sent_to(counter.ada)
    assert {one.file and one.file["name"] for one in sent} == {
        "INV-2026-000001-en.pdf",
        "INV-2026-000001-ru.pdf",
    }
    assert [one.text for one in sent] == ["Invoice INV-2026-000001, €19.00"] * 2
    files = [await download(sandbox, one) for one in sent]
    assert [file[:5] for file in files] == [b"%PDF-"] * 2
    assert files[0] != files[1]


async def test_what_cannot_be_drawn_is_said_with_the_way_back(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    process.kept.clear()
    monkeypatch.setattr(process, "TIMEOUT", 0.01)
    await counter.send()
    said = await counter.ada.sees("I couldn’t make the PDF of INV-2026-000001")
    assert said.button_texts == ["‹ Invoice"]
    assert await sent_to(counter.ada) == []


@pytest.mark.parametrize(
    "statement",
    [
        "update users set role = 'manager'",
        "update users set status = 'deactivated'",
        "update companies set deleted_at = now()",
    ],
)
async def test_the_rights_of_the_moment_decide(counter: Counter, statement: str) -> None:
    before = len(await counter.ada.messages())
    await change(counter.database, statement)
    await counter.send()
    assert len(await counter.ada.messages()) == before
