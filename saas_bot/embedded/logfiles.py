"""The log files of child processes: one a process, the previous run's kept beside it."""

from pathlib import Path

TAIL_LINES = 12
_TAIL_BYTES = 16_384


def rotate(log: Path) -> None:
    """Keep the previous run's log as `<name>.1`, so that a new run begins with an empty one."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    """The last lines of the log, indented by two spaces; empty when there is none."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _TAIL_BYTES))
        text = file.read().decode(errors="replace")
    return "\n".join(f"  {line}" for line in text.splitlines()[-lines:])
