"""`storage reconcile` as an operator runs it."""

import asyncio
import json
import logging
from typing import Any

import pytest
import structlog

from saas_bot import reconcile as command
from saas_bot.core.errors import NotFound
from saas_bot.core.settings import Settings
from saas_bot.embedded import S3
from saas_bot.services.files import uploads
from saas_bot.worker.reconcile import Reconciliation
from tests.worker.cabinet import DATA, Cabinet
from tests.worker.comparing import everything
from tests.worker.uploading import PDF, Office


@pytest.fixture
def cli(settings: Settings, s3: S3, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Any:
    """Carries out the command; gives the exit code and what it says."""

    async def run(*options: str, **changed: str) -> tuple[int, str]:
        there = {
            "ENV": "test",
            "BOT_TOKEN": settings.bot_token.get_secret_value(),
            "DATABASE_URL": settings.dsn,
            "TEST_DATABASE_URL": settings.dsn,
            "S3_ENDPOINT_URL": s3.endpoint,
        }
        for name, value in (there | changed).items():
            monkeypatch.setenv(name, value)
        logs = structlog.get_config()
        try:
            code = await asyncio.to_thread(command.main, ["reconcile", *options])
        finally:
            logging.disable(logging.NOTSET)
            structlog.configure(**logs)
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


async def test_the_command_says_what_differs_and_mends_it_when_told_to(
    files: Cabinet, cli: Any
) -> None:
    missing = await files.file(object_too=False)
    told = f"{missing.object_key}, file {missing.id} of company {files.team.id}, {len(DATA)} bytes"
    code, said = await cli()
    assert (code, said.splitlines()) == (
        1,
        [
            "Compared 0 objects with 1 file.",
            "1 file without an object",
            f"    {told}",
            "Nothing was changed; --fix mends what can be mended.",
            "1 difference left.",
        ],
    )
    code, said = await cli("--fix", "--json")
    assert code == 0
    assert json.loads(said)["differences"]["missing_object"] == {
        "found": 1,
        "mended": {"queued to be stored again": 1},
        "left": 0,
        "examples": [f"{told}: queued to be stored again"],
    }
    assert await cli() == (0, "Compared 0 objects with 1 file.\nNo differences.\n")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"S3_ENDPOINT_URL": "http://127.0.0.1:1"}, "S3 can't be used: unreachable"),
        ({"S3_SECRET_KEY": "wrong"}, "S3 can't be used: forbidden"),
        ({"S3_BUCKET": "nobody-made-it"}, "S3 can't be used: no_bucket"),
        ({"TEST_DATABASE_URL": "postgresql+asyncpg://u:p@127.0.0.1:1/a_test"}, "unreachable"),
    ],
)
async def test_the_command_says_in_one_line_what_is_away(
    files: Cabinet, cli: Any, changed: dict[str, str], said: str
) -> None:
    await files.file(object_too=False)
    code, told = await cli("--fix", **changed)
    assert (code, told.count("\n")) == (2, 1)
    assert said in told
    assert await files.rows("select count(*) from files where status = 'stored'") == [1]


async def test_a_bucket_that_seems_to_be_another_ones_is_not_mended(
    files: Cabinet, cli: Any
) -> None:
    for _ in range(21):
        await files.file(object_too=False)
    before = await everything(files)
    code, said = await cli("--fix")
    assert code == 1
    assert "Nothing is changed: most of what is in the bucket is not in the database" in said
    assert await everything(files) == before
    code, said = await cli("--fix", "--even-so")
    assert (code, await files.rows("select distinct status from files")) == (0, ["pending"])


async def test_what_can_not_come_again_is_said_to_be_lost(office: Office) -> None:
    await office.store(await office.add(await office.sent("plan.pdf")))
    (before,) = await office.rows()
    await office.change("update files set telegram_file_id = 'nothing', created_at = '2026-01-01'")
    await office.storage.delete([before.object_key])
    await Reconciliation(office.database, office.storage, fix=True).run()
    (waits,) = await office.rows()
    await office.store(waits.upload_id or 0)
    _, answer = await office.answers()
    assert answer.text.startswith("⚠️ plan.pdf is lost: the storage no longer has it.")


async def test_what_is_too_young_to_be_judged_is_counted(office: Office, cli: Any) -> None:
    await office.store(await office.add(await office.sent("plan.pdf")))
    await office.change("delete from files")
    code, said = await cli()
    assert (code, said.splitlines()[-3:]) == (
        0,
        [
            "Compared 1 object with 0 files.",
            "Not judged yet: 1 object without a file, less than an hour old, may be on the way.",
            "No differences.",
        ],
    )


async def test_what_s3_has_lost_comes_from_telegram_again(office: Office) -> None:
    await office.store(await office.add(await office.sent("agreed.pdf")))
    (before,) = await office.rows()
    await office.change("update files set created_at = now() - interval '9 days'")
    await office.storage.delete([before.object_key])
    report = await Reconciliation(office.database, office.storage, fix=True).run()
    assert (report.count, report.left) == (1, 0)
    (waits,) = await office.rows()
    # Her own button can't take away what has been stored before.
    async with office.database.tenant_session(office.team.id) as session:
        with pytest.raises(NotFound):
            await uploads.cancel(session, office.team.worker, waits.upload_id or 0)
    await office.store(waits.upload_id or 0)
    (after,) = await office.rows()
    assert (after.status, after.sha256, await office.content(after)) == (
        "stored",
        before.sha256,
        PDF,
    )
    assert after.object_key != before.object_key
    assert await office.is_whole()
    # Nobody hears of it as of something new, not even whoever sent it.
    assert len(await office.answers()) == 1
    assert len(await office.fetched("select 1 from outbox")) == 1
    audit = "select actor_kind, action from audit_logs where action like '%file%' order by id"
    assert await office.fetched(audit) == [
        ("user", "task.file_added"),
        ("system", "file.stored_again"),
        ("system", "file.stored"),
    ]
