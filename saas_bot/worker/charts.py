"""Charts as PNG pictures, drawn by a process of their own.

matplotlib takes a second of a core and some 80 MB: neither is to be the worker's, whose loop
goes on and whose memory stays what it is. The process lives for one picture, knows no secret and
gives way to everybody else.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from dataclasses import asdict
from pathlib import Path
from typing import Final

import saas_bot
from saas_bot.domain.picture import Picture
from saas_bot.screens.report_chart import picture
from saas_bot.services.report_series import series
from saas_bot.worker.report_tables import Making

TIMEOUT: Final = 60.0
"""Seconds for one picture; it usually takes one or two."""

_PASSED_ON: Final = ("PATH", "HOME", "LANG", "TMPDIR", "MPLCONFIGDIR", "SYSTEMROOT")
_ROOT: Final = Path(saas_bot.__file__).parent.parent
_one_at_a_time = asyncio.Semaphore(1)


class ChartFailed(Exception):
    """A picture could not be drawn: the last line that its process has said."""


async def chart(making: Making) -> Path:
    """The chart of a report as a PNG file.

    Raises:
        ChartFailed: it could not be drawn.
    """
    async with making.database.tenant_session(making.actor.company_id) as session:
        counted = await series(session, making.actor, making.extent.report)
    png = await draw(picture(making.t, making.actor, counted))
    path = making.folder / "report.png"
    await asyncio.to_thread(path.write_bytes, png)
    return path


async def draw(drawn: Picture) -> bytes:
    """A PNG 1080 pixels wide, and as high as its panels need.

    Raises:
        ChartFailed: the process failed or took too long.
    """
    async with _one_at_a_time:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "saas_bot.worker.chart_drawing"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=_environment(),
        )
        try:
            async with asyncio.timeout(TIMEOUT):
                png, said = await process.communicate(json.dumps(asdict(drawn)).encode())
        except TimeoutError:
            raise ChartFailed(f"took more than {TIMEOUT:.0f} s") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode:
        lines = said.decode(errors="replace").split("\n")
        raise ChartFailed(next((line for line in reversed(lines) if line), "no reason given"))
    return png


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # One thread: numpy would otherwise reserve memory for each core.
    return {**kept, "PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1"}
