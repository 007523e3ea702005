"""The losses, one entry each: one output's share, its slope, and the deltas that they collapse to."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from exercises.formulas.formula import HALF, Formula, Number, Quotient, negative, product
from exercises.formulas.functions import LN
from exercises.networks.activations import SOFTMAX

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Loss:
    """How wrong an output is. The total is the sum of the outputs' shares.

    name:       as in a problem file.
    title:      for people.
    term:       the share of one output, a formula of (y, t, number of outputs).
    slope:      ∂E/∂y, a formula of (y, t, number of outputs).
    collapses:  the activation with which δ = ±(y − t), and None where there is none.
    squares:    for a loss of squared errors what stands before or about the square, for people; else empty.
    targets:    what its targets are: any "numbers", "probabilities" from 0 to 1, or "shares" of 1 as well.
    """

    name: str
    title: str
    term: Callable[[Formula, Formula, int], Formula]
    slope: Callable[[Formula, Formula, int], Formula]
    collapses: str | None = None
    squares: str = ""
    targets: Literal["numbers", "probabilities", "shares"] = "numbers"


def _share(n: int, times: int = 1) -> Formula:
    return Number(Fraction(times, n))


LOSSES: tuple[Loss, ...] = (
    Loss(
        "half-squared-error",
        "half squared error",
        term=lambda y, t, n: product([HALF, (t - y) ** 2]),  # noqa: ARG005 - one signature for all
        slope=lambda y, t, n: y - t,  # noqa: ARG005 - one signature for all
        squares="with the factor ½ before the square",
    ),
    Loss(
        "squared-error",
        "squared error",
        term=lambda y, t, n: (t - y) ** 2,  # noqa: ARG005 - one signature for all
        slope=lambda y, t, n: product([Number(Fraction(2)), y - t]),  # noqa: ARG005 - one signature for all
        squares="without a factor before the square",
    ),
    Loss(
        "mean-squared-error",
        "mean squared error",
        term=lambda y, t, n: product([_share(n), (t - y) ** 2]),
        slope=lambda y, t, n: product([_share(n, 2), y - t]),
        squares="with the mean over the outputs",
    ),
    Loss(
        "binary-cross-entropy",
        "binary cross-entropy",
        term=lambda y, t, n: negative(product([t, LN(y)]) + product([1 - t, LN(1 - y)])),  # noqa: ARG005
        slope=lambda y, t, n: Quotient(y - t, product([y, 1 - y])),  # noqa: ARG005 - one signature for all
        collapses="sigmoid",
        targets="probabilities",
    ),
    Loss(
        "cross-entropy",
        "cross-entropy",
        term=lambda y, t, n: negative(product([t, LN(y)])),  # noqa: ARG005 - one signature for all
        slope=lambda y, t, n: negative(Quotient(t, y)),  # noqa: ARG005 - one signature for all
        collapses=SOFTMAX,
        targets="shares",
    ),
)
BY_NAME = {entry.name: entry for entry in LOSSES}
NAMES = tuple(BY_NAME)
SQUARED = {entry.name: entry.squares for entry in LOSSES if entry.squares}
LOGARITHMIC = frozenset(entry.name for entry in LOSSES if entry.targets != "numbers")
OF_SHARES = frozenset(entry.name for entry in LOSSES if entry.targets == "shares")
