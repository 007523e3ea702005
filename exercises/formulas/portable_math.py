"""The elementary functions on arrays, the same bits on every machine.

NumPy's own exponentials come from whatever library and instruction set is at hand, and differ in the last
digit. Here they are made of additions, multiplications, divisions and square roots only, which IEEE 754
rounds in one way; so whatever is decided by these numbers is decided alike everywhere.

Source of the argument reductions: Muller (2016), Elementary Functions, chapter 11.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.algebras import ArrayAlgebra

if TYPE_CHECKING:
    from exercises.formulas.formula import Function

Array = Any
_LN2_HIGH, _LN2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10  # the sum is ln 2 to 33 more bits
_PER_LN2 = 1.4426950408889634
_LN10 = 2.302585092994046
_SMALLEST, _LARGEST = -745.0, 709.0  # beyond, e^a is 0 or too large
_POLYNOMIAL = tuple(1.0 / n for n in range(13, 0, -1))  # e^r = 1 + r(1 + r/2(1 + r/3(…))) for |r| ≤ ln 2 / 2
_ROOT_HALF = 0.7071067811865476
_ODD = tuple(1.0 / n for n in range(23, 0, -2))  # of artanh
_QUARTER = (1.57079632673412561417, 6.07710050630396597660e-11, 2.02226624879595063154e-21)  # π/2 in parts
_FARTHEST = 1e5  # beyond, angles lose digits


def exp(a: Array) -> Array:
    """The exponential e^a."""
    near = np.fmin(np.fmax(a, _SMALLEST), _LARGEST)
    k = np.rint(near * _PER_LN2)
    r = (near - k * _LN2_HIGH) - k * _LN2_LOW
    out = np.ones_like(r)
    for share in _POLYNOMIAL:
        out *= r * share
        out += 1.0
    return np.where(np.isnan(a), np.nan, np.ldexp(out, k.astype(np.int32)))


def log(a: Array) -> Array:
    """The natural logarithm; −∞ at 0 and NaN below, as NumPy has it."""
    fraction, k = np.frexp(np.asarray(a, dtype=float))
    low = fraction < _ROOT_HALF
    fraction, k = np.where(low, 2.0 * fraction, fraction), k - low
    s = (fraction - 1.0) / (fraction + 1.0)
    square, out = s * s, np.zeros_like(s)
    for share in _ODD:
        out = out * square + share
    found = (2.0 * s * out + k * _LN2_LOW) + k * _LN2_HIGH
    found = np.where(np.isinf(fraction), np.inf, found)
    return np.where(a > 0, found, np.where(a == 0, -np.inf, np.nan))


def log10(a: Array) -> Array:
    """The decimal logarithm."""
    return log(a) / _LN10


def power(base: float, exponent: Array) -> Array:
    """A power of a positive constant."""
    return exp(exponent * float(log(np.float64(base))))


def tanh(a: Array) -> Array:
    """The hyperbolic tangent."""
    e = exp(-2.0 * np.abs(a))
    return np.copysign((1.0 - e) / (1.0 + e), a)


def _quarters(a: Array) -> tuple[Array, Array, Array]:
    """How many quarter turns to the nearest axis, and sine and cosine of the rest."""
    near = np.fmin(np.fmax(a, -_FARTHEST), _FARTHEST)
    k = np.rint(near / _QUARTER[0])
    rest = near
    for part in _QUARTER:
        rest = rest - k * part
    square = rest * rest
    sine, cosine = np.ones_like(rest), np.ones_like(rest)
    for n in range(18, 0, -2):
        sine = 1.0 - sine * square / (n * (n + 1.0))
        cosine = 1.0 - cosine * square / (n * (n - 1.0))
    return k.astype(np.int64) % 4, np.where(np.isnan(a), np.nan, rest * sine), cosine


def sin(a: Array) -> Array:
    """The sine."""
    turns, sine, cosine = _quarters(a)
    return np.where(turns % 2 == 0, sine, cosine + 0.0 * sine) * np.where(turns < 2, 1.0, -1.0)  # noqa: PLR2004


def cos(a: Array) -> Array:
    """The cosine."""
    turns, sine, cosine = _quarters(a)
    sign = np.where((turns == 1) | (turns == 2), -1.0, 1.0)  # noqa: PLR2004 - the left half
    return np.where(turns % 2 == 0, cosine + 0.0 * sine, sine) * sign


class SteadyAlgebra(ArrayAlgebra):
    """Arrays, the same bits on every machine."""

    def power(self, base: Array, exponent: int) -> Array:
        """A whole power, by multiplying."""
        return whole_power(base, exponent)

    def apply(self, function: Function, argument: Array) -> Array:
        """A function's value."""
        return value(function, argument)


def whole_power(base: Array, exponent: int) -> Array:
    """A whole power ≥ 1, by multiplying."""
    out = base
    for _ in range(exponent - 1):
        out = out * base
    return out


# What the entries of `functions` may ask of the numpy module: ours, and its own that choose or round in one way only.
_OURS = (exp, log, log10, power, tanh, sin, cos)
_EXACT = (
    *("abs", "sign", "sqrt", "copysign", "where", "isnan"),
    *("minimum", "maximum", "fmin", "fmax", "clip", "floor", "ceil", "rint"),
    *("zeros_like", "ones_like"),
)
_NAMESPACE = SimpleNamespace(**{f.__name__: f for f in _OURS}, **{name: getattr(np, name) for name in _EXACT})


def value(function: Function, argument: Array) -> Array:
    """The value of any function of `functions`."""
    return (function.portable or function.array)(_NAMESPACE, argument)
