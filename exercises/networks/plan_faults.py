"""Whether a network can carry a plan: what its kind needs, and what a chain does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.quantity import QuantityKind
from exercises.networks.asked_lines import chained
from exercises.networks.kinds import kind_of
from exercises.networks.plan import FULL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.networks.network import Network
    from exercises.networks.plan import Plan


def misfits(network: Network, plan: Plan) -> Iterator[str]:
    """One sentence for each thing that a plan asks of a network in vain."""
    if plan == FULL:
        return
    kind = kind_of(plan)
    if plan.planted and not kind.planted:
        yield "planted: a mistake is planted in find-the-mistake only"
    if plan.rows != "sources" and plan.kind != "matrix":
        yield "rows: only an exercise of kind matrix has matrices; leave rows out"
    yield from kind.needs(network, plan)
    if chained(plan):
        yield from _chain_faults(network, plan)


def _chain_faults(network: Network, plan: Plan) -> Iterator[str]:
    if network.is_softmax:
        yield (
            "ask: behind a softmax no output has a slope of its own, so ∂E/∂W is no product along a chain; "
            'choose another activation for the outputs, or ask for "deltas" and "gradients"'
        )
    if max(plan.examples, plan.steps) > 1 or plan.optimizer != "gradient-descent":
        yield "ask: a chain belongs to one run without an update; leave out examples, steps and optimizer"
    weights = {q.name for q in network.parameters() if q.kind is QuantityKind.WEIGHT}
    for name in chained(plan):
        if name not in weights:
            yield f'ask: "chain {name[:40]}" names no weight of this network; expected one such as "chain W13"'
