"""The array: a list of numbers with a shape. Its operators are given to it in `operators`."""

from __future__ import annotations

import math
import operator
import struct
from functools import reduce
from typing import TYPE_CHECKING, Any

from grader.practice.standin.places import places, spread
from grader.practice.standin.scalars import PlainFloat, kind_of, kind_of_type, single

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.practice.standin.places import Shape

UNROLLED, BLOCK = 8, 128  # how NumPy groups what it adds up


def one_by_one(data: list[Any], start: Any = 0.0) -> Any:
    """A sum from left to right: Python's own `sum` makes up for rounding from 3.12 on, and NumPy's does not."""
    return reduce(operator.add, data, start)


def added(data: list[Any]) -> Any:
    """A sum, its terms grouped as NumPy groups those of a row, so that the last digit is the same."""
    count = len(data)
    if count < UNROLLED:
        return one_by_one(data)
    if count > BLOCK:
        half = count // 2
        half -= half % UNROLLED
        return added(data[:half]) + added(data[half:])
    end = count - count % UNROLLED
    r = [one_by_one(data[n + UNROLLED : end : UNROLLED], data[n]) for n in range(UNROLLED)]
    found = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
    return one_by_one(data[end:], found)


class PlainArray:
    """Numbers row by row.

    data:  all of them in one list.
    shape: how many along each axis.
    kind:  as `scalars.kind_of` says.
    """

    __array_priority__ = 1
    __hash__ = None  # type: ignore[assignment]
    __slots__ = ("data", "kind", "shape")

    def __init__(self, data: list[Any], shape: Shape, kind: str) -> None:
        self.data, self.shape, self.kind = data, shape, kind

    # --- what it is ---

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return len(self.data)

    @property
    def ndim(self) -> int:
        """How many axes there are."""
        return len(self.shape)

    @property
    def dtype(self) -> type:
        """The type of its numbers."""
        return {"f": float, "i": int, "b": bool, "O": object}[self.kind]

    @property
    def flat(self) -> Iterator[Any]:
        """Each number, row by row."""
        return (single(self.kind, x) for x in self.data)

    @property
    def T(self) -> PlainArray:  # noqa: N802 - NumPy's name
        """With rows for columns."""
        if len(self.shape) == 1:
            return self
        rows, columns = self.shape
        data = [self.data[i * columns + j] for j in range(columns) for i in range(rows)]
        return PlainArray(data, (columns, rows), self.kind)

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(self.shape[0]))

    def __bool__(self) -> bool:
        return bool(self.item())

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    __index__ = __int__

    def item(self) -> Any:
        """The only number. Raises ValueError where there are others."""
        if len(self.data) != 1:
            msg = "an array of several numbers is none"
            raise ValueError(msg)
        return self.data[0]

    def __repr__(self) -> str:
        return f"array({self.tolist()})"

    # --- in another form ---

    def tolist(self) -> Any:
        """As Python's own lists."""
        if len(self.shape) == 1:
            return self.data[:]
        return [row.tolist() for row in self] if self.shape else self.data[0]

    def tobytes(self) -> bytes:
        """The bytes of its floats."""
        return struct.pack(f"{len(self.data)}d", *self.data)

    def copy(self) -> PlainArray:
        """Another of the same numbers."""
        return PlainArray(self.data[:], self.shape, self.kind)

    def astype(self, wanted: Any) -> PlainArray:
        """Of another kind of numbers."""
        kind = kind_of_type(wanted)
        made: Any = {"f": float, "i": int, "b": bool}[kind]
        return PlainArray([made(x) for x in self.data], self.shape, kind)

    def reshape(self, *shape: Any) -> PlainArray:
        """The same numbers in another shape; -1 stands for what is left."""
        new: Shape = tuple(shape[0]) if len(shape) == 1 and isinstance(shape[0], tuple) else shape
        if -1 in new:
            rest = math.prod(n for n in new if n != -1)
            new = tuple(len(self.data) // rest if n == -1 else n for n in new)
        return PlainArray(self.data, new, self.kind)

    def ravel(self) -> PlainArray:
        """In one row."""
        return PlainArray(self.data[:], (len(self.data),), self.kind)

    def repeat(self, times: int) -> PlainArray:
        """Each number several times."""
        data = [x for x in self.data for _ in range(times)]
        return PlainArray(data, (len(data),), self.kind)

    def take(self, index: Any) -> Any:
        """The numbers at some places."""
        return self[index]

    # --- parts ---

    def __getitem__(self, key: Any) -> Any:
        if len(self.shape) == 1:
            if isinstance(key, int):
                return single(self.kind, self.data[key])
            if isinstance(key, slice):
                data = self.data[key]
                return PlainArray(data, (len(data),), self.kind)
        at, shape = self._places(key)
        if not shape:
            return single(self.kind, self.data[at[0]])
        return PlainArray([self.data[p] for p in at], shape, self.kind)

    def __setitem__(self, key: Any, value: Any) -> None:
        at, shape = self._places(key)
        new = asarray(value)
        for p, x in zip(at, spread(new.data, new.shape, shape), strict=True):
            self.data[p] = x

    def _places(self, key: Any) -> tuple[list[int], Shape]:
        """Where the numbers of an index lie; truth values mean where they are true."""
        parts = key if isinstance(key, tuple) else (key,)
        if len(parts) == 1 and isinstance(parts[0], PlainArray) and len(parts[0].shape) > 1:
            at = [p for p, true in enumerate(parts[0].data) if true]
            return at, (len(at),)
        return places(self.shape, tuple(_listed(part) for part in parts))

    # --- what comes of all of them ---

    def along(self, function: Callable[[list[Any]], Any], axis: int | None, kind: str) -> Any:
        """What a function makes of all numbers, or of those along an axis."""
        if axis is None or len(self.shape) == 1:
            return single(kind, function(self.data))
        size = self.shape[axis]
        after = self.shape[axis + 1 :] if axis >= 0 else ()
        inner, outer = math.prod(after), math.prod(self.shape[:axis])
        found = [
            function(self.data[o * size * inner + i : (o + 1) * size * inner : inner] if size else [])
            for o in range(outer)
            for i in range(inner)
        ]
        return PlainArray(found, self.shape[:axis] + after, kind)

    def any(self, axis: int | None = None) -> Any:
        """Whether any is other than zero."""
        return self.along(any, axis, "b")

    def all(self, axis: int | None = None) -> Any:
        """Whether all are other than zero."""
        return self.along(all, axis, "b")

    def sum(self, axis: int | None = None) -> Any:
        """The sum."""
        if self.kind != "f":
            return self.along(sum, axis, "i")
        rows = axis == 0 and len(self.shape) > 1  # NumPy adds whole rows, one to the next
        return self.along(one_by_one if rows else added, axis, "f")

    def mean(self, axis: int | None = None) -> Any:
        """The mean."""
        return self.sum(axis) / PlainFloat(len(self.data) if axis is None else self.shape[axis])

    def min(self, axis: int | None = None) -> Any:
        """The least; no number where one of them is none."""
        return self.along(lambda d: math.nan if _none(d) else min(d), axis, self.kind)

    def max(self, axis: int | None = None) -> Any:
        """The greatest, likewise."""
        return self.along(lambda d: math.nan if _none(d) else max(d), axis, self.kind)

    def argmax(self, axis: int | None = None) -> Any:
        """The first place of the greatest."""
        return self.along(lambda d: d.index(max(d)), axis, "i")

    def argsort(self) -> PlainArray:
        """The places in the order of the numbers."""
        order = sorted(range(len(self.data)), key=lambda i: (self.data[i] != self.data[i], self.data[i]))
        return PlainArray(order, (len(order),), "i")

    # --- arithmetic ---

    def __neg__(self) -> PlainArray:
        return PlainArray([-x for x in self.data], self.shape, self.kind)

    def __abs__(self) -> PlainArray:
        return PlainArray([abs(x) for x in self.data], self.shape, self.kind)

    def __invert__(self) -> PlainArray:
        turned = [not x for x in self.data] if self.kind == "b" else [~x for x in self.data]
        return PlainArray(turned, self.shape, self.kind)


def _none(data: list[Any]) -> bool:
    return any(x != x for x in data)


def _listed(part: Any) -> Any:
    """A part of an index: arrays and lists as lists of places, truth values as where they are true."""
    if not isinstance(part, (PlainArray, list)):
        return part
    found = asarray(part)
    if found.kind == "b":
        return [place for place, true in enumerate(found.data) if true]
    return found.data if found.shape else found.data[0]


def array(value: Any, dtype: Any = None) -> PlainArray:
    """An array of a number, of numbers in lists, or of another array."""
    if isinstance(value, PlainArray):
        made = value.copy()
    elif isinstance(value, (list, tuple)):
        made = _of_list(value)
    else:
        made = PlainArray([value], (), kind_of(value))
    return made if dtype is None or kind_of_type(dtype) == made.kind else made.astype(dtype)


def _of_list(values: Any) -> PlainArray:
    parts = [asarray(one) for one in values]
    if not parts:
        return PlainArray([], (0,), "f")
    kinds = {part.kind for part in parts}
    kind = next(k for k in "Ofib" if k in kinds)
    data = [x for part in parts for x in part.data]
    return PlainArray([float(x) for x in data] if kind == "f" else data, (len(parts), *parts[0].shape), kind)


def asarray(value: Any, dtype: Any = None) -> PlainArray:
    """As `array`; an array as it is."""
    if isinstance(value, PlainArray) and (dtype is None or kind_of_type(dtype) == value.kind):
        return value
    return array(value, dtype)
