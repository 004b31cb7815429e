"""What was found, as a table, as targets reached or missed, and as JSON."""

import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from scripts.bench.api import Served
from scripts.bench.billing import Billed
from scripts.bench.exporting import Exported
from scripts.bench.files import Carried
from scripts.bench.measure import Counts, Series, ratio
from scripts.bench.process import Staying
from scripts.bench.reminders import Reminded
from scripts.bench.sandbox import Delivered
from scripts.bench.screens import ScreenCost


@dataclass(frozen=True, slots=True)
class Row:
    """One contender: throughput with several updates at once, latency with one at a time."""

    letter: str
    title: str
    rate: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float
    counts: Counts

    @classmethod
    def of(cls, busy: Series, alone: Series, counts: Counts) -> "Row":
        """The row of a contender, from its two series."""
        one = busy.contender
        p50, p99 = alone.latency_ms(50), alone.latency_ms(99)
        return cls(one.letter, one.title, busy.rate, busy.cpu_ms, p50, p99, counts)


@dataclass(frozen=True, slots=True)
class Target:
    """A figure and what it ought to be."""

    title: str
    figure: float | None
    bound: float
    at_least: bool = False
    unit: str = ""
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """None: not measured."""
        if self.figure is None:
            return None
        return self.figure >= self.bound if self.at_least else self.figure <= self.bound


@dataclass
class Findings:
    """Everything of one run."""

    quick: bool
    companies: int
    tasks: int
    few_tasks: int
    concurrency: int
    rounds: int
    loading_seconds: float
    rows: list[Row] = field(default_factory=list)
    ratios: dict[str, float] = field(default_factory=dict)
    screens: list[ScreenCost] = field(default_factory=list)
    card_statements: float | None = None
    stay: Staying | None = None
    problem: str = ""
    served: Served | None = None
    serve_problem: str = ""
    exported: list[Exported] = field(default_factory=list)
    export_problem: str = ""
    carried: Carried | None = None
    carry_problem: str = ""
    reminded: Reminded | None = None
    billed: Billed | None = None
    delivered: Delivered | None = None
    sandbox_problem: str = ""

    def measured(self, busy: list[Series], alone: list[Series], counts: list[Counts]) -> None:
        """Take in the series of all contenders, which are in the same order."""
        self.rows = [Row.of(*one) for one in zip(busy, alone, counts, strict=True)]
        series = {one.contender.letter: one for one in busy}
        cpu = {letter: one.cpu_ms for letter, one in series.items()}
        row = {one.letter: one for one in self.rows}
        self.ratios = {
            "c/b": ratio(series["c"], series["b"]),
            "d/b": ratio(series["d"], series["b"]),
            "c/b0": ratio(series["c"], series["b0"]),
            "c/b by CPU": cpu["b"] / cpu["c"],
            "d/b by CPU": cpu["b"] / cpu["d"],
            "p50 of c / p50 of c1": row["c"].p50_ms / row["c1"].p50_ms,
        }

    @property
    def targets(self) -> list[Target]:
        """The figures that the project promised."""
        counts = {row.letter: row.counts for row in self.rows}
        stay = self.stay
        growth = f"p50 of /tasks, {self.tasks:,} tasks to {self.few_tasks:,}"
        work = f"of {stay.sent:,} updates, {stay.failed} failed" if stay else self.problem
        sandbox, answered = self.delivered, "sandbox: updates/s answered by a bot"
        memory = f"memory of the bot after {stay.handled:,} updates" if stay else "memory"
        return [
            Target("c/b, updates per second", self.ratios["c/b"], 0.6, at_least=True),
            Target("SQL statements of a list", counts["c"].statements, 4),
            Target("SQL statements of a card", self.card_statements, 4),
            Target("SQL statements of a change", counts["d"].statements, 8),
            Target(growth, self.ratios["p50 of c / p50 of c1"], 1.2),
            *self._of_screens(),
            *self._of_api(),
            *(
                Target(f"extra memory of the worker: {one.button}", one.extra_mb, 100.0, unit=" MB")
                for one in self.exported
            ),
            *self._of_files(),
            Target(
                f"a sweep of reminders, {self.tasks:,} open tasks",
                self.reminded.most_ms if self.reminded else None,
                50.0,
                unit=" ms",
            ),
            *self._of_billing(),
            Target("start of `run` to /readyz", stay.ready if stay else None, 3.0, unit=" s"),
            Target(memory, stay.memory_mb if stay else None, 150.0, unit=" MB", note=work),
            Target(
                f"{answered}, raw",
                sandbox.raw if sandbox else None,
                500,
                at_least=True,
                note=self.sandbox_problem,
            ),
            Target(
                f"{answered}, aiogram",
                sandbox.aiogram if sandbox else None,
                500,
                at_least=True,
                note=self.sandbox_problem,
            ),
        ]

    def _of_screens(self) -> Iterator[Target]:
        for one in self.screens:
            yield Target(f"SQL statements: {one.title}", one.statements, 4)
            yield Target(f"p50, {self.tasks:,} tasks to few: {one.title}", one.growth, 1.2)
            if one.title == "search":
                yield Target("p99 of database time: search", one.sql_p99, 50.0, unit=" ms")

    def _of_api(self) -> Iterator[Target]:
        ratio = self.served.ratio if self.served else None
        note = self.serve_problem
        yield Target("API to a bare handler, requests/s", ratio, 0.5, at_least=True, note=note)

    def _of_billing(self) -> Iterator[Target]:
        one = self.billed
        title = f"billing of {one.companies:,} companies" if one else "billing"
        seconds, grew = (one.most_seconds, one.grew_mb) if one else (None, None)
        yield Target(f"{title}, all due", seconds, 30.0, unit=" s")
        yield Target(f"{title}, extra memory", grew, 50.0, unit=" MB")

    def _of_files(self) -> Iterator[Target]:
        one, note = self.carried, self.carry_problem
        for name in ("bot", "worker"):
            growth = one.growth(name) if one else None
            yield Target(f"files: growth of the {name}", growth, 100.0, unit=" MB", note=note)
        lost = one.files - one.same_in + one.back - one.same_back if one else None
        yield Target("files: not the same at both ends", lost, 0, note=note)

    def as_json(self) -> dict[str, Any]:
        """Everything, with the machine."""
        machine = {
            "system": platform.system(),
            "processors": os.cpu_count(),
            "python": platform.python_version(),
        }
        targets = [{**asdict(one), "reached": one.reached} for one in self.targets]
        return {"machine": machine, **asdict(self), "targets": targets}

    def lines(self) -> Iterator[str]:
        """The report for people."""
        size = f"{self.tasks:,} tasks of {self.companies:,} companies"
        yield f"{size}, loaded in {self.loading_seconds:.0f} s"
        yield (
            f"updates/s and CPU: {self.concurrency} updates at once, median of {self.rounds} "
            "interleaved rounds; p50 and p99: one at a time"
        )
        yield ""
        yield (
            f"{'':3} {'':30} {'updates/s':>9} {'CPU ms':>7} {'p50 ms':>7} {'p99 ms':>7} "
            f"{'SQL':>5} {'PG trips':>8} {'Redis trips':>11}"
        )
        for row in self.rows:
            counts = row.counts
            yield (
                f"{row.letter:3} {row.title:30} {row.rate:9.0f} {row.cpu_ms:7.2f} "
                f"{row.p50_ms:7.2f} {row.p99_ms:7.2f} {counts.statements:5.1f} "
                f"{counts.round_trips:8.1f} {counts.redis_round_trips:11.1f}"
            )
        yield ""
        yield "   ".join(f"{name} {value:.2f}" for name, value in self.ratios.items())
        yield ""
        yield (
            f"{'one update at a time':34} {'p50 ms':>7} {'p99 ms':>7} {'DB p50':>7} {'DB p99':>7} "
            f"{'SQL':>5} {f'p50 at {self.few_tasks:,}':>14}"
        )
        for one in self.screens:
            yield (
                f"{one.title:34} {one.p50:7.2f} {one.p99:7.2f} {one.sql_p50:7.2f} "
                f"{one.sql_p99:7.2f} {one.statements:5.1f} {one.few_p50:14.2f}"
            )
        yield ""
        yield from self.served.lines() if self.served else ()
        yield from self._files()
        yield from self._carried()
        yield from self.reminded.lines() if self.reminded else ()
        yield from self.billed.lines() if self.billed else ()
        yield from self._process()
        yield ""
        for target in self.targets:
            yield _verdict(target)

    def _files(self) -> Iterator[str]:
        for one in self.exported:
            yield (
                f"a report as {one.button}: {one.size_mb:.1f} MB in {one.seconds:.1f} s, "
                f"progress told {one.progress} times; the worker held "
                f"{_mb(one.before_mb)} before, {_mb(one.most_mb)} at most"
            )
        if not self.exported:
            yield f"files of reports were not measured: {self.export_problem}"

    def _carried(self) -> Iterator[str]:
        one = self.carried
        if one is None:
            yield f"files were not measured: {self.carry_problem}"
            return
        held = ", ".join(
            f"{name} {_mb(before)} before, {_mb(most)} at most"
            for name, (before, most) in one.memory.items()
        )
        yield (
            f"{one.stored} of {one.files} files of {one.file_mb:.1f} MB by {one.people} people "
            f"stored in {one.seconds:.0f} s, {one.mb_a_second:.0f} MB a second; {one.same_in} the "
            f"same in S3, {one.same_back} of {one.back} on their way back, in "
            f"{one.back_seconds:.1f} s; {held}; load of the machine {one.load:.1f}"
        )

    def _process(self) -> Iterator[str]:
        stay = self.stay
        if stay is None:
            yield f"the bot process was not measured: {self.problem}"
            return
        starts = ", ".join(f"{one:.2f}" for one in stay.ready_seconds)
        cpu = ", ".join(f"{one:.2f}" for one in stay.ready_cpu_seconds)
        yield f"starts of `run` to /readyz: {starts} s; of its CPU: {cpu} s"
        yield (
            f"{stay.handled:,} of {stay.sent:,} updates handled by it in {stay.seconds:.0f} s, "
            f"{stay.failed} failed; CPU {stay.cpu_ms or 0:.2f} ms an update; "
            f"memory {_mb(stay.fresh_mb)} when ready, "
            f"{_mb(stay.memory_mb)} after, {_mb(stay.peak_mb)} at most"
        )


def _mb(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.0f} MB"


def _verdict(target: Target) -> str:
    word = {True: "reached", False: "MISSED", None: "not measured"}[target.reached]
    figure = "-" if target.figure is None else f"{target.figure:.2f}{target.unit}"
    sign = ">=" if target.at_least else "<="
    note = f"  ({target.note})" if target.note else ""
    bound = f"{sign} {target.bound:g}{target.unit}"
    return f"{target.title:48} {figure:>10}  {bound:10} {word}{note}"
