"""What a sheet is marked out of: its lines and its questions, each with the weight of its kind."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from exercises.formulas.quantity import Link, QuantityKind
from exercises.pages.solution_lines import numbered
from exercises.problems.kept_with_problem import once
from exercises.problems.worked_solution import wrong_lines

if TYPE_CHECKING:
    from exercises.problems.problem import Problem
    from exercises.problems.questions import Question

_LINKS = {
    QuantityKind.WEIGHT: Link.WEIGHTED_SUM,
    QuantityKind.BIAS: Link.WEIGHTED_SUM,
    QuantityKind.PRE_ACTIVATION: Link.WEIGHTED_SUM,
    QuantityKind.ACTIVATION: Link.ACTIVATION,
    QuantityKind.LOSS_SLOPE: Link.LOSS_SLOPE,
    QuantityKind.ACTIVATION_SLOPE: Link.ACTIVATION_SLOPE,
    QuantityKind.WEIGHT_GRADIENT: Link.GRADIENT,
    QuantityKind.BIAS_GRADIENT: Link.GRADIENT,
}
UNMARKED = "what-was-wrong"  # kept for whoever reads the sheet


def link_of(problem: Problem, question: Question) -> Link:
    """The kind of step that a question is about."""
    q = question.asks_for
    if q.kind is QuantityKind.RIGHT_VALUE:
        return _of_first_wrong(problem)
    if q.kind is QuantityKind.DELTA:
        net = problem.network
        last = len(net.layers) - 1
        layer = q.unit if question.kind == "shape" else net.layer_of(q.unit)
        return Link.OUTPUT_DELTA if layer == last else Link.HIDDEN_DELTA
    return _LINKS[q.kind]


@once
def _of_first_wrong(problem: Problem) -> Link:
    wrong = wrong_lines(problem)
    return next(problem.worked.by_quantity[q].link for q in numbered(problem).values() if q in wrong)


def marks(problem: Problem) -> Decimal:
    """All marks of a sheet; where nothing else is said, one for each line and each question."""
    marking = problem.marking
    lines = sum((marking.of(step) for step in problem.graph.asked_steps), Decimal(0))
    asked = (link_of(problem, one) for one in problem.questions if one.kind != UNMARKED)
    return sum((marking.weight(link) for link in asked), lines)


def counted(problem: Problem) -> str:
    """How long a sheet is, in words; its marks are told where they are not one for each line."""
    lines, whole = len(problem.graph.asked_steps), marks(problem)
    told = f"{lines} line{'s' if lines != 1 else ''}"
    return told if whole == lines else f"{told}, {whole.normalize():f} mark{'s' if whole != 1 else ''}"
