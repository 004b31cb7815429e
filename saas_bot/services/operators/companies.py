"""The companies, each with how it stands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import BigInteger, Text, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import NotFound
from saas_bot.db.direct import driver_of
from saas_bot.db.models import Company
from saas_bot.db.paging import Cursor, Listing, Page
from saas_bot.domain import limits
from saas_bot.domain.actor import Account
from saas_bot.services.companies import KEEP_DELETED

PAGE: Final = 5

# What runs holds the plan, else the trial, else the free one does: as `entitlements.HOLDS` has it.
_DETAILS: Final = """
    select c.id, c.name, c.created_at, c.deleted_at, p.name as plan,
        coalesce(s.status, case when t.id is not null then 'trial' else 'free' end) as state,
        coalesce(s.period_end, t.ends_at) as until, coalesce(s.cancels_at_end, false) as cancels,
        (select count(*) from users u
         where u.company_id = c.id and u.status = 'active') as people,
        (select count(*) from projects j
         where j.company_id = c.id and j.status = 'active') as projects,
        coalesce((select g.bytes from storage_usage g where g.company_id = c.id), 0) as storage,
        (select a.at from audit_logs a
         where a.company_id = c.id and a.actor_kind = 'user' order by a.at desc limit 1) as seen_at,
        (select json_object_agg(o.currency, o.owed) from (
            select i.currency, sum(i.amount_minor - i.paid_minor) as owed from invoices i
            where i.company_id = c.id and i.status = 'issued' and i.kind = 'invoice'
            group by i.currency) o) as debt,
        (select i.id from invoices i
         where i.company_id = c.id and i.status = 'issued' and i.kind = 'invoice'
         order by i.id desc limit 1) as invoice_id,
        (select json_agg(json_build_object('plan', q.name, 'until', x.ends_at,
                'granted', x.invoice_id is null) order by x.starts_at)
         from subscription_periods x join plans q on q.id = x.plan_id
         where x.company_id = c.id and x.subscription_id = s.id and x.ended_at is null
           and x.ends_at > $2) as ahead
    from companies c
    left join subscriptions s on s.company_id = c.id and s.status in ('active', 'past_due')
    left join trials t on t.company_id = c.id and t.ends_at > $2 and s.id is null
    join plans p
      on p.id = coalesce(s.plan_id, t.plan_id, (select f.id from plans f where f.code = 'free'))
    where c.id = any($1::bigint[])
    """


@dataclass(frozen=True, slots=True)
class Stretch:
    """A plan, and until when it is paid for or `granted`."""

    plan: str
    until: datetime
    granted: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """A company as operators see it.

    `state` is `trial`, `active`, `past_due` or `free`; `until` is when that ends. `seen_at` is when
    one of its people changed something last. `debt` is what is open on its invoices, by currency,
    and `invoice_id` the newest of them. `ahead` is what is paid for or granted and not over, in
    order; what is alike in a row is one.
    """

    id: int
    name: str
    created_at: datetime
    deleted_at: datetime | None
    plan: str
    state: str
    until: datetime | None
    cancels: bool
    people: int
    projects: int
    storage: int
    seen_at: datetime | None
    debt: dict[str, int]
    invoice_id: int | None
    ahead: tuple[Stretch, ...]

    @property
    def subscribed(self) -> bool:
        """Whether a subscription runs, beside which a trial is nothing."""
        return self.state in ("active", "past_due")

    @property
    def purged_at(self) -> datetime | None:
        """When nothing will be left of it, if it is deleted."""
        return self.deleted_at and self.deleted_at + KEEP_DELETED


def _listing(*where: Any) -> Listing[int]:
    return Listing(
        select(Company.id).where(*where),
        keys=[Company.id],
        descending=True,
        size=PAGE,
        make=lambda row: int(row.id),
        edge=Cursor,
    )


_WORDS: Final = func.lower(bindparam("words", type_=Text()))
_ALL: Final = _listing()
_NUMBER: Final = bindparam("number", type_=BigInteger())
_NAMED: Final = _listing(
    (func.strpos(func.lower(Company.name), _WORDS) > 0) | (Company.id == _NUMBER)
)
_NUMBERED: Final = re.compile(r"#?([0-9]{1,18})")


async def page(
    session: AsyncSession,
    operator: Account,
    words: str = "",
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[Overview]:
    """The companies, the newest first; with `words`, those whose name has them in it, and the one
    whose number they are.

    Raises:
        NotFound: for anybody but operators.
        Invalid: the words are longer than a name.
    """
    operator.need_operator()
    if words:
        named = limits.line(words, limits.NAME, "words")
        numbered = _NUMBERED.fullmatch(named)
        number = int(numbered[1]) if numbered else 0
        found = await _NAMED.page(session, cursor, size=size, words=named, number=number)
    else:
        found = await _ALL.page(session, cursor, size=size)
    known = {company.id: company for company in await _details(session, found.items)}
    return Page([known[one] for one in found.items], found.previous, found.next)


async def one(session: AsyncSession, operator: Account, company_id: int) -> Overview:
    """A company.

    Raises:
        NotFound: there is none such, or for anybody but operators.
    """
    operator.need_operator()
    found = await _details(session, [company_id])
    if not found:
        raise NotFound("op-no-company")
    return found[0]


async def _details(session: AsyncSession, ids: Sequence[int]) -> list[Overview]:
    if session.new or session.dirty:
        await session.flush()
    rows = await driver_of(session).fetch(_DETAILS, [*ids], now()) if ids else []
    made = ({**row, "debt": row["debt"] or {}, "ahead": _ahead(row["ahead"])} for row in rows)
    return [Overview(**values) for values in made]


def _ahead(periods: Sequence[Mapping[str, Any]] | None) -> tuple[Stretch, ...]:
    alike = groupby(periods or (), itemgetter("plan", "granted"))
    return tuple(
        Stretch(plan, datetime.fromisoformat([*run][-1]["until"]), granted)
        for (plan, granted), run in alike
    )
