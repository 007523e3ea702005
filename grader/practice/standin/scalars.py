"""Single numbers as NumPy hands them out: a float that divides by zero, a truth value that `~` turns round."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Self


def divided(one: Any, other: Any) -> Any:
    """A quotient; by zero infinite, or no number."""
    try:
        return one / other
    except ZeroDivisionError:
        if one == 0 or one != one:
            return math.nan
        return math.copysign(math.inf, float(one)) * math.copysign(1.0, float(other))


def raised(one: Any, other: Any) -> Any:
    """A power; no number where it would be complex, infinite where it is too large."""
    try:
        found = one**other
    except ZeroDivisionError:
        return math.inf
    except OverflowError:
        return -math.inf if one < 0 and other % 2 else math.inf
    return math.nan if isinstance(found, complex) else found


def remainder(one: Any, other: Any) -> Any:
    """What is left after a division; of whole numbers by zero nothing."""
    try:
        return one % other
    except ZeroDivisionError:
        return 0 if isinstance(one, int) else math.nan


def floored(one: Any, other: Any) -> Any:
    """The whole part of a quotient."""
    try:
        return one // other
    except ZeroDivisionError:
        return 0 if isinstance(one, int) else divided(one, other)


def _forward(function: Any) -> Any:
    def found(self: Any, other: Any) -> Any:
        if not isinstance(other, (int, float)):
            return NotImplemented
        return PlainFloat(function(float(self), other))

    return found


def _backward(function: Any) -> Any:
    def found(self: Any, other: Any) -> Any:
        if not isinstance(other, (int, float)):
            return NotImplemented
        return PlainFloat(function(other, float(self)))

    return found


def _compared(function: Any) -> Any:
    def found(self: Any, other: Any) -> Any:
        if not isinstance(other, (int, float)):
            return NotImplemented
        return PlainTruth(function(float(self), other))

    return found


class _Single:
    """What every single number can do as an array of one."""

    __slots__ = ()
    shape: tuple[int, ...] = ()
    ndim, size = 0, 1

    def any(self) -> bool:
        """Whether it is other than zero."""
        return bool(self)

    def all(self) -> bool:
        """Whether it is other than zero."""
        return bool(self)


class PlainFloat(_Single, float):
    """A float whose arithmetic never raises."""

    __slots__ = ()
    __add__, __radd__ = _forward(operator.add), _backward(operator.add)
    __sub__, __rsub__ = _forward(operator.sub), _backward(operator.sub)
    __mul__, __rmul__ = _forward(operator.mul), _backward(operator.mul)
    __truediv__, __rtruediv__ = _forward(divided), _backward(divided)
    __pow__, __rpow__ = _forward(raised), _backward(raised)
    __lt__, __le__ = _compared(operator.lt), _compared(operator.le)
    __gt__, __ge__ = _compared(operator.gt), _compared(operator.ge)
    __eq__, __ne__ = _compared(operator.eq), _compared(operator.ne)
    __hash__ = float.__hash__

    def __neg__(self) -> PlainFloat:
        return PlainFloat(-float(self))

    def __abs__(self) -> PlainFloat:
        return PlainFloat(abs(float(self)))

    def item(self) -> float:
        """The same as Python's own float."""
        return float(self)

    def astype(self, kind: type) -> Any:
        """The same as another kind of number."""
        return PlainInt(self) if issubclass(kind, int) else self


class PlainInt(_Single, int):
    """A whole number."""

    __slots__ = ()

    def astype(self, kind: type) -> Any:
        """The same as another kind of number."""
        return PlainFloat(self) if issubclass(kind, float) else self

    def item(self) -> int:
        """The same as Python's own."""
        return int(self)


class PlainTruth(_Single, int):
    """True or false; `~` turns it round, where that of Python's own makes −2 of True."""

    __slots__ = ()

    def __new__(cls, value: object) -> Self:
        """Of whatever is true or false."""
        return int.__new__(cls, bool(value))

    def __invert__(self) -> PlainTruth:
        return PlainTruth(not self)

    def __and__(self, other: Any) -> Any:
        return PlainTruth(self and other) if isinstance(other, int) else NotImplemented

    def __or__(self, other: Any) -> Any:
        return PlainTruth(self or other) if isinstance(other, int) else NotImplemented

    __rand__, __ror__ = __and__, __or__

    def __repr__(self) -> str:
        return "True" if self else "False"


def kind_of(value: object) -> str:
    """The kind of a single number: `f` for a float, `i` for a whole number, `b` for a truth value, `O` for others."""
    if isinstance(value, float):
        return "f"
    if isinstance(value, (bool, PlainTruth)):
        return "b"
    return "i" if isinstance(value, int) else "O"


def kind_of_type(wanted: Any) -> str:
    """The kind of the numbers of a type, or of a type's name."""
    if wanted is bool or wanted is PlainTruth:
        return "b"
    if isinstance(wanted, type):
        return "f" if issubclass(wanted, float) else "i" if issubclass(wanted, int) else "O"
    return "f" if wanted is None else "i"


def single(kind: str, value: Any) -> Any:
    """A single number of a kind, as an array hands it out."""
    if kind == "f":
        return PlainFloat(value)
    if kind == "b":
        return PlainTruth(value)
    return PlainInt(value) if kind == "i" else value
