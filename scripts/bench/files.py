"""Files by many people at once: from the chat to S3, and some of them back.

    python -m scripts.bench.files [files] [megabytes] [people]

The sandbox, the bot and the worker are processes of their own. People send their files one after
the other, as fast as the sandbox takes them; the clock stops when the last one is stored.
"""

import asyncio
import hashlib
import json
import os
import random
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from saas_bot.core.settings import Settings
from saas_bot.demo.children import Child
from saas_bot.embedded import Services, free_ports
from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.storage import Storage
from scripts.bench.data import FIRST_PERSON, PEOPLE
from scripts.bench.process import environment, memory, person, stopped

MB: Final = 1024 * 1024
LOOK_EVERY: Final = 0.1
"""Seconds between looks at the memory of the processes."""

BACK: Final = 20
"""Files that are asked for again, out of S3."""

_PATIENCE: Final = 300.0
_DONE: Final = """
    select count(*) filter (where status = 'stored') as stored,
           count(*) filter (where status = 'failed') as failed
    from files
"""


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of the files; memory in MB of 10^6 bytes, by process: before, and at most."""

    files: int
    file_mb: float
    people: int
    stored: int
    failed: int
    seconds: float
    """From the first file that is sent to the last one that is stored."""
    same_in: int
    """Objects in S3 with the bytes that were sent, by SHA-256."""
    back: int
    same_back: int
    """Files asked for again, and those that came with the same bytes."""
    back_seconds: float
    memory: dict[str, tuple[float | None, float | None]]
    load: float
    """Of the machine at the end, over a minute."""

    @property
    def mb_a_second(self) -> float:
        """How much was stored."""
        return self.stored * self.file_mb / self.seconds

    def growth(self, name: str) -> float | None:
        """How far the memory of a process grew at most."""
        before, most = self.memory[name]
        return None if before is None or most is None else most - before


async def carry(
    services: Services, settings: Settings, *, files: int, megabytes: int, people: int
) -> Carried:
    """Send so many files to tasks of the companies of `settings`, and take some back.

    Raises:
        ChildFailed: the sandbox, the bot or the worker did not start.
        TimeoutError: they were not stored in time.
    """
    database = await asyncpg.connect(services.postgres.url(settings.postgres_db))
    try:
        async with _running(services, settings, people) as (sandbox, children):
            most = _Most(children)
            # Whatever is loaded with the first file is no growth.
            await _send(sandbox, database, range(-1, 0), 1, 1)
            before = most.now()
            async with most:
                began = time.perf_counter()
                stored, failed = await _send(sandbox, database, range(files), megabytes, people)
                seconds = time.perf_counter() - began
                same = await _same(services, settings, database, _hashes(files, megabytes))
                back_began = time.perf_counter()
                back, same_back = await _back(sandbox, database, people)
                took = time.perf_counter() - back_began
            return Carried(
                files, megabytes * MB / 1e6, people, stored, failed, seconds, same, back,
                same_back, took, {name: (before[name], most.mb[name]) for name in before},
                os.getloadavg()[0],
            )  # fmt: skip
    finally:
        await database.close()


@asynccontextmanager
async def _running(
    services: Services, settings: Settings, people: int
) -> AsyncIterator[tuple[Sandbox, dict[str, Child]]]:
    """The processes, and the people, each the admin of a company of their own."""
    sandbox_port, metrics_port, worker_port = free_ports(3)
    surroundings = {
        **environment(services, settings, sandbox_port, metrics_port),
        "WORKER_METRICS_PORT": str(worker_port),
        # Nobody is in the middle of a dialog that others have measured.
        "REDIS_URL": services.redis.url(2),
    }
    logs = services.data_dir / "file-logs"
    listed = services.data_dir / "senders.json"
    listed.write_text(json.dumps([person(_number(one)) for one in range(people)]), encoding="utf-8")
    url = f"http://127.0.0.1:{sandbox_port}"
    arguments = ["saas_bot.sandbox", "--port", str(sandbox_port), "--people", listed]
    commands = {
        "sandbox": (arguments, f"{url}/api/health"),
        "bot": (["saas_bot", "run"], f"http://127.0.0.1:{metrics_port}/readyz"),
        "worker": (["saas_bot", "worker"], f"http://127.0.0.1:{worker_port}/readyz"),
    }
    children = {
        name: Child(name, command, logs=logs, environment=surroundings, ready_url=ready)
        for name, (command, ready) in commands.items()
    }
    async with AsyncExitStack() as stack:
        for child in children.values():
            await stack.enter_async_context(stopped(child))
            child.start()
            await child.ready()
        sandbox = await stack.enter_async_context(Sandbox(url))
        yield sandbox, {name: children[name] for name in ("bot", "worker")}


class _Most:
    """The most memory that each process holds while the block runs."""

    def __init__(self, children: dict[str, Child]) -> None:
        self._children = children
        self.mb = self.now()

    def now(self) -> dict[str, float | None]:
        return {name: memory(child.pid)[0] for name, child in self._children.items()}

    async def __aenter__(self) -> None:
        self._looking = asyncio.create_task(self._look())

    async def __aexit__(self, *_: object) -> None:
        self._looking.cancel()

    async def _look(self) -> None:
        while True:
            for name, held in self.now().items():
                self.mb[name] = max(held or 0.0, self.mb[name] or 0.0) if held else self.mb[name]
            await asyncio.sleep(LOOK_EVERY)


def _number(sender: int) -> int:
    """The person who is the admin of a company: the first of each."""
    return sender * PEOPLE + 1


def _content(number: int, megabytes: int) -> bytes:
    """The bytes of a file, the same each time."""
    source = random.Random(number)  # noqa: S311  # nosec B311
    return b"%PDF-1.7\n" + source.randbytes(megabytes * MB - 9)


def _hashes(files: int, megabytes: int) -> set[str]:
    return {hashlib.sha256(_content(one, megabytes)).hexdigest() for one in range(files)}


async def _send(
    sandbox: Sandbox, database: Any, numbers: range, megabytes: int, people: int
) -> tuple[int, int]:
    """Let people send files until all are stored or have failed; gives how many of either."""
    had = await database.fetchrow(_DONE)
    senders = [await sandbox.existing(FIRST_PERSON + _number(one)) for one in range(people)]
    await asyncio.gather(
        *(_send_all(one, numbers[at::people], megabytes) for at, one in enumerate(senders))
    )
    async with asyncio.timeout(_PATIENCE):
        done = had
        while sum(done) < sum(had) + len(numbers):
            await asyncio.sleep(LOOK_EVERY)
            done = await database.fetchrow(_DONE)
    return done["stored"] - had["stored"], done["failed"] - had["failed"]


async def _send_all(sender: Person, numbers: range, megabytes: int) -> None:
    for number in numbers:
        await sender.sends_file(f"file-{number}.pdf", _content(number, megabytes), caption="WEB-1")


async def _same(services: Services, settings: Settings, database: Any, hashes: set[str]) -> int:
    """How many objects have the bytes of a file that was sent."""
    s3 = services.s3
    there = settings.model_copy(
        update={
            "s3_endpoint_url": s3.endpoint,
            "s3_region": s3.region,
            "s3_bucket": s3.bucket,
            "s3_access_key": type(settings.s3_access_key)(s3.access_key),
            "s3_secret_key": type(settings.s3_secret_key)(s3.secret_key),
        }
    )
    storage, same = Storage(there), 0
    for row in await database.fetch("select object_key, sha256 from files where status = 'stored'"):
        digest = hashlib.sha256()
        async for piece in storage.download(row["object_key"]):
            digest.update(piece)
        same += digest.hexdigest() == row["sha256"] and row["sha256"] in hashes
    await storage.close()
    return same


async def _back(sandbox: Sandbox, database: Any, people: int) -> tuple[int, int]:
    """Ask for some files once Telegram has forgotten them; how many, and how many came whole."""
    files = await database.fetch(
        """
        select f.id, f.sha256, f.name, f.company_id, f.uploader_id, u.telegram_id
        from files f join users u on u.id = f.uploader_id
        where f.status = 'stored' and f.name <> 'file--1.pdf' order by f.id limit $1
        """,
        BACK,
    )
    await database.execute("update files set telegram_file_id = null")
    for file in files:
        async with database.transaction():
            company = f"select set_config('app.company_id', '{file['company_id']:d}', true)"
            await database.execute(company)
            queued = "select enqueue('send_file', $1, $2)"
            await database.execute(queued, file["id"], file["uploader_id"])
    came = [await _came_back(sandbox, file) for file in files]
    return len(files), sum(came)


async def _came_back(sandbox: Sandbox, file: Any) -> bool:
    """Whether a file came to whoever has asked for it, with the same bytes."""
    asker = await sandbox.existing(file["telegram_id"])
    async with asyncio.timeout(_PATIENCE):
        while not (urls := await _urls(asker, file["name"])):  # noqa: ASYNC110
            await asyncio.sleep(LOOK_EVERY)
    digest = hashlib.sha256()
    async with sandbox.session.get(sandbox.base_url + urls[0]) as response:
        async for piece in response.content.iter_chunked(MB):
            digest.update(piece)
    return digest.hexdigest() == file["sha256"]


async def _urls(person: Person, name: str) -> list[str]:
    """Where the files of that name are that the bot has sent somebody."""
    sent = [one.file for one in await person.messages() if one.from_bot and one.file]
    return [file["url"] for file in sent if file["name"] == name]


async def _alone(files: int, megabytes: int, people: int) -> Carried:
    """This measurement and nothing else."""
    from scripts.bench.data import migrated, populated
    from scripts.bench.run import settings_of

    async with Services.start() as services:
        settings = settings_of(services, "bench_files")
        await services.postgres.create_database(settings.postgres_db)
        await migrated(settings)
        await populated(settings, people)
        return await carry(services, settings, files=files, megabytes=megabytes, people=people)


if __name__ == "__main__":
    import uvloop

    given = [int(one) for one in sys.argv[1:]] or [200, 5, 20]
    print(uvloop.run(_alone(*given)))
