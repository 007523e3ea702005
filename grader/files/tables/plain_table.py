"""Tables in plain text, aligned by spaces: a column a unit, `a  0.18  0.33`, or each weight's gradient and new value.

Only what is certain is read: every row must have as many cells as its head has columns. Another row is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.answers.numbers import clean
from grader.files.labels.cells import bare
from grader.files.labels.units import unit_of
from grader.files.tables.columns import ColumnRole, column_of, in_column, is_head
from grader.files.tables.turned import Turned, is_unit_word, turned

if TYPE_CHECKING:
    from grader.files.extraction.keeper import Keeper

_GAP = re.compile(r"\s{2,}|\t+|\s*\|\s*")
_RULE = re.compile(r"[-=_+| ]{3,}")
_SIGNED = re.compile(r"[=≈→:]")


@dataclass(slots=True)
class PlainTable:
    """A table whose head has been read.

    turned: where a row is a unit, what stands in its columns.
    rows:   how many rows have been read below it.
    """

    columns: list[ColumnRole]
    turned: Turned | None = None
    rows: int = 0

    @classmethod
    def begin(cls, raw: str, keeper: Keeper) -> PlainTable | None:
        """The table whose head this line is, if it is one."""
        if not raw.strip() or _SIGNED.search(raw):
            return None
        cells = [cell for cell in _GAP.split(raw.strip()) if cell]
        if len(cells) > 1 and is_unit_word(cells[0]):
            return cls._of_units(cells, keeper)
        first = column_of(cells[0]).kind if len(cells) > 1 else "blank"
        if first == "name" or (first == "" and raw[0] not in " \t|"):
            cells = cells[1:]
        columns = [column_of(cell) for cell in cells]
        return cls(columns) if len(columns) > 1 and is_head(columns) else None

    @classmethod
    def _of_units(cls, cells: list[str], keeper: Keeper) -> PlainTable | None:
        """The table whose head begins with “unit”: a row a unit, or a column a unit."""
        found = turned(cells, keeper)
        if len(found) == 1 and len(found[0].stems) == len(cells) - 1:
            return cls([ColumnRole("")] * (len(cells) - 1), found[0])
        units = [ColumnRole("unit", unit_of(cell, keeper.found.source.problem)) for cell in cells[1:]]
        return cls(units) if all(column.unit for column in units) and is_head(units) else None

    def row(self, line: str, place: str, keeper: Keeper) -> bool:
        """Read one line below the head; False where the table ends."""
        if _RULE.fullmatch(line):
            return True
        cells = [cell for cell in _GAP.split(line) if cell]
        if not line or len(cells) < 2 or _SIGNED.search(line):  # noqa: PLR2004 - a name and a value
            return False
        if len(cells) != len(self.columns) + 1:
            shown = clean(line, 60)
            keeper.leave(line, place)
            keeper.sheet.complain(place, f"“{shown}” does not fit the columns of its table; not read")
            return True
        name = bare(cells[0])
        self.rows += 1
        if self.turned is not None:
            if not self.turned.row(cells, keeper, place):
                keeper.lost(name, " ".join(cells[1:]), place)
            return True
        missed = [
            cell
            for column, cell in zip(self.columns, cells[1:], strict=True)
            if not in_column(name, column, cell, keeper, place)
        ]
        if missed:
            keeper.lost(name, " ".join(cells[1:]), place)
        return True
