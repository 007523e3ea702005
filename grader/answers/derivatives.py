"""What a derivative says whose two sides are known: ∂E/∂y, ∂y/∂a, ∂E/∂W, and δ where ∂E/∂a is called so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.answers.worded import Wording

if TYPE_CHECKING:
    from exercises.problems.problem import Problem


def of_sides(over: Wording | None, under: Wording | None, problem: Problem) -> Wording | None:
    """The derivative of one symbol by another; None if it is none that is spoken of here."""
    if over is None or under is None or over.new or under.new:
        return None
    if over.meant == {"loss"}:
        return _of_loss(over, under, problem)
    if over.meant != {"out"} or under.meant != {"sum"} or (under.unit and over.unit not in (0, under.unit)):
        return None
    unit, layer = under.unit or over.unit, under.layer or over.layer  # dŷ/dz too
    return Wording(frozenset({"slope", "out"}), unit, layer)


def _of_loss(over: Wording, under: Wording, problem: Problem) -> Wording | None:
    """The derivative of a loss; without a unit where that is told elsewhere, as in ∂E/∂W."""
    if under.parameter is not None or (under.roles & {"weight", "bias"} and not over.unit):
        return replace(under, roles=frozenset({"gradient"}) | (under.roles & {"bias"}))
    if under.meant == {"out"}:
        if under.unit:
            return _loss_slope(over.unit, under.unit, problem)
        told = not over.unit and under.whole is None
        return Wording(frozenset({"slope", "loss"}), layer=under.layer) if told else None
    is_delta = under.meant == {"sum"} and not over.unit and problem.delta == "gradient"
    return Wording(frozenset({"delta"}), under.unit, under.layer) if is_delta else None


def _loss_slope(of: int, unit: int, problem: Problem) -> Wording | None:
    """∂E/∂y of a unit; of one output's loss at a hidden unit the term by that path."""
    roles = frozenset({"slope", "loss"})
    if not of or of == unit:
        return Wording(roles, unit)
    several = len(problem.network.outputs) > 1 and of in problem.network.downstream(unit)
    return Wording(roles, unit, via=of) if several else None
