"""From a network and a plan to the steps of an exercise."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
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
from exercises.networks import solution_graph
from exercises.networks.asked_lines import select
from exercises.networks.backprop import Builder, single_run
from exercises.networks.optimizers import with_optimizer
from exercises.networks.plan import FULL, Plan
from exercises.networks.plan_faults import subjects
from exercises.networks.several_runs import batch, descent
from exercises.networks.steps import Step, StepGraph
from exercises.networks.warmup_graph import graph_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.networks.network import Network
    from exercises.networks.steps import DeltaSign

KEPT = 32  # graphs; a course has hundreds of problems of a few kinds, and nobody changes a graph


@lru_cache(maxsize=KEPT)
def build(
    network: Network, sign: DeltaSign, *, targets_sum_to_one: bool = True, plan: Plan = FULL
) -> StepGraph:
    """The steps of an exercise, those that are not asked left out or given.

    `targets_sum_to_one` tells whether softmax with cross-entropy may collapse to y − t.
    """
    graph = whole(network, sign, targets_sum_to_one=targets_sum_to_one, plan=plan)
    return select(graph, plan.ask)


@lru_cache(maxsize=KEPT)
def whole(
    network: Network, sign: DeltaSign, *, targets_sum_to_one: bool = True, plan: Plan = FULL
) -> StepGraph:
    """All the steps that a plan leads to, before any is left out: what the given lines are computed by."""
    if plan.function:
        return graph_of(network, sign, plan.function, plan)
    graph = single_run(network, sign, targets_sum_to_one=targets_sum_to_one)
    if plan == FULL:
        return graph
    if plan.shows_solution:
        return solution_graph.exercise(graph, plan)
    graph = with_optimizer(graph, plan.optimizer, plan.at_step)
    if plan.kind == "vanishing":
        graph = with_ratios(graph)
    if subjects(plan):
        graph = with_chains(graph, subjects(plan))
    if plan.examples > 1:
        graph = batch(graph, plan.examples)
    if plan.steps > 1:
        graph = descent(graph, plan.steps)
    return replace(graph, plan=plan)


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
