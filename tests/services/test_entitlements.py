"""What a plan allows: exactly so many come in however many try; what exceeds it is read-only."""

import asyncio

import pytest

from saas_bot.core.errors import AppError, LimitReached
from saas_bot.db.engine import create_engine
from saas_bot.db.tenancy import Database
from saas_bot.domain.permissions import Permission, Role
from saas_bot.services import accounts, entitlements, invites, members, projects
from saas_bot.services.tasks import Draft, card, comment, create
from tests import factories
from tests.bot.rows import change, rows

FREE_SEATS, NEWCOMERS, INVITES = 5, 100, 10


async def test_of_a_hundred_who_join_at_once_as_many_come_in_as_there_are_seats(database, settings):
    plan = await factories.plan(database, seats=4 + FREE_SEATS)
    team = await factories.company(database, plan=plan)
    async with database.tenant_session(team.id) as session:
        made = [
            await invites.create(session, team.admin, Role.MANAGER, None, multi_use=True)
            for _ in range(INVITES)
        ]
    people = [await factories.account(database, f"N{one}") for one in range(NEWCOMERS)]
    engine = create_engine(settings)
    many = Database(engine)

    async def joins(number):
        async with many.system_session("join") as session:
            return await invites.join(session, people[number], made[number % INVITES].token)

    came = await asyncio.gather(*map(joins, range(NEWCOMERS)), return_exceptions=True)
    await engine.dispose()
    refused = [one for one in came if isinstance(one, LimitReached)]
    assert len(refused) == NEWCOMERS - FREE_SEATS, came
    there = "select count(*) from users where company_id = :c and status = 'active'"
    assert await rows(database, there, c=team.id) == [4 + FREE_SEATS]
    assert await rows(database, "select count(*) from users where over_limit") == [0]


async def test_coming_back_letting_back_in_and_restoring_pass_the_same_guard_at_once(database):
    plan = await factories.plan(database, seats=5, projects=2)
    team = await factories.company(database, plan=plan)
    off = [
        await factories.member(database, team.id, Role.WORKER, f"W{one}", status="deactivated")
        for one in range(4)
    ]
    shelved = [
        await factories.project(database, team.id, key=f"P{one}", status="archived")
        for one in range(4)
    ]

    async def does(service, *args, **kwargs):
        async with database.tenant_session(team.id) as session:
            return await service(session, team.admin, *args, **kwargs)

    acts = [
        *(does(members.reactivate, one.user_id) for one in off),
        *(does(projects.set_archived, one, archived=False) for one in shelved),
        *(does(projects.create, key=f"N{one}", name="New") for one in range(4)),
    ]
    came = await asyncio.gather(*acts, return_exceptions=True)
    assert [
        one for one in came if isinstance(one, Exception) and not isinstance(one, AppError)
    ] == []
    assert await active(database, "users") == 5
    assert await active(database, "projects") == 2


async def active(database, table: str) -> int:
    (count,) = await rows(database, f"select count(*) from {table} where status = 'active'")
    return count


async def test_a_refusal_says_which_limit_how_much_of_it_is_taken_and_of_which_plan(database):
    plan = await factories.plan(database, seats=3, projects=1)
    team = await factories.company(database, plan=plan)
    await factories.project(database, team.id)
    for service, args, what in (
        (invites.create, (Role.MANAGER, None), {"used": 4, "limit": 3}),
        (projects.create, (), {"used": 1, "limit": 1}),
    ):
        given = {} if args else {"key": "NEW", "name": "New"}
        with pytest.raises(LimitReached) as refused:
            async with database.tenant_session(team.id) as session:
                await service(session, team.admin, *args, **given)
        assert refused.value.params == {**what, "plan": plan.title()}


async def beyond(database, table: str) -> list[str]:
    return await rows(database, f"select name from {table} where over_limit order by id")


@pytest.fixture
async def crowded(database):
    """Nine people on trial, two of them admins, the second of whom came last; five projects."""
    team = await factories.company(database)
    for one in range(4):
        await factories.member(database, team.id, Role.WORKER, f"W{one}")
    await factories.member(database, team.id, Role.ADMIN, "Zoe")
    for one in range(5):
        await factories.project(database, team.id, key=f"P{one}", name=f"P{one}")
    return team


async def settle(database, *companies: int) -> None:
    async with database.system_session("test") as session:
        await entitlements.settle(session, companies)


async def test_when_the_plan_shrinks_admins_and_those_who_came_first_stay_writable(
    crowded, database, statements
):
    other = await factories.company(database, "Globex")
    await factories.project(database, other.id, key="Q", name="Q")
    await change(database, "update trials set ends_at = now()")
    with statements() as said:
        await settle(database, crowded.id, other.id)
    assert len(said) == 1
    # The free plan: five people, two projects.
    assert await beyond(database, "users") == ["W0", "W1", "W2", "W3"]
    assert await beyond(database, "projects") == ["P2", "P3", "P4"]
    await change(database, "update trials set ends_at = now() + interval '1 day'")
    await settle(database, crowded.id, other.id)
    assert await beyond(database, "users") == await beyond(database, "projects") == []


async def test_whoever_leaves_makes_room_for_the_next_and_a_new_admin_takes_a_seat(
    crowded, database
):
    await change(database, "update trials set ends_at = now()")
    await settle(database, crowded.id)
    people = dict(
        await rows(database, "select name, id from users where company_id = :c", c=crowded.id)
    )

    async def does(service, *args, **kwargs):
        async with database.tenant_session(crowded.id) as session:
            return await service(session, crowded.admin, *args, **kwargs)

    await does(members.deactivate, people["Wanda"])
    assert await beyond(database, "users") == ["W1", "W2", "W3"]
    await does(members.change_role, people["W3"], Role.ADMIN)
    assert await beyond(database, "users") == ["W0", "W1", "W2"]
    first, *_ = await rows(database, "select id from projects order by id")
    await does(projects.set_archived, first, archived=True)
    assert await beyond(database, "projects") == ["P3", "P4"]
    with pytest.raises(LimitReached):
        await does(members.reactivate, people["Wanda"])


async def test_who_acts_knows_from_the_first_query_that_they_are_beyond_the_plan(crowded, database):
    await change(database, "update trials set ends_at = now()")
    await settle(database, crowded.id)
    over = await rows(database, "select telegram_id, over_limit from users order by id")
    async with database.reading() as driver:
        for telegram_id, expected in over:
            who = await accounts.who_is(driver, telegram_id)
            assert who.actor.over_limit is expected
            assert (
                who.actor.may(Permission.TASK_CREATE) is not expected or who.actor.role == "client"
            )


async def test_a_project_beyond_the_plan_is_read_and_takes_no_new_tasks(crowded, database):
    admin = crowded.admin
    first, *_, last = await rows(database, "select id from projects order by id")
    task = await factories.task(database, last, author=admin)
    await change(database, "update trials set ends_at = now()")
    await settle(database, crowded.id)
    async with database.tenant_session(crowded.id) as session:
        assert (await card(session, admin, task)).read_only
        assert (await projects.get(session, admin, last)).over_limit
        for service, args in ((comment, (task, "Hm")), (create, (Draft(last, "New"),))):
            with pytest.raises(LimitReached, match="limit-project"):
                await service(session, admin, *args)
        assert await create(session, admin, Draft(first, "New"))
