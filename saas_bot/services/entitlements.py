"""What the company's plan allows, checked by one guard at every way of adding."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import LimitReached
from saas_bot.services import companies

# A running subscription decides; else a running trial; else the free plan.
_PLAN = text("""
    select p.name, p.seats, p.projects,
        (select count(*) from users u
         where u.company_id = :company and u.status = 'active') as used_seats,
        (select count(*) from projects j
         where j.company_id = :company and j.status = 'active') as used_projects
    from plans p
    where p.id = coalesce(
        (select s.plan_id from subscriptions s
         where s.company_id = :company and s.status in ('active', 'past_due')),
        (select t.plan_id from trials t where t.company_id = :company and t.ends_at > now()),
        (select f.id from plans f where f.code = 'free')
    )
    """)


@dataclass(frozen=True, slots=True)
class Seats:
    """How many seats of the plan are taken, and how many it has (None: as many as one likes)."""

    plan: str
    used: int
    limit: int | None

    @property
    def full(self) -> bool:
        """Whether nobody else can come in."""
        return self.limit is not None and self.used >= self.limit


async def seats(session: AsyncSession, company_id: int) -> Seats:
    """The seats of the company now."""
    plan = (await session.execute(_PLAN, {"company": company_id})).mappings().one()
    return Seats(plan["name"], plan["used_seats"], plan["seats"])


async def guard(session: AsyncSession, company_id: int, what: str, *, held: bool = False) -> None:
    """Pass if the plan has room for one more of `what` (`seats` or `projects`).

    The company's row stays locked till the end of the transaction, so that two who come at once are
    counted one after the other; `held` says that it is locked already.

    Raises:
        LimitReached: it has not; the error says the limit and the plan.
    """
    if not held:
        await companies.hold(session, company_id)
    plan = (await session.execute(_PLAN, {"company": company_id})).mappings().one()
    limit: int | None = plan[what]
    if limit is not None and plan[f"used_{what}"] >= limit:
        raise LimitReached(f"limit-{what}", limit=limit, plan=plan["name"])
