"""What a chart says, in words and numbers of the reader's language, however it is drawn."""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a mark stands for; whoever draws gives each a colour."""

    CREATED = "created"
    DONE = "done"
    OPEN = "open"
    LATE = "late"
    TIME = "time"


class Kind(StrEnum):
    """How a panel shows its lines."""

    COLUMNS = "columns"
    """Side by side over the labels."""
    AREA = "area"
    """One line over the labels, filled below."""
    ROWS = "rows"
    """From each label to the right, one after another."""


@dataclass(frozen=True, slots=True)
class Line:
    """One value for each label of its panel; None where there is none. `name` explains its tone."""

    name: str
    tone: Tone
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One diagram; `nothing` is said in its place when no line has anything to show."""

    title: str
    kind: Kind
    labels: tuple[str, ...]
    lines: tuple[Line, ...]
    nothing: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A title with a line below, and panels from the top down.

    `decimal` and `thousands` are the signs that the language puts into numbers.
    """

    title: str
    subtitle: str
    panels: tuple[Panel, ...]
    decimal: str
    thousands: str
