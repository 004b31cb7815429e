"""`python -m saas_bot doctor`: what is configured, answers or is missing, and what to do."""

import asyncio
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import structlog
from aiogram.exceptions import AiogramError
from aiohttp import ClientError, ClientSession, ClientTimeout
from alembic.config import Config
from alembic.script import ScriptDirectory
from pydantic import SecretStr
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from saas_bot.checks import check_redis, check_storage
from saas_bot.core.logging_setup import masked_token
from saas_bot.core.settings import Env, Settings, SettingsError, env_files, load_settings
from saas_bot.db.outages import database_code
from saas_bot.services.billing.details import NAMELESS
from saas_bot.storage import Storage
from saas_bot.telegram.bot import create_bot, outcome_of
from saas_bot.web.health import PartDown

ALEMBIC_INI: Final = Path(__file__).resolve().parent.parent / "alembic.ini"

TIMEOUT: Final = 5.0
"""Seconds that each part has to answer."""

_FIXES: Final = {
    "unreachable": "start it, or correct its address in the settings; the names db, redis and "
    "minio exist only among the containers of docker compose",
    "timeout": "something is there but does not answer: check the address, and firewalls",
    "login_refused": "correct the user and the password in the settings",
    "refused": "the server's pg_hba.conf must let this user in from here",
    "no_database": "create it: createdb -O <POSTGRES_USER> <POSTGRES_DB>",
    "starting": "wait until it has started",
    "forbidden": "correct S3_ACCESS_KEY and S3_SECRET_KEY, or the rights of that key",
    "no_bucket": "create the bucket S3_BUCKET; outside production bot and worker do it themselves",
    "unauthorized": "take the token from @BotFather and put it into BOT_TOKEN",
    "not_found": "BOT_TOKEN has an impossible form, or TELEGRAM_API_URL is no Bot API server",
    "bad_answer": "TELEGRAM_API_URL is no Bot API server",
}
_ANY_FIX: Final = "the log of that service says more"


class State(StrEnum):
    """How one thing is."""

    OK = "ok"
    NOTE = "note"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    state: State
    what: str
    detail: str
    fix: str = ""


def main() -> int:
    """Print the report; gives the exit code: 0 when everything works, 1 when something doesn't."""
    # Whatever the libraries would say, the report says.
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    problems: dict[str, str] = {}
    try:
        settings = load_settings()
    except SettingsError as error:
        problems = error.problems or {"": str(error)}
    wrong = [
        Finding(State.FAIL, "settings", line, "see .env.example for each setting")
        for line in problems.values()
    ]
    if "" in problems:
        return _report([_python(), *_files(), *wrong])
    if problems:
        # The rest can be looked at all the same.
        settings = load_settings(**{name: _stand_in(name) for name in problems})
    _print("Settings", [f"{name:<24}{value}" for name, value in _values(settings, problems)])
    examined = asyncio.run(_examined(settings, problems))
    return _report([_python(), *_files(), *wrong, *examined])


def _stand_in(name: str) -> Any:
    """A value with which the other settings can be read."""
    return "1:nobody" if name == "bot_token" else Settings.model_fields[name].get_default()


def _report(findings: Sequence[Finding]) -> int:
    width = max(len(finding.what) for finding in findings) + 2
    lines = []
    for one in findings:
        lines.append(f"{one.state:<6}{one.what:<{width}}{one.detail}")
        if one.fix:
            lines.append(f"{'':<{6 + width}}-> {one.fix}")
    _print("Checks", lines)
    failed = dict.fromkeys(one.what for one in findings if one.state is State.FAIL)
    verdict = f"Not ready: {', '.join(failed)}." if failed else "Everything works."
    sys.stdout.write(f"{verdict}\n")
    return 1 if failed else 0


def _print(title: str, lines: Sequence[str]) -> None:
    sys.stdout.write("\n".join([title, *(f"  {line}" for line in lines), "", ""]))


def _values(settings: Settings, wrong: Collection[str]) -> Iterator[tuple[str, str]]:
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if name in wrong:
            value = "(wrong, see below)"
        elif name == "bot_token":
            value = masked_token(value.get_secret_value())
        elif isinstance(value, SecretStr):
            value = "(set)" if value.get_secret_value() else "(empty)"
        elif isinstance(value, frozenset):
            value = ", ".join(str(one) for one in sorted(value)) or None
        elif name == "digest_hour" and value is None:
            value = "off"
        yield name.upper(), "-" if value in (None, "") else str(value).replace("\n", " / ")


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if (3, 11) <= sys.version_info < (3, 14):
        return Finding(State.OK, "Python", version)
    return Finding(State.FAIL, "Python", version, "use Python 3.11, 3.12 or 3.13")


def _files() -> Iterator[Finding]:
    try:
        names = env_files(Env(os.environ.get("ENV", Env.LOCAL)))
    except ValueError:
        return
    found = [name for name in names if Path(name).is_file()]
    detail = ", ".join(found) if found else f"none of {', '.join(names)}; the environment alone"
    yield Finding(State.OK if found else State.NOTE, "settings files", detail)


async def _examined(settings: Settings, wrong: Collection[str]) -> list[Finding]:
    """The parts whose own settings can be read."""
    groups = await asyncio.gather(
        *(examine(settings) for examine, needed in _PARTS if not needed.intersection(wrong))
    )
    return [finding for group in groups for finding in group] + [
        _operators(settings),
        *_billing(settings),
    ]


@asynccontextmanager
async def _connected(settings: Settings) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(settings.dsn, connect_args={"timeout": TIMEOUT})
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


async def _database(settings: Settings) -> list[Finding]:
    place = settings.dsn.rpartition("@")[2]
    try:
        async with asyncio.timeout(TIMEOUT), _connected(settings) as connection:
            version = await connection.scalar(text("show server_version"))
            reached = Finding(State.OK, "database", f"PostgreSQL {version} at {place}")
            return [reached, await _schema(connection), await _tenant_role(connection)]
    except (SQLAlchemyError, OSError) as error:
        return [_down("database", f"at {place}", database_code(error))]


async def _schema(connection: AsyncConnection) -> Finding:
    head = ScriptDirectory.from_config(Config(ALEMBIC_INI)).get_current_head()
    known = await connection.scalar(text("select to_regclass('alembic_version') is not null"))
    current = (
        await connection.scalar(text("select version_num from alembic_version")) if known else None
    )
    if current == head:
        return Finding(State.OK, "schema", f"at revision {current}, the newest")
    fix = "python -m saas_bot migrate"
    return Finding(State.FAIL, "schema", f"at {current or 'nothing'}, the newest is {head}", fix)


async def _tenant_role(connection: AsyncConnection) -> Finding:
    member = await connection.scalar(text("""
            select pg_has_role(current_user, oid, 'member') from pg_roles
            where rolname = 'saas_tenant'
            """))
    if member:
        return Finding(State.OK, "tenant role", "saas_tenant can be taken on")
    detail = "saas_tenant " + ("does not exist" if member is None else "can't be taken on")
    fix = "python -m saas_bot migrate, as a user with CREATEROLE; or: grant saas_tenant to <user>"
    return Finding(State.FAIL, "tenant role", detail, fix)


async def _redis(settings: Settings) -> list[Finding]:
    place = settings.redis_url.get_secret_value().rpartition("@")[2].removeprefix("redis://")
    redis = Redis.from_url(settings.redis_url.get_secret_value(), socket_timeout=TIMEOUT)
    try:
        await check_redis(redis)
        info = await redis.info("server")
        version = info.get("valkey_version") or info.get("redis_version")
        return [Finding(State.OK, "redis", f"version {version} at {place}")]
    except PartDown as down:
        return [_down("redis", f"at {place}", down.code)]
    finally:
        await redis.aclose()


async def _s3(settings: Settings) -> list[Finding]:
    place = f"bucket {settings.s3_bucket} at {settings.s3_endpoint_url or 'AWS'}"
    storage = Storage(settings)
    try:
        async with asyncio.timeout(TIMEOUT):
            await check_storage(storage)
        return [Finding(State.OK, "s3", place)]
    except PartDown as down:
        return [_down("s3", place, down.code)]
    except TimeoutError:
        return [_down("s3", place, "timeout")]
    finally:
        await storage.close()


async def _telegram(settings: Settings) -> list[Finding]:
    place = f"at {settings.telegram_api_url}"
    async with create_bot(settings).context() as bot:
        try:
            me = await bot.get_me(request_timeout=int(TIMEOUT))
        except (AiogramError, OSError) as error:
            return [_down("Telegram", place, outcome_of(error))]
    found = Finding(State.OK, "Telegram", f"@{me.username} {place}")
    return [found, *_webhook(settings)]


def _webhook(settings: Settings) -> Iterator[Finding]:
    url = settings.webhook_url or ""
    local = settings.telegram_api_url != "https://api.telegram.org"
    if settings.updates == "webhook" and not (url.startswith("https://") or local):
        fix = "Telegram sends to https only: put a proxy with a certificate before API_PORT"
        yield Finding(State.FAIL, "webhook", f"WEBHOOK_URL={url}", fix)


async def _ports(settings: Settings) -> list[Finding]:
    names = ("METRICS_PORT", "WORKER_METRICS_PORT", "API_PORT")
    return [await _port(name, int(getattr(settings, name.lower()))) for name in names]


async def _port(name: str, port: int) -> Finding:
    with closing(socket.socket()) as probe:
        probe.settimeout(0.5)
        if probe.connect_ex(("127.0.0.1", port)) != 0:
            return Finding(State.OK, name, f"{port} is free")
    if await _is_ours(port):
        return Finding(State.OK, name, f"{port} is in use by a running bot or worker")
    fix = f"stop the program that listens there, or set {name} to another port"
    return Finding(State.FAIL, name, f"{port} is taken by another program", fix)


async def _is_ours(port: int) -> bool:
    """Every server of ours puts a request id on its answers."""
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=2.0)) as client,
            client.get(f"http://127.0.0.1:{port}/readyz") as response,
        ):
            return "X-Request-ID" in response.headers
    except (ClientError, TimeoutError, OSError):
        return False


# What is looked at, and the settings without which it can't be.
_PARTS: Final = (
    (
        _database,
        frozenset(name for name in Settings.model_fields if name.startswith("postgres_"))
        | {"database_url", "test_database_url", "database_pool_size"},
    ),
    (_redis, frozenset({"redis_url"})),
    (_s3, frozenset(name for name in Settings.model_fields if name.startswith("s3_"))),
    (_telegram, frozenset({"bot_token", "telegram_api_url"})),
    (_ports, frozenset({"metrics_port", "worker_metrics_port", "api_port"})),
)


def _operators(settings: Settings) -> Finding:
    if settings.operator_ids:
        return Finding(State.OK, "operators", f"{len(settings.operator_ids)} in OPERATOR_IDS")
    fix = "put the Telegram ids of those who run the deployment into OPERATOR_IDS"
    return Finding(State.NOTE, "operators", "none set", fix)


def _billing(settings: Settings) -> Iterator[Finding]:
    if not settings.billing_seller_name:
        fix = "put who sells into BILLING_SELLER_NAME, _ADDRESS and _TAX_ID"
        yield Finding(State.NOTE, "invoices", f"name only {NAMELESS} as the seller", fix)
    else:
        yield Finding(State.OK, "invoices", f"by {settings.billing_seller_name}")
    if not settings.billing_bank_details:
        fix = "put the account into BILLING_BANK_DETAILS to have it offered"
        yield Finding(State.NOTE, "bank transfer", "not offered", fix)


def _down(what: str, place: str, code: str) -> Finding:
    return Finding(State.FAIL, what, f"{code}: {place}", _FIXES.get(code, _ANY_FIX))
