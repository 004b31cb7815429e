"""The migrations: there and back, equal to the models, and loud when they fail."""

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from saas_bot.db.engine import create_plain_engine
from saas_bot.db.models import metadata
from saas_bot.embedded import Postgres
from tests.environment import PASSWORD, ROOT, TEMPLATE, USER, Place, alembic_config
from tests.migrations.conftest import alembic, alembic_process, ended, rows

SCRIPTS = ScriptDirectory(str(ROOT / "migrations"))
REVISIONS = [one.revision for one in reversed(list(SCRIPTS.walk_revisions()))]

SHAPE = """
    select 'column', table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
           || ' ' || coalesce(column_default, '')
    from information_schema.columns where table_schema = 'public'
    union all select 'index', indexdef from pg_indexes where schemaname = 'public'
    union all select 'constraint', conrelid::regclass || ' ' || pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace
    union all select 'policy', tablename || ' ' || policyname || ' ' || coalesce(qual, '')
    from pg_policies
    union all select 'secured', relname::text from pg_class where relrowsecurity
    union all select 'grant', table_name || ' ' || privilege_type
    from information_schema.role_table_grants where grantee = 'saas_tenant'
    union all select 'function', proname::text from pg_proc
    where pronamespace = 'public'::regnamespace
    union all select 'trigger', tgrelid::regclass || ' ' || tgname from pg_trigger
    where not tgisinternal
    order by 1, 2
"""


async def _shape(settings) -> list[tuple[str, ...]]:
    found = await rows(settings, SHAPE)
    return [tuple(row) for row in found if "alembic_version" not in row[1]]


async def _plans(settings) -> list[str]:
    return [row["code"] for row in await rows(settings, "select code from plans order by id")]


def test_the_revisions_make_one_line():
    assert SCRIPTS.get_heads() == REVISIONS[-1:]
    assert SCRIPTS.get_bases() == REVISIONS[:1]


async def _go(settings, revision: str) -> None:
    """Migrate within this process, which is quicker than the command."""
    way = command.downgrade if revision in ("-1", "base") else command.upgrade
    await asyncio.to_thread(way, alembic_config(settings), revision)


async def test_every_revision_goes_up_down_and_up_again(new_database):
    settings = await new_database()
    for revision in REVISIONS:
        before = await _shape(settings)
        await _go(settings, revision)
        after = await _shape(settings)
        await _go(settings, "-1")
        assert await _shape(settings) == before
        await _go(settings, revision)
        assert await _shape(settings) == after
    assert await _plans(settings) == ["free", "team", "business"]
    await _go(settings, "head")
    assert await _plans(settings) == ["free", "team", "business"]
    await _go(settings, "base")
    assert await _shape(settings) == []


async def test_the_models_are_what_the_migrations_make(place: Place):
    engine = create_plain_engine(place.settings(TEMPLATE))
    async with engine.connect() as connection:
        difference = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(sync, opts={"compare_server_default": True}), metadata
            )
        )
    await engine.dispose()
    assert difference == []


async def test_a_migration_that_fails_says_so_critically_exits_non_zero_and_changes_nothing(
    new_database,
):
    settings = await new_database()
    await rows(settings, "create table tasks (surprise text)")
    before = await _shape(settings)
    outcome = await alembic(settings, "upgrade", "head")
    assert outcome.code != 0
    (critical,) = [line for line in map(json.loads, outcome.lines) if line["level"] == "critical"]
    assert critical["event"] == "migration.failed"
    assert 'relation "tasks" already exists' in critical["error"]
    assert "Traceback" in critical["exception"]
    assert settings.postgres_password.get_secret_value() not in outcome.out + outcome.err
    assert await _shape(settings) == before


async def test_a_database_that_cannot_be_reached_is_a_critical_line_too(place: Place):
    settings = place.settings("no_such_database_test")
    outcome = await alembic(settings, "upgrade", "head")
    assert outcome.code != 0
    assert json.loads(outcome.lines[-1])["level"] == "critical"


def test_the_address_of_the_database_is_not_in_alembic_ini():
    config = Config(str(ROOT / "alembic.ini"))
    assert config.get_main_option("sqlalchemy.url") == ""
    assert "postgres" not in (ROOT / "alembic.ini").read_text()


def test_a_migration_locks_and_runs_for_a_limited_time_only():
    text = (ROOT / "migrations" / "env.py").read_text()
    assert "lock_timeout" in text
    assert "statement_timeout" in text


async def test_replicas_that_migrate_at_once_take_turns(new_database):
    settings = await new_database()
    connection = await asyncpg.connect(settings.dsn.replace("+asyncpg", ""))
    # As one that migrates holds it. Those of other versions do, so it stays this number for good.
    await connection.execute("select pg_advisory_lock(4203117)")
    replicas = [await alembic_process(settings, "upgrade", "head") for _ in range(2)]
    for one in replicas:
        assert one.stdout is not None
        said = json.loads(await asyncio.wait_for(one.stdout.readline(), 60))
        assert said["event"] == "migration.waits_its_turn"
    assert await _shape(settings) == []
    await connection.close()
    outcomes = await asyncio.gather(*map(ended, replicas))
    assert [one.code for one in outcomes] == [0, 0], [one.lines[-1:] for one in outcomes]
    assert await _plans(settings) == ["free", "team", "business"]


@pytest.fixture
async def fresh_cluster(tmp_path: Path):
    """A PostgreSQL on which nothing was ever migrated: roles belong to a whole cluster."""
    server = Postgres(tmp_path, 0, durable=False, user=USER, password=PASSWORD)
    await server.start()
    yield server
    await server.stop()


async def test_two_databases_of_a_fresh_cluster_can_be_migrated_at_once_and_act_as_tenants(
    fresh_cluster,
):
    settings = []
    for name in ("one_test", "two_test"):
        await fresh_cluster.create_database(name)
        place = Place(fresh_cluster.host, fresh_cluster.port, redis_port=1)
        settings.append(place.settings(name))
    outcomes = await asyncio.gather(*(alembic(one, "upgrade", "head") for one in settings))
    assert [one.code for one in outcomes] == [0, 0], [one.lines[-1:] for one in outcomes]
    for one in settings:
        assert await _plans(one) == ["free", "team", "business"]
        (row,) = await rows(one, "select pg_has_role(current_user, 'saas_tenant', 'set') as can")
        assert row["can"]
