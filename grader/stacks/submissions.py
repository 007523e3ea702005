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

    ByEye = Mapping[tuple[str, str, str], str]  # texts by file, place and the line's name


def with_paper(
    reading: Reading, problem: Problem, paper: Mapping[str, Any] | None, by_eye: ByEye | None = None
) -> Reading:
    """What was handed in with the sheets that came on paper, read; see `from_paper`."""
    if reading.parts and paper:
        found, said = from_paper(problem, reading.parts, paper, by_eye or {})
        reading.submissions += [one for one, _ in found]
        reading.complaints += said
        reading.on_paper += [(one.student, lines) for one, lines in found]
    return reading


def from_paper(
    problem: Problem, parts: Sequence[Mapping[str, Any]], paper: Mapping[str, Any], by_eye: ByEye
) -> tuple[list[tuple[Submission, dict[str, Any]]], list[str]]:
    """The sheets that pages make, read, with their lines as plain values; and complaints, one sentence each.

    paper:  where everything lies on such a sheet, as the problem's key says.
    by_eye: what persons read, which wins.
    """
    from grader.stacks.lines import read_lines

    names = {step.quantity.name: step.quantity for step in problem.graph.steps}
    names |= {question.name: line_of(question) for question in problem.questions}
    sheets = grouped(map(SheetPart.from_json, parts), lambda part: part.owner)
    found: list[tuple[Submission, dict[str, Any]]] = []
    complaints: list[str] = []
    for number, sheet in enumerate(sheets, 1):
        read = read_lines(problem, sheet, sheet.lost(paper))
        complaints += read.complaints
        own = clean(PurePath(sheet.parts[0].file).stem, 80)
        unnamed = own if len(sheets) == 1 else f"{own}, sheet {number}"
        told = {
            name: by_eye.get((line.file, line.place, name), line.text) for name, line in read.lines.items()
        }
        texts = {names[name]: text for name, text in told.items() if name in names and text}
        student = sheet.owner or read.identity
        origin = ", ".join(part for part in (sheet.parts[0].file, sheet.place) if part)
        own_lines = {names[name]: line for name, line in read.lines.items() if names.get(name) in texts}
        submission = Submission(
            student or unnamed, origin, texts, problem.code, sheet.remarks, student,
            places={q: line.place or f"page {line.page}" for q, line in own_lines.items()},
            by="scan",
            candidates={q: line.candidates for q, line in own_lines.items() if line.candidates},
        )  # fmt: skip
        found.append((submission, read.as_json()["lines"]))
    return found, complaints
