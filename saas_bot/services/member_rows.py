"""Members as rows of the database: what is read of each, and lists of them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Result, select

from saas_bot.core.errors import NotFound
from saas_bot.db.models import User
from saas_bot.db.paging import Cursor, Listing
from saas_bot.domain.permissions import Role
from saas_bot.services.numbers import (
    has_namesake,
    number_if_nameless,
    sign_of,
    version,
    with_sign,
)

PAGE = 8


@dataclass(frozen=True, slots=True)
class Member:
    """One user of the company, as lists and cards show them."""

    id: int
    telegram_id: int
    name: str
    username: str | None
    role: Role
    active: bool
    number: int | None = None
    """Which one they were to join; only of those without a username."""
    version: str = ""
    """Another one after each change of them."""
    shared: bool = False
    """Whether somebody else of the company has that name."""
    over_limit: bool = False
    """They are beyond the seats of the plan, and only read."""

    @property
    def sign(self) -> str | None:
        """What tells them from others of that name; None where there are none."""
        return sign_of(self.username, self.number) if self.shared else None

    @property
    def label(self) -> str:
        """The name, with what tells namesakes apart."""
        return with_sign(self.name, self.sign)


COLUMNS = (
    User.id,
    User.telegram_id,
    User.name,
    User.username,
    User.role,
    User.status,
    User.over_limit,
    number_if_nameless(),
    version(),
    has_namesake(),
)


def member_in(row: Any) -> Member:
    """The member in a row of `COLUMNS`."""
    active = row.status == "active"
    return Member(
        row.id,
        row.telegram_id,
        row.name,
        row.username,
        Role(row.role),
        active,
        row.number,
        row.version,
        row.shared,
        row.over_limit,
    )


def listing(*conditions: ColumnElement[bool], everywhere: bool = True) -> Listing[Member]:
    """Members by the order they joined in, those for whom the conditions hold.

    It is for people who see `everywhere`, or who don't.
    """
    return Listing(
        select(*COLUMNS[:-1], has_namesake(everywhere=everywhere)).where(*conditions),
        keys=[User.id],
        size=PAGE,
        make=member_in,
        edge=lambda member: Cursor(member.id),
    )


def one_of(found: Result[*tuple[Any, ...]]) -> Member:
    """The only member in a result of `COLUMNS`.

    Raises:
        NotFound: it is empty.
    """
    row = found.one_or_none()
    if row is None:
        raise NotFound("member-not-found")
    return member_in(row)
