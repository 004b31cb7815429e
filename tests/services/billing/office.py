"""A company with its plans, payments and sweeps, at a moment that tests move on."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from saas_bot.db.models import Invoice
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Account, Actor
from saas_bot.services.billing import (
    checking,
    invoices,
    payments,
    refunds,
    standing,
    subscriptions,
    sweep,
)
from saas_bot.services.billing.details import Seller
from saas_bot.services.billing.payments import Charge, Method
from saas_bot.services.billing.standing import Standing
from saas_bot.services.billing.subscriptions import Choice
from tests import factories
from tests.factories import Team
from tests.services.billing.desk import NOON, OPERATOR

__all__ = ["NOON", "OPERATOR", "SELLER", "Office"]

SELLER = Seller("Bot", bank_details="IBAN 1", tax_rate=1900)


@dataclass
class Office:
    """What the admin of one company, its payers, operators and workers do about billing."""

    database: Database
    team: Team
    moment: datetime = field(default=NOON)
    charges: int = 0

    @classmethod
    async def of(cls, database: Database, plan: str = "free", name: str = "Acme") -> Self:
        """A company on this plan: the free one, or `team` on trial."""
        return cls(database, await factories.company(database, name, plan=plan))

    @property
    def id(self) -> int:
        """The company's."""
        return self.team.id

    def _session(self) -> Any:
        return self.database.system_session("test")

    async def chooses(self, plan: str, currency: str = "XTR", *, by: Actor | None = None) -> Choice:
        """The admin takes a plan."""
        about = (by or self.team.admin, plan, currency, SELLER, self.moment)
        async with self._session() as session:
            return await subscriptions.choose(session, *about)

    async def takes(self, plan: str, currency: str = "XTR") -> int:
        """And pays for it; gives the payment's id."""
        choice = await self.chooses(plan, currency)
        assert choice.invoice is not None
        return await self.pays(choice.invoice)

    async def renews(self, currency: str = "XTR") -> Invoice:
        """The admin pays ahead."""
        async with self._session() as session:
            return await subscriptions.renew_early(
                session, self.team.admin, currency, SELLER, self.moment
            )

    async def cancels(self) -> datetime | None:
        """The admin wants no other period."""
        async with self._session() as session:
            return await subscriptions.cancel(session, self.team.admin, self.moment)

    async def resumes(self) -> None:
        """The admin thinks better of it."""
        async with self._session() as session:
            await subscriptions.resume(session, self.team.admin, self.moment)

    def charge(self, invoice: Invoice) -> Charge:
        """Another payment of the whole invoice, in Stars or as a transfer."""
        self.charges += 1
        method = Method.STARS if invoice.currency == "XTR" else Method.BANK
        payer = self.team.admin.account.telegram_id if method is Method.STARS else None
        name = f"{self.id}-{self.charges}"
        open_minor = invoice.amount_minor - invoice.paid_minor
        return Charge(method, name, None, payer, invoice.id, invoice.currency, open_minor)

    async def receives(self, charge: Charge) -> payments.Outcome:
        """Take in a payment."""
        async with self._session() as session:
            return await payments.receive(session, charge, self.moment)

    async def pays(self, invoice: Invoice | None) -> int:
        """Somebody pays the invoice; gives the payment's id."""
        assert invoice is not None
        return (await self.receives(self.charge(invoice))).payment.id

    async def notes(self, invoice: Invoice | None, amount: int, reference: str) -> payments.Outcome:
        """An operator notes a transfer."""
        assert invoice is not None
        about = (OPERATOR, invoice.number, amount, reference, SELLER, self.moment)
        async with self._session() as session:
            return await payments.note_transfer(session, *about)

    async def refunds(self, payment_id: int) -> None:
        """An operator has a payment go back."""
        async with self._session() as session:
            await refunds.ask(session, OPERATOR, payment_id, "asked", self.moment)

    async def grants(self, plan: str | None, days: int, *, by: Account = OPERATOR) -> datetime:
        """An operator gives days of a plan, or (None) of the trial."""
        async with self._session() as session:
            if plan is None:
                return await subscriptions.grant_trial(session, by, self.id, days, self.moment)
            return await subscriptions.grant_period(session, by, self.id, plan, days, self.moment)

    async def sweeps(self) -> int:
        """A worker does what is due."""
        return await sweep.all_due(self.database, SELLER, self.moment)

    async def stands(self) -> Standing:
        """How the company stands."""
        async with self.database.tenant_session(self.id) as session:
            return await standing.of(session, self.id, self.moment)

    async def open(self) -> Invoice | None:
        """The invoice that wants to be paid."""
        async with self._session() as session:
            return await invoices.open_for(session, self.id)

    async def adds_up(self) -> bool:
        """Whether the accounts of all companies do."""
        async with self._session() as session:
            assert await checking.check_all(session, self.moment) == []
        return True

    async def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What stands in the database."""
        async with self.database.reading() as driver:
            return [tuple(row) for row in await driver.fetch(sql, *values)]

    async def write(self, sql: str, *values: Any) -> None:
        """Change the database behind everybody's back."""
        await self.rows(sql, *values)

    async def told(self) -> list[str]:
        """What the company's people are to be told, oldest first."""
        query = "select kind from outbox where company_id = $1 order by id"
        return [kind for (kind,) in await self.rows(query, self.id)]
