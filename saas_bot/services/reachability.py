"""Whom our messages reach: not those who have blocked the bot.

That is known of accounts, which are of no company: these functions need a system session, and
narrow it to the actor's company.
"""

from typing import Final

from sqlalchemy import BigInteger, ColumnElement, bindparam, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.direct import Built
from saas_bot.db.models import AccountRow, User
from saas_bot.db.tenancy import narrow
from saas_bot.domain.actor import Actor

MOST: Final = 1000
"""Of so many of a company it is told at most."""


def _blocked(*more: ColumnElement[bool]) -> Built:
    return Built(
        select(User.id)
        .join(AccountRow, AccountRow.telegram_id == User.telegram_id)
        .where(
            User.company_id == bindparam("company", type_=BigInteger()),
            User.status == literal_column("'active'"),
            AccountRow.blocked_at.is_not(None),
            *more,
        )
        .limit(literal_column(str(MOST)))
    )


_ALL = _blocked()
_ONE = _blocked(User.id == bindparam("user", type_=BigInteger()))


async def deaf(session: AsyncSession, actor: Actor) -> frozenset[int]:
    """The active members of the actor's company who have blocked the bot."""
    rows = await _ALL.all(session, company=actor.company_id)
    await narrow(session, actor.company_id)
    return frozenset(row.id for row in rows)


async def is_deaf(session: AsyncSession, actor: Actor, user_id: int) -> bool:
    """Whether that member is one of them."""
    row = await _ONE.one_or_none(session, company=actor.company_id, user=user_id)
    await narrow(session, actor.company_id)
    return row is not None
