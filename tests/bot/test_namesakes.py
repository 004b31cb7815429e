"""People of the same name are told apart wherever only a name would stand for one of them."""

import pytest

from saas_bot.domain.permissions import Role
from tests import factories
from tests.bot.rows import change


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


async def test_in_the_heading_of_a_report_and_on_the_page_of_the_project(acme, two):
    await acme.task(assignee=two[0])
    await acme.max.clicks_data(f"rp:week:0:{two[0].user_id}")
    assert acme.max.screen.text.startswith("📊 Walt (№5), ")
    await acme.max.clicks_data(f"p:{acme.project}")
    assert "Wanda, Walt (№5), Walt (№6)" in acme.max.screen.text


async def test_who_does_not_see_everybody_is_not_told_of_namesakes(acme, two):
    task = await acme.task(assignee=two[0])
    for data in (f"t:{task}", f"p:{acme.project}"):
        await acme.wanda.clicks_data(data)
        assert "Walt" in acme.wanda.screen.text
        assert "№" not in acme.wanda.screen.text
