"""/op_backup: operators ask for a backup, once at a time, and hear what came of it."""

import pytest
from sqlalchemy import select, text

from saas_bot.db.models import OutboxMessage
from saas_bot.screens.notifications import render
from saas_bot.services.notifications import Kind
from saas_bot.services.operators import backups
from tests.bot.conftest import OPERATOR
from tests.bot.rows import change, rows

QUEUED = "select args from procrastinate.procrastinate_jobs where queue_name = 'backup'"
NOTED = "select actor_kind, actor_name, company_id from audit_logs where action = 'backup.asked'"
MADE = {
    "file": "backup_saasdb_2025-10-09_23-45.sql.gz",
    "bytes": 4_200_000,
    "rows": 209_489,
    "seconds": 3.5,
    "proven": True,
    "copied": True,
    "problems": [],
}


async def told(database, kind, facts, *, operators=frozenset({OPERATOR})):
    """The text of the message that a worker would send."""
    async with database.system_session("test") as session:
        backups.tell(session, OPERATOR, kind, facts)
    async with database.system_session("test") as session:
        newest = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)
        calls = await render(session, await session.scalar(newest), operators=operators)
    return None if calls is None else calls[0].text


async def test_it_is_queued_once_and_noted(olga, database):
    await olga.sends("/op_backup")
    assert "is queued" in olga.screen.text
    await olga.sends("/op_backup")
    assert "being made already" in olga.screen.text
    assert await rows(database, QUEUED) == [{"company_id": 0, "subject": 0, "person": OPERATOR}]
    assert await rows(database, NOTED) == [("operator", "Olga", None)]


async def test_once_it_is_done_another_one_may_be_asked_for(olga, database):
    await olga.sends("/op_backup")
    async with database.system_session("test") as session:
        await session.execute(text("set local search_path = procrastinate"))
        await session.execute(text("delete from procrastinate_jobs"))
    await olga.sends("/op_backup")
    assert "is queued" in olga.screen.text


async def test_whoever_asked_hears_size_and_time(olga, database):
    said = await told(database, Kind.BACKUP_MADE, MADE)
    assert MADE["file"] in said
    assert "4.2 MB" in said or "4 MB" in said
    assert "209,489 rows" in said
    assert "3.5 s" in said
    assert "Copied to S3" in said
    assert "Restored for a trial" in said


async def test_what_failed_after_it_was_made_is_said(olga, database):
    facts = {**MADE, "proven": False, "copied": False, "problems": ["differs"]}
    said = await told(database, Kind.BACKUP_MADE, facts)
    assert "✅" not in said
    assert "⚠️ Restored for a trial, it is not what was backed up." in said


@pytest.mark.parametrize(
    ("language", "wanted"), [("en", "The disk is full."), ("ru", "Диск полон.")]
)
async def test_why_there_is_none_is_said_in_the_persons_language(olga, database, language, wanted):
    await change(
        database,
        "update accounts set language = :language where telegram_id = :who",
        language=language,
        who=OPERATOR,
    )
    assert wanted in await told(database, Kind.BACKUP_FAILED, {"why": "no_room"})


async def test_whoever_is_no_operator_any_more_hears_nothing(olga, database):
    assert await told(database, Kind.BACKUP_MADE, MADE, operators=frozenset()) is None


async def test_for_anybody_else_there_is_nothing_to_ask_for(acme, database):
    await acme.ada.sends("/op_backup")
    assert await rows(database, QUEUED) == []
