"""One-time codes and sessions: what opens, what ends, and what two at once come to."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from saas_bot.core.errors import AppError, Conflict, NotFound, Unauthorized
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Account, Actor
from saas_bot.services import login_codes, members, sessions
from saas_bot.services.login_codes import TRIES
from saas_bot.services.sessions import Device, Opened, Signed
from tests import factories
from tests.factories import Team

HERE = Device("curl/8.5", "192.0.2.7")
NOBODY: frozenset[int] = frozenset()
OPERATOR = 9_001


@pytest.fixture
async def team(database: Database) -> Team:
    return await factories.company(database)


async def do(database: Database, service: Callable[..., Awaitable[Any]], *args: Any, **more: Any):
    """Call a service in a system transaction."""
    async with database.system_session("test") as session:
        return await service(session, *args, **more)


async def code_of(database: Database, actor: Actor) -> str:
    return await do(database, login_codes.issue, actor.account, actor)


async def shown(database: Database, code: str) -> int:
    """Whom that code signs in; it is used up."""
    async with database.reading() as driver:
        right = await login_codes.try_out(driver, code)
    await do(database, login_codes.spend, right)
    return right.telegram_id


async def begun(database: Database, actor: Actor, **more: Any) -> Opened:
    return await do(database, sessions.begin, actor.account.telegram_id, HERE, **more)


async def signed(
    database: Database, opened: Opened, operator_ids: frozenset[int] = NOBODY
) -> Signed | None:
    async with database.reading() as driver:
        return await sessions.signed(driver, opened.claims, operator_ids=operator_ids)


async def at_once(*tries: Awaitable[Any]) -> list[Any]:
    """What each came to; errors of the rules as their codes."""

    async def end(one: Awaitable[Any]) -> Any:
        try:
            return await one
        except AppError as error:
            return error.code

    return await asyncio.gather(*map(end, tries))


async def told(database: Database) -> list[str]:
    async with database.reading() as driver:
        return [row["kind"] for row in await driver.fetch("select kind from outbox order by id")]


async def audited(database: Database) -> list[tuple[str, str, int | None]]:
    sql = "select action, actor_kind, company_id from audit_logs order by id"
    async with database.reading() as driver:
        return [tuple(row) for row in await driver.fetch(sql)]


# Codes


async def test_a_code_serves_once_however_it_is_typed(database: Database, team: Team) -> None:
    code = await code_of(database, team.worker)
    typed = f" {code.lower().replace('-', ' ').replace('1', 'l').replace('0', 'o')} "
    assert await shown(database, typed) == team.worker.account.telegram_id
    with pytest.raises(Unauthorized, match="login-code-refused"):
        await shown(database, code)


async def test_a_new_code_ends_the_old_one_and_one_can_be_given_up(
    database: Database, team: Team
) -> None:
    old = await code_of(database, team.worker)
    new = await code_of(database, team.worker)
    other = await code_of(database, team.client)
    assert len({old, new, other}) == 3
    with pytest.raises(Unauthorized):
        await shown(database, old)
    assert await do(database, login_codes.give_up, team.worker.account)
    with pytest.raises(Unauthorized):
        await shown(database, new)
    assert not await do(database, login_codes.give_up, team.worker.account)
    assert await shown(database, other) == team.client.account.telegram_id


async def test_five_tries_are_five_even_at_the_same_moment(database: Database, team: Team) -> None:
    code = await code_of(database, team.worker)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    ends = await at_once(*(shown(database, wrong) for _ in range(3 * TRIES)))
    assert set(ends) == {"login-code-refused"}
    assert await factories.ask(database, "select tries from login_codes") == TRIES
    with pytest.raises(Unauthorized):
        await shown(database, code)


async def test_four_wrong_tries_leave_the_fifth(database: Database, team: Team) -> None:
    code = await code_of(database, team.worker)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    await at_once(*(shown(database, wrong) for _ in range(TRIES - 1)))
    assert await shown(database, code) == team.worker.account.telegram_id


async def test_of_two_who_show_it_at_once_one_gets_in(database: Database, team: Team) -> None:
    code = await code_of(database, team.worker)
    ends = await at_once(*(shown(database, code) for _ in range(4)))
    assert sorted(map(str, ends)) == sorted(
        [str(team.worker.account.telegram_id), *["login-code-refused"] * 3]
    )


async def test_a_code_is_over_after_five_minutes_and_then_swept(
    database: Database, team: Team
) -> None:
    code = await code_of(database, team.worker)
    lasts = "select expires_at - now() from login_codes"
    assert timedelta(minutes=4) < await factories.ask(database, lasts) <= timedelta(minutes=5)
    await factories.ask(
        database, "update login_codes set expires_at = now() - interval '1 s' returning 1"
    )
    with pytest.raises(Unauthorized):
        await shown(database, code)
    assert await do(database, login_codes.sweep) == 1


@pytest.mark.parametrize("code", ["", "x", "\x00", "я" * 15, "0" * 15, "U" * 15, "A" * 10_000])
async def test_what_is_no_code_is_refused(code: str, database: Database, team: Team) -> None:
    with pytest.raises(Unauthorized):
        await shown(database, code)


async def test_nothing_of_a_code_but_its_name_is_stored(database: Database, team: Team) -> None:
    code = await code_of(database, team.worker)
    stored = await factories.ask(database, "select login_codes::text from login_codes")
    name, *secret = code.split("-")
    assert name in stored
    assert not [one for one in secret if one in stored]


# Signing in


async def test_a_session_is_in_the_active_company_or_in_the_one_that_was_asked_for(
    database: Database, team: Team
) -> None:
    other = await factories.company(database, "Globex")
    both = await factories.member(database, other.id, team.worker.role, person=team.worker.account)
    assert (await begun(database, both)).company_id == other.id
    opened = await begun(database, both, company_id=team.id)
    found = await signed(database, opened)
    assert found is not None
    assert found.actor is not None
    assert (found.actor.user_id, found.actor.role) == (team.worker.user_id, team.worker.role)
    strange = await factories.company(database, "Initech")
    for company_id in (strange.id, 2**62):
        with pytest.raises(NotFound, match="company-not-found"):
            await begun(database, both, company_id=company_id)


async def test_someone_in_no_company_signs_in_only_to_run_the_deployment(
    database: Database,
) -> None:
    nora = await factories.account(database)
    with pytest.raises(Conflict, match="login-no-company"):
        await do(database, login_codes.issue, nora, None)
    with pytest.raises(Conflict, match="login-no-company"):
        await do(database, sessions.begin, nora.telegram_id, HERE)
    opened = await do(database, sessions.begin, nora.telegram_id, HERE, is_operator=True)
    assert opened.company_id is None
    found = await signed(database, opened, frozenset({nora.telegram_id}))
    assert found is not None
    assert (found.actor, found.account.is_operator) == (None, True)
    assert await signed(database, opened) is None
    with pytest.raises(Unauthorized, match="sign-in-unknown"):
        await do(database, sessions.begin, 404, HERE)


async def test_a_sign_in_is_told_and_noted(database: Database, team: Team) -> None:
    opened = await begun(database, team.worker)
    await do(database, sessions.end, team.worker.account, opened.claims.session_id)
    assert await told(database) == ["signed_in"]
    assert await audited(database) == [
        ("session.begun", "user", team.id),
        ("session.ended", "user", team.id),
    ]


async def test_a_proof_serves_once_even_at_the_same_moment(database: Database, team: Team) -> None:
    ends = await at_once(*(begun(database, team.worker, proof="p") for _ in range(3)))
    assert sorted(isinstance(one, Opened) for one in ends) == [False, False, True]
    assert [one for one in ends if isinstance(one, str)] == ["init-data-refused"] * 2
    assert await told(database) == ["signed_in"]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("  curl/8.5 \r\n\t\x1b[31m ", "curl/8.5 [31m"),
        ("x" * 5000, "x" * 120),
        ("\u202egnp.exe \udcff\x00", "gnp.exe"),
        ("", ""),
    ],
)
def test_a_device_has_a_name_of_one_short_line(agent: str, name: str) -> None:
    assert Device.of(agent, "192.0.2.7") == Device(name, "192.0.2.7")


# What takes effect at the next request


LOSSES: dict[str, str] = {
    "the company is deleted": "update companies set deleted_at = now() where id = $1 returning id",
    "the person is shut out": "update users set status = 'deactivated'"
    " where company_id = $1 and role = 'worker' returning id",
    "the person has left": "update users set status = 'left'"
    " where company_id = $1 and role = 'worker' returning id",
    "the session is over": "update sessions set expires_at = now()"
    " where company_id = $1 returning id",
    "the session is revoked": "update sessions set revoked_at = now()"
    " where company_id = $1 returning id",
}


@pytest.mark.parametrize("sql", LOSSES.values(), ids=LOSSES)
async def test_whoever_is_out_is_out_at_once_and_gets_no_new_tokens(
    sql: str, database: Database, team: Team
) -> None:
    opened = await begun(database, team.worker)
    assert await signed(database, opened) is not None
    await factories.ask(database, sql, team.id)
    assert await signed(database, opened) is None
    assert await do(database, sessions.refresh, opened.refresh_token, HERE) is None


async def test_role_name_and_limits_are_those_of_the_moment(database: Database, team: Team) -> None:
    opened = await begun(database, team.worker)
    await factories.ask(
        database,
        "update users set role = 'client', over_limit = true where id = $1 returning id",
        team.worker.user_id,
    )
    found = await signed(database, opened)
    assert found is not None
    assert found.actor is not None
    assert (found.actor.role, found.actor.over_limit) == ("client", True)


async def test_being_shut_out_or_leaving_ends_the_sessions_for_good(
    database: Database, team: Team
) -> None:
    worker, manager = await begun(database, team.worker), await begun(database, team.manager)
    async with database.tenant_session(team.id) as session:
        await members.deactivate(session, team.admin, team.worker.user_id)
    async with database.tenant_session(team.id) as session:
        await members.leave(session, team.manager)
        await members.reactivate(session, team.admin, team.worker.user_id)
    assert await signed(database, worker) is None
    back = "update users set status = 'active' where id = $1 returning 1"
    await factories.ask(database, back, team.manager.user_id)
    assert await signed(database, manager) is None


async def test_a_role_changed_within_a_company_ends_nothing(database: Database, team: Team) -> None:
    opened = await begun(database, team.worker)
    async with database.tenant_session(team.id) as session:
        await members.change_role(session, team.admin, team.worker.user_id, team.manager.role)
    found = await signed(database, opened)
    assert found is not None
    assert found.actor is not None
    assert found.actor.role is team.manager.role


async def test_claims_of_another_person_open_nothing(database: Database, team: Team) -> None:
    opened = await begun(database, team.worker)
    other = type(opened.claims)(team.admin.account.telegram_id, opened.claims.session_id)
    assert await signed(database, Opened(other, "", None)) is None


async def test_a_request_costs_one_statement_and_a_use_is_noted_once_a_minute(
    database: Database, team: Team, statements: Any
) -> None:
    opened = await begun(database, team.worker)
    used = "select last_used_at from sessions"
    first = await factories.ask(database, used)
    with statements() as said:
        await signed(database, opened)
    assert len(said.all) == 1
    assert await factories.ask(database, used) == first
    ago = "update sessions set last_used_at = now() - interval '61 s' returning last_used_at"
    before = await factories.ask(database, ago)
    await signed(database, opened)
    assert await factories.ask(database, used) > before


# Going on


async def test_a_refresh_token_serves_once_and_the_session_goes_on(
    database: Database, team: Team
) -> None:
    first = await begun(database, team.worker)
    tokens = [first.refresh_token]
    for _ in range(3):
        opened = await do(database, sessions.refresh, tokens[-1], Device("curl/9", "192.0.2.8"))
        assert (opened.claims, opened.company_id) == (first.claims, team.id)
        tokens.append(opened.refresh_token)
    assert len(set(tokens)) == 4
    assert await signed(database, first) is not None
    page = await do(database, sessions.page, team.worker.account)
    assert [(one.device, one.address) for one in page.items] == [("curl/9", "192.0.2.8")]
    stored = await factories.ask(database, "select sessions::text from sessions")
    assert not [one for one in tokens if one[4:] in stored]


async def test_a_used_token_that_is_shown_again_ends_the_session_and_is_told(
    database: Database, team: Team
) -> None:
    first = await begun(database, team.worker)
    second = await do(database, sessions.refresh, first.refresh_token, HERE)
    assert await do(database, sessions.refresh, first.refresh_token, HERE) is None
    assert await signed(database, second) is None
    assert await do(database, sessions.refresh, second.refresh_token, HERE) is None
    assert await told(database) == ["signed_in", "session_reused"]
    assert (await audited(database))[-1] == ("session.reused", "system", team.id)


async def test_of_two_with_one_token_at_once_one_wins_and_the_session_ends(
    database: Database, team: Team
) -> None:
    first = await begun(database, team.worker)
    ends = await at_once(
        *(do(database, sessions.refresh, first.refresh_token, HERE) for _ in range(4))
    )
    (won,) = [one for one in ends if one is not None]
    assert await signed(database, won) is None
    assert await told(database) == ["signed_in", "session_reused"]


async def test_strangers_with_made_up_tokens_end_nothing(database: Database, team: Team) -> None:
    opened = await begun(database, team.worker)
    other = await begun(database, team.client)
    mine = opened.refresh_token
    made_up = f"sbr_{'A' * 22}{mine[26:]}"
    for token in ("", "x", "sbr_", made_up, f"{mine} ", mine[:30], mine[4:]):
        assert await do(database, sessions.refresh, token, HERE) is None
    assert await signed(database, opened) is not None
    assert await signed(database, other) is not None


# Ending


async def test_one_ends_ones_own_sessions_and_no_others(database: Database, team: Team) -> None:
    mine = [await begun(database, team.worker) for _ in range(3)]
    theirs = await begun(database, team.client)
    me: Account = team.worker.account
    for session_id in (theirs.claims.session_id, 2**62):
        with pytest.raises(NotFound, match="session-not-found"):
            await do(database, sessions.end, me, session_id)
    await do(database, sessions.end, me, mine[0].claims.session_id)
    with pytest.raises(NotFound, match="session-not-found"):
        await do(database, sessions.end, me, mine[0].claims.session_id)
    assert [await signed(database, one) is not None for one in mine] == [False, True, True]
    assert await do(database, sessions.end_all, me) == 2
    assert [await signed(database, one) is not None for one in mine] == [False] * 3
    assert await signed(database, theirs) is not None


async def test_what_ended_a_day_ago_is_swept(database: Database, team: Team) -> None:
    opened = [await begun(database, team.worker) for _ in range(5)]
    ids = [one.claims.session_id for one in opened]
    for session_id, column, hours in (
        (ids[0], "revoked_at", 25),
        (ids[1], "revoked_at", 23),
        (ids[2], "expires_at", 25),
        (ids[3], "expires_at", 23),
    ):
        sql = f"update sessions set {column} = now() - make_interval(hours => $2) where id = $1"
        await factories.ask(database, f"{sql} returning 1", session_id, hours)
    assert await do(database, sessions.sweep) == 2
    async with database.reading() as driver:
        left = [row["id"] for row in await driver.fetch("select id from sessions order by id")]
    assert left == [ids[1], ids[3], ids[4]]
