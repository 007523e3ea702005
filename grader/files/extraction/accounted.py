"""What stands in a file as an answer does and was neither read nor told is left over, lest it be lost without a word."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from grader.files.extraction.source import Answers
from grader.files.extraction.standing import numbers, standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from grader.files.extraction.source import Source, SourceTable

    Line = tuple[str, str]  # its place, and what the student wrote there


def account(lines: Iterable[Line], found: Answers, sheet: SourceTable, aside: Iterable[Line] = ()) -> None:
    """Leave each line with such a number to a person.

    lines: what the student wrote, line by line or cell by cell, each with its place.
    aside: the same where working and remarks stand, which may repeat what was read.
    """
    held = _held(found)
    told = Counter(key for text in found.remarks for key in numbers(text))
    said = Counter(key for text in sheet.reading.complaints for key in _told(text))
    given = _given(found.source)
    open_ones: list[tuple[str, str, Decimal]] = []
    rest = sum(held.values(), Counter()) + told
    known = given | rest.keys() | said.keys()
    for place, line in lines:
        here = held.get(sheet.at(place), Counter())
        for key in standing(line):
            if here[key]:
                here[key] -= 1
                rest[key] -= 1
            elif key not in given:
                open_ones.append((place, line, key))
    lost: dict[Line, None] = {}
    for place, line, key in open_ones:
        if rest[key] > 0:
            rest[key] -= 1
        elif not said[key]:
            lost[place, line] = None
    for place, line in (*lost, *(one for one in aside if set(standing(one[1])) - known)):
        found.leave(line, sheet.at(place))


def account_unread(lines: Iterable[Line], sheet: SourceTable) -> None:
    """Leave a whole table or object of which nothing was read to a person."""
    found = Answers(sheet.source)
    account(lines, found, sheet)
    sheet.reading.left_over += found.left_over


def is_answer_like(text: str, source: Source) -> bool:
    """Whether a text holds a number that stands as an answer and is none of the given values."""
    return bool(set(standing(text)) - _given(source))


def cells_of(rows: Iterable[tuple[int, Sequence[str]]]) -> Iterator[Line]:
    """The cells of a table, each with the row that it stands in."""
    return ((f"row {number}", cell) for number, row in rows for cell in row if cell.strip())


@lru_cache(maxsize=1024)
def _told(complaint: str) -> tuple[Decimal, ...]:
    """The numbers in a complaint: those of a table's first rows are looked into again for each row below."""
    return tuple(numbers(complaint))


def _given(source: Source) -> set[Decimal]:
    return {abs(value) for value in source.problem.values.values()}


def _held(found: Answers) -> dict[str, Counter[Decimal]]:
    """What was read, and what is left over already, by its place."""
    out: dict[str, Counter[Decimal]] = {}
    for q, text in found.texts.items():
        out.setdefault(found.places.get(q, ""), Counter()).update(numbers(text))
    for piece in found.left_over:
        out.setdefault(piece.where, Counter()).update(numbers(piece.text))
    return out
