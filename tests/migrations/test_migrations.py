"""The migrations: there and back, equal to the models, and loud when they fail."""

import asyncio
import json
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from saas_bot.db.engine import create_plain_engine
from saas_bot.db.models import metadata
from saas_bot.embedded import Postgres
from tests.environment import BOT_TOKEN, PASSWORD, ROOT, TEMPLATE, USER, Place
from tests.migrations.conftest import alembic, rows

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


async def test_every_revision_goes_up_down_and_up_again(new_database):
    settings = await new_database()
    for revision in REVISIONS:
        before = await _shape(settings)
        assert (await alembic(settings, "upgrade", revision)).code == 0
        after = await _shape(settings)
        down = await alembic(settings, "downgrade", "-1")
        assert (down.code, await _shape(settings)) == (0, before), down.out
        assert (await alembic(settings, "upgrade", revision)).code == 0
        assert await _shape(settings) == after
    assert await _plans(settings) == ["free", "team", "business"]
    assert (await alembic(settings, "downgrade", "base")).code == 0
    assert await _shape(settings) == []


async def test_migrating_twice_changes_nothing(new_database):
    settings = await new_database()
    assert (await alembic(settings, "upgrade", "head")).code == 0
    assert (await alembic(settings, "upgrade", "head")).code == 0
    assert await _plans(settings) == ["free", "team", "business"]


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


async def test_a_migration_that_fails_says_so_critically_and_exits_non_zero(new_database):
    settings = await new_database()
    await rows(settings, "create table tasks (surprise text)")
    outcome = await alembic(settings, "upgrade", "head")
    assert outcome.code != 0
    (critical,) = [
        line for line in map(json.loads, outcome.lines) if line["level"] == "critical"
    ]
    assert critical["event"] == "migration.failed"
    assert 'relation "tasks" already exists' in critical["error"]
    assert "Traceback" in critical["exception"]
    assert settings.postgres_password.get_secret_value() not in outcome.out + outcome.err


async def test_a_migration_that_fails_leaves_the_database_as_it_was(new_database):
    settings = await new_database()
    await rows(settings, "create table tasks (surprise text)")
    before = await _shape(settings)
    assert (await alembic(settings, "upgrade", "head")).code != 0
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


async def test_a_migration_gives_up_when_it_cannot_get_its_lock(new_database):
    """With the timeout shortened by the server itself, it fails instead of queueing for ever."""
    settings = await new_database()
    assert (await alembic(settings, "upgrade", REVISIONS[0])).code == 0
    engine = create_plain_engine(settings)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("lock table users in access exclusive mode")
        outcome = await alembic(settings, "upgrade", "head")
    await engine.dispose()
    assert outcome.code != 0
    assert "lock timeout" in json.loads(outcome.lines[-1])["error"]


@pytest.fixture
async def fresh_cluster(tmp_path: Path):
    """A PostgreSQL on which nothing was ever migrated: roles belong to a whole cluster."""
    server = Postgres(tmp_path, 0, durable=False, user=USER, password=PASSWORD)
    await server.start()
    yield server
    await server.stop()


def _settings(server: Postgres, name: str):
    return Place(server.host, server.port, 1).settings(name, bot_token=BOT_TOKEN)


async def test_the_login_role_can_act_as_the_tenant_once_it_has_migrated(fresh_cluster):
    await fresh_cluster.create_database("one_test")
    settings = _settings(fresh_cluster, "one_test")
    assert (await alembic(settings, "upgrade", "head")).code == 0
    (row,) = await rows(settings, "select pg_has_role(current_user, 'saas_tenant', 'set') as can")
    assert row["can"]


async def test_databases_of_one_cluster_can_be_migrated_at_once(fresh_cluster):
    names = ["one_test", "two_test", "three_test"]
    for name in names:
        await fresh_cluster.create_database(name)
    settings = [_settings(fresh_cluster, name) for name in names]
    outcomes = await asyncio.gather(*(alembic(one, "upgrade", "head") for one in settings))
    assert [one.code for one in outcomes] == [0, 0, 0], [one.lines[-1:] for one in outcomes]
    for one in settings:
        assert await _plans(one) == ["free", "team", "business"]
