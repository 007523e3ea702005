"""Questions beside the lines: derivatives in symbols, shapes of matrices, and what is wrong with a solution.

`chain` asks for ∂E/∂W as a product (or, over several paths, a sum of products) of partial derivatives of
neighbouring quantities, or for a δ behind a softmax as such a sum over the outputs; `letters` for ∂E/∂W with
every factor written out in y, t, W and x; `delta` for a unit's δ in letters; `local` for one local derivative
in letters; `shape` for the rows and columns of a matrix. `wrong-line` and `what-was-wrong` belong to every
worked solution with a mistake. What is right in symbols follows from the graph of steps alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from exercises.formulas.formula import Formula, Symbol, leaves, product, replace_symbols, total
from exercises.formulas.quantity import (
    Quantity,
    QuantityKind,
    activation_slope,
    delta,
    gradient,
    loss_slope,
    parse_name,
    weight,
    x,
    y,
)
from exercises.networks.activations import softmax_slope
from exercises.networks.kinds import kind_of
from exercises.problems import matrices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.networks.network import Network
    from exercises.networks.steps import StepGraph

QuestionKind = Literal["chain", "letters", "delta", "local", "shape", "wrong-line", "what-was-wrong"]
KINDS: tuple[QuestionKind, ...] = ("chain", "letters", "delta", "local", "shape")  # that a file may name
_IN_LETTERS = ("letters", "delta", "local")


@dataclass(frozen=True, slots=True)
class Question:
    """One question that is not answered by a number.

    kind:    what is asked.
    subject: a weight or bias for `chain` and `letters`, a delta for `delta` (and, behind a softmax, for
             `chain`), a slope for `local`, for `shape` a matrix by `matrices.subject`.
    """

    kind: QuestionKind
    subject: Quantity

    @property
    def topic(self) -> str:
        """Its subject's name, as it stands in a file."""
        if self.kind == "shape":
            return f"{self.subject.kind}{self.subject.unit}"
        return self.subject.name

    @property
    def name(self) -> str:
        """The canonical name of its answer, such as `chain_W13`, `letters_delta3`, `shape_W1`, `wrong_line`."""
        if self in ABOUT_A_SOLUTION:
            return self.kind.replace("-", "_")
        return f"{'letters' if self.kind in _IN_LETTERS else self.kind}_{self.topic}"

    @property
    def asks_for(self) -> Quantity:
        """The quantity that is to be written."""
        parameter = self.subject.kind in (QuantityKind.WEIGHT, QuantityKind.BIAS) and self.kind in (
            "chain",
            "letters",
        )
        return gradient(self.subject) if parameter else self.subject

    @property
    def stands_first(self) -> bool:
        """Whether it is asked before the lines."""
        return self.kind in ("shape", "wrong-line")

    @property
    def in_symbols(self) -> bool:
        """Whether an expression answers it."""
        return self.kind in ("chain", *_IN_LETTERS)


ABOUT_A_SOLUTION = (
    Question("wrong-line", Quantity(QuantityKind.RIGHT_VALUE)),
    Question("what-was-wrong", Quantity(QuantityKind.RIGHT_VALUE)),
)
IN_WORDS = ABOUT_A_SOLUTION[1].name  # the box that a person reads


def parse_question(kind: QuestionKind, name: str, network: Network) -> Question | None:
    """A question from its kind and the name of its subject; None if the network has no such thing."""
    if kind == "shape":
        matrix = matrices.parse(name, network)
        return Question(kind, matrices.subject(matrix)) if matrix is not None else None
    subject = parse_name(name if kind != "delta" or name.startswith("delta") else f"delta{name}")
    known = subject is not None and subject in set(_subjects(kind, network))
    return Question(kind, subject) if known and subject is not None else None


def _subjects(kind: QuestionKind, network: Network) -> Iterator[Quantity]:
    """What a question may be about."""
    if kind == "local":
        yield from (loss_slope(k) for k in network.outputs)
        yield from (activation_slope(u) for u in network.computing)
        if network.is_softmax:
            yield from (activation_slope(k, j) for k in network.outputs for j in network.outputs)
    elif kind == "delta":
        yield from (delta(u) for u in network.computing)
    else:
        yield from network.parameters(updated_only=True)
        if kind == "chain" and network.is_softmax:
            yield from (delta(k) for k in network.outputs)


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


def chain_terms(network: Network, subject: Quantity) -> list[tuple[tuple[str, str], ...]]:
    """The right chains: one for each path, each a tuple of (upper, lower) names from E down to the subject.

    Behind a softmax every output hangs on the sum of every output unit, so that each path is there once for
    each output that E sees.

    Source: the chain rule over a graph, a sum over paths of the products of the links on each.
    """
    out = []
    for path in paths(network, subject.unit):
        for seen in network.outputs if network.is_softmax else path[-1:]:
            links = [("E", f"y{seen}"), (f"y{seen}", f"a{path[-1]}")]
            for unit, below in zip(path[:0:-1], path[-2::-1], strict=True):
                links += [(f"a{unit}", f"y{below}"), (f"y{below}", f"a{below}")]
            if subject.kind is not QuantityKind.DELTA:
                links.append((f"a{subject.unit}", subject.name))
            out.append(tuple(links))
    return out


def in_letters(graph: StepGraph, q: Quantity, stop: frozenset[QuantityKind] = frozenset()) -> Formula:
    """A quantity with every derivative in it written out; quantities of the kinds in `stop` stay.

    What is left are inputs, targets, parameters, pre-activations and activations.
    """
    keep = {QuantityKind.PRE_ACTIVATION, QuantityKind.ACTIVATION, *stop}
    formula = graph.by_quantity[q].formula
    inner = {
        p: in_letters(graph, p, stop)
        for p in graph.by_quantity[q].parents
        if p in graph.by_quantity and p.kind not in keep
    }
    return replace_symbols(formula, inner)


def right_formula(graph: StepGraph, question: Question) -> Formula:
    """The right answer in letters, as a key prints it; a δ that collapses is printed collapsed where that is asked."""
    if question.kind == "local":
        return slope_formula(graph, question.subject)
    if question.kind == "delta" and kind_of(graph.plan).cancels:
        step = graph.by_quantity[question.subject]
        for formula in (step.formula, *step.alternatives):
            if not any(q.kind is QuantityKind.LOSS_SLOPE for q in leaves(formula)):
                return formula
    stop = frozenset({QuantityKind.DELTA}) if question.kind == "delta" else frozenset[QuantityKind]()
    return in_letters(graph, question.asks_for, stop)


def slope_formula(graph: StepGraph, q: Quantity) -> Formula:
    """A local derivative in letters; behind a softmax ∂yₖ/∂aⱼ = yₖ([j = k] − yⱼ), which no line gives."""
    if q in graph.by_quantity:
        return graph.by_quantity[q].formula
    return softmax_slope(Symbol(y(q.unit)), Symbol(y(q.source or q.unit)))


def chain_formula(network: Network, subject: Quantity) -> Formula:
    """The right chain over ∂E/∂y and ∂y/∂a, with the weights that ∂a/∂y stands for and the o of ∂a/∂W."""
    terms = []
    for path in paths(network, subject.unit):
        for seen in network.outputs if network.is_softmax else path[-1:]:
            by = path[-1] if network.is_softmax else 0
            factors: list[Formula] = [Symbol(loss_slope(seen)), Symbol(activation_slope(seen, by))]
            for unit, below in zip(path[:0:-1], path[-2::-1], strict=True):
                factors += [Symbol(weight(below, unit)), Symbol(activation_slope(below))]
            if subject.kind is QuantityKind.WEIGHT:
                upstream = x if subject.source in network.inputs else y
                factors.append(Symbol(upstream(subject.source)))
            terms.append(product(factors))
    return total(terms)


@dataclass(frozen=True, slots=True, eq=False)
class QuestionLine(Quantity):
    """The line of a sheet on which a question is answered: by no number, under the question's own name."""

    question: Question = field(kw_only=True)

    def __reduce__(self) -> tuple[Any, ...]:
        return line_of, (self.question,)

    @property
    def name(self) -> str:
        """The canonical name of the answer, such as `chain_W13`."""
        return self.question.name


def line_of(question: Question) -> QuestionLine:
    """The line under which a question's answer is kept among a sheet's texts."""
    return QuestionLine(QuantityKind.QUESTION, question=question)
