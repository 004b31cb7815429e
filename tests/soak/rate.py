"""Two workers and a bot together at Telegram's full rate, which the sandbox enforces."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from statistics import quantiles

from saas_bot.sandbox.client import Sandbox
from saas_bot.sandbox.inspector import KEPT
from saas_bot.stopping import in_background
from tests.soak.stage import FIRST, Stage

ASKING = 30
"""People who ask the bot meanwhile, one after the other; they get no notifications."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was sent in so many seconds, by everybody together."""

    seconds: float
    sent: int
    refused: int
    replies: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.sent / self.seconds

    @property
    def p95(self) -> float:
        """Seconds within which 95 % of the people had their reply."""
        return quantiles(self.replies, n=20)[-1]

    def __str__(self) -> str:
        return (
            f"{self.sent} messages in {self.seconds:.0f} s: {self.rate:.1f} a second, "
            f"{self.refused} refused with 429; {len(self.replies)} replies, "
            f"95 % of them within {self.p95 * 1000:.0f} ms"
        )


async def run(stage: Stage, *, seconds: float, ask_every: float, limit: float) -> Measured:
    """Have more waiting than can be sent, and count for so many seconds once all are at work."""
    worker, bot = ("saas_bot", "worker"), ("saas_bot", "run")
    counter, replies = Counter(stage), list[float]()
    await stage.put(round(seconds * 40) + 600)
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox(stage.telegram.url))
        for module in (worker, worker, bot):
            await stack.enter_async_context(stage.process(*module))
        await stack.enter_async_context(in_background(counter.run()))
        async with asyncio.timeout(limit):
            await sandbox.bot_is_there(limit)
            while counter.sent < 150:  # noqa: ASYNC110 - others change it
                await asyncio.sleep(0.05)
            counter.read()
            sent, refused, began = counter.sent, counter.refused, time.monotonic()
            asking = _ask(stage, sandbox, replies, ask_every)
            async with in_background(asking):
                await asyncio.sleep(seconds)
            counter.read()
            took = time.monotonic() - began
    return Measured(took, counter.sent - sent, counter.refused - refused, tuple(replies))


class Counter:
    """Messages that the sandbox took, and calls that it refused."""

    def __init__(self, stage: Stage) -> None:
        self._inspector, self._seen = stage.telegram.world.inspector, 0
        self.sent = self.refused = 0

    async def run(self) -> None:
        """Read along before the inspector forgets."""
        while True:
            self.read()
            await asyncio.sleep(0.5)

    def read(self) -> None:
        """Count the calls since the last time."""
        for entry in self._inspector.after(self._seen, KEPT):
            self._seen = entry["n"]
            if entry["kind"] == "call" and entry["method"].startswith("send"):
                self.sent += bool(entry["response"].get("ok"))
            if entry["kind"] == "call":
                self.refused += entry["response"].get("error_code") == 429


async def _ask(stage: Stage, sandbox: Sandbox, replies: list[float], every: float) -> None:
    """Somebody asks for the menu, and waits for it."""
    turn = 0
    while True:
        person = await sandbox.existing(FIRST + stage.people + turn % ASKING)
        began = time.monotonic()
        await person.sends("/menu")
        await person.sees("Acme")
        replies.append(time.monotonic() - began)
        await asyncio.sleep(max(0.0, every - replies[-1]))
        turn += 1
