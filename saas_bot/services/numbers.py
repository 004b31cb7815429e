"""The numbers of people: which one each was to join the company, counting from 1.

Ids are counted over all companies, so they would tell how many people the others have.
"""

from sqlalchemy import (
    ColumnElement,
    Integer,
    Label,
    ScalarSelect,
    Text,
    bindparam,
    case,
    cast,
    false,
    func,
    literal_column,
    select,
)
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


def has_namesake(*, everywhere: bool = True) -> Label[bool]:
    """Whether somebody else of the company has the name of a user, as a column `shared`.

    Who does not see `everywhere` is not told: the namesake may be out of their reach.
    """
    if not everywhere:
        return false().label("shared")
    other = aliased(User)
    return (
        select(other.id)
        .where(
            other.company_id == User.company_id,
            other.id != User.id,
            other.status != literal_column("'left'"),
            func.lower(other.name) == func.lower(User.name),
        )
        .correlate(User)
        .exists()
        .label("shared")
    )


def version(table: str = "users") -> Label[str]:
    """What differs after every change of a row, as a column `version`.

    It is the transaction that wrote the row (PostgreSQL: system columns).
    """
    return cast(literal_column(f"{table}.xmin"), Text).label("version")


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
