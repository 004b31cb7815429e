"""The services that the tests run on, and the settings that point there.

One PostgreSQL and one Valkey serve a whole run, however many pytest-xdist workers it has: the
controller (or the only process) starts them and keeps them alive in a thread. Each worker has its
own database, a copy of a migrated template, and its own numbered database of Valkey.

With ENV=test or ENV=ci in the environment the PostgreSQL is that of `.env.test` or `.env.ci`,
provided that it names the database for tests; what the run makes there it drops at the end.
"""

import asyncio
import os
import runpy
import tempfile
import threading
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.core.settings import Env, Settings, load_settings
from saas_bot.db.models import metadata
from saas_bot.embedded import Postgres, Valkey

ROOT = Path(__file__).parent.parent
TEMPLATE = "template_saasdb_test"
BOT_TOKEN = "42424242:dummy-token-of-the-tests"
USER, PASSWORD = "saasuser", "saaspass"

DATABASES: Final[Mapping[Env, str]] = {
    Env.TEST: "saasdb_test",
    Env.CI: "saasdb_test",
    Env.SMOKE: "smokedb_test",
}
"""The only databases of others that the tests take, by `ENV`."""

_PLANS = runpy.run_path(str(ROOT / "migrations" / "versions" / "0003_plans.py"))["PLANS"]


def _sql(value: str | int | None) -> str:
    if value is None:
        return "null::bigint"
    return f"'{value}'" if isinstance(value, str) else f"{value}::bigint"


def _rows_of_plans() -> str:
    return ", ".join(
        f"({', '.join(map(_sql, plan.values()))}, null::timestamptz)" for plan in _PLANS
    )


_PLAN_COLUMNS = ", ".join([*_PLANS[0], "retired_at"])
_PLANS_AS_BEFORE = f"""
    delete from plans where code not in ({", ".join(_sql(plan["code"]) for plan in _PLANS)});
    update plans p set ({_PLAN_COLUMNS}) = row (k.*)
    from (values {_rows_of_plans()}) k({_PLAN_COLUMNS})
    where k.code = p.code and to_jsonb(p) - 'id' <> to_jsonb(k);
"""

# Deleting a few rows is quicker than truncating twenty tables, which only the audit trail needs.
# Files that go leave their keys behind, so those come last. Money is written for good: its rows
# can't be deleted one by one.
_NEVER_EMPTIED = ("invoices", "payments", "refunds", "allocations", "ledger")
_MONEY = ", ".join((*_NEVER_EMPTIED, "subscription_periods"))


def _triggers(do: str) -> str:
    return " ".join(f"alter table {table} {do} trigger never_emptied;" for table in _NEVER_EMPTIED)


_DELETED = [
    t.name
    for t in reversed(metadata.sorted_tables)
    if t.name not in ("plans", "audit_logs", "gone_objects")
]
_EMPTY = f"""
    do $$ begin
        if exists (select from invoices) or exists (select from payments) then
            {_triggers("disable")}
            truncate {_MONEY};
            {_triggers("enable")}
        end if;
        {" ".join(f"delete from {name};" for name in _DELETED)}
        {_PLANS_AS_BEFORE}
        if exists (select from audit_logs) then truncate audit_logs; end if;
        delete from gone_objects;
        perform set_config('search_path', 'procrastinate', true);
        delete from procrastinate_jobs;
    end $$
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the shared services listen; plain values, since it travels to the workers."""

    host: str
    postgres_port: int
    redis_port: int
    postgres_host: str = "127.0.0.1"
    user: str = USER
    password: str = PASSWORD

    def settings(self, database: str, *, redis_database: int = 0, **more: Any) -> Settings:
        """Settings of ENV=test for one of its databases; nothing comes from outside."""
        values: dict[str, Any] = {
            "env": Env.TEST,
            "postgres_host": self.postgres_host,
            "postgres_port": self.postgres_port,
            "postgres_user": self.user,
            "postgres_password": self.password,
            "postgres_db": database,
            "redis_url": f"redis://{self.host}:{self.redis_port}/{redis_database}",
            "bot_token": BOT_TOKEN,
            "digest_hour": None,
            "quiet_hours": "off",
        }
        return only_tests(Settings(_env_file=None, **{**values, **more}))

    def postgres(self) -> Postgres:
        """The running server, to create and drop databases with."""
        server = Postgres(
            Path(tempfile.gettempdir()),
            self.postgres_port,
            durable=False,
            user=self.user,
            password=self.password,
        )
        server.host = self.postgres_host
        return server


class NotATestDatabase(Exception):
    """The tests empty their database: they refuse one that may hold anything of value."""


def only_tests(settings: Settings) -> Settings:
    """The same settings, provided that their database is one for tests."""
    name = make_url(settings.dsn).database or ""
    if not name.endswith("_test"):
        raise NotATestDatabase(f"{name!r} does not end in _test")
    return settings


def given() -> Settings | None:
    """The settings whose PostgreSQL the tests are to use; None: they start one of their own.

    Raises:
        NotATestDatabase: the settings of this `ENV` lead to another database than one for tests.
        SettingsError: a value is wrong or missing.
    """
    env = os.environ.get("ENV", Env.LOCAL)
    if env == Env.LOCAL:
        return None
    settings = load_settings()
    wanted = DATABASES.get(settings.env, "none")
    name = make_url(settings.dsn).database
    if name != wanted:
        raise NotATestDatabase(
            f"The tests empty their database. With ENV={env} they take {wanted}, and the settings"
            f" lead to {name}. Without ENV they start a PostgreSQL of their own."
        )
    return settings


def alembic_config(settings: Settings) -> Config:
    """Alembic for the database of `settings`; its env.py asks these first."""
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["settings"] = settings
    return config


def migrate(settings: Settings) -> None:
    """Bring a database to the newest revision; not for a thread with a running loop."""
    command.upgrade(alembic_config(settings), "head")


def forget_own_settings() -> None:
    """Take whatever the environment says of our settings out of this process."""
    for name in Settings.model_fields:
        os.environ.pop(name.upper(), None)


async def empty(engine: AsyncEngine) -> None:
    """Leave nothing in the database but the three plans that migrations make."""
    async with engine.begin() as connection:
        await connection.exec_driver_sql(_EMPTY)


class Host:
    """A thread that starts the services, migrates the template, and lives until it is stopped.

    On Linux the kernel ends a service with the thread that started it, so the thread has to stay.
    """

    def __init__(self, given: Settings | None = None) -> None:
        self._given = given
        self._ready: Future[Place] = Future()
        self._thread = threading.Thread(target=self._run, name="services of the tests", daemon=True)

    def start(self) -> Place:
        """Start, and say where."""
        self._thread.start()
        return self._ready.result(timeout=90)

    def stop(self) -> None:
        """Stop and wait until nothing is left."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._enough.set)
            self._thread.join(timeout=30)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)

    async def _serve(self) -> None:
        self._loop, self._enough = asyncio.get_running_loop(), asyncio.Event()
        with tempfile.TemporaryDirectory(prefix="saas_bot-", ignore_cleanup_errors=True) as made:
            home = Path(made).resolve()
            async with _served(home, self._given) as place:
                await place.postgres().create_database(TEMPLATE)
                await asyncio.to_thread(migrate, place.settings(TEMPLATE))
                self._ready.set_result(place)
                await self._enough.wait()


@asynccontextmanager
async def _served(home: Path, given: Settings | None) -> AsyncIterator[Place]:
    """Valkey, and PostgreSQL where none is given, for as long as the context lasts."""
    redis = Valkey(home, 0, durable=False)
    own = Postgres(home, 0, durable=False, user=USER, password=PASSWORD)
    try:
        if given is None:
            await asyncio.gather(own.start(), redis.start())
            yield Place(redis.host, own.port, redis.port)
        else:
            await redis.start()
            async with _borrowed(given, redis.port) as place:
                yield place
    finally:
        await asyncio.gather(own.stop(), redis.stop())


# Databases of tests that our role owns, but for those that are there for the next run too.
_LEFT = """
    select datname from pg_database
    where datname like '%\\_test' and datname <> all($1) and pg_get_userbyid(datdba) = current_user
"""


@asynccontextmanager
async def _borrowed(given: Settings, redis_port: int) -> AsyncIterator[Place]:
    """A place on somebody's server, which has no more databases afterwards than it had before.

    Raises:
        NotATestDatabase: another run uses it.
    """
    at = make_url(given.dsn)
    place = Place(
        "127.0.0.1",
        at.port or 5432,
        redis_port,
        at.host or "",
        at.username or "",
        at.password or "",
    )
    connection = await asyncpg.connect(given.dsn.replace("+asyncpg", ""))
    try:
        if not await connection.fetchval("select pg_try_advisory_lock(hashtext('tests'))"):
            raise NotATestDatabase(f"another run of the tests uses {at.host}:{at.port}")
        await _drop_left(connection, place)
        yield place
        await _drop_left(connection, place)
    finally:
        await connection.close()


async def _drop_left(connection: asyncpg.Connection, place: Place) -> None:
    for row in await connection.fetch(_LEFT, list(DATABASES.values())):
        await place.postgres().drop_database(row["datname"])
