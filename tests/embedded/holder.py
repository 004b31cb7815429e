"""A program that holds the services until it is killed: `python holder.py DIRECTORY`.

It stores the word "held" everywhere and then prints the three ports in one line.
"""

import asyncio
import sys
from pathlib import Path

from probes import remember

from saas_bot.embedded import Services


async def hold(home: Path) -> None:
    async with Services.start(home) as services:
        await remember(services, "held")
        print(*(one.port for one in services.all), flush=True)  # noqa: T201
        await asyncio.Event().wait()


asyncio.run(hold(Path(sys.argv[1])))
