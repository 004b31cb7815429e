"""The whole drill: people at work, and one fault after the other."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import aiohttp

from saas_bot.stopping import in_background
from tests.fault_drill.checks import Kept, kept
from tests.fault_drill.commands import Killed, NoRoom, killed_migration, no_room
from tests.fault_drill.outages import FAULTS, SETTLING, Fault, Seen, endure, nothing_waits
from tests.fault_drill.people import Crowd
from tests.fault_drill.stage import Stage, staged
from tests.fault_drill.town import Town
from tests.fault_drill.watch import Watch

SLOWEST = 2.0
"""Seconds within which `/healthz` has promised to answer."""

WAITS_LONGER = 15.0
"""Seconds that a person waits for an answer beyond the length of an outage."""


@dataclass(frozen=True, slots=True)
class Drilled:
    """What came of it."""

    outages: list[Seen]
    commands: tuple[NoRoom, Killed] | None
    """None: they were left out."""
    kept: Kept
    exported: frozenset[str]
    """The metrics that bot and worker had on `/metrics` at the end."""

    def late(self) -> Iterator[str]:
        """Answers of `/healthz` that took too long, which only a busy machine excuses."""
        for one in self.outages:
            for process, health in one.health.items():
                if health.slowest > SLOWEST:
                    took = f"took {health.slowest:.1f} s"
                    yield f"{one.fault.name}: /healthz of the {process} {took}"

    def broken(self) -> Iterator[str]:
        """Each promise that was not kept, as a line."""
        yield from self.kept.broken
        for one in self.outages:
            yield from (f"{one.fault.name}: {line}" for line in _unlike(one))
        for command in self.commands or ():
            if not command.well:
                yield str(command)


def _unlike(seen: Seen) -> Iterator[str]:
    """What an outage should not look like."""
    if silent := [act.name for act in seen.acts if act.silences]:
        yield f"no answer to {', '.join(silent)}"
    for process, health in seen.health.items():
        if health.failing_after is None:
            yield f"/healthz of the {process} noticed nothing"
        if strange := [one for one in health.named if not one.startswith(seen.fault.part)]:
            yield f"/healthz of the {process} blames {', '.join(strange)}"


async def drill(
    *,
    seconds: float,
    people: int,
    faults: Sequence[Fault] = FAULTS,
    with_commands: bool = True,
) -> Drilled:
    """Go through all of it on services of its own."""
    async with staged(people) as stage:
        crowd = Crowd(Town(stage.sandbox), people, patience=seconds + WAITS_LONGER)
        watches = {name: Watch(stage.monitoring(name, "/healthz")) for name in ("bot", "worker")}
        listening = (crowd.town.listen(), *(watch.run() for watch in watches.values()))
        async with in_background(*listening):
            await crowd.town.listening.wait()
            async with asyncio.TaskGroup() as group:
                group.create_task(crowd.live())
                seen = [await endure(one, stage, crowd, watches, seconds) for one in faults]
                ran = (
                    (await no_room(stage), await killed_migration(stage)) if with_commands else None
                )
                crowd.go_home()
            async with asyncio.timeout(SETTLING):
                await nothing_waits(stage)
            return Drilled(seen, ran, await kept(stage, crowd), await _exported(stage))


async def _exported(stage: Stage) -> frozenset[str]:
    names: list[str] = []
    async with aiohttp.ClientSession() as http:
        for process in ("bot", "worker"):
            async with http.get(stage.monitoring(process, "/metrics")) as response:
                page = await response.text()
            names += re.findall(r"^# TYPE (\w+) ", page, re.MULTILINE)
    return frozenset(names)
