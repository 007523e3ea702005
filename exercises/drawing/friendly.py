"""Whether numbers are kind to the hand, and show it when something goes wrong.

Every test reads the same in exact decimals, for one problem, and in arrays, for many at once. A quantity that
an exercise does not have is not tested.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any

from exercises.formulas.quantity import Link, a, activation_slope, delta, loss_slope, t, y
from exercises.networks.activations import BY_NAME, KINKED, REACH, SOFTMAX
from exercises.networks.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from exercises.formulas.decimals import Precision
    from exercises.formulas.quantity import Quantity
    from exercises.networks.network import Network
    from exercises.networks.steps import StepGraph

Number = Any  # a Decimal, or an array
Truth = Any  # a bool, or an array of them
LIVE = 20  # a delta is at least this many units of the last place asked for
LEGIBLE = 4  # every other line is at least this many
LARGEST = 4  # beyond this sum exponentials are tedious by hand
STEEP = 0.08  # a smaller slope of a squashing unit counts as saturated
OFF_HALF = 0.04  # closer to ½ than this, y and 1 − y are hard to tell apart
OFF_KINK = 0.05  # closer to the kink of a relu than this, its slope is a matter of rounding
SHARE = (0, 1)  # what a share of 1 and a probability lie between


def is_friendly(
    graph: StepGraph, values: Mapping[Quantity, Number], lines: Collection[Quantity], precision: Precision
) -> Truth:
    """Whether every unit, line and path of a problem can be worked and seen at the places or figures asked.

    graph:  all the steps.
    values: the value of every quantity.
    lines:  those that stand on the sheet, to be worked out or worked out there.
    """
    unit = 10.0**-precision.widest
    live = unit * (LEGIBLE if kind_of(graph.plan).fades else LIVE)
    shown = _updates_show(graph, values, lines, precision) if precision.significant else True
    runs = [_Run(graph.network, values, *run) for run in _runs(graph)]
    return _all(
        _all((run.units(), run.relus(), run.deltas(live), run.paths(live), run.targets())) for run in runs
    ) & (_legible(graph.network, values, lines, LEGIBLE * unit) & shown)


def _updates_show(
    graph: StepGraph, values: Mapping[Quantity, Number], lines: Collection[Quantity], precision: Precision
) -> Truth:
    """Every update moves its parameter by a unit or some of its last figure, but where it is 0 by right.

    The last figure of 0.5 is not that of its gradient of 0.00266.
    """
    updates = [step for step in graph.steps if step.link is Link.UPDATE and step.quantity in lines]
    old = [next((q for q in step.parents if q.kind is step.quantity.kind), None) for step in updates]
    moved = [
        (abs(values[q]), abs(values[step.quantity] - values[q]))
        for step, q in zip(updates, old, strict=True)
        if q is not None
    ]
    return _all((move == 0) | (move * 10 ** (precision.digits - 1) >= size) for size, move in moved)


def _all(truths: Iterable[Truth]) -> Truth:
    return reduce(and_, truths, True)  # noqa: FBT003 - where nothing is asked, all is well


def _runs(graph: StepGraph) -> Iterator[tuple[int, int]]:
    """Example and step of each run through the network; 0 where there is but one."""
    plan = graph.plan
    for example in range(1, plan.examples + 1):
        for step in range(1, plan.steps + 1):
            yield example if plan.examples > 1 else 0, step if plan.steps > 1 else 0


def _legible(
    net: Network, values: Mapping[Quantity, Number], lines: Iterable[Quantity], least: float
) -> Truth:
    """No line rounds to a lone last digit, but where it is 0 by right or behind a unit that is off."""

    def excused(q: Quantity) -> Truth:
        entry = BY_NAME.get(net.activation_of(q.unit)) if q.unit in net.computing else None
        if entry is None or not entry.off:
            return values[q] == 0
        return (values[q] == 0) | _Run(net, values, q.example, q.step).off(q.unit)

    return _all((abs(values[q]) >= least) | excused(q) for q in lines)


@dataclass(frozen=True, slots=True)
class _Run:
    """One run through the network: the values of its quantities, under their plain names."""

    net: Network
    values: Mapping[Quantity, Number]
    example: int = 0
    step: int = 0

    def value(self, q: Quantity) -> Number | None:
        """What a quantity comes to in this run; None where the exercise has no such line."""
        if not self.example and not self.step:
            return self.values.get(q)
        for name in (replace(q, example=self.example, step=self.step), replace(q, example=self.example)):
            if name in self.values:
                return self.values[name]
        return None

    def some(self, quantities: Iterable[Quantity]) -> list[Number]:
        """The values that there are."""
        return [value for q in quantities if (value := self.value(q)) is not None]

    def units(self) -> Truth:
        """No unit is saturated, or near a point where two formulas agree."""
        return _all(self._unit_is_good(u) for u in self.net.computing)

    def _unit_is_good(self, unit: int) -> Truth:
        name, own, out = self.net.activation_of(unit), self.value(a(unit)), self.value(y(unit))
        if own is None or out is None:
            return True
        good = (abs(own) >= OFF_KINK) & (abs(own) <= LARGEST)
        if name == SOFTMAX:
            return good & (out > OFF_HALF) & (out < 1 - OFF_HALF)
        if REACH[name] is not None:
            good &= _all(slope >= STEEP for slope in self.some([activation_slope(unit)]))
        if REACH[name] == SHARE:
            good &= (out >= 0.5 + OFF_HALF) | (out <= 0.5 - OFF_HALF)
        if name in KINKED and unit in self.net.outputs:
            good &= own > 0
        return good

    def off(self, unit: int) -> Truth:
        """Whether a relu's unit passes nothing on: its delta is 0 by right."""
        own = self.value(a(unit))
        return own < 0 if own is not None and self.net.activation_of(unit) in KINKED else False

    def relus(self) -> Truth:
        """In a hidden layer of relus one unit is off and one is on, so that a forgotten slope shows."""
        good: Truth = True
        for layer in self.net.layers[1:-1]:
            if self.net.activation_of(layer[0]) in KINKED:
                on = sum(own > 0 for own in self.some(a(u) for u in layer))
                good &= (on > 0) & ((on < len(layer)) | (len(layer) == 1))
        return good

    def deltas(self, least: float) -> Truth:
        """Every delta can be seen, but those that are 0 by right."""
        return _all(
            (abs(own) >= least) | self.off(u) for u in self.net.computing for own in self.some([delta(u)])
        )

    def targets(self) -> Truth:
        """No output happens to hit its target."""
        pairs = [self.some((y(k), t(k))) for k in self.net.outputs]
        return _all(abs(pair[0] - pair[1]) >= OFF_HALF for pair in pairs if len(pair) == 2)  # noqa: PLR2004

    def paths(self, least: float) -> Truth:
        """Several paths back to a unit are all visible, and neither equal nor cancelling."""
        return _all(self._paths_differ(u, least) for u in self.net.computing)

    def _paths_differ(self, unit: int, least: float) -> Truth:
        downstream = self.net.downstream(unit)
        found = self.some(loss_slope(unit, via=k) for k in downstream)
        if len(found) < 2:  # noqa: PLR2004 - a single path
            return True
        off = [self.off(k) for k in downstream]
        return (
            _all(
                p | r | (abs(abs(one) - abs(other)) >= least)
                for (one, p), (other, r) in itertools.combinations(zip(found, off, strict=True), 2)
            )
            & (_all(off) | (abs(sum(found[1:], start=found[0])) >= least))
            & _all(p | (abs(path) >= least / 2) for path, p in zip(found, off, strict=True))
        )
