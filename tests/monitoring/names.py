"""Which metrics there are, and which of them an expression names."""

import re
import shutil
import subprocess
from pathlib import Path

from prometheus_client import Counter, Histogram

from saas_bot.core import metrics

SUFFIXES = {Counter: ("_total",), Histogram: ("_bucket", "_sum", "_count")}
POOL = {"saas_bot_db_pool_connections": {"state"}}
"""Made anew for each pool, so not among the declared ones."""

_SCRAPED = {"job", "instance", "exported_job", "le"}
"""Labels that Prometheus adds; our own `job` it calls `exported_job`."""


def exported() -> dict[str, set[str]]:
    """The labels of each metric, by the names under which Prometheus gets them."""
    found = dict(POOL)
    for one in vars(metrics).values():
        if isinstance(name := getattr(one, "_name", None), str):
            labels = set(getattr(one, "_labelnames", ())) | {getattr(one, "_label", "job")}
            found |= {name + suffix: labels for suffix in SUFFIXES.get(type(one), ("",))}
    return found


def unknown(text: str) -> set[str]:
    """What a text names of ours that is not there: metrics, and labels they do not have."""
    known, wrong = exported(), set[str]()
    for name, chosen in re.findall(r"\b(saas_bot_\w*[a-z])\b(?:\{([^}]*)\})?", text):
        if name == "saas_bot_worker":
            continue
        labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", chosen))
        if name not in known:
            wrong.add(name)
        elif labels - known[name] - _SCRAPED:
            wrong.add(f"{name}{{{', '.join(sorted(labels - known[name] - _SCRAPED))}}}")
    return wrong


def promtool(*arguments: str, cwd: Path) -> None:
    """Have promtool check something; fails with what it says."""
    program = shutil.which("promtool")
    assert program, "promtool is missing; it comes with the package prometheus, see .ci/run"
    said = subprocess.run(
        [program, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr
