"""Who may call what: the table of routes against the table of permissions."""

from dataclasses import replace
from typing import Any

import pytest

from saas_bot.core.clock import now
from saas_bot.domain.permissions import Permission, Role, may, may_over_limit
from saas_bot.web.api.resources import ROUTES
from saas_bot.web.api.routes import OPERATOR as FOR_OPERATORS
from saas_bot.web.api.routes import Door, Route
from tests import factories
from tests.web.api.calling import Caller, Said
from tests.web.api.conftest import OPERATOR, Api, World, world
from tests.web.api.samples import MISSING, SAMPLES, Sample

GUARDED = [route for route in ROUTES if route.permission is not None]
BY_RIGHT = [route for route in GUARDED if isinstance(route.permission, Permission)]
NAMES = {route.name for route in ROUTES}


def test_each_route_has_a_name_a_sample_and_what_it_answers() -> None:
    assert len(NAMES) == len(ROUTES)
    assert {route.name for route in GUARDED} == set(SAMPLES)
    for route in ROUTES:
        says_nothing = route.answer is None and route.produces == "application/json"
        assert says_nothing == (route.status == 204), route.name


async def ask(caller: Caller, route: Route, world: World, of: World | None) -> Said:
    """Ask what the sample says of `of` (None: of nothing), with the body of `world`.

    Each asks by a session of its own, since one of the routes ends it.
    """
    sample = SAMPLES[route.name]
    body = sample.body(world) if sample.body else None
    return await caller(route.method, sample.path(route, of), body)


async def make_ready(api: Api, route: Route, world: World) -> None:
    """Bring the company to where the sample can be asked for."""
    ready = SAMPLES[route.name].ready
    if ready:
        await factories.ask(api.parts.database, ready, world.team.id)


@pytest.mark.parametrize("role", Role)
async def test_a_role_may_call_what_the_table_says_and_nothing_else(
    role: Role, api: Api, acme: World
) -> None:
    told = {}
    for route in BY_RIGHT:
        caller = await api.caller(acme.team.actor(role))
        await make_ready(api, route, acme)
        said = await ask(caller, route, acme, None)
        if (said.status, said.code) == (403, "not-allowed"):
            told[route.name] = False
        else:
            told[route.name] = True
            assert said.status in (200, 201, 204, 404), (route.name, said.text)
    assert told == {route.name: may(role, Permission(route.permission)) for route in BY_RIGHT}


@pytest.mark.parametrize("role", Role)
async def test_beyond_the_seats_of_the_plan_one_only_reads(
    role: Role, api: Api, acme: World
) -> None:
    actor = acme.team.actor(role)
    caller = await api.caller(actor)
    sql = "update users set over_limit = true where id = $1 returning id"
    await factories.ask(api.parts.database, sql, actor.user_id)
    for route in BY_RIGHT:
        right = Permission(route.permission)
        if may(role, right) and not may_over_limit(role, right):
            assert (await ask(caller, route, acme, None)).code == "limit-no-seat", route.name


async def test_each_route_works_for_an_admin(api: Api) -> None:
    for route in BY_RIGHT:
        if SAMPLES[route.name].stored:
            continue
        own = await world(api.parts.database, route.name)
        await make_ready(api, route, own)
        said = await ask(await api.caller(own.team.admin), route, own, own)
        assert said.status == route.status, said.text


@pytest.mark.parametrize("role", Role)
async def test_what_is_of_another_company_is_as_if_it_did_not_exist(
    role: Role, api: Api, acme: World, globex: World
) -> None:
    for route in BY_RIGHT:
        sample, caller = SAMPLES[route.name], await api.caller(acme.team.actor(role))
        if sample.of is not None:
            theirs, missing = [(await ask(caller, route, acme, of)).gist for of in (globex, None)]
            assert theirs == missing, route.name
            assert theirs[0] in (403, 404)
            for mixed in _mixed(sample, acme, globex):
                said = await caller(
                    route.method,
                    sample.at(route, mixed) + sample.query,
                    sample.body(acme) if sample.body else None,
                )
                assert said.status in (403, 404), (route.name, said.text)
        if sample.refers is not None:
            theirs, missing = [
                await _referring(caller, route, sample, acme, of) for of in (globex, None)
            ]
            assert theirs.gist == missing.gist, route.name
            assert theirs.status in (403, 404)


def _mixed(sample: Sample, mine: World, theirs: World) -> list[tuple[int, ...]]:
    """Of an address that names two things, one of mine with one of theirs."""
    own, others = sample.ids(mine), sample.ids(theirs)
    return [(own[0], others[1]), (others[0], own[1])] if len(own) > 1 else []


async def _referring(
    caller: Caller, route: Route, sample: Sample, mine: World, of: World | None
) -> Said:
    assert sample.body
    assert sample.refers
    there = sample.refers(of or mine)
    ids = there if of else {name: _missing(what) for name, what in there.items()}
    return await caller(route.method, sample.path(route, mine), sample.body(mine) | ids)


def _missing(there: Any) -> Any:
    return [MISSING] if isinstance(there, list) else MISSING


async def test_whoever_has_not_signed_in_gets_nothing(api: Api, acme: World) -> None:
    for route in GUARDED:
        said = await ask(api.anyone(), route, acme, acme)
        assert (said.status, said.code) == (401, "not-signed-in"), route.name
        assert said.headers["WWW-Authenticate"] == "Bearer"


async def test_an_operator_without_a_company_has_only_what_needs_none(
    api: Api, acme: World
) -> None:
    olga = await factories.account(api.parts.database, "Olga")
    sql = "update accounts set telegram_id = $2 where telegram_id = $1 returning telegram_id"
    await factories.ask(api.parts.database, sql, olga.telegram_id, OPERATOR)
    for route in BY_RIGHT:
        caller = await api.caller(replace(olga, telegram_id=OPERATOR))
        said = await ask(caller, route, acme, acme)
        alone = route.permission is Permission.ACCOUNT and route.door is not Door.TENANT
        assert (said.code == "no-company") is not alone, route.name


async def test_what_is_for_operators_does_not_exist_for_others(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.admin)
    nothing = (await caller("GET", "/nothing/here")).gist
    for route in GUARDED:
        if route.permission is FOR_OPERATORS:
            assert (await ask(caller, route, acme, acme)).gist == nothing


async def test_a_right_that_is_lost_is_lost_with_the_next_request(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.manager)
    body = {"key": "ONE", "name": "One"}
    assert (await caller("POST", "/projects", body)).status == 201
    sql = "update users set role = 'worker' where id = $1 returning id"
    await factories.ask(api.parts.database, sql, acme.team.manager.user_id)
    body = {"key": "TWO", "name": "Two"}
    assert (await caller("POST", "/projects", body)).code == "not-allowed"
    sql = "update users set status = 'deactivated' where id = $1 returning id"
    await factories.ask(api.parts.database, sql, acme.team.manager.user_id)
    assert (await caller("GET", "/me")).code == "session-over"


async def test_a_deleted_company_lets_nobody_in(api: Api, acme: World) -> None:
    caller = await api.caller(acme.team.admin)
    sql = "update companies set deleted_at = $2 where id = $1 returning id"
    await factories.ask(api.parts.database, sql, acme.team.id, now())
    assert (await caller("GET", "/tasks")).code == "session-over"
