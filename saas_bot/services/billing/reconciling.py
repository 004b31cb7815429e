"""Telegram's list of Star transactions against our payments and refunds.

What was missed is made up for; what can't be is told. The functions need a system session, but for
`Comparison`, which is filled with what they give.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.direct import driver_of
from saas_bot.db.models import Payment, Refund
from saas_bot.domain.billing import STARS
from saas_bot.services.billing import checkout, payments, refunds
from saas_bot.services.billing.payments import Charge, Method


class Kind(StrEnum):
    """In what Telegram and we differ."""

    PAYMENT_MISSED = "payment_missed"
    """Telegram has a payment of which we knew nothing: it is received now."""
    REFUND_MISSED = "refund_missed"
    """Stars have gone back, which we did not know: it is noted now."""
    AMOUNT = "amount"
    """We have the payment with another amount."""
    PAYMENT_UNKNOWN = "payment_unknown"
    """We have a payment that Telegram does not list."""
    REFUND_UNKNOWN = "refund_unknown"
    """We took a refund for done that Telegram does not list."""
    REFUND_FAILED = "refund_failed"
    """A refund was given up."""
    NOT_MENDED = "not_mended"
    """Taking in what was missed has failed; it is tried again by the next comparison."""


MENDED: Final = frozenset({Kind.PAYMENT_MISSED, Kind.REFUND_MISSED})


@dataclass(frozen=True, slots=True)
class Transaction:
    """A payment in Stars, or Stars that went `back`, as Telegram lists it."""

    charge_id: str
    payer_id: int
    amount: int
    at: datetime
    payload: str
    back: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that differs, by the id of its charge, and what there is to say of it."""

    kind: Kind
    charge_id: str
    detail: str


@dataclass(slots=True)
class Seen:
    """What Telegram has listed, by the ids of charges."""

    paid: set[str] = field(default_factory=set)
    back: set[str] = field(default_factory=set)


async def known(session: AsyncSession) -> int:
    """How many transactions Telegram has at least, by what we know."""
    ((count,),) = await driver_of(session).fetch(_KNOWN)
    return int(count)


_KNOWN: Final = """
    select (select count(*) from payments where method = 'stars')
         + (select count(*) from refunds r join payments p on p.id = r.payment_id
            where p.method = 'stars' and r.status = 'confirmed')
    """


async def differing(
    session: AsyncSession, listed: Sequence[Transaction]
) -> list[tuple[Transaction, Kind]]:
    """Those of a page of transactions that we don't know, or know otherwise, in their order."""
    ids = {one.charge_id for one in listed}
    of_stars = (Payment.method == Method.STARS.value, Payment.charge_id.in_(ids))
    query = select(Payment.charge_id, Payment.amount_minor, Payment.id).where(*of_stars)
    ours = {charge_id: (amount, id_) for charge_id, amount, id_ in await session.execute(query)}
    confirmed = set(
        await session.scalars(
            select(Payment.charge_id)
            .join(Refund, Refund.payment_id == Payment.id)
            .where(*of_stars, Refund.status == "confirmed")
        )
    )
    found = []
    for one in listed:
        if one.back:
            if one.charge_id not in confirmed:
                found.append((one, Kind.REFUND_MISSED))
        elif one.charge_id not in ours:
            found.append((one, Kind.PAYMENT_MISSED))
        elif ours[one.charge_id][0] != one.amount:
            found.append((one, Kind.AMOUNT))
    return found


async def mend(
    session: AsyncSession, one: Transaction, kind: Kind, moment: datetime | None = None
) -> Difference | None:
    """Take in what was missed; None where it has come meanwhile. What can't be mended is told."""
    if kind is Kind.AMOUNT:
        return Difference(kind, one.charge_id, f"Telegram has {one.amount}")
    if kind is Kind.REFUND_MISSED:
        news = await refunds.returned(session, one.charge_id, moment)
        if news is None:
            await _receive(session, one, moment)
            news = await refunds.returned(session, one.charge_id, moment)
        return Difference(kind, one.charge_id, f"{one.amount} Stars") if news else None
    outcome = await _receive(session, one, moment)
    if outcome.repeated:
        return None
    number = outcome.invoice.number if outcome.invoice else "no invoice of ours"
    return Difference(kind, one.charge_id, f"{one.amount} Stars for {number}: {outcome.status}")


async def _receive(
    session: AsyncSession, one: Transaction, moment: datetime | None
) -> payments.Outcome:
    invoice_id = await checkout.named(session, one.payload)
    about = (Method.STARS, one.charge_id, None, one.payer_id, invoice_id, STARS, one.amount)
    return await payments.receive(session, Charge(*about), moment)


_UNLISTED: Final = """
    select p.id, p.charge_id, p.amount_minor,
           exists (select from refunds r where r.payment_id = p.id and r.status = 'confirmed'
                   and r.confirmed_at < $2) as back,
           exists (select from refunds r where r.payment_id = p.id and r.status = 'failed')
               as failed
    from payments p
    where p.method = 'stars' and p.id > $1 and p.paid_at < $2
    order by p.id limit 1000
    """


async def unlisted(
    session: AsyncSession, after: int, before: datetime, seen: Seen
) -> tuple[int | None, list[Difference]]:
    """What we have from before a moment that Telegram has not listed, a page of payments at a time.

    Gives where the next page begins; None at the end.
    """
    rows: list[Any] = await driver_of(session).fetch(_UNLISTED, after, before)
    found = []
    for row in rows:
        charge_id, stars = row["charge_id"], f"{row['amount_minor']} Stars"
        if charge_id not in seen.paid:
            found.append(Difference(Kind.PAYMENT_UNKNOWN, charge_id, stars))
        if row["back"] and charge_id not in seen.back:
            found.append(Difference(Kind.REFUND_UNKNOWN, charge_id, stars))
        if row["failed"]:
            found.append(Difference(Kind.REFUND_FAILED, charge_id, stars))
    return (rows[-1]["id"] if rows else None), found
