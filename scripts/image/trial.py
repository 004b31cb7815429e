"""Tries an image: it migrates, runs, answers, and when it is stopped leaves a backup that restores.

    python scripts/image/trial.py ROOT CONFIG

ROOT is where the files of the image are mounted, CONFIG what `buildah inspect` has said of it.
Database, Valkey and S3 are those of the tests; bot, worker and sandbox are containers of the image.
"""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from saas_bot.embedded import Services, free_ports
from saas_bot.sandbox.client import Sandbox
from scripts.image.container import Container, Image, TrialFailed

DATABASE: Final = "saasdb"
START_SECONDS, STOP_SECONDS = 120.0, 90.0
PICTURE: Final = json.dumps(
    {"title": "Title", "subtitle": "", "panels": [], "decimal": ".", "thousands": ","}
)


class Trial:
    """The image, and what its containers are told."""

    def __init__(self, image: Image, home: Path, services: Services, stack: ExitStack) -> None:
        self._image, self._home, self._stack = image, home, stack
        names = ("METRICS_PORT", "WORKER_METRICS_PORT", "API_PORT", "SANDBOX_PORT")
        ports = dict(zip(names, map(str, free_ports(len(names))), strict=True))
        self.sandbox_url = f"http://127.0.0.1:{ports['SANDBOX_PORT']}"
        self._environment = {
            **services.environment(DATABASE),
            **ports,
            "ENV": "smoke",
            "BIND_HOST": "127.0.0.1",
            "SANDBOX_HOST": "127.0.0.1",
            "BOT_TOKEN": "123456:dummy-token-for-the-sandbox",
            "TELEGRAM_API_URL": self.sandbox_url,
            "OPENBLAS_NUM_THREADS": "1",
        }

    def container(self, name: str, *command: str, **more: str) -> Container:
        """Start one; without a command it does what the image says."""
        one = Container(self._image, name, {**self._environment, **more}, self._home, command)
        self._stack.callback(one.kill)
        return one

    async def run(self) -> None:
        """All of it, telling what it took."""
        self.container("sandbox", "python3", "-m", "saas_bot", "sandbox")
        bot = self.container("bot")
        say("the bot has migrated and is healthy", await bot.healthy(START_SECONDS))
        expect(bot, "migrate.done", "bot.started")
        # The network is one here: the worker's health check is not to meet the bot.
        (nobody,) = free_ports(1)
        worker = self.container(
            "worker", "python3", "-m", "saas_bot", "worker", METRICS_PORT=str(nobody)
        )
        say("the worker is healthy", await worker.healthy(START_SECONDS))
        await self._looks_inside(bot)
        await self._chats()
        say("the worker has stopped", await worker.stops(STOP_SECONDS))
        say("the bot has stopped", await bot.stops(STOP_SECONDS))
        expect(bot, "bot.stopped")
        backup = self._backup()
        say(f"it has left {backup.name}, {backup.stat().st_size / 1024:.0f} KiB")
        drill = self.container("drill", "python3", "-m", "saas_bot", "drill")
        say("the restore drill has proven it", await drill.ends(STOP_SECONDS))
        print(f"    {drill.log.strip()}")

    async def _looks_inside(self, bot: Container) -> None:
        """What people do with `docker compose exec bot`, and what the image is not to allow."""
        for command, given in (
            (["alembic", "upgrade", "head"], ""),
            (["bash", "backups/backup_db.sh", "list"], ""),
            (["sh", "-c", "python3 -m saas_bot.drawing.charts >/tmp/chart.png"], PICTURE),
        ):
            code, said = await bot.executes(command, given.encode())
            if code != 0:
                raise TrialFailed(f"{' '.join(command)} ended with {code}: {said}")
        for command in (["touch", "/app/saas_bot/new"], ["touch", "/venv/new"], ["gcc"], ["pip"]):
            code, _ = await bot.executes(command)
            if code == 0:
                raise TrialFailed(f"{' '.join(command)} works inside, and should not")
        say("alembic, backup_db.sh and charts work inside; compilers and writing don't")

    async def _chats(self) -> None:
        async with Sandbox(self.sandbox_url) as sandbox:
            anna = await sandbox.person("Anna", language="en")
            await anna.starts()
            await anna.clicks("Create a company")
            await anna.sends("Image & Sons")
            await anna.clicks("Berlin")
            await anna.sees("Image & Sons is ready")
        say("somebody has founded a company in the chat")

    def _backup(self) -> Path:
        folder = self._home / "backups"
        found = sorted(folder.glob(f"backup_{DATABASE}_*.sql.gz"))
        if len(found) != 1 or not found[0].with_name(f"{found[0].name}.sha256").exists():
            raise TrialFailed(f"no backup with its checksum: {sorted(folder.iterdir())}")
        return found[0]


def expect(container: Container, *events: str) -> None:
    """Fail unless it has logged these."""
    missing = [event for event in events if event not in container.events()]
    if missing:
        raise container.failure(f"has not logged {', '.join(missing)}")


def say(what: str, seconds: float | None = None) -> None:
    """Tell of one thing that works."""
    print(f"  {what}" + (f" after {seconds:.1f} s" if seconds is not None else ""), flush=True)


async def main(image: Image) -> None:
    """Start what the image stands on, and try it."""
    uid, gid = map(int, image.config["User"].split(":"))
    with tempfile.TemporaryDirectory(prefix="saas_bot-image-") as made, ExitStack() as stack:
        home = Path(made)
        # As Docker does it with a new volume.
        shutil.copytree(image.root / "app" / "backups", home / "backups")
        os.chown(home / "backups", uid, gid)
        async with Services.start(durable=False) as services:
            await services.postgres.create_database(DATABASE)
            await Trial(image, home, services, stack).run()
            stack.close()


if __name__ == "__main__":
    try:
        root, config = map(Path, sys.argv[1:])
        asyncio.run(main(Image.of(root, config.read_text())))
    except TrialFailed as error:
        sys.exit(f"FAILED: {error}")
