"""The marker's sheet: for every line its value, the numbers that are right there, and what it is worth."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from exercises.common.metrics import BOXED_SIZE, HALF_WIDTH, TEXT_WIDTH
from exercises.figures import lettering
from exercises.formulas import typeset
from exercises.formulas.typeset import HTML
from exercises.pages import marks, pieces, question_texts
from exercises.pages.rendering import trusted
from exercises.pages.sheet_sections import sections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answer_keys.drawing_services import Ranges
    from answer_keys.solution import Solution
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step
    from exercises.problems.problem import Problem
    from exercises.problems.questions import Question

Entry = dict[str, Any]  # a title, a line, or a question
BESIDE = 2.0  # millimetres between two columns
STEP = 3.0
DOTS, WORTH, MARK = 5.0, 9.0, 8.5  # between the ends of a range, the weight, and the room to mark in


def marker_sheet(solution: Solution, ranges: Ranges) -> dict[str, Any]:
    """What the template prints: its rows of one or two entries, in columns, and how wide their parts are."""
    problem = solution.problem
    found = [(s.title, [_line(solution, step, ranges) for step in s.steps]) for s in sections(problem)]
    spread = pieces.around(problem, found, lambda asked: [_question(problem, q) for q in asked], list[Any])
    entries = [one for title, parts in spread if parts for one in ({"kind": "title", "text": title}, *parts)]
    steps = problem.graph.asked_steps
    label = _widest([problem.label(step.quantity).text for step in steps])
    number = _widest([text for q in ranges for text in (*_ends(ranges, q), solution.shown(q))])
    rest = label + DOTS + WORTH + MARK
    two = rest + 3 * number <= HALF_WIDTH
    # Widths that few sheets differ in: each other one is a page of its own to lay out.
    widest = ((HALF_WIDTH if two else TEXT_WIDTH) - rest) / 3
    number = round(max(number, min(ceil(number / STEP) * STEP, widest)), 2)
    room = rest + 3 * number
    width = HALF_WIDTH if two else TEXT_WIDTH
    return {
        "rows": _side_by_side(entries) if two else [(one, None) for one in entries],
        "label": round(width - (room - label), 2),
        "long": round(width - WORTH - MARK, 2),
        "number": number,
        "two": two,
        "out_of": typeset.number(marks.marks(problem).normalize()),
    }


def _widest(texts: Sequence[str]) -> float:
    return round(max(lettering.advance(text) for text in texts) * BOXED_SIZE + BESIDE, 2)


def _ends(ranges: Ranges, q: Quantity) -> tuple[str, str]:
    low, high = ranges[q]
    return typeset.number(low), typeset.number(high)


def _side_by_side(entries: list[Entry]) -> list[tuple[Entry | None, Entry | None]]:
    """The first half of them beside the rest; no column ends with a title."""
    half = -(-len(entries) // 2)
    if entries[half - 1]["kind"] == "title":
        half += 1 if len(entries) > half else 0
    left, right = entries[:half], entries[half:]
    return [(one, right[n] if n < len(right) else None) for n, one in enumerate(left)]


def _line(solution: Solution, step: Step, ranges: Ranges) -> Entry:
    low, high = _ends(ranges, step.quantity)
    return {
        "kind": "line",
        "label": trusted(solution.problem.label(step.quantity).html),
        "value": solution.shown(step.quantity),
        "low": low,
        "high": high,
        "worth": typeset.number(solution.problem.marking.of(step).normalize()),
    }


def _question(problem: Problem, question: Question) -> Entry:
    """A question: its answer stands in the key, and some bear no marks."""
    weight = problem.marking.weight(marks.link_of(problem, question))
    return {
        "kind": "question",
        "label": trusted(question_texts.reported(problem, question, HTML)),
        "worth": "" if question.kind == marks.UNMARKED else typeset.number(weight.normalize()),
    }
