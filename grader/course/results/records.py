"""The marks of a course: a record for each student and exercise, and what comes of them for each student."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from grader.course.people.csv_tables import shown
from grader.course.placing.placed import SheetStatus
from grader.course.results.unsettled import FINAL, PENDING, Unsettled, exercises
from grader.feedback.report_lines import with_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from grader.course.people.people import Student
    from grader.course.placing.by_hand import ByHand
    from grader.course.placing.placed import Course, Placed
    from grader.course.work.other_keys import Likeness


@dataclass(frozen=True, slots=True)
class Record:
    """What one student reached in one exercise.

    placed:        the sheet that counts.
    score, out_of: in marks of the sheet's own lines.
    points:        what the exercise is worth; `out_of` where nobody said.
    unread:        the lines that a person must look at.
    overridden:    the lines that a person decided on.
    content:       gives the record of `grade --json`, a line of JSON.
    flags:         what a person should know of the sheet, in a word each.
    likeness:      whose answers these are, if they are those of another problem of the course.
    share:         what is left of the points, 0 to 1, of a sheet that was late or holds too little.
    by_hand:       the mark that a person gave for the exercise, which is final; None without one.
    """

    placed: Placed
    score: float
    out_of: float
    points: float
    unread: tuple[str, ...]
    overridden: tuple[str, ...]
    content: Callable[[], str]
    flags: tuple[str, ...] = ()
    likeness: Likeness | None = None
    share: float = 1.0
    by_hand: float | None = None

    @property
    def student(self) -> Student:
        """Whose it is."""
        assert self.placed.student is not None  # noqa: S101 - only sheets with a student are graded
        return self.placed.student

    @property
    def earned(self) -> float | None:
        """Points for the exercise; None where nothing on the sheet could be counted."""
        if self.by_hand is not None:
            return self.by_hand
        return round(self.points * self.score / self.out_of * self.share, 4) if self.out_of else None

    def line(self) -> str:
        """The line of results.jsonl."""
        head: dict[str, Any] = {
            "student_id": self.student.id,
            "exercise": self.placed.exercise,
            "points": self.points,
            "earned": self.earned,
            "file": self.placed.sheet.where,
            "overridden": list(self.overridden),
        }
        if self.placed.late:
            head["days_late"] = self.placed.late
        if self.share != 1:
            head["share"] = self.share
        if self.by_hand is not None:
            head["by_hand"] = True
        if self.likeness is not None:
            head["answers_of"] = self.likeness.code
        return with_columns(self.content(), head)


@dataclass(frozen=True, slots=True)
class StudentRow:
    """A student's row: points by exercise, their sum (None without any), what could be had, why a person should look.

    waits: whether the sum is not final, because somebody has to look or something is missing.
    late:  the most days that a sheet of theirs was late.
    """

    student: Student
    earned: dict[str, float]
    total: float | None
    out_of: float | None
    needs: str
    waits: bool
    late: int = 0


@dataclass(frozen=True)
class Results:
    """Everything that a run has found out.

    files:   every sheet and file with what became of it.
    records: in the order of the students, then of the exercises.
    unsettled: what a person has to settle.
    by_hand: the marks that persons gave for whole exercises.
    said:    of decisions that were passed over.
    """

    course: Course
    files: tuple[Placed, ...]
    records: tuple[Record, ...]
    unsettled: tuple[Unsettled, ...]
    by_hand: ByHand = field(default_factory=dict)
    said: tuple[str, ...] = ()

    @property
    def exercises(self) -> tuple[str, ...]:
        """The exercises' names, in order."""
        return exercises(self.course, self.files)

    @property
    def students(self) -> tuple[Student, ...]:
        """Everybody: the roster, or whoever handed something in."""
        return everybody(self.course, self.files)

    def to_settle(self) -> list[Unsettled]:
        """What a person has to settle, and below it every sum that is written although it waits for that."""
        return [
            *self.unsettled,
            *(_pending(row) for row in self.rows if row.waits and row.total is not None),
        ]

    @cached_property
    def rows(self) -> tuple[StudentRow, ...]:
        """A row for each student."""
        return tuple(self._rows())

    def _rows(self) -> Iterator[StudentRow]:
        by_student: dict[Student, list[Record]] = {}
        for record in self.records:
            by_student.setdefault(record.student, []).append(record)
        given: dict[Student, dict[str, float]] = {}
        for (who, name), mark in self.by_hand.items():
            given.setdefault(who, {})[name] = mark.points
        needs: dict[Student, list[Unsettled]] = {}
        for matter in self.unsettled:
            if matter.student is not None:
                needs.setdefault(matter.student, []).append(matter)
        everything = self.exercises
        worth = {name: self._worth(name) for name in everything}
        for student in self.students:
            mine = by_student.get(student, [])
            earned = {r.placed.exercise: r.earned for r in mine if r.earned is not None}
            earned |= given.get(student, {})
            manifest = self.course.manifest
            own = [*manifest.own(student).values(), *manifest.marked_by_hand(student)]
            names = dict.fromkeys(e.exercise for e in own) if self.course.manifest else dict.fromkeys(worth)
            possible = {name: worth.get(name) for name in (*names, *earned)}
            possible |= {r.placed.exercise: r.points for r in mine}
            known = [points for points in possible.values() if points is not None]
            total = round(sum(earned.values()), 4) if earned else None
            yield StudentRow(
                student,
                earned,
                total,
                round(sum(known), 4) if known else None,
                _short(needs.get(student, ()), everything),
                any(matter.kind not in FINAL for matter in needs.get(student, ())),
                max((r.placed.late for r in mine), default=0),
            )

    def _worth(self, exercise: str) -> float | None:
        """What an exercise is worth to somebody who handed in nothing."""
        said = next((e.points for e in self.course.manifest.entries if e.exercise == exercise), None)
        if said is not None:
            return said
        by_hand = (one.out_of for one in self.course.marks if one.exercise == exercise)
        if (said := next((worth for worth in by_hand if worth is not None), None)) is not None:
            return said
        return max((r.points for r in self.records if r.placed.exercise == exercise), default=None)


def everybody(course: Course, placed: Sequence[Placed]) -> tuple[Student, ...]:
    """The students of a course in order; without a roster those who handed something in, by name."""
    if not course.roster.open:
        return course.roster.students
    found = dict.fromkeys(one.student for one in placed if one.student is not None)
    return tuple(sorted(found, key=lambda s: (s.name.casefold(), s.id)))


def _short(unsettled: Sequence[Unsettled], several: Sequence[str]) -> str:
    """Matters in a cell of a table: each kind once, with the exercises and lines that it is about."""
    found: dict[str, dict[str, None]] = {}
    for matter in unsettled:
        exercise = matter.exercise if len(several) > 1 else ""
        kind = f"{matter.kind}: exercise" if exercise else f"{matter.kind}:"
        where = " ".join(part for part in (exercise, matter.quantity) if part)
        found.setdefault(kind, {}).update({where: None} if where else {})
    return "; ".join(f"{kind} {', '.join(where)}" if where else kind[:-1] for kind, where in found.items())


def _pending(row: StudentRow) -> Unsettled:
    """A sum that goes into the gradebooks although it is not final."""
    assert row.total is not None  # noqa: S101 - only what is written is pending
    of = "" if row.out_of is None else f" of {shown(row.out_of)}"
    return Unsettled(PENDING, f"{shown(row.total)}{of} so far, not final: {row.needs}", student=row.student)


def in_order(course: Course, placed: Sequence[Placed]) -> list[Placed]:
    """The sheets that count, in the order of the students, then of the exercises."""
    place = {student: n for n, student in enumerate(everybody(course, placed))}
    number = {name: n for n, name in enumerate(exercises(course, placed))}
    counting = [one for one in placed if one.status is SheetStatus.GRADED and one.student is not None]
    return sorted(counting, key=lambda one: (place[one.student], number[one.exercise]))  # type: ignore[index]
