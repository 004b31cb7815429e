"""The other screens people read all day: what each costs, among few tasks and among many."""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from saas_bot.domain.report_period import Period
from saas_bot.domain.task_lists import View
from saas_bot.screens import callbacks as to
from scripts.bench.contenders import Contender, Logs, Ours
from scripts.bench.counting import counting
from scripts.bench.data import PEOPLE, PROJECTS
from scripts.bench.feeding import Raw, click, command
from scripts.bench.measure import feed

CHUNK = 50
"""Updates in a row on one database, before the other one has its turn."""

STAFF = 8
"""The first people of each company: those who are no clients."""

_SEARCHES = cycle(
    (
        "landing page",
        "pumps",
        "monthly report",
        '"price list"',
        "contract -fix",
        "photographs or translate",
        "no 123",
        "done few words",
        "prepare login form",
        "second part",
        "nowhere",
        "describe delivery new pumps",
    )
)


def _project(person: int) -> int:
    return (person - 1) // PEOPLE * PROJECTS + person % PROJECTS + 1


SCREENS: dict[str, Callable[[int], Raw]] = {
    "overdue tasks": lambda person: click(person, to.Tasks(view=View.OVERDUE).pack()),
    "a project's tasks by status": lambda person: click(
        person, to.Tasks(view=View.IN_PROGRESS, project=_project(person)).pack()
    ),
    "search": lambda person: command(person, f"/search {next(_SEARCHES)}"),
    "board": lambda person: command(person, "/board"),
    "report of a month": lambda person: click(person, to.Report(period=Period.MONTH).pack()),
}


@dataclass(frozen=True, slots=True)
class ScreenCost:
    """One screen, one update at a time; times in ms, `sql` is the time waited for PostgreSQL."""

    title: str
    statements: float
    few_p50: float
    p50: float
    p99: float
    sql_p50: float
    sql_p99: float

    @property
    def growth(self) -> float:
        """How much longer it takes among many tasks."""
        return self.p50 / self.few_p50


async def read_screens(
    few: Ours, many: Ours, logs: Logs, *, few_companies: int, companies: int, updates: int
) -> list[ScreenCost]:
    """Open each screen `updates` times on both databases, which take turns."""
    found = []
    for title, opened in SCREENS.items():
        costs = [_Reading(on, title, opened, among) for on, among in (
            (few, few_companies), (many, companies))]  # fmt: skip
        for one in costs:
            await one.read(CHUNK, logs)
            one.forget()
        for _ in range(updates // CHUNK):
            for one in costs:
                await one.read(CHUNK, logs)
        at_few, at_many = costs
        found.append(
            ScreenCost(
                title,
                at_many.statements / len(at_many.took),
                statistics.median(at_few.took) * 1000,
                statistics.median(at_many.took) * 1000,
                _p99(at_many.took) * 1000,
                statistics.median(at_many.waited) * 1000,
                _p99(at_many.waited) * 1000,
            )
        )
    return found


class _Reading:
    """One screen on one database."""

    def __init__(self, on: Ours, title: str, opened: Callable[[int], Raw], companies: int) -> None:
        people = _staff(companies)
        self._contender: Contender = on.doing(
            "", title, lambda number: [opened(one) for one in islice(people, number)]
        )
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.took: list[float] = []
        self.waited: list[float] = []
        self.statements = 0

    async def read(self, updates: int, logs: Logs) -> None:
        """Feed so many updates, one at a time."""
        one = self._contender
        await one.redis.flushdb()
        with logs.as_of(one), counting(one.engine) as tally:
            for raw in one.supply(updates):
                before = tally.waited
                self.took.append(await feed(one, raw))
                self.waited.append(tally.waited - before)
        self.statements += len(tally.statements)


def _staff(companies: int) -> Iterator[int]:
    """Everybody but clients, in turn: neighbours are of different companies and roles."""
    return cycle(
        company * PEOPLE + (company + turn) % STAFF + 1
        for turn in range(STAFF)
        for company in range(companies)
    )


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]
