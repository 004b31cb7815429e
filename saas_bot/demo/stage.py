"""The demo itself: what is started, in which order, and how it comes down again."""

import asyncio
import os
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from saas_bot.core.settings import Settings
from saas_bot.demo.children import Child, ChildFailed
from saas_bot.demo.environment import DATABASE, Surroundings
from saas_bot.demo.people import register
from saas_bot.demo.progress import Progress
from saas_bot.demo.texts import Words
from saas_bot.embedded import EmbeddedError, Services
from saas_bot.embedded.service import Service
from saas_bot.embedded.waiting import together

STEPS = 8
_WATCH_SECONDS = 0.1

_RESTARTS, _WITHIN_SECONDS = 3, 60.0
"""Times within so many seconds that each of bot, worker and services may end by itself and is
started again."""

_RESTART_SECONDS = 1.0

# Together below the 10 seconds in which the demo promises to be gone; the services take up to 2.5.
_APPS_STOP_SECONDS = 5.0
_SANDBOX_STOP_SECONDS = 1.5


@dataclass(frozen=True)
class Stage:
    """What the demo is put on with."""

    settings: Settings
    surroundings: Surroundings
    words: Words
    progress: Progress

    @property
    def data_dir(self) -> Path:
        """Where all that survives a restart lives."""
        return self.settings.data_dir

    @property
    def logs(self) -> Path:
        """Where each process has its log."""
        return self.data_dir / "logs"

    async def play(self) -> NoReturn:
        """Bring everything up and keep it up until cancelled.

        Raises:
            ChildFailed: a process of the demo did not become ready, or ended by itself; bot and
                worker are started again a few times first.
            EmbeddedError: a service could not be started, or died; it is started again likewise.
        """
        began = time.monotonic()
        sandbox, bot, worker = self._sandbox(), self._bot(), self._worker()
        async with _stopped_after(_SANDBOX_STOP_SECONDS, sandbox):
            sandbox.start()
            async with (
                self._services() as services,
                _stopped_after(_APPS_STOP_SECONDS, bot, worker),
            ):
                await together(self._database(services), self._ready("sandbox", sandbox))
                language = await self._company()
                bot.start()
                worker.start()
                await together(self._ready("bot", bot), self._ready("worker", worker))
                self._announce(time.monotonic() - began, language)
                await self._watch(services, sandbox, bot, worker)

    def _sandbox(self) -> Child:
        state = ("--state", self.data_dir / "sandbox.json")
        return self._child("sandbox", "SANDBOX_PORT", "/api/health", ".sandbox", *state)

    def _bot(self) -> Child:
        return self._child("bot", "METRICS_PORT", "/readyz", "", "run")

    def _worker(self) -> Child:
        return self._child("worker", "WORKER_METRICS_PORT", "/readyz", "", "worker")

    def _child(
        self, name: str, port: str, ready: str, module: str, *arguments: str | Path
    ) -> Child:
        return Child(
            name,
            [f"saas_bot{module}", *arguments],
            logs=self.logs,
            environment=os.environ,
            ready_url=self.surroundings.url(port, ready),
        )

    @asynccontextmanager
    async def _services(self) -> AsyncIterator[Services]:
        labels = {
            title: self.words("start", name=title) for title in ("PostgreSQL", "Valkey", "S3")
        }
        for label in labels.values():
            self.progress.begin(label)
        async with Services.start(
            self.data_dir,
            ports=self.surroundings.services,
            report=lambda service, seconds: self.progress.done(labels[service.title], seconds),
        ) as services:
            yield services

    async def _database(self, services: Services) -> None:
        with self.progress.step(self.words("database")):
            await services.postgres.ensure_database(DATABASE)
            migration = Child(
                "migrate", ["saas_bot", "migrate"], logs=self.logs, environment=os.environ
            )
            async with _stopped_after(_APPS_STOP_SECONDS, migration):
                migration.start()
                await migration.finished()

    async def _company(self) -> str:
        with self.progress.step(self.words("company")):
            # Imported here: it brings the whole application, and the first steps needn't wait.
            from saas_bot.demo.seed import seed

            people, language = await seed(self.settings, self.settings.demo_lang)
            await register(people, self.surroundings.url("SANDBOX_PORT"))
        return language

    async def _ready(self, name: str, child: Child) -> None:
        with self.progress.step(self.words("start", name=self.words(name))):
            await child.ready()

    def _announce(self, seconds: float, language: str) -> None:
        say, words, url = self.progress.say, self.words, self.surroundings.url
        say()
        if language != self.settings.demo_lang:
            say(words("other_language"))
        say(words("ready", seconds=seconds))
        say(f"\n    {url('SANDBOX_PORT', '/')}\n")
        say(words("api", url=url("API_PORT", "/api/docs")))
        say(words("health", url=url("METRICS_PORT", "/healthz")))
        say(words("logs", path=self.logs))
        say(words("how_to_stop"))

    async def _watch(self, services: Services, sandbox: Child, *apps: Child) -> NoReturn:
        ended = defaultdict[str, deque[float]](lambda: deque(maxlen=_RESTARTS))
        while True:
            if not sandbox.running:
                raise sandbox.failure()
            for service in services.all:
                if service.crashed:
                    _note(ended[service.title], service.failure("ended unexpectedly"))
                    await self._start_service(service)
            for app in apps:
                if not app.running:
                    failure = app.failure()
                    _note(ended[app.name], failure)
                    await self._restart(app, failure.code)
            await asyncio.sleep(_WATCH_SECONDS)

    async def _restart(self, app: Child, code: int | None) -> None:
        await asyncio.sleep(_RESTART_SECONDS)
        app.start()
        self.progress.say(self.words("started_again", name=app.name, code=code))

    async def _start_service(self, service: Service) -> None:
        await asyncio.sleep(_RESTART_SECONDS)
        await service.start()
        self.progress.say(self.words("service_started_again", name=service.title))


def _note(ended: deque[float], failure: ChildFailed | EmbeddedError) -> None:
    """Note that one of them has ended; raises the failure where that happens too often."""
    now = time.monotonic()
    if len(ended) == _RESTARTS and now - ended[0] < _WITHIN_SECONDS:
        raise failure
    ended.append(now)


@asynccontextmanager
async def _stopped_after(seconds: float, *children: Child) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await together(*(child.stop(seconds) for child in children))
