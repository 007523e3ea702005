"""A quantity is an address (kind, unit, source, path), never a glyph.

Units are numbered from 1: inputs, then each hidden layer, then outputs. How a quantity is written for people
is the business of `notation`; its canonical name, which never depends on notation, is `Quantity.name`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache


class Kind(StrEnum):
    """What a quantity is. The value is the stem of its canonical name."""

    INPUT = "x"
    TARGET = "t"
    WEIGHT = "W"
    BIAS = "b"
    RATE = "eta"
    PRE_ACTIVATION = "a"
    ACTIVATION = "y"
    LOSS = "E"
    LOSS_SLOPE = "dE_dy"
    ACTIVATION_SLOPE = "dy_da"
    DELTA = "delta"
    WEIGHT_GRADIENT = "dE_dW"
    BIAS_GRADIENT = "dE_db"


class Link(StrEnum):
    """The kind of chain-rule step that yields a quantity."""

    WEIGHTED_SUM = "weighted sum"
    ACTIVATION = "activation"
    LOSS = "loss"
    LOSS_SLOPE = "loss slope"
    ACTIVATION_SLOPE = "activation slope"
    OUTPUT_DELTA = "output delta"
    HIDDEN_DELTA = "hidden delta"
    GRADIENT = "gradient"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of an exercise.

    kind:    what it is.
    unit:    the unit it belongs to, from 1; for a weight its destination; 0 for the total loss and the rate.
    source:  for a weight and its gradient the unit it comes from, otherwise 0.
    via:     for one term of a hidden unit's loss slope the unit downstream that the path runs through, else 0.
    updated: whether it belongs to the time after the update (W13_new, y5_new, E_new).
    """

    kind: Kind
    unit: int = 0
    source: int = 0
    via: int = 0
    updated: bool = False

    @property
    def name(self) -> str:
        """The canonical ASCII name, such as `dE_dW13` or `y5_new`."""
        return _name(self)

    def after_update(self) -> Quantity:
        """The same quantity after the update."""
        return replace(self, updated=True)

    def before_update(self) -> Quantity:
        """The same quantity before the update."""
        return replace(self, updated=False)

    def __str__(self) -> str:
        return self.name


def _indices(source: int, unit: int) -> str:
    return f"{source}_{unit}" if max(source, unit) > 9 else f"{source}{unit}"  # noqa: PLR2004 - two digits


@lru_cache(maxsize=4096)
def _name(q: Quantity) -> str:
    match q.kind:
        case Kind.RATE:
            stem = "eta"
        case Kind.WEIGHT | Kind.WEIGHT_GRADIENT:
            stem = f"{q.kind}{_indices(q.source, q.unit)}"
        case Kind.ACTIVATION_SLOPE:
            stem = f"dy{q.unit}_da{q.unit}"
        case Kind.LOSS:
            stem = f"E{q.unit}" if q.unit else "E"
        case _:
            stem = f"{q.kind}{q.unit}"
    if q.via:
        stem += f"_via{q.via}"
    return f"{stem}_new" if q.updated else stem


def x(unit: int) -> Quantity:
    """The input of unit `unit`."""
    return Quantity(Kind.INPUT, unit)


def t(unit: int) -> Quantity:
    """The target of output unit `unit`."""
    return Quantity(Kind.TARGET, unit)


def weight(source: int, unit: int) -> Quantity:
    """The weight from `source` to `unit`."""
    return Quantity(Kind.WEIGHT, unit, source)


def bias(unit: int) -> Quantity:
    """The bias of `unit`."""
    return Quantity(Kind.BIAS, unit)


def a(unit: int) -> Quantity:
    """The pre-activation (weighted sum) of `unit`."""
    return Quantity(Kind.PRE_ACTIVATION, unit)


def y(unit: int) -> Quantity:
    """The activation (output) of `unit`."""
    return Quantity(Kind.ACTIVATION, unit)


def loss(unit: int = 0) -> Quantity:
    """The loss of one output, or the total loss with unit 0."""
    return Quantity(Kind.LOSS, unit)


def loss_slope(unit: int, via: int = 0) -> Quantity:
    """∂E/∂y of `unit`, or only its part through the unit `via`."""
    return Quantity(Kind.LOSS_SLOPE, unit, via=via)


def activation_slope(unit: int) -> Quantity:
    """dy/da of `unit`."""
    return Quantity(Kind.ACTIVATION_SLOPE, unit)


def delta(unit: int) -> Quantity:
    """The delta of `unit`: ±∂E/∂a by the problem's convention of sign."""
    return Quantity(Kind.DELTA, unit)


def gradient(parameter: Quantity) -> Quantity:
    """∂E/∂(parameter) of a weight or a bias."""
    kind = Kind.WEIGHT_GRADIENT if parameter.kind is Kind.WEIGHT else Kind.BIAS_GRADIENT
    return Quantity(kind, parameter.unit, parameter.source)


ETA = Quantity(Kind.RATE)

_PATTERN = re.compile(
    r"(?:(?P<pair>W|dE_dW)(?:(?P<s1>[1-9])(?P<u1>[1-9])|(?P<s2>[1-9]\d*)_(?P<u2>[1-9]\d*))"
    r"|dy(?P<slope>[1-9]\d*)_da(?P=slope)"
    r"|(?P<total>E|eta)"
    r"|(?P<single>x|t|b|a|y|E|delta|dE_dy|dE_db)(?P<unit>[1-9]\d*)(?:_via(?P<via>[1-9]\d*))?)(?P<new>_new)?"
)
_UPDATABLE = {Kind.WEIGHT, Kind.BIAS, Kind.PRE_ACTIVATION, Kind.ACTIVATION, Kind.LOSS}


@lru_cache(maxsize=4096)
def parse_name(text: str) -> Quantity | None:
    """Read a canonical name; None if it is not one. The inverse of `Quantity.name`."""
    found = _PATTERN.fullmatch(text)
    if found is None:
        return None
    part = found.groupdict()
    updated = part["new"] is not None
    if part["pair"]:
        unit = int(part["u1"] or part["u2"])
        quantity = Quantity(Kind(part["pair"]), unit, int(part["s1"] or part["s2"]), updated=updated)
    elif part["slope"]:
        quantity = Quantity(Kind.ACTIVATION_SLOPE, int(part["slope"]), updated=updated)
    elif part["total"]:
        quantity = Quantity(Kind(part["total"]), updated=updated)
    else:
        quantity = Quantity(
            Kind(part["single"]), int(part["unit"]), via=int(part["via"] or 0), updated=updated
        )
    misplaced = quantity.via and quantity.kind is not Kind.LOSS_SLOPE
    if misplaced or (updated and quantity.kind not in _UPDATABLE) or quantity.name != text:
        return None
    return quantity
