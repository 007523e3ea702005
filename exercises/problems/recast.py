"""From a good plain full pass to another kind of exercise with the same numbers.

A mistake is planted in `grader.ambiguity.planting`, which knows the catalogue.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from exercises.common.errors import ByhandError
from exercises.formulas.quantity import QuantityKind, activation_slope, delta, loss, loss_slope
from exercises.networks.kinds import KINDS
from exercises.problems.matrices import Matrix, subject
from exercises.problems.questions import Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.networks.kinds import ExerciseKind
    from exercises.networks.network import Network
    from exercises.networks.plan import KindName, Plan, RowsName
    from exercises.problems.problem import Problem

RISE = 5  # units of the last place by which the loss must rise to be seen


def as_matrices(problem: Problem, rows: RowsName = "sources") -> Problem:
    """The same pass in matrices, with questions about their shapes. `rows`: as in a plan."""
    return problem.recast(replace(KINDS["matrix"].usual_plan, rows=rows), shapes(problem.network))


def shapes(network: Network) -> tuple[Question, ...]:
    """The shapes that are asked: of the first weights, their δ and their gradient, and of the last weights."""
    last = len(network.layers) - 1
    found = [
        Matrix(QuantityKind.WEIGHT, 1),
        Matrix(QuantityKind.DELTA, 1),
        Matrix(QuantityKind.WEIGHT_GRADIENT, 1),
    ]
    found.append(Matrix(QuantityKind.WEIGHT, last) if last > 1 else Matrix(QuantityKind.PRE_ACTIVATION, 1))
    return tuple(Question("shape", subject(matrix)) for matrix in found)


def as_collapse(problem: Problem) -> Problem:
    """The same pass without its check run, and the question why δ of an output is ±(y − t).

    Raises ProblemError where activation and loss do not collapse.
    """
    return problem.recast(KINDS["collapse"].usual_plan, local_derivatives(problem.network))


def local_derivatives(network: Network) -> tuple[Question, ...]:
    """∂E/∂y, ∂y/∂a, behind a softmax also that of another output and their sum; and what is left of δ."""
    first, *others = network.outputs
    slopes = [loss_slope(first), activation_slope(first)]
    if network.is_softmax:
        slopes.append(activation_slope(others[0], first))
    found = [Question("local", slope) for slope in slopes]
    if network.is_softmax:
        found.append(Question("chain", delta(first)))
    return (*found, Question("delta", delta(first)))


def as_convention(problem: Problem) -> Problem:
    """A solution of the same pass that goes uphill, because its updates go with the other sign of δ.

    Raises ByhandError where the loss does not rise by enough to be seen.
    """
    found = problem.recast(KINDS["convention"].usual_plan)
    rise = found.printed[loss().after_update()] - found.printed[loss()]
    if rise < RISE * problem.precision.unit(found.printed[loss()]):
        raise ByhandError("the wrong step does not show in the loss with these numbers; draw others")
    return found


RECAST: dict[KindName, Callable[[Problem, Plan], Problem]] = {
    "matrix": lambda problem, plan: as_matrices(problem, plan.rows),
    "collapse": lambda problem, _: as_collapse(problem),
    "convention": lambda problem, _: as_convention(problem),
}


def is_recast(kind: ExerciseKind) -> bool:
    """Whether an exercise of this kind is made of a plain full pass that was drawn."""
    return kind.planted or kind.name in RECAST
