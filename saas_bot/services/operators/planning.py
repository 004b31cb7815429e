"""The plans as operators write them: one value at a time."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Invalid, NotFound
from saas_bot.db.direct import driver_of
from saas_bot.domain.actor import Account
from saas_bot.services.billing import plans
from saas_bot.services.billing.plans import LIMITS, PRICES, Offer
from saas_bot.services.entitlements import HOLDS
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

CAP: Final = 1_000
"""Companies that have more than a limit allows are counted up to here."""

_MORE: Final = {
    "seats": """select company_id from users where status = 'active'
        group by company_id having count(*) > $2""",
    "projects": """select company_id from projects where status = 'active'
        group by company_id having count(*) > $2""",
    "storage_bytes": "select company_id from storage_usage where bytes > $2",
}
_BEYOND: Final = """
    select count(*) from (
        select from ({more}) m join companies c on c.id = m.company_id
        where c.deleted_at is null and {holds} = $1 limit $3) one
    """


@dataclass(frozen=True, slots=True)
class Change:
    """A value of a plan as it is to be; `beyond` companies have more now than it allows."""

    plan: Offer
    what: str
    value: str | int | None
    beyond: int = 0

    @property
    def before(self) -> str | int | None:
        """The value as it is."""
        was: str | int | None = getattr(self.plan, self.what)
        return was

    @property
    def asks(self) -> bool:
        """Whether companies that have the plan would have less of it, or pay another price."""
        return bool(self.plan.companies) and (
            self.lowers or (self.what in PRICES and self.value != self.before)
        )

    @property
    def lowers(self) -> bool:
        """Whether it is a limit, lower than it was."""
        if self.what not in LIMITS or not isinstance(self.value, int):
            return False
        return not isinstance(self.before, int) or self.value < self.before

    @property
    def mark(self) -> int:
        """That of a change from another value differs."""
        return zlib.crc32(repr(self.before).encode())


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


async def read(
    session: AsyncSession, operator: Account, plan_id: int, what: str, text: str
) -> Change:
    """What is written for one of the `FIELDS` of a plan; nothing is changed yet.

    Raises:
        NotFound: there is no such plan, or for anybody but operators.
        Invalid: it can't be read, or is out of bounds; or there is nothing of that name.
    """
    operator.need_operator()
    if what not in _READ:
        raise Invalid("stale-button")
    plan = await one(session, operator, plan_id)
    value = _READ[what](text, plan)
    fits = value if what == "name" else plans.checked(what, value)
    return await _change(session, plan, what, fits)


async def change(
    session: AsyncSession, operator: Account, plan_id: int, what: str, value: int
) -> Change:
    """What it comes to if a limit or a price of a plan is set to this.

    Raises:
        NotFound: there is no such plan, or for anybody but operators.
        Invalid: it is out of bounds; or there is nothing of that name.
    """
    plan = await one(session, operator, plan_id)
    return await _change(session, plan, what, plans.checked(what, value))


async def write(session: AsyncSession, operator: Account, change: Change) -> Offer:
    """Carry it out; gives the plan as it is then.

    Raises:
        NotFound: there is no such plan, or for anybody but operators.
        Invalid: a name is too long.
    """
    await plans.edit(session, operator, change.plan.id, change.what, change.value)
    return await one(session, operator, change.plan.id)


async def _change(session: AsyncSession, plan: Offer, what: str, value: str | int | None) -> Change:
    asked = Change(plan, what, value)
    if not (asked.asks and asked.lowers):
        return asked
    query = _BEYOND.format(more=_MORE[what], holds=HOLDS.format(moment="now()"))
    (row,) = await driver_of(session).fetch(query, plan.id, value, CAP)
    return replace(asked, beyond=row["count"])
