"""People of the same name are told apart wherever only a name would stand for one of them."""

from datetime import timedelta

import pytest

from saas_bot.core.clock import now
from saas_bot.domain.permissions import Role
from saas_bot.services import reminders
from tests import factories
from tests.bot.delivering import deliver
from tests.bot.rows import change
from tests.bot.test_onboarding import token_in


@pytest.fixture
async def two(acme, database):
    """Acme with two workers called Walt, №5 and №6, both in the project; №5 has a task."""
    walts = [await factories.member(database, acme.team.id, Role.WORKER, "Walt") for _ in "ab"]
    await change(
        database,
        "insert into project_members (company_id, project_id, user_id)"
        " select company_id, :project, id from users where name = 'Walt'",
        project=acme.project,
    )
    return walts


async def test_on_the_card_and_in_a_new_task(acme, two):
    await acme.ada.sends("/task WEB Fix the pump @6")
    assert "👤 Walt (№6)" in acme.ada.screen.text
    await acme.ada.clicks("Create")
    assert "👤 Walt (№6) (from Ada)" in acme.ada.screen.text
    await acme.ada.clicks("Assignee")
    await acme.ada.clicks("Walt (№5)")
    assert "👤 Walt (№5) (from Ada)" in acme.ada.screen.text
    await acme.ada.clicks("Assignee")
    await acme.ada.clicks("Wanda")
    assert "👤 Wanda (from Ada)" in acme.ada.screen.text


async def test_who_goes_and_who_takes_over(acme, two):
    first, second = two
    await acme.task(assignee=first)
    await acme.ada.clicks_data(f"ho:d:{first.user_id}:0:{second.user_id}:0:")
    assert acme.ada.screen.text.startswith("Shut Walt (№5) out of the company?")
    assert "What is open goes to Walt (№6)." in acme.ada.screen.text
    await acme.ada.clicks("Yes")
    assert "One task went to Walt (№6)." in acme.ada.screen.text


async def test_in_the_history(acme, two):
    first, second = two
    task = await acme.task(assignee=first)
    for person in (second, first, acme.team.worker, first):
        await acme.ada.clicks_data(f"ta:{task}:{person.user_id}:")
    await acme.ada.clicks_data(f"ho:d:{first.user_id}:0:{second.user_id}:0:")
    await acme.ada.clicks("Yes")
    told = ["Walt (№5) → Walt (№6)", "Wanda → Walt (№5)", "Walt (№5) → Wanda"]
    told += ["Walt (№6) → Walt (№5)", "Walt (№5) → Walt (№6)"]
    assert await _changes(acme.max, task) == told
    unsigned = [one.replace(" (№5)", "").replace(" (№6)", "") for one in told]
    assert await _changes(acme.wanda, task) == unsigned


async def _changes(person, task):
    """Who has lost the task to whom, as the history tells the person, the newest first."""
    await person.clicks_data(f"te:{task}:history")
    return [line.split(": ")[1] for line in person.screen.text.splitlines()[2:]]


async def test_on_the_board(acme, two):
    for one in (*two, acme.team.worker):
        await acme.task("Double tap", assignee=one)
    await acme.max.clicks_data("bd:0")
    shown = acme.max.screen.text
    for name in ("Walt (№5)", "Walt (№6)", "Wanda\n"):
        assert f"Double tap · {name}" in f"{shown}\n"


async def test_in_the_heading_of_a_profile_and_when_access_ends_or_comes_back(acme, two):
    await acme.ada.clicks_data(f"mb:{two[0].user_id}")
    assert acme.ada.screen.text.startswith("👤 Walt (№5)\n")
    await acme.ada.clicks("Deactivate")
    await acme.ada.clicks("Yes")
    assert acme.ada.toast == "Walt (№5) has no access now."
    await acme.ada.clicks("Let back in")
    assert acme.ada.toast == "Walt (№5) is back."


async def test_in_the_warning_that_a_moved_task_has_lost_its_assignee(acme, two, database):
    task = await acme.task(assignee=two[1])
    ops = await factories.project(database, acme.team.id, key="OPS", name="Ops")
    await acme.ada.clicks_data(f"tp:{task}:{ops}:")
    assert "Walt (№6) is not in this project, so" in acme.ada.screen.text


async def test_in_the_heading_of_a_report_and_on_the_page_of_the_project(acme, two):
    await acme.task(assignee=two[0])
    await acme.max.clicks_data(f"rp:week:0:{two[0].user_id}")
    assert acme.max.screen.text.startswith("📊 Walt (№5), ")
    await acme.max.clicks_data(f"p:{acme.project}")
    assert "Wanda, Walt (№5), Walt (№6)" in acme.max.screen.text


async def test_who_does_not_see_everybody_is_not_told_of_namesakes(acme, two):
    task = await acme.task(assignee=two[0])
    for data in (f"t:{task}", f"p:{acme.project}", "bd:0"):
        await acme.wanda.clicks_data(data)
        assert "Walt" in acme.wanda.screen.text
        assert "№" not in acme.wanda.screen.text


async def test_in_the_question_of_a_copy_and_in_what_is_said_of_it(acme, two, database):
    task = await acme.task(assignee=two[1])
    await acme.ada.clicks_data(f"te:{task}:copy")
    assert "👤 Walt (№6) gets the copy" in acme.ada.screen.text
    await acme.ada.clicks("📄 Make a copy")
    assert "Walt (№6) has it and is told." in acme.ada.screen.text
    await change(database, "delete from project_members where user_id = :w", w=two[1].user_id)
    await acme.ada.clicks_data(f"te:{task}:copy")
    assert "Walt (№6) can’t work on this project any more" in acme.ada.screen.text


async def test_when_a_reminder_names_the_assignee(acme, two, stage, database):
    await acme.task(assignee=two[0], due_at=now() + timedelta(days=2))
    async with database.system_session("test") as session:
        await change(database, "update tasks set due_at = now() + interval '1 second'")
        await reminders.sweep(session, now() + timedelta(seconds=2))
    await deliver(stage, database)
    assert "Walt (№5)" in acme.ada.screen.text


async def test_when_someone_joins_and_leaves(acme, two, stage, database):
    await acme.ada.sends("/invite")
    await acme.ada.clicks("worker")
    await acme.ada.clicks("WEB – Website")
    third = stage.person(1, "Walt")
    await third.sends(f"/start {token_in(acme.ada.screen.text)}")
    await deliver(stage, database)
    assert acme.ada.screen.text == "👋 Walt (№7) has joined as worker."
    await third.sends("/leave")
    await third.clicks("Yes")
    await deliver(stage, database)
    assert acme.ada.screen.text.startswith("🚪 Walt (№7) has left")


async def test_in_the_heading_of_the_projects_of_someone(acme, two):
    one = two[0].user_id
    await acme.ada.clicks_data(f"mb:{one}")
    await acme.ada.clicks("Projects")
    assert "Walt (№5)" in acme.ada.screen.text
    await acme.ada.clicks("✅ WEB – Website")
    assert "Walt (№5)" in acme.ada.screen.text


async def test_a_worker_who_gives_or_copies_a_task_is_not_told_of_namesakes(acme, two):
    await acme.wanda.sends("/task WEB Fix the pump")
    await acme.wanda.clicks("Create")
    await acme.wanda.clicks("Assignee")
    await acme.wanda.clicks("Walt")
    assert "👤 Walt (from Wanda)" in acme.wanda.screen.text
    await acme.wanda.clicks("More")
    await acme.wanda.clicks("📄 Copy")
    assert "👤 Walt gets the copy" in acme.wanda.screen.text
    await acme.wanda.clicks("📄 Make a copy")
    assert "Walt has it and is told." in acme.wanda.screen.text
    assert "№" not in acme.wanda.screen.text
