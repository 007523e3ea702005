"""What the numbers of a problem are drawn from: few decimals, never 0 or 1, and large enough to show a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.drawing.candidates import ValueRange
from exercises.formulas.quantity import QuantityKind
from exercises.networks.activations import REACH
from exercises.networks.losses import LOGARITHMIC, OF_SHARES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from exercises.formulas.quantity import Quantity
    from exercises.networks.network import Network
    from exercises.networks.steps import StepGraph

_FEW = 17  # so many weights find a size of one decimal each
_RATES = (30, 40, 60, 70, 80, 90)  # one half would look like the ½ of the loss
_WHOLE, _HALVES = (200, 300, 400), (50, 150, 200, 250, 300)  # 1 would hide where it was forgotten
_QUARTERS = (25, 50, 75, 125, 150, 175, 225, 250)


def value_ranges(
    graph: StepGraph, fixed: Collection[Quantity], *, positive: bool = False, halves: bool = False
) -> Iterator[ValueRange]:
    """The value ranges of a graph's given quantities, in the order in which they are drawn; `fixed` ones are not.

    positive: whether inputs and parameters are.
    halves:   whether all are whole numbers, halves and quarters, which are multiplied in the head.
    """
    signed = not positive
    free = [q for q in graph.given if q not in fixed]
    net = graph.network
    if halves:
        yield from _in_halves(net, free, signed=signed)
        return
    for run in dict.fromkeys(q.example for q in free):
        yield from _some(free, QuantityKind.INPUT, run, _sizes(15, 95, 5), signed=signed)
    for layer in net.layers[1:]:
        weights = tuple(q for q in free if q.kind is QuantityKind.WEIGHT and q.unit in layer)
        low, high = (20, 190) if layer == net.layers[1] else (50, 240)  # what comes back must not vanish
        if weights:
            yield ValueRange(weights, _sizes(low, high, 10 if len(weights) <= _FEW else 5), signed=signed)
    yield from _some(free, QuantityKind.BIAS, 0, _sizes(5, 90, 5), signed=signed)
    for run in dict.fromkeys(q.example for q in free):
        yield from _targets(net, tuple(q for q in free if q.kind is QuantityKind.TARGET and q.example == run))
    yield from _some(free, QuantityKind.RATE, 0, _RATES)
    yield from _some(free, QuantityKind.MOMENT, 0, _sizes(2, 29, 1), signed=True)
    yield from _some(free, QuantityKind.SECOND_MOMENT, 0, _sizes(2, 29, 1))


def _in_halves(net: Network, free: list[Quantity], *, signed: bool) -> Iterator[ValueRange]:
    for run in dict.fromkeys(q.example for q in free):
        yield from _some(free, QuantityKind.INPUT, run, _WHOLE, signed=signed)
    for layer in net.layers[1:]:
        weights = tuple(q for q in free if q.kind is QuantityKind.WEIGHT and q.unit in layer)
        if weights:
            yield ValueRange(weights, _HALVES, signed=signed)
    yield from _some(free, QuantityKind.BIAS, 0, _HALVES, signed=signed)
    for run in dict.fromkeys(q.example for q in free):
        yield from _some(free, QuantityKind.TARGET, run, _QUARTERS)
    yield from _some(free, QuantityKind.RATE, 0, (25, 50))


def _sizes(low: int, high: int, step: int) -> tuple[int, ...]:
    return tuple(n for n in range(low, high + 1, step) if n % 100)  # whole factors hide, or look like a 2


def _some(
    free: list[Quantity], kind: QuantityKind, run: int, sizes: tuple[int, ...], *, signed: bool = False
) -> Iterator[ValueRange]:
    found = tuple(q for q in free if q.kind is kind and q.example == run)
    if found:
        yield ValueRange(found, sizes, signed)


def _targets(net: Network, owners: tuple[Quantity, ...]) -> Iterator[ValueRange]:
    """Targets within the reach of the outputs; shares of 1 for cross-entropy."""
    if not owners:
        return
    reach = REACH[net.activations[-1]]
    if net.loss in OF_SHARES:
        yield ValueRange(owners, shares=True)
    elif net.loss in LOGARITHMIC or reach == (0, 1):
        yield ValueRange(owners, _sizes(5, 95, 5))
    elif reach is not None:
        yield ValueRange(owners, _sizes(10, 90, 5), signed=True)
    else:
        yield ValueRange(owners, _sizes(15, 195, 5))
