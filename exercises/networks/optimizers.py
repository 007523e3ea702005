"""Other rules of descent than W − η·∂E/∂W: one step from a given state.

Sources: momentum, Polyak (1964), in the form m ← βm + g of Sutskever et al. (2013) and PyTorch; RMSprop,
Hinton's lecture 6e (2012), v ← βv + (1 − β)g²; Adam, Kingma & Ba (2015), algorithm 1, with k the number of
this step.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from exercises.formulas.formula import Apply, Formula, Power, Quotient, Symbol, product
from exercises.formulas.functions import SQRT
from exercises.formulas.quantity import ETA, Link, Quantity, QuantityKind, gradient, of_parameter
from exercises.networks.steps import Step, StepGraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exercises.networks.plan import OptimizerName

BETA, BETA1, BETA2 = (
    Quantity(k) for k in (QuantityKind.DECAY, QuantityKind.FIRST_DECAY, QuantityKind.SECOND_DECAY)
)
EPSILON = Quantity(QuantityKind.EPSILON)


def _momentum(parameter: Quantity, _: int) -> Iterator[Step]:
    """One step of momentum: m ← βm + g; W ← W − ηm."""
    m, g = of_parameter(QuantityKind.MOMENT, parameter), Symbol(gradient(parameter))
    yield Step(m.after_update(), Symbol(BETA) * Symbol(m) + g, Link.UPDATE)
    yield _moved(parameter, Symbol(m.after_update()))


def _rmsprop(parameter: Quantity, _: int) -> Iterator[Step]:
    """One step of RMSprop: v ← βv + (1 − β)g²; W ← W − ηg/(√v + ε)."""
    v, g = of_parameter(QuantityKind.SECOND_MOMENT, parameter), Symbol(gradient(parameter))
    yield Step(v.after_update(), _averaged(BETA, v, g**2), Link.UPDATE)
    yield _moved(parameter, Quotient(g, Apply(SQRT, Symbol(v.after_update())) + Symbol(EPSILON)))


def _adam(parameter: Quantity, k: int) -> Iterator[Step]:
    """One step of Adam: m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; m̂, v̂ by 1 − βᵏ; W ← W − ηm̂/(√v̂ + ε)."""
    g = Symbol(gradient(parameter))
    hats = []
    for kind, hat, decay, power in (
        (QuantityKind.MOMENT, QuantityKind.MOMENT_HAT, BETA1, g),
        (QuantityKind.SECOND_MOMENT, QuantityKind.SECOND_MOMENT_HAT, BETA2, g**2),
    ):
        state = of_parameter(kind, parameter)
        yield Step(state.after_update(), _averaged(decay, state, power), Link.UPDATE)
        hats.append(of_parameter(hat, parameter))
        power_k = Symbol(decay) if k == 1 else Power(Symbol(decay), k)
        corrected = Quotient(Symbol(state.after_update()), 1 - power_k)
        yield Step(hats[-1], corrected, Link.UPDATE)
    first, second = (Symbol(h) for h in hats)
    yield _moved(parameter, Quotient(first, Apply(SQRT, second) + Symbol(EPSILON)))


def _averaged(decay: Quantity, state: Quantity, power: Formula) -> Formula:
    return Symbol(decay) * Symbol(state) + product([1 - Symbol(decay), power])


def _moved(parameter: Quantity, by: Formula) -> Step:
    return Step(parameter.after_update(), Symbol(parameter) - product([Symbol(ETA), by]), Link.UPDATE)


_RULES: dict[OptimizerName, Callable[[Quantity, int], Iterator[Step]]] = {
    "momentum": _momentum,
    "rmsprop": _rmsprop,
    "adam": _adam,
}
_STATE: dict[OptimizerName, tuple[QuantityKind, ...]] = {
    "momentum": (QuantityKind.MOMENT,),
    "rmsprop": (QuantityKind.SECOND_MOMENT,),
    "adam": (QuantityKind.MOMENT, QuantityKind.SECOND_MOMENT),
}
_CONSTANTS: dict[OptimizerName, tuple[Quantity, ...]] = {
    "momentum": (BETA,),
    "rmsprop": (BETA, EPSILON),
    "adam": (BETA1, BETA2, EPSILON),
}


def with_optimizer(graph: StepGraph, name: OptimizerName, at_step: int) -> StepGraph:
    """The same exercise with another rule in its updates; `at_step` is the number k of this step, from 1."""
    if name == "gradient-descent":
        return graph
    steps: list[Step] = []
    parameters = []
    for step in graph.steps:
        if step.link is Link.UPDATE:
            parameters.append(step.quantity.before_update())
            steps += _RULES[name](parameters[-1], at_step)
        else:
            steps.append(step)
    state = [of_parameter(kind, p) for p in parameters for kind in _STATE[name]]
    return replace(
        graph,
        steps=tuple(steps),
        given=(*graph.given, *state, *_CONSTANTS[name]),
        asked=frozenset(s.quantity for s in steps),
    )
