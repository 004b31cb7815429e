"""The dashboard: written from its table, each of its queries one that Prometheus can answer."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from saas_bot.core import metrics
from scripts import dashboard
from tests.environment import ROOT
from tests.monitoring.names import promtool, unknown
from tests.monitoring.test_alerts import rules

WRITTEN: dict[str, Any] = json.loads(dashboard.PATH.read_text(encoding="utf-8"))
PANELS = [one for one in WRITTEN["panels"] if one["type"] != "row"]


def test_it_is_current() -> None:
    said = "run: python scripts/dashboard.py"
    assert dashboard.PATH.read_text(encoding="utf-8") == dashboard.written(), said


def test_every_query_names_what_exists_and_can_be_answered(tmp_path: Path) -> None:
    lines = ["groups:", "  - name: panels", "    rules:"]
    for panel in PANELS:
        for number, target in enumerate(panel["targets"]):
            assert unknown(target["expr"]) == set(), panel["title"]
            expr = target["expr"].replace("$__rate_interval", "1m").replace("$instance", ".*")
            assert "$" not in expr
            lines += [
                f"      - record: panel_{panel['id']}:{number}",
                f"        expr: {json.dumps(expr)}",
            ]
    (tmp_path / "panels.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    promtool("check", "rules", "panels.yml", cwd=tmp_path)


def test_every_panel_is_named_has_a_unit_and_a_place_of_its_own() -> None:
    places = set()
    for panel in PANELS:
        place = panel["gridPos"]
        assert panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert place["x"] + place["w"] <= dashboard.WIDTH, panel["title"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & places, panel["title"]
        places |= cells
    assert all(one["id"] < next_["id"] for one, next_ in pairwise(WRITTEN["panels"]))


def test_it_shows_every_metric_and_names_every_alert() -> None:
    everything = json.dumps(WRITTEN)
    declared = [
        one._name for one in vars(metrics).values() if isinstance(getattr(one, "_name", 0), str)
    ]
    assert [name for name in declared if name not in everything] == []
    assert [name for name in rules() if not re.search(rf"\b{name}\b", everything)] == []


def test_grafana_finds_the_dashboard_and_where_to_ask() -> None:
    provisioning = ROOT / "deploy" / "grafana" / "provisioning"
    source = (provisioning / "datasources" / "prometheus.yml").read_text(encoding="utf-8")
    assert re.search(r"^    type: prometheus$", source, re.MULTILINE)
    provider = (provisioning / "dashboards" / "saas_bot.yml").read_text(encoding="utf-8")
    assert re.search(r"^    type: file$", provider, re.MULTILINE)
    assert dashboard.PATH.parent.name == "dashboards"
