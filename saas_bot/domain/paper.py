"""What an invoice says on paper, in the reader's language, however it is drawn."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What is stamped on it; whoever draws gives each a colour."""

    NONE = ""
    PAID = "paid"
    VOID = "void"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines under a heading; those that are `strong` stand out."""

    heading: str
    lines: tuple[str, ...]
    strong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what for, more about it in small letters, how much."""

    text: str
    detail: str
    amount: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A line below the table."""

    label: str
    amount: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A document from the top down.

    `page` is said at the foot of each, with `{page}` and `{pages}` to be put in.
    """

    title: str
    number: str
    mark: Mark
    marked: str
    """The words of the stamp."""
    facts: tuple[tuple[str, str], ...]
    parties: tuple[Block, ...]
    headings: tuple[str, str]
    rows: tuple[Row, ...]
    sums: tuple[Sum, ...]
    notes: tuple[Block, ...]
    page: str
