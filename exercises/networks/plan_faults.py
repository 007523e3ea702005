"""Whether a network can carry a plan: what a chain, a batch or a vanishing gradient needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.quantity import QuantityKind, parse_name
from exercises.networks.activations import KINKED, NAMES
from exercises.networks.asked_lines import CHAIN
from exercises.networks.losses import BY_NAME as LOSSES
from exercises.networks.plan import EVERYTHING, FULL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exercises.formulas.quantity import Quantity
    from exercises.networks.network import Network
    from exercises.networks.plan import KindName, Plan


def misfits(network: Network, plan: Plan) -> Iterator[str]:
    """One sentence for each thing that a plan asks of a network in vain."""
    if plan == FULL:
        return
    if plan.planted and plan.kind != "find-the-mistake":
        yield "planted: a mistake is planted in find-the-mistake only"
    if plan.kind in _NEEDS:
        yield from _NEEDS[plan.kind](network, plan)
    if chained(plan):
        yield from _chain_faults(network, plan)


def chained(plan: Plan) -> tuple[str, ...]:
    """The names of the weights whose chains are asked."""
    parts = (word.rpartition(" ") for word in plan.ask)
    return tuple(name for verb, _, name in parts if verb == CHAIN)


def subjects(plan: Plan) -> tuple[Quantity, ...]:
    """The weights whose chains are asked."""
    found = (parse_name(name) for name in chained(plan))
    return tuple(q for q in found if q is not None)


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


def _needs_chain(_: Network, plan: Plan) -> Iterator[str]:
    if not chained(plan):
        yield 'kind: chain needs a weight to follow; expected ask = "chain W13" or the like'


def _needs_examples(_: Network, plan: Plan) -> Iterator[str]:
    if plan.examples < 2:  # noqa: PLR2004 - one is no batch
        yield "kind: batch needs several examples; expected examples = 2 or more"


def _needs_steps(_: Network, plan: Plan) -> Iterator[str]:
    if plan.steps < 2:  # noqa: PLR2004 - one is the full pass
        yield "kind: descent needs several steps; expected steps = 2 or more"


def _needs_kink(network: Network, _: Plan) -> Iterator[str]:
    if not any(name in KINKED for name in network.activations[:-1]):
        yield f"kind: relu needs a hidden layer with {' or '.join(n for n in NAMES if n in KINKED)}"


def _needs_depth(network: Network, plan: Plan) -> Iterator[str]:
    if len(network.layers) < 4:  # noqa: PLR2004 - inputs, two hidden layers, outputs
        yield "kind: vanishing needs two hidden layers or more, such as shape = [1, 1, 1, 1, 1]"
    if max(plan.examples, plan.steps) > 1:
        yield "kind: vanishing looks at a single run; leave out examples and steps"


def _needs_rule(_: Network, plan: Plan) -> Iterator[str]:
    if plan.optimizer == "gradient-descent":
        yield 'kind: optimizer needs a rule; expected optimizer = "momentum", "rmsprop" or "adam"'


def _needs_pair(network: Network, plan: Plan) -> Iterator[str]:
    if LOSSES[network.loss].collapses != network.activations[-1]:
        yield "kind: collapse needs softmax with cross-entropy, or sigmoid with binary-cross-entropy"
    yield from _needs_one_run(network, plan)


def _needs_one_run(_: Network, plan: Plan) -> Iterator[str]:
    if max(plan.examples, plan.steps) > 1 or plan.optimizer != "gradient-descent":
        yield f"kind: {plan.kind} is about a single run; leave out examples, steps and optimizer"


def _needs_solution(network: Network, plan: Plan) -> Iterator[str]:
    yield from _needs_one_run(network, plan)
    if plan.ask != (EVERYTHING,):
        yield f"ask: what {plan.kind} asks is settled; leave ask out"
    if plan.kind == "find-the-mistake" and len(plan.planted) < 2:  # noqa: PLR2004 - code and line
        yield 'planted: expected the code of a mistake and the line it was made in, such as ["H03", "delta3"]'


_NEEDS: dict[KindName, Callable[[Network, Plan], Iterator[str]]] = {
    "chain": _needs_chain,
    "batch": _needs_examples,
    "descent": _needs_steps,
    "relu": _needs_kink,
    "vanishing": _needs_depth,
    "optimizer": _needs_rule,
    "collapse": _needs_pair,
    "matrix": _needs_one_run,
    "convention": _needs_solution,
    "find-the-mistake": _needs_solution,
}
