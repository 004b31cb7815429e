"""Finding a task in another company of the person's."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import NotFound
from saas_bot.db.models import Task, User
from saas_bot.db.tenancy import narrow
from saas_bot.domain.actor import Actor
from saas_bot.services import accounts
from saas_bot.services.tasks.reading import card


async def company_of(session: AsyncSession, here: Actor, task_id: int) -> Actor | None:
    """The person in that other company in which they may see the task; None where there is none.

    It needs a system session, which it narrows.
    """
    person = here.account.telegram_id
    found = await session.scalar(
        select(Task.company_id)
        .join(User, User.company_id == Task.company_id)
        .where(
            Task.id == task_id,
            Task.company_id != here.company_id,
            User.telegram_id == person,
            User.status == "active",
        )
    )
    member = await accounts.member_of(session, person, found) if found is not None else None
    there = member[1] if member else None
    if there is None:
        return None
    await narrow(session, there.company_id)
    try:
        await card(session, there, task_id)
    except NotFound:
        return None
    return there
