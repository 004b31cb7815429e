"""How the whole deployment does, in figures that are counted within bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.direct import driver_of
from saas_bot.domain.actor import Account

MOST: Final = 200_000
"""Companies, subscriptions, trials and paid periods are counted up to here, each."""

NEWEST_CHANGES: Final = 20_000
"""So many of the newest ones are looked through."""

DUE_CAP: Final = 10_000
"""Notifications that are due are counted up to here."""

# A deleted company has nothing any more.
_STANDING: Final = """
    with gone as materialized (select id from companies where deleted_at is not null),
    running as materialized (
        select company_id, plan_id, status from subscriptions
        where status in ('active', 'past_due') limit $2),
    trial as (
        select company_id from trials t
        where ends_at > $1
          and not exists (select from running r where r.company_id = t.company_id) limit $2)
    select 'all' as state, null::text as plan,
           (select count(*) from (select from companies limit $2) c)
           - (select count(*) from gone) as companies
    union all
    select 'storage', null, coalesce(sum(bytes), 0)::bigint
    from (select bytes from storage_usage limit $2) u
    union all
    select 'trial', null, count(*) from trial
    where not exists (select from gone where gone.id = trial.company_id)
    union all
    select counted.status, plans.name, counted.companies
    from (select status, plan_id, count(*) as companies from running
          where not exists (select from gone where gone.id = running.company_id)
          group by status, plan_id) counted
    join plans on plans.id = counted.plan_id
    order by 1, 2
    """

# The months that run now and are paid for: nothing granted, given back, or replaced by what is
# better. Their invoices are among the newest ones.
_REVENUE: Final = """
    with gone as materialized (select id from companies where deleted_at is not null),
    paid as materialized (
        select company_id, invoice_id, starts_at, price_stars, price_minor
        from subscription_periods
        where ends_at > $1 and ended_at is null and invoice_id is not null limit $2),
    ends as materialized (
        select min(invoice_id) as first, max(invoice_id) as last, count(*) = $2 as capped
        from paid)
    select i.currency, bool_or(ends.capped) as capped,
           sum(case i.currency when 'XTR' then p.price_stars else p.price_minor end)::bigint as mrr
    from ends
    join invoices i on i.id between ends.first and ends.last
    join paid p on p.invoice_id = i.id
    where p.starts_at <= $1 and not exists (select from gone where gone.id = p.company_id)
    group by i.currency order by i.currency
    """

# Whoever changed something was active. The newest rows come first by their key.
_ACTIVITY: Final = """
    with newest as materialized (
        select actor_user_id, actor_kind, action, at from audit_logs order by id desc limit $2),
    person as (
        select max(at) as at from newest where actor_kind = 'user' group by actor_user_id),
    people as (
        select count(*) filter (where at > $1::timestamptz - interval '1 day') as people_1,
               count(*) filter (where at > $1 - interval '7 days') as people_7,
               count(*) filter (where at > $1 - interval '30 days') as people_30
        from person),
    tasks as (
        select count(*) filter (where action = 'task.created' and at > $1 - interval '1 day')
                   as created_1,
               count(*) filter (where action = 'task.created' and at > $1 - interval '7 days')
                   as created_7,
               count(*) filter (where action = 'task.accept' and at > $1 - interval '1 day')
                   as done_1,
               count(*) filter (where action = 'task.accept' and at > $1 - interval '7 days')
                   as done_7,
               case when count(*) = $2 then min(at) end as since
        from newest)
    select people.*, tasks.*, (select count(*) from (
        select from outbox where status = 'pending' and not_before <= $1 limit $3) o) as outbox
    from people, tasks
    """


@dataclass(frozen=True, slots=True)
class Activity:
    """What was done in the last 1, 7 and 30 days: by how many people, tasks created and done.

    Where there was more than is looked through, the figures are of what came after `since`.
    """

    people_1: int
    people_7: int
    people_30: int
    created_1: int
    created_7: int
    done_1: int
    done_7: int
    since: datetime | None
    outbox: int
    """Notifications that are due now."""

    def whole(self, days: int, moment: datetime) -> bool:
        """Whether all of the last so many days was looked through."""
        return self.since is None or self.since <= moment - timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Stats:
    """The figures; `companies` are those that are not deleted.

    `paying` counts subscriptions by state (`active`, `past_due`) and plan. `revenue` is what the
    months cost that run now and are paid for, by currency, in minor units or Stars; where there
    were more of them than are counted, it is `capped`: a lower bound.
    """

    moment: datetime
    companies: int
    trial: int
    paying: Mapping[tuple[str, str], int]
    revenue: Mapping[str, int]
    capped: bool
    activity: Activity
    storage: int

    @property
    def free(self) -> int:
        """Those on the free plan."""
        return max(0, self.companies - self.trial - sum(self.paying.values()))

    def of(self, state: str) -> int:
        """The subscriptions in a state, whatever their plan."""
        return sum(count for (one, _), count in self.paying.items() if one == state)


async def stats(session: AsyncSession, operator: Account) -> Stats:
    """How it stands now.

    Raises:
        NotFound: for anybody but operators.
    """
    operator.need_operator()
    return await measured(session)


async def measured(session: AsyncSession) -> Stats:
    """The same for the metrics, which nobody asks for."""
    moment, fetch = now(), driver_of(session).fetch
    standing = await fetch(_STANDING, moment, MOST)
    (activity,) = await fetch(_ACTIVITY, moment, NEWEST_CHANGES, DUE_CAP)
    counts = {(row["state"], row["plan"]): row["companies"] for row in standing}
    whole, trial, storage = (counts.pop((name, None)) for name in ("all", "trial", "storage"))
    months = await fetch(_REVENUE, moment, MOST)
    revenue = {row["currency"]: row["mrr"] for row in months}
    capped = any(row["capped"] for row in months)
    return Stats(moment, whole, trial, counts, revenue, capped, Activity(**activity), storage)
