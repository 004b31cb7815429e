"""What there is of money and of operators' work around a company, for the tests of the API."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from saas_bot.core.clock import now
from saas_bot.db.tenancy import Database
from saas_bot.storage import export_key
from tests import factories
from tests.factories import Team

_numbers = count(900_001)

BANK = "IBAN: EE38 2200 2210 2014 5685"

RUNNING = """
    insert into subscriptions (company_id, plan_id, status, period_start, period_end, anchor_day,
                               cancels_at_end)
    select $1, id, 'active', now(), now() + interval '10 days', 1, {cancels} from plans
    where code = 'team'
    on conflict (company_id) where status in ('active', 'past_due')
    do update set cancels_at_end = excluded.cancels_at_end
    returning id
    """
PAID = RUNNING.format(cancels="false")
"""Has the company pay for `team` until in ten days."""
CANCELED = RUNNING.format(cancels="true")
"""Has it canceled that."""
GOES_BACK = """
    insert into refunds (company_id, payment_id, amount_minor, reason, asked_by)
    select company_id, id, amount_minor, 'asked', 'Olga' from payments where company_id = $1
    returning id
    """
"""Has its payment be on the way back."""


@dataclass(frozen=True, slots=True)
class Money:
    """Ids of a company's open invoice in euros, of a transfer that fits none, of a report that its
    admin waits for, of a notification that was given up; and of a plan of no company."""

    invoice: int
    payment: int
    export: int
    kept: int
    letter: int
    plan: int


async def money(database: Database, team: Team) -> Money:
    """All of that."""
    of, number = {"company_id": team.id}, next(_numbers)
    plan = await factories.plan(database)
    return Money(
        await factories.invoice(database, team.id, number, bank=BANK),
        await factories.put(
            database,
            "payments",
            **of,
            method="bank",
            charge_id=f"RF{number}",
            amount_minor=500,
            currency="EUR",
            status="flagged",
            flag="void_invoice",
        ),
        await factories.put(
            database, "exports", **of, user_id=team.admin.user_id, format="csv", period="week"
        ),
        await factories.put(
            database,
            "exports",
            **of,
            user_id=team.admin.user_id,
            format="csv",
            period="month",
            delivery="download",
            state="ready",
            role="admin",
            object_key=export_key(team.id),
            name="report.csv",
            size=1,
            expires_at=now() + timedelta(days=1),
        ),
        await factories.put(
            database,
            "outbox",
            **of,
            telegram_id=team.admin.account.telegram_id,
            kind="assigned",
            payload="{}",
            status="dead",
            finished_at=now(),
            error="400",
        ),
        await factories.ask(database, "select id from plans where code = $1", plan),
    )
