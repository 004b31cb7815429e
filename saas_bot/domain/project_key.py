"""A short key for a project, suggested from its name."""

import re

_LATIN = str.maketrans(
    dict(
        zip(
            "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ",
            (*"ABVGDEEJZIYKLMNOPRSTUFHCCSSYIYEUA",),
            strict=True,
        )
    )
)

_FALLBACK = "PRJ"


def suggest(name: str) -> str:
    """A few letters that remind of the name: the initials of its words, or its start."""
    words = re.findall(r"[A-Z0-9]+", name.upper().translate(_LATIN))
    words = [word for word in words if word[0].isalpha()]
    if len(words) > 1:
        return "".join(word[0] for word in words)[:4]
    start = words[0][:3] if words else ""
    return start if len(start) > 1 else _FALLBACK
