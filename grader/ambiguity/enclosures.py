"""The intervals of every line and of every wrong formula on sheets without a mistake, many at once.

The rules are those of `judge`: this is what it would find, line for line, on a sheet that is right throughout
and rounded half up. Only the functions are computed by other means, so that it comes out alike to the bit on
every machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.last_places import unit_at
from exercises.formulas.portable_math import value
from exercises.networks.vectorised import combine
from grader.judging.interval import Interval, IntervalAlgebra, carried_on, exactly, rounded, written

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from exercises.formulas.formula import Function
    from exercises.formulas.last_places import Unit
    from exercises.formulas.quantity import Quantity
    from exercises.networks.vectorised import NodeGroup, VectorisedFormulas

Array = Any


class SteadyIntervals(IntervalAlgebra):
    """Interval arithmetic that is the same to the bit on every machine."""

    def value(self, function: Function, argument: Array) -> Array:
        """The value of a function at one end."""
        return value(function, argument)


class Enclosures:
    """A machine of intervals; `lo` and `hi` have the shape (nodes, problems).

    given: the given quantities.
    typed: what stands on each line; lines that are missing are worked out in passing, however rounded.
    unit:  what one step in the last place is worth, for each problem.
    """

    def __init__(
        self,
        tape: VectorisedFormulas,
        given: Mapping[Quantity, Array],
        typed: Mapping[Quantity, Array],
        unit: Unit,
    ) -> None:
        self._given, self._typed, self._unit = given, typed, unit
        self._algebra = SteadyIntervals(unit)
        self.lo, self.hi = np.empty((2, tape.size, len(unit)))
        with np.errstate(all="ignore"):
            tape.run(self)

    def at(self, places: Any) -> Interval:
        """The intervals of some nodes."""
        return Interval(self.lo[places], self.hi[places])

    def put(self, places: Any, found: Interval) -> None:
        """Put the intervals of some nodes into their places."""
        self.lo[places], self.hi[places] = found.lo, found.hi

    def constant(self, node: int, value: Fraction) -> None:
        """A constant of a formula."""
        self.put(node, self._algebra.number(value))

    def given(self, node: int, q: Quantity) -> None:
        """A given quantity, without uncertainty."""
        self.put(node, exactly(self._given[q]))

    def line(self, node: int, q: Quantity, formulas: tuple[int, ...]) -> None:
        """What later lines may have gone on with."""
        own = self.at(formulas[0])
        typed = self._typed.get(q)
        if typed is None:
            self.put(node, rounded(own, self._unit))
            return
        self.put(node, carried_on(own, written(typed, unit_at(self._unit, typed)), typed))

    def compute(self, group: NodeGroup) -> None:
        """Some formulas."""
        operands = [
            Interval(self.lo[p], self.hi[p], inner)
            for p, inner in zip(group.operands, group.operation.inner, strict=True)
        ]
        self.put(group.out, combine(group, self._algebra, operands))
