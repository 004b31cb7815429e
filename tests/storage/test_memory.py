"""What a large file costs: the memory of the process must not grow with it.

`pytest tests/storage/test_memory.py -s` prints the figures.
"""

import asyncio
import os
import sys

import pytest

from saas_bot.core.settings import Settings
from tests.environment import ROOT

LARGE = 200
"""Megabytes; many times what may be in memory."""

MEASURED = """
import asyncio, os, sys, time
from pathlib import Path
from saas_bot.core.settings import Settings
from saas_bot.storage import Storage, object_key

MB = 1024 * 1024

def memory(name):
    lines = Path("/proc/self/status").read_text()
    return int(lines.partition(name + ":")[2].split()[0]) / 1024

async def given(megabytes):
    block = os.urandom(64 * 1024)
    for _ in range(megabytes * 16):
        yield block

async def main(at_once, megabytes):
    storage = Storage(Settings(_env_file=None))
    names = [object_key(1, 2) for _ in range(at_once)]

    async def up(name, megabytes):
        await storage.upload(name, given(megabytes), size_limit=megabytes * MB)

    async def down(name):
        async for _ in storage.download(name):
            pass

    small = object_key(1, 2)
    await up(small, 1)
    await down(small)
    for what, each in (("up", lambda name: up(name, megabytes)), ("down", down)):
        Path("/proc/self/clear_refs").write_text("5")
        before, began = memory("VmRSS"), time.perf_counter()
        await asyncio.gather(*(each(name) for name in names))
        seconds = time.perf_counter() - began
        print(what, round(memory("VmHWM") - before, 1), round(at_once * megabytes / seconds))
    await storage.close()

asyncio.run(main(*map(int, sys.argv[1:])))
"""


async def measured(there: Settings, at_once: int, megabytes: int) -> dict[str, tuple[float, int]]:
    """Growth in MB and throughput in MB a second, upwards and downwards, of a fresh process."""
    environment = {
        **os.environ,
        "BOT_TOKEN": "1:nobody",
        "S3_ENDPOINT_URL": there.s3_endpoint_url or "",
        "S3_BUCKET": there.s3_bucket,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", MEASURED, str(at_once), str(megabytes)),
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    assert process.returncode == 0
    lines = (line.split() for line in told.decode().splitlines())
    return {what: (float(growth), int(speed)) for what, growth, speed in lines}


@pytest.mark.usefixtures("storage")
@pytest.mark.parametrize(("at_once", "megabytes", "most"), [(1, LARGE, 40), (20, 15, 80)])
async def test_memory_does_not_grow_with_the_file(
    there: Settings, at_once: int, megabytes: int, most: int
) -> None:
    figures = await measured(there, at_once, megabytes)
    print(f"\n{at_once} x {megabytes} MB, growth in MB and MB a second: {figures}")  # noqa: T201
    for growth, _ in figures.values():
        assert growth < most
