"""A student's own table, in Markdown, in a `.csv` file or in a workbook: quantity, working and answer below headings.

Several such blocks may stand side by side, titles above them and headings of sections between.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from grader.formats.cells import EMPHASIS, answer, bare
from grader.formats.columns import Column, column_of, in_column, is_head, of_column
from grader.formats.headings import who
from grader.formats.keeping import has_digit
from grader.formats.pieces import Piece
from grader.numbers import Typed, read_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.quantity import Quantity
    from grader.formats.keeping import Keeper

    Row = tuple[int, Sequence[str]]

WIDEST = 60  # columns
HEAD_WITHIN = 12  # rows
LONGEST = 5_000  # rows of one student's table
_MOST = 0.6  # of the cells below “quantity” must be names


@dataclass(frozen=True, slots=True)
class Block:
    """Some columns that belong together: the one of the names, and what stands in the others."""

    names: int
    others: tuple[tuple[int, Column], ...]


def read_grid(rows: Sequence[Row], keeper: Keeper, place: str) -> bool:
    """Read such a table; False, and nothing kept, if it is none.

    place: what a row is called, such as “row” or “line”.
    """
    rows = rows[:LONGEST]
    if not rows or any(len(row) > WIDEST for _, row in rows[:HEAD_WITHIN]):
        return False
    top = next((i for i, (_, row) in enumerate(rows[:HEAD_WITHIN]) if _blocks(row)), None)
    blocks = _blocks(rows[top][1]) if top is not None else _side_by_side(rows, keeper)
    body = rows[top + 1 :] if top is not None else rows
    if not blocks or not _named(body, blocks, keeper):
        return False
    for _, row in rows[: top or 0]:
        _title(row, keeper)
    for number, row in body:
        again = _blocks(row)
        if again:
            blocks = again
        else:
            _row(row, blocks, keeper, f"{place} {number}")
    return True


def _blocks(row: Sequence[str]) -> list[Block]:
    """What the headings of a table announce; nothing if they are none."""
    columns = [column_of(cell) for cell in row]
    if not any(column.kind in ("answer", "new", "unit") for column in columns):
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
        out.append(Block(start, others))
    return out


def _side_by_side(rows: Sequence[Row], keeper: Keeper) -> list[Block]:
    """Several columns of names in a table without headings, each with its answers to the right."""
    width = max(len(row) for _, row in rows)
    starts = [i for i in range(width) if _mostly_names(_column(rows, i), keeper)]
    if len(starts) < 2:  # noqa: PLR2004 - side by side
        return []
    out = []
    for start, end in pairwise([*starts, width]):
        values = [(sum(map(_is_number, _column(rows, i))), i) for i in range(start + 1, end)]
        if not values or not max(values)[0]:
            return []
        out.append(Block(start, ((max(values)[1], Column("answer")),)))
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


def _named(body: Sequence[Row], blocks: Sequence[Block], keeper: Keeper) -> bool:
    """Whether most of what stands below the headings of the names are names, of lines or letters of units."""
    cells = [
        (row[block.names], block)
        for _, row in body
        for block in blocks
        if block.names < len(row) and row[block.names].strip() and sum(map(bool, row)) > 1
    ]
    known = sum(_any(cell, keeper) or bool(list(_meant(cell, block, keeper))) for cell, block in cells)
    return bool(cells) and known >= _MOST * len(cells)


def _meant(cell: str, block: Block, keeper: Keeper) -> Iterator[Quantity]:
    for _, column in block.others:
        if column.kind == "unit" and (quantity := of_column(_name(cell), column, keeper)) is not None:
            yield quantity


def _title(row: Sequence[str], keeper: Keeper) -> None:
    """What stands above the table: “Name” beside a name, or “Name: …” in one cell."""
    filled = [cell.strip() for cell in row if cell.strip()]
    if len(filled) == 2 and who(filled[0]) is not None:  # noqa: PLR2004 - a name and a value
        keeper.found.named(filled[0], filled[1])
        return
    for cell in filled:
        name, colon, value = cell.partition(":")
        if colon and who(name) is not None:
            keeper.found.named(name, value.strip())


def _row(row: Sequence[str], blocks: Sequence[Block], keeper: Keeper, place: str) -> None:
    filled = [cell for cell in row if cell.strip()]
    if len(filled) == 1 and not _any(filled[0], keeper):
        keeper.head(filled[0])
        return
    for block in blocks:
        name = _name(row[block.names]) if block.names < len(row) else ""
        if not name:
            continue
        cells = [(column, row[i] if i < len(row) else "") for i, column in block.others]
        single = next((cell for column, cell in cells if column.kind == "answer"), None)
        if single is not None:
            text = answer(single.strip(EMPHASIS))
            keeper.keep(Piece(name, text, keeper.found.source.names.find(name)), place)
            continue
        kept = [in_column(name, column, cell, keeper, place) for column, cell in cells]
        if not all(kept) and has_digit("".join(cell for _, cell in cells)):
            keeper.sheet.unknown(place, name)
