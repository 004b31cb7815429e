"""How a company stands: which plan it has, until when, and what comes then."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.direct import driver_of
from saas_bot.db.models.money import CREDIT, OPEN
from saas_bot.domain.billing import GRACE, RUNNING, Status, over_at, owes_grace

# What ended counts only if it ever ran, and nothing else is there.
_OF: Final = f"""
    select p.id as plan_id, p.code, p.name as plan, s.status, s.period_end, s.cancels_at_end,
           s.ended_at, t.ends_at as trial_end, t.plan_id as trial_plan_id, n.id as next_plan_id,
           n.name as next_plan, ahead.*, kept.*, o.*, former.*
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
    left join plans n on n.id = s.next_plan_id and s.status in ('active', 'past_due')
    left join lateral (
        select array_agg(x.plan_id order by x.starts_at) as plan_ids,
               array_agg(q.name order by x.starts_at) as plans,
               array_agg(x.starts_at order by x.starts_at) as starts,
               array_agg(x.ends_at order by x.starts_at) as ends,
               array_agg(x.invoice_id is null order by x.starts_at) as granted
        from subscription_periods x join plans q on q.id = x.plan_id
        where x.company_id = c.id and x.subscription_id = s.id and x.ended_at is null
          and x.ends_at > $2) ahead on true
    left join lateral (
        select array_agg(currency order by currency) as credit_in,
               array_agg(amount order by currency) as credits
        from (select currency,
                     sum(amount_minor - allocated_minor - refunded_minor)::bigint as amount
              from payments where company_id = c.id and {CREDIT} group by currency) one
        ) kept on true
    left join lateral (
        select i.id as open_id, i.plan_id as open_plan_id, i.purpose, i.currency, i.amount_minor,
               i.paid_minor, i.due_at,
               (select coalesce(-sum((line->>'amount')::bigint), 0)::bigint
                from jsonb_array_elements(i.lines) line where line->>'code' = 'credit') as credit
        from invoices i where i.company_id = c.id and {OPEN}
        order by i.id desc limit 1) o on true
    left join lateral (
        select f.plan_id as former_plan_id, q.name as former_plan, f.period_end as former_end,
               f.ended_at as former_over, f.cancels_at_end as former_canceled
        from subscriptions f join plans q on q.id = f.plan_id
        where f.company_id = c.id and f.status in ('canceled', 'expired')
          and f.period_end is not null
        order by f.id desc limit 1) former on true
    where c.id = $1
    """  # noqa: S608  # nosec B608: names of our own


@dataclass(frozen=True, slots=True)
class Stretch:
    """A plan, and from when on it holds: as a gift if it is `granted`.

    Where it was only chosen, there is no `until`.
    """

    plan_id: int
    plan: str
    at: datetime
    until: datetime | None = None
    granted: bool = False


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """The invoice that wants to be paid; `credit` is taken off in it."""

    id: int
    plan_id: int
    purpose: str | None
    currency: str
    amount_minor: int
    paid_minor: int
    credit: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """`until` is when the plan ends or is to be paid for again; None where it simply goes on.

    `plan` is a name, `plan_code` tells plans apart. What has expired or was canceled is on the free
    plan, `until` saying since when. `credit` is what is paid and settles nothing yet, by currency.
    """

    status: Status | Literal["free"]
    plan: str
    plan_id: int
    plan_code: str
    until: datetime | None
    last_plan_id: int
    """The plan of the last period that is paid for or granted."""
    ahead: tuple[Stretch, ...]
    """What is paid for or granted and not over, in order; what is alike in a row is one."""
    follows: tuple[Stretch, ...]
    """Each change of plan that is to come: paid for, granted or, at `until`, only chosen."""
    paid_ahead: bool
    """Whether a month or granted days are there that have not begun."""
    cancels_at_end: bool
    grace_until: datetime | None
    """Only when past due: until when the plan still holds."""
    invoice: OpenInvoice | None
    credit: Mapping[str, int]
    again: Stretch | None = None
    """The plan that is over just now: a month of it taken anew begins where the last one ended."""

    @property
    def plan_until(self) -> datetime | None:
        """Until when the plan that holds now does: another one follows then, or none."""
        return self.follows[0].at if self.follows else self.grace_until or self.until

    @property
    def next_plan(self) -> str | None:
        """The name of the plan that follows first, if another one does."""
        return self.follows[0].plan if self.follows else None

    @property
    def renews_as(self) -> tuple[int, str]:
        """The plan, by id and name, of the month after all that is paid for or granted."""
        last = self.follows[-1] if self.follows else self
        return last.plan_id, last.plan

    @property
    def open_invoice_id(self) -> int | None:
        """That of the invoice that wants to be paid."""
        return self.invoice.id if self.invoice else None


async def of(session: AsyncSession, company_id: int, moment: datetime | None = None) -> Standing:
    """How a company stands, in one statement; any session that may read it will do."""
    at = moment or now()
    (row,) = await driver_of(session).fetch(_OF, company_id, at)
    status, until = row["status"], row["period_end"]
    if status not in RUNNING and row["trial_end"] is not None:
        status, until = status or Status.TRIAL, row["trial_end"]
    elif status in (Status.EXPIRED, Status.CANCELED):
        until = over_at(until, row["ended_at"] or until, canceled=row["cancels_at_end"])
    begins = zip(row["plan_ids"] or (), row["starts"] or (), strict=True)
    later = [plan_id for plan_id, starts_at in begins if starts_at > at]
    ahead = tuple(_ahead(row))
    return Standing(
        Status(status) if status else "free",
        row["plan"],
        row["plan_id"],
        row["code"],
        until,
        later[-1] if later else row["plan_id"],
        ahead,
        tuple(_changes(row, ahead, at)),
        bool(later),
        status == Status.ACTIVE and row["cancels_at_end"],
        until + GRACE if status == Status.PAST_DUE else None,
        _invoice(row),
        dict(zip(row["credit_in"] or (), row["credits"] or (), strict=True)),
        _again(row, at),
    )


def _ahead(row: Any) -> list[Stretch]:
    columns = (row[name] or () for name in ("plan_ids", "plans", "starts", "ends", "granted"))
    found: list[Stretch] = []
    for one in (Stretch(*values) for values in zip(*columns, strict=True)):
        last = found[-1] if found else None
        if last and (last.plan_id, last.granted) == (one.plan_id, one.granted):
            found[-1] = replace(last, until=one.until)
        else:
            found.append(one)
    return found


def _changes(row: Any, ahead: tuple[Stretch, ...], at: datetime) -> Iterator[Stretch]:
    """Where another plan begins, of all that follows."""
    last, later = row["plan_id"], [one for one in ahead if one.at > at]
    if row["next_plan_id"] is not None:
        later.append(Stretch(row["next_plan_id"], row["next_plan"], row["period_end"]))
    for one in later:
        if one.plan_id != last:
            yield one
            last = one.plan_id


def _invoice(row: Any) -> OpenInvoice | None:
    if row["open_id"] is None:
        return None
    named = ("purpose", "currency", "amount_minor", "paid_minor", "credit", "due_at")
    return OpenInvoice(row["open_id"], row["open_plan_id"], **{one: row[one] for one in named})


def _again(row: Any, at: datetime) -> Stretch | None:
    """As `Held.first_period` reckons where nothing runs."""
    plan_id, ended, over = row["former_plan_id"], row["former_end"], row["former_over"]
    if plan_id is None or over is None or row["former_canceled"] or row["status"] in RUNNING:
        return None
    if row["trial_plan_id"] == plan_id or not owes_grace(ended, over, at):
        return None
    return Stretch(plan_id, row["former_plan"], ended)
