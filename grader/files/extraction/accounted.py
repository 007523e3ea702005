"""What stands in a file as an answer does and was neither read nor told is left over, lest it be lost without a word."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from grader.files.extraction.standing import numbers, standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from grader.files.extraction.source import Answers, SourceTable


def account(lines: Iterable[tuple[str, str]], found: Answers, sheet: SourceTable) -> None:
    """Leave each line with such a number to a person.

    lines: what the student wrote, line by line or cell by cell, each with its place.
    """
    held = _held(found)
    told = Counter(key for text in found.remarks for key in numbers(text))
    said = Counter(key for text in sheet.reading.complaints for key in numbers(text))
    given = {abs(value) for value in found.source.problem.values.values()}
    open_ones: list[tuple[str, str, Decimal]] = []
    for place, line in lines:
        here = held.get(sheet.at(place), Counter())
        for key in standing(line):
            if here[key]:
                here[key] -= 1
            elif key not in given:
                open_ones.append((place, line, key))
    rest = sum(held.values(), Counter()) + told
    lost: dict[tuple[str, str], None] = {}
    for place, line, key in open_ones:
        if rest[key]:
            rest[key] -= 1
        elif not said[key]:
            lost[place, line] = None
    for place, line in lost:
        found.leave(line, sheet.at(place))


def cells_of(rows: Iterable[tuple[int, Sequence[str]]]) -> Iterator[tuple[str, str]]:
    """The cells of a table, each with the row that it stands in."""
    return ((f"row {number}", cell) for number, row in rows for cell in row if cell.strip())


def _held(found: Answers) -> dict[str, Counter[Decimal]]:
    """What was read, and what is left over already, by its place."""
    out: dict[str, Counter[Decimal]] = {}
    for q, text in found.texts.items():
        out.setdefault(found.places.get(q, ""), Counter()).update(numbers(text))
    for piece in found.left_over:
        out.setdefault(piece.where, Counter()).update(numbers(piece.text))
    return out
