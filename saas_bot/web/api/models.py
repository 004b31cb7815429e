"""What the models of the API are made of.

Bodies are read strictly (`"5"` is no number), and what they hold besides is refused. Addresses hold
nothing but text, so their values are read as what they are meant to be. A validator is built when
it is first used: the bot's process pays for none before.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Generic, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from saas_bot.core.errors import Invalid
from saas_bot.db.paging import Cursor, Page
from saas_bot.web.api.problems import Problem

T = TypeVar("T")

_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]*)")

FIRST_YEAR, LAST_YEAR = 1970, 9000


def _as_json_has_it(value: Any) -> Any:
    """A number in an address, written as in JSON; `int` would read `+1`, `1_0` and `1.0` too."""
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise PydanticCustomError("int_parsing", "no whole number")
    return value


Whole = Annotated[int, BeforeValidator(_as_json_has_it)]
"""A whole number; those of paths and queries have to be such."""

Id = Annotated[Whole, Field(ge=1, le=2**63 - 1, examples=[42])]
"""Of a row, as everywhere in the system."""


def _in_utc(value: datetime) -> datetime:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        years = f"{FIRST_YEAR}–{LAST_YEAR}"
        raise PydanticCustomError("year", "out of range", {"expected": years})
    return value.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A time with its offset (RFC 3339), read and written in UTC."""

Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""What the database can hold; how long it may be is for the services to say."""

Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
"""A short word, as a tag or a code in an address."""

TEXT: Final = ("text-empty", "text-too-long")
"""How services refuse texts that people write (`domain/limits.py`)."""

LIMIT: Final = 100
"""Items of the largest page."""


class Model(BaseModel):
    """What is sent to us: a body, the parameters of a query, or those of a path."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Answer(BaseModel):
    """What is sent back. `from_attributes` makes one of what a service gives."""

    model_config = ConfigDict(frozen=True, from_attributes=True, defer_build=True)

    def to_keep(self) -> Self:
        """What is kept of it for requests that come again: without what is told only once."""
        return self


class PageQuery(Model):
    """Which page of a list is wanted; lists with filters inherit from this."""

    limit: Whole = Field(default=25, ge=1, le=LIMIT, description="Items of the page")
    cursor: Text = Field(
        default="", max_length=80, description="`next` or `previous` of another page"
    )

    @property
    def place(self) -> Cursor | None:
        """Where the page begins; None: at the beginning of the list.

        Raises:
            Problem: 422, that is no cursor of ours.
        """
        try:
            return Cursor.parse(self.cursor)
        except Invalid:
            raise Problem(422, "cursor-not-valid") from None


class PageOf(Answer, Generic[T]):
    """A page of a list, and the cursors of its neighbours (null: there is none)."""

    items: list[T]
    next: str | None
    previous: str | None

    @classmethod
    def of(cls, page: Page[Any], make: Callable[[Any], T] | None = None) -> Self:
        """The page that a service gives, each of its items made into what it looks like here.

        Without `make` the model reads their attributes, all at once, which is quicker.
        """
        items = [make(one) for one in page.items] if make else page.items
        parts = {"items": items, "next": page.next or None, "previous": page.previous or None}
        return cls.model_validate(parts)


def left_out(**more: Any) -> Any:
    """The default of a part that may be left out of a change, but may not be null.

    Whether it is there says `model_fields_set`.
    """
    return Field(default=None, json_schema_extra=_without_default, **more)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)
