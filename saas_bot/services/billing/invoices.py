"""Invoices and credit notes: written once with the next number, voided or corrected, never changed.

Writing needs a system session whose companies are held (docs/decisions/0018-billing.md).
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import TextClause, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core import context
from saas_bot.core.errors import Conflict, NotFound
from saas_bot.db.direct import driver_of
from saas_bot.db.models import Invoice
from saas_bot.db.models.money import OPEN
from saas_bot.domain.billing import GRACE, OFFER, STARS, Period, Priced, tax_in
from saas_bot.services.billing.details import Seller
from saas_bot.services.billing.documents import Document, Listed, credit, mine, one, send
from saas_bot.services.billing.ledger import Kind
from saas_bot.services.billing.numbering import Series, count_on

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


class Sold(Priced, Protocol):
    """A plan as invoices need it."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Draft:
    """An invoice to be written: a month of a plan, in Stars or in the plan's currency.

    `credit` is taken off for what is unused of `credit_plan`, as far as the price goes. Where the
    month begins with the payment, there is no `period` yet; `begins` is how else (`Held.begins`).
    """

    company_id: int
    plan: Sold
    purpose: str
    currency: str
    subscription_id: int | None = None
    credit: int = 0
    credit_plan: str = ""
    period: Period | None = None
    begins: str = ""


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
    session: AsyncSession, drafts: Sequence[Draft], seller: Seller, moment: datetime | None = None
) -> list[Invoice]:
    """Write the invoices, in the order of their drafts; payable from then on.

    A renewal may be paid until the grace of the period before it ends, others for `OFFER`. Those of
    0 are paid by whoever issues. How many there are makes no difference to the number of
    statements. `moment` is that at which their numbers are given, but for tests of the clock.
    """
    rows = await _drawn_up(session, drafts, seller, moment)
    return await _write(session, rows, _ISSUED) if rows else []


async def issue_many(
    session: AsyncSession, drafts: Sequence[Draft], seller: Seller, moment: datetime | None = None
) -> None:
    """The same for thousands, of which nothing is given."""
    rows = await _drawn_up(session, drafts, seller, moment)
    if rows:
        said = json.dumps(rows, default=datetime.isoformat)
        await driver_of(session).fetch(_ISSUED_MANY, said, context.request_id.get())


async def _drawn_up(
    session: AsyncSession, drafts: Sequence[Draft], seller: Seller, moment: datetime | None
) -> list[dict[str, Any]]:
    if not drafts:
        return []
    companies = {draft.company_id for draft in drafts}
    counted = await count_on(session, Series.INVOICE, len(drafts), moment, companies)
    printed = seller.printed()
    return [
        {
            **_row(draft, number, seller, counted.buyers[draft.company_id], counted.moment),
            "seller": printed,
        }
        for draft, number in zip(drafts, counted.numbers, strict=True)
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
    query = select(Invoice).where(Invoice.id.in_(invoice_ids))
    held = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = (await session.scalars(held)).all()
    if len(found) != len(set(invoice_ids)) or any(one.company_id != company_id for one in found):
        raise NotFound("invoice-not-found")
    open_ones = [one for one in found if one.status != "void"]
    if not all(_untouched(one) for one in open_ones):
        raise Conflict("invoice-has-payments")
    await lapse(session, [one.id for one in open_ones], reason, moment)


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
    request = context.request_id.get()
    rows = await driver_of(session).fetch(_LAPSED, [*invoice_ids], moment, reason, request)
    return [Written(*row) for row in rows]


async def credit_note(
    session: AsyncSession, invoice: Invoice, moment: datetime | None = None
) -> Invoice:
    """Correct an invoice by a document of its own, over its whole amount; `moment` as in `issue`.

    Raises:
        Conflict: it is void, a credit note itself, or corrected already.
    """
    corrected = await session.scalar(select(Invoice.id).where(Invoice.corrects_id == invoice.id))
    if corrected or invoice.kind != "invoice" or invoice.status == "void":
        raise Conflict("invoice-cannot-be-corrected")
    counted = await count_on(session, Series.CREDIT_NOTE, 1, moment)
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
        "number": counted.numbers[0],
        "lines": [line],
        "issued_at": counted.moment,
        "due_at": counted.moment,
    }
    (note,) = await _write(session, [{**kept, **own}], _CORRECTED)
    return note


async def open_for(session: AsyncSession, company_id: int) -> Invoice | None:
    """The invoice of a company that wants to be paid; the newest if there are several."""
    query = select(Invoice).where(Invoice.company_id == company_id, literal_column(OPEN))
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
    elif draft.begins:
        lines[0]["begins"] = draft.begins
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
_INSERT: Final = (
    f"insert into invoices ({_NAMES})"  # noqa: S608  # nosec B608: names of our own
    " select * from jsonb_to_recordset(cast({rows} as jsonb))"
    f" as r({', '.join(f'{name} {kind}' for name, kind in _TYPES.items())})"
    " order by length(number), number"
)
# Told so that no index of open invoices fits: there may be far more than the planner knows.
_VOID: Final = """
    update invoices set status = 'void', voided_at = $2, void_reason = $3
    where id = any($1) and status = 'issued' and kind <> 'credit_note' and paid_minor = 0
    """
# Documents are written together with their lines in the ledger and in the audit trail.
_TOGETHER: Final = """
    with written as ({write} returning *), posted as (
        insert into ledger (at, company_id, kind, currency, amount_minor, invoice_id)
        select {at}, company_id, '{kind}', currency, {sign} amount_minor, id
        from written order by id
    ), noted as (
        insert into audit_logs
            (company_id, actor_kind, actor_name, action, entity, entity_id, after, request_id)
        select company_id, 'system', 'system', '{action}', kind, id,
            jsonb_strip_nulls(jsonb_build_object('number', number, 'amount', amount_minor,
                'currency', currency, 'reason', void_reason)),
            cast({request} as text)
        from written where company_id is not null order by id
    )
    select {what}
    """
_OF_IT: Final = (
    "id, company_id, subscription_id, kind, number, currency, amount_minor, void_reason"
    " from written order by id"
)
_CHARGE: Final = {"kind": Kind.CHARGE, "sign": "", "at": "issued_at", "action": "invoice.issued"}
_CORRECTION: Final = {
    "kind": Kind.CREDIT_NOTE,
    "sign": "-",
    "at": "issued_at",
    "action": "credit_note.issued",
}
_WITHDRAWAL: Final = {"kind": Kind.VOID, "sign": "-", "at": "voided_at", "action": "invoice.voided"}


def _here(**how: str) -> TextClause:
    """For documents that the session is to know."""
    write = _INSERT.format(rows=":rows")
    what = "* from written order by id"
    return text(_TOGETHER.format(write=write, request=":request", what=what, **how))


_ISSUED: Final = _here(**_CHARGE)
_CORRECTED: Final = _here(**_CORRECTION)
_ISSUED_MANY: Final = _TOGETHER.format(
    write=_INSERT.format(rows="$1::text"), request="$2", what="count(*) from written", **_CHARGE
)
_LAPSED: Final = _TOGETHER.format(write=_VOID, request="$4", what=_OF_IT, **_WITHDRAWAL)


async def _write(
    session: AsyncSession, rows: Sequence[dict[str, Any]], how: TextClause
) -> list[Invoice]:
    said = {
        "rows": json.dumps(rows, default=datetime.isoformat),
        "request": context.request_id.get(),
    }
    return [*await session.scalars(select(Invoice).from_statement(how), said)]


def _untouched(invoice: Invoice) -> bool:
    """Whether nobody has begun to pay it, and it is there to be paid."""
    return (invoice.kind, invoice.status, invoice.paid_minor) == ("invoice", "issued", 0)
