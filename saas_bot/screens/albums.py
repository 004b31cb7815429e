"""What was refused of an album, and what was taken, in one message."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from saas_bot.core.errors import AppError
from saas_bot.core.i18n import Translator
from saas_bot.screens.errors import error_text
from saas_bot.screens.screen import Row, Screen, clip_name, screen

OF_ONE_FILE: Final = frozenset(
    {"file-too-large", "file-empty", "file-type", "files-too-many", "limit-storage"}
)
"""The refusals that are about a file, and not about everything that comes."""

NAME_SHOWN: Final = 40
"""Characters of a name: ten of them, escaped, fit into what Fluent takes."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not taken: the error's code and parameters, and its text in words."""

    name: str
    code: str
    params: dict[str, str | int]
    text: str


def refused(
    t: Translator, files: Iterable[Refused], taken: Collection[str], rows: Sequence[Row]
) -> Screen:
    """Each reason once, with the names of its files; then what was taken."""
    reasons: dict[str, list[Refused]] = {}
    for one in files:
        reasons.setdefault(one.code, []).append(one)
    parts = [_reason(t, alike) for alike in reasons.values()]
    if taken:
        parts.append(t("album-taken", names=_listed(taken)))
    return screen("\n\n".join(parts), *rows)


def _reason(t: Translator, alike: Sequence[Refused]) -> str:
    """Why files were not taken that all have the same reason."""
    newest = alike[-1]
    if len(alike) == 1 or newest.code not in OF_ONE_FILE:
        return newest.text
    params = dict(newest.params)
    if newest.code == "limit-storage":
        params["size"] = sum(int(one.params["size"]) for one in alike)
    error = AppError(newest.code, **params)
    return error_text(t, error, "album", names=_listed(one.name for one in alike))


def _listed(names: Iterable[str]) -> str:
    """The names; those that are alike are counted, since photos come without any."""
    counted = Counter(clip_name(name, NAME_SHOWN) for name in names)
    return ", ".join(name if count == 1 else f"{name} ×{count}" for name, count in counted.items())
