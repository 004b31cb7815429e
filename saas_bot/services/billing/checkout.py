"""Before a payment: what Telegram is given with an invoice, and whether it may be paid now.

The functions need a system session.
"""

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, Forbidden, NotFound
from saas_bot.db.direct import driver_of
from saas_bot.db.models import Invoice
from saas_bot.domain.permissions import Permission, Role, may


def payload_of(invoice_id: int, number: str, language: str) -> str:
    """What Telegram is given with an invoice, and gives back with its payment.

    `language` is that of the person who asked for it, for an answer without the database.
    """
    return f"{invoice_id}:{number}:{language}"


@dataclass(frozen=True, slots=True)
class Paid:
    """A payload taken apart."""

    invoice_id: int
    number: str
    language: str


def parse_payload(payload: str) -> Paid | None:
    """The parts of a payload; None for one that is not ours."""
    match payload.split(":"):
        case [invoice_id, number, language] if invoice_id.isascii() and invoice_id.isdigit():
            if len(invoice_id) <= 18:
                return Paid(int(invoice_id), number, language)
    return None


async def named(session: AsyncSession, payload: str) -> int | None:
    """The invoice that a payload names by id and number; None where there is none like it."""
    paid = parse_payload(payload)
    if paid is None:
        return None
    query = select(Invoice.id).where(Invoice.id == paid.invoice_id, Invoice.number == paid.number)
    found: int | None = await session.scalar(query)
    return found


def need_payable(invoice: Any, moment: datetime | None = None) -> None:
    """Pass if an invoice can be paid now.

    Raises:
        Conflict: it is void or paid already, its time is over, or it is a credit note.
    """
    if invoice.status == "paid":
        raise Conflict("invoice-paid-already")
    late = not invoice.paid_minor and invoice.due_at <= (moment or now())
    if invoice.status != "issued" or invoice.kind != "invoice" or late:
        raise Conflict("invoice-closed")


_CHECK: Final = """
    select i.status, i.kind, i.number, i.currency, i.due_at, i.paid_minor, i.amount_minor, u.role
    from invoices i
    join companies c on c.id = i.company_id and c.deleted_at is null
    join users u on u.company_id = c.id and u.telegram_id = $2 and u.status = 'active'
    where i.id = $1
    """


async def check(
    session: AsyncSession,
    telegram_id: int,
    payload: str,
    currency: str,
    amount: int,
    moment: datetime | None = None,
) -> None:
    """Pass if this person may pay so much for the invoice that the payload names, as it is now.

    Raises:
        NotFound: there is no such invoice, its company is deleted, or they are not in it.
        Forbidden: they don't pay the bills there.
        Conflict: it is void or paid already, its time is over, or the sum is another one now.
    """
    paid = parse_payload(payload)
    rows = await driver_of(session).fetch(_CHECK, paid.invoice_id, telegram_id) if paid else []
    if paid is None or not rows or rows[0]["number"] != paid.number:
        raise NotFound("invoice-not-found")
    (row,) = rows
    if not may(Role(row["role"]), Permission.BILLING):
        raise Forbidden("not-allowed")
    need_payable(SimpleNamespace(**row), moment)
    if (row["currency"], row["amount_minor"] - row["paid_minor"]) != (currency, amount):
        raise Conflict("invoice-changed")
