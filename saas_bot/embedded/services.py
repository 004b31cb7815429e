"""The three services together: started in parallel, stopped in parallel, all or none."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from saas_bot.embedded.claim import Claim
from saas_bot.embedded.errors import DataDirBusy
from saas_bot.embedded.ports import Ports
from saas_bot.embedded.postgres import SHARED_BUFFERS, Postgres
from saas_bot.embedded.s3 import S3
from saas_bot.embedded.service import Service
from saas_bot.embedded.valkey import Valkey
from saas_bot.embedded.waiting import together

Report = Callable[[Service, float], None]


@dataclass(frozen=True, kw_only=True)
class Access:
    """Names and secrets the services are started with."""

    postgres_user: str = "saasuser"
    postgres_password: str = "saaspass"  # noqa: S105
    s3_access_key: str = "saasbot"
    s3_secret_key: str = "saasbot-secret"  # noqa: S105
    s3_region: str = "us-east-1"
    s3_bucket: str = "saasbot"


@dataclass(frozen=True)
class Services:
    """PostgreSQL, Valkey and S3, serving; each can be stopped and started by itself."""

    data_dir: Path
    postgres: Postgres
    redis: Valkey
    s3: S3

    @classmethod
    @asynccontextmanager
    async def start(
        cls,
        data_dir: Path | None = None,
        *,
        ports: Ports | None = None,
        access: Access | None = None,
        durable: bool = True,
        shared_buffers: str = SHARED_BUFFERS,
        report: Report | None = None,
    ) -> AsyncIterator["Services"]:
        """Start the services with their data under `data_dir`, and stop them at the end.

        Without `data_dir` the data is temporary and goes when they stop. `durable=False` is for
        tests: nothing waits for the disk, and stopping is as abrupt as killing. `shared_buffers`
        is how much of the data PostgreSQL itself keeps in memory. `report` is called as each
        service becomes ready, with the seconds it took.

        Raises:
            DataDirBusy: another process has services running on this directory.
            PortTaken: somebody else listens on a port asked for.
            ServiceFailed: a service did not start.
            DataUnusable: the data was written by another version or another user.
        """
        with _home(data_dir) as home, _owned(home):
            services = cls._on(home, ports or Ports(), access or Access(), durable, shared_buffers)
            try:
                await services._start_all(report or _nothing)
                yield services
            finally:
                await asyncio.shield(services.stop())

    @classmethod
    def _on(
        cls, home: Path, ports: Ports, access: Access, durable: bool, shared_buffers: str
    ) -> "Services":
        return cls(
            data_dir=home,
            postgres=Postgres(
                home,
                ports.postgres,
                durable=durable,
                user=access.postgres_user,
                password=access.postgres_password,
                shared_buffers=shared_buffers,
            ),
            redis=Valkey(home, ports.redis, durable=durable),
            s3=S3(
                home,
                ports.s3,
                durable=durable,
                access_key=access.s3_access_key,
                secret_key=access.s3_secret_key,
                region=access.s3_region,
                bucket=access.s3_bucket,
            ),
        )

    @property
    def all(self) -> tuple[Service, ...]:
        """The services, in the order people think of them."""
        return (self.postgres, self.redis, self.s3)

    @property
    def redis_url(self) -> str:
        """The address of Valkey's database 0."""
        return self.redis.url()

    def environment(self, database: str) -> dict[str, str]:
        """The settings, as environment variables, that point a process of ours here."""
        return {
            "POSTGRES_HOST": self.postgres.host,
            "POSTGRES_PORT": str(self.postgres.port),
            "POSTGRES_USER": self.postgres.user,
            "POSTGRES_PASSWORD": self.postgres.password,
            "POSTGRES_DB": database,
            "REDIS_URL": self.redis_url,
            "S3_ENDPOINT_URL": self.s3.endpoint,
            "S3_REGION": self.s3.region,
            "S3_BUCKET": self.s3.bucket,
            "S3_ACCESS_KEY": self.s3.access_key,
            "S3_SECRET_KEY": self.s3.secret_key,
        }

    async def stop(self) -> None:
        """Stop all three at once and wait until no process is left."""
        outcomes = await asyncio.gather(*(one.stop() for one in self.all), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    def check(self) -> None:
        """Raise `ServiceFailed` for a service that has ended though nobody stopped it."""
        for service in self.all:
            if service.crashed:
                raise service.failure("ended unexpectedly")

    async def _start_all(self, report: Report) -> None:
        async def start(service: Service) -> None:
            report(service, await service.start())

        await together(*(start(service) for service in self.all))


@contextmanager
def _home(data_dir: Path | None) -> Iterator[Path]:
    if data_dir is not None:
        data_dir.mkdir(parents=True, exist_ok=True)
        yield data_dir.resolve()
        return
    home = Path(tempfile.mkdtemp(prefix="saas_bot-")).resolve()
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _owned(home: Path) -> Iterator[None]:
    with Claim(home / "owner.lock") as claim:
        if not claim.take():
            raise DataDirBusy(home, claim.holder())
        claim.sign(os.getpid())
        yield


def _nothing(_service: Service, _seconds: float) -> None:
    pass
