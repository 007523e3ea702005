"""The gradebook of Canvas, as exported, with one column filled in; every other byte of it stays as it is.

Its quirks: names as “Last, First”, or in two columns; a row “Points Possible” below the header, sometimes behind one
more; a row “Student, Test” at the end; columns for several ids; columns marked “(read only)” in the reader's language;
a mark of UTF-8 in front; commas or, in some languages, semicolons, and then decimal commas too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exercises.common.errors import FileError
from exercises.common.wording import nearest
from grader.course.people.csv_tables import bytes_of, plain
from grader.course.results.gradebook_rows import RowFinder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from grader.course.people.people import Student

_BOM = b"\xef\xbb\xbf"
_POINTS = "points possible"
_NAMES = ({"Student"}, {"LastName", "FirstName"})
_SHOWN = 2  # decimal places that an export shows of a mark
_EXPECTED = "the gradebook as Canvas exports it (CSV)"
_EXCUSED = "ex"  # a person's word, which no mark replaces


@dataclass(frozen=True, slots=True)
class MarkChange:
    """A mark that stood in the column, as it was written, and the other one that stands there now."""

    student: Student
    old: str
    new: str


@dataclass(frozen=True)
class FilledGradebook:
    """A gradebook with a column filled in.

    data:      its bytes.
    matched:   how many marks were entered, or stood there already.
    changed:   those of them that replaced another mark.
    unmatched: who has a mark, but no row that is theirs, and why if there is more to say.
    possible:  what the column is out of; None if it does not say.
    excused:   whom a person has excused there (EX), and the marks that are not entered for that.
    """

    data: bytes
    matched: int
    changed: tuple[MarkChange, ...]
    unmatched: tuple[tuple[Student, str], ...]
    possible: float | None
    excused: tuple[tuple[Student, float], ...] = ()


def fill(path: Path, column: str, marks: Sequence[tuple[Student, float]]) -> FilledGradebook:
    """Enter marks into a column. Raises FileError if there is no such column, or it cannot be written to."""
    data = bytes_of(path, _EXPECTED)
    mark = _BOM if data.startswith(_BOM) else b""
    try:
        text = data[len(mark) :].decode("utf-8")
    except UnicodeDecodeError:
        raise FileError(f"{path}: not UTF-8 text; expected {_EXPECTED}") from None
    rows = _rows(text)
    heads = [_text(cell) for cell in rows[0]] if rows else []
    place = _column(path, heads, column)
    above = _above(rows)
    if any(_is_locked(_text(row[place])) for row in rows[1:above] if place < len(row)):
        raise FileError(f"{path}: the column “{column}” is read only; Canvas works it out itself")
    people = [row for row in rows[above:] if len(row) > place]
    finder = RowFinder(
        [head.strip() for head in heads],
        [[_text(cell) for cell in row] for row in people],
        [student for student, _ in marks],
    )
    written = _writer(text, rows[1:], place)
    unmatched, changed, excused, matched = [], [], [], 0
    for student, points in marks:
        at = finder.row(student)
        if isinstance(at, str):
            unmatched.append((student, at))
            continue
        row = people[at]
        old = _text(row[place]).strip()
        if old.casefold() == _EXCUSED:
            excused.append((student, points))
            continue
        if _differs(old, points):
            changed += [MarkChange(student, old, plain(points))] if old else []
            row[place] = written(points) + _ending(row[place])
        matched += 1
    filled = "".join("".join(row) for row in rows)
    possible = _possible(rows[1:above], place)
    return FilledGradebook(
        mark + filled.encode(), matched, tuple(changed), tuple(unmatched), possible, tuple(excused)
    )


def _is_locked(cell: str) -> bool:
    """Whether a cell above a column says “(read only)”, in whatever language: it is a remark in brackets."""
    return cell.strip().startswith(("(", "（"))


def _differs(old: str, points: float) -> bool:
    """Whether a cell says something else than a mark, of which it may show fewer places than there are."""
    try:
        places = len(old.replace(",", ".").partition(".")[2])
        return plain(float(old.replace(",", "."))) != plain(round(points, max(places, _SHOWN)))
    except ValueError:
        return True  # nothing, or such as “N/A”


def _writer(text: str, rows: Sequence[Sequence[str]], place: int) -> Callable[[float], str]:
    """How marks are written here: with a decimal comma where the column has them, and cells are not parted by commas."""
    commas = any(re.fullmatch(r"\s*\d+,\d+\s*", _text(row[place])) for row in rows if place < len(row))
    if commas and _delimiter(text) == ";":
        return lambda points: plain(points).replace(".", ",")
    return plain


def _rows(text: str) -> list[list[str]]:
    """The cells as they stand in the file, each with the delimiter or line end behind it."""
    delimiter = _delimiter(text)
    cell = re.compile(rf'(?:"(?:[^"]|"")*"|[^{delimiter}\r\n"])*(?:{delimiter}|\r\n|\n|\r|\Z)')
    rows: list[list[str]] = [[]]
    at = 0
    while at < len(text):
        match = cell.match(text, at)
        if match is None:  # a quotation mark that never closes: leave the rest alone
            rows[-1].append(text[at:])
            break
        rows[-1].append(match[0])
        at = match.end()
        if match[0].endswith(("\r", "\n")) and at < len(text):
            rows.append([])
    return [row for row in rows if row]


def _delimiter(text: str) -> str:
    first = re.sub(r'"(?:[^"]|"")*"', "", text.partition("\n")[0])
    return ";" if first.count(";") > first.count(",") else ","


def _ending(cell: str) -> str:
    """The delimiter or line end behind a cell."""
    if cell.endswith("\r\n"):
        return "\r\n"
    return cell[-1] if cell[-1:] in {",", ";", "\r", "\n"} else ""


def _text(cell: str) -> str:
    """What a cell says."""
    bare = cell.removesuffix(_ending(cell)) if _ending(cell) else cell
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        return bare[1:-1].replace('""', '"')
    return bare


def _column(path: Path, heads: list[str], column: str) -> int:
    names = [head.strip() for head in heads]
    if not any(known <= set(names) for known in _NAMES):
        raise FileError(f"{path}: no column “Student”; expected {_EXPECTED}")
    found = [n for n, name in enumerate(names) if name == column.strip()]
    without = [n for n, name in enumerate(names) if re.sub(r"\s*\(\d+\)$", "", name) == column.strip()]
    if len(found or without) == 1:
        return (found or without)[0]
    if not found and not without:
        numbered = [name for name in names if re.search(r"\(\d+\)$", name)] or names
        raise FileError(f"{path}: no column “{column}”; {nearest(column, numbered)}")
    raise FileError(f"{path}: several columns are called “{column}”; give the number in brackets as well")


def _above(rows: list[list[str]]) -> int:
    """How many rows stand above the students: the header, and those down to “Points Possible”."""
    for n, row in enumerate(rows[1:4], 1):
        if _text(row[0]).strip().casefold() == _POINTS:
            return n + 1
    return 1


def _possible(rows: list[list[str]], place: int) -> float | None:
    for row in rows:
        if _text(row[0]).strip().casefold() == _POINTS and place < len(row):
            try:
                return float(_text(row[place]).replace(",", "."))
            except ValueError:
                return None
    return None
