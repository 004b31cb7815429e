"""A company pays: trial, Stars, a better plan, a missed month, a bank transfer in two parts.

The processes are those of `make demo`; the people act over the sandbox's HTTP API. Time goes on by
moving what the company has back, and the worker looks at it at once.
"""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from saas_bot.core.clock import now
from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_plain_engine
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Account
from saas_bot.embedded import Access
from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.services.billing import checking, payments
from saas_bot.services.billing.details import Seller
from tests.e2e.demo_process import Demo
from tests.e2e.test_story import found_company
from tests.environment import BOT_TOKEN

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

COMPANY = "Paying & Partners"
OPERATOR = Account(1, "Olga", None, "en", "UTC", is_operator=True)
SELLER = Seller("Bot")

_MOVED = {
    "trials": ("started_at", "ends_at", "looked_at", "next_at"),
    "subscriptions": ("period_start", "period_end", "looked_at", "next_at"),
    "subscription_periods": ("starts_at", "ends_at"),
}

# As a worker queues it by its clock.
_SWEEP = """
    select procrastinate.procrastinate_defer_jobs_v1(array[row(
        'periodic', 'billing', 0, 'billing', 'billing', jsonb_build_object('timestamp', $1::bigint),
        null)::procrastinate.procrastinate_job_to_defer_v1])
    """


async def days_go_by(demo: Demo, days: float) -> None:
    """So many days later for the company, and the worker looks at what is due."""
    async with demo.database() as database:
        for table, columns in _MOVED.items():
            moved = ", ".join(f"{one} = {one} - $2 * interval '1 day'" for one in columns)
            of_ours = "company_id = (select id from companies where name = $1)"
            await database.execute(f"update {table} set {moved} where {of_ours}", COMPANY, days)
        await database.execute(
            "update periodic_jobs set began_at = began_at - interval '5 minutes'"
            " where name = 'billing'"
        )
        await database.execute(
            "set search_path to procrastinate, public; delete from procrastinate_jobs"
            " where task_name = 'billing' and status = 'todo'"
        )
        await database.execute(_SWEEP, int(time.time()))


async def it_is(demo: Demo, days: float) -> None:
    """So many days after the end of what the company has paid for; before it, if less than 0."""
    async with demo.database() as database:
        ends_at = await database.fetchval(
            "select period_end from subscriptions s join companies c on c.id = s.company_id"
            " where c.name = $1 and s.status in ('active', 'past_due')",
            COMPANY,
        )
    await days_go_by(demo, (ends_at - now()) / timedelta(days=1) + days)


@asynccontextmanager
async def services(demo: Demo) -> AsyncIterator[Database]:
    """The database of the demo, for the services."""
    access = Access()
    engine = create_plain_engine(
        Settings(
            _env_file=None,
            bot_token=BOT_TOKEN,
            postgres_host="127.0.0.1",
            postgres_port=demo.ports["POSTGRES_PORT"],
            postgres_user=access.postgres_user,
            postgres_password=access.postgres_password,
            postgres_db="saasdb",
        )
    )
    try:
        yield Database(engine)
    finally:
        await engine.dispose()


async def transfer(demo: Demo, number: str, amount: int, reference: str) -> None:
    """Money has come by bank, and an operator notes it."""
    async with services(demo) as database, database.system_session("test") as session:
        await payments.note_transfer(session, OPERATOR, number, amount, reference, SELLER)


async def pays_in_stars(buyer: Person) -> str:
    """From the quote on the screen to the payment; gives the invoice's number."""
    await buyer.clicks("⭐")
    shown = await buyer.sees("waiting for payment")
    (number,) = re.findall(r"INV-\d{4}-\d{6}", shown.text)
    await buyer.clicks("Pay")
    await buyer.pays(await buyer.sees(f"Invoice {number}"))
    await buyer.sees_payment()
    return number


async def test_a_company_pays_from_its_trial_to_a_transfer_in_two_parts(
    demo: Demo, sandbox: Sandbox
) -> None:
    paula = await sandbox.person("Paula", username="paula_pays")
    await found_company(paula, COMPANY, "Website", "WEB")

    # The trial is about to end: a reminder, and the plan in Stars. Its payment is told twice.
    await days_go_by(demo, 11.5)
    await paula.sees("The trial of “Team” ends")
    await paula.sends("/plan")
    await paula.sees("On trial until")
    await paula.clicks("Keep Team")
    await paula.sees("the paid month begins after it")
    await sandbox.breaks("*", "duplicate", times=8)
    number = await pays_in_stars(paula)
    await paula.sees(f"for {number} is here. Thank you!")
    await sandbox.heals()

    # In the middle of the month a better plan, less what is unused.
    await it_is(demo, -15)
    await paula.sends("/plan")
    await paula.sees("Paid until")
    await paula.clicks("Upgrade to Business")
    quote = await paula.sees("(unused part of “Team”)")
    price, credit, total = (
        int(one.replace(",", ""))
        for one in re.findall(r"([\d,]+) ⭐", quote.text[quote.text.index("taken off") :])
    )
    assert price - credit == total
    assert 0.4 < credit / 1500 < 0.6
    upgrade = await pays_in_stars(paula)
    await paula.sees(f"{total:,} ⭐ for {upgrade} is here. Thank you!")
    await paula.sends("/plan")
    await paula.sees("plan “Business”")

    # Nobody pays the next month, though each step tells of it.
    for days, told in (
        (-1.5, "The invoice for the next month is ready"),
        (0.5, "Everything still works until"),
        (6.2, "is still not paid for"),
        (7.2, "was not paid for, so you are on the free plan now"),
    ):
        await it_is(demo, days)
        await paula.sees(told)
    await paula.sends("/plan")
    await paula.sees("The subscription expired")

    # It comes back, by bank and in two parts.
    await paula.clicks("Take Team")
    await paula.sees("It begins as soon as it is paid")
    await paula.clicks("€")
    for asked, answer in (("legal name", "Paying & Partners Ltd"), ("address", "1 Main Street")):
        await paula.sees(asked)
        await paula.sends(answer)
    for asked in ("tax number", "email address"):
        await paula.sees(asked)
        await paula.clicks("Skip")
    await paula.clicks("Go on to payment")
    invoice = await paula.sees("waiting for payment")
    (number,) = re.findall(r"INV-\d{4}-\d{6}", invoice.text)
    await paula.clicks("Bank transfer")
    await paula.sees("Payment reference")
    await transfer(demo, number, 1000, "bank-1")
    await paula.sees(f"€10.00 for {number} is here, thank you. €9.00 is left to pay")
    await transfer(demo, number, 900, "bank-2")
    await paula.sees(f"for {number} is here. Thank you!")
    await paula.sends("/plan")
    await paula.sees("plan “Team”")
    await paula.sees("Paid until")

    async with services(demo) as database, database.system_session("test") as session:
        assert await checking.check_all(session) == []
