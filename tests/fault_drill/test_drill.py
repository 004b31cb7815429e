"""The short form of `make fault-drill`: parts that are away for a moment, and what is kept."""

import re

import pytest

from tests.environment import ROOT
from tests.fault_drill.drill import drill
from tests.fault_drill.outages import FAULTS

# Services, sandbox, bot and worker have to start: on a busy machine that takes its time.
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

SHORTLY = ("Valkey is killed", "Telegram can't be reached")
"""Those that lose most where replies and dialogs are not kept at; the long form has all of them."""

WATCHED = ("deploy/alerts.yml", "deploy/grafana/dashboards/saas_bot.json", "docs/runbook.md")
NOT_YET = {
    "saas_bot_backup_bytes",
    "saas_bot_backup_free_bytes",
    "saas_bot_backup_last_timestamp_seconds",
    "saas_bot_backup_proven_timestamp_seconds",
    "saas_bot_monthly_revenue_minor",
    "saas_bot_outbox_dead",
    "saas_bot_outbox_depth",
    "saas_bot_outbox_oldest_seconds",
    "saas_bot_subscriptions",
}
"""Only there while there are such: backups, money, notifications that wait."""


async def test_whatever_goes_away_people_are_answered_and_nothing_is_lost() -> None:
    faults = [one for one in FAULTS if one.name in SHORTLY]
    drilled = await drill(seconds=1.5, people=4, faults=faults, with_commands=False)
    assert len(drilled.outages) == len(SHORTLY)
    assert drilled.kept.tasks > 0
    assert list(drilled.broken()) == []
    assert watched() - drilled.exported - NOT_YET == set(), "watched, and not exported"


def watched() -> set[str]:
    """The metrics that rules, panels and the runbook name, as processes call them."""
    text = "".join((ROOT / path).read_text(encoding="utf-8") for path in WATCHED)
    named = re.findall(r"\bsaas_bot_\w*[a-z]\b", text)
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in named} - {"saas_bot_worker"}
