"""The alert rules: promtool takes them, they name metrics that exist, and each has its runbook."""

import re

import pytest

from tests.environment import ROOT
from tests.monitoring.names import promtool, unknown

RULES = ROOT / "deploy" / "alerts.yml"
TRIED = (RULES.with_name("alerts_test.yml"), RULES.with_name("alerts_days_test.yml"))
RUNBOOK = ROOT / "docs" / "runbook.md"


def rules() -> dict[str, str]:
    """Each alert's lines by its name."""
    _, *parts = re.split(r"^      - alert: ", RULES.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {part.split("\n", 1)[0]: part for part in parts}


def sections() -> dict[str, str]:
    """What the runbook has under each heading of an alert."""
    text = RUNBOOK.read_text(encoding="utf-8").partition("\n## Alerts\n")[2].partition("\n## ")[0]
    _, *parts = re.split(r"^### ", text, flags=re.MULTILINE)
    return {part.split("\n", 1)[0]: part for part in parts}


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", "prometheus.yml"),
        ("check", "rules", "alerts.yml"),
        ("test", "rules", *(path.name for path in TRIED)),
    ],
)
def test_promtool_takes_the_files(arguments: tuple[str, ...]) -> None:
    promtool(*arguments, cwd=RULES.parent)


@pytest.mark.parametrize(
    "path", [RULES, *TRIED, RUNBOOK, ROOT / "docs" / "operations.md"], ids=lambda path: path.name
)
def test_every_metric_that_is_named_exists(path) -> None:
    assert unknown(path.read_text(encoding="utf-8")) == set()


def test_every_alert_is_tried_and_has_its_words_and_its_runbook() -> None:
    tried = "".join(path.read_text(encoding="utf-8") for path in TRIED)
    for name, rule in rules().items():
        for part in ("summary: ", "description: ", "severity: ", "expr: "):
            assert part in rule, (name, part)
        assert f"runbook_url: docs/runbook.md#{name.lower()}\n" in rule, name
        fires = rf"alertname: {name}\n        exp_alerts:"
        assert re.search(fires, tried), f"{name} is never seen to fire"
        assert re.search(rf"alertname: {name}}}", tried), f"{name} is never seen to keep quiet"


def test_the_runbook_has_a_section_for_each_alert_and_for_nothing_else() -> None:
    assert set(sections()) == set(rules())
    for name, text in sections().items():
        assert re.search(r"^- Look: ", text, re.MULTILINE), f"{name} does not say where to look"
        assert len(re.findall(r"^- ", text, re.MULTILINE)) > 1, f"{name} does not say what to do"
