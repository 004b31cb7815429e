"""What the running services offer."""

import asyncpg
import pytest

from saas_bot.embedded import Services, versions

from .probes import (
    alive,
    anonymous_status,
    family,
    listening_addresses,
    query,
    recall,
    remember,
)

LOOPBACK = "0100007F"


async def test_all_three_keep_what_they_are_given(services: Services) -> None:
    await remember(services, "насос")
    assert await recall(services) == ("насос", "насос", "насос")


async def test_the_role_is_an_ordinary_one_that_may_create_databases_and_roles(services) -> None:
    rights = await query(
        services,
        "SELECT (rolsuper, rolbypassrls, rolreplication, rolcreatedb, rolcreaterole)::text "
        "FROM pg_roles WHERE rolname = current_user",
    )
    assert rights == "(f,f,f,t,t)"
    await query(services, "CREATE ROLE some_tenant")
    await services.postgres.create_database("second")
    await services.postgres.drop_database("second")


async def test_a_wrong_password_is_refused(services: Services) -> None:
    url = services.postgres.url().replace(services.postgres.password, "wrong")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(url)


async def test_the_database_knows_cyrillic(services: Services) -> None:
    assert await query(services, "SHOW server_encoding") == "UTF8"
    assert await query(services, "SELECT lower('ЁЛКА')") == "ёлка"
    stems = "SELECT to_tsvector('russian', 'ЗАДАЧИ')::text"
    assert await query(services, stems) == "'задач':1"


async def test_a_database_is_copied_from_a_template(services: Services) -> None:
    await services.postgres.create_database("shape")
    connection = await asyncpg.connect(services.postgres.url("shape"))
    await connection.execute("CREATE TABLE t AS SELECT 7 AS n")
    await connection.close()
    await services.postgres.create_database('a "copy"', template="shape")
    connection = await asyncpg.connect(services.postgres.url('a "copy"'))
    assert await connection.fetchval("SELECT n FROM t") == 7
    await connection.close()
    assert not await services.postgres.ensure_database("shape")
    await services.postgres.drop_database('a "copy"')
    await services.postgres.drop_database("shape")


async def test_s3_serves_signed_requests_only(services: Services) -> None:
    await remember(services, "secret")
    s3 = services.s3
    assert await anonymous_status(f"{s3.endpoint}/{s3.bucket}/word") == 403
    assert await anonymous_status(s3.endpoint) == 403


async def test_everything_listens_on_loopback_only(services: Services) -> None:
    for service in services.all:
        assert service.pid is not None
        assert alive(service.pid)
        for pid in family(service.pid):
            assert listening_addresses(pid) <= {LOOPBACK}, service.title
        assert listening_addresses(service.pid) == {LOOPBACK}, service.title


async def test_settings_point_at_the_services(services: Services) -> None:
    environment = services.environment("saasdb")
    assert environment["POSTGRES_PORT"] == str(services.postgres.port)
    assert environment["POSTGRES_DB"] == "saasdb"
    assert environment["REDIS_URL"] == services.redis_url
    assert environment["S3_ENDPOINT_URL"] == services.s3.endpoint


def test_versions_are_those_of_the_wheels() -> None:
    assert versions()["PostgreSQL"].startswith("18.")
    assert set(versions()) == {"PostgreSQL", "Valkey", "S3"}
