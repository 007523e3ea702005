"""From a network and a plan to the steps of an exercise."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from exercises.backprop import Builder, single_run
from exercises.formula import Formula, Quotient, Symbol, product, total
from exercises.optimizers import with_optimizer
from exercises.plan import FULL, Plan
from exercises.quantity import (
    Kind,
    Link,
    Quantity,
    activation_slope,
    delta,
    gradient,
    loss_slope,
    parse_name,
    sum_by_weight,
    sum_slope,
    weight,
)
from exercises.runs import batch, descent
from exercises.selection import CHAIN, select
from exercises.steps import Step, StepGraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.network import Network
    from exercises.steps import DeltaSign


def build(
    network: Network, sign: DeltaSign, *, targets_sum_to_one: bool = True, plan: Plan = FULL
) -> StepGraph:
    """The steps of an exercise, those that are not asked left out or given.

    `targets_sum_to_one` tells whether softmax with cross-entropy may collapse to y − t.
    """
    graph = whole(network, sign, targets_sum_to_one=targets_sum_to_one, plan=plan)
    return select(graph, plan.ask)


def whole(
    network: Network, sign: DeltaSign, *, targets_sum_to_one: bool = True, plan: Plan = FULL
) -> StepGraph:
    """All the steps that a plan leads to, before any is left out: what the given lines are computed by."""
    graph = single_run(network, sign, targets_sum_to_one=targets_sum_to_one)
    if plan == FULL:
        return graph
    graph = with_optimizer(graph, plan.optimizer, plan.at_step)
    if plan.kind == "vanishing":
        graph = with_ratios(graph)
    for word in plan.ask:
        verb, _, name = word.rpartition(" ")
        if verb == CHAIN:
            graph = with_chain(graph, parse_name(name))
    if plan.examples > 1:
        graph = batch(graph, plan.examples)
    if plan.steps > 1:
        graph = descent(graph, plan.steps)
    return replace(graph, plan=plan)


def with_chain(graph: StepGraph, subject: Quantity | None) -> StepGraph:
    """The gradient of one weight as the product of all local derivatives, over several paths as a sum.

    Source: the chain rule over a graph, ∂E/∂W = Σ over paths of ∂E/∂y · ∂y/∂a · ∂a/∂y · … · ∂a/∂W.
    """
    if subject is None or subject.kind is not Kind.WEIGHT or gradient(subject) not in graph.by_quantity:
        return graph
    net = graph.network
    builder = Builder(net, graph.sign, graph.targets_sum_to_one)
    own = [Symbol(activation_slope(subject.unit)), Symbol(sum_by_weight(subject))]
    fed = Step(sum_by_weight(subject), builder.output_of(subject.source), Link.GRADIENT)
    back = _back_to(graph, subject.unit)
    whole_chain = Step(gradient(subject), product([back, *own]), Link.GRADIENT)
    forward = [
        s for s in graph.steps if s.link in (Link.WEIGHTED_SUM, Link.ACTIVATION) and not s.quantity.updated
    ]
    factors = dict.fromkeys(
        [*_factors(graph, subject.unit), graph.by_quantity[activation_slope(subject.unit)]]
    )
    steps = (*forward, *factors, fed, whole_chain)
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
    """How much of δ is left from layer to layer: δ of each hidden layer's first unit over that of the next."""
    firsts = [layer[0] for layer in graph.network.layers[1:]]
    ratios = [
        Step(
            Quantity(Kind.RATIO, near, far),
            Quotient(Symbol(delta(near)), Symbol(delta(far))),
            Link.HIDDEN_DELTA,
        )
        for near, far in reversed(list(pairwise(firsts)))
    ]
    place = max((i for i, s in enumerate(graph.steps) if s.quantity.kind is Kind.DELTA), default=0) + 1
    steps = (*graph.steps[:place], *ratios, *graph.steps[place:])
    return replace(graph, steps=steps, asked=frozenset(s.quantity for s in steps))
