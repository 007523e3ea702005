"""A quantity is an address (kind, unit, source, path), never a glyph.

Units are numbered from 1: inputs, then each hidden layer, then outputs. How a quantity is written for people
is the business of `notation`; its canonical name, which never depends on notation, is `Quantity.name`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from exercises.common.made_once import Once

if TYPE_CHECKING:
    from collections.abc import Callable


class QuantityKind(StrEnum):
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
    MOMENT = "m"
    SECOND_MOMENT = "v"
    MOMENT_HAT = "mhat"
    SECOND_MOMENT_HAT = "vhat"
    DECAY = "beta"
    FIRST_DECAY = "beta1"
    SECOND_DECAY = "beta2"
    EPSILON = "epsilon"
    RATIO = "ratio"
    RIGHT_VALUE = "right_value"
    SUM_SLOPE = "da_dy"
    SUM_BY_WEIGHT = "da_dW"
    NODE = "u"
    NODE_SLOPE = "slope"
    NODE_GRADIENT = "grad"
    LOCAL = "local"
    QUESTION = "question"


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


@dataclass(frozen=True, slots=True, eq=False)
class Quantity(Once):
    """One number of an exercise.

    kind:    what it is.
    unit:    the unit it belongs to, from 1; for a weight its destination; 0 for the total loss and the rate; for
             a local derivative that is no line of a sheet its number among these.
    source:  for a weight and its gradient the unit it comes from; for the slope of a softmax by another unit's
             sum that other unit; otherwise 0.
    via:     for one term of a hidden unit's loss slope the unit downstream that the path runs through, else 0.
    updated: whether it belongs to the time after the update (W13_new, y5_new, E_new).
    example: the training example it belongs to, from 1, where there are several; else 0.
    step:    the step of descent it belongs to, from 1, where there are several; else 0.
    """

    kind: QuantityKind
    unit: int = 0
    source: int = 0
    via: int = 0
    updated: bool = False
    example: int = 0
    step: int = 0

    @property
    def name(self) -> str:
        """The canonical ASCII name, such as `dE_dW13` or `y5_new`."""
        return _name(self)

    def after_update(self) -> Quantity:
        """The same quantity after the update."""
        return _at(self, updated=True)

    def before_update(self) -> Quantity:
        """The same quantity before the update."""
        return _at(self, updated=False)

    def __str__(self) -> str:
        return self.name


def _indices(source: int, unit: int) -> str:
    return f"{source}_{unit}" if max(source, unit) > 9 else f"{source}{unit}"  # noqa: PLR2004 - two digits


_STEMS: dict[QuantityKind, Callable[[Quantity], str]] = {
    QuantityKind.RATE: lambda _: "eta",
    QuantityKind.WEIGHT: lambda q: f"W{_indices(q.source, q.unit)}",
    QuantityKind.WEIGHT_GRADIENT: lambda q: f"dE_dW{_indices(q.source, q.unit)}",
    QuantityKind.ACTIVATION_SLOPE: lambda q: f"dy{q.unit}_da{q.source or q.unit}",
    QuantityKind.SUM_SLOPE: lambda q: f"da{q.unit}_dy{q.source}",
    QuantityKind.SUM_BY_WEIGHT: lambda q: f"da{q.unit}_dW{_indices(q.source, q.unit)}",
    QuantityKind.LOSS: lambda q: f"E{q.unit}" if q.unit else "E",
    **dict.fromkeys(
        (
            QuantityKind.MOMENT,
            QuantityKind.SECOND_MOMENT,
            QuantityKind.MOMENT_HAT,
            QuantityKind.SECOND_MOMENT_HAT,
        ),
        lambda q: (
            f"{q.kind}_{Quantity(QuantityKind.WEIGHT if q.source else QuantityKind.BIAS, q.unit, q.source).name}"
        ),
    ),
    **dict.fromkeys((QuantityKind.RATIO, QuantityKind.NODE_SLOPE), lambda q: f"{q.kind}{q.unit}_{q.source}"),
    **dict.fromkeys(
        (
            QuantityKind.DECAY,
            QuantityKind.FIRST_DECAY,
            QuantityKind.SECOND_DECAY,
            QuantityKind.EPSILON,
            QuantityKind.RIGHT_VALUE,
        ),
        lambda q: str(q.kind),
    ),
}


@lru_cache(maxsize=4096)
def _at(q: Quantity, *, updated: bool) -> Quantity:
    return replace(q, updated=updated)


@lru_cache(maxsize=4096)
def _name(q: Quantity) -> str:
    stem = _STEMS[q.kind](q) if q.kind in _STEMS else f"{q.kind}{q.unit}"
    if q.via:
        stem += f"_via{q.via}"
    if q.updated:
        stem += "_new"
    if q.example:
        stem += f"_ex{q.example}"
    return f"{stem}_step{q.step}" if q.step else stem


@lru_cache(maxsize=4096)
def parameter_of(q: Quantity) -> Quantity:
    """The weight or bias that a gradient or a moment belongs to, at the same time and step."""
    return replace(q, kind=QuantityKind.WEIGHT if q.source else QuantityKind.BIAS, example=0)


def of_parameter(kind: QuantityKind, parameter: Quantity) -> Quantity:
    """A parameter's moment, of the given kind."""
    return replace(parameter, kind=kind)


def x(unit: int) -> Quantity:
    """The input of unit `unit`."""
    return Quantity(QuantityKind.INPUT, unit)


def t(unit: int) -> Quantity:
    """The target of output unit `unit`."""
    return Quantity(QuantityKind.TARGET, unit)


def weight(source: int, unit: int) -> Quantity:
    """The weight from `source` to `unit`."""
    return Quantity(QuantityKind.WEIGHT, unit, source)


def bias(unit: int) -> Quantity:
    """The bias of `unit`."""
    return Quantity(QuantityKind.BIAS, unit)


def a(unit: int) -> Quantity:
    """The pre-activation (weighted sum) of `unit`."""
    return Quantity(QuantityKind.PRE_ACTIVATION, unit)


def y(unit: int) -> Quantity:
    """The activation (output) of `unit`."""
    return Quantity(QuantityKind.ACTIVATION, unit)


def loss(unit: int = 0) -> Quantity:
    """The loss of one output, or the total loss with unit 0."""
    return Quantity(QuantityKind.LOSS, unit)


def loss_slope(unit: int, via: int = 0) -> Quantity:
    """∂E/∂y of `unit`, or only its part through the unit `via`."""
    return Quantity(QuantityKind.LOSS_SLOPE, unit, via=via)


def activation_slope(unit: int, by: int = 0) -> Quantity:
    """dy/da of `unit`; behind a softmax also by the sum of another unit, `by`."""
    return Quantity(QuantityKind.ACTIVATION_SLOPE, unit, by if by != unit else 0)


def delta(unit: int) -> Quantity:
    """The delta of `unit`: ±∂E/∂a by the problem's convention of sign."""
    return Quantity(QuantityKind.DELTA, unit)


def sum_slope(unit: int, source: int) -> Quantity:
    """∂a/∂y: how the weighted sum of `unit` changes with the activation of `source`."""
    return Quantity(QuantityKind.SUM_SLOPE, unit, source)


def sum_by_weight(parameter: Quantity) -> Quantity:
    """∂a/∂W: how the weighted sum of a weight's destination changes with the weight."""
    return Quantity(QuantityKind.SUM_BY_WEIGHT, parameter.unit, parameter.source)


def gradient(parameter: Quantity) -> Quantity:
    """∂E/∂(parameter) of a weight or a bias."""
    kind = (
        QuantityKind.WEIGHT_GRADIENT if parameter.kind is QuantityKind.WEIGHT else QuantityKind.BIAS_GRADIENT
    )
    return Quantity(kind, parameter.unit, parameter.source)


ETA = Quantity(QuantityKind.RATE)

_N = r"[1-9]\d*"
_PATTERN = re.compile(
    rf"(?:(?P<moment>m|v|mhat|vhat)_)?"
    rf"(?:(?P<pair>W|dE_dW)(?:(?P<s1>[1-9])(?P<u1>[1-9])|(?P<s2>{_N})_(?P<u2>{_N}))"
    rf"|(?P<double>ratio|slope)(?P<u3>{_N})_(?P<s3>{_N})"
    rf"|dy(?P<slope>{_N})_da(?P<by>{_N})"
    rf"|da(?P<u4>{_N})_dy(?P<s4>{_N})"
    rf"|da(?P<u5>{_N})_dW(?:(?P<s5>[1-9])(?P<t5>[1-9])|(?P<s6>{_N})_(?P<t6>{_N}))"
    rf"|(?P<alone>eta|beta|beta1|beta2|epsilon|right_value|E)"
    rf"|(?P<single>x|t|b|a|y|E|u|grad|delta|dE_dy|dE_db)(?P<unit>{_N})(?:_via(?P<via>{_N}))?)"
    rf"(?P<new>_new)?(?:_ex(?P<example>{_N}))?(?:_step(?P<step>{_N}))?"
)
_MOMENTS = {
    QuantityKind.MOMENT,
    QuantityKind.SECOND_MOMENT,
    QuantityKind.MOMENT_HAT,
    QuantityKind.SECOND_MOMENT_HAT,
}
_UPDATABLE = {
    QuantityKind.WEIGHT,
    QuantityKind.BIAS,
    QuantityKind.PRE_ACTIVATION,
    QuantityKind.ACTIVATION,
    QuantityKind.LOSS,
    *_MOMENTS,
}
_WITH_PATHS = {QuantityKind.LOSS_SLOPE, QuantityKind.NODE_GRADIENT}


_LOCAL = {
    "slope": QuantityKind.ACTIVATION_SLOPE,
    "u4": QuantityKind.SUM_SLOPE,
    "u5": QuantityKind.SUM_BY_WEIGHT,
}


def _local(part: dict[str, str | None]) -> str:
    return next(group for group in _LOCAL if part[group])


@lru_cache(maxsize=4096)
def parse_name(text: str) -> Quantity | None:
    """Read a canonical name; None if it is not one. The inverse of `Quantity.name`."""
    found = _PATTERN.fullmatch(text)
    if found is None:
        return None
    part = found.groupdict()
    stem = part["pair"] or part["double"] or part["alone"] or part["single"]
    kind = (
        _LOCAL[_local(part)] if stem is None else QuantityKind.RATE if stem == "eta" else QuantityKind(stem)
    )
    if part["moment"]:
        if kind not in (QuantityKind.WEIGHT, QuantityKind.BIAS):
            return None
        kind = QuantityKind(part["moment"])

    def number(*groups: str) -> int:
        return next((int(part[g]) for g in groups if part[g]), 0)

    by = number("by")
    quantity = Quantity(
        kind,
        number("u1", "u2", "u3", "slope", "unit", "u4", "u5"),
        number("s1", "s2", "s3", "s4", "s5", "s6") or (by if by != number("slope") else 0),
        number("via"),
        part["new"] is not None,
        number("example"),
        number("step"),
    )
    misplaced = quantity.via and kind not in _WITH_PATHS
    if misplaced or (quantity.updated and kind not in _UPDATABLE) or quantity.name != text:
        return None
    return quantity
