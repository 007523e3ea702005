"""The activations, one entry each: value and slope in the form that a student writes, and what kind of curve it is.

Everything else that differs between activations follows from these: which kinds of exercise they suit, which
numbers are drawn for them, what the sheet says of them, which mistakes can be made with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from exercises.formulas.formula import ONE, Apply, Formula, Quotient, Symbol, leaves, product
from exercises.formulas.functions import (
    ELU,
    ELU_SLOPE,
    EXP,
    LEAK,
    LEAKY,
    LEAKY_SLOPE,
    LN,
    NORMAL_CDF,
    NORMAL_PDF,
    RELU,
    RELU_SLOPE,
    SIGMA,
    TANH,
)
from exercises.formulas.quantity import a, y

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Activation:
    """How a unit turns its pre-activation a into its activation y.

    name:       as in a problem file.
    value:      y as a formula of a.
    slope:      dy/da as a formula of (a, y), as a student writes it.
    definition: what the sheet's box prints behind the value, or None where `value` says it all.
    note:       the rest of that line, for cases that no single formula shows.
    curve:      "smooth"; "kinked" of two straight pieces that meet at 0; or "straight".
    off:        whether nothing at all passes below 0.
    reach:      the values between which every y lies, where there are such.
    """

    name: str
    value: Callable[[Formula], Formula]
    slope: Callable[[Formula, Formula], Formula]
    definition: Callable[[Formula], Formula] | None = None
    note: str = ""
    curve: Literal["smooth", "kinked", "straight"] = "smooth"
    off: bool = False
    reach: tuple[int, int] | None = None

    @property
    def slope_from_output(self) -> bool:
        """Whether the slope, as a student writes it, is a formula of y alone."""
        return set(leaves(self.slope(Symbol(a(1)), Symbol(y(1))))) == {y(1)}


def _silu_slope(a: Formula, y: Formula) -> Formula:
    return y + SIGMA(a) * (1 - y)


ACTIVATIONS: tuple[Activation, ...] = (
    Activation(
        "sigmoid",
        value=SIGMA,
        slope=lambda a, y: y * (1 - y),  # noqa: ARG005 - the textbook form needs y only
        definition=lambda a: Quotient(ONE, 1 + EXP(-a)),
        reach=(0, 1),
    ),
    Activation(
        "tanh",
        value=TANH,
        slope=lambda a, y: 1 - y**2,  # noqa: ARG005 - the textbook form needs y only
        definition=lambda a: (EXP(a) - EXP(-a)) / (EXP(a) + EXP(-a)),
        reach=(-1, 1),
    ),
    Activation(
        "relu",
        value=RELU,
        slope=lambda a, y: RELU_SLOPE(a),  # noqa: ARG005 - one signature for all
        note="a if a > 0, otherwise 0; its slope is 1 if a > 0, otherwise 0",
        curve="kinked",
        off=True,
    ),
    Activation(
        "leaky-relu",
        value=LEAKY,
        slope=lambda a, y: LEAKY_SLOPE(a),  # noqa: ARG005 - one signature for all
        note=f"a if a > 0, otherwise {float(LEAK)}·a; its slope is 1 if a > 0, otherwise {float(LEAK)}",
        curve="kinked",
    ),
    Activation(
        "elu",
        value=ELU,
        slope=lambda a, y: ELU_SLOPE(a),  # noqa: ARG005 - one signature for all
        note="a if a > 0, otherwise e^a − 1; its slope is 1 if a > 0, otherwise e^a",
    ),
    Activation("linear", value=lambda a: a, slope=lambda a, y: ONE, curve="straight"),  # noqa: ARG005 - as above
    Activation(
        "softplus",
        value=lambda a: LN(1 + EXP(a)),
        slope=lambda a, y: SIGMA(a),  # noqa: ARG005 - one signature for all
        note="with σ(a) = 1 / (1 + e^−a)",
    ),
    Activation(
        "silu",
        value=lambda a: product([a, SIGMA(a)]),
        slope=_silu_slope,
        note="with σ(a) = 1 / (1 + e^−a)",
    ),
    Activation(
        "gelu",
        value=lambda a: product([a, NORMAL_CDF(a)]),
        slope=lambda a, y: NORMAL_CDF(a) + product([a, NORMAL_PDF(a)]),  # noqa: ARG005 - one signature
        note="with Φ the standard normal distribution function and φ its density",
    ),
)
SOFTMAX = "softmax"
BY_NAME = {entry.name: entry for entry in ACTIVATIONS}
NAMES = (*BY_NAME, SOFTMAX)
REACH = {**{entry.name: entry.reach for entry in ACTIVATIONS}, SOFTMAX: (0, 1)}
SMOOTH, KINKED = (
    frozenset(entry.name for entry in ACTIVATIONS if entry.curve == curve) for curve in ("smooth", "kinked")
)
FROM_OUTPUT = frozenset(entry.name for entry in ACTIVATIONS if entry.slope_from_output)


def softmax(own: Formula, layer: Sequence[Formula]) -> Formula:
    """One unit's share: e^own / Σ e^a over its layer. Output layer only."""
    return Quotient(Apply(EXP, own), _sum([Apply(EXP, a) for a in layer]))


def softmax_slope(out: Formula, by: Formula) -> Formula:
    """∂yₖ/∂aⱼ of a softmax from yₖ and yⱼ: yₖ(1 − yₖ) for the own sum, −yₖyⱼ for another's."""
    return product([out, 1 - out]) if out == by else -product([out, by])


def softmax_delta(own: int, ys: Sequence[Formula], slopes: Sequence[Formula]) -> Formula:
    """∂E/∂a of output `own` behind a softmax: y(g − Σ y g), g the slopes of the loss.

    Source: the softmax Jacobian ∂yₘ/∂aₖ = yₖ([m = k] − yₘ), summed over the outputs m.
    """
    mixed = _sum([product([y, g]) for y, g in zip(ys, slopes, strict=True)])
    return product([ys[own], slopes[own] - mixed])


def _sum(terms: list[Formula]) -> Formula:
    return terms[0] if len(terms) == 1 else sum(terms[1:], start=terms[0])
