"""Other conventions that are just as right as the sheet's own, recognised once a sheet.

A student who takes δ with the other sign throughout, works with another factor before the square, or keeps
∂E/∂y in the delta lines and multiplies the slope in later, has made no mistake of the chain rule. The sheet
is then graded under their convention and told so, once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from exercises.formulas.formula import Symbol, negative, product, replace_symbols
from exercises.formulas.quantity import QuantityKind, activation_slope, delta, loss_slope
from exercises.networks.build import build
from exercises.networks.losses import SQUARED
from exercises.networks.steps import Step, StepGraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.formulas.formula import Formula


@dataclass(frozen=True)
class Convention:
    """Another way to write the same exercise.

    code:  permanent.
    name:  a few words.
    says:  the kind mention to the student.
    graph: the steps under this convention.
    """

    code: str
    name: str
    says: str
    graph: StepGraph


def conventions(graph: StepGraph) -> tuple[Convention, ...]:
    """Every other convention that a sheet of this exercise may follow; none where the sheet gives a δ or a slope.

    What stands there was worked out under the stated convention, and the rest must fit it.
    """
    if graph.plan.function or any(
        q.kind in (QuantityKind.DELTA, QuantityKind.LOSS_SLOPE) for q in graph.given
    ):
        return ()
    return (*_other_sign(graph), *_other_factor(graph), *_slope_later(graph))


def _other_sign(graph: StepGraph) -> Iterator[Convention]:
    flipped = build(
        graph.network,
        "negative-gradient" if graph.sign == "gradient" else "gradient",
        targets_sum_to_one=graph.targets_sum_to_one,
        plan=graph.plan,
    )
    stated = "δ = ∂E/∂a" if graph.sign == "gradient" else "δ = −∂E/∂a"
    yield Convention(
        "V-SIGN",
        "δ with the other sign",
        f"You take δ with the opposite sign throughout. That is consistent, and graded so; this sheet "
        f"states {stated}.",
        flipped,
    )


def _other_factor(graph: StepGraph) -> Iterator[Convention]:
    if graph.network.loss not in SQUARED:
        return
    for name, words in SQUARED.items():
        if name == graph.network.loss or (name == "mean-squared-error" and len(graph.network.outputs) == 1):
            continue
        network = replace(graph.network, loss=name)
        yield Convention(
            f"V-{name.upper()}",
            "another factor before the squared error",
            f"You work {words} throughout. That is consistent, and graded so; this sheet states the loss "
            f"{SQUARED[graph.network.loss]}.",
            build(network, graph.sign, targets_sum_to_one=graph.targets_sum_to_one, plan=graph.plan),
        )


def _slope_later(graph: StepGraph) -> Iterator[Convention]:
    """δ kept as ±∂E/∂y; the slope of the activation comes in where δ is used."""
    units = [u for u in graph.network.computing if activation_slope(u) in graph.by_quantity]
    if graph.locals or len(units) != len(graph.network.computing):
        return
    later: dict[object, Formula] = {
        delta(u): product([Symbol(delta(u)), Symbol(activation_slope(u))]) for u in units
    }
    steps = []
    for step in graph.steps:
        if step.quantity.kind is QuantityKind.DELTA:
            own = Symbol(loss_slope(step.quantity.unit))
            steps.append(Step(step.quantity, own if graph.sign == "gradient" else negative(own), step.link))
        else:
            steps.append(replace(step, formula=replace_symbols(step.formula, later)))  # type: ignore[arg-type]
    kept = "∂E/∂y" if graph.sign == "gradient" else "−∂E/∂y"
    yield Convention(
        "V-SLOPE-LATER",
        "slope multiplied in later",
        f"You keep {kept} in the delta lines and multiply the slope in where δ is used. That is consistent, and "
        "graded so; this sheet asks for δ with the slope in it.",
        replace(graph, steps=tuple(steps)),
    )
