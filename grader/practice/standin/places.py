"""Which numbers of an array an index means, and how arrays of different shapes meet. All by flat places, row by row."""

from __future__ import annotations

import math
from typing import Any

Shape = tuple[int, ...]


def strides(shape: Shape) -> list[int]:
    """How far apart neighbours along each axis lie."""
    found, step = [], 1
    for size in reversed(shape):
        found.append(step)
        step *= size
    return found[::-1]


def together(*shapes: Shape) -> Shape:
    """The shape in which arrays of these shapes meet. Raises ValueError where they do not."""
    if len(set(shapes)) == 1:
        return shapes[0]
    axes = max(map(len, shapes))
    padded = [(1,) * (axes - len(shape)) + shape for shape in shapes]
    out = []
    for sizes in zip(*padded, strict=True):
        wide = {size for size in sizes if size != 1}
        if len(wide) > 1:
            msg = f"shapes {shapes} do not fit together"
            raise ValueError(msg)
        out.append(wide.pop() if wide else 1)
    return tuple(out)


def spread(data: list[Any], shape: Shape, wider: Shape) -> list[Any]:
    """The numbers of an array repeated so that they fill a wider shape."""
    if shape == wider:
        return data
    if len(data) == 1:
        return data * math.prod(wider)
    padded = (1,) * (len(wider) - len(shape)) + shape
    at = [0]
    for size, own, step in zip(wider, padded, strides(padded), strict=True):
        at = (
            [p + i * step for p in at for i in range(size)]
            if own != 1
            else [p for p in at for _ in range(size)]
        )
    return [data[p] for p in at]


def _whole(shape: Shape, key: tuple[Any, ...]) -> tuple[Any, ...]:
    """An index that says something of every axis: `...` stands for as many as are left."""
    if any(one is Ellipsis for one in key):
        at = next(n for n, one in enumerate(key) if one is Ellipsis)
        said = sum(one is not None and one is not Ellipsis for one in key)
        return key[:at] + (slice(None),) * (len(shape) - said) + key[at + 1 :]
    return key + (slice(None),) * (len(shape) - sum(one is not None for one in key))


def places(shape: Shape, key: tuple[Any, ...]) -> tuple[list[int], Shape]:
    """The flat places that an index means, and their shape.

    key: for each axis a whole number, a slice, a list of places on it, or None for a new axis. Lists go together,
    place by place, as NumPy's do.

    Raises IndexError for a place that is not there.
    """
    base, lists, listed = 0, [], -1
    axis, steps = 0, strides(shape)
    for one in _whole(shape, key):
        if one is None:
            lists.append([0])
            continue
        size, step = shape[axis], steps[axis]
        axis += 1
        if isinstance(one, slice):
            lists.append([i * step for i in range(*one.indices(size))])
        elif isinstance(one, list):
            own = [_inside(i, size) * step for i in one]
            if listed < 0:
                listed = len(lists)
                lists.append(own)
            else:
                lists[listed] = [p + q for p, q in zip(lists[listed], own, strict=True)]
        else:
            base += _inside(int(one), size) * step
    at = [base]
    for own in lists:
        at = [p + q for p in at for q in own]
    return at, tuple(map(len, lists))


def _inside(place: int, size: int) -> int:
    if not -size <= place < size:
        msg = f"{place} is outside of {size}"
        raise IndexError(msg)
    return place % size
