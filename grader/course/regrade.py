"""Marks recomputed from the stored answers, and what changes by it, mark by mark, before anything is written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.course.people.course_problems import find
from grader.course.people.csv_tables import plain, shown
from grader.course.work.sealed import DAMAGE
from grader.feedback.report_records import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.course.people.course_problems import CourseProblems
    from grader.course.results.records import Results
    from grader.feedback.report_records import Answer


@dataclass(frozen=True, slots=True)
class OldMark:
    """What a line of `results.jsonl` says: points (`earned` is None without a mark) and the report behind them."""

    earned: float | None
    points: float
    report: Report


Old = dict[tuple[str, str, str], OldMark]  # by id, name and exercise


def correct(known_problems: CourseProblems, named: str) -> list[str]:
    """Replace problems by corrected ones of the same code; sentences about what was taken for what."""
    corrected, _ = find(named)
    said = [*corrected.complaints, *corrected.notes]
    taken = 0
    for code, problem in corrected.problems.items():
        if code in known_problems.problems:
            taken += known_problems.problems[code] != problem
            known_problems.problems[code], known_problems.texts[code] = problem, corrected.texts[code]
    unknown = [code for code in corrected.problems if code not in known_problems.problems]
    own = {id(corrected.problems[code]) for code in corrected.problems if code in known_problems.problems}
    said += [
        f"{corrected.origins[code]}: no sheet of this course bears the code {code}; not used"
        for code in unknown
        if id(corrected.problems[code]) not in own
    ]
    said.append(
        f"{taken} {'problem differs' if taken == 1 else 'problems differ'} from those of the last run"
    )
    return said


def old_records(out: Path) -> Old:
    """The marks as they stand in `results.jsonl`, as far as it is there and its lines are what was written."""
    found: Old = {}
    try:
        lines = (out / "results.jsonl").read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return found
    for line in lines:
        try:
            record = json.loads(line)
            earned = None if record["earned"] is None else float(record["earned"])
            mark = OldMark(earned, float(record["points"]), Report.from_json(record))
            found[record["student_id"], record["student"], record["exercise"]] = mark
        except DAMAGE:
            continue
    return found


def changes(results: Results, old: Old) -> Iterator[tuple[str, list[str]]]:
    """For each student and exercise whose mark changes: the mark before and after, and each line that is why."""
    left = dict(old)
    for record in results.records:
        who = f"{record.student.shown}, exercise {record.placed.exercise} ({record.placed.code})"
        before = left.pop((record.student.id, record.student.name, record.placed.exercise), None)
        if before is None:
            yield f"{who}: {_mark(record.earned, record.points)}, which was not graded before", []
            continue
        after = Report.from_json(json.loads(record.content()))
        marks = [(before.earned, before.points), (record.earned, record.points)]
        was, now = (_mark(*one) for one in marks)
        if marks[0] != marks[1] or _verdicts(before.report) != _verdicts(after):
            if was == now and marks[0] != marks[1]:  # they differ in what is not shown otherwise
                was, now = (_mark(*one, plain) for one in marks)
            yield f"{who}: {was} → {now}", list(_lines(before.report, after))
    for (student_id, student, exercise), gone in left.items():
        who = f"{student} ({student_id}), exercise {exercise} ({gone.report.code})"
        yield f"{who}: {_mark(gone.earned, gone.points)} → no mark", []


def _verdicts(report: Report) -> list[tuple[str, str]]:
    return [(answer.quantity, answer.verdict) for answer in report.answers]


def _mark(earned: float | None, points: float, say: Callable[[float], str] = shown) -> str:
    return "no mark" if earned is None else f"{say(earned)} of {say(points)}"


def _lines(before: Report, after: Report) -> Iterator[str]:
    was = before.by_quantity
    for answer in after.answers:
        old = was.pop(answer.quantity, None)
        if old is None:
            yield f"{answer.label}: new, {_line(answer)}"
        elif (old.verdict, old.credit, old.out_of) != (answer.verdict, answer.credit, answer.out_of):
            yield f"{answer.label}: {_line(old)} → {_line(answer)}"
    yield from (f"{old.label}: {_line(old)} → not asked" for old in was.values())


def _line(answer: Answer) -> str:
    return f"{answer.verdict} {shown(answer.credit)}/{shown(answer.out_of)}"
