"""Where each sheet of a course belongs, and what a person decided of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from exercises.problems.policy import Policy

if TYPE_CHECKING:
    from grader.course.people.course_problems import CourseProblems
    from grader.course.people.manifest import Manifest
    from grader.course.people.people import Roster, Student
    from grader.course.placing.answer_sheet import AnswerSheet


class SheetStatus(StrEnum):
    """What became of a sheet or a file."""

    GRADED = "graded"
    SUPERSEDED = "superseded"
    SWAPPED = "swapped code"
    STRANGER = "stranger"
    NO_CODE = "which problem?"
    UNKNOWN_CODE = "unknown code"
    UNREAD = "not read"
    PASSED_OVER = "passed over"


NO_TIME = "several students are in this file, so that its time tells nobody's; none of them is late by it"


@dataclass(frozen=True, slots=True)
class Placed:
    """A sheet with what became of it.

    student:  whose it is; None if that cannot be told.
    code:     of the problem that it is graded against; empty if it is not.
    exercise: the exercise's name; empty if unknown.
    note:     why, for people.
    settled:  whether a person decided what becomes of it.
    late:     days begun since it was due.
    """

    sheet: AnswerSheet
    modified: float
    status: SheetStatus
    student: Student | None = None
    code: str = ""
    exercise: str = ""
    note: str = ""
    settled: bool = False
    late: int = 0


@dataclass(frozen=True, slots=True)
class HandMark:
    """A mark that a person gives a student for an exercise; it is final.

    student:  id, name or mail address.
    exercise: its name; empty if the code, or that there is but one, tells which.
    points:   what is given. out_of: what the exercise is worth, where nothing else says so.
    origin:   the row, for messages.
    """

    student: str
    exercise: str
    code: str
    points: float
    out_of: float | None = None
    origin: str = ""


@dataclass(frozen=True)
class Course:
    """What sheets are matched against.

    by_name: of two sheets the one whose file comes last by name counts, not the one that was changed last.
    settled: what a person decided.
    marks:   what a person gave for whole exercises.
    policy:  what is expected of a sheet.
    """

    known_problems: CourseProblems
    manifest: Manifest
    roster: Roster
    by_name: bool = False
    settled: tuple[Decision, ...] = ()
    marks: tuple[HandMark, ...] = ()
    policy: Policy = field(default_factory=Policy)

    def exercise(self, student: Student, code: str) -> str:
        """The exercise to which a problem belongs for a student."""
        own = self.manifest.own(student).get(code)
        if own is not None:
            return own.exercise
        owners = self.manifest.owners(code)
        return owners[0].exercise if owners else self.known_problems.exercise(code)

    def points(self, student: Student, exercise: str) -> float | None:
        """What an exercise is worth to a student; None if nobody said."""
        own = self.manifest.own(student).values()
        mine = next((e.points for e in own if e.exercise == exercise), None)
        if mine is not None:
            return mine
        said = next((e.points for e in self.manifest.entries if e.exercise == exercise), None)
        if said is not None:
            return said
        by_hand = (one.out_of for one in self.marks if one.exercise == exercise)
        return next((worth for worth in by_hand if worth is not None), None)


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of settled.csv: what it binds is this student's, and counts.

    file, place: where the sheets stand; an empty place is any place in the file.
    student:     id, name or mail address.
    code:        only the sheet with this code is bound; empty for all sheets, each with the code that it bears.
    origin:      the row, for messages.
    late:        how many days late it counts as; None for what the clock says.
    """

    file: str
    place: str
    student: str
    code: str
    origin: str = ""
    late: int | None = None
