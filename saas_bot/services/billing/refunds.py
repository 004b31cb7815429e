"""Money that goes back: a whole payment each time, in steps that may be repeated.

`ask` takes the payment out of what it has paid, at once and for good. A worker then tells Telegram,
as often as it takes: it claims the refund for a while, calls, and confirms. What did not come in
Stars an operator sends back by hand. The functions need a system session.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, NotFound
from saas_bot.core.outage import backoff
from saas_bot.db.direct import driver_of
from saas_bot.db.models import Allocation, Invoice, Payment, Refund
from saas_bot.domain.actor import Account
from saas_bot.services import audit, companies
from saas_bot.services.billing import invoices, ledger, periods, settling
from saas_bot.services.billing.ledger import Entry
from saas_bot.services.billing.telling import News, tell_admins
from saas_bot.services.notifications import Kind

BY_SYSTEM: Final = "system"
BY_TELEGRAM: Final = "telegram"

LEASE: Final = timedelta(minutes=2)
"""How long a claimed refund is its worker's own; calling Telegram takes less."""

FIRST_PAUSE, LONGEST_PAUSE = 30.0, 6 * 3600.0
"""Seconds between two tries."""

MOST_REFUSALS: Final = 12
"""After so many tries a refund that Telegram refuses is given up, and left to the operators."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A refund that is ours to carry out until its lease ends; `attempt` counts from 1."""

    id: int
    charge_id: str
    payer_id: int
    attempt: int


async def ask(
    session: AsyncSession,
    who: Account,
    payment_id: int,
    reason: str,
    moment: datetime | None = None,
) -> Refund:
    """Have a payment go back, and take back what it paid for; its company is told.

    One that was given up is tried again.

    Raises:
        NotFound: there is no such payment, or the person doesn't run this deployment.
        Conflict: it has gone back, or is on its way.
    """
    who.need_operator()
    at = moment or now()
    payment = await _held(session, Payment.id == payment_id)
    if payment is None:
        raise NotFound("payment-not-found")
    if payment.status == "refunded":
        return await _again(session, payment, at)
    refund = await send_back(session, payment, reason, at, asked_by=who.name)
    await _tell(session, payment)
    if payment.company_id is not None:
        _record(session, who, payment, reason)
    return refund


async def send_back(
    session: AsyncSession,
    payment: Payment,
    reason: str,
    moment: datetime,
    *,
    asked_by: str = BY_SYSTEM,
) -> Refund:
    """The same by a rule, of a payment that is held and has not gone back; nobody is told."""
    await _take_back(session, payment, moment)
    amount = payment.amount_minor - payment.refunded_minor
    payment.refunded_minor += amount
    payment.status = "refunded"
    refund = Refund(
        company_id=payment.company_id,
        payment_id=payment.id,
        amount_minor=amount,
        reason=reason,
        asked_by=asked_by,
        created_at=moment,
        next_at=moment if payment.method == "stars" else None,
    )
    session.add(refund)
    await session.flush()
    of_it = (payment.company_id, ledger.Kind.REFUND, refund.id)
    await ledger.post(session, [Entry(*of_it, payment.currency, amount)], moment)
    return refund


_CLAIM: Final = """
    update refunds r set attempts = r.attempts + 1, next_at = $1::timestamptz + $2::interval
    from payments p
    where p.id = r.payment_id and r.id = (
        select id from refunds where status = 'pending' and next_at <= $1
        order by next_at, id limit 1 for update skip locked)
    returning r.id, p.charge_id, p.payer_id, r.attempts
    """


async def claim(session: AsyncSession, moment: datetime | None = None) -> Claimed | None:
    """Take the refund that is due first; None where none is."""
    rows = await driver_of(session).fetch(_CLAIM, moment or now(), LEASE)
    return Claimed(*rows[0]) if rows else None


async def confirm(session: AsyncSession, refund_id: int, moment: datetime | None = None) -> bool:
    """Note that the money is back with who paid; False where that was known."""
    done = await session.execute(
        update(Refund)
        .where(Refund.id == refund_id, Refund.status != "confirmed")
        .values(status="confirmed", confirmed_at=moment or now(), next_at=None, error=None)
        .returning(Refund.id)
    )
    return done.scalar_one_or_none() is not None


async def fail(
    session: AsyncSession,
    claimed: Claimed,
    error: str,
    moment: datetime | None = None,
    *,
    refused: bool,
) -> bool:
    """Note a try that came to nothing; gives whether it is given up.

    Only what Telegram has `refused` again and again is: what it may take later is tried until then.
    """
    given_up = refused and claimed.attempt >= MOST_REFUSALS
    pause = timedelta(seconds=backoff(claimed.attempt, first=FIRST_PAUSE, most=LONGEST_PAUSE))
    values: dict[str, Any] = {"error": error, "next_at": (moment or now()) + pause}
    if given_up:
        values = {"error": error, "next_at": None, "status": "failed"}
    await session.execute(
        update(Refund).where(Refund.id == claimed.id, Refund.status == "pending").values(values)
    )
    return given_up


async def returned(
    session: AsyncSession, charge_id: str, moment: datetime | None = None
) -> bool | None:
    """Telegram says that Stars are back with who paid, whoever asked for it.

    Gives whether that is news; None where the payment itself is not known yet.
    """
    at = moment or now()
    payment = await _held(session, Payment.method == "stars", Payment.charge_id == charge_id)
    if payment is None:
        return None
    refund = await _refund_of(session, payment)
    if refund is None:
        refund = await send_back(session, payment, "by telegram", at, asked_by=BY_TELEGRAM)
        await _tell(session, payment)
    return await confirm(session, refund.id, at)


async def sent_back(
    session: AsyncSession, who: Account, refund_id: int, moment: datetime | None = None
) -> None:
    """An operator has sent money back by hand.

    Raises:
        NotFound: there is no such refund, or the person doesn't run this deployment.
        Conflict: it is known already, or one in Stars, which goes back by itself.
    """
    who.need_operator()
    refund = await session.get(Refund, refund_id)
    payment = await session.get(Payment, refund.payment_id) if refund else None
    if payment is None:
        raise NotFound("payment-not-found")
    if payment.method == "stars" or not await confirm(session, refund_id, moment):
        raise Conflict("payment-goes-back-already")
    if payment.company_id is not None:
        audit.record_by_operator(
            session, who, payment.company_id, "refund.sent", "payment", payment.id
        )


async def _held(session: AsyncSession, *which: Any) -> Payment | None:
    """A payment, locked after its company and the invoices it has paid."""
    payment: Payment | None = await session.scalar(select(Payment).where(*which))
    if payment is None:
        return None
    if payment.company_id is not None:
        await companies.hold(session, payment.company_id)
    await _paid_by(session, payment)
    await session.refresh(payment, with_for_update={"key_share": True})
    return payment


async def _paid_by(session: AsyncSession, payment: Payment) -> Sequence[Invoice]:
    """The invoices that the payment settles, locked."""
    settled = (
        select(Allocation.invoice_id)
        .where(Allocation.payment_id == payment.id)
        .group_by(Allocation.invoice_id)
        .having(func.sum(Allocation.amount_minor) > 0)
    )
    query = select(Invoice).where(Invoice.id.in_(settled)).order_by(Invoice.id)
    locked = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return (await session.scalars(locked)).all()


async def _take_back(session: AsyncSession, payment: Payment, moment: datetime) -> None:
    """Take the payment out of its invoices: what they paid for ends, other money is credit."""
    for invoice in await _paid_by(session, payment):
        if invoice.status == "paid":
            note = await invoices.credit_note(session, invoice, moment)
            await settling.replace(session, invoice, note, moment)
            await periods.undo(session, invoice, moment)
        else:
            await settling.release(session, invoice, moment, only=payment)


async def _refund_of(session: AsyncSession, payment: Payment) -> Refund | None:
    query = select(Refund).where(Refund.payment_id == payment.id).order_by(Refund.id.desc())
    found: Refund | None = await session.scalar(query.limit(1))
    return found


async def _again(session: AsyncSession, payment: Payment, moment: datetime) -> Refund:
    refund = await _refund_of(session, payment)
    if refund is None or refund.status != "failed":
        raise Conflict("payment-goes-back-already")
    refund.status, refund.attempts, refund.next_at = "pending", 0, moment
    await session.flush()
    return refund


async def _tell(session: AsyncSession, payment: Payment) -> None:
    if payment.company_id is None:
        return
    invoice = await session.get(Invoice, payment.invoice_id) if payment.invoice_id else None
    said = {
        "payment_id": payment.id,
        "invoice_id": invoice.id if invoice else None,
        "number": invoice.number if invoice else None,
        "amount": payment.amount_minor,
        "currency": payment.currency,
    }
    await tell_admins(session, [News(payment.company_id, Kind.REFUNDED, said)])


def _record(session: AsyncSession, who: Account, payment: Payment, reason: str) -> None:
    after = {"amount": payment.amount_minor, "currency": payment.currency, "reason": reason}
    about = (payment.company_id or 0, "refund.asked", "payment", payment.id)
    audit.record_by_operator(session, who, *about, after=after)
