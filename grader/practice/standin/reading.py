"""What arrays hold: sums, orders, places."""

from __future__ import annotations

import math
import operator
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from grader.practice.standin.arrays import PlainArray, asarray
from grader.practice.standin.operators import met
from grader.practice.standin.scalars import PlainFloat

if TYPE_CHECKING:
    from collections.abc import Callable


def any_of(value: Any, axis: int | None = None) -> Any:
    """Whether any is other than zero."""
    return asarray(value).any(axis)


def all_of(value: Any, axis: int | None = None) -> Any:
    """Whether all are other than zero."""
    return asarray(value).all(axis)


def total(value: Any, axis: int | None = None) -> Any:
    """The sum."""
    return asarray(value).sum(axis)


def prod(value: Any, axis: int | None = None) -> Any:
    """The product."""
    numbers = asarray(value)
    return numbers.along(math.prod, axis, numbers.kind)


def argmax(value: Any, axis: int | None = None) -> Any:
    """The first place of the greatest."""
    return asarray(value).argmax(axis)


def allclose(one: Any, other: Any, rtol: float = 1e-5, atol: float = 1e-8) -> bool:
    """Whether all pairs are near each other, measured by the second."""

    def near(x: float, y: float) -> bool:
        return x == y or (math.isfinite(y) and abs(x - y) <= atol + rtol * abs(y))

    return all(met(near, asarray(one), other, "b").data)


def flatnonzero(value: Any) -> PlainArray:
    """The places of what is other than zero, row by row."""
    at = [place for place, x in enumerate(asarray(value).data) if x]
    return PlainArray(at, (len(at),), "i")


def nonzero(value: Any) -> tuple[PlainArray, ...]:
    """The same for each axis."""
    numbers, at = asarray(value), flatnonzero(value)
    if len(numbers.shape) == 1:
        return (at,)
    width = numbers.shape[1]
    pairs = [divmod(place, width) for place in at.data]
    rows, columns = ([pair[n] for pair in pairs] for n in (0, 1))
    return PlainArray(rows, at.shape, "i"), PlainArray(columns, at.shape, "i")


def _order(x: Any) -> Any:
    return x != x, x


def sort(value: Any, axis: int = -1) -> PlainArray:
    """From the least to the greatest; what is no number comes last."""
    numbers = asarray(value)
    if len(numbers.shape) > 1 and axis == 0:
        return sort(numbers.T, 1).T
    return _by_row(numbers, lambda row: sorted(row, key=_order))


def _by_row(numbers: PlainArray, function: Callable[[list[Any]], list[Any]]) -> PlainArray:
    width = numbers.shape[-1]
    rows = (numbers.data[start : start + width] for start in range(0, len(numbers.data), width or 1))
    return PlainArray([x for row in rows for x in function(row)], numbers.shape, numbers.kind)


def unique(value: Any, *, return_counts: bool = False) -> Any:
    """Each number once, from the least; with how often it is there if wanted."""
    numbers = asarray(value)
    counted: dict[Any, int] = {}
    for x in sorted(numbers.data, key=_order):
        counted[x] = counted.get(x, 0) + 1
    found = PlainArray(list(counted), (len(counted),), numbers.kind)
    return (found, PlainArray(list(counted.values()), (len(counted),), "i")) if return_counts else found


def searchsorted(ordered: Any, value: Any) -> Any:
    """Where in ordered numbers each would stand first."""
    data = asarray(ordered).data
    wanted = asarray(value)
    found = PlainArray([bisect_left(data, x) for x in wanted.data], wanted.shape, "i")
    return found if found.shape else found[()]


def _median(data: list[Any]) -> PlainFloat:
    ordered, half = sorted(data), len(data) // 2
    if not ordered:
        return PlainFloat(math.nan)
    return PlainFloat(ordered[half] if len(data) % 2 else (ordered[half - 1] + ordered[half]) / 2)


def median(value: Any) -> PlainFloat:
    """The middle of all numbers; no number where one of them is none."""
    data = asarray(value).data
    return PlainFloat(math.nan) if any(map(math.isnan, data)) else _median(data)


def nanmedian(value: Any) -> PlainFloat:
    """The middle of those that are numbers."""
    return _median([x for x in asarray(value).data if not math.isnan(x)])


def _running(function: Callable[[Any, Any], Any], value: Any, axis: int | None) -> PlainArray:
    numbers = asarray(value)
    counted = numbers.astype(int) if numbers.kind == "b" else numbers
    if len(counted.shape) > 1 and axis == 0:
        return _running(function, counted.T, 1).T
    return _by_row(counted, lambda row: list(accumulate(row, function)))


def cumsum(value: Any, axis: int | None = None) -> PlainArray:
    """Sums so far."""
    return _running(operator.add, value, axis)


def cumprod(value: Any, axis: int | None = None) -> PlainArray:
    """Products so far."""
    return _running(operator.mul, value, axis)
