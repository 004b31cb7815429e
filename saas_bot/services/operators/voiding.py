"""Open invoices that an operator withdraws, as when they are made out to the wrong one."""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, NotFound
from saas_bot.db.models import Invoice
from saas_bot.domain import limits
from saas_bot.domain.actor import Account
from saas_bot.domain.billing import Event, Status, after
from saas_bot.services import audit
from saas_bot.services.billing import invoices, settling
from saas_bot.services.billing.holding import Held, hold
from saas_bot.services.billing.telling import News, tell_admins
from saas_bot.services.notifications import Kind

REASON: Final = 200
"""Characters of the reason, which the company's admins read."""


async def void(
    session: AsyncSession,
    operator: Account,
    invoice_id: int,
    reason: str,
    moment: datetime | None = None,
) -> Invoice:
    """Withdraw an open invoice; its company is told why.

    What is paid of it is credit again. Who has only asked for a first month has no plan on the way
    any more; a renewal may be asked for anew.

    Raises:
        NotFound: there is no such invoice, or for anybody but operators.
        Invalid: there is no reason, or it is too long.
        Conflict: it is paid or void already, or its company is gone for good.
    """
    operator.need_operator()
    reason = limits.line(reason, REASON, "reason")
    invoice = await session.get(Invoice, invoice_id)
    if invoice is None or invoice.kind != "invoice":
        raise NotFound("op-no-invoice")
    if invoice.company_id is None:
        raise Conflict("invoice-not-open")
    held = await hold(session, invoice.company_id, moment or now())
    await session.refresh(invoice, with_for_update={"key_share": True})
    if invoice.status != "issued":
        raise Conflict("invoice-not-open")
    await settling.release(session, invoice, held.moment)
    await invoices.void(session, held.company_id, [invoice.id], reason, held.moment)
    _abandon(held, invoice)
    said = {"number": invoice.number, "reason": reason}
    audit.record_by_operator(
        session, operator, held.company_id, "invoice.voided", "invoice", invoice.id, after=said
    )
    told = {**settling.about(invoice), "reason": reason}
    await tell_admins(session, [News(held.company_id, Kind.INVOICE_VOIDED, told)])
    return invoice


def _abandon(held: Held, invoice: Invoice) -> None:
    one = held.subscription
    if one and one.id == invoice.subscription_id and one.status == Status.PENDING:
        one.status = after(Status.PENDING, Event.ABANDONED)
        one.ended_at, one.next_at = held.moment, None
