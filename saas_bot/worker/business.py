"""What each worker tells the metrics of how the deployment does."""

from saas_bot.core.metrics import (
    COMPANIES,
    PEOPLE_ACTIVE,
    REVENUE,
    STORAGE_USED,
    SUBSCRIPTIONS,
    TASKS_LAST_DAY,
)
from saas_bot.db.tenancy import Database
from saas_bot.services.operators import stats


async def measure(database: Database) -> None:
    """Set the gauges of companies, people and money."""
    async with database.system_session("business.measure") as session:
        one = await stats.measured(session)
    done = one.activity
    states = {state: one.of(state) for state in ("active", "past_due")}
    COMPANIES.set({"trial": one.trial, "free": one.free, **states})
    plans: dict[str, float] = {}
    for (_, plan), count in one.paying.items():
        plans[plan] = plans.get(plan, 0) + count
    SUBSCRIPTIONS.set(plans)
    REVENUE.set(one.revenue)
    PEOPLE_ACTIVE.set({"1": done.people_1, "7": done.people_7, "30": done.people_30})
    TASKS_LAST_DAY.set({"created": done.created_1, "done": done.done_1})
    STORAGE_USED.set(one.storage)
