"""Who is mentioned in a comment, and hears of it."""

import pytest

from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Status
from saas_bot.services import tasks
from saas_bot.services.tasks.mentions import unreached
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
    found = await world.do(unreached, world.team.manager, world.web, words, internal=internal)
    assert found == missed
