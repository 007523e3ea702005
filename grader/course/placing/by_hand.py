"""Marks that a person gives for a whole exercise: on paper, in words, or because nothing will come any more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exercises.common.csv_cells import bare
from exercises.common.errors import ByhandError, FileError
from exercises.common.wording import nearest
from grader.answers.numbers import clean
from grader.course.people.csv_tables import rows_of, shown
from grader.course.placing.placed import HandMark
from grader.course.placing.settled import NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from grader.course.people.people import Student
    from grader.course.placing.placed import Course

_EXPECTED = "marks with the columns exercise, student and points"
_MOST = 1e6

ByHand = dict[tuple["Student", str], HandMark]  # by student and exercise


def read_marks(path: Path) -> tuple[HandMark, ...]:
    """The marks in a table: exercise (or code), student (or student_id), points, and out_of where the exercise is new.

    Only the rows with points are marks. Raises FileError with every fault found.
    """
    numbered = rows_of(path, _EXPECTED)
    heads = [cell.strip().casefold() for cell in numbered[0][1]] if numbered else []
    heads = ["student" if head in {"student_id", "id"} and "student" not in heads else head for head in heads]
    settled = path.name == NAME
    if not settled and not {"student", "points"} <= set(heads):
        raise FileError(f"{path}: no header with student and points; expected {_EXPECTED}")
    faults: list[str] = []
    found: dict[tuple[str, str, str], HandMark] = {}
    for number, row in numbered[1:]:
        cells = {name: bare(row[i].strip()) if i < len(row) else "" for i, name in enumerate(heads)}
        if not cells.get("points"):  # not marked yet, and so nothing is decided
            continue
        origin = f"{path.name}, row {number}"
        points, out_of = (_number(cells.get(name, ""), name, origin, faults) for name in ("points", "out_of"))
        if not cells.get("student"):
            faults.append(f"{origin}: no student")
        one = HandMark(
            cells.get("student", ""), cells.get("exercise", ""), cells.get("code", "").upper(), points or 0.0, out_of,
            origin,
        )  # fmt: skip
        first = found.setdefault((one.student, one.exercise, one.code), one)
        if first is not one:
            faults.append(f"{origin}: a mark of the same exercise as in {first.origin}; keep one of them")
    if faults:
        raise FileError(*faults)
    return tuple(found.values())


def _number(text: str, name: str, origin: str, faults: list[str]) -> float | None:
    if not text:
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value <= _MOST:  # NaN fails as well
        faults.append(f"{origin}: {name}: “{clean(text, 40)}” is no number of points")
        return None
    return value


def resolve(course: Course, exercises: Sequence[str]) -> tuple[ByHand, tuple[str, ...]]:
    """Whose marks they are and for what; and what is to be said, also of those who have left.

    exercises: the names of those that are graded here. Raises ByhandError for a mark that means nobody, or nothing.
    """
    found: ByHand = {}
    faults: list[str] = []
    said: list[str] = []
    new = {one.exercise: one.out_of for one in course.marks if one.out_of is not None}
    for one in course.marks:
        students = course.roster.called(one.student)
        if not students:
            said.append(f"{one.origin}: “{one.student}” is no student of this course; passed over")
            continue
        if len(students) > 1:
            fits = " and ".join(student.shown for student in students[:4])
            faults.append(f"{one.origin}: “{one.student}” fits {fits}; use the id")
            continue
        named = _exercise(course, one, students[0], exercises, new)
        if named not in exercises and named not in new:
            more = nearest(named, exercises) if named else f"expected one of {', '.join(exercises[:12])}"
            faults.append(
                f"{one.origin}: “{named}” is no exercise of this course; {more}; a new one needs out_of, what it is worth"
            )
            continue
        worth = course.points(students[0], named)
        most = one.out_of if one.out_of is not None else new.get(named) if worth is None else worth
        if most is not None and one.points > most:
            said.append(
                f"{one.origin}: {students[0].shown} gets {shown(one.points)} of {shown(most)} for exercise {named}"
            )
        first = found.setdefault((students[0], named), one)
        if first is not one:
            faults.append(
                f"{one.origin}: {students[0].shown} has a mark for exercise {named} already ({first.origin})"
            )
    if faults:
        raise ByhandError(*faults)
    return found, tuple(said)


def _exercise(
    course: Course, one: HandMark, student: Student, exercises: Sequence[str], new: Mapping[str, object]
) -> str:
    """The name of the exercise that a mark is for: as written, by the code, or the only one."""
    if one.exercise:
        plain = re.sub(r"^exercise\s+", "", one.exercise, flags=re.IGNORECASE)  # as its page is headed
        known = {*exercises, *new}
        return plain if plain in known and one.exercise not in known else one.exercise
    if one.code:
        return course.exercise(student, one.code) if one.code in course.known_problems.problems else ""
    return exercises[0] if len(exercises) == 1 and not new else ""


def kept(before: Iterable[HandMark]) -> tuple[HandMark, ...]:
    """The marks of an earlier run that stand in no file here: those of settled.csv are read anew."""
    return tuple(one for one in before if not one.origin.startswith(f"{NAME},"))
