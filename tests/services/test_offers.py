"""Whom a line calls, and who is offered."""

import pytest

from saas_bot.core.errors import Forbidden, NotFound
from saas_bot.domain.permissions import Role
from saas_bot.services import tasks
from tests import factories


async def test_a_person_is_called_by_what_means_nobody_else(world):
    team, database = world.team, world.database
    named = {
        "Max": ("max", "Max"),
        "Anna Petrova": ("anna", "Anna_Petrova"),
        "Ян": ("zzz", None),
    }
    people = {}
    for name in ("Anna Petrova", "Ян"):
        people[name] = await factories.member(database, team.id, Role.MANAGER, name)
    people["Max"] = team.manager
    for name, (handle, call) in named.items():
        offers = await world.do(tasks.offers, team.admin, world.web, handle)
        expected = people[name] if call else None
        assert (offers.called and offers.called.id) == (expected and expected.user_id)
        found = await world.do(tasks.worker, team.admin, world.web, people[name].user_id)
        assert found.call == (call or "6")
        again = await world.do(tasks.offers, team.admin, world.web, found.call)
        assert again.called == found


async def test_of_two_of_the_same_name_neither_is_guessed(world):
    team, database = world.team, world.database
    twins = [await factories.member(database, team.id, Role.MANAGER, "Anna") for _ in range(2)]
    assert (await world.do(tasks.offers, team.admin, world.web, "anna")).called is None
    for number, one in enumerate(twins, 5):
        found = await world.do(tasks.worker, team.admin, world.web, one.user_id)
        assert found.call == str(number), "told by the company alone"
        assert (await world.do(tasks.offers, team.admin, world.web, found.call)).called == found


async def test_a_username_goes_before_a_name_and_a_number_before_both(world):
    team, database = world.team, world.database
    await factories.member(database, team.id, Role.MANAGER, "anna")
    boris = await factories.member(database, team.id, Role.MANAGER, "Boris", username="Anna")
    liar = await factories.member(database, team.id, Role.MANAGER, "6")
    offers = await world.do(tasks.offers, team.admin, world.web, "ANNA")
    assert offers.called.id == boris.user_id
    assert offers.called.call == "Boris", "the other one goes by anna, too"
    offers = await world.do(tasks.offers, team.admin, world.web, "6")
    assert offers.called.id == boris.user_id != liar.user_id


async def test_nobody_is_offered_who_can_not_work_on_the_project(world):
    offers = await world.do(tasks.offers, world.team.admin, world.ops, "wanda")
    assert offers.called is None
    assert {one.name for one in offers.people} == {"Ada", "Max"}
    assert {key for _, key in offers.projects} == {"WEB"}
    with pytest.raises(NotFound):
        await world.do(tasks.worker, world.team.admin, world.ops, world.team.worker.user_id)
    with pytest.raises(Forbidden):
        await world.do(tasks.offers, world.team.client, world.web, "")


async def test_namesakes_are_offered_with_what_tells_them_apart(world):
    team = world.team
    for username in ("anna_p", None):
        await factories.member(world.database, team.id, Role.MANAGER, "Anna", username=username)
    offered = await world.do(tasks.offers, team.admin, world.ops, "")
    assert [one.label for one in offered.people] == ["Ada", "Max", "Anna (@anna_p)", "Anna (№6)"]
