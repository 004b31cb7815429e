"""Pictures and papers, drawn by a process of their own.

matplotlib takes a second of a core and some 80 MB: neither is to be the bot's or the worker's,
whose loop goes on and whose memory stays what it is. The process knows no secret, gives way to
everybody else, and stays for a minute for what is drawn next, as that second goes to its start.

The same drawing is made of the same thing, so the last ones are kept.
"""

import asyncio
import json
import os
import subprocess  # nosec B404
import sys
from collections import OrderedDict
from hashlib import sha256
from pathlib import Path
from threading import Lock, Timer
from typing import Any, Final

import saas_bot

TIMEOUT: Final = 60.0
"""Seconds for one drawing; it usually takes one or two."""

IDLE: Final = 60.0
"""Seconds after which the process ends that nobody needs."""

KEPT: Final = 4 * 1024 * 1024
"""Bytes of drawings that are kept; an invoice has 35 KB."""

_PASSED_ON: Final = ("PATH", "HOME", "LANG", "TMPDIR", "MPLCONFIGDIR", "SYSTEMROOT")
_ROOT: Final = Path(saas_bot.__file__).parent.parent
_one_at_a_time = asyncio.Semaphore(1)

kept: Final[OrderedDict[bytes, bytes]] = OrderedDict()
"""The last drawings, by the digest of what they are of; the one that was last asked for, last."""


class DrawingFailed(Exception):
    """Something could not be drawn: why, in one line."""


class Painter:
    """The process that draws; it is started when it is first needed. For one thread at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._idle: Timer | None = None
        self._lock = Lock()

    def draw(self, line: bytes) -> bytes:
        """What is drawn of a line of JSON, as `__main__` reads it.

        Raises:
            DrawingFailed: it could not be, or the process has ended.
        """
        with self._lock:
            if self._idle is not None:
                self._idle.cancel()
            try:
                return self._answer(line)
            except (OSError, ValueError, EOFError):
                self._end()
                raise DrawingFailed("the process has ended") from None
            finally:
                self._idle = Timer(IDLE, self.close)
                self._idle.daemon = True
                self._idle.start()

    @property
    def pid(self) -> int | None:
        """The id of its process while it has one."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the process, which the next drawing would start again."""
        with self._lock:
            self._end()

    def kill(self) -> None:
        """End what is being drawn, from another thread."""
        process = self._process
        if process is not None:
            process.kill()

    def _answer(self, line: bytes) -> bytes:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = _started()
        written, read = self._process.stdin, self._process.stdout
        assert written is not None  # noqa: S101  # nosec B101: it is a pipe
        assert read is not None  # noqa: S101  # nosec B101: and so is this
        written.write(line + b"\n")
        written.flush()
        said = json.loads(read.readline())
        if "error" in said:
            raise DrawingFailed(said["error"])
        made = read.read(said["bytes"])
        if len(made) < said["bytes"]:
            raise EOFError
        return made

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


_painter = Painter()


async def drawn(module: str, what: dict[str, Any]) -> bytes:
    """What a module of this package makes of `what`, which it is given as JSON.

    What has begun is drawn to its end and kept, also for somebody who gives up meanwhile: on a busy
    machine they ask again.

    Raises:
        DrawingFailed: it could not be drawn, or took too long.
    """
    line = json.dumps([module, what]).encode()
    name = sha256(line).digest()
    if name not in kept:
        await _one_at_a_time.acquire()
        if name in kept:  # Those who wait may wait for the same one.
            _one_at_a_time.release()
        else:
            drawing = asyncio.create_task(_draw(name, line))
            drawing.add_done_callback(_ended)
            return await asyncio.shield(drawing)
    kept.move_to_end(name)
    return kept[name]


async def _draw(name: bytes, line: bytes) -> bytes:
    painting = asyncio.create_task(asyncio.to_thread(_painter.draw, line))
    try:
        async with asyncio.timeout(TIMEOUT):
            made = await asyncio.shield(painting)
    except TimeoutError:
        raise DrawingFailed(f"took more than {TIMEOUT:.0f} s") from None
    finally:
        if not painting.done():
            _painter.kill()
            await asyncio.gather(painting, return_exceptions=True)
    _keep(name, made)
    return made


def _ended(drawing: asyncio.Task[bytes]) -> None:
    _one_at_a_time.release()
    if not drawing.cancelled():
        drawing.exception()  # Whom it would concern may have gone.


def _keep(name: bytes, made: bytes) -> None:
    kept[name] = made
    while sum(map(len, kept.values())) > KEPT and len(kept) > 1:
        kept.popitem(last=False)


def _started() -> subprocess.Popen[bytes]:
    kept_names = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # One thread: numpy would otherwise reserve memory for each core.
    environment = {**kept_names, "PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(  # nosec B603
        [sys.executable, "-m", "saas_bot.drawing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


def under_way() -> bool:
    """Whether something is being drawn."""
    return _one_at_a_time.locked()
