"""PostgreSQL, Valkey and S3 from their wheels: for the demo and the tests, nothing to install.

    async with Services.start(Path(".data"), ports=Ports(postgres=54329)) as services:
        services.postgres.url("saasdb")          # also host, port, user, password
        services.redis_url
        services.s3.endpoint                     # also access_key, secret_key, region, bucket
        services.environment("saasdb")           # all of it as environment variables
        await services.redis.stop()              # for fault tests: each by itself,
        await services.redis.start()             # same port, same data
        await services.postgres.kill()           # as a power cut would

Everything listens on loopback only. No process outlives its starter: on the way out each is
stopped and waited for, and on Linux the kernel ends them if the starter is killed. The starter is
the *thread* that entered `Services.start`: it has to live as long as the services shall.

A session's fixtures for the tests: one set of services, a migrated template, and for each test a
copy of it (about 50 ms).

    @pytest_asyncio.fixture(scope="session")
    async def services() -> AsyncIterator[Services]:
        async with Services.start(durable=False) as services:
            yield services

    @pytest_asyncio.fixture(scope="session")
    async def template(services: Services) -> str:
        await services.postgres.create_database("template_saasdb")
        await migrate(services.postgres.url("template_saasdb", scheme="postgresql+asyncpg"))
        return "template_saasdb"                 # nobody may stay connected to it

    @pytest_asyncio.fixture
    async def database(services: Services, template: str) -> AsyncIterator[str]:
        name = f"test_{uuid4().hex}"
        await services.postgres.create_database(name, template=template)
        yield services.postgres.url(name, scheme="postgresql+asyncpg")
        await services.postgres.drop_database(name)
"""

from saas_bot.embedded.binaries import versions
from saas_bot.embedded.errors import (
    DataDirBusy,
    DataUnusable,
    EmbeddedError,
    PortTaken,
    ServiceFailed,
)
from saas_bot.embedded.ports import Ports, free_ports
from saas_bot.embedded.postgres import Postgres
from saas_bot.embedded.s3 import S3
from saas_bot.embedded.service import Service
from saas_bot.embedded.services import Access, Services
from saas_bot.embedded.valkey import Valkey

__all__ = [
    "S3",
    "Access",
    "DataDirBusy",
    "DataUnusable",
    "EmbeddedError",
    "PortTaken",
    "Ports",
    "Postgres",
    "Service",
    "ServiceFailed",
    "Services",
    "Valkey",
    "free_ports",
    "versions",
]
