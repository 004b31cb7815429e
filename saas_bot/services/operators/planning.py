"""The plans as operators write them: one value at a time."""

from collections.abc import Callable
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Invalid, NotFound
from saas_bot.domain.actor import Account
from saas_bot.services.billing import plans
from saas_bot.services.billing.plans import Offer
from saas_bot.services.operators import values

_READ: Final[dict[str, Callable[[str, Offer], str | int | None]]] = {
    "name": lambda text, _: text,
    "seats": lambda text, _: values.limit(text),
    "projects": lambda text, _: values.limit(text),
    "storage_bytes": lambda text, _: values.size(text),
    "price_stars": lambda text, _: values.whole(text),
    "price_minor": lambda text, plan: values.money(text, plan.currency),
}
"""How what is written for a value is read."""

FIELDS: Final = tuple(_READ)

CURRENCY: Final = "EUR"
"""That of a plan for which none is written."""


async def one(session: AsyncSession, operator: Account, plan_id: int) -> Offer:
    """A plan.

    Raises:
        NotFound: there is none such, or for anybody but operators.
    """
    for plan in await plans.every(session, operator):
        if plan.id == plan_id:
            return plan
    raise NotFound("op-no-plan")


async def begin(session: AsyncSession, operator: Account, text: str) -> int:
    """Another plan by its code, and perhaps currency; gives its id.

    It is not offered until an operator has given it its limits and prices, and says so.

    Raises:
        NotFound: for anybody but operators.
        Invalid: the code or the currency has the wrong shape.
        Conflict: there is a plan of that code.
    """
    operator.need_operator()
    code, *rest = text.split() or [""]
    if len(rest) > 1:
        raise Invalid("plan-code")
    currency = rest[0] if rest else CURRENCY
    name = code.capitalize() or "?"
    plan = await plans.create(session, operator, code=code, name=name, currency=currency)
    await plans.retire(session, operator, plan.id)
    return plan.id


async def write(
    session: AsyncSession, operator: Account, plan_id: int, what: str, text: str
) -> None:
    """Set one of the `FIELDS` of a plan to what is written.

    Raises:
        NotFound: there is no such plan, or for anybody but operators.
        Invalid: it can't be read, or is out of bounds; or there is nothing of that name.
    """
    operator.need_operator()
    if what not in _READ:
        raise Invalid("stale-button")
    plan = await one(session, operator, plan_id)
    await plans.edit(session, operator, plan.id, what, _READ[what](text, plan))
