"""Invites: the only way in, and how often, how long and for how many they work."""

import asyncio
import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import text

from saas_bot.core.errors import AppError, Conflict, LimitReached, NotFound
from saas_bot.domain.permissions import Role
from saas_bot.services import accounts, invites, members, projects
from tests import factories
from tests.services.paging import there_and_back


async def join(database, account, token):
    async with database.system_session("join") as session:
        return await invites.join(session, account, token)


async def invite(world, role=Role.WORKER, **more) -> str:
    made = await world.do(invites.create, world.team.admin, role, world.web, **more)
    return made.token


async def refusal(database, account, token) -> AppError:
    with pytest.raises(AppError) as refused:
        await join(database, account, token)
    return refused.value


async def test_an_invite_lets_one_person_in_attached_to_its_project(world):
    token = await invite(world)
    nora = await factories.account(world.database, "Nora", username="nora")
    actor = await join(world.database, nora, token)
    assert (actor.company_id, actor.role, actor.company_name) == (
        world.team.id, Role.WORKER, "Acme"
    )  # fmt: skip
    attached = await world.value(
        "select count(*) from project_members where project_id = :p and user_id = :u",
        p=world.web,
        u=actor.user_id,
    )
    assert attached == 1
    entry = (await world.audit())[-1]
    assert (entry.action, entry.actor_name, entry.after["role"]) == (
        "member.joined", "Nora", "worker"
    )  # fmt: skip
    async with world.database.reading() as driver:
        who = await accounts.who_is(driver, nora.telegram_id)
    assert who.actor == actor


async def test_the_leaders_are_told_who_joined_and_nobody_else(world):
    token = await invite(world)
    await join(world.database, await factories.account(world.database, "Nora"), token)
    assert await world.told() == [("member_joined", "Ada"), ("member_joined", "Max")]


async def test_the_token_itself_is_stored_nowhere(world):
    token = await invite(world)
    assert len(token) == 32
    stored = await world.value("select token_hash from invites")
    assert stored == hashlib.sha256(token.encode()).hexdigest()
    assert not await world.value(
        "select count(*) from audit_logs where after::text like :t", t=f"%{token}%"
    )


async def test_tokens_do_not_repeat(world):
    assert len({await invite(world) for _ in range(20)}) == 20


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER])
async def test_leaders_are_invited_to_the_company_and_to_no_project(role, world):
    token = await invite(world, role)
    await join(world.database, await factories.account(world.database), token)
    assert await world.value("select project_id from invites") is None


@pytest.mark.parametrize("role", [Role.WORKER, Role.CLIENT])
async def test_workers_and_clients_are_invited_to_an_active_project_only(role, world):
    archived = await factories.project(world.database, world.team.id, key="OLD", status="archived")
    for project in (None, archived):
        with pytest.raises(NotFound, match="project-not-found"):
            await world.do(invites.create, world.team.admin, role, project)


async def test_an_invite_used_twice_is_refused(world):
    token = await invite(world)
    await join(world.database, await factories.account(world.database), token)
    error = await refusal(world.database, await factories.account(world.database), token)
    assert (type(error), error.code) == (Conflict, "invite-used")


async def test_an_invite_for_many_lets_many_in(world):
    token = await invite(world, multi_use=True)
    for _ in range(3):
        await join(world.database, await factories.account(world.database), token)
    assert await world.value("select uses from invites") == 3


async def test_a_late_invite_is_refused(world):
    token = await invite(world)
    await world.value("update invites set expires_at = now() returning id")
    error = await refusal(world.database, await factories.account(world.database), token)
    assert (type(error), error.code) == (Conflict, "invite-expired")


async def test_an_invite_works_for_seven_days(world):
    await invite(world)
    left = await world.value("select extract(epoch from expires_at - now()) / 86400 from invites")
    assert 6.99 < left <= 7


async def test_a_revoked_invite_is_refused_and_revoking_again_is_noted_once(world):
    token = await invite(world)
    invite_id = await world.value("select id from invites")
    await world.do(invites.revoke, world.team.admin, invite_id)
    await world.do(invites.revoke, world.team.admin, invite_id)
    error = await refusal(world.database, await factories.account(world.database), token)
    assert (type(error), error.code) == (Conflict, "invite-revoked")
    assert [one.action for one in await world.audit()] == ["invite.created", "invite.revoked"]


@pytest.mark.parametrize("token", ["", "x", "x" * 65, "x" * 10_000, "' or 1=1 --", "🙂", "\x00"])
async def test_a_token_that_is_none_is_not_found(token, world):
    error = await refusal(world.database, world.team.client.account, token)
    assert (type(error), error.code) == (NotFound, "invite-not-found")


async def test_an_invite_to_a_deleted_company_is_not_found(world):
    token = await invite(world)
    await world.value("update companies set deleted_at = now() returning id")
    error = await refusal(world.database, await factories.account(world.database), token)
    assert (type(error), error.code) == (NotFound, "invite-not-found")


async def test_a_member_needs_no_invite(world):
    token = await invite(world)
    error = await refusal(world.database, world.team.client.account, token)
    assert (type(error), error.code, error.params) == (
        Conflict, "already-member", {"company": "Acme"}
    )  # fmt: skip
    assert await world.value("select uses from invites") == 0


async def test_a_member_of_another_company_joins_and_works_in_both(world):
    stranger = (await factories.company(world.database, "Strangers")).worker
    actor = await join(world.database, stranger.account, await invite(world))
    async with world.database.system_session("test") as session:
        companies = await accounts.memberships(session, stranger.account)
    assert [one.company_name for one in companies] == ["Acme", "Strangers"]
    assert actor.company_name == "Acme"


async def test_who_left_comes_back_by_an_invite_with_its_role_as_the_same_user(world):
    worker = world.team.worker
    await world.do(members.leave, worker)
    actor = await join(world.database, worker.account, await invite(world, Role.CLIENT))
    assert (actor.user_id, actor.role) == (worker.user_id, Role.CLIENT)


async def test_an_invite_of_another_company_cannot_be_seen_or_revoked(world):
    await invite(world)
    invite_id = await world.value("select id from invites")
    stranger = (await factories.company(world.database, "Strangers")).admin
    assert (await world.do(invites.page, stranger)).items == []
    with pytest.raises(NotFound):
        await world.do(invites.revoke, stranger, invite_id)


async def test_the_list_shows_the_invites_that_still_work_and_no_others(world):
    await invite(world)  # used below
    nora = await factories.account(world.database)
    await join(world.database, nora, await invite(world, multi_use=True))
    for _ in range(15):
        await invite(world)
    first = await world.value("select min(id) from invites")
    await world.value("update invites set uses = 1 where id = :i returning id", i=first)
    await world.value(
        "update invites set expires_at = now() where id = :i returning id", i=first + 2
    )
    await world.do(invites.revoke, world.team.admin, first + 3)
    seen = await there_and_back(lambda at: world.do(invites.page, world.team.admin, at))
    assert [one.id - first for one in seen] == [1, *range(4, 17)]
    assert (seen[0].multi_use, seen[0].uses, seen[0].project_name) == (True, 1, "Website")


async def _small_company(database, seats: int):
    plan = await factories.plan(database, seats=seats)
    team = await factories.company(database, plan=plan)
    return team, await factories.project(database, team.id)


async def test_without_a_free_seat_there_is_neither_an_invite_nor_a_way_in(database):
    team, project = await _small_company(database, seats=5)
    nora, olga = [await factories.account(database, name) for name in ("Nora", "Olga")]
    async with database.tenant_session(team.id) as session:
        made = [await invites.create(session, team.admin, Role.WORKER, project) for _ in range(2)]
        tokens = [one.token for one in made]
    await join(database, nora, tokens[0])
    error = await refusal(database, olga, tokens[1])
    assert (type(error), error.code) == (LimitReached, "limit-seats-newcomer")
    assert error.params == {"company": team.name}
    with pytest.raises(LimitReached):
        async with database.tenant_session(team.id) as session:
            await invites.create(session, team.admin, Role.WORKER, project)


async def _tokens(database, team, project, count: int, **more) -> list[str]:
    async with database.tenant_session(team.id) as session:
        return [
            (await invites.create(session, team.admin, Role.WORKER, project, **more)).token
            for _ in range(count)
        ]


@pytest.mark.parametrize("way", ["an invite each", "one invite for all"])
async def test_of_twenty_who_come_at_once_for_two_free_seats_exactly_two_get_in(way, database):
    team, project = await _small_company(database, seats=6)
    people = [await factories.account(database, f"P{n}") for n in range(20)]
    each = way == "an invite each"
    tokens = await _tokens(database, team, project, 20 if each else 1, multi_use=not each)
    outcomes = await asyncio.gather(
        *(
            join(database, person, token)
            for person, token in zip(people, tokens if each else tokens * 20, strict=True)
        ),
        return_exceptions=True,
    )
    refused = [one for one in outcomes if isinstance(one, BaseException)]
    assert {type(one) for one in refused} == {LimitReached}, refused
    assert len(outcomes) - len(refused) == 2
    async with database.tenant_session(team.id) as session:
        assert len((await members.page(session, team.admin)).items) == 6


async def test_of_two_who_use_one_invite_at_once_one_gets_in(world):
    token = await invite(world)
    people = [await factories.account(world.database, name) for name in ("Nora", "Olga")]
    outcomes = await asyncio.gather(
        *(join(world.database, one, token) for one in people), return_exceptions=True
    )
    (error,) = [one for one in outcomes if isinstance(one, BaseException)]
    assert (type(error), error.code) == (Conflict, "invite-used")


async def test_one_person_who_uses_two_invites_at_once_gets_in_once(world):
    tokens = [await invite(world), await invite(world)]
    nora = await factories.account(world.database)
    both_open = asyncio.Barrier(2)

    async def come(token: str) -> None:
        async with world.database.system_session("join") as session:
            await both_open.wait()
            await invites.join(session, nora, token)

    outcomes = await asyncio.gather(*map(come, tokens), return_exceptions=True)
    (error,) = [one for one in outcomes if one is not None]
    assert (type(error), getattr(error, "code", error)) == (Conflict, "already-member")
    assert await world.value("select sum(uses) from invites") == 1


async def test_a_link_does_not_let_back_in_whom_an_admin_has_shut_out(world):
    token = await invite(world, multi_use=True)
    await world.do(members.deactivate, world.team.admin, world.team.worker.user_id)
    refused = await refusal(world.database, world.team.worker.account, token)
    assert (type(refused), refused.code) == (Conflict, "invite-deactivated")


async def test_an_invite_to_a_project_that_is_archived_waits_for_its_return(world):
    token = await invite(world)
    await world.do(projects.set_archived, world.team.admin, world.web, archived=True)
    (listed,) = (await world.do(invites.page, world.team.manager)).items
    assert (listed.project_name, listed.archived) == ("Website", True)
    newcomer = await factories.account(world.database)
    error = await refusal(world.database, newcomer, token)
    assert (type(error), error.code) == (Conflict, "invite-archived")
    await world.do(projects.set_archived, world.team.admin, world.web, archived=False)
    assert (await join(world.database, newcomer, token)).role is Role.WORKER


async def test_an_invite_whose_time_has_run_out_is_closed_noted_and_later_forgotten(world):
    used = await invite(world)
    await join(world.database, await factories.account(world.database, "Nora"), used)
    revoked, late = await invite(world), await invite(world)
    newest = "select id from invites order by id desc limit 1 offset :back"
    unused = await world.value(newest, back=0)
    await world.do(invites.revoke, world.team.admin, await world.value(newest, back=1))
    open_still = await invite(world)
    before, told = len(await world.audit()), await world.told()

    async def sweep(batch) -> int:
        async with world.database.system_session("test") as session:
            return await batch(session)

    async def passes(days: int) -> None:
        async with world.database.system_session("test") as session:
            await session.execute(
                text(
                    "update invites set expires_at = expires_at - cast(:some as interval),"
                    " closed_at = closed_at - cast(:some as interval) where id <= :unused"
                ),
                {"some": timedelta(days=days), "unused": unused},
            )

    assert await sweep(invites.close_expired) == 0
    await passes(8)
    assert [await sweep(invites.close_expired) for _ in "12"] == [3, 0]
    noted = (await world.audit())[before:]
    assert [(one.actor_kind, one.action, one.entity_id) for one in noted] == [
        ("system", "invite.expired", unused)
    ]
    nils = await factories.account(world.database, "Nils")
    assert (await refusal(world.database, nils, late)).code == "invite-expired"
    assert (await refusal(world.database, nils, revoked)).code == "invite-revoked"
    assert await sweep(invites.sweep_closed) == 0
    await passes(31)
    assert [await sweep(invites.sweep_closed) for _ in "12"] == [3, 0]
    assert (await refusal(world.database, nils, late)).code == "invite-not-found"
    # Nobody is bothered, and what is open stays so.
    assert await world.told() == told
    await join(world.database, nils, open_still)
