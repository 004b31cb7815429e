"""Changing and giving out files: names, what clients see, and who is faster."""

import asyncio
from functools import partial

import pytest

from saas_bot.core.errors import AppError, Conflict, Invalid, NotFound
from saas_bot.db.models import Upload
from saas_bot.domain.files import Kind, Rules
from saas_bot.domain.task_flow import Action, Status
from saas_bot.services import files, tasks
from saas_bot.services.files.sending import remember_telegram_id
from tests import factories
from tests.services.conftest import until_blocked

RULES = Rules(refused=(".exe", ".bat"))


async def a_file(world, name="plan.pdf", **more):
    more.setdefault("task", world.tasks[Status.REVIEW])
    return await factories.file(world.database, world.web, name, by=world.team.worker, **more)


@pytest.mark.parametrize(
    ("name", "said", "kept"),
    [
        ("plan.pdf", "Final", "Final.pdf"),
        ("plan.pdf", "Final.PDF", "Final.PDF"),
        ("plan.pdf", "v1.2 final", "v1.2 final.pdf"),
        ("plan.pdf", "virus.exe", "virus.exe.pdf"),
        ("plan.pdf", "../../etc/passwd", "_.._etc_passwd.pdf"),
        ("plan.pdf", "exe\u202efdp", "exefdp.pdf"),
        ("plan.pdf", "two\nlines\x00", "two lines.pdf"),
        ("README", "NOTES", "NOTES"),
        ("plan.pdf", "я" * 120, "я" * 120 + ".pdf"),
        ("plan.pdf", "😀" * 100, "😀" * 62 + ".pdf"),
        ("plan.pdf", ".pdf", "pdf.pdf"),
        ("plan.pdf", "Final. .pdf", "Final. .pdf"),
        ("plan.pdf", "...", "file.pdf"),
        ("README", "NOTES.txt", "NOTES.txt"),
    ],
)
async def test_another_name_is_tidy_keeps_its_extension_and_fits_a_disk(name, said, kept, world):
    file = await a_file(world, name)
    renamed = await world.do(files.rename, world.team.worker, file, said, RULES)
    assert renamed.line.name == kept
    assert len(kept.encode()) <= 255
    assert await world.value("select name from files") == kept


@pytest.mark.parametrize("said", ["", "\u200b", "x" * 121])
async def test_a_name_of_a_wrong_shape_is_refused(said, world):
    file = await a_file(world)
    with pytest.raises(Invalid):
        await world.do(files.rename, world.team.worker, file, said, RULES)


@pytest.mark.parametrize(
    "said", ["virus.bat", "virus.BAT\u202e", "virus.bat. ", "virus.ｂａt", "virus．bat"]
)
async def test_no_name_makes_a_type_that_is_refused(said, world):
    file = await a_file(world, "virus")
    with pytest.raises(Invalid, match="file-name-refused"):
        await world.do(files.rename, world.team.worker, file, said, RULES)
    assert await world.value("select name from files") == "virus"


async def test_evidence_keeps_its_name_once_it_is_decided(world):
    task = world.tasks[Status.REVIEW]
    review = await world.value(f"select id from reviews where task_id = {task}")
    file = await a_file(world, review_id=review)
    await world.do(files.rename, world.team.worker, file, "Final", RULES)
    await world.do(tasks.move, world.team.client, task, Action.ACCEPT)
    for act in (files.to_rename, partial(files.rename, name="Other", rules=RULES)):
        with pytest.raises(Conflict, match="file-decided"):
            await world.do(act, world.team.admin, file)
    assert await world.value("select name from files") == "Final.pdf"


async def test_the_name_it_has_already_changes_nothing(world):
    file = await a_file(world)
    await world.do(files.rename, world.team.worker, file, "plan", RULES)
    assert not await world.value("select renamed from files")
    assert await world.audit() == []


async def test_a_renamed_file_is_not_given_out_by_its_old_id_until_it_was_sent_anew(world):
    file = await a_file(world, telegram_file_id="old")
    await world.do(files.rename, world.team.worker, file, "Final", RULES)
    sent = await world.do(files.fetch, world.team.client, file)
    assert sent.telegram_file_id is None
    async with world.database.system_session("test") as session:
        await remember_telegram_id(session, world.team.id, sent, Kind.DOCUMENT, "new")
    assert (await world.do(files.fetch, world.team.client, file)).telegram_file_id == "new"


async def test_one_renamed_while_it_was_sent_is_sent_under_its_newest_name_the_next_time(world):
    file = await a_file(world)
    await world.do(files.rename, world.team.worker, file, "Final", RULES)
    sent = await world.do(files.fetch, world.team.client, file)
    await world.do(files.rename, world.team.worker, file, "Really final", RULES)
    async with world.database.system_session("test") as session:
        await remember_telegram_id(session, world.team.id, sent, Kind.DOCUMENT, "late")
    assert (await world.do(files.fetch, world.team.client, file)).telegram_file_id is None


async def test_two_who_delete_at_once_are_told_apart_and_it_is_noted_once(world):
    file = await a_file(world)
    deleting = [world.do(files.remove, one, file) for one in (world.team.admin, world.team.worker)]
    outcomes = await asyncio.gather(*deleting, return_exceptions=True)
    (late,) = [one for one in outcomes if isinstance(one, AppError)]
    assert isinstance(late, Conflict | NotFound)
    assert [one.action for one in await world.audit()] == ["task.file_deleted"]


CHANGES = {
    "hidden": lambda world, file: world.do(
        files.set_internal, world.team.worker, file, internal=True
    ),
    "deleted": lambda world, file: world.do(files.remove, world.team.worker, file),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_what_becomes_part_of_a_submission_meanwhile_is_not(change, world):
    task, worker = world.tasks[Status.REVIEW], world.team.worker
    review = await world.value(f"select id from reviews where task_id = {task}")
    place = {"company_id": world.team.id, "project_id": world.web, "task_id": task}
    async with world.database.system_session("test") as session:
        upload = Upload(**place, user_id=worker.user_id)
        session.add(upload)
        await session.flush()
    file = await a_file(world, upload_id=upload.id)
    async with world.database.tenant_session(world.team.id) as session:
        await files.tie_to_review(session, worker, task, review, [upload.id])
        changing = asyncio.create_task(change(world, file))
        await until_blocked(world.database)
    with pytest.raises(Conflict, match="file-changed"):
        await changing
    assert await world.value(f"select internal from files where review_id = {review}") is False


async def test_hiding_twice_is_noted_once_and_so_is_showing(world):
    file = await a_file(world)
    for internal in (True, True, False, False):
        await world.do(files.set_internal, world.team.worker, file, internal=internal)
    noted = [one.action for one in await world.audit()]
    assert noted == ["task.file_hidden", "task.file_shown"]


async def test_a_file_of_a_project_is_noted_with_the_project(world):
    file = await a_file(world, task=None)
    await world.do(files.rename, world.team.worker, file, "Final", RULES)
    await world.do(files.remove, world.team.worker, file)
    noted = [(one.action, one.entity_id) for one in await world.audit()]
    assert noted == [("project.file_renamed", world.web), ("project.file_deleted", world.web)]


async def test_a_pending_file_has_no_link_and_is_not_sent_from_the_archive(world):
    file = await a_file(world, status="pending")
    for service in (files.link, files.send_from_storage):
        with pytest.raises(Conflict, match="file-not-stored-yet"):
            await world.do(service, world.team.client, file)
