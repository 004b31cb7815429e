"""Each worker tells the metrics how the deployment does."""

from prometheus_client import REGISTRY

from saas_bot.core.clock import now
from saas_bot.core.outage import Outage
from saas_bot.db.tenancy import Database
from saas_bot.worker.jobs import measuring, run_once
from tests import factories
from tests.services.billing.office import Office


def gauge(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(f"saas_bot_{name}", labels)


async def test_companies_money_and_people_are_measured(database: Database) -> None:
    await factories.company(database, "Acme", plan="team")
    await factories.company(database, "Free", plan="free")
    paying = await factories.company(database, "Initech", plan="free")
    await Office(database, paying, now()).takes("business", "EUR")
    (job,) = [job for job in measuring(database) if job.name == "business_measure"]
    assert await run_once(job, Outage("measure"))
    states = {state: gauge("companies", state=state) for state in ("trial", "active", "free")}
    assert states == {"trial": 1, "active": 1, "free": 1}
    assert gauge("companies", state="past_due") == 0
    assert gauge("subscriptions", plan="Business") == 1
    assert gauge("monthly_revenue_minor", currency="EUR") == 9900
    assert gauge("people_active", days="7") == 1
    assert gauge("tasks_last_day", what="created") == 0
    assert gauge("storage_used_bytes") == 0
