"""What a system that compares with a key must know of each line: what to accept, and which wrong numbers tell why.

Such a system sees one number at a time, and nothing of the lines above it. What it accepts is therefore the whole
set of numbers that correct work can lead to when every earlier line was rounded, cut off or kept in the
calculator (`grader.judging.interval`, on a sheet of which nothing is known): correct rounding is never refused. Wrong
numbers are the catalogue's, each with a margin of its own; margins of two different numbers never overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

import numpy as np

from answer_keys.solution import solve
from exercises.formulas import typeset
from exercises.formulas.algebras import exact_value
from exercises.formulas.formula import leaves
from grader.judging.interval import enclose, rounded
from grader.judging.right_work import accepted, blank
from grader.mistakes.hypotheses import hypotheses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step
    from exercises.problems.problem import Problem
    from grader.judging.interval import Interval
    from grader.judging.verdict import Judgement
    from grader.mistakes.hypotheses import Hypothesis

WRONG = 8  # wrong numbers a line at the most; beyond it the cloze of a line would be a page
FINER = 1  # a margin is given to so many places beyond those asked for
_SAME = Decimal("0.5")  # of the last place asked: nearer numbers are the same number


@dataclass(frozen=True, slots=True)
class Wrong:
    """A wrong number that tells which mistake was made: everything within `margin` of `value`."""

    value: Decimal
    margin: Decimal
    hypothesis: Hypothesis


@dataclass(frozen=True, slots=True)
class ExportedLine:
    """One line to be asked for.

    step:   the line.
    value:  the answer, rounded to the places asked for.
    margin: how far an answer may be from it.
    weight: marks for it.
    wrong:  wrong numbers, the likeliest first; their ranges meet neither the right one nor each other.
    """

    step: Step
    value: Decimal
    margin: Decimal
    weight: Decimal
    wrong: tuple[Wrong, ...]

    @property
    def quantity(self) -> Quantity:
        """What is asked for."""
        return self.step.quantity

    def accepts(self, answer: Decimal) -> bool:
        """Whether an answer is right."""
        return abs(answer - self.value) <= self.margin


def asked(problem: Problem, wrong: int = WRONG) -> list[ExportedLine]:
    """Every line of a problem, with at most so many wrong numbers each."""
    values = solve(problem).values
    judged = blank([problem])
    found = []
    with np.errstate(all="ignore"):
        for step in problem.graph.asked_steps:
            value = problem.precision.rounded(values[step.quantity])
            margin = _margin(problem, accepted(judged, step), value)
            weight = problem.marking.of(step)
            line = ExportedLine(step, value, margin, weight, ())
            candidates = _candidates(problem, judged, step, values) if wrong else iter(())
            found.append(ExportedLine(step, value, margin, weight, _chosen(problem, line, candidates, wrong)))
    return found


def _margin(problem: Problem, reach: Interval, value: Decimal) -> Decimal:
    """The smallest margin around a value that covers an interval, to a place beyond those asked for."""
    low, high = (Decimal(float(end[0])) for end in (reach.lo, reach.hi))
    place = problem.precision.unit(value).scaleb(-FINER)
    return max(high - value, value - low, Decimal(0)).quantize(place, ROUND_CEILING)


def _candidates(
    problem: Problem, judged: Judgement, step: Step, values: dict[Quantity, Decimal]
) -> Iterator[Wrong]:
    """The numbers of the catalogue's mistakes at a line, the likeliest first."""
    known = (h for h in hypotheses(step, problem.graph) if not h.mistake.code.startswith("X-"))
    for h in sorted(known, key=lambda h: -h.chance):
        value = _value(h, values)
        gives = rounded(enclose(h.formula, judged.box, judged.unit), judged.unit)
        if value is not None and np.isfinite(gives.lo[0]) and np.isfinite(gives.hi[0]):
            shown = problem.precision.rounded(value)
            yield Wrong(shown, _margin(problem, gives, shown), h)


def _value(h: Hypothesis, values: dict[Quantity, Decimal]) -> Decimal | None:
    if not all(q in values for q in leaves(h.formula)):
        return None
    value = exact_value(h.formula, values.__getitem__)
    return value if value is not None and abs(value) < 10**9 else None


def _chosen(
    problem: Problem, line: ExportedLine, candidates: Iterator[Wrong], most: int
) -> tuple[Wrong, ...]:
    """The likeliest wrong numbers, each margin cut back where it would meet another range."""
    taken: list[tuple[Decimal, Decimal]] = [(line.value, line.margin)]
    chosen: list[Wrong] = []
    for one in candidates:
        unit = problem.precision.unit(one.value)
        finest = unit.scaleb(-FINER)
        room = min(abs(one.value - value) - margin - finest for value, margin in taken)
        margin = min(one.margin, room.quantize(finest, ROUND_FLOOR))
        if margin >= _SAME * unit and len(chosen) < most:
            taken.append((one.value, margin))
            chosen.append(Wrong(one.value, margin, one.hypothesis))
    return tuple(chosen)


def explained(problem: Problem, wrong: Wrong, *, hints: bool) -> str:
    """What is said of a wrong number: the mistake, or with `hints` only where to look."""
    h = wrong.hypothesis
    if hints:
        return h.mistake.hint
    formula = typeset.symbolic(h.formula, problem.label)
    return f"This is what {formula} gives: {h.says(problem.label)}"
