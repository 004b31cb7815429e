"""Invoices and credit notes: written once with the next number, voided or corrected, never changed.

Writing needs a system session whose companies are held (docs/decisions/0018-billing.md).
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from sqlalchemy import literal_column, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Conflict, NotFound
from saas_bot.db.direct import driver_of
from saas_bot.db.models import Invoice
from saas_bot.domain.billing import GRACE, OFFER, STARS, Period, tax_in
from saas_bot.services import audit
from saas_bot.services.billing import details, ledger
from saas_bot.services.billing.details import Seller
from saas_bot.services.billing.documents import Document, Listed, credit, mine, one, send
from saas_bot.services.billing.ledger import Entry, Kind

INVOICE, CREDIT_NOTE = "INV", "CRN"
"""The series of numbers."""

__all__ = [
    "Document",
    "Draft",
    "Listed",
    "credit",
    "credit_note",
    "issue",
    "lapse",
    "mine",
    "one",
    "open_for",
    "send",
    "void",
]


class Priced(Protocol):
    """A plan as invoices need it."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def price_stars(self) -> int: ...
    @property
    def price_minor(self) -> int: ...
    @property
    def currency(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Draft:
    """An invoice to be written: a month of a plan, in Stars or in the plan's currency.

    `credit` is taken off for what is unused of `credit_plan`, as far as the price goes. Where the
    month begins with the payment, there is no `period` yet.
    """

    company_id: int
    plan: Priced
    purpose: str
    currency: str
    subscription_id: int | None = None
    credit: int = 0
    credit_plan: str = ""
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What is noted of a document; for those of which there are thousands, all there is of it."""

    id: int
    company_id: int | None
    subscription_id: int | None
    kind: str
    number: str
    currency: str
    amount_minor: int
    void_reason: str | None


async def issue(
    session: AsyncSession, drafts: Sequence[Draft], seller: Seller, moment: datetime
) -> list[Invoice]:
    """Write the invoices, in the order of their drafts; payable from then on.

    A renewal may be paid until the grace of the period before it ends, others for `OFFER`. Those of
    0 are paid by whoever issues. How many there are makes no difference to the number of
    statements.
    """
    rows = await _drawn_up(session, drafts, seller, moment)
    return await _write(session, rows, Kind.CHARGE, "invoice.issued", moment)


async def issue_many(
    session: AsyncSession, drafts: Sequence[Draft], seller: Seller, moment: datetime
) -> list[int]:
    """The same for thousands, of which only the ids are given."""
    rows = await _drawn_up(session, drafts, seller, moment)
    if not rows:
        return []
    said = json.dumps(rows, default=datetime.isoformat)
    written = await driver_of(session).fetch(_INSERT_MANY, said)
    await _noted(session, _written(written), Kind.CHARGE, "invoice.issued", moment)
    return [row["id"] for row in written]


async def _drawn_up(
    session: AsyncSession, drafts: Sequence[Draft], seller: Seller, moment: datetime
) -> list[dict[str, Any]]:
    if not drafts:
        return []
    bought_by = await details.buyers(session, {draft.company_id for draft in drafts})
    numbers = await _numbers(session, INVOICE, len(drafts), moment)
    printed = seller.printed()
    return [
        {**_row(draft, number, seller, bought_by[draft.company_id], moment), "seller": printed}
        for draft, number in zip(drafts, numbers, strict=True)
    ]


async def void(
    session: AsyncSession,
    company_id: int,
    invoice_ids: Collection[int],
    reason: str,
    moment: datetime,
) -> None:
    """Withdraw invoices of a company on which nothing is paid; those that are void stay so.

    Raises:
        NotFound: the company has no such invoice.
        Conflict: something is paid, or one is a credit note; then none is voided.
    """
    found = await _held(session, invoice_ids)
    if len(found) != len(set(invoice_ids)) or any(one.company_id != company_id for one in found):
        raise NotFound("invoice-not-found")
    open_ones = [one for one in found if one.status != "void"]
    if not all(_untouched(one) for one in open_ones):
        raise Conflict("invoice-has-payments")
    await _void(session, open_ones, reason, moment)


async def lapse(
    session: AsyncSession, invoice_ids: Collection[int], reason: str, moment: datetime
) -> list[Written]:
    """Withdraw those of these invoices, of whatever companies, on which nothing is paid.

    Gives them; how many there are makes no difference to the number of statements.
    """
    if not invoice_ids:
        return []
    if session.new or session.dirty:
        await session.flush()
    rows = await driver_of(session).fetch(_LAPSE, [*invoice_ids], moment, reason)
    lapsed = sorted(_written(rows), key=lambda one: one.id)
    await _noted(session, lapsed, Kind.VOID, "invoice.voided", moment)
    return lapsed


async def credit_note(session: AsyncSession, invoice: Invoice, moment: datetime) -> Invoice:
    """Correct an invoice by a document of its own, over its whole amount.

    Raises:
        Conflict: it is void, a credit note itself, or corrected already.
    """
    corrected = await session.scalar(select(Invoice.id).where(Invoice.corrects_id == invoice.id))
    if corrected or invoice.kind != "invoice" or invoice.status == "void":
        raise Conflict("invoice-cannot-be-corrected")
    (number,) = await _numbers(session, CREDIT_NOTE, 1, moment)
    line = {
        "code": "correction",
        "number": invoice.number,
        "issued_at": invoice.issued_at.isoformat(),
        "amount": invoice.amount_minor,
    }
    kept = {name: getattr(invoice, name) for name in _KEPT}
    own = {
        "kind": "credit_note",
        "corrects_id": invoice.id,
        "number": number,
        "lines": [line],
        "issued_at": moment,
        "due_at": moment,
    }
    (note,) = await _write(
        session, [{**kept, **own}], Kind.CREDIT_NOTE, "credit_note.issued", moment
    )
    return note


async def open_for(session: AsyncSession, company_id: int) -> Invoice | None:
    """The invoice of a company that wants to be paid; the newest if there are several."""
    query = select(Invoice).where(
        Invoice.company_id == company_id,
        literal_column("status = 'issued' and kind = 'invoice'"),
    )
    found: Invoice | None = await session.scalar(query.order_by(Invoice.id.desc()).limit(1))
    return found


def _row(
    draft: Draft, number: str, seller: Seller, buyer: dict[str, str], moment: datetime
) -> dict[str, Any]:
    plan, period = draft.plan, draft.period
    if draft.currency not in (STARS, plan.currency):
        raise ValueError(f"{plan.name} has no price in {draft.currency}")
    price = plan.price_stars if draft.currency == STARS else plan.price_minor
    lines: list[dict[str, Any]] = [{"code": "plan", "plan": plan.name, "amount": price}]
    if period:
        times = {"from": period.starts_at.isoformat(), "to": period.ends_at.isoformat()}
        lines[0].update(times)
    off = min(draft.credit, price)
    if off:
        lines.append({"code": "credit", "plan": draft.credit_plan, "amount": -off})
    due_at = moment + OFFER
    if draft.purpose == "renewal" and period:
        due_at = period.starts_at + GRACE
    return {
        "company_id": draft.company_id,
        "subscription_id": draft.subscription_id,
        "kind": "invoice",
        "purpose": draft.purpose,
        "plan_id": plan.id,
        "number": number,
        "currency": draft.currency,
        "lines": lines,
        "tax_rate": seller.tax_rate,
        "tax_minor": tax_in(price - off, seller.tax_rate),
        "amount_minor": price - off,
        "price_stars": plan.price_stars,
        "price_minor": plan.price_minor,
        "price_currency": plan.currency,
        "buyer": buyer,
        "issued_at": moment,
        "due_at": due_at,
    }


_KEPT: Final = (
    "company_id",
    "subscription_id",
    "purpose",
    "plan_id",
    "currency",
    "tax_rate",
    "tax_minor",
    "amount_minor",
    "price_stars",
    "price_minor",
    "price_currency",
    "seller",
    "buyer",
)
"""What a credit note has from its invoice."""

_COUNT_ON: Final = """
    insert into document_numbers as n (series, year, last) values ($1, $2, $3)
    on conflict (series, year) do update set last = n.last + $3
    returning last
    """


async def _numbers(
    session: AsyncSession, series: str, count: int, moment: datetime
) -> Iterable[str]:
    """The next numbers of a series. The counter stays locked until the transaction ends."""
    year = moment.astimezone(UTC).year
    ((last,),) = await driver_of(session).fetch(_COUNT_ON, series, year, count)
    return (f"{series}-{year}-{number:06}" for number in range(last - count + 1, last + 1))


_TYPES: Final = {
    "company_id": "bigint",
    "subscription_id": "bigint",
    "kind": "text",
    "purpose": "text",
    "corrects_id": "bigint",
    "plan_id": "bigint",
    "number": "text",
    "currency": "text",
    "lines": "jsonb",
    "tax_rate": "smallint",
    "tax_minor": "bigint",
    "amount_minor": "bigint",
    "price_stars": "bigint",
    "price_minor": "bigint",
    "price_currency": "text",
    "seller": "jsonb",
    "buyer": "jsonb",
    "issued_at": "timestamptz",
    "due_at": "timestamptz",
}
_NAMES: Final = ", ".join(_TYPES)
# In the order of the numbers, so that ids have the same.
_INSERT_INTO: Final = (
    f"insert into invoices ({_NAMES})"  # noqa: S608  # nosec B608: names of our own
    " select * from jsonb_to_recordset(cast({rows} as jsonb))"
    f" as r({', '.join(f'{name} {kind}' for name, kind in _TYPES.items())})"
    " order by length(number), number returning {returned}"
)
_OF_IT: Final = "id, company_id, subscription_id, kind, number, currency, amount_minor, void_reason"
_INSERT: Final = text(_INSERT_INTO.format(rows=":rows", returned="*"))
_INSERT_MANY: Final = _INSERT_INTO.format(rows="$1::text", returned=_OF_IT)
# Told so that no index of open invoices fits: there may be far more than the planner knows.
_LAPSE: Final = f"""
    update invoices set status = 'void', voided_at = $2, void_reason = $3
    where id = any($1) and status = 'issued' and kind <> 'credit_note' and paid_minor = 0
    returning {_OF_IT}
    """  # noqa: S608  # nosec B608: names of our own


def _written(rows: Iterable[Any]) -> list[Written]:
    return [Written(*row) for row in rows]


async def _write(
    session: AsyncSession,
    rows: Sequence[dict[str, Any]],
    kind: Kind,
    action: str,
    moment: datetime,
) -> list[Invoice]:
    """The documents with their lines in the ledger and in the audit trail."""
    said = {"rows": json.dumps(rows, default=datetime.isoformat)}
    written = await session.scalars(select(Invoice).from_statement(_INSERT), said)
    documents = sorted(written, key=lambda document: document.id)
    await _noted(session, documents, kind, action, moment)
    return documents


async def _held(session: AsyncSession, invoice_ids: Collection[int]) -> Sequence[Invoice]:
    query = select(Invoice).where(Invoice.id.in_(invoice_ids)).order_by(Invoice.id)
    held = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await session.scalars(held)).all()


def _untouched(invoice: Invoice) -> bool:
    """Whether nobody has begun to pay it, and it is there to be paid."""
    return (invoice.kind, invoice.status, invoice.paid_minor) == ("invoice", "issued", 0)


async def _void(
    session: AsyncSession, invoices: Sequence[Invoice], reason: str, moment: datetime
) -> None:
    if not invoices:
        return
    ids = [invoice.id for invoice in invoices]
    await session.execute(
        update(Invoice)
        .where(Invoice.id.in_(ids))
        .values(status="void", voided_at=moment, void_reason=reason)
        .execution_options(synchronize_session="evaluate")
    )
    await _noted(session, invoices, Kind.VOID, "invoice.voided", moment)


async def _noted(
    session: AsyncSession,
    documents: Sequence[Invoice | Written],
    kind: Kind,
    action: str,
    moment: datetime,
) -> None:
    entries = [
        Entry(document.company_id, kind, document.id, document.currency, document.amount_minor)
        for document in documents
    ]
    await ledger.post(session, entries, moment)
    noted = [
        audit.Noted(document.company_id, action, document.kind, document.id, _said(document))
        for document in documents
        if document.company_id is not None
    ]
    await audit.record_all_by_system(session, noted)


def _said(document: Invoice | Written) -> dict[str, Any]:
    said = {
        "number": document.number,
        "amount": document.amount_minor,
        "currency": document.currency,
    }
    return {**said, "reason": document.void_reason} if document.void_reason else said
