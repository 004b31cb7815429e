"""The numbers of people: which one each was to join the company, counting from 1.

Ids are counted over all companies, so they would tell how many people the others have.
"""

from sqlalchemy import ColumnElement, Integer, Label, ScalarSelect, bindparam, case, func, select
from sqlalchemy.orm import aliased

from saas_bot.db.models import User


def number() -> ScalarSelect[int]:
    """The number of a user. It stays, since nobody's row is deleted while the company is there."""
    earlier = aliased(User)
    return (
        select(func.count())
        .where(earlier.company_id == User.company_id, earlier.id <= User.id)
        .correlate(User)
        .scalar_subquery()
    )


def number_if_nameless() -> Label[int | None]:
    """The same as a column `number`, for those without a username only: others don't need one."""
    return case((User.username.is_(None), number())).label("number")


def is_number(parameter: str) -> ColumnElement[bool]:
    """That a user has the number which the parameter gives; nobody has 0."""
    wanted = bindparam(parameter, type_=Integer())
    anyone = aliased(User)
    nth = (
        select(anyone.id)
        .where(wanted > 0)
        .order_by(anyone.company_id, anyone.id)
        .offset(func.greatest(wanted - 1, 0))
        .limit(1)
        .scalar_subquery()
    )
    return User.id == nth
