"""Whether a table is a student's own, of which every row and column has a label, and then reading it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.files.tables import heads
from grader.files.tables.grid import LabelGrid
from grader.files.tables.long_table import are_sections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.files.extraction.keeper import Keeper

    Row = tuple[int, Sequence[str]]

WIDEST = 60  # columns
HEAD_WITHIN = 12  # rows
LONGEST = 5_000  # rows of one student's table
_MOST = 0.6  # of the numbers must be answers, or known to be none
_SAMPLE = 400  # rows of which this is asked


def read_grid(rows: Sequence[Row], keeper: Keeper, place: str) -> bool:
    """Read such a table; False, and nothing kept, if it is none.

    place: what a row is called, such as “row” or “line”.
    """
    rows = rows[:LONGEST]
    if not rows or any(len(row) > WIDEST for _, row in rows[:HEAD_WITHIN]):
        return False
    before = keeper.context, keeper.heading, keeper.below
    trial = LabelGrid(keeper)
    trial.dry = True
    _read(rows[:_SAMPLE], trial, place)
    keeper.context, keeper.heading, keeper.below = before
    blank = not trial.seen and any(column.kind == "answer" for column in trial.columns)  # not filled in
    if not trial.blocks or not (trial.seen or blank) or trial.known < _MOST * trial.seen:
        return False
    if trial.twice and any(column.kind == "strange" for column in trial.columns):
        return False  # somebody else's too
    asides = [i for i, column in enumerate(trial.columns) if column.kind == "aside"]
    if trial.twice and any(are_sections(rows, i, keeper.found.source) for i in asides):
        return False  # another column tells which part of the sheet a row is of
    _read(rows, LabelGrid(keeper), place)
    return True


def _below(cells: Sequence[Sequence[str]], at: int) -> str:
    """The first cell of the next row."""
    return cells[at + 1][0] if at + 1 < len(cells) and cells[at + 1] else ""


def _read(rows: Sequence[Row], grid: LabelGrid, place: str) -> None:
    cells = [row for _, row in rows]
    first = next(
        (
            i
            for i, row in enumerate(cells[:HEAD_WITHIN])
            if LabelGrid(grid.keeper).head(row, _below(cells, i))
        ),
        None,
    )
    if first is None:
        grid.columns, grid.blocks = heads.side_by_side(rows[:_SAMPLE], grid.keeper.names, _MOST)
    for i, (number, row) in enumerate(rows):
        if first is not None and i < first:
            grid.keeper.title(row) if not grid.dry else None
        elif not grid.head(row, _below(cells, i)):
            if grid.ends(row):
                grid.blocks = []
            elif grid.blocks or sum(map(bool, row)) == 1:
                grid.row(row, f"{place} {number}")
