"""The sheets on paper of a single problem: their review page, cut-outs of them, and readings of what did not come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.course.placing.by_eye import of_no_sheet
from grader.course.results.review import items_of, write_page
from grader.stacks.cutouts import beside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from exercises.problems.problem import Problem
    from grader.course.placing.by_eye import Readings
    from grader.feedback.report_records import Report
    from grader.files.extraction.submission import Reading


def write_review_of_one(out: Path, problem: Problem, reading: Reading, by_eye: Readings) -> int:
    """Write the review page of a problem's sheets; how many lines a person has to read.

    Where nothing came on paper no page is written. Raises FileError if it cannot be written.
    """
    if not reading.on_paper:
        return 0
    items: list[dict[str, Any]] = []
    for student, lines in reading.on_paper:
        own = {name: by_eye[where] for name, where in _places(lines).items() if where in by_eye}
        items += items_of(problem, lines, own, student)
    return write_page(out, items)


def cuts_of(reading: Reading, reports: Sequence[Report]) -> list[dict[str, str]]:
    """For each report pictures of the lines of which it says something; those of sheets on paper come last."""
    plain = len(reports) - len(reading.on_paper)
    written = [{name: line["picture"] for name, line in lines.items()} for _, lines in reading.on_paper]
    return [*({} for _ in range(plain)), *map(beside, reports[plain:], written)]


def strangers(by_eye: Readings, reading: Reading) -> list[str]:
    """A sentence for each reading of a line that is on no sheet."""
    known = {where for _, lines in reading.on_paper for where in _places(lines).values()}
    return of_no_sheet([where for where in by_eye if where not in known])


def _places(lines: Mapping[str, Any]) -> dict[str, tuple[str, str, str]]:
    return {name: (line["file"], line["place"], name) for name, line in lines.items()}
