"""Signing in over HTTP: a code, the Mini App's data, tokens that go on and end; what is logged."""

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from redis.asyncio import Redis

from saas_bot.core.settings import Settings
from saas_bot.core.tokens import Claims
from saas_bot.db.engine import create_engine
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Account, Actor
from saas_bot.sandbox.client import Sandbox
from saas_bot.sandbox.mini_app import signed
from saas_bot.services import login_codes
from tests import factories
from tests.bot.logs import Log
from tests.environment import BOT_TOKEN
from tests.factories import Team
from tests.sandbox.conftest import serving as sandboxed
from tests.web.api.calling import Caller, Said
from tests.web.api.conftest import OPERATOR, Api, serving

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Door:
    """The API, and the ways into it; each answer is held against its documentation."""

    api: Api

    async def code_of(self, account: Account, actor: Actor | None) -> str:
        """A code as `/login` gives it."""
        async with self.api.parts.database.system_session("test") as session:
            return await login_codes.issue(session, account, actor)

    async def post(self, path: str, body: Json, **headers: str) -> Said:
        """A request by someone who has not signed in."""
        return await self.api.anyone()("POST", f"/auth/{path}", body, **headers)

    async def get(self, path: str, token: str, method: str = "GET") -> Said:
        """A request with an access token."""
        return await Caller(self.api.client, token)(method, path)

    async def sign_in(self, person: Actor) -> Json:
        """The tokens that a code opens."""
        code = await self.code_of(person.account, person)
        said = await self.post("code", {"code": code}, User_Agent="curl/8.5")
        assert said.status == 200, said
        tokens: Json = said.json
        return tokens


@pytest.fixture
async def door(settings: Settings, database: Database, redis: Redis) -> AsyncIterator[Door]:
    ours = settings.model_copy(update={"operator_ids": frozenset({OPERATOR})})
    async with serving(ours, database, redis) as api:
        yield Door(api)


@pytest.fixture
async def team(database: Database) -> Team:
    return await factories.company(database)


async def test_a_code_opens_the_api_which_goes_on_until_one_signs_out(
    door: Door, team: Team
) -> None:
    tokens = await door.sign_in(team.worker)
    assert tokens["company_id"] == team.id
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 900)
    me = await door.get("/me", tokens["access_token"])
    assert (me.status, me.json["name"]) == (200, team.worker.account.name)
    assert me.headers["Cache-Control"] == "no-store"
    shown = {"refresh_token": tokens["refresh_token"]}
    more = await door.post("refresh", shown, User_Agent="curl/9")
    assert more.json["session_id"] == tokens["session_id"]
    fresh = more.json["access_token"]
    listed = (await door.get("/sessions", fresh)).json["items"]
    assert [(one["current"], one["device"], one["address"]) for one in listed] == [
        (True, "curl/9", "127.0.0.1")
    ]
    assert (await door.get("/auth/logout", fresh, "POST")).status == 204
    for token in (fresh, tokens["access_token"]):
        assert (await door.get("/me", token)).gist[:2] == (401, "session-over")
    refused = await door.post("refresh", {"refresh_token": more.json["refresh_token"]})
    assert refused.gist[:2] == (401, "refresh-refused")


async def test_a_wrong_code_is_counted_although_it_is_refused(door: Door, team: Team) -> None:
    code = await door.code_of(team.worker.account, team.worker)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    for _ in range(login_codes.TRIES):
        said = await door.post("code", {"code": wrong})
        assert said.gist[:2] == (401, "login-code-refused")
        assert said.headers["WWW-Authenticate"] == "Bearer"
    assert (await door.post("code", {"code": code})).gist[:2] == (401, "login-code-refused")


async def test_a_company_that_is_not_ones_own_is_refused_and_the_code_stays_good(
    door: Door, team: Team, database: Database
) -> None:
    other = await factories.company(database, "Globex")
    code = await door.code_of(team.worker.account, team.worker)
    for company in (other.id, 2**62):
        said = await door.post("code", {"code": code, "company": company})
        assert said.gist[:2] == (404, "company-not-found")
    assert (await door.post("code", {"code": code, "company": team.id})).status == 200


async def test_a_used_refresh_token_ends_the_session_although_it_is_refused(
    door: Door, team: Team
) -> None:
    tokens = await door.sign_in(team.worker)
    shown = {"refresh_token": tokens["refresh_token"]}
    more = await door.post("refresh", shown)
    assert (await door.post("refresh", shown)).gist[:2] == (401, "refresh-refused")
    assert (await door.get("/me", more.json["access_token"])).gist[:2] == (401, "session-over")


async def test_one_sees_and_ends_ones_own_sessions_only(door: Door, team: Team) -> None:
    first, second = await door.sign_in(team.worker), await door.sign_in(team.worker)
    other = await door.sign_in(team.client)
    mine = second["access_token"]
    page = await door.get("/sessions?limit=1", mine)
    assert [one["id"] for one in page.json["items"]] == [second["session_id"]]
    page = await door.get(f"/sessions?limit=1&cursor={page.json['next']}", mine)
    assert [(one["id"], one["current"]) for one in page.json["items"]] == [
        (first["session_id"], False)
    ]
    for session_id in (other["session_id"], 2**62):
        said = await door.get(f"/sessions/{session_id}", mine, "DELETE")
        assert said.gist[:2] == (404, "session-not-found")
    assert (await door.get(f"/sessions/{first['session_id']}", mine, "DELETE")).status == 204
    assert (await door.get("/me", first["access_token"])).gist[:2] == (401, "session-over")
    assert (await door.get("/me", other["access_token"])).status == 200


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "not-signed-in"),
        ("Basic YTpi", "not-signed-in"),
        ("Bearer", "token-refused"),
        ("Bearer a.b.c", "token-refused"),
        ("bearer {strange}", "session-over"),
    ],
)
async def test_whoever_has_no_good_token_is_told_how_to_sign_in(
    header: str | None, code: str, door: Door, team: Team
) -> None:
    strange = door.api.parts.keys.issue(Claims(team.worker.account.telegram_id, 404))
    headers = {} if header is None else {"Authorization": header.format(strange=strange)}
    said = await Caller(door.api.client)("GET", "/me", **headers)
    assert said.gist[:2] == (401, code)
    assert said.headers["WWW-Authenticate"].startswith("Bearer")


async def test_operators_sign_in_without_a_company(door: Door, database: Database) -> None:
    await factories.put(
        database, "accounts", gives="telegram_id", telegram_id=OPERATOR, name="Olga"
    )
    olga = Account(OPERATOR, "Olga", None, "en", "UTC", is_operator=True)
    said = await door.post("code", {"code": await door.code_of(olga, None)})
    assert said.json["company_id"] is None
    me = await door.get("/me", said.json["access_token"])
    assert (me.json["is_operator"], me.json["company"]) == (True, None)


# The Mini App


def fields(person: Actor, **more: Any) -> dict[str, str]:
    user = {"id": person.account.telegram_id, "first_name": "Wanda"} | more.pop("user", {})
    return {"auth_date": str(int(time.time())), "user": json.dumps(user), **more}


async def test_the_mini_app_signs_in_with_what_telegram_signed_once(door: Door, team: Team) -> None:
    async with sandboxed(token=BOT_TOKEN) as telegram, Sandbox(telegram.url) as sandbox:
        wanda = await sandbox.person("Wanda", person_id=team.worker.account.telegram_id)
        given = await wanda.opens_mini_app()
    said = await door.post("telegram", {"init_data": given})
    assert (said.status, said.json["company_id"]) == (200, team.id)
    assert (await door.get("/me", said.json["access_token"])).json["name"] == "Wanda"
    again = await door.post("telegram", {"init_data": given})
    assert again.gist[:2] == (401, "init-data-refused")
    shuffled = urlencode(sorted(parse_qsl(given), reverse=True))
    assert (await door.post("telegram", {"init_data": shuffled})).gist == again.gist


@pytest.mark.parametrize("seconds", [-299, 20])
async def test_the_mini_app_may_have_been_opened_just_now(
    seconds: int, door: Door, team: Team
) -> None:
    at = str(int(time.time()) + seconds)
    given = signed(fields(team.worker, auth_date=at), BOT_TOKEN)
    assert (await door.post("telegram", {"init_data": given})).status == 200


async def test_what_telegram_has_not_signed_just_now_for_us_is_refused(
    door: Door, team: Team
) -> None:
    wanda, at = team.worker, int(time.time())
    good = signed(fields(wanda), BOT_TOKEN)
    admin = str(team.admin.account.telegram_id)
    refused = {
        signed(fields(wanda, auth_date=str(at - 301)), BOT_TOKEN): "init-data-expired",
        signed(fields(wanda, auth_date=str(at + 60)), BOT_TOKEN): "init-data-refused",
        signed(fields(wanda, auth_date="soon"), BOT_TOKEN): "init-data-refused",
        signed(fields(wanda, user={"is_bot": True}), BOT_TOKEN): "init-data-refused",
        signed(fields(wanda, user={"id": "x"}), BOT_TOKEN): "init-data-refused",
        signed({"auth_date": str(at), "user": "[]"}, BOT_TOKEN): "init-data-refused",
        signed({"auth_date": str(at)}, BOT_TOKEN): "init-data-refused",
        signed(fields(wanda), "42:ANOTHER-TOKEN"): "init-data-refused",
        signed(fields(wanda, user={"id": 2**40}), BOT_TOKEN): "sign-in-unknown",
        good.replace(str(wanda.account.telegram_id), admin): "init-data-refused",
        f"{good}&user=%7B%22id%22%3A{admin}%7D": "init-data-refused",
        f"{good[:-1]}я": "init-data-refused",
        good.partition("&hash=")[0]: "init-data-refused",
        "": "init-data-refused",
        "x": "init-data-refused",
        "&".join(f"a{n}=1" for n in range(100)): "init-data-refused",
    }
    for given, code in refused.items():
        assert (await door.post("telegram", {"init_data": given})).gist[:2] == (401, code), given
    assert (await door.post("telegram", {"init_data": good})).status == 200


# Whose address


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        ("", "203.0.113.9", "127.0.0.1"),
        ("10.0.0.0/8", "203.0.113.9", "127.0.0.1"),
        ("127.0.0.0/8", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.0/8", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.0/8,10.0.0.0/8", "203.0.113.9, 10.0.0.3", "203.0.113.9"),
        ("127.0.0.0/8", "[2001:db8::1]:443", "2001:db8::1"),
        ("127.0.0.0/8", "::ffff:203.0.113.9", "203.0.113.9"),
        ("127.0.0.0/8", "nonsense", "127.0.0.1"),
        ("127.0.0.0/8", "203.0.113.9, nonsense", "127.0.0.1"),
        ("127.0.0.0/8", "", "127.0.0.1"),
    ],
)
async def test_the_address_is_the_peers_or_whom_our_proxies_name(
    trusted: str, forwarded: str, address: str, settings: Settings, database: Database,
    redis: Redis, team: Team,
) -> None:  # fmt: skip
    networks = Settings(_env_file=None, bot_token="1:x", trusted_proxies=trusted).trusted_proxies
    ours = settings.model_copy(update={"trusted_proxies": networks})
    async with serving(ours, database, redis) as api:
        door = Door(api)
        code = await door.code_of(team.worker.account, team.worker)
        said = await door.post("code", {"code": code}, X_Forwarded_For=forwarded)
    assert said.status == 200
    assert await factories.ask(database, "select address from sessions") == address


# What is logged


async def test_no_secret_is_logged_whatever_happens(
    settings: Settings, database: Database, redis: Redis, team: Team
) -> None:
    """Not even while each statement is, with what it carries."""
    log, secrets, engine = Log(), [], create_engine(settings.model_copy(update={"debug": True}))
    with log.kept():
        async with serving(settings, Database(engine), redis) as api:
            door = Door(api)
            code = await door.code_of(team.worker.account, team.worker)
            given = signed(fields(team.worker), BOT_TOKEN)
            secrets += [code, code.replace("-", ""), code.partition("-")[2], given]
            secrets += [code.partition("-")[2].replace("-", ""), given.rpartition("=")[2]]
            opened = (await door.post("code", {"code": code})).json
            more = (await door.post("telegram", {"init_data": given})).json
            fresh = (await door.post("refresh", {"refresh_token": more["refresh_token"]})).json
            for tokens in (opened, more, fresh):
                secrets += [tokens["refresh_token"], tokens["access_token"]]
            assert (await door.get("/me", fresh["access_token"])).status == 200
            assert (await door.get("/me", fresh["access_token"] + "x")).status == 401
            for path, body in (
                ("code", {"code": code}),
                ("code", {"code": code, "company": "x"}),
                ("telegram", {"init_data": given, "more": 1}),
                ("refresh", {"refresh_token": more["refresh_token"]}),
            ):
                assert (await door.post(path, body)).status in (401, 422)
    await engine.dispose()
    written = json.dumps(log.lines, ensure_ascii=False).lower()
    for told in ("update login_codes", "insert into sessions", "update sessions", "http.request"):
        assert told in written
    assert [one for one in secrets if one.lower() in written] == []
