"""What the tests look at from outside: rows, keys, objects and processes."""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
import redis.asyncio as redis
from aiobotocore.session import get_session

from saas_bot.embedded import Services


async def query(services: Services, statement: str, *values: object) -> Any:
    """The first value of a statement run as the ordinary role in a database of its own."""
    await services.postgres.ensure_database("probes")
    connection = await asyncpg.connect(services.postgres.url("probes"))
    try:
        return await connection.fetchval(statement, *values)
    finally:
        await connection.close()


async def remember(services: Services, word: str) -> None:
    """Put the word into all three stores."""
    await query(services, "CREATE TABLE IF NOT EXISTS words (word text)")
    await query(services, "INSERT INTO words VALUES ($1)", word)
    async with redis.from_url(services.redis_url) as client:
        await client.set("word", word)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(s3_client(services))
        await client.put_object(Bucket=services.s3.bucket, Key="word", Body=word.encode())


async def recall(services: Services) -> tuple[str, str, str]:
    """The word as each of the three stores has it."""
    row = await query(services, "SELECT word FROM words ORDER BY ctid DESC LIMIT 1")
    async with redis.from_url(services.redis_url, decode_responses=True) as client:
        key = await client.get("word")
    async with s3_client(services) as client:
        found = await client.get_object(Bucket=services.s3.bucket, Key="word")
        content = await found["Body"].read()
    return row, key, content.decode()


def s3_client(services: Services) -> Any:
    """A client as the bot's storage makes it."""
    return get_session().create_client(
        "s3",
        endpoint_url=services.s3.endpoint,
        region_name=services.s3.region,
        aws_access_key_id=services.s3.access_key,
        aws_secret_access_key=services.s3.secret_key,
    )


async def anonymous_status(url: str) -> int:
    """The status of a GET without any signature."""
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status


def alive(pid: int) -> bool:
    """Whether the process runs; one that waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def family(pid: int) -> set[int]:
    """The process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            children.setdefault(_parent(entry), []).append(int(entry.name))
    found, queue = set(), [pid]
    while queue:
        found.add(queue[-1])
        queue.extend(children.get(queue.pop(), ()))
    return found


def newcomers(pid: int, known: set[int]) -> set[int]:
    """Living descendants of the process that were not there, nor are children of those that were.

    Services that run already, such as those of the test session itself, start and end workers.
    """
    return {
        one
        for one in family(pid) - known
        if alive(one) and _parent(Path("/proc", str(one))) not in known - {pid}
    }


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def listening_addresses(pid: int) -> set[str]:
    """The hexadecimal local addresses on which the process accepts TCP connections."""
    sockets = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        target = os.readlink(descriptor)
        if target.startswith("socket:["):
            sockets.add(target[len("socket:[") : -1])
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in sockets:
                found.add(fields[1].partition(":")[0])
    return found


async def eventually(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait until the condition holds, or fail."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        await asyncio.sleep(0.01)
