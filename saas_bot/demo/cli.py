"""The command: `python -m saas_bot demo [--reset]`."""

import argparse
import asyncio
import logging
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path

import structlog

from saas_bot.core.settings import Settings, SettingsError, load_settings
from saas_bot.demo.children import READY_SECONDS, ChildFailed
from saas_bot.demo.environment import BadPort, Surroundings, kept_secret, surroundings
from saas_bot.demo.progress import Progress
from saas_bot.demo.stage import STEPS, Stage
from saas_bot.demo.texts import Words
from saas_bot.embedded import DataDirBusy, EmbeddedError, PortTaken, binaries, free_ports
from saas_bot.embedded.claim import Claim

LOCK = "demo.lock"
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_OK, _FAILED, _MISUSED = 0, 1, 2


def main(argv: Sequence[str] = ()) -> int:
    """Run the demo until a signal stops it, or clear its data; answers the exit code.

    0 after a signal or a reset, 1 when something could not start or died, 2 for wrong settings.
    """
    parser = argparse.ArgumentParser(prog="python -m saas_bot demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="forget the data of the demo")
    arguments = parser.parse_args(argv)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        places = surroundings()
        os.environ.update(places.variables())
        settings = load_settings()
    except (BadPort, SettingsError) as error:
        sys.stderr.write(f"{error}\n")
        return _MISUSED
    # The terminal is for the steps; the processes have their logs.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    words = Words(settings.demo_lang)
    if arguments.reset:
        try:
            return _reset(settings.data_dir, words)
        except EmbeddedError as error:
            print(_explain(error, words))
            return _FAILED
    return asyncio.run(_run(settings, places, words))


async def _run(settings: Settings, places: Surroundings, words: Words) -> int:
    progress = Progress(words, STEPS)
    stop = _Stop(lambda: progress.say(words("stopping")))
    progress.say(words("title"))
    try:
        await _play(Stage(settings, places, words, progress))
    except asyncio.CancelledError:
        code = _OK
    except (ChildFailed, EmbeddedError) as error:
        progress.close()
        progress.say(_explain(error, words))
        code = _FAILED
    if stop.asked_at is not None:
        progress.close()
        progress.say(words("stopped", seconds=time.monotonic() - stop.asked_at))
    return code


async def _play(stage: Stage) -> None:
    binaries.check()
    stage.logs.mkdir(parents=True, exist_ok=True)
    with Claim(stage.data_dir / LOCK) as claim:
        if not claim.take():
            raise DataDirBusy(stage.data_dir, claim.holder())
        claim.sign(os.getpid())
        for taken in stage.surroundings.taken():
            raise taken
        os.environ["JWT_SECRET"] = kept_secret(stage.data_dir)
        os.environ["BACKUP_DIR"] = str(stage.data_dir / "backups")
        await stage.play()


class _Stop:
    """Turns the first stop signal into the cancellation of the current task; further ones wait."""

    def __init__(self, announce: Callable[[], None]) -> None:
        self.asked_at: float | None = None
        self._announce = announce
        self._task = asyncio.current_task()
        loop = asyncio.get_running_loop()
        for number in _STOP_SIGNALS:
            loop.add_signal_handler(number, self._ask)

    def _ask(self) -> None:
        if self.asked_at is None and self._task is not None:
            self.asked_at = time.monotonic()
            self._announce()
            self._task.cancel()


def _explain(error: ChildFailed | EmbeddedError, words: Words) -> str:
    """The error in the demo's language, with the way out of it."""
    match error:
        case PortTaken():
            return words(
                "port_taken",
                port=error.port,
                service=error.service,
                variable=error.variable,
                other=free_ports(1)[0],
            )
        case DataDirBusy():
            owner = words("owner", pid=error.owner) if error.owner else ""
            return words("busy", path=error.data_dir, owner=owner)
        case ChildFailed():
            key = "not_ready" if error.code is None else "died"
            text = words(
                key,
                name=error.child.name,
                code=error.code,
                seconds=READY_SECONDS,
                log=error.child.log,
            )
            return f"{text}\n{error.log_tail}"
        case _:
            return str(error)


def _reset(data_dir: Path, words: Words) -> int:
    """Remove the demo's data, unless a demo runs on it or somebody else made it."""
    if not data_dir.exists():
        print(words("no_data"))
        return _OK
    if not (data_dir / LOCK).exists():
        print(words("foreign", path=data_dir))
        return _FAILED
    with Claim(data_dir / LOCK) as claim:
        if not claim.take():
            raise DataDirBusy(data_dir, claim.holder())
        shutil.rmtree(data_dir)
    print(words("removed", path=data_dir))
    return _OK
