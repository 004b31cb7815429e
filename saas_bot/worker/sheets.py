"""Tables written to files row by row, so that their length costs no memory: CSV and XLSX.

What these do blocks; call it in a thread.
"""

import csv
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

Cell = str | int | float | datetime | None
"""A time has no timezone: it is what the person's clock shows."""

Row = Sequence[Cell]

SHEET_ROWS: Final = 1_048_576
"""Rows of an Excel sheet (Microsoft, "Excel specifications and limits")."""

# Spreadsheets take such a text for a formula. Source: OWASP, "CSV Injection".
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# Excel reads a CSV as the computer's region writes lists and numbers: list separator, decimal mark.
_MARKS: Final = {"ru": (";", ","), "en": (",", ".")}


class TooManyRows(Exception):
    """A sheet can't hold the table."""


def harmless(text: str) -> str:
    """The text, which a spreadsheet will show as it is and never calculate."""
    return f"'{text}" if text.startswith(_FORMULA) else text


class CsvFile:
    """A CSV file: UTF-8 with the mark by which Excel knows it, written as the language has it."""

    def __init__(self, path: Path, language: str) -> None:
        separator, self._decimal = _MARKS[language]
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, delimiter=separator)

    def write(self, rows: Iterable[Row]) -> None:
        """Append rows."""
        self._writer.writerows([self._text(cell) for cell in row] for row in rows)

    def close(self) -> None:
        """Have everything on disk."""
        self._file.close()

    def _text(self, cell: Cell) -> str:
        if isinstance(cell, str):
            return harmless(cell)
        if isinstance(cell, datetime):
            return cell.isoformat(" ", "minutes")
        if isinstance(cell, float):
            return str(cell).replace(".", self._decimal)
        return "" if cell is None else str(cell)


class XlsxFile:
    """A workbook; texts are cells of text, whatever they look like, and times real times."""

    def __init__(self, path: Path) -> None:
        from xlsxwriter import Workbook

        # Rows go to the disk as they are written, which is beside the workbook.
        self._book = Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self._bold = self._book.add_format({"bold": True, "bottom": 1})
        self._sheet: Any = None
        self._next = self._columns = 0

    def sheet(
        self, name: str, titles: Sequence[str], widths: Sequence[int], *, filtered: bool = False
    ) -> None:
        """Begin a sheet with a heading that stays in sight, perhaps with a filter in it."""
        self._filter()
        self._sheet, self._next = self._book.add_worksheet(name[:31]), 1
        self._columns = len(titles) if filtered else 0
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        self._sheet.freeze_panes(1, 0)
        for column, title in enumerate(titles):
            self._sheet.write_string(0, column, title, self._bold)

    def write(self, rows: Iterable[Row]) -> None:
        """Append rows to the sheet.

        Raises:
            TooManyRows: it is full.
        """
        for row in rows:
            if self._next >= SHEET_ROWS:
                raise TooManyRows
            for column, cell in enumerate(row):
                self._put(column, cell)
            self._next += 1

    def close(self) -> None:
        """Write the workbook; this takes seconds where there is much."""
        self._filter()
        self._book.close()

    def _filter(self) -> None:
        if self._columns:
            self._sheet.autofilter(0, 0, max(self._next - 1, 1), self._columns - 1)

    def _put(self, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            self._sheet.write_string(self._next, column, cell)
        elif isinstance(cell, datetime):
            self._sheet.write_datetime(self._next, column, cell, self._time)
        elif cell is not None:
            # A decimal, since of a float the file gets 16 digits: 8.55 becomes 8.550000000000001.
            self._sheet.write_number(self._next, column, Decimal(str(cell)))


def zipped(path: Path, name: str) -> Path:
    """A ZIP archive beside the file, with the file in it under that name."""
    archive = path.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(path, name)
    return archive
