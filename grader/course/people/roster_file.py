"""The list of those who are in the course, as a spreadsheet or a learning-management system writes it."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from exercises.common.errors import FileError
from grader.answers.numbers import clean
from grader.course.people.csv_tables import WHOLE, listed, rows_of
from grader.course.people.people import Roster, Student, folded, id_key, name_keys
from grader.files.labels.headings import PersonPart, person, who

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

HEADER_WITHIN = 12  # rows
_SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+\d+")  # 1.23E+09 is all that is left of 1234567890
_NO_NAMES = (PersonPart.ID, PersonPart.MAIL, PersonPart.META, PersonPart.CODE)
_POINT_NOUGHT = re.compile(r"^(\d+)\.0+$")


def read_roster(path: Path) -> Roster:
    """A roster from a CSV file: columns for the id and the name, in any order; a mail address is kept.

    A gradebook that Canvas exported is one too, with the students' numbers there (SIS User ID) where all have one.
    Raises FileError with every fault found.
    """
    rows = rows_of(path, "a roster (CSV with the columns name and id)")
    top, columns = _header(rows, path)
    headings, people = rows[top][1], rows[top + 1 :]
    if (of_school := _of_canvas(headings)) is not None:
        people = [row for row in people if not _of_nobody(row[1], columns)]
        if all(len(row) > of_school and row[of_school].strip() for _, row in people):
            columns[PersonPart.ID] = of_school
    students: list[Student] = []
    faults: list[str] = []
    seen: dict[str, tuple[int, Student]] = {}
    notes: list[str] = []
    for number, row in people:
        one = _student(row, len(headings), columns)
        if one is None:
            continue
        if isinstance(one, str):
            faults.append(f"{path}, row {number}: {one}")
            continue
        first, other = seen.setdefault(id_key(one.id), (number, one))
        if other is one:
            students.append(one)
        elif other.id == one.id and set(name_keys(other.name)) & set(name_keys(one.name)):
            notes.append(f"{path}, row {number}: {one.shown} stands in row {first} too, and counts once")
        else:
            faults.append(f"{path}, row {number}: the id {one.id} stands in row {first} too ({other.shown})")
    if not students and not faults:
        faults.append(f"{path}: no student on the roster")
    if faults:
        raise FileError(*faults)
    return Roster(tuple(students), notes=tuple(notes))


def _student(row: Sequence[str], wide: int, columns: Mapping[PersonPart, int]) -> Student | str | None:
    """Who stands in a row; or what is wrong with it; None in one without anybody."""
    if any(cell.strip() for cell in row[wide:]):
        return "more cells than headings; a name with a comma in it needs quotation marks"
    cells = {kind: clean(listed(row[i]), WHOLE) for kind, i in columns.items() if i < len(row)}
    identity = _POINT_NOUGHT.sub(r"\1", unicodedata.normalize("NFC", cells.get(PersonPart.ID, "")))
    name = person({kind: text for kind, text in cells.items() if kind not in _NO_NAMES})
    if not identity or not name:
        return f"no {'name' if identity else 'id'}" if identity or name else None
    if _SHORTENED.fullmatch(identity):
        return f"the id {identity} was shortened by a spreadsheet; make the column text there before the ids go in"
    return Student(identity, name, cells.get(PersonPart.MAIL, ""))


def _of_canvas(headings: Sequence[str]) -> int | None:
    """The column of the school's own numbers in a gradebook of Canvas; None in every other table."""
    return next((i for i, heading in enumerate(headings) if heading.strip() == "SIS User ID"), None)


def _of_nobody(row: Sequence[str], columns: Mapping[PersonPart, int]) -> bool:
    """Whether a row of such a gradebook is that of the points possible, or of the student whom Canvas makes up."""
    names = (row[i] for kind, i in columns.items() if kind not in _NO_NAMES and i < len(row))
    words = {word for name in names for word in folded(name).replace(",", " ").split()}
    return words in ({"points", "possible"}, {"student", "test"})


def _header(rows: Sequence[tuple[int, list[str]]], path: Path) -> tuple[int, dict[PersonPart, int]]:
    """The row with the headings, and which column is what."""
    for place, (_, row) in enumerate(rows[:HEADER_WITHIN]):
        columns: dict[PersonPart, int] = {}
        for i, heading in enumerate(row):
            kind = who(heading)
            if kind is not None:
                columns.setdefault(kind, i)
        if PersonPart.ID in columns and (
            PersonPart.FULL in columns or PersonPart.LAST in columns or PersonPart.FIRST in columns
        ):
            return place, columns
    raise FileError(f"{path}: no header with the columns name and id; expected a first line such as name,id")
