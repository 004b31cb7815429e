"""How the bucket and the rows of files differ: the kinds of differences, counted and named."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

EXAMPLES: Final = 20
"""Differences of a kind that are named; the others are counted."""

FEW: Final = 20
"""So many differences are never taken for a sign that bucket and database don't belong together."""


class Kind(StrEnum):
    """How bucket and rows can differ."""

    ORPHAN = "orphan_object"
    MISSING = "missing_object"
    SIZE = "wrong_size"
    PENDING = "stale_pending"
    USAGE = "wrong_usage"
    UNFINISHED = "unfinished_upload"
    OVERDUE = "overdue_deletion"


@dataclass(slots=True)
class Found:
    """The differences of one kind: how many, what was done about them, and the first of them."""

    count: int = 0
    mended: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    @property
    def left(self) -> int:
        """How many there still are."""
        return self.count - self.mended.total()


@dataclass(slots=True)
class Report:
    """What was compared, and how it differs."""

    objects: int = 0
    files: int = 0
    stored: int = 0
    foreign: int = 0
    """Objects that the bot has not made; they are left alone."""
    young: int = 0
    """Objects without a file that may be on their way: it is too early to judge them."""
    found: dict[Kind, Found] = field(default_factory=lambda: {kind: Found() for kind in Kind})

    def note(self, kind: Kind, example: str, mended: str | None = None) -> None:
        """Count a difference; `mended` is what was done about it, None where nothing was."""
        found = self.found[kind]
        found.count += 1
        if mended:
            found.mended[mended] += 1
        if len(found.examples) < EXAMPLES:
            found.examples.append(f"{example}: {mended}" if mended else example)

    @property
    def count(self) -> int:
        """All differences."""
        return sum(found.count for found in self.found.values())

    @property
    def left(self) -> int:
        """Those that are still there."""
        return sum(found.left for found in self.found.values())

    def as_json(self) -> dict[str, Any]:
        """The form in which programs get it."""
        return {
            "objects": self.objects,
            "files": self.files,
            "foreign": self.foreign,
            "young": self.young,
            "found": self.count,
            "left": self.left,
            "differences": {
                kind: {
                    "found": found.count,
                    "mended": dict(found.mended),
                    "left": found.left,
                    "examples": found.examples,
                }
                for kind, found in self.found.items()
            },
        }

    @property
    def strangers(self) -> bool:
        """Whether the bucket seems to be that of another database: most of one is not in the other.

        So it is when a setting is wrong, or one of them was restored from an old backup.
        """
        orphans, missing = self.found[Kind.ORPHAN].count, self.found[Kind.MISSING].count
        return (orphans > FEW and orphans * 2 > self.objects) or (
            missing > FEW and missing * 2 > self.stored
        )
