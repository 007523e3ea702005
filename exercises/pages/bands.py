"""Lines to fill in, side by side: what shares a row of the worksheet, and what stays together on a page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from exercises.pages.paging import LineBlock
from exercises.pages.sheet_sections import work_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.networks.steps import Step
    from exercises.pages.sheet_sections import LineGroup, Section
    from exercises.problems.problem import Problem

BAND = 4  # lines that stay together on a page, so that a long column can still break


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One row: its step, the height of its work space in lines of handwriting."""

    step: Step
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """Rows below one another, with a caption above; " " keeps a caption's place empty."""

    caption: str
    rows: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """What stands side by side and is never parted by the end of a page: one wide cell or two halves.

    number: its place among all bands of the worksheet.
    begins: whether it is the first of a group of lines that stand below one another.
    above:  how much space is left above it to work in, in millimetres, unless it begins a page.
    tail: whether it must not be the first on a page, such as a section's last that is only one row high.
    """

    cells: tuple[Cell, ...]
    wide: bool = False
    tail: bool = False
    number: int = 0
    begins: bool = False
    above: float = 0.0
    worked_out = True

    def kept(self) -> Band:
        """The same on the page of what stands above it."""
        return replace(self, tail=True)

    def block(self, *, opens: bool) -> LineBlock:
        """What it takes on a page."""
        rows = max(sum(row.lines for row in cell.rows) for cell in self.cells)
        captions = any(cell.caption for cell in self.cells)
        return LineBlock(int(captions), rows, opens=opens, glued=self.tail, above=self.above)


def bands(problem: Problem, section: Section) -> list[Band]:
    """Set a section's groups side by side: columns in pairs, and two short groups next to each other."""
    found: list[Band] = []
    waiting: list[Cell] = []  # a group of a single short line, until its neighbour is known
    for group in section.groups:
        if not group.wide and len(group.columns) == 1:
            waiting += _cells(group)
            if len(waiting) > 1:
                found.append(Band(tuple(waiting)))
                waiting = []
            continue
        if waiting:
            found.append(Band(tuple(waiting)))
            waiting = []
        found += _wide(problem, group) if group.wide else _pairs(group)
    if waiting:
        found.append(Band(tuple(waiting)))
    if len(found) > 1 and all(len(cell.rows) == 1 for cell in found[-1].cells):
        found[-1] = found[-1].kept()
    return found


def bands_apart(problem: Problem, section: Section, room: float) -> list[Band]:
    """Set a section's lines below one another, each with `room` millimetres to work in."""
    return [band for group in section.groups for band in _wide(problem, group, room)]


def _wide(problem: Problem, group: LineGroup, room: float | None = None) -> Iterator[Band]:
    for number, step in enumerate(group.steps):
        caption = "" if number else group.caption
        cell = Cell(caption, (AnswerLine(step, work_lines(problem, step, room)),))
        tail = room is not None and number in (1, len(group.steps) - 1)  # two at least on a page
        yield Band((cell,), wide=True, begins=not number, tail=tail and number > 0)


def _pairs(group: LineGroup) -> Iterator[Band]:
    """Two columns abreast, in bands of a few lines."""
    first = True
    for pair in abreast(group):
        for start in range(0, max(len(column) for column in pair), BAND):
            caption = group.caption if first else ""
            parts = [tuple(AnswerLine(s) for s in column[start : start + BAND]) for column in pair]
            captions = [caption, " " if caption else ""]
            yield Band(tuple(Cell(c, rows) for c, rows in zip(captions, parts, strict=False)))
            first = False


def abreast(group: LineGroup) -> Iterator[tuple[tuple[Step, ...], ...]]:
    """Columns two by two; a last one that is alone, and long, is cut in two."""
    for start in range(0, len(group.columns), 2):
        pair = group.columns[start : start + 2]
        middle = -(-len(pair[0]) // 2)
        alone = len(pair) == 1 and middle < len(pair[0])
        yield (pair[0][:middle], pair[0][middle:]) if alone else pair


def _cells(group: LineGroup) -> Iterator[Cell]:
    for column in group.columns:
        yield Cell(group.caption, tuple(AnswerLine(step) for step in column))
