"""The alert rules: promtool takes them, they name metrics that exist, and each has its runbook."""

import re
import shutil
import subprocess

import pytest
from prometheus_client import Counter, Histogram

from saas_bot.core import metrics
from tests.environment import ROOT

RULES = ROOT / "deploy" / "alerts.yml"
PAGE = ROOT / "docs" / "operations.md"
SUFFIXES = {Counter: ("_total",), Histogram: ("_bucket", "_sum", "_count")}


def exported() -> set[str]:
    """The names under which Prometheus gets what core/metrics.py declares."""
    declared = [one for one in vars(metrics).values() if isinstance(getattr(one, "_name", 0), str)]
    return {one._name + suffix for one in declared for suffix in SUFFIXES.get(type(one), ("",))}


def rules() -> dict[str, str]:
    """Each alert's lines by its name."""
    _, *parts = re.split(r"^      - alert: ", RULES.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {part.split("\n", 1)[0]: part for part in parts}


@pytest.mark.parametrize(
    "arguments", [("check", "rules", RULES.name), ("test", "rules", "alerts_test.yml")]
)
def test_promtool_takes_the_rules(arguments: tuple[str, ...]) -> None:
    promtool = shutil.which("promtool")
    assert promtool, "promtool is missing; it comes with the package prometheus, see .ci/run"
    said = subprocess.run(
        [promtool, *arguments], cwd=RULES.parent, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout + said.stderr


def test_every_metric_that_a_rule_names_exists() -> None:
    for path in (RULES, RULES.with_name("alerts_test.yml"), PAGE):
        named = set(re.findall(r"\bsaas_bot_\w+[a-z]\b", path.read_text(encoding="utf-8")))
        assert named - exported() - {"saas_bot_worker"} == set(), path.name


def test_every_alert_is_tried_and_has_its_words_and_its_runbook() -> None:
    tried = RULES.with_name("alerts_test.yml").read_text(encoding="utf-8")
    headings = re.findall(r"^### (\w+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(rules()) <= set(headings)
    for name, rule in rules().items():
        for part in ("summary: ", "description: ", "severity: ", "expr: "):
            assert part in rule, (name, part)
        assert f"runbook: docs/operations.md#{name.lower()}\n" in rule, name
        fires = rf"alertname: {name}\n        exp_alerts:"
        assert re.search(fires, tried), f"{name} is never seen to fire"
