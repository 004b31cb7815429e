"""Write `deploy/grafana/dashboards/saas_bot.json` from the table of panels; `--check` only compares.

python scripts/dashboard.py [--check]
"""

# ruff: noqa: E501 - a panel reads best as one row of its table
import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATH = ROOT / "deploy" / "grafana" / "dashboards" / "saas_bot.json"

WIDTH, HEIGHT = 24, 7
PROMETHEUS = {"type": "prometheus", "uid": "${datasource}"}
HERE = 'instance=~"$instance"'


@dataclass(frozen=True, slots=True)
class Panel:
    """One graph, or with `stat` one number; `asks` are queries with their legends."""

    title: str
    unit: str
    asks: tuple[tuple[str, str], ...]
    note: str = ""
    stat: bool = False
    limit: float | None = None
    """From here on it is red: where its alert begins."""
    least: bool = False
    """It is red below the limit instead."""


def quantiles(metric: str, where: str = "", by: str = "") -> tuple[tuple[str, str], ...]:
    """The median and the slowest twentieth and hundredth of a histogram."""
    group = f"le, {by}" if by else "le"
    legend = f"{{{{{by}}}}} " if by else ""
    return tuple(
        (
            f"histogram_quantile({part}, sum by ({group}) "
            f"(rate({metric}_bucket{{{HERE}{where}}}[$__rate_interval])))",
            f"{legend}{name}",
        )
        for part, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"))
    )


def rate(metric: str, by: str, where: str = "") -> tuple[tuple[str, str], ...]:
    """A counter by its labels, a second."""
    labels = [one.strip() for one in by.split(",")]
    legend = " ".join(f"{{{{{one}}}}}" for one in labels)
    return ((f"sum by ({by}) (rate({metric}{{{HERE}{where}}}[$__rate_interval]))", legend),)


def largest(metric: str, by: str = "", where: str = "") -> tuple[tuple[str, str], ...]:
    """What every worker measures of the same database."""
    legend = f"{{{{{by}}}}}" if by else "in all"
    group = f" by ({by})" if by else ""
    chosen = f"{{{where.removeprefix(', ')}}}" if where else ""
    return ((f"max{group} ({metric}{chosen})", legend),)


UNEXPECTED = ', kind="unexpected"'
API = ', route=~"/api/.*"'

ROWS: dict[str, tuple[Panel, ...]] = {
    "At a glance": (
        Panel("Bots running", "short", (('sum(up{job="saas_bot"}) or vector(0)', ""),), "BotDown", stat=True, limit=1, least=True),
        Panel("Workers running", "short", (('sum(up{job="saas_bot_worker"}) or vector(0)', ""),), "WorkerDown", stat=True, limit=1, least=True),
        Panel("Parts that answer", "short", (("min by (part) (saas_bot_part_up)", "{{part}}"),), "PartDown: 1 is up, 0 is away", stat=True, limit=1, least=True),
        Panel("Replies, p95", "s", (("histogram_quantile(0.95, sum by (le) (rate(saas_bot_update_seconds_bucket[10m])))", ""),), "RepliesSlow", stat=True, limit=2),
        Panel("Oldest notification due", "s", (("max(saas_bot_outbox_oldest_seconds) or vector(0)", ""),), "OutboxOld", stat=True, limit=300),
        Panel("Age of the newest backup", "s", (("time() - max(saas_bot_backup_last_timestamp_seconds)", ""),), "BackupOld", stat=True, limit=26 * 3600),
    ),
    "Latency": (
        Panel("Time to answer a message or a press", "s", quantiles("saas_bot_update_seconds"), "RepliesSlow", limit=2),
        Panel("Age of messages when they are taken up", "s", quantiles("saas_bot_update_age_seconds"), "UpdatesLag. Telegram tells whole seconds", limit=30),
        Panel("Slowest handlers, p95", "s", (("topk(8, histogram_quantile(0.95, sum by (le, handler) " f"(rate(saas_bot_update_seconds_bucket{{{HERE}}}[$__rate_interval]))))", "{{handler}}"),)),
        Panel("Calls of the Bot API, p95", "s", ((f'histogram_quantile(0.95, sum by (le, method) (rate(saas_bot_telegram_call_seconds_bucket{{{HERE}, method!="getUpdates"}}[$__rate_interval])))', "{{method}}"),)),
        Panel("Waiting for a turn within Telegram's rates, p95", "s", ((f"histogram_quantile(0.95, sum by (le, who) (rate(saas_bot_telegram_wait_seconds_bucket{{{HERE}}}[$__rate_interval])))", "{{who}}"),)),
        Panel("Requests of the API, p95", "s", ((f"histogram_quantile(0.95, sum by (le, route) (rate(saas_bot_http_request_seconds_bucket{{{HERE}{API}}}[$__rate_interval])))", "{{route}}"),)),
    ),
    "Traffic and errors": (
        Panel("Messages and presses", "ops", ((f"sum(rate(saas_bot_update_seconds_count{{{HERE}}}[$__rate_interval]))", "handled"), (f"sum(saas_bot_updates_in_hand{{{HERE}}})", "in hand now"))),
        Panel("Apologies by handler", "ops", rate("saas_bot_update_errors_total", "handler", UNEXPECTED), "UpdatesFail, ManyUpdatesFail, PaymentsFail"),
        Panel("Calls of the Bot API that fail", "ops", rate("saas_bot_telegram_calls_total", "method, outcome", ', outcome!="ok"') + rate("saas_bot_telegram_too_many_requests_total", "method"), "SendingFails; by method alone those refused with 429, TooManyRequests"),
        Panel("Requests of the API by status", "ops", rate("saas_bot_http_request_seconds_count", "status", API), "ApiFails"),
    ),
    "Notifications": (
        Panel("Due, by kind", "short", largest("saas_bot_outbox_depth", "kind"), "OutboxDeep", limit=5000),
        Panel("How long the oldest has been due", "s", largest("saas_bot_outbox_oldest_seconds", "kind"), "OutboxOld", limit=300),
        Panel("From due to sent", "s", quantiles("saas_bot_outbox_seconds")),
        Panel("Sent, and otherwise ended", "ops", rate("saas_bot_outbox_finished_total", "status") + rate("saas_bot_outbox_retries_total", "kind"), "SendingFails: by kind those that are repeated"),
        Panel("Given up, and not taken up again", "short", largest("saas_bot_outbox_dead", "kind"), "OutboxDead", limit=1),
    ),
    "Jobs": (
        Panel("How long periodic jobs are overdue", "s", largest("saas_bot_job_lag_seconds", "exported_job"), "JobLate", limit=600),
        Panel("Runs that failed", "ops", rate("saas_bot_job_seconds_count", "exported_job", ', outcome="failed"'), "JobFails"),
        Panel("Time of one run, p95", "s", ((f"histogram_quantile(0.95, sum by (le, exported_job) (rate(saas_bot_job_seconds_bucket{{{HERE}}}[$__rate_interval])))", "{{exported_job}}"),)),
        Panel("Since the last measuring that succeeded", "s", (('min by (exported_job) (time() - saas_bot_job_last_success_timestamp_seconds{exported_job=~"outbox_measure|files_measure|backups_measure"})', "{{exported_job}}"),), "MeasuresStale", limit=300),
    ),
    "Database and processes": (
        Panel("Connections of the pool", "short", ((f"sum by (instance, state) (saas_bot_db_pool_connections{{{HERE}}})", "{{instance}} {{state}}"),), "PoolExhausted: in_use reaches size"),
        Panel("Parts that answer", "short", ((f"min by (job, part) (saas_bot_part_up{{{HERE}}})", "{{job}} {{part}}"),), "PartDown"),
        Panel("Memory", "bytes", ((f'process_resident_memory_bytes{{job=~"saas_bot.*", {HERE}}}', "{{instance}}"),)),
        Panel("Processor", "percentunit", ((f'rate(process_cpu_seconds_total{{job=~"saas_bot.*", {HERE}}}[$__rate_interval])', "{{instance}}"),)),
    ),
    "Files": (
        Panel("Waiting to be stored", "short", largest("saas_bot_files_pending"), "FilesPileUp", limit=10000),
        Panel("How long the oldest has waited", "s", largest("saas_bot_files_pending_oldest_seconds"), "FilesWait", limit=900),
        Panel("Taken in and sent out, by outcome", "ops", rate("saas_bot_file_seconds_count", "direction, outcome")),
        Panel("Bytes", "Bps", rate("saas_bot_file_bytes_total", "direction")),
        Panel("Objects to delete", "short", largest("saas_bot_objects_to_delete") + rate("saas_bot_objects_deleted_total", "outcome"), "ObjectsPileUp, DeletionRefused: by outcome those deleted a second"),
        Panel("Files of all companies", "bytes", largest("saas_bot_storage_used_bytes")),
    ),
    "Business and billing": (
        Panel("Companies", "short", largest("saas_bot_companies", "state")),
        Panel("Subscriptions that run", "short", largest("saas_bot_subscriptions", "plan")),
        Panel("What a month brings", "short", largest("saas_bot_monthly_revenue_minor", "currency"), "In minor units, or Stars"),
        Panel("Refunds of Stars", "short", ((f"sum by (outcome) (increase(saas_bot_refunds_total{{{HERE}}}[1h]))", "{{outcome}} in an hour"), (f"sum(increase(saas_bot_stars_not_mended_total{{{HERE}}}[1h]))", "missed and not mended")), "RefundsGivenUp, StarsNotMended"),
        Panel("People active, in days", "short", largest("saas_bot_people_active", "days")),
        Panel("Tasks in the last day", "short", largest("saas_bot_tasks_last_day", "what")),
    ),
    "Backups": (
        Panel("Age of the newest, and of the newest proven", "s", (("time() - max(saas_bot_backup_last_timestamp_seconds)", "newest"), ("time() - max(saas_bot_backup_proven_timestamp_seconds)", "proven by a restore")), "BackupOld, BackupUnproven", limit=26 * 3600),
        Panel("Size of the newest", "bytes", largest("saas_bot_backup_bytes")),
        Panel("Room on their disk", "bytes", (("min(saas_bot_backup_free_bytes)", "free"), ("3 * max(saas_bot_backup_bytes)", "three backups")), "BackupRoom"),
        Panel("Made, copied and proven in a day", "short", (("sum by (step, outcome) (increase(saas_bot_backup_steps_total[1d]))", "{{step}} {{outcome}}"),)),
    ),
}  # fmt: skip


def _panel(panel: Panel, number: int, x: int, y: int, width: int) -> dict[str, Any]:
    colours = [{"color": "green", "value": None}]
    if panel.limit is not None:
        colours.append({"color": "red", "value": panel.limit})
    if panel.least:
        colours = [{"color": "red", "value": None}, {"color": "green", "value": panel.limit}]
    drawn = {"lineWidth": 1, "fillOpacity": 8, "showPoints": "never", "spanNulls": False}
    if panel.limit is not None and not panel.stat:
        drawn["thresholdsStyle"] = {"mode": "line"}
    reduced = {
        "reduceOptions": {"calcs": ["lastNotNull"]},
        "colorMode": "background",
        "graphMode": "none",
    }
    legend = {"displayMode": "table", "placement": "bottom", "calcs": ["lastNotNull", "max"]}
    return {
        "id": number,
        "type": "stat" if panel.stat else "timeseries",
        "title": panel.title,
        "description": panel.note,
        "datasource": PROMETHEUS,
        "gridPos": {"x": x, "y": y, "w": width, "h": 4 if panel.stat else HEIGHT},
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit,
                "min": 0,
                "color": {"mode": "thresholds" if panel.stat else "palette-classic"},
                "thresholds": {"mode": "absolute", "steps": colours},
                "custom": {} if panel.stat else drawn,
            },
            "overrides": [],
        },
        "options": reduced if panel.stat else {"legend": legend, "tooltip": {"mode": "multi", "sort": "desc"}},
        "targets": [
            {"refId": chr(ord("A") + at), "datasource": PROMETHEUS, "expr": expr, "legendFormat": legend_of or "__auto"}
            for at, (expr, legend_of) in enumerate(panel.asks)
        ],
    }  # fmt: skip


def _panels() -> Iterator[dict[str, Any]]:
    number, y = 0, 0
    for title, panels in ROWS.items():
        number += 1
        yield {
            "id": number, "type": "row", "title": title, "collapsed": False, "panels": [],
            "gridPos": {"x": 0, "y": y, "w": WIDTH, "h": 1},
        }  # fmt: skip
        y += 1
        across = len(panels) if panels[0].stat else 3 if len(panels) % 3 == 0 else 2
        height = 4 if panels[0].stat else HEIGHT
        for at, panel in enumerate(panels):
            number += 1
            width = WIDTH // across
            yield _panel(panel, number, at % across * width, y + at // across * height, width)
        y += -(-len(panels) // across) * height


def dashboard() -> dict[str, Any]:
    """The dashboard as Grafana reads it."""
    ask = {"type": "query", "datasource": PROMETHEUS, "refresh": 2, "sort": 1}
    return {
        "uid": "saas-bot",
        "title": "SaaS Bot",
        "description": "The panels name the alerts that watch the same; docs/runbook.md says what to do.",
        "tags": ["saas_bot"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "timezone": "utc",
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "annotations": {
            "list": [
                {
                    "name": "Alerts",
                    "datasource": PROMETHEUS,
                    "enable": True,
                    "iconColor": "red",
                    "expr": 'ALERTS{alertstate="firing"}',
                    "titleFormat": "{{alertname}}",
                }
            ]
        },
        "templating": {
            "list": [
                {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"},
                {
                    **ask,
                    "name": "instance",
                    "label": "Process",
                    "query": 'label_values(up{job=~"saas_bot.*"}, instance)',
                    "multi": True,
                    "includeAll": True,
                    "allValue": ".*",
                    "current": {"text": "All", "value": "$__all"},
                },
            ]
        },
        "panels": list(_panels()),
    }  # fmt: skip


def written() -> str:
    """The file as it should be."""
    return json.dumps(dashboard(), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the file, or say whether it is current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        PATH.write_text(written(), encoding="utf-8")
        return 0
    return 0 if PATH.read_text(encoding="utf-8") == written() else 1


if __name__ == "__main__":
    sys.exit(main())
