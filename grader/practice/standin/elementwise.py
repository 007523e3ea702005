"""Functions of each number of an array, of a list, or of a number alone."""

from __future__ import annotations

import builtins
import math
import operator
from functools import reduce
from typing import TYPE_CHECKING, Any

from grader.practice.standin.arrays import PlainArray, asarray
from grader.practice.standin.operators import met, numbers_as
from grader.practice.standin.places import spread, together
from grader.practice.standin.scalars import kind_of, raised, single

if TYPE_CHECKING:
    from collections.abc import Callable


def _each(function: Callable[[Any], Any], kind: str = "") -> Callable[[Any], Any]:
    """A function of one number for arrays; `kind` of the outcome if it is not that of the numbers."""

    def found(value: Any) -> Any:
        if isinstance(value, (int, float)):
            return single(kind or kind_of(value), function(value))
        numbers = asarray(value)
        made = PlainArray([function(x) for x in numbers.data], numbers.shape, kind or numbers.kind)
        return made if made.shape else made[()]

    return found


def _never_raising(function: Callable[[float], float], over: float = math.inf) -> Callable[[float], float]:
    """A function that is infinite where it is too large, and no number where it has no value."""

    def found(x: float) -> float:
        try:
            return function(x)
        except OverflowError:
            return over
        except ValueError:
            return math.nan

    return found


def _logarithm(function: Callable[[float], float]) -> Callable[[float], float]:
    return lambda x: function(x) if x > 0 else -math.inf if x == 0 else math.nan


def _sign(x: float) -> float:
    return float((x > 0) - (x < 0)) if x == x else math.nan


def _whole(function: Callable[[float], int]) -> Callable[[float], float]:
    """A rounding of finite numbers; the sign of a zero stays."""
    return lambda x: math.copysign(float(function(x)), x) if math.isfinite(x) else x


_rounded = _whole(builtins.round)
absolute = _each(builtins.abs)
exp = _each(_never_raising(math.exp), "f")
log = _each(_logarithm(math.log), "f")
log10 = _each(_logarithm(math.log10), "f")
sqrt = _each(_never_raising(math.sqrt), "f")
sin = _each(_never_raising(math.sin), "f")
cos = _each(_never_raising(math.cos), "f")
tanh = _each(math.tanh, "f")
sinh = _each(lambda x: math.sinh(x) if abs(x) < 710 else math.copysign(math.inf, x), "f")  # noqa: PLR2004 - the largest
isnan = _each(math.isnan, "b")
isfinite = _each(math.isfinite, "b")
isinf = _each(math.isinf, "b")
sign = _each(_sign, "f")
rint = _each(_rounded, "f")
floor = _each(_whole(math.floor), "f")
ceil = _each(_whole(math.ceil), "f")


def to_places(value: Any, places: int = 0) -> Any:
    """Rounded to decimal places as NumPy does it: scaled, rounded half to even, and scaled back."""
    numbers = value if isinstance(value, (int, float)) else asarray(value)
    if kind_of(value) == "i" or getattr(numbers, "kind", "f") == "i":
        return numbers
    scale = 10.0**places
    return _each(lambda x: _rounded(x * scale) / scale, "f")(value) if places else rint(value)


class _Pairwise:
    """A function of two numbers, pair by pair."""

    def __init__(self, function: Callable[[Any, Any], Any], kind: str = "") -> None:
        self.function, self.kind = function, kind

    def __call__(self, one: Any, other: Any) -> Any:
        """The function of each pair."""
        if isinstance(one, (int, float)) and isinstance(other, (int, float)):
            value = self.function(one, other)
            return single(self.kind or kind_of(value), value)
        return met(self.function, asarray(one), other, self.kind)

    def reduce(self, parts: Any, axis: int = 0) -> Any:
        """The function of the first two, then of that and the third, and so on."""
        if isinstance(parts, PlainArray):
            return parts.along(lambda data: reduce(self.function, data), axis, self.kind or parts.kind)
        return reduce(self, parts)


def _least(x: Any, y: Any) -> Any:
    return x if x <= y or x != x else y


def _greatest(x: Any, y: Any) -> Any:
    return x if x >= y or x != x else y


def _scaled(x: float, power_of_two: int) -> float:
    try:
        return math.ldexp(x, int(power_of_two))
    except OverflowError:
        return math.copysign(math.inf, x)


minimum, maximum = _Pairwise(_least), _Pairwise(_greatest)
fmin = _Pairwise(lambda x, y: y if x != x else x if y != y else min(x, y))
fmax = _Pairwise(lambda x, y: y if x != x else x if y != y else max(x, y))
power, copysign = _Pairwise(raised, "f"), _Pairwise(math.copysign, "f")
nextafter, ldexp = _Pairwise(math.nextafter, "f"), _Pairwise(_scaled, "f")
logical_and = _Pairwise(lambda x, y: bool(x and y), "b")
logical_or = _Pairwise(lambda x, y: bool(x or y), "b")
add = _Pairwise(operator.add)


def clip(value: Any, low: Any, high: Any) -> Any:
    """Moved to the nearer end where it is outside."""
    return minimum(maximum(value, low), high)


def frexp(value: Any) -> tuple[Any, Any]:
    """A fraction from ½ to 1 and a power of two for each number."""
    numbers = asarray(value)
    pairs = [math.frexp(x) for x in numbers.data]
    fractions = PlainArray([fraction for fraction, _ in pairs], numbers.shape, "f")
    powers = PlainArray([two for _, two in pairs], numbers.shape, "i")
    return (fractions, powers) if numbers.shape else (fractions[()], powers[()])


def _several(part: Any) -> bool:
    return isinstance(part, (PlainArray, list))


def where(true: Any, one: Any, other: Any) -> Any:
    """Of each pair the first where something is true, and else the second."""
    if not (_several(true) or _several(one) or _several(other)):
        chosen = one if true else other
        return single("f" if "f" in (kind_of(one), kind_of(other)) else kind_of(chosen), chosen)
    asked, a, b = asarray(true), asarray(one), asarray(other)
    kind = a.kind if a.kind == b.kind else next(kind for kind in "Ofib" if kind in (a.kind, b.kind))
    shape = asked.shape
    if not shape == a.shape == b.shape:
        shape = together(asked.shape, a.shape, b.shape)
    if len(asked.data) == len(a.data) == len(b.data) == 1:  # a sheet alone, as nearly always
        return PlainArray(numbers_as(kind, a if asked.data[0] else b)[:], shape, kind)
    columns = (spread(numbers_as(kind, part), part.shape, shape) for part in (asked, a, b))
    return PlainArray([x if yes else y for yes, x, y in zip(*columns, strict=True)], shape, kind)


class vectorize:  # noqa: N801 - NumPy's name
    """A function of a float for arrays."""

    def __init__(self, function: Callable[[Any], Any], otypes: Any = None) -> None:
        """Of floats, whatever `otypes` says."""
        del otypes
        self._each = _each(function, "f")

    def __call__(self, value: Any) -> Any:
        """The function of each number."""
        return self._each(value)
