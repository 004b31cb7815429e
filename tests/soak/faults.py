"""Workers are killed, services restarted, Telegram fails: each notification comes, in order.

Telegram can't be told "unless you have it already", so one whose answer was cut off after it was
delivered comes twice. Those are counted, and each has to have been cut off.
"""

import asyncio
import random
import re
import time
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from saas_bot.sandbox.faults import Fault
from saas_bot.sandbox.inspector import KEPT
from saas_bot.stopping import in_background
from tests.sandbox.conftest import Running
from tests.soak.stage import FIRST, Stage

FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "429", "retry_after": 1},
    {"kind": "500"},
    {"kind": "502"},
    {"kind": "timeout", "seconds": 1.0},
    {"kind": "cut"},
    {"kind": "lost_answer"},
)


ARRIVING = 1.0
"""Seconds that a call takes at most from a process that is killed meanwhile to the sandbox."""


@dataclass
class Delivery:
    """A message that reached its person."""

    person: int
    number: int
    at: float
    lost: bool = False
    """Its answer was cut off by a fault."""


@dataclass(frozen=True, slots=True)
class Break:
    """A worker was killed, or the database restarted."""

    at: float
    unnoted: frozenset[tuple[int, int]]
    """What was on its way then: some of it may have been delivered."""


@dataclass
class Journal:
    """What the sandbox has seen."""

    delivered: list[Delivery] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """How often calls met with what: a fault, or a refusal of the sandbox itself."""
    kills: int = 0
    breaks: list[Break] = field(default_factory=list)
    _seen: int = 0

    def read(self, telegram: Running) -> None:
        """Note the calls since the last time, before the inspector forgets them."""
        for entry in telegram.world.inspector.after(self._seen, KEPT):
            self._seen = entry["n"]
            if entry["kind"] == "call" and entry["method"] == "sendMessage":
                self._note(entry)

    def _note(self, entry: dict[str, Any]) -> None:
        response = entry["response"]
        if response.get("ok"):
            at = datetime.fromisoformat(entry["at"]).timestamp()
            (number,) = re.findall(r"No\. (\d+)", entry["request"]["text"])
            person = int(entry["request"]["chat_id"])
            self.delivered.append(Delivery(person, int(number), at))
            return
        if response.get("fault") == "lost_answer":
            self.delivered[-1].lost = True
        self.refused[response.get("fault") or response["description"]] += 1

    def of_each(self) -> dict[int, list[Delivery]]:
        """What each person got, in order."""
        each: dict[int, list[Delivery]] = defaultdict(list)
        for one in self.delivered:
            each[one.person].append(one)
        return each

    def doubled(self) -> list[tuple[Delivery, Delivery]]:
        """Deliveries that were repeated, each with the next one of the same."""
        repeated = []
        for messages in self.of_each().values():
            last: dict[int, Delivery] = {}
            for one in messages:
                if one.number in last:
                    repeated.append((last[one.number], one))
                last[one.number] = one
        return repeated

    def excused(self, one: Delivery, again: Delivery) -> bool:
        """Whether its answer was cut off, or that it had come could not be noted any more."""
        which = (one.person, one.number)
        return one.lost or any(
            one.at - ARRIVING <= cut.at <= again.at and which in cut.unnoted for cut in self.breaks
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run."""

    journal: Journal
    count: int
    people: int
    seconds: float

    def check(self) -> None:
        """Each person has all of theirs in order, and twice only what was cut off."""
        each, most = self.journal.of_each(), -(-self.count // self.people)
        for person in range(self.people):
            wanted = [n for n in range(most) if n * self.people + person < self.count]
            numbers = [one.number for one in each[FIRST + person]]
            once = [n for at, n in enumerate(numbers) if at == 0 or numbers[at - 1] != n]
            assert once == wanted, f"person {person} got {numbers}"
        unexcused = [both for both in self.journal.doubled() if not self.journal.excused(*both)]
        assert unexcused == [], "doubled though the answer came and could be noted"

    def __str__(self) -> str:
        doubled, refused = self.journal.doubled(), dict(self.journal.refused)
        lost = sum(one.lost for one, _ in doubled)
        return (
            f"{self.count} notifications to {self.people} people in {self.seconds:.0f} s; "
            f"{self.journal.kills} workers killed, calls that failed: {refused}; "
            f"doubled: {len(doubled)}, of them {lost} by a lost answer and "
            f"{len(doubled) - lost} by a killed worker"
        )


async def run(
    stage: Stage,
    count: int,
    *,
    worker: tuple[str, ...],
    kills: int,
    kill_every: float,
    fault_every: int,
    limit: float,
    dice: random.Random,
    **told: str,
) -> Outcome:
    """Put `count` notifications, and break everything until they are through.

    Two workers run; one of them is killed and replaced every `kill_every` seconds, if some more has
    been delivered by then. The services are restarted after the first kills. The workers are
    `told` further settings.
    """
    journal, began = Journal(), time.monotonic()
    await stage.put(count)
    async with AsyncExitStack() as stack:
        workers = [
            await stack.enter_async_context(stage.process(*worker, **told)) for _ in range(2)
        ]
        watching = _watch(stage, journal, dice, fault_every)
        await stack.enter_async_context(in_background(watching))
        async with asyncio.timeout(limit):
            for number in range(kills):
                reached = len(journal.delivered) + count // (kills + 2) // 2
                await asyncio.gather(
                    asyncio.sleep(kill_every), _until_delivered(journal, min(reached, count))
                )
                victim = workers[number % 2]
                victim.kill()
                await victim.wait()
                journal.kills += 1
                journal.breaks.append(Break(time.time(), await stage.on_its_way()))
                workers[number % 2] = await stack.enter_async_context(
                    stage.process(*worker, **told)
                )
                if number == 0:
                    await stage.valkey.restart()
                elif number == 1:
                    journal.breaks.append(Break(time.time(), await stage.on_its_way()))
                    await stage.postgres.restart()
            while await stage.waiting():  # noqa: ASYNC110 - others change it
                await asyncio.sleep(0.2)
        seconds = time.monotonic() - began
        journal.read(stage.telegram)
    return Outcome(journal, count, stage.people, seconds)


async def _watch(stage: Stage, journal: Journal, dice: random.Random, fault_every: int) -> None:
    """Read the sandbox's inspector before it forgets, and let one of so many calls fail."""
    kinds: list[dict[str, Any]] = []
    failed = 0
    while True:
        journal.read(stage.telegram)
        while failed * fault_every < len(journal.delivered):
            failed += 1
            kinds = kinds or dice.sample(FAULTS, len(FAULTS))
            stage.telegram.world.faults.add(Fault(method="sendMessage", **kinds.pop()))
        await asyncio.sleep(0.05)


async def _until_delivered(journal: Journal, count: int) -> None:
    while len(journal.delivered) < count:  # noqa: ASYNC110 - others change it
        await asyncio.sleep(0.05)
