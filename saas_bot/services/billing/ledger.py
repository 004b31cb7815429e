"""The account of each company: what it was charged, paid and got back, and that it adds up.

What it owes grows by charges and refunds, and shrinks by payments, credit notes and voided
invoices (docs/decisions/0018-billing.md). The functions need a system session, unless they say
otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from saas_bot.core.clock import now
from saas_bot.db.direct import Built, driver_of
from saas_bot.db.models import Invoice, LedgerEntry, Payment, Refund
from saas_bot.db.paging import Cursor, Listing, Page
from saas_bot.domain.actor import Account as Person
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission


class Kind(StrEnum):
    """What a line of the ledger is about."""

    CHARGE = "charge"
    VOID = "void"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    REFUND = "refund"


_ADDS: Final = frozenset({Kind.CHARGE, Kind.REFUND})
_ABOUT: Final = {
    Kind.CHARGE: "invoice_id",
    Kind.VOID: "invoice_id",
    Kind.CREDIT_NOTE: "invoice_id",
    Kind.PAYMENT: "payment_id",
    Kind.REFUND: "refund_id",
}


_SUBJECTS: Final = ("invoice_id", "payment_id", "refund_id")
_POST: Final = """
    insert into ledger (at, company_id, kind, currency, amount_minor,
                        invoice_id, payment_id, refund_id)
    select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[],
                             $6::bigint[], $7::bigint[], $8::bigint[])
    """


@dataclass(frozen=True, slots=True)
class Entry:
    """A line to be written: the document it is about, by its id in the table of its kind.

    A credit note is an invoice too. `amount` is that of the document, never less than 0: the kind
    says whether it adds to what the company owes or takes away.
    """

    company_id: int | None
    kind: Kind
    subject_id: int
    currency: str
    amount: int


async def post(
    session: AsyncSession, entries: Sequence[Entry], moment: datetime | None = None
) -> None:
    """Write the lines in one statement; none is fine. Each document has one line of its kind."""
    if not entries:
        return
    if session.new or session.dirty:
        await session.flush()
    rows = [
        (
            one.company_id,
            one.kind.value,
            one.currency,
            one.amount if one.kind in _ADDS else -one.amount,
            *(one.subject_id if _ABOUT[one.kind] == column else None for column in _SUBJECTS),
        )
        for one in entries
    ]
    columns = map(list, zip(*rows, strict=True))
    await driver_of(session).fetch(_POST, moment or now(), *columns)


@dataclass(frozen=True, slots=True)
class Account:
    """What a company was charged, paid and got back in one currency; sums are never less than 0.

    It `owes` what is charged and given back, less what is paid, corrected and voided; what it has
    paid in advance makes that less than 0.
    """

    currency: str
    charged: int
    voided: int
    corrected: int
    paid: int
    given_back: int

    @property
    def owes(self) -> int:
        """What open invoices want, less the credit."""
        return self.charged + self.given_back - self.voided - self.corrected - self.paid


_STATEMENT: Final = """
    select currency,
           coalesce(sum(amount_minor) filter (where kind = 'charge'), 0)::bigint as charged,
           coalesce(-sum(amount_minor) filter (where kind = 'void'), 0)::bigint as voided,
           coalesce(-sum(amount_minor) filter (where kind = 'credit_note'), 0)::bigint as corrected,
           coalesce(-sum(amount_minor) filter (where kind = 'payment'), 0)::bigint as paid,
           coalesce(sum(amount_minor) filter (where kind = 'refund'), 0)::bigint as given_back
    from ledger where company_id = $1 group by currency order by currency
    """


async def statement(session: AsyncSession, company_id: int) -> list[Account]:
    """The account of a company, one for each currency in which it has ever been charged or paid."""
    rows = await driver_of(session).fetch(_STATEMENT, company_id)
    return [Account(**dict(row)) for row in rows]


PAGE: Final = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a company's account, as people read it.

    `amount` is what it adds to what the company owes in its currency, and `balance` what it owes
    after that; less than 0 is credit. `document` is the number of an invoice or credit note, or the
    reference of a payment; `payment_id` says which one, and `annulled` that it was noted wrongly.
    """

    id: int
    at: datetime
    kind: Kind
    document: str
    currency: str
    amount: int
    balance: int
    payment_id: int | None
    annulled: bool


_sums = (
    select(
        *LedgerEntry.__table__.columns,
        func.sum(LedgerEntry.amount_minor)
        .over(partition_by=LedgerEntry.currency, order_by=LedgerEntry.id)
        .label("balance"),
    )
    .where(LedgerEntry.company_id == bindparam("company", type_=BigInteger()))
    .subquery()
)
_of_refund = aliased(Refund)
_LINES: Final = (
    select(
        _sums.c.id,
        _sums.c.at,
        _sums.c.kind,
        func.coalesce(Invoice.number, Payment.charge_id, "").label("document"),
        _sums.c.currency,
        _sums.c.amount_minor.label("amount"),
        _sums.c.balance,
        Payment.id.label("payment_id"),
        case((Payment.status == "annulled", True), else_=False).label("annulled"),
    )
    .outerjoin(Invoice, Invoice.id == _sums.c.invoice_id)
    .outerjoin(_of_refund, _of_refund.id == _sums.c.refund_id)
    .outerjoin(Payment, Payment.id == func.coalesce(_sums.c.payment_id, _of_refund.payment_id))
)


def _line(row: Any) -> Line:
    values = row._asdict()
    return Line(**{**values, "kind": Kind(values["kind"]), "balance": int(values["balance"])})


_PAGES: Final = Listing(
    _LINES,
    keys=[_sums.c.id],
    descending=True,
    size=PAGE,
    make=_line,
    edge=lambda one: Cursor(one.id),
)
_ALL: Final = Built(_LINES.order_by(_sums.c.id))


async def page(
    session: AsyncSession,
    operator: Person,
    company_id: int,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[Line]:
    """A page of a company's account, the newest line first.

    Raises:
        NotFound: for anybody but operators.
    """
    operator.need_operator()
    return await _PAGES.page(session, cursor, size=size, company=company_id)


async def mine(
    session: AsyncSession,
    actor: Actor,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[Line]:
    """The same of the actor's own company. A tenant session will do.

    Raises:
        Forbidden: the role has nothing to do with billing.
    """
    actor.need(Permission.BILLING)
    return await _PAGES.page(session, cursor, size=size, company=actor.company_id)


async def balance(session: AsyncSession, actor: Actor) -> list[Account]:
    """The actor's company's account in each currency. A tenant session will do.

    Raises:
        Forbidden: the role has nothing to do with billing.
    """
    actor.need(Permission.BILLING)
    return await statement(session, actor.company_id)


async def lines(session: AsyncSession, company_id: int) -> list[Line]:
    """All of a company's account, from its beginning on; of one that is gone too."""
    return [_line(row) for row in await _ALL.all(session, company=company_id)]
