"""The suite on a PostgreSQL that is not its own, as in CI and in containers."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from saas_bot.embedded import Postgres, binaries
from tests.environment import PASSWORD, ROOT, USER

DATABASE = "saasdb_test"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Postgres]:
    """As the image of PostgreSQL starts: a superuser, and nothing of ours."""
    server = Postgres(tmp_path, 0, durable=False, user="somebody", password="else")
    await server.start()
    yield server
    await server.stop()


async def run(*command: str, **environment: str) -> str:
    """Run a program in the repository; what it printed."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def make_role(server: Postgres, tmp_path: Path) -> None:
    programs = Path(binaries.postgres_program("psql")).parent
    await run(
        "sh",
        "deploy/postgres/role.sh",
        PATH=f"{programs}:{os.environ['PATH']}",
        PGHOST=server.host,
        PGPORT=str(server.port),
        PGPASSWORD=(tmp_path / "postgres.secret").read_text(),
        APP_USER=USER,
        APP_PASSWORD=PASSWORD,
        APP_DB=DATABASE,
    )


async def rows(server: Postgres, query: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(
        host=server.host, port=server.port, user=USER, password=PASSWORD, database=DATABASE
    )
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def test_the_suite_runs_there_under_the_role_of_containers_and_leaves_nothing(
    server: Postgres, tmp_path: Path
) -> None:
    await make_role(server, tmp_path)
    role = "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles"
    assert await rows(server, f"{role} where rolname = current_user") == [
        (False, False, True, True)
    ]
    # Left by a run that was killed.
    await run_sql(server, 'create database "template_saasdb_test"')

    given = f"postgresql://{USER}:{PASSWORD}@{server.host}:{server.port}/{DATABASE}"
    some = "tests/db/test_isolation.py::test_without_a_company_nothing_is_seen"
    said = await run(
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", some),
        ENV="ci",
        TEST_DATABASE_URL=given,
    )

    assert " passed" in said
    databases = await rows(server, "select datname from pg_database order by 1")
    assert [name for (name,) in databases] == ["postgres", DATABASE, "template0", "template1"]
    # The run was there, and not on a server of its own.
    assert await rows(server, "select rolname from pg_roles where rolname = 'saas_tenant'")


async def run_sql(server: Postgres, statement: str) -> None:
    connection = await asyncpg.connect(
        host=server.host, port=server.port, user=USER, password=PASSWORD, database=DATABASE
    )
    await connection.execute(statement)
    await connection.close()


async def test_the_superuser_cannot_come_in_by_the_network_any_more(
    server: Postgres, tmp_path: Path
) -> None:
    await make_role(server, tmp_path)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(
            host=server.host,
            port=server.port,
            user="postgres",
            password=(tmp_path / "postgres.secret").read_text(),
            database="postgres",
        )
