"""Whether documents, allocations, ledger and periods tell the same, for all companies.

Each check is one statement, and so sees one moment; the database sorts and sums on its disk, and
gives only what differs. Lines of the ledger keep the id of a company that is gone for good while
its documents have none: all of those are compared together.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.direct import driver_of

MOST_TOLD: Final = 100
"""Differences of one kind that are told at most."""

# Each gives company, what it is about, what should be there and what is.
_CHECKS: Final = {
    "balance": """
        with owed as (
            select coalesce(c.id, 0) as company, l.currency, sum(l.amount_minor) as amount
            from ledger l left join companies c on c.id = l.company_id group by 1, 2
        ), open as (
            select coalesce(company_id, 0) as company, currency, sum(amount) as amount from (
                select company_id, currency, amount_minor - paid_minor as amount
                from invoices where kind = 'invoice' and status = 'issued'
                union all
                select company_id, currency, paid_minor - amount_minor
                from invoices where kind = 'credit_note'
                union all
                select company_id, currency, allocated_minor + refunded_minor - amount_minor
                from payments) each group by 1, 2
        )
        select nullif(company, 0) as company, currency as subject,
               coalesce(open.amount, 0)::bigint as expected,
               coalesce(owed.amount, 0)::bigint as found
        from owed full join open using (company, currency)
        where coalesce(open.amount, 0) <> coalesce(owed.amount, 0)
        """,
    "invoice": """
        select i.company_id as company, i.number as subject,
               coalesce(a.amount, 0)::bigint as expected, i.paid_minor as found
        from invoices i left join (
            select invoice_id as id, sum(amount_minor) as amount from allocations group by 1
            union all
            select credit_note_id, sum(amount_minor) from allocations
            where credit_note_id is not null group by 1) a using (id)
        where i.paid_minor <> coalesce(a.amount, 0)
        """,
    "payment": """
        select p.company_id as company, p.id::text as subject,
               coalesce(a.amount, 0)::bigint as expected, p.allocated_minor as found
        from payments p left join (
            select payment_id as id, sum(amount_minor) as amount from allocations group by 1
            ) a using (id)
        where p.allocated_minor <> coalesce(a.amount, 0)
        """,
    "refund": """
        select p.company_id as company, p.id::text as subject,
               coalesce(r.amount, 0)::bigint as expected, p.refunded_minor as found
        from payments p left join (
            select payment_id as id, sum(amount_minor) as amount from refunds group by 1
            ) r using (id)
        where p.refunded_minor <> coalesce(r.amount, 0)
        """,
    "ledger": """
        with documents as (
            select 'charge' as kind, id, company_id, number as subject, currency, amount_minor
            from invoices where kind = 'invoice'
            union all
            select 'void', id, company_id, number, currency, -amount_minor
            from invoices where status = 'void'
            union all
            select 'credit_note', id, company_id, number, currency, -amount_minor
            from invoices where kind = 'credit_note'
            union all
            select 'payment', id, company_id, id::text, currency, -amount_minor from payments
            union all
            select 'refund', r.id, r.company_id, r.id::text, p.currency, r.amount_minor
            from refunds r join payments p on p.id = r.payment_id
        ), lines as (
            select kind, coalesce(invoice_id, payment_id, refund_id) as id, currency, amount_minor,
                   company_id
            from ledger
        )
        select coalesce(d.company_id, l.company_id) as company,
               kind || ' ' || coalesce(d.subject, id::text) as subject,
               d.amount_minor as expected, l.amount_minor as found
        from documents d full join lines l using (kind, id)
        where d.amount_minor is distinct from l.amount_minor
           or d.currency is distinct from l.currency
           or (d.company_id is not null and d.company_id is distinct from l.company_id)
        """,
    "numbers": """
        select null::bigint as company, series || '-' || year as subject,
               coalesce(n.last, 0) as expected, coalesce(i.count, 0) as found
        from (
            select split_part(number, '-', 1) as series, split_part(number, '-', 2)::bigint as year,
                   count(*) as count, min(split_part(number, '-', 3)::bigint) as first,
                   max(split_part(number, '-', 3)::bigint) as last
            from invoices group by 1, 2) i
        full join document_numbers n using (series, year)
        where i.count is distinct from n.last or i.last is distinct from n.last or i.first <> 1
        """,
    "running": """
        select company_id as company, 'subscriptions' as subject,
               1::bigint as expected, count(*) as found
        from subscriptions where status in ('active', 'past_due')
        group by company_id having count(*) > 1
        """,
    "period": """
        select i.company_id as company, i.number as subject,
               1::bigint as expected, 0::bigint as found
        from invoices i
        where i.kind = 'invoice' and i.status = 'paid' and i.company_id is not null
          and not exists (select from invoices note where note.corrects_id = i.id)
          and not exists (select from subscription_periods s where s.invoice_id = i.id)
        union all
        select i.company_id, i.number, 0, 1
        from subscription_periods s join invoices i on i.id = s.invoice_id
        where i.status <> 'paid' or (s.ended_at is null
              and exists (select from invoices note where note.corrects_id = i.id))
        """,
    "until": """
        select s.company_id as company, 'subscription ' || s.id as subject,
               extract(epoch from max(p.ends_at))::bigint as expected,
               extract(epoch from s.period_end)::bigint as found
        from subscriptions s
        left join subscription_periods p on p.subscription_id = s.id and p.ended_at is null
        where s.status in ('active', 'past_due')
        group by s.id having max(p.ends_at) is distinct from s.period_end
        """,
}

# By a moment ($2): what was due before, the sweep may have to make up for. Times are told in
# seconds since 1970.
_LATER: Final = {
    "plan": """
        select s.company_id as company, 'subscription ' || s.id as subject,
               p.plan_id as expected, s.plan_id as found
        from subscriptions s join lateral (
            select plan_id from subscription_periods p
            where p.company_id = s.company_id and p.subscription_id = s.id
              and p.ended_at is null and p.ends_at > $2
            order by p.starts_at limit 1) p on true
        where s.status = 'active' and s.next_at > $2 and p.plan_id <> s.plan_id
        """,
    "time": """
        select company_id as company, 'period ' || id as subject,
               extract(epoch from case when starts_at < last then last
                                        else before end)::bigint as expected,
               extract(epoch from starts_at)::bigint as found
        from (
            select p.id, p.company_id, p.starts_at,
                   max(p.ends_at) over company as last,
                   case when s.status = 'active'
                        then max(p.ends_at) filter (where p.ends_at > $2) over mine end as before
            from subscription_periods p join subscriptions s on s.id = p.subscription_id
            where p.ended_at is null
            window company as (partition by p.company_id order by p.starts_at, p.id
                               rows between unbounded preceding and 1 preceding),
                   mine as (partition by p.subscription_id order by p.starts_at, p.id
                            rows between unbounded preceding and 1 preceding)) each
        where starts_at < last or starts_at > before
        """,
}

_COMPANIES: Final = "select count(*) as companies from companies"


@dataclass(frozen=True, slots=True)
class Difference:
    """What does not add up: in which company, of what, and by which check.

    `expected` is what the rest says of it, `found` what stands there; None where nothing does.
    """

    check: str
    company_id: int | None
    subject: str
    expected: int | None
    found: int | None


async def check_all(session: AsyncSession, moment: datetime | None = None) -> list[Difference]:
    """What does not add up in all of the accounts, by company; nothing where all is well."""
    found = []
    for name, query in _CHECKS.items():
        found += await _differing(session, name, query)
    for name, query in _LATER.items():
        found += await _differing(session, name, query, moment or now())
    return sorted(found, key=lambda one: (one.company_id or 0, one.check, one.subject))


async def _differing(
    session: AsyncSession, name: str, query: str, *values: datetime
) -> list[Difference]:
    rows = await driver_of(session).fetch(f"{query} limit $1", MOST_TOLD, *values)
    return [Difference(name, *row) for row in rows]


async def companies(session: AsyncSession) -> int:
    """How many companies there are, deleted ones too."""
    ((count,),) = await driver_of(session).fetch(_COMPANIES)
    return int(count)
