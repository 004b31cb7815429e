"""A company that pays: its invoices, and what comes in for them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from saas_bot.db.models import Invoice
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Account
from saas_bot.services.billing import checking, invoices, payments, periods, refunds, settling
from saas_bot.services.billing.details import Seller
from saas_bot.services.billing.invoices import Draft
from saas_bot.services.billing.payments import Charge, Method, Outcome
from tests.factories import Team

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OPERATOR = Account(1, "Olga", None, "en", "UTC", is_operator=True)

SELLER = Seller("Bot")

_charges = count(1)


@dataclass
class Desk:
    """Writes invoices to a company and takes its money, all at one moment."""

    database: Database
    team: Team
    moment: datetime = field(default=NOON)

    async def invoice(self, currency: str = "XTR", plan: str = "team", **more: Any) -> Invoice:
        """An invoice for a month, 1,500 Stars or 19 euros for the plan `team`."""
        async with self.database.reading() as driver:
            (row,) = await driver.fetch("select * from plans where code = $1", plan)
        drawn = Draft(self.team.id, _Row(row), more.pop("purpose", "start"), currency, **more)
        async with self.database.system_session("test") as session:
            (invoice,) = await invoices.issue(session, [drawn], SELLER, self.moment)
        return invoice

    def charge(self, invoice: Invoice, **changes: Any) -> Charge:
        """What Telegram tells when somebody has paid that in Stars."""
        payer = self.team.admin.account.telegram_id
        stars = Charge(
            Method.STARS,
            f"charge-{next(_charges)}",
            None,
            payer,
            invoice.id,
            invoice.currency,
            invoice.amount_minor,
        )
        return replace(stars, **changes)

    async def receives(self, charge: Charge) -> Outcome:
        """Take in a payment."""
        async with self.database.system_session("test") as session:
            return await payments.receive(session, charge, self.moment)

    async def notes(self, invoice: Invoice, amount: int, reference: str) -> Outcome:
        """An operator notes a transfer."""
        async with self.database.system_session("test") as session:
            return await payments.note_transfer(
                session, OPERATOR, invoice.number, amount, reference, SELLER, self.moment
            )

    async def uses_credit(self, invoice: Invoice) -> bool:
        """Pay an invoice from the company's credit, and give what it is for."""
        async with self.database.system_session("test") as session:
            held = await session.get(Invoice, invoice.id, with_for_update=True)
            assert held is not None
            paid = await settling.use_credit(session, held, self.moment)
            if paid:
                await periods.apply(session, held, self.moment)
        return paid

    async def refunds(self, payment_id: int) -> int:
        """An operator has a payment go back; gives the refund's id."""
        async with self.database.system_session("test") as session:
            return (await refunds.ask(session, OPERATOR, payment_id, "asked", self.moment)).id

    async def adds_up(self) -> bool:
        """Whether the accounts of all companies do."""
        async with self.database.system_session("test") as session:
            differences = await checking.check_all(session, self.moment)
        assert differences == []
        return True

    async def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What stands in the database."""
        async with self.database.reading() as driver:
            return [tuple(row) for row in await driver.fetch(sql, *values)]

    async def told(self) -> list[str]:
        """What the admin is to be told, oldest first."""
        return [kind for (kind,) in await self.rows("select kind from outbox order by id")]


class _Row:
    def __init__(self, row: Any) -> None:
        self.__dict__.update(row)
