"""What came on paper for a single problem, as submissions."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from exercises.problems.questions import line_of
from grader.answers.numbers import clean
from grader.files.extraction.submission import Submission
from grader.scans.parts import SheetPart
from grader.stacks.grouping import grouped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exercises.problems.problem import Problem
    from grader.files.extraction.submission import Reading


def with_paper(reading: Reading, problem: Problem, paper: Mapping[str, Any] | None) -> Reading:
    """What was handed in with the sheets that came on paper, read; see `from_paper`."""
    if reading.parts and paper:
        found, said = from_paper(problem, reading.parts, paper)
        reading.submissions += found
        reading.complaints += said
    return reading


def from_paper(
    problem: Problem, parts: Sequence[Mapping[str, Any]], paper: Mapping[str, Any]
) -> tuple[list[Submission], list[str]]:
    """The sheets that pages make, read; and complaints, one sentence each.

    paper: where everything lies on such a sheet, as the problem's key says.
    """
    from grader.stacks.lines import read_lines

    names = {step.quantity.name: step.quantity for step in problem.graph.steps}
    names |= {question.name: line_of(question) for question in problem.questions}
    sheets = grouped(map(SheetPart.from_json, parts), lambda part: part.owner)
    found: list[Submission] = []
    complaints: list[str] = []
    for number, sheet in enumerate(sheets, 1):
        read = read_lines(problem, sheet, sheet.lost(paper))
        complaints += read.complaints
        own = clean(PurePath(sheet.parts[0].file).stem, 80)
        unnamed = own if len(sheets) == 1 else f"{own}, sheet {number}"
        texts = {names[name]: line.text for name, line in read.lines.items() if name in names and line.text}
        student = sheet.owner or read.identity
        origin = ", ".join(part for part in (sheet.parts[0].file, sheet.place) if part)
        own_lines = {names[name]: line for name, line in read.lines.items() if names.get(name) in texts}
        found.append(
            Submission(
                student or unnamed, origin, texts, problem.code, sheet.remarks, student,
                places={q: line.place or f"page {line.page}" for q, line in own_lines.items()},
                by="scan",
                candidates={q: line.candidates for q, line in own_lines.items() if line.candidates},
            )
        )  # fmt: skip
    return found, complaints
