"""Lines that some kinds of exercise have beside those of a plain pass: every factor of a chain, ratios of δ."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from exercises.formulas.formula import Formula, Quotient, Symbol, product, total
from exercises.formulas.quantity import (
    Link,
    Quantity,
    QuantityKind,
    activation_slope,
    delta,
    gradient,
    loss_slope,
    sum_by_weight,
    sum_slope,
    weight,
)
from exercises.networks.backprop import Builder
from exercises.networks.steps import Step, StepGraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def with_chains(graph: StepGraph, subjects: Sequence[Quantity]) -> StepGraph:
    """The gradients of some weights as products of all local derivatives, over several paths as a sum.

    Source: the chain rule over a graph, ∂E/∂W = Σ over paths of ∂E/∂y · ∂y/∂a · ∂a/∂y · … · ∂a/∂W.
    """
    builder = Builder(graph.network, graph.sign, graph.targets_sum_to_one)
    forward = [
        s for s in graph.steps if s.link in (Link.WEIGHTED_SUM, Link.ACTIVATION) and not s.quantity.updated
    ]
    factors: dict[Step, None] = {}  # each once, whichever chains share it
    products = []
    for subject in subjects:
        fed = Step(sum_by_weight(subject), builder.output_of(subject.source), Link.GRADIENT)
        own = graph.by_quantity[activation_slope(subject.unit)]
        factors |= dict.fromkeys([*_factors(graph, subject.unit), own, fed])
        links = [_back_to(graph, subject.unit), Symbol(own.quantity), Symbol(fed.quantity)]
        products.append(Step(gradient(subject), product(links), Link.GRADIENT))
    steps = (*forward, *factors, *products)
    return replace(graph, steps=steps, asked=frozenset(s.quantity for s in steps))


def _back_to(graph: StepGraph, unit: int) -> Formula:
    """∂E/∂y of a unit in local derivatives."""
    if unit in graph.network.outputs:
        return Symbol(loss_slope(unit))
    return total(
        [
            product([_back_to(graph, k), Symbol(activation_slope(k)), Symbol(sum_slope(k, unit))])
            for k in graph.network.downstream(unit)
        ]
    )


def _factors(graph: StepGraph, unit: int) -> Iterator[Step]:
    """The steps of the local derivatives between E and a unit's activation."""
    if unit in graph.network.outputs:
        yield graph.by_quantity[loss_slope(unit)]
        return
    for k in graph.network.downstream(unit):
        yield from _factors(graph, k)
        yield graph.by_quantity[activation_slope(k)]
        yield Step(sum_slope(k, unit), Symbol(weight(unit, k)), Link.HIDDEN_DELTA)


def with_ratios(graph: StepGraph) -> StepGraph:
    """How much of δ is left: δ of each layer's first unit over that of the next, and at last over the output's."""
    firsts = [layer[0] for layer in graph.network.layers[1:]]
    ratios = [_ratio(near, far) for near, far in reversed(list(pairwise(firsts)))]
    if len(ratios) > 1:
        along = product([Symbol(r.quantity) for r in ratios])
        ratios.append(replace(_ratio(firsts[0], firsts[-1]), alternatives=(along,)))
    place = (
        max((i for i, s in enumerate(graph.steps) if s.quantity.kind is QuantityKind.DELTA), default=0) + 1
    )
    steps = (*graph.steps[:place], *ratios, *graph.steps[place:])
    return replace(graph, steps=steps, asked=frozenset(s.quantity for s in steps))


def _ratio(near: int, far: int) -> Step:
    formula = Quotient(Symbol(delta(near)), Symbol(delta(far)))
    return Step(Quantity(QuantityKind.RATIO, near, far), formula, Link.HIDDEN_DELTA)
