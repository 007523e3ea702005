"""The set of numbers that correct work can give, from what a student wrote.

A number written with a unit u in its last place stands for every number that rounds to it (half up or half
even) or that is cut off to it: for positive p the interval [p − u/2, p + u], mirrored for negative p. An
earlier line may be used as written or as the calculator still held it, and each use anew, so every
occurrence of a quantity in a formula ranges over its interval on its own; the natural interval extension is
then exact up to rounding outward. Inner results (products in a sum, partial products, an exponential inside
a quotient) may have been rounded or cut off to the working places too.

Source of the method: Moore, Kearfott & Cloud (2009), Introduction to Interval Analysis, chapters 2 and 5.

All arrays have one shape, (n,) for n sheets, or broadcast to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.formula import fold
from exercises.formulas.functions import SIGMA, TANH
from exercises.formulas.last_places import LastPlaces, tens, unit_at
from exercises.formulas.portable_math import whole_power

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from exercises.formulas.formula import Formula, Function
    from exercises.formulas.last_places import Unit
    from exercises.formulas.quantity import Quantity

Array = Any  # a float array of shape (n,), or a float that broadcasts
_OUTWARD = 8 * np.finfo(float).eps  # more than the error of any one operation, and of libm's functions


@dataclass(frozen=True, slots=True)
class Interval:
    """Closed intervals [lo, hi]. `inner` marks results that a person may have rounded on the way."""

    lo: Array
    hi: Array
    inner: bool = False

    def contains(self, other: Interval) -> Array:
        """Where the two have a point in common."""
        return (self.lo <= other.hi) & (other.lo <= self.hi)

    def hull(self, other: Interval) -> Interval:
        """The smallest interval around both."""
        return Interval(np.minimum(self.lo, other.lo), np.maximum(self.hi, other.hi))

    def meet(self, other: Interval) -> Interval:
        """The common part; where there is none, a crossed interval."""
        return Interval(np.maximum(self.lo, other.lo), np.minimum(self.hi, other.hi))

    def where(self, condition: Array, other: Interval) -> Interval:
        """Itself where the condition holds, the other elsewhere."""
        return Interval(
            np.where(condition, self.lo, other.lo),
            np.where(condition, self.hi, other.hi),
        )

    def take(self, index: Array) -> Interval:
        """The intervals of some sheets only."""
        return Interval(self.lo[index], self.hi[index])

    @property
    def size(self) -> Array:
        """How large its numbers are at most."""
        return np.maximum(np.abs(self.lo), np.abs(self.hi))

    @property
    def mid(self) -> Array:
        """The middle."""
        return 0.5 * (self.lo + self.hi)

    @property
    def radius(self) -> Array:
        """Half the width."""
        return 0.5 * (self.hi - self.lo)


def exactly(value: Array) -> Interval:
    """A number without uncertainty."""
    return Interval(value, value)


def written(value: Array, unit: Array) -> Interval:
    """Every number that is written `value` when its last place is worth `unit`: rounded or cut off."""
    slack = unit * 1e-9
    lo = value - np.where(value > 0, 0.5, 1.0) * unit - slack
    hi = value + np.where(value < 0, 0.5, 1.0) * unit + slack
    return Interval(lo, hi)


def rounded(value: Interval, unit: Unit) -> Interval:
    """Every number that may be written for one in `value`: itself, rounded, or cut off to `unit`."""
    step = unit_at(unit, value.size) if isinstance(unit, LastPlaces) else unit
    lo = value.lo - np.where(value.hi > 0, 1.0, 0.5) * step
    hi = value.hi + np.where(value.lo < 0, 1.0, 0.5) * step
    return Interval(lo, hi)


def carried_on(reach: Interval, said: Interval, value: Array, accepted: Array = True) -> Interval:  # noqa: FBT002
    """Every number that later lines may go on with: the one written, or what the calculator still held.

    reach:    what the line was meant to be, before rounding.
    said:     every number that is written `value`.
    accepted: where the line is right; from a wrong one people go on with what they wrote.
    """
    common = reach.meet(said)
    return common.where(accepted & (common.lo <= common.hi), said).hull(exactly(value))


def _outward(lo: Array, hi: Array, *, inner: bool = True) -> Interval:
    with np.errstate(invalid="ignore"):
        low, high = lo - np.abs(lo) * _OUTWARD, hi + np.abs(hi) * _OUTWARD
    return Interval(np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high), inner)


class IntervalAlgebra:
    """Interval arithmetic with outward rounding and with inner results rounded to `unit`.

    unit: the working unit; 0 for none.
    """

    def __init__(self, unit: Unit = 0.0) -> None:
        self.unit = unit

    def number(self, value: Fraction) -> Interval:
        """A constant."""
        return _outward(float(value), float(value), inner=False)

    def noisy(self, value: Interval) -> Interval:
        """An inner result as a person may have written it down."""
        return rounded(value, self.unit) if value.inner else value

    def add(self, terms: list[Interval]) -> Interval:
        """The sum; each product among the terms may have been rounded."""
        noisy = [self.noisy(t) for t in terms]
        bare = not any(t.inner for t in terms)
        return _outward(
            sum((t.lo for t in noisy[1:]), start=noisy[0].lo),
            sum((t.hi for t in noisy[1:]), start=noisy[0].hi),
            inner=not bare,
        )

    def multiply(self, factors: list[Interval]) -> Interval:
        """The product; inner factors and partial products may have been rounded."""
        noisy = [self.noisy(f) for f in factors]
        out = noisy[0]
        for factor in noisy[1:]:
            out = _times(out, factor)
        if len(noisy) > 2:  # noqa: PLR2004 - two factors have no partial product
            spread = self._partial(noisy)
            out = Interval(out.lo - spread, out.hi + spread, inner=True)
        return out

    def _partial(self, factors: list[Interval]) -> Array:
        """How far rounding the partial products, in any order, can move the product."""
        sizes = np.sort(
            np.stack(np.broadcast_arrays(*[np.maximum(np.abs(f.lo), np.abs(f.hi)) for f in factors])),
            axis=0,
        )[::-1]
        with np.errstate(invalid="ignore", over="ignore"):
            if isinstance(self.unit, LastPlaces):
                spread = self._of_figures(sizes)
            else:
                spread = self.unit * np.cumprod(sizes[: len(factors) - 2], axis=0).sum(axis=0)
        return np.where(np.isnan(spread), np.inf, spread)

    def _of_figures(self, sizes: Array) -> Array:
        """The same where each partial product is rounded to some figures, and so by a share of itself."""
        count = len(sizes) - 2
        share = (1 + tens(1 - self.unit.figures)) ** count - 1
        placed = self.unit.unit * np.cumprod(sizes[:count], axis=0).sum(axis=0)
        return np.where(np.isnan(self.unit.figures), placed, np.prod(sizes, axis=0) * share)

    def negative(self, value: Interval) -> Interval:
        """The opposite."""
        return Interval(-value.hi, -value.lo, value.inner)

    def divide(self, over: Interval, under: Interval) -> Interval:
        """The quotient; everything where the divisor may be zero."""
        over, under = self.noisy(over), self.noisy(under)
        with np.errstate(divide="ignore", invalid="ignore"):
            corners = [over.lo / under.lo, over.lo / under.hi, over.hi / under.lo, over.hi / under.hi]
        through_zero = (under.lo <= 0) & (under.hi >= 0)
        lo, hi = np.minimum.reduce(corners), np.maximum.reduce(corners)
        return _outward(np.where(through_zero, -np.inf, lo), np.where(through_zero, np.inf, hi))

    def power(self, base: Interval, exponent: int) -> Interval:
        """A whole power; even ones turn at zero."""
        base = self.noisy(base)
        low, high = whole_power(base.lo, exponent), whole_power(base.hi, exponent)
        if exponent % 2:
            return _outward(low, high)
        turned = (base.lo < 0) & (base.hi > 0)
        return _outward(np.where(turned, 0.0, np.minimum(low, high)), np.maximum(low, high))

    def apply(self, function: Function, argument: Interval) -> Interval:
        """A function's range, its turning points looked at."""
        argument = self.noisy(argument)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            ends = [self.value(function, argument.lo), self.value(function, argument.hi)]
            for turn in function.turns:
                inside = (argument.lo <= turn) & (argument.hi >= turn)
                around = (turn, np.nextafter(turn, np.inf)) if function.jumps else (turn,)
                ends += [np.where(inside, self.value(function, np.float64(v)), ends[0]) for v in around]
        defined = [np.where(np.isnan(e), -np.inf, e) for e in ends]
        top = [np.where(np.isnan(e), np.inf, e) for e in ends]
        lo, hi = np.minimum.reduce(defined), np.maximum.reduce(top)
        spread: Array = 0.0
        if function.passes_on:
            spread = function.passes_on(np, lo, hi) * unit_at(self.unit, _exponential(function, argument))
        return _outward(lo - spread, hi + spread)

    def value(self, function: Function, argument: Array) -> Array:
        """The value of a function at one end."""
        return function.array(np, argument)


def _exponential(function: Function, argument: Interval) -> Array:
    """How large the exponential inside a function is at most; of those in a tanh one is 1 or more."""
    with np.errstate(over="ignore"):
        if function is SIGMA:
            return np.exp(-argument.lo)
        return np.ones_like(argument.hi) if function is TANH else np.exp(np.minimum(argument.hi, 0.0))


def _times(one: Interval, other: Interval) -> Interval:
    with np.errstate(invalid="ignore"):
        corners = [one.lo * other.lo, one.lo * other.hi, one.hi * other.lo, one.hi * other.hi]
    corners = [np.where(np.isnan(c), 0.0, c) for c in corners]  # 0 · ∞: the other corners bound it
    return _outward(np.minimum.reduce(corners), np.maximum.reduce(corners))


def enclose(formula: Formula, box: Callable[[Quantity], Interval], unit: Unit) -> Interval:
    """Every value that correct work can have in hand for this line before it is written down."""
    found = fold(formula, IntervalAlgebra(unit), box)
    none = np.zeros_like(
        unit.figures if isinstance(unit, LastPlaces) else unit
    )  # a formula without quantities, such as a slope of 1, is alike on all sheets
    return Interval(found.lo + none, found.hi + none)
