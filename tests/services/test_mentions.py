"""Who is mentioned in a comment, and hears of it."""

import pytest

from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Status
from saas_bot.services import tasks
from saas_bot.services.tasks.mentions import Called, called
from tests import factories


@pytest.mark.parametrize(
    ("words", "mentioned"),
    [
        ("@wanda look", {"Wanda"}),
        ("Ask @Walt Smith, please", {"Walt Smith"}),
        ("Ask @walt_smith.", {"Walt Smith"}),
        ("@Walt and @clive!", {"Walt Smith", "Clive"}),
        ("@wilma_w is not attached", set()),
        ("mail@wanda.com and Wanda", set()),
        ("@nobody @ @@wanda", set()),
        ("@Max (oneself)", set()),
    ],
)
async def test_those_mentioned_are_told_so_and_nobody_is_told_twice(world, words, mentioned):
    team, database = world.team, world.database
    walt = await factories.member(database, team.id, Role.WORKER, "Walt Smith")
    await factories.member(database, team.id, Role.WORKER, "Wilma", username="wilma_w")
    await world.value(
        "insert into project_members (company_id, project_id, user_id) values (:c, :p, :u)"
        " returning 1", c=team.id, p=world.web, u=walt.user_id,
    )  # fmt: skip
    await world.do(tasks.comment, team.manager, world.tasks[Status.NEW], words)
    told = await world.told()
    assert {name for kind, name in told if kind == "mentioned"} == mentioned
    assert ("commented", "Wanda") in told or "Wanda" in mentioned, "she is the assignee"
    assert len({name for _, name in told}) == len(told)


async def test_a_client_never_hears_of_an_internal_mention(world):
    for internal in (True, False):
        await world.do(
            tasks.comment,
            world.team.manager,
            world.tasks[Status.NEW],
            "@clive @wanda",
            internal=internal,
        )
    assert await world.told() == [
        ("mentioned", "Clive"),
        ("mentioned", "Wanda"),
        ("mentioned", "Wanda"),
    ]


async def test_someone_of_another_company_is_never_mentioned(world, database):
    other = await factories.company(database, "Globex")
    await factories.member(database, other.id, Role.ADMIN, "Zoe", username="zoe_z")
    await world.do(tasks.comment, world.team.manager, world.tasks[Status.NEW], "@zoe_z @Zoe")
    assert {name for _, name in await world.told()} == {"Wanda"}


@pytest.mark.parametrize(
    ("words", "internal", "missed"),
    [
        ("@zorro look", False, ["zorro"]),
        ("@Clive secret", True, ["Clive"]),
        ("@Clive hello, @wanda", False, []),
        ("@Wanda @ZORRO, @zoe_z and @Max", False, ["ZORRO", "zoe_z"]),
        ("nobody at all", False, []),
    ],
)
async def test_it_is_known_whom_a_comment_calls_in_vain(world, words, internal, missed):
    found = await world.do(called, world.team.manager, world.web, words, internal=internal)
    assert found == Called(missed)


async def walts(world) -> None:
    """Two people of one first name, the numbers 5 and 6 of the company, in the project."""
    for name, username in (("Walt", None), ("Walt Smith", "walt_s")):
        one = await factories.member(
            world.database, world.team.id, Role.WORKER, name, username=username
        )
        await world.value(
            "insert into project_members (company_id, project_id, user_id) values (:c, :p, :u)"
            " returning 1", c=world.team.id, p=world.web, u=one.user_id,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [("@5", {"Walt"}), ("@6 and @5", {"Walt", "Walt Smith"}), ("@99 @0 @9999999999999", set())],
)
async def test_a_number_calls_one_member(world, words, told):
    await walts(world)
    await world.do(tasks.comment, world.team.manager, world.tasks[Status.NEW], words)
    assert {name for kind, name in await world.told() if kind == "mentioned"} == told
    found = await world.do(called, world.team.manager, world.web, words, internal=False)
    assert found == Called([] if told else ["99", "0", "9999999999999"])


async def test_a_number_calls_nobody_of_another_company(world, database):
    other = await factories.company(database, "Globex")
    await factories.member(database, other.id, Role.WORKER, "Zoe")
    await walts(world)
    await world.do(tasks.comment, world.team.manager, world.tasks[Status.NEW], "@5")
    assert ("mentioned", "Walt") in await world.told()


async def test_of_a_name_that_several_have_each_is_told_of_with_what_calls_them_alone(world):
    await walts(world)
    found = await world.do(called, world.team.manager, world.web, "@walt @5", internal=False)
    assert found == Called([], {"walt": [("Walt", "5"), ("Walt Smith", "walt_s")]})
