"""A transfer that comes when its invoice is void: it begins what it was sent for all the same.

The function needs a system session.
"""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.models import Invoice, Plan
from saas_bot.services.billing import subscriptions
from saas_bot.services.billing.details import Seller
from saas_bot.services.billing.holding import Held
from saas_bot.services.billing.invoices import Draft

_LATE: Final = frozenset({"not-paid", "replaced", "subscription-ended"})
"""Why an invoice is void that somebody pays all the same; others were called off."""


async def begin(session: AsyncSession, held: Held, late: Invoice, seller: Seller) -> Invoice | None:
    """Write a void invoice anew, at the price of today, and settle it from the company's credit.

    None where there is no need: something runs, or waits to be paid; or where it can't be: the plan
    is not sold so any more, or the company has called it off itself. Then the money stays credit.
    """
    if held.deleted or held.subscription or held.invoice or late.void_reason not in _LATE:
        return None
    plan = await session.get_one(Plan, late.plan_id)
    sold = plan.retired_at is None and subscriptions.sold_in(plan, late.currency)
    if late.purpose == "upgrade" or not sold:
        return None
    pending = await subscriptions.pend(session, held, plan)
    held.has_credit = True
    about = (held.company_id, plan, "start", late.currency, pending.id)
    draft = Draft(*about, begins=held.begins(plan.id))
    return await subscriptions.write(session, held, draft, seller)
