"""The letters of charts: how wide a text is, how much of it fits, and which signs there are.

A size is the height of a line in pixels.
"""

import unicodedata
from typing import Final

from matplotlib.font_manager import FontProperties, findfont, get_font

DPI: Final = 100
_FONTS: Final = {
    bold: get_font(
        findfont(FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal"))
    )
    for bold in (False, True)
}


def points(size: float) -> float:
    """A size as matplotlib takes it."""
    return size * 72 / DPI


def width(text: str, size: int, *, bold: bool = False) -> float:
    """How wide a text is, in pixels."""
    font = _FONTS[bold]
    font.set_size(points(size), DPI)
    font.set_text(text)
    return float(font.get_width_height()[0]) / 64


def clipped(text: str, room: float, size: int, *, bold: bool = False) -> str:
    """As much of a text as fits into so many pixels."""
    text = readable(text)
    if width(text, size, bold=bold) <= room:
        return text
    while text and width(f"{text}…", size, bold=bold) > room:
        text = text[:-1].rstrip()
    return f"{text}…"


def wrapped(text: str, room: float, size: int) -> list[str]:
    """A bold text on two lines at most; what fits on neither is cut."""
    words = readable(text).split()
    fits = [n for n in range(1, len(words)) if width(" ".join(words[:n]), size, bold=True) <= room]
    if not fits or width(" ".join(words), size, bold=True) <= room:
        return [clipped(" ".join(words), room, size, bold=True)]
    lines = " ".join(words[: fits[-1]]), " ".join(words[fits[-1] :])
    return [clipped(line, room, size, bold=True) for line in lines]


def readable(text: str) -> str:
    """The text without what the font can't show: emoji and signs go, letters become a question."""
    return " ".join("".join(_shown(letter) for letter in text).split()) or "?"


def _shown(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind[0] == "C" or kind in ("Zl", "Zp"):
        return " " if letter.isspace() else ""
    if _FONTS[False].get_char_index(ord(letter)):
        return letter
    return "?" if kind[0] in "LN" else ""
