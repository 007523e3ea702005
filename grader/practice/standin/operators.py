"""Arithmetic and comparison of arrays, number by number; importing this gives arrays their operators."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from grader.practice.standin.arrays import PlainArray, asarray
from grader.practice.standin.places import spread, together
from grader.practice.standin.scalars import divided, floored, raised, remainder

if TYPE_CHECKING:
    from collections.abc import Callable


def met(function: Callable[[Any, Any], Any], one: Any, other: Any, kind: str = "") -> PlainArray:
    """What a function of two numbers makes of two arrays, pair by pair; `kind` of the outcome if it is not theirs."""
    if isinstance(other, (int, float)):
        kind = kind or ("f" if one.kind == "f" or isinstance(other, float) else "i")
        other = float(other) if kind == "f" else other
        return PlainArray([function(x, other) for x in numbers_as(kind, one)], one.shape, kind)
    other = other if type(other) is PlainArray else asarray(other)
    kind = kind or ("f" if one.kind == "f" or other.kind == "f" else "i")
    shape = one.shape
    a, b = numbers_as(kind, one), numbers_as(kind, other)
    if shape != other.shape:
        shape = together(one.shape, other.shape)
        a, b = spread(a, one.shape, shape), spread(b, other.shape, shape)
    if len(a) == 1:  # a sheet alone, as nearly always
        return PlainArray([function(a[0], b[0])], shape, kind)
    return PlainArray([function(x, y) for x, y in zip(a, b, strict=True)], shape, kind)


def numbers_as(kind: str, part: PlainArray) -> list[Any]:
    """The numbers of an array, whole ones as floats where floats come of them."""
    return [float(x) for x in part.data] if kind == "f" and part.kind == "i" else part.data


def _give(name: str, function: Callable[[Any, Any], Any], kind: str) -> None:
    """Give arrays an operator, from the right and in place too."""

    def forward(self: PlainArray, other: Any) -> Any:
        return NotImplemented if other is None else met(function, self, other, kind)

    def backward(self: PlainArray, other: Any) -> Any:
        return met(lambda x, y: function(y, x), self, other, kind)

    def in_place(self: PlainArray, other: Any) -> PlainArray:
        found = met(function, self, other, kind)
        if found.shape != self.shape:
            msg = f"{found.shape} does not fit into {self.shape}"
            raise ValueError(msg)
        self.data[:] = found.data
        return self

    for prefix, made in (("", forward), ("r", backward), ("i", in_place)):
        setattr(PlainArray, f"__{prefix}{name}__", made)


def _compare(name: str) -> None:
    function = getattr(operator, name)
    setattr(PlainArray, f"__{name}__", lambda self, other: met(function, self, other, "b"))


for _name, _function, _kind in (
    ("add", operator.add, ""), ("sub", operator.sub, ""), ("mul", operator.mul, ""), ("truediv", divided, "f"),
    ("pow", raised, ""), ("mod", remainder, ""), ("floordiv", floored, ""),
    ("and", lambda x, y: bool(x and y), "b"), ("or", lambda x, y: bool(x or y), "b"),
    ("xor", lambda x, y: bool(x) != bool(y), "b"),
):  # fmt: skip
    _give(_name, _function, _kind)
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    _compare(_name)
