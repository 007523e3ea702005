"""The same pass with a layer's numbers in one vector and a layer's weights in one matrix.

The weights into a layer stand as Wᵢⱼ: a row for each unit that an arrow comes from, a column for each unit
that it leads to, as the indices of both notations have it. So a = Wᵀ·o + b, δ = (W·δ) ⊙ f′(a) with the W and
the δ of the layer above, and ∂E/∂W = o·δᵀ has the shape of W. Vectors are columns.

Source: the matrix form of backpropagation in Nielsen (2015), "Neural Networks and Deep Learning", chapter 2
(BP1 to BP4), with W transposed to rows by source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exercises.notation import Glyph, Label
from exercises.quantity import (
    Kind,
    Quantity,
    activation_slope,
    bias,
    gradient,
    loss_slope,
    t,
    weight,
    x,
)
from exercises.typeset import HTML, TEXT, Printer

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.network import Network
    from exercises.problem import Problem
    from exercises.steps import Step

_OF_UNIT: dict[Kind, Callable[[int], Quantity]] = {
    Kind.INPUT: x,
    Kind.TARGET: t,
    Kind.BIAS: bias,
    Kind.ACTIVATION_SLOPE: activation_slope,
    Kind.LOSS_SLOPE: loss_slope,
    Kind.BIAS_GRADIENT: lambda unit: gradient(bias(unit)),
}
SHAPED = (  # what may be asked for its shape
    *(Kind.WEIGHT, Kind.BIAS, Kind.PRE_ACTIVATION, Kind.ACTIVATION, Kind.DELTA),
    *(Kind.WEIGHT_GRADIENT, Kind.BIAS_GRADIENT),
)


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix or a column of one layer: what kind of quantity, of which layer (inputs are 0), at which time."""

    kind: Kind
    layer: int
    updated: bool = False

    def entries(self, net: Network) -> tuple[tuple[Quantity, ...], ...]:
        """Its entries, row by row."""
        units = net.layers[self.layer]
        if self.kind in (Kind.WEIGHT, Kind.WEIGHT_GRADIENT):
            rows = tuple(tuple(weight(i, u) for u in units) for i in net.layers[self.layer - 1])
            if self.kind is Kind.WEIGHT_GRADIENT:
                rows = tuple(tuple(gradient(w) for w in row) for row in rows)
        else:

            def of_unit(unit: int) -> Quantity:
                known = _OF_UNIT.get(self.kind)
                return Quantity(self.kind, unit) if known is None else known(unit)

            rows = tuple((of_unit(u),) for u in units)
        return tuple(tuple(q.after_update() if self.updated else q for q in row) for row in rows)

    def shape(self, net: Network) -> tuple[int, int]:
        """Rows and columns."""
        rows = self.entries(net)
        return len(rows), len(rows[0])


def output_of(layer: int) -> Matrix:
    """What a layer feeds forward."""
    return Matrix(Kind.ACTIVATION if layer else Kind.INPUT, layer)


def label(problem: Problem, matrix: Matrix) -> Label:
    """How a matrix is written: the letter of its entries with the layer raised; derivatives as fractions."""
    gradients = {Kind.WEIGHT_GRADIENT: Kind.WEIGHT, Kind.BIAS_GRADIENT: Kind.BIAS}
    top = problem.labels.glyph(Quantity(Kind.LOSS))
    if matrix.kind in gradients:
        return Label(top, _glyph(problem, Matrix(gradients[matrix.kind], matrix.layer)))
    if matrix.kind is Kind.LOSS_SLOPE:
        return Label(top, _glyph(problem, output_of(matrix.layer)))
    return Label(_glyph(problem, matrix))


def _glyph(problem: Problem, matrix: Matrix) -> Glyph:
    """The letter of the entries without their index."""
    net, layered = problem.network, problem.notation == "layer"
    base = problem.labels.glyph(matrix.entries(net)[0][0]).base
    if matrix.kind is Kind.WEIGHT:
        base = "W"
    bare = (Kind.INPUT, Kind.TARGET)
    last = matrix.layer == len(net.layers) - 1
    if (
        layered and matrix.kind is Kind.ACTIVATION
    ):  # as its entries are written: h, or h⁽¹⁾ where there are several
        return Glyph(base, sup=f"({matrix.layer})" if len(net.layers) > 3 and not last else "")  # noqa: PLR2004
    return Glyph(base, sup="" if matrix.kind in bare else f"({matrix.layer})", new=matrix.updated)


def bold(written: Label) -> str:
    """The HTML of a matrix's label: letters of matrices are upright and bold, that of the loss is not."""
    own = _bold(written.over if written.under is None else written.under)
    return own if written.under is None else f'<span class="q">∂{written.over.html}/∂{own}</span>'


def _bold(glyph: Glyph) -> str:
    raised = glyph.sup + ("new" if glyph.new else "")
    return f'<span class="mat">{glyph.base}</span>' + (f"<sup>{raised}</sup>" if raised else "")


def name(problem: Problem, matrix: Matrix, printer: Printer = HTML, *, transposed: bool = False) -> str:
    """A matrix's label, raised T behind it where it is transposed."""
    own = label(problem, matrix)
    if not printer.html:
        return own.text + ("ᵀ" if transposed else "")
    if transposed and own.under is None and own.over.sup:
        return f'<span class="mat">{own.over.base}</span><sup>{own.over.sup}T</sup>'
    return bold(own) + ("<sup>T</sup>" if transposed else "")


# --- names, for questions about shapes ---


def parse(text: str, net: Network) -> Matrix | None:
    """The matrix of a name such as `W1`, `delta2` or `dE_dW1`: the kind of its entries and its layer."""
    for kind in sorted(SHAPED, key=lambda k: -len(k)):
        number = text.removeprefix(str(kind))
        if text.startswith(str(kind)) and number.isascii() and number.isdigit():
            layer = int(number) if len(number) < 3 else 0  # noqa: PLR2004 - no network is so deep
            fits = 1 <= layer < len(net.layers) and number == str(layer)
            unbiased = net.bias == "no" and kind in (Kind.BIAS, Kind.BIAS_GRADIENT)
            return Matrix(kind, layer) if fits and not unbiased else None
    return None


def subject(matrix: Matrix) -> Quantity:
    """A matrix as the subject of a question: the kind of its entries, with the layer in the place of a unit."""
    return Quantity(matrix.kind, matrix.layer)


def of_subject(q: Quantity) -> Matrix:
    """The inverse of `subject`."""
    return Matrix(q.kind, q.unit)


def text_of(problem: Problem, matrix: Matrix) -> str:
    """A matrix's label as plain text."""
    return name(problem, matrix, TEXT)


# --- in what order they stand on a page ---


def sections(problem: Problem) -> list[tuple[str, list[list[Matrix]]]]:
    """The matrices that are asked, by section; those of one list stand side by side."""
    net = problem.network
    layers = range(1, len(net.layers))
    biased = [Kind.BIAS] if net.bias == "yes" else []
    forward = (Kind.PRE_ACTIVATION, Kind.ACTIVATION)
    gradients = [Kind.WEIGHT_GRADIENT, *([Kind.BIAS_GRADIENT] if biased else [])]
    found = [
        ("Forward pass", [[Matrix(kind, layer) for kind in forward] for layer in layers]),
        ("Deltas", [[Matrix(Kind.DELTA, layer) for layer in reversed(layers)]]),
        ("Gradients", [[Matrix(kind, layer) for kind in gradients] for layer in layers]),
        (
            "Update",
            [[Matrix(kind, layer, updated=True) for kind in (Kind.WEIGHT, *biased)] for layer in layers],
        ),
    ]
    asked = [
        (title, [kept for row in rows if (kept := [m for m in row if is_asked(problem, m)])])
        for title, rows in found
    ]
    return [(title, rows) for title, rows in asked if rows]


def is_asked(problem: Problem, matrix: Matrix) -> bool:
    """Whether any entry is asked."""
    return any(q in problem.graph.asked for row in matrix.entries(problem.network) for q in row)


def left_over(problem: Problem) -> list[Step]:
    """The lines that stand in no matrix: the losses, and whatever else is asked."""
    held = {
        q
        for _, rows in sections(problem)
        for row in rows
        for matrix in row
        for entries in matrix.entries(problem.network)
        for q in entries
    }
    return [s for s in problem.graph.asked_steps if s.quantity not in held]
