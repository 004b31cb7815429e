"""People at work: they give each other tasks, press buttons, send files, and try again if told."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from tests.fault_drill.stage import FIRST
from tests.fault_drill.town import Heard, Town

APOLOGY = "went wrong on our side"
STALE = "out of date"
FILES_AWAY = "Files are unavailable right now"
PAUSE = 1.5
"""Seconds between two acts of a person, and before one is tried again."""

FILE_EVERY = 5
FILE_BYTES = 100_000


@dataclass(slots=True)
class Act:
    """Something that somebody wanted done, with all it took."""

    kind: str
    person: int
    name: str
    """The title of the task, or the name of the file: no two acts share one."""
    began: float
    ended: float = 0.0
    apologies: int = 0
    silences: int = 0
    """Steps whose answer did not come for as long as a person waits."""
    stale: bool = False
    """The button that was pressed again said that it is out of date: the person looks for
    themselves."""

    @property
    def seconds(self) -> float:
        """From the first try to the last answer."""
        return self.ended - self.began


@dataclass
class Crowd:
    """So many people, until they are told to go home."""

    town: Town
    people: int
    patience: float
    """Seconds that a person waits for an answer before trying again."""
    acts: list[Act] = field(default_factory=list)
    _home: asyncio.Event = field(default_factory=asyncio.Event)

    async def live(self) -> None:
        """All of them at once; ends when all have finished what they were at."""
        async with asyncio.TaskGroup() as group:
            for number in range(self.people):
                group.create_task(self._person(number))

    def go_home(self) -> None:
        """Have nobody begin anything new."""
        self._home.set()

    async def settled(self, until: float) -> None:
        """Wait until everything that was begun before then is finished."""
        while any(not act.ended for act in self.acts if act.began < until):  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    async def _person(self, number: int) -> None:
        dice = random.Random(number)
        turn = dice.randrange(FILE_EVERY)
        await asyncio.sleep(dice.uniform(0, PAUSE))
        while not self._home.is_set():
            turn += 1
            name = f"drill-{number}-{turn}"
            act = Act("file" if turn % FILE_EVERY == 0 else "task", number, name, time.monotonic())
            self.acts.append(act)
            await (self._file(act) if act.kind == "file" else self._task(act))
            act.ended = time.monotonic()
            await asyncio.sleep(PAUSE * dice.uniform(0.5, 1.5))

    async def _task(self, act: Act) -> None:
        """Write it in one line for a colleague, read what was understood, and press Create."""
        person, colleague = FIRST + act.person, (act.person + 1) % self.people
        line = f"/task WEB {act.name} @person_{colleague}"
        asked = await self._insist(
            act,
            lambda: self.town.writes(person, line),
            lambda heard: act.name in heard.text and heard.button("Create") is not None,
        )
        press, message = asked.button("Create"), asked.message_id
        assert press is not None
        assert message is not None
        await self._insist(
            act,
            lambda: self.town.presses(person, message, press),
            lambda heard: "is created already" in heard.text
            or (act.name in heard.text and "WEB-" in heard.text),
        )

    async def _file(self, act: Act) -> None:
        person, content = FIRST + act.person, act.name.encode().ljust(FILE_BYTES, b".")
        task = f"WEB-{act.person + 1}"
        await self._insist(
            act,
            lambda: self.town.sends_file(person, f"{act.name}.txt", content, task),
            lambda heard: act.name in heard.text or FILES_AWAY in heard.text,
        )

    async def _insist(
        self, act: Act, do: Callable[[], Awaitable[None]], fits: Callable[[Heard], bool]
    ) -> Heard:
        """Do it until the answer fits or says that it is too late, as people do."""
        person = FIRST + act.person
        while True:
            began = time.monotonic()
            await do()
            answer = await self.town.until(
                person,
                began,
                lambda heard: fits(heard) or APOLOGY in heard.text or STALE in heard.text,
                self.patience,
            )
            if answer is None:
                act.silences += 1
                continue
            if fits(answer):
                return answer
            if STALE in answer.text:
                act.stale = True
                return answer
            act.apologies += 1
            await asyncio.sleep(PAUSE)


def between(acts: list[Act], gone: float, back: float) -> Iterator[Act]:
    """Those during which the part was away for a moment at least."""
    return (one for one in acts if one.began < back and one.ended > gone)
