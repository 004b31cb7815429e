"""The billing sweep among 100,000 companies: when nothing is due, and when all of them are.

python -m scripts.bench.billing [COMPANIES] measures this alone.
"""

import asyncio
import logging
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_engine
from saas_bot.db.tenancy import Database
from saas_bot.services.billing import sweep
from saas_bot.services.billing.details import Seller
from scripts.bench.data import plain_dsn
from scripts.bench.process import memory

COMPANIES: Final = 100_000
CREDIT: Final = 1_000
"""One company of so many has credit, and pays the month that comes from it."""
END: Final = datetime(2027, 3, 15, 12, tzinfo=UTC)
"""Of the month that every company has paid for."""

_SELLER: Final = Seller("Bench", bank_details="DE02", tax_rate=1900)
_FILL: Final = """
    insert into companies (id, name, timezone)
    select c, 'Company ' || c, 'Europe/Berlin' from generate_series(1, {companies}) c;

    insert into accounts (telegram_id, name, language, timezone, active_company_id)
    select 1000 + id, 'Person ' || id, 'en', 'Europe/Berlin', id from companies;

    insert into users (company_id, telegram_id, name, role)
    select id, 1000 + id, 'Person ' || id, 'admin' from companies;

    insert into projects (company_id, key, name)
    select id, 'P' || p, 'Project' from companies, generate_series(1, 3) p;

    insert into subscriptions (company_id, plan_id, status, period_start, period_end, anchor_day,
                               looked_at, next_at)
    select c.id, p.id, 'active', began, ends, 15, began, ends - interval '3 days'
    from companies c, plans p,
         lateral (select timestamptz '{end}' - interval '28 days', timestamptz '{end}')
             t(began, ends)
    where p.code = 'team';

    insert into invoices (company_id, subscription_id, purpose, plan_id, number, status, currency,
                          lines, tax_rate, tax_minor, amount_minor, paid_minor, price_stars,
                          price_minor, price_currency, seller, buyer, issued_at, due_at, paid_at)
    select company_id, id, 'start', plan_id, 'INV-2027-' || lpad(id::text, 6, '0'), 'paid', 'EUR',
           '[]', 0, 0, 1900, 1900, 1500, 1900, 'EUR', '{{}}', '{{}}',
           period_start, period_start, period_start
    from subscriptions;

    insert into document_numbers select 'INV', 2027, max(id) from subscriptions;

    insert into subscription_periods (company_id, subscription_id, plan_id, invoice_id, starts_at,
                                      ends_at, price_stars, price_minor, currency)
    select s.company_id, s.id, s.plan_id, i.id, period_start, period_end, 1500, 1900, 'EUR'
    from subscriptions s join invoices i on i.subscription_id = s.id;

    insert into payments (company_id, invoice_id, method, charge_id, currency, amount_minor,
                          allocated_minor, paid_at)
    select company_id, id, 'bank', 'T-' || id, 'EUR', 4000, 1900, paid_at
    from invoices where company_id % {credit} = 0;

    analyze;
    """


@dataclass(frozen=True, slots=True)
class Round:
    """All sweeps of one minute: of how many companies, in how many seconds."""

    title: str
    found: int
    seconds: float
    longest: float
    """Seconds of the longest transaction, in which its companies are held."""


@dataclass(frozen=True, slots=True)
class Billed:
    """What the sweeps took; memory is that of this process in MB."""

    companies: int
    rounds: Sequence[Round]
    grew_mb: float

    @property
    def most_seconds(self) -> float:
        """Of the slowest minute."""
        return max(one.seconds for one in self.rounds)

    def lines(self) -> Sequence[str]:
        """What was found, for people."""
        return (
            *(
                f"billing of {self.companies:,} companies, {one.title}: {one.found:,} in "
                f"{one.seconds:.2f} s, {one.longest:.2f} s the longest transaction"
                for one in self.rounds
            ),
            f"billing: memory grew by {self.grew_mb:.0f} MB",
        )


class _Timed(Database):
    """Notes how many seconds its longest transaction takes."""

    longest = 0.0

    @asynccontextmanager
    async def system_session(self, reason: str) -> AsyncIterator[AsyncSession]:
        began = time.perf_counter()
        async with super().system_session(reason) as session:
            yield session
        self.longest = max(self.longest, time.perf_counter() - began)


async def bill(settings: Settings, companies: int = COMPANIES) -> Billed:
    """Sweep as a worker does."""
    await _fill(settings, companies)
    engine = create_engine(settings)
    database, before = _Timed(engine), memory(os.getpid())[0]
    day = timedelta(days=1)
    moments = {
        "none due": END - 4 * day,
        "all to renew": END - 3 * day,
        "none due again": END - 2 * day,
        "all past due": END,
        "all expired": END + 7 * day,
    }
    rounds, most = [], before
    try:
        for title, moment in moments.items():
            database.longest, began = 0.0, time.perf_counter()
            found = await sweep.all_due(database, _SELLER, moment)
            seconds = time.perf_counter() - began
            most = max(most or 0, memory(os.getpid())[0] or 0)
            rounds.append(Round(title, found, seconds, database.longest))
    finally:
        await engine.dispose()
    return Billed(companies, rounds, (most or 0) - (before or 0))


async def _fill(settings: Settings, companies: int) -> None:
    connection = await asyncpg.connect(plain_dsn(settings))
    try:
        await connection.execute(_FILL.format(companies=companies, end=END, credit=CREDIT))
    finally:
        await connection.close()


async def _alone(companies: int) -> None:
    from saas_bot.core.logging_setup import setup_logging
    from saas_bot.embedded import Services
    from scripts.bench.data import migrated
    from scripts.bench.run import SHARED_BUFFERS, settings_of

    setup_logging(level=logging.WARNING)
    async with Services.start(shared_buffers=SHARED_BUFFERS) as services:
        settings = settings_of(services, "bench")
        await services.postgres.create_database(settings.postgres_db)
        await migrated(settings)
        print(*(await bill(settings, companies)).lines(), sep="\n")


if __name__ == "__main__":
    asyncio.run(_alone(int(sys.argv[1]) if len(sys.argv) > 1 else COMPANIES))
