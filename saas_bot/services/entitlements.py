"""What the company's plan allows, checked by one guard at every way of adding."""

from collections.abc import Callable

from sqlalchemy import Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import LimitReached
from saas_bot.db.models import Company, Plan, Project, User

# A running subscription decides; else a running trial; else the free plan.
_PLAN = text("""
    select coalesce(
        (select s.plan_id from subscriptions s
         where s.company_id = :company and s.status in ('active', 'past_due')),
        (select t.plan_id from trials t where t.company_id = :company and t.ends_at > now()),
        (select p.id from plans p where p.code = 'free')
    )
    """)

_COUNTED: dict[str, Callable[[int], Select[int]]] = {
    "seats": lambda company_id: select(func.count(User.id)).where(
        User.company_id == company_id, User.status == "active"
    ),
    "projects": lambda company_id: select(func.count(Project.id)).where(
        Project.company_id == company_id, Project.status == "active"
    ),
}


async def guard(session: AsyncSession, company_id: int, what: str) -> None:
    """Pass if the plan has room for one more of `what` (`seats` or `projects`).

    The company's row stays locked till the end of the transaction, so that two who come at once are
    counted one after the other.

    Raises:
        LimitReached: it has not; the error says the limit and the plan.
    """
    await session.execute(
        select(Company.id).where(Company.id == company_id).with_for_update(key_share=True)
    )
    plan_id = (await session.execute(_PLAN, {"company": company_id})).scalar_one()
    plan = (await session.execute(select(Plan).where(Plan.id == plan_id))).scalar_one()
    limit: int | None = getattr(plan, what)
    if limit is None:
        return
    used = (await session.execute(_COUNTED[what](company_id))).scalar_one()
    if used >= limit:
        raise LimitReached(f"limit-{what}", limit=limit, plan=plan.name)
