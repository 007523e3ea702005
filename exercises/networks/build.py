"""From a network and a plan to the steps of an exercise."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from exercises.networks.added_lines import with_chains
from exercises.networks.asked_lines import select, subjects
from exercises.networks.backprop import single_run
from exercises.networks.kinds import kind_of
from exercises.networks.optimizers import with_optimizer
from exercises.networks.plan import FULL, Plan
from exercises.networks.several_runs import batch, descent
from exercises.networks.warmup_graph import graph_of

if TYPE_CHECKING:
    from exercises.networks.network import Network
    from exercises.networks.steps import DeltaSign, StepGraph

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
    kind = kind_of(plan)
    if kind.solution:
        return kind.solution.exercise(graph, plan)
    graph = with_optimizer(graph, plan.optimizer, plan.at_step)
    if kind.adds:
        graph = kind.adds(graph)
    if subjects(plan):
        graph = with_chains(graph, subjects(plan))
    if plan.examples > 1:
        graph = batch(graph, plan.examples)
    if plan.steps > 1:
        graph = descent(graph, plan.steps)
    return replace(graph, plan=plan)
