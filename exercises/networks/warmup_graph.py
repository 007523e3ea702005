"""The steps of a warm-up: values forward, the local derivative on every edge, and the chain rule backward.

Source: reverse accumulation over a graph, ∂f/∂u = Σ over the users v of u of ∂f/∂v · ∂v/∂u.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.derivative import derivative
from exercises.formulas.formula import Symbol, leaves, product, total
from exercises.formulas.quantity import Link, Quantity, QuantityKind
from exercises.networks.steps import Step, StepGraph

if TYPE_CHECKING:
    from exercises.formulas.formula import Formula
    from exercises.networks.network import Network
    from exercises.networks.plan import Plan
    from exercises.networks.steps import DeltaSign
    from exercises.networks.warmup_function import WarmupFunction


def graph_of(network: Network, sign: DeltaSign, program: WarmupFunction, plan: Plan) -> StepGraph:
    """All steps of a warm-up. The network is not looked at."""
    edges = [_edge(program, place, q) for place in range(len(program.nodes)) for q in _used(program, place)]
    steps = (*_values(program), *edges, *_gradients(program, edges))
    given = tuple(Quantity(QuantityKind.INPUT, n) for n in range(1, len(program.inputs) + 1))
    return StepGraph(network, sign, steps, given, plan=plan, asked=frozenset(s.quantity for s in steps))


def _values(program: WarmupFunction) -> list[Step]:
    return [
        Step(program.node(place), formula, Link.ACTIVATION)
        for place, (_, formula) in enumerate(program.nodes)
    ]


def _used(program: WarmupFunction, place: int) -> list[Quantity]:
    """What a node is computed from, each once."""
    return list(dict.fromkeys(leaves(program.nodes[place][1])))


def slope(over: Quantity, under: Quantity) -> Quantity:
    """The local derivative ∂over/∂under."""
    return Quantity(QuantityKind.NODE_SLOPE, over.unit, under.unit)


def _edge(program: WarmupFunction, place: int, under: Quantity) -> Step:
    over = program.node(place)
    formula = derivative(program.nodes[place][1], under)
    return Step(slope(over, under), formula, Link.ACTIVATION_SLOPE)


def _gradients(program: WarmupFunction, edges: list[Step]) -> list[Step]:
    """From the last node back: the parts along each path where there are several, and their sum."""
    last = len(program.inputs) + len(program.nodes)
    known: dict[int, Formula] = {}
    steps: list[Step] = []
    inputs = range(1, len(program.inputs) + 1)
    for unit in (*range(last - 1, len(inputs), -1), *inputs):
        users = sorted((e.quantity.unit for e in edges if e.quantity.source == unit), reverse=True)
        link = Link.GRADIENT if unit in inputs else Link.HIDDEN_DELTA
        terms = [_along(known, user, unit, last) for user in users]
        own = Quantity(QuantityKind.NODE_GRADIENT, unit)
        if users == [last]:  # the local derivative is the whole one
            known[unit] = terms[0]
            continue
        if len(terms) > 1:
            paths = [Quantity(QuantityKind.NODE_GRADIENT, unit, via=user) for user in users]
            steps += [Step(q, term, Link.HIDDEN_DELTA) for q, term in zip(paths, terms, strict=True)]
            terms = [Symbol(q) for q in paths]
        steps.append(Step(own, total(terms), link))
        known[unit] = Symbol(own)
    return steps


def _along(known: dict[int, Formula], user: int, unit: int, last: int) -> Formula:
    local = Symbol(Quantity(QuantityKind.NODE_SLOPE, user, unit))
    return local if user == last else product([known[user], local])


def given_names(graph: StepGraph) -> dict[str, Quantity]:
    """What each given quantity is called in a problem file: the letter of a warm-up's variable, else its name."""
    program = graph.plan.function
    return {program.letters[q.unit] if program else q.name: q for q in graph.given}
