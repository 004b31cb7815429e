"""What came of the drill, as Markdown."""

from collections.abc import Iterator
from statistics import median

from tests.fault_drill.checks import Kept
from tests.fault_drill.commands import Killed, NoRoom
from tests.fault_drill.drill import Drilled
from tests.fault_drill.outages import PROMPT, Health, Seen

HEAD = """\
| What goes | Trouble that people read of | What it touched | `/healthz` | Caught up after |
| --- | --- | --- | --- | --- |
"""


def markdown(drilled: Drilled) -> str:
    """The table of outages, and a line for everything else."""
    rows = "".join(f"| {' | '.join(_row(one))} |\n" for one in drilled.outages)
    lines = [_kept(drilled.kept)]
    if drilled.commands:
        ran_out, killed = drilled.commands
        lines = [_no_room(ran_out), _killed(killed), *lines]
    return HEAD + rows + "\n" + "".join(f"- {line}\n" for line in lines)


def _row(seen: Seen) -> Iterator[str]:
    yield f"{seen.fault.name}, {seen.seconds:.0f} s"
    yield "; ".join(f"“{words}” ×{count}" for words, count in seen.said.items()) or "none"
    yield _acts(seen)
    yield "; ".join(f"{name}: {_health(health)}" for name, health in seen.health.items())
    yield f"{seen.settled:.1f} s"


def _acts(seen: Seen) -> str:
    times = sorted(act.seconds for act in seen.acts)
    if not times:
        return "nobody"
    silent = sum(act.silences > 0 for act in seen.acts)
    return (
        f"{len(times)} acts, {seen.prompt} of them done within {PROMPT:.0f} s; "
        f"median {median(times):.1f} s, last {times[-1]:.1f} s; {silent} without an answer"
    )


def _health(health: Health) -> str:
    if health.failing_after is None or health.well_after is None:
        return "noticed nothing"
    named = ", ".join(sorted(health.named))
    return (
        f"503 after {health.failing_after:.1f} s (`{named}`), 200 {health.well_after:.1f} s after "
        f"it is back; slowest answer {health.slowest:.2f} s"
    )


def _no_room(seen: NoRoom) -> str:
    after = "is restored by the drill" if seen.proven else "CAN'T BE RESTORED"
    return (
        f"No room for a backup: exit code {seen.code}, “{seen.said}”. Files left of it: "
        f"{', '.join(seen.left) or 'none'}. The next one: exit code {seen.next_code}; it {after}."
    )


def _killed(seen: Killed) -> str:
    schema = "the schema is that of an undisturbed one" if seen.same else "THE SCHEMA DIFFERS"
    return (
        f"A migration killed by SIGKILL at the revisions {', '.join(seen.at)}: the next one ends "
        f"with exit code {seen.code} after {seen.seconds:.1f} s, and {schema}."
    )


def _kept(kept: Kept) -> str:
    if kept.broken:
        return "NOT KEPT: " + "; ".join(kept.broken)
    return (
        f"{kept.tasks} tasks and {kept.files} files are there, each once; "
        f"{kept.notices} notifications told of the tasks."
    )
