"""Whose each sheet is, to which exercise it belongs, and which of several counts. Nothing is dropped silently."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from exercises.common.file_names import in_number_order
from grader.answers.numbers import clean
from grader.course.people.manifest import CODE
from grader.course.people.people import Identified
from grader.course.placing.answer_sheet import COVER, AnswerSheet, is_hidden
from grader.course.placing.decisions import bind, by_file, file_key
from grader.course.placing.placed import NO_TIME, Course, Placed, SheetStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.course.people.people import Student
    from grader.course.placing.answer_sheet import HandedIn
    from grader.course.placing.placed import Decision


def place(course: Course, handed: Iterable[HandedIn]) -> list[Placed]:
    """Place every sheet: the student, the problem, and which of several sheets counts."""
    kinds = course.known_problems.kinds()
    settled = by_file(course.settled)
    found: list[Placed] = []
    for file in handed:
        if not file.sheets:
            found.append(_without_sheets(course, file))
        bound, _ = bind(settled.get(file_key(file.name), ()), file.sheets)
        own = [
            list(_everybodys(course, sheet, file, kinds, bound.get(n))) for n, sheet in enumerate(file.sheets)
        ]
        found += _without_time(own, bound) if _of_several(own) else [one for sheet in own for one in sheet]
    return list(_latest(course, found))


def _of_several(sheets: Sequence[Sequence[Placed]]) -> bool:
    """Whether a file holds sheets of several who did not hand in together, as a table or a stack of scans does."""
    whose = {frozenset(one.student for one in sheet if one.student is not None) for sheet in sheets}
    return len(whose - {frozenset()}) > 1


def _without_time(sheets: Sequence[Sequence[Placed]], bound: Mapping[int, Decision]) -> Iterator[Placed]:
    """The sheets of a file that somebody put together or downloaded: when that was tells nobody's time."""
    for n, sheet in enumerate(sheets):
        decided = bound.get(n)
        for one in sheet:
            kept = not one.late or (decided is not None and decided.late is not None)
            note = "; ".join(part for part in (one.note, NO_TIME) if part)
            yield one if kept else replace(one, late=0, note=note)


def _without_sheets(course: Course, file: HandedIn) -> Placed:
    """A file without a sheet. One that could not be read is somebody's all the same, if its name tells whose."""
    note = file.complaints[0].removeprefix(f"{file.name}: ") if file.complaints else "nothing in it"
    if is_hidden(file.name) or note == COVER:
        return Placed(AnswerSheet(file.name), file.modified, SheetStatus.PASSED_OVER, note=note)
    student = _named_by(course, file.name)
    if student is not None:
        note += f" (by the file’s name it is {student.name}’s)"
    return Placed(AnswerSheet(file.name), file.modified, SheetStatus.UNREAD, student, note=note)


def _named_by(course: Course, file: str) -> Student | None:
    """Whose file this is by its name: the student's id or name, or the code of one student's problem."""
    named = course.roster.in_file_name(file)
    if not named:
        owners = [
            e for code in CODE.findall(PurePath(file).stem.upper()) for e in course.manifest.owners(code)
        ]
        named = list(dict.fromkeys(s for e in owners for s in course.roster.called(e.student_id)))
    return named[0] if len(named) == 1 else None


def _everybodys(
    course: Course, sheet: AnswerSheet, file: HandedIn, kinds: Mapping[str, str], decided: Decision | None
) -> Iterator[Placed]:
    """A sheet, once for each of those who handed it in together: their IDs stand on it side by side."""
    together = () if decided is not None else course.roster.together(sheet.student_id, sheet.student)
    own = {code for student in together for code in course.manifest.own(student)}
    for student in together:
        one = _one(course, replace(sheet, student_id=student.id, student=""), file, kinds, None)
        if one.status is SheetStatus.SWAPPED and one.code in own:
            one = replace(one, status=SheetStatus.GRADED)
        others = " and ".join(other.shown for other in together if other != student)
        yield replace(one, sheet=sheet, note=f"handed in together with {others}")
    if not together:
        yield _one(course, sheet, file, kinds, decided)


def _one(
    course: Course, sheet: AnswerSheet, file: HandedIn, kinds: Mapping[str, str], decided: Decision | None
) -> Placed:
    modified = file.modified
    if decided is not None:
        students = course.roster.called(decided.student)
        found = (
            Identified(students[0], "settled") if students else course.roster.find(decided.student, "", "")
        )
        sheet = replace(sheet, code=decided.code or sheet.code)
    else:
        found = course.roster.find(sheet.student_id, sheet.student, sheet.file)
    if found.student is None:
        found = _by_code(course, sheet, file, found)
    if found.student is None:
        return Placed(sheet, modified, SheetStatus.STRANGER, code=sheet.code, note=found.note)
    student = found.student
    told = f"told by the {found.how}" if found.how in {"file name", "code"} else ""
    note = "; ".join(part for part in (found.note, told) if part)
    late = course.policy.days_late(modified)
    if decided is not None and decided.late is not None:
        late = decided.late
    placed = Placed(
        sheet, modified, SheetStatus.GRADED, student, note=note, settled=decided is not None, late=late
    )
    if sheet.code and sheet.code not in course.known_problems.problems:
        note = f"no key of problem {sheet.code} among the problems"
        return replace(placed, status=SheetStatus.UNKNOWN_CODE, code=sheet.code, note=note)
    code, taken = (sheet.code, "") if sheet.code else _own_problem(course, sheet, student, kinds)
    if not code:
        return replace(placed, status=SheetStatus.NO_CODE, note=taken)
    note = "; ".join(part for part in (note, taken) if part)
    placed = replace(placed, code=code, exercise=course.exercise(student, code), note=note)
    if decided is None and course.manifest and code not in course.manifest.own(student):
        owner = next((e for e in course.manifest.owners(code)), None)
        whose = f"the problem of {owner.student_name} ({owner.student_id})" if owner else "nobody's problem"
        return replace(placed, status=SheetStatus.SWAPPED, note=f"{code} is {whose}")
    return placed


def _by_code(course: Course, sheet: AnswerSheet, file: HandedIn, found: Identified) -> Identified:
    """Whose problem it is, where the sheet gives no ID, and no name or that of several; otherwise a word about it.

    A problem that everybody has is that student's whose the other sheets of the same file are, as in a booklet.
    """
    owners = _owners(course, sheet.code)
    if len(owners) > 1:
        owners = set.intersection(*(_owners(course, one.code) for one in file.sheets))
    students = course.roster.called(owners.pop()) if len(owners) == 1 else []
    if len(students) != 1:
        return found
    namesakes = () if sheet.student_id else course.roster.called(sheet.student)
    unnamed = not sheet.student_id and sheet.student == clean(PurePath(sheet.file).stem, 80)
    if not unnamed and students[0] not in namesakes:
        return replace(found, note=f"{found.note}; the code is that of {students[0].shown}")
    return Identified(students[0], "code")


def _owners(course: Course, code: str) -> set[str]:
    return {entry.student_id for entry in course.manifest.owners(code)} if code else set()


def _own_problem(
    course: Course, sheet: AnswerSheet, student: Student, kinds: Mapping[str, str]
) -> tuple[str, str]:
    """The problem of a sheet without a code, and a note; an empty code if there is no telling."""
    only = course.known_problems.only()
    if only and not course.manifest:
        return only, ""
    own = [code for code in course.manifest.own(student) if code in course.known_problems.problems]
    alike = [code for code in own if kinds[code] == sheet.like]
    for candidates in (own, alike):
        if len(candidates) == 1:
            return candidates[0], f"no code on it; taken for {student.name}’s own problem {candidates[0]}"
    many = alike or own or list(course.known_problems.problems)
    listed = ", ".join(many[:4]) + (" …" if len(many) > 4 else "")  # noqa: PLR2004
    return "", f"no code on it, and it may be an answer to {listed}; write a line “code: {many[0]}” into it"


def _latest(course: Course, placed: Sequence[Placed]) -> Iterator[Placed]:
    """Of several sheets by one student for one exercise the latest counts; the others are superseded, and it is said."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    whose = {file: course.roster.in_file_name(file) for file in {one.sheet.file for one in placed}}
    for n, one in enumerate(placed):
        if one.status is SheetStatus.GRADED and one.student is not None:
            groups.setdefault((one.student.id, one.student.name, one.exercise), []).append(n)
    beaten: dict[int, Placed] = {}
    for members in groups.values():
        order = [(not _foreign(placed[n], whose), *_when(course, placed[n], n)) for n in members]
        *earlier, last = (n for _, n in sorted(zip(order, members, strict=True)))
        for n in earlier:
            beaten[n] = placed[last]
    for n, one in enumerate(placed):
        if n not in beaten:
            yield one
            continue
        counts = beaten[n]
        strange = _foreign(one, whose) and not _foreign(counts, whose)
        because = "is in no other’s file" if strange else _because(course, one, counts)
        why = f"{counts.sheet.where} counts, which {because}"
        yield replace(one, status=SheetStatus.SUPERSEDED, note=why, settled=counts.settled)


def _foreign(one: Placed, whose: Mapping[str, Sequence[Student]]) -> bool:
    """Whether a sheet is in a file that by its name is another student's, which takes the place of nobody's own."""
    named = whose[one.sheet.file]
    return len(named) == 1 and one.student not in named and not one.settled


def _when(course: Course, one: Placed, number: int) -> tuple[Any, ...]:
    """What orders sheets: a person's word first, then the time, then the name, then the place in the file."""
    time = 0.0 if course.by_name else one.modified
    return one.settled, time, in_number_order(one.sheet.file), number


def _because(course: Course, one: Placed, last: Placed) -> str:
    if last.settled:
        return "a person decided"
    if one.sheet.file == last.sheet.file:
        return "stands further down"
    if course.by_name or one.modified == last.modified:
        return "comes later by its name"
    for digits in (0, 3, 6):  # as many parts of a second as tell the two apart
        later, earlier = _moment(last.modified, digits), _moment(one.modified, digits)
        if later != earlier:
            return f"was changed later ({later}, not {earlier})"
    return "was changed a moment later"


def _moment(seconds: float, digits: int) -> str:
    found = dt.datetime.fromtimestamp(seconds, tz=dt.UTC)
    part = f".{found.microsecond:06}"[: digits + 1] if digits else ""
    return f"{found:%Y-%m-%d %H:%M:%S}{part} UTC"
