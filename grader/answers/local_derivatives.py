"""What a local derivative is worth: ∂a₅/∂y₃ is W₃₅, ∂a₃/∂W₁₃ is x₁, and ∂E/∂a is ±δ by the problem's sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.derivative import derivative
from exercises.formulas.formula import Formula, Symbol, leaves, negative
from exercises.formulas.quantity import Quantity, QuantityKind, delta

if TYPE_CHECKING:
    from exercises.problems.problem import Problem

_FORWARD = (QuantityKind.PRE_ACTIVATION, QuantityKind.ACTIVATION, QuantityKind.LOSS)


def partial(problem: Problem, over: Quantity, under: Quantity) -> Formula | None:
    """∂over/∂under where one is made from the other directly, off the step's own formula; and ∂E/∂a = ±δ."""
    graph = problem.graph
    step = graph.by_quantity.get(over)
    if step is None or over.kind not in _FORWARD:
        return None
    if under in leaves(step.formula):
        return derivative(step.formula, under)
    if (
        (over.kind, under.kind) != (QuantityKind.LOSS, QuantityKind.PRE_ACTIVATION)
        or over.updated
        or under.updated
    ):
        return None
    # The slope of one output's loss is no δ where others add to it.
    share = over.unit and (over.unit != under.unit or problem.network.is_softmax)
    slope = delta(under.unit)
    if share or slope not in graph.by_quantity:
        return None
    return Symbol(slope) if problem.delta == "gradient" else negative(Symbol(slope))
