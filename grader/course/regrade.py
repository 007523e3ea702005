"""Marks recomputed from the stored answers, and what changes by it, mark by mark, before anything is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from grader.course.people.course_problems import find
from grader.course.people.csv_tables import plain, shown
from grader.course.work.sealed import DAMAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.course.people.course_problems import CourseProblems
    from grader.course.results.records import Results

Old = dict[tuple[str, str, str], dict[str, Any]]  # by id, name and exercise


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
            list(_lines(record, record))
            _mark(record["earned"], float(record["points"]))
            str(record["code"])
            found[record["student_id"], record["student"], record["exercise"]] = record
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
        after = json.loads(record.line())
        was, now = (_mark(one["earned"], one["points"]) for one in (before, after))
        marks = [(one["earned"], one["points"]) for one in (before, after)]
        if marks[0] != marks[1] or _verdicts(before) != _verdicts(after):
            if was == now and marks[0] != marks[1]:  # they differ in what is not shown otherwise
                was, now = (_mark(*one, plain) for one in marks)
            yield f"{who}: {was} → {now}", list(_lines(before, after))
    for gone in left.values():
        who = f"{gone['student']} ({gone['student_id']}), exercise {gone['exercise']} ({gone['code']})"
        yield f"{who}: {_mark(gone['earned'], gone['points'])} → no mark", []


def _verdicts(record: dict[str, Any]) -> list[tuple[str, str]]:
    return [(answer["quantity"], answer["verdict"]) for answer in record["answers"]]


def _mark(earned: float | None, points: float, say: Callable[[float], str] = shown) -> str:
    return "no mark" if earned is None else f"{say(earned)} of {say(points)}"


def _lines(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    was = {answer["quantity"]: answer for answer in before["answers"]}
    for answer in after["answers"]:
        old = was.pop(answer["quantity"], None)
        if old is None:
            yield f"{answer['label']}: new, {_line(answer)}"
        elif any(old[k] != answer[k] for k in ("credit", "out_of", "verdict")):
            yield f"{answer['label']}: {_line(old)} → {_line(answer)}"
    yield from (f"{old['label']}: {_line(old)} → not asked" for old in was.values())


def _line(answer: dict[str, Any]) -> str:
    return f"{answer['verdict']} {shown(answer['credit'])}/{shown(answer['out_of'])}"
