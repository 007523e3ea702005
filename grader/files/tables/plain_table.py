"""Tables in plain text, aligned by spaces: a column a unit, `a  0.18  0.33`, or each weight's gradient and new value.

Only what is certain is read: every row must have as many cells as its head has columns. Another row is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.answers.numbers import clean
from grader.files.extraction.session import NUMBER
from grader.files.tables.grid import LabelGrid

if TYPE_CHECKING:
    from grader.files.extraction.keeper import Keeper

_GAP = re.compile(r"\s{2,}|\t+")
_RULE = re.compile(r"[-=_+| ]{3,}")
_ENDS = re.compile(r"[=≈→]\s*[-−–+]?\d*[.,]\d+$")
HOLDS_NUMBER = re.compile(r"[.,]\d")
_SIGNED = re.compile(r"[=≈→:]")


def _cells(line: str) -> list[str]:
    """The cells of a line: between its bars, else between wide gaps."""
    if "|" in line:
        return [cell.strip() for cell in line.strip().strip("|").split("|")]
    return [cell for cell in _GAP.split(line.strip()) if cell]


@dataclass(slots=True)
class PlainTable:
    """A table whose head has been read, and how many columns it has."""

    grid: LabelGrid
    width: int

    @classmethod
    def begin(cls, raw: str, keeper: Keeper) -> PlainTable | None:
        """The table whose head this line is, if it is one."""
        if not raw.strip() or _SIGNED.search(raw):
            return None
        cells = _cells(raw)
        grid = LabelGrid(keeper)
        rows = [cells] if "|" in raw else [cells, ["", *cells]]
        for row in reversed(rows) if raw[0].isspace() else rows:
            if len(row) > 2 and grid.head(row) and all(c.kind != "strange" for c in grid.columns):  # noqa: PLR2004 - two columns of numbers
                return cls(grid, len(row))
        return None

    def row(self, line: str, place: str, keeper: Keeper) -> bool:
        """Read one line below the head; False where the table ends."""
        if _RULE.fullmatch(line):
            return True
        cells = _cells(line)
        if len(cells) < self.width == len(words := line.split()) and all(map(NUMBER.fullmatch, words[1:])):
            cells = words  # W13 0.1 0.0009 0.0991
        if not line or len(cells) < 2 or (_SIGNED.search(line) and not self._holds_working(cells)):  # noqa: PLR2004 - a name and a value
            return False
        if not any(HOLDS_NUMBER.search(cell) for cell in cells) and len(cells) != self.width:
            return False  # the head of another table
        if len(cells) == self.width:
            self.grid.row(cells, place)
            return True
        keeper.leave(line, place)
        keeper.sheet.complain(place, f"“{clean(line, 60)}” does not fit the columns of its table; not read")
        return True

    def _holds_working(self, cells: list[str]) -> bool:
        """Whether the signs in a row stand in working that ends in the number of its cell."""
        signed = [cell for cell in cells if _SIGNED.search(cell)]
        names = self.grid.keeper.names
        first = [_SIGNED.split(cell, maxsplit=1)[0].strip() for cell in signed]
        named = any(names.anything(name) or names.vocabulary.find(name) is not None for name in first)
        return len(cells) == self.width and not named and all(_ENDS.search(cell) for cell in signed)
