"""Where a chain of working breaks: the first link whose value is not that of the next.

A chain that holds but starts from the wrong expression is not broken: its factors are for the judge of the
line. A chain that breaks has right or wrong factors and a slip behind them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.formula import Formula, Negative, Number, children, fold
from exercises.formulas.last_places import unit_at
from grader.answers.lexer import Written
from grader.judging.interval import Interval, IntervalAlgebra, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from fractions import Fraction

    from exercises.formulas.last_places import Unit
    from exercises.formulas.quantity import Quantity
    from grader.answers.answer import Working


def broken_link(working: Working, value_of: Callable[[Quantity], float], unit: Unit) -> int | None:
    """The index of the first link whose value is not that of the next one; None if the chain holds.

    value_of: what the student has for a quantity, given or on an earlier line; NaN if nothing.
    unit:     the unit to which the sheet is written: a quantity may be used as written or as the calculator
              still held it, and inner results may have been rounded.
    """

    def box(q: Quantity) -> Interval:
        return written(np.float64(value_of(q)), unit_at(unit, np.float64(value_of(q))))

    return next(iter(broken_links(working, box, unit)), None)


def broken_links(working: Working, box: Callable[[Quantity], Interval], unit: Unit) -> list[int]:
    """The index of each link whose value is not that of the next one: each "=" that is false.

    box:  every number that the student may have in hand for a quantity; NaN if none.
    unit: the unit to which inner results may have been rounded.

    Whole numbers inside an expression are exact; another number there is as good as its last typed place or
    as `unit`, whichever is finer, since 0.1 is not a rounded 0.1437 on a sheet of four places. A number that
    is a link by itself is as good as its own last place.
    """
    with np.errstate(all="ignore"):
        values = [_span(link, box, unit) for link in working.links]
    return [
        i
        for i, (one, two) in enumerate(pairwise(values))
        if bool(np.isfinite((one.lo, one.hi, two.lo, two.hi)).all()) and not bool(one.contains(two))
    ]


def _span(link: Formula, box: Callable[[Quantity], Interval], unit: Unit) -> Interval:
    """Every value that a link can stand for."""
    plain = link.of if isinstance(link, Negative) else link
    if isinstance(plain, Written):
        sign = -1.0 if isinstance(link, Negative) else 1.0
        return written(np.float64(sign * float(plain.typed)), np.float64(float(plain.unit)))
    return span(link, box, unit)


def span(formula: Formula, box: Callable[[Quantity], Interval], unit: Unit) -> Interval:
    """Every value that an expression can stand for whose numbers are typed ones; NaN where it has none."""
    try:
        return fold(formula, _AsTyped(formula, unit), box)
    except ArithmeticError:
        return Interval(np.float64(np.nan), np.float64(np.nan))


class _AsTyped(IntervalAlgebra):
    """Intervals in which a typed number ranges over what it may stand for."""

    def __init__(self, formula: Formula, unit: Unit) -> None:
        super().__init__(unit)
        self._numbers = _numbers(formula)

    def number(self, value: Fraction) -> Interval:
        """A constant; `fold` meets them in the order of `_numbers`."""
        found = next(self._numbers)
        if not isinstance(found, Written) or found.unit >= 1:
            return super().number(value)
        step: Any = np.float64(min(float(found.unit), float(unit_at(self.unit, float(value)))))
        return written(np.float64(float(value)), step)


def _numbers(formula: Formula) -> Iterator[Number]:
    if isinstance(formula, Number):
        yield formula
    for child in children(formula):
        yield from _numbers(child)
