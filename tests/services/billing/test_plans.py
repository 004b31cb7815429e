"""Operators' plans: offered, changed for all who have them at once, retired and never lost."""

import asyncio
from dataclasses import replace

import pytest

from saas_bot.core.errors import AppError, Conflict, Invalid, NotFound
from saas_bot.services import projects
from saas_bot.services.billing import grants, plans
from tests import factories
from tests.bot.rows import change, rows
from tests.services.billing.desk import OPERATOR
from tests.services.conftest import until_blocked


@pytest.fixture
async def studio(database):
    """A plan of the test's own, which no other test sees."""
    async with database.system_session("test") as session:
        made = await plans.create(
            session, OPERATOR, code="Studio", name=" A  studio ", seats=4, projects=2,
            price_stars=700, price_minor=900,
        )  # fmt: skip
    yield made
    await change(database, "delete from subscriptions where plan_id = :id", id=made.id)
    await change(database, "delete from plans where id = :id", id=made.id)


async def does(database, service, *args, **kwargs):
    async with database.system_session("test") as session:
        return await service(session, OPERATOR, *args, **kwargs)


async def offered(database) -> list[str]:
    async with database.system_session("test") as session:
        return [one.code for one in await plans.offers(session)]


async def test_a_new_plan_is_offered_by_its_price_until_it_is_retired(studio, database):
    codes = await offered(database)
    assert codes.index("free") < codes.index("studio") < codes.index("team")
    team = await factories.company(database, plan="studio")
    await does(database, plans.retire, studio.id)
    assert "studio" not in await offered(database)
    (mine,) = [one for one in await does(database, plans.every) if one.code == "studio"]
    assert (mine.name, mine.retired, mine.companies) == ("A studio", True, 1)
    async with database.tenant_session(team.id) as session:
        kept = await plans.offers(session, having=[studio.id])
    assert "studio" in [one.code for one in kept]
    await does(database, plans.retire, studio.id, retired=False)
    assert "studio" in await offered(database)
    noted = await rows(
        database, "select actor_kind, action from audit_logs where entity = 'plan' order by id"
    )
    assert noted == [("operator", f"plan.{did}") for did in ("created", "retired", "offered")]


async def settles(database):
    """As the worker does, each batch in a transaction of its own; gives how many there were."""
    rounds = 0
    while True:
        async with database.system_session("test") as session:
            count = await plans.settle_changed(session)
        rounds += bool(count)
        if count < plans.SWEEP_BATCH:
            return rounds


async def test_another_limit_comes_to_all_who_have_the_plan(studio, database):
    mine = await factories.company(database, plan="studio")
    other = await factories.company(database, "Globex", plan="team")
    for one in (mine, other):
        for key in ("A", "B"):
            await factories.project(database, one.id, key=key * 2)
    over = "select distinct company_id from {} where over_limit"
    await does(database, plans.edit, studio.id, "seats", 3)
    await does(database, plans.edit, studio.id, "projects", 1)
    assert await settles(database) == 1
    assert await rows(database, over.format("users")) == [mine.id]
    assert await rows(database, over.format("projects")) == [mine.id]
    assert await rows(database, "select name from users where over_limit") == ["Clive"]
    await does(database, plans.edit, studio.id, "seats", None)
    await does(database, plans.edit, studio.id, "projects", 2)
    await settles(database)
    assert await rows(database, over.format("users")) == []
    assert await rows(database, over.format("projects")) == []


OVER = "select distinct company_id from users where over_limit order by 1"


async def settling(database):
    return {one.code: one.settling for one in await does(database, plans.every)}["studio"]


async def test_it_goes_on_where_it_was_after_a_kill_and_says_so_meanwhile(
    studio, database, monkeypatch
):
    monkeypatch.setattr(plans, "SWEEP_BATCH", 2)
    teams = [await factories.company(database, f"T{n}", plan="studio") for n in range(5)]
    assert not await settling(database)
    await does(database, plans.edit, studio.id, "seats", 3)
    async with database.system_session("test") as session:
        assert await plans.settle_changed(session) == 2
    with pytest.raises(ZeroDivisionError):
        async with database.system_session("test") as session:
            await plans.settle_changed(session)
            raise ZeroDivisionError
    assert await rows(database, OVER) == [one.id for one in teams[:2]]
    assert await settling(database)
    assert await settles(database) == 2
    assert await rows(database, OVER) == [one.id for one in teams]
    assert not await settling(database)


async def test_a_limit_that_changes_once_more_begins_anew(studio, database, monkeypatch):
    monkeypatch.setattr(plans, "SWEEP_BATCH", 2)
    teams = [await factories.company(database, f"T{n}", plan="studio") for n in range(3)]
    await does(database, plans.edit, studio.id, "seats", 3)
    async with database.system_session("test") as session:
        await plans.settle_changed(session)
    await does(database, plans.edit, studio.id, "seats", 4)
    await settles(database)
    assert await rows(database, OVER) == []
    await does(database, plans.edit, studio.id, "seats", 2)
    await settles(database)
    assert await rows(database, OVER) == [one.id for one in teams]


async def test_who_comes_onto_the_plan_while_its_limit_changes_is_counted_by_the_new_one(
    studio, database
):
    team = await factories.company(database, plan="free")
    async with database.system_session("test") as coming:
        await grants.grant_period(coming, OPERATOR, team.id, "studio", 30)
        await does(database, plans.edit, studio.id, "seats", 3)
        job = asyncio.create_task(settles(database))
        await until_blocked(database)
    await job
    assert await rows(database, OVER) == [team.id]


async def test_a_price_touches_nothing_but_the_plan(studio, database):
    team = await factories.company(database, plan="studio")
    before = await rows(database, "select * from subscriptions where company_id = :c", c=team.id)
    await does(database, plans.edit, studio.id, "price_stars", 800)
    await does(database, plans.edit, studio.id, "name", "Atelier")
    assert before == await rows(
        database, "select * from subscriptions where company_id = :c", c=team.id
    )
    (noted,) = await rows(
        database, "select before || after from audit_logs where after ? 'price_stars' and before"
        " ? 'price_stars'"
    )  # fmt: skip
    assert noted["price_stars"] == 800


async def test_who_comes_while_a_limit_shrinks_is_counted_by_one_of_both(studio, database):
    team = await factories.company(database, plan="studio")

    async def makes(key):
        async with database.tenant_session(team.id) as session:
            return await projects.create(session, team.admin, key=key, name=key)

    came = await asyncio.gather(
        makes("AA"), does(database, plans.edit, studio.id, "projects", 1), makes("BB"),
        return_exceptions=True,
    )  # fmt: skip
    assert not [one for one in came if isinstance(one, Exception) and not isinstance(one, AppError)]
    await settles(database)
    (writable,) = await rows(database, "select count(*) from projects where not over_limit")
    assert writable == 1


@pytest.mark.parametrize(
    ("what", "value"),
    [("seats", 0), ("seats", "9"), ("price_stars", -1), ("price_stars", 10_001), ("code", "x")],
)
async def test_a_value_that_can_not_be_is_refused(what, value, studio, database):
    with pytest.raises(Invalid):
        await does(database, plans.edit, studio.id, what, value)


async def test_a_price_may_be_as_high_as_the_bound(studio, database):
    await does(database, plans.edit, studio.id, "price_stars", 10_000)
    assert await rows(database, "select price_stars from plans where code = 'studio'") == [10_000]


@pytest.mark.parametrize("currency", ["XTR", "ABC", "EURO", "", "E1R"])
async def test_a_plan_has_a_currency_that_there_is(currency, database):
    with pytest.raises(Invalid, match="plan-currency"):
        await does(database, plans.create, code="odd", name="Odd", currency=currency)


async def test_what_everybody_falls_back_on_stays_and_others_hear_of_nothing(studio, database):
    (free,) = await rows(database, "select id from plans where code = 'free'")
    with pytest.raises(Conflict, match="plan-built-in"):
        await does(database, plans.retire, free)
    with pytest.raises(Conflict, match="plan-code-taken"):
        await does(database, plans.create, code="studio", name="Again")
    stranger = replace(OPERATOR, is_operator=False)
    async with database.system_session("test") as session:
        for service, args in (
            (plans.every, ()),
            (plans.edit, (studio.id, "seats", 9)),
            (plans.retire, (studio.id,)),
        ):
            with pytest.raises(NotFound, match="stale-button"):
                await service(session, stranger, *args)
