"""PostgreSQL over loopback TCP, with an ordinary role for the application to log in as."""

import secrets
import shutil
import signal
import subprocess  # nosec B404
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg  # type: ignore[import-untyped]

from saas_bot.embedded import account, binaries, logfiles
from saas_bot.embedded.account import Account
from saas_bot.embedded.errors import DataUnusable, ServiceFailed, of_another_user
from saas_bot.embedded.process import spawn
from saas_bot.embedded.service import NotReady, Service
from saas_bot.embedded.waiting import until

SUPERUSER = "postgres"
SHARED_BUFFERS = "64MB"
_INITDB_SECONDS = 60.0

# For a laptop or a small container: little memory, no background work that nobody asked for.
# Dynamic shared memory is kept in files of the data directory, which outlive a kill -9 in one
# known place instead of filling /dev/shm.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "dynamic_shared_memory_type": "mmap",
    "max_wal_size": "512MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Pages come from the system's cache; to hand each to a process that reads it takes far longer.
    "io_method": "sync",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_THROWAWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
}
_INITDB_OPTIONS = (
    f"--username={SUPERUSER}",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--no-locale",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)

_STARTING = (asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError, OSError)


class Postgres(Service):
    """The database server.

    `user` may create databases and roles but is no superuser, so row-level security binds it
    as it does in production.
    """

    title = "PostgreSQL"
    slug = "postgres"
    port_variable = "POSTGRES_PORT"
    stop_signal = signal.SIGINT  # "fast" shutdown: clients are cut off, the data is checkpointed
    abort_signal = signal.SIGQUIT  # "immediate": no checkpoint, the next start recovers
    stop_seconds = 2.5

    def __init__(
        self,
        data_dir: Path,
        port: int,
        *,
        durable: bool,
        user: str,
        password: str,
        shared_buffers: str = SHARED_BUFFERS,
    ) -> None:
        super().__init__(data_dir, port, durable=durable)
        self._shared_buffers = shared_buffers
        self.user = user
        self.password = password
        self.cluster = data_dir / "postgres"
        self._secret = data_dir / "postgres.secret"

    def url(self, database: str = "postgres", *, scheme: str = "postgresql") -> str:
        """The address of a database for the ordinary role, e.g. with `postgresql+asyncpg`."""
        login = f"{quote(self.user, '')}:{quote(self.password, '')}"
        return f"{scheme}://{login}@{self.host}:{self.port}/{quote(database, '')}"

    async def create_database(self, name: str, *, template: str | None = None) -> None:
        """Create a database owned by the ordinary role, empty or as a copy of `template`.

        Raises:
            asyncpg.DuplicateDatabaseError: it exists.
            asyncpg.ObjectInUseError: somebody is connected to the template.
        """
        source = f" TEMPLATE {_quoted(template)}" if template else ""
        await self._run_as_user(f"CREATE DATABASE {_quoted(name)}{source}")

    async def ensure_database(self, name: str) -> bool:
        """Create the database unless it exists; answers whether it was created."""
        try:
            await self.create_database(name)
        except asyncpg.DuplicateDatabaseError:
            return False
        return True

    async def drop_database(self, name: str) -> None:
        """Drop the database if it exists, cutting off whoever is connected."""
        await self._run_as_user(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")

    async def _run_as_user(self, statement: str) -> None:
        async with self._connection(self.user, self.password) as connection:
            await connection.execute(statement)

    @asynccontextmanager
    async def _connection(self, user: str, password: str) -> AsyncIterator[Any]:
        connection = await asyncpg.connect(
            host=self.host,
            port=self.port,
            user=user,
            password=password,
            database="postgres",
            ssl=False,
            timeout=5,
        )
        try:
            yield connection
        finally:
            await connection.close()

    async def _prepare(self) -> None:
        runs_as = self._account()
        if runs_as:
            for tree in binaries.postgres_trees():
                account.let_read(tree)
        if not self.cluster.exists():
            await self._create_cluster(runs_as)
        self._check_owner(runs_as)
        self._check_version()
        # Our lock proves that no server runs on this data, so the file can only be a leftover,
        # and its process id may by now belong to anybody.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    async def _create_cluster(self, runs_as: Account | None) -> None:
        """Initialise aside and rename, so that an interrupted start leaves no half cluster."""
        draft = self.cluster.with_name("postgres.new")
        password_file = self._secret.with_name("postgres.secret.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self._secret.write_text(secrets.token_hex(16))
        self._secret.chmod(0o600)
        shutil.copy(self._secret, password_file)
        if runs_as:
            account.let_through(draft)
            account.give(draft, runs_as)
            account.give(password_file, runs_as)
        try:
            await self._initdb(draft, password_file, runs_as)
        finally:
            password_file.unlink()
        draft.rename(self.cluster)

    async def _initdb(self, target: Path, password_file: Path, runs_as: Account | None) -> None:
        log = self.log.with_name("initdb.log")
        logfiles.rotate(log)
        program = binaries.postgres_program("initdb")
        own = (f"--pgdata={target}", f"--pwfile={password_file}")
        process = spawn(
            [program, *own, *_INITDB_OPTIONS, *([] if self.durable else ["--no-sync"])],
            log=log,
            cwd=self.data_dir,
            env=self._environment(),
            death_signal=signal.SIGKILL,
            account=runs_as,
            keep_open=[self._claim.file],
        )
        try:
            await until(lambda: process.poll() is not None, _INITDB_SECONDS)
        finally:
            _end(process)
        if process.returncode != 0:
            raise ServiceFailed(self.title, "could not create its data", log, logfiles.tail(log))

    def _check_version(self) -> None:
        found = (self.cluster / "PG_VERSION").read_text().strip()
        if found != binaries.postgres_major():
            raise DataUnusable(
                f"{self.cluster} was written by PostgreSQL {found}, and this is "
                f"{binaries.postgres_major()}. Remove the data (make demo-reset) or bring it "
                f"over with pg_dump."
            )

    def _check_owner(self, runs_as: Account | None) -> None:
        if runs_as:
            account.let_through(self.cluster)
            account.give(self.cluster, runs_as)
        elif not account.owns(self.cluster):
            raise of_another_user(self.cluster)

    def _command(self) -> Sequence[str | Path]:
        settings = _SETTINGS if self.durable else {**_SETTINGS, **_THROWAWAY_SETTINGS}
        settings = {**settings, "shared_buffers": self._shared_buffers}
        options = [f"--{name}={value}" for name, value in settings.items()]
        program = binaries.postgres_program("postgres")
        return [program, "-D", self.cluster, "-p", str(self.port), *options]

    def _account(self) -> Account | None:
        return account.needed()

    async def _probe(self) -> None:
        try:
            async with self._connection(SUPERUSER, self._secret.read_text()) as connection:
                await self._ensure_role(connection)
        except _STARTING as error:
            raise NotReady(str(error)) from error
        except asyncpg.InvalidPasswordError as error:
            raise DataUnusable(
                f"{self._secret} does not fit {self.cluster}. Remove the data (make demo-reset)."
            ) from error

    async def _ensure_role(self, connection: Any) -> None:
        known = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", self.user)
        verb = "ALTER" if known else "CREATE"
        rights = "LOGIN CREATEDB CREATEROLE NOSUPERUSER NOBYPASSRLS"
        template = f"{verb} ROLE %I {rights} PASSWORD %L"
        statement = await connection.fetchval(
            "SELECT format($1::text, $2::text, $3::text)", template, self.user, self.password
        )
        await connection.execute(statement)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
    process.wait()
