"""A student's own table, in Markdown, in a `.csv` file or in a workbook: quantity, working and answer below headings.

Several such blocks may stand side by side, titles above them and headings of sections between.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from grader.answers.numbers import Typed, read_number
from grader.files.extraction.keeper import has_digit
from grader.files.extraction.keeping import keep
from grader.files.extraction.named_answer import NamedAnswer
from grader.files.labels.cells import EMPHASIS, answer, bare
from grader.files.labels.units import unit_of
from grader.files.tables.columns import ColumnRole, column_of, in_column, is_head, of_column
from grader.files.tables.turned import Turned, is_unit_word, turned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.formulas.quantity import Quantity
    from grader.files.extraction.keeper import Keeper

    Row = tuple[int, Sequence[str]]

WIDEST = 60  # columns
HEAD_WITHIN = 12  # rows
LONGEST = 5_000  # rows of one student's table
_SAMPLE = 200  # rows in which it is seen what stands in a column
_MOST = 0.6  # of the cells below “quantity” must be names


@dataclass(frozen=True, slots=True)
class ColumnBlock:
    """Some columns that belong together: the one of the names, and what stands in the others."""

    names: int
    others: tuple[tuple[int, ColumnRole], ...]


def read_grid(rows: Sequence[Row], keeper: Keeper, place: str) -> bool:
    """Read such a table; False, and nothing kept, if it is none.

    place: what a row is called, such as “row” or “line”.
    """
    rows = rows[:LONGEST]
    if not rows or any(len(row) > WIDEST for _, row in rows[:HEAD_WITHIN]):
        return False
    top = next((i for i, (_, row) in enumerate(rows[:HEAD_WITHIN]) if _blocks(row, keeper)), None)
    blocks = _blocks(rows[top][1], keeper) if top is not None else _side_by_side(rows, keeper)
    body = rows[top + 1 :] if top is not None else rows
    if not blocks or not _named(body, blocks, keeper):
        return False
    for _, row in rows[: top or 0]:
        keeper.title(row)
    for number, row in body:
        again = _blocks(row, keeper)
        if again:
            blocks = again
        else:
            _row(row, blocks, keeper, f"{place} {number}")
    return True


def _blocks(row: Sequence[str], keeper: Keeper) -> Sequence[ColumnBlock | Turned]:
    """What the headings of a table announce; nothing if they are none."""
    return _announced(row) or _across(row, keeper) or turned(row, keeper)


def _across(row: Sequence[str], keeper: Keeper) -> list[ColumnBlock]:
    """A column a unit, of which only the number or the place stands at its head: `| unit | 3 | 4 |`."""
    if not row or not (column_of(row[0]).kind in ("blank", "name") or is_unit_word(row[0])):
        return []
    problem = keeper.found.source.problem
    units = [(i, unit_of(bare(cell), problem)) for i, cell in enumerate(row) if i and cell.strip()]
    others = tuple((i, ColumnRole("unit", unit)) for i, unit in units if unit)
    return [ColumnBlock(0, others)] if len(others) == len(units) and is_head([c for _, c in others]) else []


def _announced(row: Sequence[str]) -> list[ColumnBlock]:
    columns = [column_of(cell) for cell in row]
    if not any(column.kind in ("answer", "new", "gradient", "check", "unit") for column in columns):
        return []
    if any(column.kind == "" for column in columns):
        return []
    starts = [i for i, column in enumerate(columns) if column.kind == "name"]
    if not starts and columns[0].kind == "blank":
        starts = [0]
    out = []
    for start, end in pairwise([*starts, len(columns)]):
        others = tuple((i, columns[i]) for i in range(start + 1, end) if columns[i].kind != "blank")
        kinds = [column.kind for _, column in others]
        if kinds.count("answer") > 1 or not (kinds.count("answer") or is_head([c for _, c in others])):
            return []
        out.append(ColumnBlock(start, others))
    return out


def _side_by_side(rows: Sequence[Row], keeper: Keeper) -> list[ColumnBlock]:
    """Several columns of names in a table without headings, each with its answers to the right."""
    width, rows = max(len(row) for _, row in rows), rows[:_SAMPLE]
    starts = [i for i in range(width) if _mostly_names(_column(rows, i), keeper)]
    if len(starts) < 2:  # noqa: PLR2004 - side by side
        return []
    out = []
    for start, end in pairwise([*starts, width]):
        values = [(sum(map(_is_number, _column(rows, i))), i) for i in range(start + 1, end)]
        if not values or not max(values)[0]:
            return []
        out.append(ColumnBlock(start, ((max(values)[1], ColumnRole("answer")),)))
    return out


def _column(rows: Sequence[Row], i: int) -> list[str]:
    """The cells of a column that are no title over the whole width."""
    return [row[i] for _, row in rows if i < len(row) and row[i].strip() and sum(map(bool, row)) > 1]


def _mostly_names(cells: Sequence[str], keeper: Keeper) -> bool:
    known = sum(_any(cell, keeper) for cell in cells)
    return known > 1 and known >= _MOST * len(cells)


def _any(cell: str, keeper: Keeper) -> bool:
    return keeper.found.source.names.anything(_name(cell)) is not None


def _is_number(cell: str) -> bool:
    return isinstance(read_number(answer(cell)), Typed)


def _name(cell: str) -> str:
    return bare(cell).rstrip("=: ")


def _named(body: Sequence[Row], blocks: Sequence[ColumnBlock | Turned], keeper: Keeper) -> bool:
    """Whether most of what stands below the headings of the names are names, of lines, units or letters of units."""
    known = seen = 0
    for _, row in body:
        again = _blocks(row, keeper)
        blocks = again or blocks
        if again or sum(map(bool, row)) < 2:  # noqa: PLR2004 - a name and an answer
            continue
        for block in blocks:
            if block.names < len(row) and row[block.names].strip():
                seen += 1
                known += _is_named(row, block, keeper)
    return bool(seen) and known >= _MOST * seen


def _is_named(row: Sequence[str], block: ColumnBlock | Turned, keeper: Keeper) -> bool:
    cell = row[block.names]
    if _any(cell, keeper):
        return True
    if isinstance(block, Turned):
        return block.unit(row, keeper) > 0
    return any(True for _ in _meant(cell, block, keeper))


def _meant(cell: str, block: ColumnBlock, keeper: Keeper) -> Iterator[Quantity]:
    for _, column in block.others:
        if column.kind == "unit" and (quantity := of_column(_name(cell), column, keeper)) is not None:
            yield quantity


def _row(row: Sequence[str], blocks: Sequence[ColumnBlock | Turned], keeper: Keeper, place: str) -> None:
    filled = [cell for cell in row if cell.strip()]
    if len(filled) == 1 and not _any(filled[0], keeper):
        keeper.head(filled[0])
        return
    for block in blocks:
        if isinstance(block, Turned):
            _turned(row, block, keeper, place)
        else:
            _straight(row, block, keeper, place)


def _turned(row: Sequence[str], block: Turned, keeper: Keeper, place: str) -> None:
    """A row of a unit; else a line's name and the one answer beside it."""
    if block.row(row, keeper, place) or block.names >= len(row):
        return
    name = _name(row[block.names])
    beside = [row[i] for i, _ in block.stems if i < len(row) and row[i].strip()]
    if len(beside) == 1:
        _straight([name, beside[0]], ColumnBlock(0, ((1, ColumnRole("answer")),)), keeper, place)
    elif name and has_digit("".join(beside)):
        keeper.lost(name, " ".join(beside), place)


def _stands_alone(name: str, cells: Sequence[tuple[ColumnRole, str]], keeper: Keeper) -> bool:
    """Whether a row is a line and its answer below a table that is about something else: `loss E, 0.03`."""
    column, first = cells[0]
    return (
        column.kind in ("old", "unit")
        and bool(first.strip())
        and not any(cell.strip() for _, cell in cells[1:])
        and of_column(name, column, keeper) is None
        and keeper.found.source.names.find(name) is not None
    )


def _straight(row: Sequence[str], block: ColumnBlock, keeper: Keeper, place: str) -> None:
    """A row of a name with its answer, or with what each of several columns says of it."""
    name = _name(row[block.names]) if block.names < len(row) else ""
    if not name:
        return
    cells = [(column, row[i] if i < len(row) else "") for i, column in block.others]
    if _stands_alone(name, cells, keeper):
        cells = [(ColumnRole("answer"), cells[0][1])]
    single = next((cell for column, cell in cells if column.kind == "answer"), None)
    if single is not None:
        text = answer(single.strip(EMPHASIS))
        keep(NamedAnswer(name, text, keeper.line_of(name, keeper.context)), place, keeper)
        cells = [(column, cell) for column, cell in cells if column.kind in ("new", "check", "gradient")]
    kept = [in_column(name, column, cell, keeper, place) for column, cell in cells]
    if not all(kept) and has_digit("".join(cell for _, cell in cells)):
        keeper.lost(name, " ".join(cell for _, cell in cells), place)
