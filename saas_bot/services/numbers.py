"""The numbers of people: which one each was to join the company, counting from 1.

Ids are counted over all companies, so they would tell how many people the others have.
"""

from collections.abc import Sequence

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
    null,
    select,
)
from sqlalchemy.orm import aliased

from saas_bot.db.models import User


def number(user: type[User] = User) -> ScalarSelect[int]:
    """The number of a user. It stays, since nobody's row is deleted while the company is there."""
    earlier = aliased(User)
    return (
        select(func.count())
        .where(earlier.company_id == user.company_id, earlier.id <= user.id)
        .correlate(user)
        .scalar_subquery()
    )


def number_if_nameless() -> Label[int | None]:
    """The same as a column `number`, for those without a username only: others don't need one."""
    return case((User.username.is_(None), number())).label("number")


def has_namesake(user: type[User] = User, *, everywhere: bool = True) -> Label[bool]:
    """Whether somebody else of the company has the name of a user, as a column `shared`.

    Who does not see `everywhere` is not told: the namesake may be out of their reach.
    """
    if not everywhere:
        return false().label("shared")
    other = aliased(User)
    return (
        select(other.id)
        .where(
            other.company_id == user.company_id,
            other.id != user.id,
            other.status != literal_column("'left'"),
            func.lower(other.name) == func.lower(user.name),
        )
        .correlate(user)
        .exists()
        .label("shared")
    )


def _is_shared_name(user: type[User]) -> ColumnElement[bool]:
    """The same within one company's session, by one look at all its names: for many users."""
    other = aliased(User)
    name = func.lower(other.name)
    shared = select(name).where(other.status != literal_column("'left'")).group_by(name)
    return func.lower(user.name).in_(shared.having(func.count() > literal_column("1")))


def sign(
    user: type[User] = User, *, everywhere: bool = True, of_many: bool = False
) -> ColumnElement[str | None]:
    """What tells a user from others of the same name, as `sign_of` has it; null of any other."""
    if not everywhere:
        return cast(null(), Text)
    shared = _is_shared_name(user) if of_many else has_namesake(user).element
    at: ColumnElement[str] = literal_column("'@'", Text())
    no: ColumnElement[str] = literal_column("'№'", Text())
    handle = func.coalesce(at + user.username, no + cast(number(user), Text))
    return case((shared, handle))


def sign_of(username: str | None, number: int | None) -> str:
    """What only one person of the company has: their @username, else their number."""
    return f"@{username}" if username else f"№{number}"


def with_sign(name: str, sign: str | None) -> str:
    """A name with what tells namesakes apart, if that is needed."""
    return f"{name} ({sign})" if sign else name


def version(table: str = "users") -> Label[str]:
    """What differs after every change of a row, as a column `version`.

    It is the transaction that wrote the row (PostgreSQL: system columns).
    """
    return cast(literal_column(f"{table}.xmin"), Text).label("version")


def numbered(numbers: Sequence[int]) -> ColumnElement[bool]:
    """That a user has one of the numbers."""
    anyone = aliased(User)
    order = func.row_number().over(partition_by=anyone.company_id, order_by=anyone.id)
    counted = select(anyone.id, order.label("number")).subquery()
    return User.id.in_(select(counted.c.id).where(counted.c.number.in_(numbers)))


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
