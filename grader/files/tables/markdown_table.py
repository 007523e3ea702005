"""Tables in Markdown: a row an answer, `| δ₃ | −0.0027 |`, or the names in the head and the answers below."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.files.extraction.keeping import keep
from grader.files.extraction.named_answer import NamedAnswer
from grader.files.labels.cells import EMPHASIS, bare, only
from grader.files.labels.headings import NOBODY, PersonPart, who
from grader.files.tables.heads import TOWARDS
from grader.files.tables.read_grid import read_grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.formulas.quantity import Quantity
    from grader.files.extraction.keeper import Keeper
    from grader.files.extraction.source import Answers

_RULE = re.compile(r"[|:\-\s]+")
_LINES = "┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬╭╮╰╯"
DRAWN = str.maketrans("│┃║─━═" + _LINES, "|||---" + "+" * len(_LINES))  # a table in signs that draw lines
FRAME = re.compile(
    r"(?=.*\+)[|+](?:[-=:]{2,}[|+])+|\\(?:hline|toprule|midrule|bottomrule)"
)  # +------+-------+
_BAR = re.compile(r"(?<!\\)\|")
_ANSWER = ("answer", "value", "result", "antwort", "wert", "ergebnis")


def is_row(line: str) -> bool:
    """Whether a line is a row of a table of two columns or more."""
    return (line.startswith("|") and len(_BAR.findall(line)) > 2) or bool(re.fullmatch(r"\|[^|=:]+\|", line))  # noqa: PLR2004


def read_table(lines: Sequence[tuple[int, str]], keeper: Keeper) -> None:
    """Gather the answers of one table from its lines, each with its number."""
    found = keeper.found
    rows = [
        (number, [bare(cell) for cell in _BAR.split(line.strip("|"))])
        for number, line in lines
        if not _RULE.fullmatch(line)
    ]
    if not rows or read_grid(rows, keeper, "line"):
        return
    head = rows[0][1]
    ruled = len(rows) < len(lines)  # a rule below the head
    named = [None if TOWARDS.match(cell) else found.source.names.find(cell) for cell in head]
    if len(rows) > 1 and sum(q is not None for q in named) > 1 and not _has_number(head):
        if len(rows) > 2 and _differ([row for _, row in rows[1:]], named):  # noqa: PLR2004 - a head and two rows
            for number, row in rows[1:]:
                keeper.leave(" | ".join(row), f"line {number}")
            what = "several rows of numbers below the same names, and nothing tells which are the answers; not read"
            keeper.sheet.complain(f"line {rows[0][0]}", what)
            return
        for number, row in rows[1:]:
            for name, cell in zip(head, row, strict=False):
                _keep(name, cell, f"line {number}", keeper)
        return
    column = next((i for i, cell in enumerate(head) if cell.lower().startswith(_ANSWER)), None)
    if column is None and _has_runs(rows, found):
        rows = [(number, [cell or "?" for cell in row]) for number, row in rows]
    for number, row in rows:
        if _row((number, row), column, keeper, head=ruled and number == rows[0][0]):
            keeper.leave(" | ".join(row), f"line {number}")
            keeper.sheet.unknown(f"line {number}", row[0])


def _differ(rows: Sequence[Sequence[str]], named: Sequence[Quantity | None]) -> bool:
    """Whether two rows give one line two numbers."""
    cells = zip(
        *([cell for cell, q in zip(row, named, strict=False) if q is not None] for row in rows), strict=False
    )
    return any(len({cell for cell in column if _has_number([cell])}) > 1 for column in cells)


def _has_runs(rows: Sequence[tuple[int, Sequence[str]]], found: Answers) -> bool:
    """Whether a name has several numbers beside it, so that one alone tells nothing without its column."""
    return any(_is_name(row[0], found) and ";" in only(row[1:]) for _, row in rows if row)


def _row(numbered: tuple[int, list[str]], column: int | None, keeper: Keeper, *, head: bool) -> bool:
    """Each name of a row with its answer: below the head's “answer”, else the last cell before the next name.

    True if the row holds a number, but the name of no line.
    """
    number, row = numbered
    starts = [i for i, cell in enumerate(row) if _is_name(cell, keeper.found)]
    if not starts:
        return not head and bool(row[0]) and _has_number(row[1:])
    for start, end in zip(starts, [*starts[1:], len(row)], strict=True):
        cells = [cell for cell in row[start + 1 : end] if cell]
        chosen = row[column] if column is not None and start < column < end else only(cells)
        if not head or cells:
            _keep(row[start], chosen, f"line {number}", keeper)
    return False


def _keep(name: str, cell: str, place: str, keeper: Keeper) -> None:
    """Keep what stands beside a name, as below its heading."""
    quantity = keeper.line_of(name, keeper.context)
    if quantity is None:
        keeper.found.named(name, cell.strip(EMPHASIS))
    else:
        keep(NamedAnswer(name, cell.strip(EMPHASIS), quantity), place, keeper)


def _is_name(cell: str, found: Answers) -> bool:
    kind = who(cell)
    return bool(cell) and (
        kind is PersonPart.CODE or kind not in NOBODY or found.source.names.find(cell) is not None
    )


def _has_number(cells: Sequence[str]) -> bool:
    return any(cell.lstrip("+-−–≈. ")[:1].isdigit() for cell in cells)
