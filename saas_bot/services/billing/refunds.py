"""Money that goes back: a whole payment each time, in steps that may be repeated.

`ask` takes the payment out of what it has paid, at once and for good. A worker then tells Telegram,
as often as it takes: it claims the refund for a while, calls, and confirms. What did not come in
Stars an operator sends back by hand. A transfer that was only noted wrongly is taken out likewise,
and no money goes anywhere. The functions need a system session.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, NotFound
from saas_bot.core.outage import backoff
from saas_bot.db.direct import driver_of
from saas_bot.db.models import Allocation, Invoice, Payment, Refund, SubscriptionPeriod
from saas_bot.domain.actor import Account
from saas_bot.services import audit, companies
from saas_bot.services.billing import invoices, ledger, periods, settling
from saas_bot.services.billing.ledger import Entry
from saas_bot.services.billing.telling import News, tell_admins
from saas_bot.services.notifications import Kind

BY_SYSTEM: Final = "system"
BY_TELEGRAM: Final = "telegram"

NOTED_WRONGLY: Final = "noted wrongly"
"""Why a transfer is taken out that no money goes back for."""

CREDITED: Final = "credited"
"""The flag of a payment that Telegram gave back, though a better plan was paid with part of it."""

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
        Conflict: it has gone back, or is on its way; or the unused part of what it paid for was
            credited to a better plan, whose payment has to go back first.
    """
    at = moment or now()
    payment, settled = await _asked_for(session, who, payment_id)
    if payment.refunded_minor:
        return await _again(session, payment, at)
    await _need_uncredited(session, settled)
    await _take_back(session, payment, settled, at)
    refund = await _gone(session, payment, reason, at, who.name, "refunded")
    await _tell(session, payment)
    _record(session, who, payment, "refund.asked", reason)
    return refund


async def annul(
    session: AsyncSession, who: Account, payment_id: int, moment: datetime | None = None
) -> None:
    """Take out a transfer that was noted wrongly, as if it had never come; its company is told.

    What it paid for ends, as when it goes back. Its reference is free again, to be noted rightly.

    Raises:
        NotFound: there is no such payment, or the person doesn't run this deployment.
        Conflict: it is no transfer, has gone back or is on its way; or a better plan was paid with
            part of it, as in `ask`.
    """
    at = moment or now()
    payment, settled = await _asked_for(session, who, payment_id)
    if payment.method != "bank" or payment.refunded_minor:
        raise Conflict("payment-not-to-annul")
    await _need_uncredited(session, settled)
    await _take_back(session, payment, settled, at)
    reference = payment.charge_id
    payment.charge_id = f"{reference} #{payment.id}"
    refund = await _gone(session, payment, NOTED_WRONGLY, at, who.name, "annulled")
    await confirm(session, refund.id, at)
    await _tell(session, payment, annulled=True)
    _record(session, who, payment, "payment.annulled", reference)


async def send_back(
    session: AsyncSession, payment: Payment, reason: str, moment: datetime
) -> Refund:
    """The same by a rule, of a payment that is held and settles nothing; nobody is told."""
    return await _gone(session, payment, reason, moment, BY_SYSTEM, "refunded")


async def _gone(
    session: AsyncSession,
    payment: Payment,
    reason: str,
    moment: datetime,
    asked_by: str,
    status: str,
) -> Refund:
    """Write that all of a payment goes back, which settles nothing any more."""
    amount = payment.amount_minor
    payment.refunded_minor, payment.status = amount, status
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
    held = await _held(session, Payment.method == "stars", Payment.charge_id == charge_id)
    if held is None:
        return None
    payment, settled = held
    refund = await _refund_of(session, payment)
    if refund is None:
        credited = await _better_plan(session, settled)
        await _take_back(session, payment, settled, at)
        status = "refunded"
        if credited:
            status, payment.flag = "flagged", CREDITED
        refund = await _gone(session, payment, "by telegram", at, BY_TELEGRAM, status)
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
    audit.record_by_operator(session, who, payment.company_id, "refund.sent", "payment", payment.id)


async def _asked_for(
    session: AsyncSession, who: Account, payment_id: int
) -> tuple[Payment, Sequence[Invoice]]:
    who.need_operator()
    held = await _held(session, Payment.id == payment_id)
    if held is None:
        raise NotFound("payment-not-found")
    return held


async def _held(session: AsyncSession, *which: Any) -> tuple[Payment, Sequence[Invoice]] | None:
    """A payment and the invoices it settles, locked after its company and before itself."""
    payment: Payment | None = await session.scalar(select(Payment).where(*which))
    if payment is None:
        return None
    if payment.company_id is not None:
        await companies.hold(session, payment.company_id)
    settled = await _paid_by(session, payment)
    await session.refresh(payment, with_for_update={"key_share": True})
    return payment, settled


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


async def _take_back(
    session: AsyncSession, payment: Payment, settled: Sequence[Invoice], moment: datetime
) -> None:
    """Take the payment out of its invoices: what they paid for ends, other money is credit."""
    for invoice in settled:
        if invoice.status == "paid":
            note = await invoices.credit_note(session, invoice, moment)
            await settling.replace(session, invoice, note, moment)
            await periods.undo(session, invoice, moment)
        else:
            await settling.release(session, invoice, moment, only=payment)


_replaced, _better, _note = (
    aliased(SubscriptionPeriod),
    aliased(SubscriptionPeriod),
    aliased(Invoice),
)


async def _better_plan(session: AsyncSession, settled: Sequence[Invoice]) -> str | None:
    """The invoice of a better plan that took off what was unused of these, if it stands."""
    query = (
        select(Invoice.number)
        .join(_better, _better.invoice_id == Invoice.id)
        .join(_replaced, _replaced.replaced_by_id == _better.id)
        .outerjoin(_note, _note.corrects_id == Invoice.id)
        .where(_replaced.invoice_id.in_([one.id for one in settled]), _note.id.is_(None))
    )
    found: str | None = await session.scalar(query.limit(1)) if settled else None
    return found


async def _need_uncredited(session: AsyncSession, settled: Sequence[Invoice]) -> None:
    number = await _better_plan(session, settled)
    if number is not None:
        raise Conflict("refund-better-plan-first", number=number)


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


async def _tell(session: AsyncSession, payment: Payment, *, annulled: bool = False) -> None:
    if payment.company_id is None:
        return
    invoice = await session.get(Invoice, payment.invoice_id) if payment.invoice_id else None
    said = {
        "payment_id": payment.id,
        "invoice_id": invoice.id if invoice else None,
        "number": invoice.number if invoice else None,
        "amount": payment.amount_minor,
        "currency": payment.currency,
        "annulled": annulled,
    }
    await tell_admins(session, [News(payment.company_id, Kind.REFUNDED, said)])


def _record(
    session: AsyncSession, who: Account, payment: Payment, action: str, reason: str
) -> None:
    after = {"amount": payment.amount_minor, "currency": payment.currency, "reason": reason}
    about = (payment.company_id, action, "payment", payment.id)
    audit.record_by_operator(session, who, *about, after=after)
