"""Draws an invoice: the PDF of a `Paper` that has been JSON.

A4 pages, measured in points from the upper left corner. The same paper gives the same bytes.
matplotlib draws it, as it does charts: it brings a font with Cyrillic, Hebrew and Arabic, and sets
what is written from right to left.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any, Final

from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.transforms import Affine2D

from saas_bot.drawing.letters import readable
from saas_bot.drawing.letters import width as rough_width

Json = dict[str, Any]
Draw = Callable[["Leaf"], None]

WIDTH, HEIGHT = 595.0, 842.0
LEFT, TOP, BOTTOM = 56.0, 56.0, 776.0
RIGHT = WIDTH - LEFT
FOOT = 800.0
HALF = (RIGHT - LEFT - 24) / 2
AMOUNT = 130.0
"""The width of the column of amounts."""

TITLE, NORMAL, SMALL = 22.0, 9.5, 8.0
LINE = 1.4
"""From one line to the next, in sizes of their letters."""

INK, FAINT, RULE, SHADE = "#1F2933", "#5B6770", "#C5CCD3", "#EEF1F4"
STAMPS: Final = {"paid": "#1B7F4B", "void": "#B3261E", "corrected": "#B3261E"}


def draw(paper: Json) -> bytes:
    """The PDF of a paper."""
    leaves = Layout(paper).leaves
    out = BytesIO()
    # Type 42 keeps the letters as text that can be searched and copied.
    with (
        rc_context({"pdf.fonttype": 42}),
        PdfPages(out, metadata={"Title": paper["number"], "CreationDate": None}) as pages,
    ):
        for number, leaf in enumerate(leaves, start=1):
            said = paper["page"].format(page=number, pages=len(leaves))
            pages.savefig(leaf.figure(paper["number"], said))
    return out.getvalue()


@lru_cache(maxsize=8192)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is; small letters are measured in large, where they are not rounded."""
    return rough_width(text, round(20 * size), bold=bold) / 20


def wrapped(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """A text on as many lines as it needs; a word that is too long for one is broken."""
    lines: list[str] = []
    for part in text.splitlines():
        line = ""
        for word in readable(part).split():
            longer = f"{line} {word}".strip()
            if width(longer, size, bold=bold) <= room:
                line = longer
                continue
            if line:
                lines.append(line)
            *full, line = _broken(word, room, size, bold=bold)
            lines.extend(full)
        lines.append(line)
    return lines


def _broken(word: str, room: float, size: float, *, bold: bool) -> Iterator[str]:
    start = 0
    for end in range(1, len(word) + 1):
        if end - start > 1 and width(word[start:end], size, bold=bold) > room:
            yield word[start : end - 1]
            start = end - 1
    yield word[start:]


class Leaf:
    """A page: what is to be drawn on it, and how far down it is filled."""

    def __init__(self) -> None:
        self.top = TOP
        self._texts: list[tuple[float, float, str, Json]] = []
        self._boxes: list[tuple[tuple[float, float], float, float, Json]] = []

    def write(
        self,
        x: float,
        top: float,
        text: str,
        size: float = NORMAL,
        *,
        bold: bool = False,
        color: str = INK,
        right: bool = False,
    ) -> None:
        """A line of text that begins at `x`, or ends there."""
        style = {
            "fontsize": size,
            "color": color,
            "weight": "bold" if bold else "normal",
            "ha": "right" if right else "left",
        }
        self._texts.append((x, top + size, text, style))

    def box(self, x: float, top: float, wide: float, high: float, **style: Any) -> None:
        """A rectangle."""
        self._boxes.append(((x, top), wide, high, style))

    def rule(self, top: float, x: float = LEFT) -> None:
        """A thin line to the right margin."""
        self.box(x, top, RIGHT - x, 0, edgecolor=RULE, linewidth=0.6)

    def figure(self, foot: str, page: str) -> Figure:
        """The page as matplotlib has it, with its foot."""
        self.rule(FOOT - 8)
        self.write(LEFT, FOOT, foot, SMALL, color=FAINT)
        self.write(RIGHT, FOOT, page, SMALL, color=FAINT, right=True)
        figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72))
        down = Affine2D().scale(1 / WIDTH, -1 / HEIGHT).translate(0, 1) + figure.transFigure
        for place, wide, high, style in self._boxes:
            figure.add_artist(Rectangle(place, wide, high, transform=down, **style))
        for x, y, text, style in self._texts:
            figure.text(x, y, text, transform=down, va="baseline", parse_math=False, **style)
        return figure


class Layout:
    """Puts a paper on pages; `leaves` are those it needs."""

    def __init__(self, paper: Json) -> None:
        self._paper = paper
        self.leaves = [Leaf()]
        self._head()
        self._parties()
        self._table()
        self._sums()
        for block in paper["notes"]:
            self._note(block)

    @property
    def _leaf(self) -> Leaf:
        return self.leaves[-1]

    def _turn(self) -> None:
        """Go on overleaf, where it says of what."""
        self.leaves.append(Leaf())
        name = f"{self._paper['title']} {self._paper['number']}"
        for line in wrapped(name, RIGHT - LEFT, NORMAL, bold=True):
            self._leaf.write(LEFT, self._leaf.top, line, bold=True)
            self._leaf.top += NORMAL * LINE
        self._leaf.top += 12

    def _room(self, high: float) -> bool:
        return self._leaf.top + high <= BOTTOM

    def _head(self) -> None:
        leaf, paper = self._leaf, self._paper
        stamp = self._stamp()
        for line in wrapped(paper["title"], RIGHT - LEFT - stamp, TITLE, bold=True):
            leaf.write(LEFT, leaf.top, line, TITLE, bold=True)
            leaf.top += TITLE * LINE
        leaf.write(LEFT, leaf.top, paper["number"], 13, color=FAINT)
        leaf.top += 13 * LINE + 14
        labels = max((width(label, NORMAL) for label, _ in paper["facts"]), default=0) + 14
        for label, value in paper["facts"]:
            leaf.write(LEFT, leaf.top, label, color=FAINT)
            for line in wrapped(value, RIGHT - LEFT - labels, NORMAL):
                leaf.write(LEFT + labels, leaf.top, line)
                leaf.top += NORMAL * LINE
        leaf.top += 18

    def _stamp(self) -> float:
        """The mark at the upper right; gives how much room it takes."""
        if not self._paper["marked"]:
            return 0
        color, size = STAMPS[self._paper["mark"]], 12.0
        lines = wrapped(self._paper["marked"], 150, size, bold=True)
        wide = max(width(line, size, bold=True) for line in lines) + 24
        high = len(lines) * size * LINE + 12
        self._leaf.box(
            RIGHT - wide, TOP, wide, high, facecolor="none", edgecolor=color, linewidth=1.6
        )
        for number, line in enumerate(lines):
            top = TOP + 7 + number * size * LINE
            self._leaf.write(RIGHT - wide + 12, top, line, size, bold=True, color=color)
        return wide + 16

    def _parties(self) -> None:
        """Seller and buyer side by side."""
        leaf, start, ends = self._leaf, self._leaf.top, [self._leaf.top]
        for number, block in enumerate(self._paper["parties"]):
            x, top = LEFT + number * (HALF + 24), start
            leaf.write(x, top, block["heading"], SMALL, color=FAINT)
            top += SMALL * LINE + 4
            for line, bold in _lines(block, HALF):
                leaf.write(x, top, line, bold=bold)
                top += NORMAL * LINE
            ends.append(top)
        leaf.top = max(ends) + 22

    def _headings(self) -> None:
        leaf, (what, amount) = self._leaf, self._paper["headings"]
        leaf.box(LEFT, leaf.top, RIGHT - LEFT, 20, facecolor=SHADE, edgecolor="none")
        leaf.write(LEFT + 8, leaf.top + 5, what, SMALL, bold=True, color=FAINT)
        leaf.write(RIGHT - 8, leaf.top + 5, amount, SMALL, bold=True, color=FAINT, right=True)
        leaf.top += 20

    def _table(self) -> None:
        self._headings()
        room = RIGHT - LEFT - AMOUNT - 16
        for row in self._paper["rows"]:
            text = wrapped(row["text"], room, NORMAL)
            detail = wrapped(row["detail"], room, SMALL)
            high = 12 + (len(text) * NORMAL + len(detail) * SMALL) * LINE
            if not self._room(high):
                self._turn()
                self._headings()
            leaf = self._leaf
            top = leaf.top + 6
            leaf.write(RIGHT - 8, top, row["amount"], right=True)
            for line in text:
                leaf.write(LEFT + 8, top, line)
                top += NORMAL * LINE
            for line in detail:
                leaf.write(LEFT + 8, top, line, SMALL, color=FAINT)
                top += SMALL * LINE
            leaf.top += high
            leaf.rule(leaf.top)

    def _sums(self) -> None:
        sums: Sequence[Json] = self._paper["sums"]
        if not self._room(10 + len(sums) * 18):
            self._turn()
        leaf = self._leaf
        leaf.top += 10
        for one in sums:
            size, color = (11.0, INK) if one["strong"] else (NORMAL, FAINT)
            ends = RIGHT - 8 - max(AMOUNT, width(one["amount"], size, bold=one["strong"]) + 16)
            leaf.write(
                ends, leaf.top, one["label"], size, bold=one["strong"], color=color, right=True
            )
            leaf.write(RIGHT - 8, leaf.top, one["amount"], size, bold=one["strong"], right=True)
            leaf.top += 18
        leaf.top += 20

    def _note(self, block: Json) -> None:
        """A heading is not left alone at the foot of a page."""
        lines = list(_lines(block, RIGHT - LEFT))
        if not self._room((SMALL + min(len(lines), 2) * NORMAL) * LINE + 4):
            self._turn()
        self._leaf.write(LEFT, self._leaf.top, block["heading"], SMALL, color=FAINT)
        self._leaf.top += SMALL * LINE + 4
        for line, bold in lines:
            if not self._room(NORMAL * LINE):
                self._turn()
            self._leaf.write(LEFT, self._leaf.top, line, bold=bold)
            self._leaf.top += NORMAL * LINE
        self._leaf.top += 14


def _lines(block: Json, room: float) -> Iterable[tuple[str, bool]]:
    """The lines of a block, and whether each stands out."""
    for part in block["lines"]:
        bold = part in block["strong"]
        for line in wrapped(part, room, NORMAL, bold=bold):
            yield line, bold
