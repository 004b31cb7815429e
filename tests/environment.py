"""The services that the tests run on, and the settings that point there.

One PostgreSQL and one Valkey serve a whole run, however many pytest-xdist workers it has: the
controller (or the only process) starts them and keeps them alive in a thread. Each worker has its
own database, a copy of a migrated template, and its own numbered database of Valkey.
"""

import asyncio
import os
import runpy
import tempfile
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.core.settings import Env, Settings
from saas_bot.db.models import metadata
from saas_bot.embedded import Postgres, Valkey

ROOT = Path(__file__).parent.parent
TEMPLATE = "template_saasdb_test"
BOT_TOKEN = "42424242:dummy-token-of-the-tests"
USER, PASSWORD = "saasuser", "saaspass"

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

    def settings(self, database: str, *, redis_database: int = 0, **more: Any) -> Settings:
        """Settings of ENV=test for one of its databases; nothing comes from outside."""
        values: dict[str, Any] = {
            "env": Env.TEST,
            "postgres_host": self.host,
            "postgres_port": self.postgres_port,
            "postgres_user": USER,
            "postgres_password": PASSWORD,
            "postgres_db": database,
            "redis_url": f"redis://{self.host}:{self.redis_port}/{redis_database}",
            "bot_token": BOT_TOKEN,
            "digest_hour": None,
            "quiet_hours": "off",
        }
        return only_tests(Settings(_env_file=None, **{**values, **more}))

    def postgres(self) -> Postgres:
        """The running server, to create and drop databases with."""
        return Postgres(
            Path(tempfile.gettempdir()),
            self.postgres_port,
            durable=False,
            user=USER,
            password=PASSWORD,
        )


class NotATestDatabase(Exception):
    """The tests empty their database: they refuse one that may hold anything of value."""


def only_tests(settings: Settings) -> Settings:
    """The same settings, provided that their database is one for tests."""
    name = make_url(settings.dsn).database or ""
    if not name.endswith("_test"):
        raise NotATestDatabase(f"{name!r} does not end in _test")
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

    def __init__(self) -> None:
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
            postgres = Postgres(home, 0, durable=False, user=USER, password=PASSWORD)
            redis = Valkey(home, 0, durable=False)
            try:
                await asyncio.gather(postgres.start(), redis.start())
                place = Place(postgres.host, postgres.port, redis.port)
                await postgres.create_database(TEMPLATE)
                await asyncio.to_thread(migrate, place.settings(TEMPLATE))
                self._ready.set_result(place)
                await self._enough.wait()
            finally:
                await asyncio.gather(postgres.stop(), redis.stop())
