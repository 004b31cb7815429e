"""What the company's plan allows, checked by one guard at every way of adding."""

from sqlalchemy import ColumnElement, func, select, text
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

_COUNTED: dict[str, tuple[str, ColumnElement[bool]]] = {
    "seats": ("users", User.status == "active"),
    "projects": ("projects", Project.status == "active"),
}
_MODELS = {"users": User, "projects": Project}


async def guard(session: AsyncSession, company_id: int, what: str) -> None:
    """Pass if the plan has room for one more of `what` (`seats` or `projects`).

    The company's row stays locked till the end of the transaction, so that two who come at once are counted
    one after the other.

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
    table, condition = _COUNTED[what]
    model = _MODELS[table]
    used = await session.scalar(
        select(func.count()).select_from(model).where(model.company_id == company_id, condition)
    )
    if (used or 0) >= limit:
        raise LimitReached(f"limit-{what}", limit=limit, plan=plan.name)
