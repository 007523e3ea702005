"""The same pass with a layer's numbers in one vector and a layer's weights in one matrix.

The weights into a layer stand as Wᵢⱼ: a row for each unit that an arrow comes from, a column for each unit
that it leads to, as the indices of both notations have it. So a = Wᵀ·o + b, δ = (W·δ) ⊙ f′(a) with the W and
the δ of the layer above, and ∂E/∂W = o·δᵀ has the shape of W. Vectors are columns. A plan whose rows are destinations
has the same numbers in matrices that lie the other way: a = W·o + b, δ = (Wᵀ·δ) ⊙ f′(a), ∂E/∂W = δ·oᵀ.

Source: the matrix form of backpropagation in Nielsen (2015), "Neural Networks and Deep Learning", chapter 2
(BP1 to BP4), with W transposed to rows by source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from exercises.formulas.quantity import (
    Quantity,
    QuantityKind,
    activation_slope,
    bias,
    gradient,
    loss_slope,
    t,
    weight,
    x,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.networks.network import Network
    from exercises.networks.plan import Plan

_OF_UNIT: dict[QuantityKind, Callable[[int], Quantity]] = {
    QuantityKind.INPUT: x,
    QuantityKind.TARGET: t,
    QuantityKind.BIAS: bias,
    QuantityKind.ACTIVATION_SLOPE: activation_slope,
    QuantityKind.LOSS_SLOPE: loss_slope,
    QuantityKind.BIAS_GRADIENT: lambda unit: gradient(bias(unit)),
}
SHAPED = (  # what may be asked for its shape
    *(
        QuantityKind.WEIGHT,
        QuantityKind.BIAS,
        QuantityKind.PRE_ACTIVATION,
        QuantityKind.ACTIVATION,
        QuantityKind.DELTA,
    ),
    *(QuantityKind.WEIGHT_GRADIENT, QuantityKind.BIAS_GRADIENT),
)


class InMatrices(Protocol):
    """A problem, as far as it says how its matrices lie."""

    @property
    def network(self) -> Network:
        """Its network."""

    @property
    def plan(self) -> Plan:
        """What says whose rows they have."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix or a column of one layer: what kind of quantity, of which layer (inputs are 0), at which time."""

    kind: QuantityKind
    layer: int
    updated: bool = False

    def entries(self, problem: InMatrices) -> tuple[tuple[Quantity, ...], ...]:
        """Its entries, row by row, as they lie on a problem's sheet."""
        net = problem.network
        units = net.layers[self.layer]
        if self.kind in (QuantityKind.WEIGHT, QuantityKind.WEIGHT_GRADIENT):
            rows = tuple(tuple(weight(i, u) for u in units) for i in net.layers[self.layer - 1])
            if problem.plan.rows == "destinations":
                rows = tuple(zip(*rows, strict=True))
            if self.kind is QuantityKind.WEIGHT_GRADIENT:
                rows = tuple(tuple(gradient(w) for w in row) for row in rows)
        else:

            def of_unit(unit: int) -> Quantity:
                known = _OF_UNIT.get(self.kind)
                return Quantity(self.kind, unit) if known is None else known(unit)

            rows = tuple((of_unit(u),) for u in units)
        return tuple(tuple(q.after_update() if self.updated else q for q in row) for row in rows)

    def shape(self, problem: InMatrices) -> tuple[int, int]:
        """Rows and columns."""
        rows = self.entries(problem)
        return len(rows), len(rows[0])


def output_of(layer: int) -> Matrix:
    """What a layer feeds forward."""
    return Matrix(QuantityKind.ACTIVATION if layer else QuantityKind.INPUT, layer)


# --- names, for questions about shapes ---


def parse(text: str, net: Network) -> Matrix | None:
    """The matrix of a name such as `W1`, `delta2` or `dE_dW1`: the kind of its entries and its layer."""
    for kind in sorted(SHAPED, key=lambda k: -len(k)):
        number = text.removeprefix(str(kind))
        if text.startswith(str(kind)) and number.isascii() and number.isdigit():
            layer = int(number) if len(number) < 3 else 0  # noqa: PLR2004 - no network is so deep
            fits = 1 <= layer < len(net.layers) and number == str(layer)
            unbiased = net.bias == "no" and kind in (QuantityKind.BIAS, QuantityKind.BIAS_GRADIENT)
            return Matrix(kind, layer) if fits and not unbiased else None
    return None


def subject(matrix: Matrix) -> Quantity:
    """A matrix as the subject of a question: the kind of its entries, with the layer in the place of a unit."""
    return Quantity(matrix.kind, matrix.layer)


def of_subject(q: Quantity) -> Matrix:
    """The inverse of `subject`."""
    return Matrix(q.kind, q.unit)


# --- in what order they stand on a page ---
