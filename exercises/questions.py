"""Questions that are answered in symbols: a chain of partial derivatives, or a formula in letters.

Three kinds: `chain` asks for ∂E/∂W as a product (or, over several paths, a sum of products) of partial
derivatives of neighbouring quantities, `letters` for the same with every factor written out in y, t, W and
x, and `delta` for a unit's δ in letters. What is right follows from the graph of steps alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from exercises.formula import Formula, Symbol, product, replace_symbols, total
from exercises.quantity import (
    Kind,
    Quantity,
    activation_slope,
    delta,
    gradient,
    loss_slope,
    parse_name,
    weight,
    x,
    y,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.network import Network
    from exercises.steps import StepGraph

QuestionKind = Literal["chain", "letters", "delta"]
KINDS: tuple[QuestionKind, ...] = ("chain", "letters", "delta")


@dataclass(frozen=True, slots=True)
class Question:
    """One question in symbols.

    kind:    what is asked.
    subject: a weight or bias for `chain` and `letters`, a delta for `delta`.
    """

    kind: QuestionKind
    subject: Quantity

    @property
    def name(self) -> str:
        """The canonical name of its answer, such as `chain_W13` or `letters_delta3`."""
        prefix = "letters" if self.kind == "delta" else self.kind
        return f"{prefix}_{self.subject.name}"

    @property
    def asks_for(self) -> Quantity:
        """The quantity that is to be written."""
        return self.subject if self.kind == "delta" else gradient(self.subject)


def parse_question(kind: QuestionKind, name: str, network: Network) -> Question | None:
    """A question from its kind and the name of its subject; None if the network has no such thing."""
    subject = parse_name(name if kind != "delta" or name.startswith("delta") else f"delta{name}")
    if subject is None:
        return None
    if kind == "delta":
        known = subject.kind is Kind.DELTA and subject.unit in network.computing
    else:
        known = subject in set(network.parameters(updated_only=True))
    return Question(kind, subject) if known else None


def usual(network: Network) -> tuple[Question, ...]:
    """The questions of `generate --symbolic`: a first-layer weight's chain and letters, and a δ of each layer."""
    first = network.layers[1][0]
    w = weight(network.inputs[0], first)
    deltas = dict.fromkeys([network.outputs[0], first])
    return (Question("chain", w), Question("letters", w), *(Question("delta", delta(u)) for u in deltas))


def paths(network: Network, unit: int) -> Iterator[tuple[int, ...]]:
    """Every way from a unit to an output, the unit first."""
    if unit in network.outputs:
        yield (unit,)
    for k in network.downstream(unit):
        for rest in paths(network, k):
            yield (unit, *rest)


def chain_terms(network: Network, parameter: Quantity) -> list[tuple[tuple[str, str], ...]]:
    """The right chains: one for each path, each a tuple of (upper, lower) names from E down to the parameter.

    Source: the chain rule over a graph, a sum over paths of the products of the links on each.
    """
    out = []
    for path in paths(network, parameter.unit):
        links: list[tuple[str, str]] = []
        for upstream, unit in reversed(list(zip((0, *path), path, strict=False))):
            above = "E" if unit == path[-1] else f"a{path[path.index(unit) + 1]}"
            links += [(above, f"y{unit}"), (f"y{unit}", f"a{unit}")]
            if not upstream:
                links.append((f"a{unit}", parameter.name))
        out.append(tuple(links))
    return out


def in_letters(graph: StepGraph, q: Quantity, stop: frozenset[Kind] = frozenset()) -> Formula:
    """A quantity with every derivative in it written out; quantities of the kinds in `stop` stay.

    What is left are inputs, targets, parameters, pre-activations and activations.
    """
    keep = {Kind.PRE_ACTIVATION, Kind.ACTIVATION, *stop}
    formula = graph.by_quantity[q].formula
    inner = {
        p: in_letters(graph, p, stop)
        for p in graph.by_quantity[q].parents
        if p in graph.by_quantity and p.kind not in keep
    }
    return replace_symbols(formula, inner)


def right_formula(graph: StepGraph, question: Question) -> Formula:
    """The right answer in letters, as a key prints it."""
    stop = frozenset({Kind.DELTA}) if question.kind == "delta" else frozenset[Kind]()
    return in_letters(graph, question.asks_for, stop)


def chain_formula(network: Network, parameter: Quantity) -> Formula:
    """The right chain over ∂E/∂y and ∂y/∂a, with the weights that ∂a/∂y stands for and the o of ∂a/∂W."""
    terms = []
    for path in paths(network, parameter.unit):
        factors: list[Formula] = [Symbol(loss_slope(path[-1]))]
        upstream = x if parameter.source in network.inputs else y
        for unit in reversed(path):
            factors.append(Symbol(activation_slope(unit)))
            if unit != path[0]:
                factors.append(Symbol(weight(path[path.index(unit) - 1], unit)))
        if parameter.kind is Kind.WEIGHT:
            factors.append(Symbol(upstream(parameter.source)))
        terms.append(product(factors))
    return total(terms)


# A question's answer travels with the numbers of a sheet under an address of its own: the quantity asked
# for, on a path that no network has.
_ADDRESS = {"chain": 901, "letters": 902, "delta": 903}


def address(question: Question) -> Quantity:
    """The address under which a question's answer is kept among a sheet's texts."""
    asked = question.asks_for
    return Quantity(asked.kind, asked.unit, asked.source, via=_ADDRESS[question.kind])
