"""Pictures and papers, drawn by a process of their own.

matplotlib takes a second of a core and some 80 MB: neither is to be the bot's or the worker's,
whose loop goes on and whose memory stays what it is. The process lives for one drawing, knows no
secret and gives way to everybody else.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any, Final

import saas_bot

TIMEOUT: Final = 60.0
"""Seconds for one drawing; it usually takes one or two."""

_PASSED_ON: Final = ("PATH", "HOME", "LANG", "TMPDIR", "MPLCONFIGDIR", "SYSTEMROOT")
_ROOT: Final = Path(saas_bot.__file__).parent.parent
_one_at_a_time = asyncio.Semaphore(1)


class DrawingFailed(Exception):
    """Something could not be drawn: the last line that its process has said."""


async def drawn(module: str, what: dict[str, Any]) -> bytes:
    """What a module of this package makes of `what`, which it is given as JSON.

    Raises:
        DrawingFailed: the process failed or took too long.
    """
    async with _one_at_a_time:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", f"saas_bot.drawing.{module}"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=_environment(),
        )
        try:
            async with asyncio.timeout(TIMEOUT):
                made, said = await process.communicate(json.dumps(what).encode())
        except TimeoutError:
            raise DrawingFailed(f"took more than {TIMEOUT:.0f} s") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode:
        lines = said.decode(errors="replace").split("\n")
        raise DrawingFailed(next((line for line in reversed(lines) if line), "no reason given"))
    return made


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # One thread: numpy would otherwise reserve memory for each core.
    return {**kept, "PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1"}


def under_way() -> bool:
    """Whether something is being drawn."""
    return _one_at_a_time.locked()
