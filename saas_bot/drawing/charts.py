"""Draws one chart: the PNG of a `Picture` that has been JSON.

Made for a phone: 1080 pixels are its whole width, so a line of letters is 32 pixels high at least.
It is as high as its panels need.
The colours are those of Okabe and Ito ("Color Universal Design", 2008), told apart by the
colour-blind, too.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from saas_bot.drawing.letters import DPI, clipped, points, readable, width, wrapped

Json = dict[str, Any]

WIDTH = 1080
TOP, MARGIN, GAP = 36, 44, 32
BIG, MIDDLE, SMALL = 48, 38, 32
"""Sizes of letters in pixels: the title, the titles of panels, everything else."""

NAMES, ROW, OVER_TIME = 350, 42, 350
"""Pixels: for the names of rows, for a row, and the height of a panel that shows a time."""

INK, FAINT, BASE, GRID, PAPER = "#1F2933", "#5B6770", "#9AA5B1", "#D9DEE3", "#FFFFFF"
COLOURS: Final = {
    "created": "#E69F00",
    "done": "#0072B2",
    "open": "#56B4E9",
    "late": "#D55E00",
    "time": "#CC79A7",
}


def draw(picture: Json) -> bytes:
    """The PNG of a picture."""
    return Sheet(picture).png()


class Sheet:
    """A page that is filled from the top down, measured in pixels from its upper left corner."""

    def __init__(self, picture: Json) -> None:
        title = wrapped(picture["title"], WIDTH - 2 * MARGIN, BIG)
        heading = TOP + (len(title) * BIG + SMALL) * 1.3 + 6 + GAP
        panels = [(panel, _height(panel)) for panel in picture["panels"]]
        self._height = round(heading + sum(height + GAP for _, height in panels))
        self.figure = Figure(figsize=(WIDTH / DPI, self._height / DPI), dpi=DPI, facecolor=PAPER)
        self._signs = str.maketrans(".,", picture["decimal"] + picture["thousands"])
        self._heading(title, picture["subtitle"])
        for panel, height in panels:
            self._panel(panel, height)
            self._top += GAP

    def png(self) -> bytes:
        out = BytesIO()
        self.figure.savefig(out, format="png", dpi=DPI, pil_kwargs={"optimize": True})
        return out.getvalue()

    # Words

    def _heading(self, title: Sequence[str], subtitle: str) -> None:
        self._top: float = TOP
        for line in title:
            self._write(MARGIN, self._top, line, BIG, weight="bold")
            self._top += BIG * 1.3
        self._top += 6
        self._write(MARGIN, self._top, clipped(subtitle, WIDTH - 2 * MARGIN, SMALL), SMALL)
        self._top += SMALL * 1.3 + GAP

    def _write(self, x: float, y: float, text: str, size: int, **style: Any) -> None:
        self.figure.text(
            x / WIDTH,
            1 - y / self._height,
            text,
            **{"color": INK, "va": "top", "fontsize": points(size), "parse_math": False, **style},
        )

    # Panels

    def _panel(self, panel: Json, height: float) -> None:
        bottom = self._top + height
        title = clipped(panel["title"], WIDTH - 2 * MARGIN, MIDDLE, bold=True)
        self._write(MARGIN, self._top, title, MIDDLE, weight="bold")
        self._top += MIDDLE * 1.35
        if not _shows(panel):
            self._write(MARGIN, self._top + 12, readable(panel["nothing"]), SMALL, color=FAINT)
        else:
            if len(panel["lines"]) > 1:
                self._legend(panel["lines"])
            {"columns": self._columns, "area": self._area, "rows": self._rows}[panel["kind"]](
                panel, bottom
            )
        self._top = bottom

    def _legend(self, lines: Sequence[Json]) -> None:
        x: float = MARGIN
        for line in lines:
            square = Rectangle(
                (x / WIDTH, 1 - (self._top + 31) / self._height),
                24 / WIDTH,
                24 / self._height,
                color=COLOURS[line["tone"]],
                transform=self.figure.transFigure,
            )
            self.figure.add_artist(square)
            self._write(x + 34, self._top + 2, line["name"], SMALL)
            x += 34 + width(line["name"], SMALL) + 44
        self._top += SMALL * 1.5

    def _axes(self, left: float, bottom: float, right: float) -> Axes:
        top = self._top + 8
        box = (
            left / WIDTH,
            1 - bottom / self._height,
            (right - left) / WIDTH,
            (bottom - top) / self._height,
        )
        axes = self.figure.add_axes(box, facecolor="none")
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0, labelsize=points(SMALL), labelcolor=INK, pad=10)
        return axes

    def _over_time(self, panel: Json, bottom: float) -> Axes:
        """Axes with labels below, on two lines where they are too long for one."""
        labels, highest, numbered = panel["labels"], _highest(panel), _numbered(panel)
        left = MARGIN if numbered else MARGIN + round(width(self._number(highest), SMALL)) + 12
        last = len(labels) - 1 + 0.6
        room = (WIDTH - MARGIN - left) / (last + 0.6) - 12
        broken = any(width(label, SMALL) > room for label in labels)
        axes = self._axes(left, bottom - (54 + SMALL * 1.2 * broken), WIDTH - MARGIN)
        shown = [label.replace(" ", "\n", 1) if broken else label for label in labels]
        axes.set_xticks(range(len(labels)), shown)
        axes.set_xlim(-0.6, last)
        # Above the marks, which would show below a line that they stand on.
        axes.spines["bottom"].set(visible=True, color=BASE, linewidth=2, zorder=3)
        if numbered:
            axes.set_ylim(0, highest * 1.3)
            axes.set_yticks([])
            return axes
        axes.set_ylim(0, highest * 1.08)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: self._number(value)))
        axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
        axes.grid(axis="y", color=GRID, linewidth=1.5)
        axes.set_axisbelow(True)
        return axes

    def _columns(self, panel: Json, bottom: float) -> None:
        axes, lines = self._over_time(panel, bottom), panel["lines"]
        # Numbers of three digits need as much room within a pair as between two pairs.
        apart = 0.48 if _highest(panel) >= 100 else 0.38
        for place, line in enumerate(lines):
            shift = (place - (len(lines) - 1) / 2) * apart
            heights = [value or 0 for value in line["values"]]
            at = [x + shift for x in range(len(heights))]
            axes.bar(at, heights, 0.36, color=COLOURS[line["tone"]])
            if _numbered(panel):
                for x, value in zip(at, line["values"], strict=True):
                    self._above(axes, x, value)

    def _area(self, panel: Json, bottom: float) -> None:
        axes, (line,) = self._over_time(panel, bottom), panel["lines"]
        at, colour = range(len(line["values"])), COLOURS[line["tone"]]
        axes.fill_between(at, line["values"], color=colour, alpha=0.25, linewidth=0)
        axes.plot(at, line["values"], "o-", color=colour, linewidth=5, markersize=12)
        for x, value in zip(at, line["values"], strict=True):
            self._above(axes, x, value, by=16)

    def _rows(self, panel: Json, bottom: float) -> None:
        at = range(len(panel["labels"]))
        ends = [sum(filter(None, values)) for values in zip(*_values(panel), strict=True)]
        numbers = [self._number(end) for end in ends]
        right = WIDTH - MARGIN - max(width(number, SMALL) for number in numbers) - 10
        axes = self._axes(MARGIN + NAMES + 16, bottom, right)
        starts = [0.0] * len(at)
        for line in panel["lines"]:
            sizes = [value or 0 for value in line["values"]]
            axes.barh(at, sizes, 0.66, left=starts, color=COLOURS[line["tone"]])
            starts = [start + size for start, size in zip(starts, sizes, strict=True)]
        axes.set_xlim(0, max(ends))
        axes.set_ylim(len(at) - 0.5, -0.5)
        axes.set_xticks([])
        axes.set_yticks([])
        for y in at:
            name = clipped(panel["labels"][y], NAMES, SMALL)
            _note(axes, name, (0, y), (-NAMES - 16, 0), ha="left", va="center")
            _note(axes, numbers[y], (ends[y], y), (10, 0), ha="left", va="center")

    def _above(self, axes: Axes, x: float, value: float | None, by: int = 8) -> None:
        if value is not None:
            _note(axes, self._number(value), (x, value), (0, by), ha="center", va="bottom")

    def _number(self, value: float) -> str:
        """Whole numbers as they are, others with one decimal."""
        written = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
        return written.translate(self._signs)


def _note(
    axes: Axes, text: str, at: tuple[float, float], away: tuple[int, int], **style: Any
) -> None:
    """A small text, so many pixels away from a place of the diagram, clear of what is below it."""
    axes.annotate(
        text,
        at,
        away,
        textcoords="offset pixels",
        fontsize=points(SMALL),
        color=INK,
        parse_math=False,
        path_effects=[withStroke(linewidth=5, foreground=PAPER)],
        **style,
    )


def _values(panel: Json) -> list[list[float | None]]:
    return [line["values"] for line in panel["lines"]]


def _shows(panel: Json) -> bool:
    """Whether there is anything to draw."""
    return any(map(any, _values(panel)))


def _highest(panel: Json) -> float:
    return max(value or 0 for values in _values(panel) for value in values)


def _numbered(panel: Json) -> bool:
    """Whether each mark has room for its number: two of a thousand side by side have not."""
    return len(panel["lines"]) == 1 or _highest(panel) < 1000


def _height(panel: Json) -> float:
    """Pixels that a panel takes."""
    heading = MIDDLE * 1.35 + SMALL * 1.5 + 8
    if not _shows(panel):
        return heading
    return heading + ROW * len(panel["labels"]) if panel["kind"] == "rows" else OVER_TIME
