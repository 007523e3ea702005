"""How matrices follow from one another: one rule for each, printed in letters and with numbers put in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exercises.formulas.formula import Product, Symbol, leaves, replace_symbols
from exercises.formulas.label import Glyph
from exercises.formulas.quantity import ETA, Quantity, QuantityKind, t, y
from exercises.formulas.typeset import HTML, MINUS, Printer, symbolic
from exercises.networks import activations, losses
from exercises.pages.matrix_labels import name
from exercises.problems.matrices import Matrix, output_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exercises.formulas.formula import Formula
    from exercises.networks.plan import RowsName
    from exercises.problems.problem import Problem


@dataclass(frozen=True, slots=True)
class Transposed:
    """A matrix with rows and columns exchanged."""

    of: Matrix


Part = Matrix | Transposed | Quantity | Glyph | str  # of a rule: what is multiplied, and the signs between


def rule(problem: Problem, matrix: Matrix) -> list[Part]:
    """How a matrix follows from earlier ones; the same rule is printed in the box, in symbols and in numbers."""
    net, layer = problem.network, matrix.layer
    if matrix.updated:
        kind = (
            QuantityKind.WEIGHT_GRADIENT if matrix.kind is QuantityKind.WEIGHT else QuantityKind.BIAS_GRADIENT
        )
        return [Matrix(matrix.kind, layer), f" {MINUS} ", ETA, " ", Matrix(kind, layer)]
    match matrix.kind:
        case QuantityKind.PRE_ACTIVATION:
            own: list[Part] = [_weights(problem, layer, to="destinations"), " ", output_of(layer - 1)]
            return own if net.bias == "no" else [*own, " + ", Matrix(QuantityKind.BIAS, layer)]
        case QuantityKind.ACTIVATION:
            softmax = net.activations[layer - 1] == activations.SOFTMAX
            f = Glyph("softmax" if softmax else "f")
            return [f, "(", Matrix(QuantityKind.PRE_ACTIVATION, layer), ")"]
        case QuantityKind.DELTA:
            return list(_delta(problem, layer))
        case QuantityKind.WEIGHT_GRADIENT:
            delta, fed = Matrix(QuantityKind.DELTA, layer), output_of(layer - 1)
            high, wide = (fed, delta) if problem.plan.rows == "sources" else (delta, fed)
            return [*_sign(problem), high, " ", Transposed(wide)]
    return [*_sign(problem), Matrix(QuantityKind.DELTA, layer)]


def _weights(problem: Problem, layer: int, *, to: RowsName) -> Part:
    """The weights into a layer with a row for each of these units, turned where they do not lie so."""
    own = Matrix(QuantityKind.WEIGHT, layer)
    return own if problem.plan.rows == to else Transposed(own)


def _sign(problem: Problem) -> list[Part]:
    return [] if problem.delta == "gradient" else [MINUS]


def _delta(problem: Problem, layer: int) -> Iterator[Part]:
    net = problem.network
    slope = Matrix(QuantityKind.ACTIVATION_SLOPE, layer)
    if layer < len(net.layers) - 1:
        above = layer + 1
        yield from (
            "(",
            _weights(problem, above, to="sources"),
            " ",
            Matrix(QuantityKind.DELTA, above),
            ") ⊙ ",
            slope,
        )
        return
    yield from _sign(problem)
    entry, own = losses.BY_NAME[net.loss], output_of(layer)
    difference: list[Part] = ["(", own, f" {MINUS} ", Matrix(QuantityKind.TARGET, layer), ")"]
    if collapses(problem):
        yield from (difference if problem.delta != "gradient" else difference[1:-1])
    elif net.is_softmax:
        g = Matrix(QuantityKind.LOSS_SLOPE, layer)
        yield from (own, " ⊙ (", g, f" {MINUS} ", Transposed(own), " ", g, ")")
    elif "squared" in net.loss:
        formula = entry.slope(Symbol(y(1)), Symbol(t(1)), len(net.outputs))
        if isinstance(formula, Product):  # the factor that the squares leave
            yield symbolic(formula.factors[0], problem.label)
        yield from (*difference, " ⊙ ", slope)
    else:
        yield from (Matrix(QuantityKind.LOSS_SLOPE, layer), " ⊙ ", slope)


def collapses(problem: Problem) -> bool:
    """Whether δ of the outputs is ±(y − t)."""
    return any(
        not any(q.kind is QuantityKind.LOSS_SLOPE for q in used)
        for used in _formulas(problem, problem.network.outputs[0])
    )


def _formulas(problem: Problem, unit: int) -> Iterator[set[Quantity]]:
    step = problem.graph.by_quantity.get(Quantity(QuantityKind.DELTA, unit))
    if step is not None:
        yield from (set(leaves(f)) for f in (step.formula, *step.alternatives))


def of_entry(problem: Problem, matrix: Matrix, entry: Quantity) -> Formula:
    """How an entry of a matrix follows from the numbers that its rule puts in."""
    parts = [part.of if isinstance(part, Transposed) else part for part in rule(problem, matrix)]
    matrices = (part for part in parts if isinstance(part, Matrix))
    there = {q for one in matrices for row in one.entries(problem) for q in row}
    there |= {part for part in parts if isinstance(part, Quantity)}
    step = problem.graph.by_quantity[entry]
    plain = (f for f in (step.formula, *step.alternatives) if there.issuperset(leaves(f)))
    return next(plain, None) or _back_to(problem, step.formula, there)


def _back_to(problem: Problem, formula: Formula, there: set[Quantity]) -> Formula:
    """A formula with the formulas of lines in it until nothing but what is there is left."""
    steps = problem.graph.by_quantity
    lines = {
        q: _back_to(problem, steps[q].formula, there)
        for q in leaves(formula)
        if q not in there and q in steps
    }
    return replace_symbols(formula, lines) if lines else formula


def written(
    problem: Problem, parts: list[Part], put: Callable[[Matrix, bool], str], printer: Printer = HTML
) -> str:
    """A rule with `put` for each matrix (and whether it is transposed): its label, or its numbers."""
    out = []
    for part in parts:
        match part:
            case Matrix():
                out.append(put(part, False))  # noqa: FBT003 - the one fact about it
            case Transposed(of):
                out.append(put(of, True))  # noqa: FBT003 - as above
            case Quantity():
                found = problem.label(part)
                out.append(found.html if printer.html else found.text)
            case Glyph():
                out.append(part.html if printer.html else part.text)
            case str():
                out.append(part)
    return "".join(out)


def in_letters(problem: Problem, parts: list[Part], printer: Printer = HTML) -> str:
    """A rule in letters."""

    def put(matrix: Matrix, transposed: bool) -> str:  # noqa: FBT001 - as `written` calls it
        if matrix.kind is QuantityKind.ACTIVATION_SLOPE:
            inner = Matrix(QuantityKind.PRE_ACTIVATION, matrix.layer)
            f = "<var>f</var>′" if printer.html else "f′"
            return f"{f}({name(problem, inner, printer)})"
        return name(problem, matrix, printer, transposed=transposed)

    return written(problem, parts, put, printer)
