"""What a sheet is marked out of: its lines and its questions, each with the weight of its link."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from exercises.once import once
from exercises.quantity import Kind, Link
from exercises.worked import numbered, wrong_lines

if TYPE_CHECKING:
    from exercises.problem import Problem
    from exercises.questions import Question

_LINKS = {
    Kind.WEIGHT: Link.WEIGHTED_SUM,
    Kind.BIAS: Link.WEIGHTED_SUM,
    Kind.PRE_ACTIVATION: Link.WEIGHTED_SUM,
    Kind.ACTIVATION: Link.ACTIVATION,
    Kind.LOSS_SLOPE: Link.LOSS_SLOPE,
    Kind.ACTIVATION_SLOPE: Link.ACTIVATION_SLOPE,
    Kind.WEIGHT_GRADIENT: Link.GRADIENT,
    Kind.BIAS_GRADIENT: Link.GRADIENT,
}
UNMARKED = "what-was-wrong"  # kept for whoever reads the sheet


def link_of(problem: Problem, question: Question) -> Link:
    """The kind of step that a question is about."""
    q = question.asks_for
    if q.kind is Kind.RIGHT_VALUE:
        return _of_first_wrong(problem)
    if q.kind is Kind.DELTA:
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
    links = [step.link for step in problem.graph.asked_steps]
    links += [link_of(problem, one) for one in problem.questions if one.kind != UNMARKED]
    return sum((problem.marking.get(link, Decimal(1)) for link in links), Decimal(0))


def counted(problem: Problem) -> str:
    """How long a sheet is, in words; its marks are told where they are not one for each line."""
    lines, whole = len(problem.graph.asked_steps), marks(problem)
    told = f"{lines} line{'s' if lines != 1 else ''}"
    return told if whole == lines else f"{told}, {whole.normalize():f} mark{'s' if whole != 1 else ''}"
