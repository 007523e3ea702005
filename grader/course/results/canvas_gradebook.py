"""The gradebook of Canvas, as exported, with one column filled in; every other byte of it stays as it is.

Its quirks: names as “Last, First”; a row “Points Possible” below the header, sometimes behind one more; a row
“Student, Test” at the end; columns for several ids; columns marked “(read only)”; a mark of UTF-8 in front;
commas or, in some languages, semicolons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exercises.common.errors import FileError
from exercises.common.wording import nearest
from grader.course.people.csv_tables import bytes_of, plain
from grader.course.people.people import id_key, name_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.course.people.people import Student

_BOM = b"\xef\xbb\xbf"
_IDS = ("SIS User ID", "SIS Login ID", "ID", "Integration ID")
_POINTS = "points possible"
_TEST = "student, test"
_READ_ONLY = "(read only)"
_EXPECTED = "the gradebook as Canvas exports it (CSV)"


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
    matched:   how many marks were entered.
    changed:   those of them that replaced another mark.
    unmatched: who has a mark, but no row.
    possible:  what the column is out of; None if it does not say.
    """

    data: bytes
    matched: int
    changed: tuple[MarkChange, ...]
    unmatched: tuple[Student, ...]
    possible: float | None


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
    if any(_text(row[place]).strip().casefold() == _READ_ONLY for row in rows[1:above] if place < len(row)):
        raise FileError(f"{path}: the column “{column}” is read only; Canvas works it out itself")
    finder = _Finder(heads, rows[above:])
    unmatched, changed, matched = [], [], 0
    for student, points in marks:
        row = finder.row(student)
        if row is None or place >= len(row):
            unmatched.append(student)
        else:
            if _differs(old := _text(row[place]).strip(), points):
                changed.append(MarkChange(student, old, plain(points)))
            row[place] = plain(points) + _ending(row[place])
            matched += 1
    filled = "".join("".join(row) for row in rows)
    possible = _possible(rows[1:above], place)
    return FilledGradebook(mark + filled.encode(), matched, tuple(changed), tuple(unmatched), possible)


def _differs(old: str, points: float) -> bool:
    """Whether a cell says something else than a mark; an empty one says nothing."""
    try:
        return bool(old) and plain(float(old.replace(",", "."))) != plain(points)
    except ValueError:
        return True  # such as “EX”, for excused


def _rows(text: str) -> list[list[str]]:
    """The cells as they stand in the file, each with the delimiter or line end behind it."""
    first = re.sub(r'"(?:[^"]|"")*"', "", text.partition("\n")[0])
    delimiter = ";" if first.count(";") > first.count(",") else ","
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
    if "Student" not in names:
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


class _Finder:
    """Finds a student's row by any of the ids, else by the name."""

    def __init__(self, heads: list[str], rows: list[list[str]]) -> None:
        place = {head.strip(): n for n, head in enumerate(heads)}
        self.ids: list[dict[str, list[str]]] = []
        self.names: dict[str, list[list[str]]] = {}
        people = [row for row in rows if _text(row[0]).strip().casefold() != _TEST]
        for head in _IDS:
            if head in place:
                found = {id_key(_text(row[place[head]])): row for row in people if len(row) > place[head]}
                found.pop("", None)
                self.ids.append(found)
        for row in people:
            for name in name_keys(_text(row[place["Student"]])):
                self.names.setdefault(name, []).append(row)

    def row(self, student: Student) -> list[str] | None:
        """A student's row; None if there is none, or if the name alone does not tell which."""
        for known in self._keys(student):
            for ids in self.ids:
                if known in ids:
                    return ids[known]
        for name in name_keys(student.name):
            rows = self.names.get(name, [])
            if rows:
                return rows[0] if len({id(row) for row in rows}) == 1 else None
        return None

    @staticmethod
    def _keys(student: Student) -> Iterator[str]:
        for known in (student.id, student.email, student.email.partition("@")[0]):
            if known:
                yield id_key(known)
