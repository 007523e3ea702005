"""Making arrays: filled, counted, put together."""

from __future__ import annotations

import math
from typing import Any

from grader.practice.standin.arrays import PlainArray, array, asarray
from grader.practice.standin.places import spread, together
from grader.practice.standin.scalars import kind_of_type

Size = int | tuple[int, ...]


def _shape(size: Size) -> tuple[int, ...]:
    return (int(size),) if isinstance(size, int) else tuple(map(int, size))


def full(size: Size, value: Any, dtype: Any = None) -> PlainArray:
    """Filled with a number, or with the numbers of an array."""
    shape, one = _shape(size), array(value, dtype)
    data = one.data * math.prod(shape) if not one.shape else spread(one.data, one.shape, shape)[:]
    return PlainArray(data, shape, one.kind)


def zeros(size: Size, dtype: Any = float) -> PlainArray:
    """Filled with 0, or with False."""
    return full(size, {"f": 0.0, "i": 0, "b": False}[kind_of_type(dtype)])


def ones(size: Size, dtype: Any = float) -> PlainArray:
    """Filled with 1, or with True."""
    return full(size, {"f": 1.0, "i": 1, "b": True}[kind_of_type(dtype)])


def _like(value: Any, size: int) -> Any:
    model = asarray(value)
    filling = {"f": float, "i": int, "b": bool}[model.kind](size)
    made = PlainArray([filling] * len(model.data), model.shape, model.kind)
    return made if made.shape else made[()]


def zeros_like(value: Any) -> Any:
    """As many zeros, in the same shape."""
    return _like(value, 0)


def ones_like(value: Any) -> Any:
    """As many ones, in the same shape."""
    return _like(value, 1)


def arange(count: int) -> PlainArray:
    """Whole numbers from 0."""
    return PlainArray(list(range(int(count))), (int(count),), "i")


def linspace(start: float, stop: float, count: int) -> PlainArray:
    """Numbers the same distance apart, the last of them exactly `stop`."""
    step = (stop - start) / (count - 1)
    return PlainArray([i * step + start for i in range(count - 1)] + [float(stop)], (count,), "f")


def _kind(parts: list[PlainArray]) -> str:
    return next(kind for kind in "Ofib" if any(part.kind == kind for part in parts))


def stack(several: Any, axis: int = 0) -> PlainArray:
    """Arrays of one shape as the rows of one with an axis more, or as its columns."""
    parts = [asarray(one) for one in several]
    made = PlainArray([x for part in parts for x in part.data], (len(parts), *parts[0].shape), _kind(parts))
    return made if axis == 0 else made.T


def vstack(several: Any) -> PlainArray:
    """The rows of arrays below one another."""
    parts = [asarray(one) for one in several]
    rows = sum(part.shape[0] if len(part.shape) > 1 else 1 for part in parts)
    return PlainArray([x for part in parts for x in part.data], (rows, parts[0].shape[-1]), _kind(parts))


def tile(row: Any, times: tuple[int, int]) -> PlainArray:
    """A row several times below itself. Raises ValueError for anything else."""
    one = asarray(row)
    if times[1] != 1 or len(one.shape) != 1:
        raise ValueError(times)
    return PlainArray(one.data * times[0], (times[0], len(one.data)), one.kind)


def broadcast_arrays(*several: Any) -> list[PlainArray]:
    """Arrays repeated so that all have one shape."""
    parts = [asarray(one) for one in several]
    shape = together(*(part.shape for part in parts))
    return [PlainArray(spread(part.data, part.shape, shape), shape, part.kind) for part in parts]
