"""What a person has to settle, and which exercises a course has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.course.placing.placed import NO_TIME, SheetStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.course.people.people import Student
    from grader.course.placing.by_hand import ByHand
    from grader.course.placing.placed import Course, Placed


BLANK = "handed in without an answer"
PENDING = "pending"
WORDS = "in own words"  # read by a person
LOOKED = "look"
HALF = "half read"
OTHERS = "another problem's answers"
LATE = "late"
FEW = "too few lines"
FINAL = frozenset({BLANK, WORDS, LOOKED, OTHERS, LATE, FEW})  # no mark waits for these
HANDWRITING = "handwriting"
ALIKE, MOMENT = 3, 120  # late files of one and the same time, in seconds: hardly anybody hands in so


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Something for a person to settle. kind: what is the matter, in a word or two."""

    kind: str
    note: str
    file: str = ""
    place: str = ""
    student: Student | None = None
    exercise: str = ""
    code: str = ""
    quantity: str = ""


def unsettled(course: Course, placed: Sequence[Placed]) -> list[Unsettled]:
    """Everything about whole sheets that a person has to settle, in the order of the files, then of the roster.

    Of two sheets of which a person said that one counts, the other is settled as well.
    """
    found = [
        Unsettled(
            "handed in twice" if one.status is SheetStatus.SUPERSEDED else one.status.value,
            one.note, one.sheet.file, one.sheet.place, one.student, one.exercise, one.code,
        )
        for one in placed
        if one.status not in {SheetStatus.GRADED, SheetStatus.PASSED_OVER}
        and not (one.status is SheetStatus.SUPERSEDED and one.settled)
    ]  # fmt: skip
    return [*found, *_blank(placed), *_missing(course, placed), *_times(placed)]


def _times(placed: Sequence[Placed]) -> Iterator[Unsettled]:
    """Where the times of files are in doubt: when a table was downloaded, or a folder unpacked, nobody handed in."""
    for file in dict.fromkeys(one.sheet.file for one in placed if NO_TIME in one.note):
        yield Unsettled(LATE, NO_TIME, file)
    late = {one.sheet.file: one.modified for one in placed if one.late and one.status is SheetStatus.GRADED}
    if len(late) >= ALIKE and max(late.values()) - min(late.values()) <= MOMENT:
        note = f"all {len(late)} late files were last changed within {MOMENT} seconds: if that is when they were copied "
        yield Unsettled(
            LATE, f"{note}or unpacked, their own times are lost; put off `due` in policy.toml then"
        )


def _blank(placed: Sequence[Placed]) -> Iterator[Unsettled]:
    """Whoever handed in sheets without an answer, which count 0: perhaps the wrong file was handed in."""
    sheets: dict[Student, list[Placed]] = {}
    for one in placed:
        if one.status is SheetStatus.GRADED and one.student is not None:
            sheets.setdefault(one.student, []).append(one)
    for student, mine in sheets.items():
        if all(one.sheet.is_blank for one in mine):
            exercise = mine[0].exercise if len(mine) == 1 else ""
            note = "no line of it holds an answer; it counts 0"
            yield Unsettled(BLANK, note, mine[0].sheet.file, student=student, exercise=exercise)


def _missing(course: Course, placed: Sequence[Placed]) -> Iterator[Unsettled]:
    """Whoever handed in nothing that counts, for each exercise."""
    if course.roster.open:
        return
    there = {(one.student, one.exercise) for one in placed if one.status is SheetStatus.GRADED}
    everything = graded_here(course, placed)
    for student in course.roster.students:
        own = course.manifest.own(student)
        wanted = (
            {e.exercise: e.code if e.student_id else "" for e in own.values()}
            if course.manifest
            else dict.fromkeys(everything, "")
        )
        for entry in course.manifest.marked_by_hand(student):
            note = "a person marks it: fill in points, or use --marks"
            yield Unsettled("marked by hand", note, student=student, exercise=entry.exercise)
        if course.manifest and not own:
            yield Unsettled("no problem", "the manifest has no problem for this student", student=student)
        for exercise, code in wanted.items():
            if (student, exercise) not in there:
                yield Unsettled(
                    "missing", "nothing that counts", student=student, exercise=exercise, code=code
                )


def still_open(
    matters: Iterable[Unsettled], by_hand: ByHand, everything: Sequence[str]
) -> Iterator[Unsettled]:
    """What is left to settle where a person has given marks: nothing that only their mark could wait for."""
    for matter in matters:
        student = matter.student
        about = (matter.exercise,) if matter.exercise else everything
        if (
            student is None
            or matter.kind in FINAL
            or not about
            or not all((student, name) in by_hand for name in about)
        ):
            yield matter


def exercises(course: Course, placed: Iterable[Placed]) -> tuple[str, ...]:
    """The exercises of the course, in order: those that are graded here, and behind them those marked by hand only."""
    by_hand = [one.exercise for one in course.marks if one.out_of is not None]
    return tuple(dict.fromkeys([*graded_here(course, placed), *by_hand]))


def graded_here(course: Course, placed: Iterable[Placed]) -> tuple[str, ...]:
    """The exercises of which there are problems, in order."""
    named = [one.exercise for one in placed if one.exercise and one.status is SheetStatus.GRADED]
    if course.manifest:
        return tuple(dict.fromkeys([*course.manifest.exercises, *named]))
    return tuple(
        dict.fromkeys([course.known_problems.exercise(code) for code in course.known_problems.problems])
    )
