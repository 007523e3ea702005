"""What a person has to settle, and which exercises a course has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.course.matching import Fate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.course.matching import Course, Placed
    from grader.course.people import Student


@dataclass(frozen=True, slots=True)
class Matter:
    """Something for a person to settle. kind: what is the matter, in a word or two."""

    kind: str
    note: str
    file: str = ""
    place: str = ""
    student: Student | None = None
    exercise: str = ""
    code: str = ""
    quantity: str = ""


def matters(course: Course, placed: Sequence[Placed]) -> list[Matter]:
    """Everything about whole sheets that a person has to settle, in the order of the files, then of the roster."""
    found = [
        Matter(
            "handed in twice" if one.fate is Fate.SUPERSEDED else one.fate.value,
            one.note, one.sheet.file, one.sheet.place, one.student, one.exercise, one.code,
        )
        for one in placed
        if one.fate not in {Fate.GRADED, Fate.PASSED_OVER}
    ]  # fmt: skip
    return found + list(_missing(course, placed))


def _missing(course: Course, placed: Sequence[Placed]) -> Iterator[Matter]:
    """Whoever handed in nothing that counts, for each exercise."""
    if course.roster.open:
        return
    there = {(one.student, one.exercise) for one in placed if one.fate is Fate.GRADED}
    everything = exercises(course, placed)
    for student in course.roster.students:
        own = course.manifest.own(student)
        wanted = (
            {e.exercise: e.code for e in own.values()} if course.manifest else dict.fromkeys(everything, "")
        )
        if course.manifest and not own:
            yield Matter("no problem", "the manifest has no problem for this student", student=student)
        for exercise, code in wanted.items():
            if (student, exercise) not in there:
                yield Matter("missing", "nothing that counts", student=student, exercise=exercise, code=code)


def exercises(course: Course, placed: Iterable[Placed]) -> tuple[str, ...]:
    """The exercises of the course, in order."""
    named = [one.exercise for one in placed if one.exercise and one.fate is Fate.GRADED]
    if course.manifest:
        return tuple(dict.fromkeys([*course.manifest.exercises, *named]))
    return tuple(dict.fromkeys([course.shelf.exercise(code) for code in course.shelf.problems]))
