"""How a company stands: which plan it has, until when, and what comes then."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.direct import driver_of
from saas_bot.domain.billing import GRACE, Status

# What ended counts only if it ever ran, and nothing else is there.
_OF: Final = """
    select p.id as plan_id, p.code, p.name as plan, p.retired_at is not null as retired,
           s.status, s.period_end, s.cancels_at_end, t.ends_at as trial_end, n.name as next_plan,
           o.id as open_invoice_id
    from companies c
    left join trials t on t.company_id = c.id and t.ends_at > $2
    left join lateral (
        select * from subscriptions s
        where s.company_id = c.id and (s.status in ('pending', 'active', 'past_due')
              or s.period_end is not null and t.id is null)
        order by s.ended_at is not null, s.id desc limit 1) s on true
    join plans p on p.id = case
        when s.status in ('active', 'past_due') then s.plan_id
        when t.id is not null then t.plan_id
        else (select id from plans where code = 'free') end
    left join lateral (
        select x.plan_id from subscription_periods x
        where x.company_id = c.id and x.subscription_id = s.id and x.ended_at is null
          and x.starts_at > $2 and x.plan_id <> s.plan_id
        order by x.starts_at limit 1) follows on true
    left join plans n
      on n.id = coalesce(follows.plan_id, s.next_plan_id) and s.status in ('active', 'past_due')
    left join lateral (
        select id from invoices i
        where i.company_id = c.id and i.status = 'issued' and i.kind = 'invoice'
        order by id desc limit 1) o on true
    where c.id = $1
    """


@dataclass(frozen=True, slots=True)
class Standing:
    """`until` is when the plan ends or is to be paid for again; None where it simply goes on.

    `plan` and `next_plan` are names, `plan_code` tells plans apart. What has expired or was
    canceled is on the free plan, `until` saying since when.
    """

    status: Status | Literal["free"]
    plan: str
    plan_id: int
    plan_code: str
    until: datetime | None
    next_plan: str | None
    cancels_at_end: bool
    grace_until: datetime | None
    """Only when past due: until when the plan still holds."""
    open_invoice_id: int | None


async def of(session: AsyncSession, company_id: int, moment: datetime | None = None) -> Standing:
    """How a company stands, in one statement; any session that may read it will do."""
    (row,) = await driver_of(session).fetch(_OF, company_id, moment or now())
    status, until = row["status"], row["period_end"]
    if status not in (Status.ACTIVE, Status.PAST_DUE) and row["trial_end"] is not None:
        status, until = status or Status.TRIAL, row["trial_end"]
    return Standing(
        Status(status) if status else "free",
        row["plan"],
        row["plan_id"],
        row["code"],
        until,
        row["next_plan"],
        status == Status.ACTIVE and row["cancels_at_end"],
        until + GRACE if status == Status.PAST_DUE else None,
        row["open_invoice_id"],
    )
