"""The elementary functions that formulas may apply, one entry each.

An entry says how the function is computed in exact decimals (the same digits on every machine), in NumPy
arrays and in SymPy, how it is written and read, what its derivative is, and where it turns (for intervals).
"""

from __future__ import annotations

import copyreg
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from math import pi
from typing import TYPE_CHECKING, Any

from exercises.formulas.formula import ZERO, Function, Number, product

if TYPE_CHECKING:
    from collections.abc import Callable

_PEAK = 0.3989422804014327  # of the normal density, 1/√(2π)
_FLAT = 8.0  # beyond, the normal distribution function is 0 or 1 to 15 digits
_TERMS = 120  # of its series, enough for |a| ≤ 8: Marsaglia (2004), "Evaluating the normal distribution"
LEAK = Fraction(1, 100)  # slope of leaky-relu below zero, as in most textbooks


def _decimal_sigma(a: Decimal) -> Decimal:
    return 1 / (1 + (-a).exp()) if a >= 0 else a.exp() / (1 + a.exp())


def _decimal_tanh(a: Decimal) -> Decimal:
    e = (-2 * abs(a)).exp()
    value = (1 - e) / (1 + e)
    return value if a >= 0 else -value


def _mp(name: str) -> Callable[[Decimal], Decimal]:
    def value(a: Decimal) -> Decimal:
        from mpmath import mp, mpf

        with mp.workdps(50):
            return Decimal(mp.nstr(getattr(mp, name)(mpf(str(a))), 45))

    return value


def _mp_of_degrees(name: str) -> Callable[[Decimal], Decimal]:
    def value(a: Decimal) -> Decimal:
        from mpmath import mp, mpf

        with mp.workdps(50):
            return Decimal(mp.nstr(getattr(mp, name)(mpf(str(a)) * mp.pi / 180), 45))

    return value


def _array_sigma(np: Any, a: Any) -> Any:
    return 0.5 * (1.0 + np.tanh(0.5 * a))


def _array_normal_cdf(np: Any, a: Any) -> Any:
    import math

    half = np.vectorize(lambda v: 0.5 * math.erfc(-v / math.sqrt(2.0)), otypes=[float])
    return half(a)


def _portable_normal_cdf(np: Any, a: Any) -> Any:
    a = np.clip(a, -_FLAT, _FLAT)
    square, term, total = a * a, a, a
    for n in range(3, 2 * _TERMS, 2):
        term = term * square / n
        total = total + term
    return 0.5 + total * np.exp(-0.5 * square) * _PEAK


def _tanh_passes_on(np: Any, lo: Any, hi: Any) -> Any:
    nearest = np.where(lo * hi < 0, 0.0, np.minimum(np.abs(lo), np.abs(hi)))
    return np.sqrt(np.maximum(1.0 - nearest**2, 0.0))  # sech a


def _below(limit: str) -> Callable[[Decimal], Decimal]:
    slope = Decimal(limit)
    return lambda a: a if a > 0 else slope * a


EXP: Function = Function(
    "exp",
    "e^",
    lambda a: a.exp(),
    lambda np, a: np.exp(a),
    lambda sp, a: sp.exp(a),
    lambda f: EXP(f),  # noqa: PLW0108 - its own derivative: the name exists only later
    spellings=("exp",),
)
LN: Function = Function(
    "ln",
    "ln",
    lambda a: a.ln(),
    lambda np, a: np.log(a),
    lambda sp, a: sp.log(a),
    lambda f: 1 / f,
    spellings=("ln", "log"),
)
LOG10: Function = Function(
    "log10",
    "log₁₀",
    lambda a: a.log10(),
    lambda np, a: np.log10(a),
    lambda sp, a: sp.log(a, 10),
    lambda f: 1 / (f * Number(Fraction("2.302585092994046"))),
)
TEN_TO: Function = Function(
    "ten-to",
    "10^",
    lambda a: Decimal(10) ** a,
    lambda np, a: np.power(10.0, a),
    lambda sp, a: sp.Integer(10) ** a,
    lambda f: TEN_TO(f) * Number(Fraction("2.302585092994046")),
)
SQRT: Function = Function(
    "sqrt",
    "√",
    lambda a: a.sqrt(),
    lambda np, a: np.sqrt(a),
    lambda sp, a: sp.sqrt(a),
    lambda f: 1 / (2 * SQRT(f)),
)
SIN: Function = Function(
    "sin",
    "sin",
    _mp("sin"),
    lambda np, a: np.sin(a),
    lambda sp, a: sp.sin(a),
    lambda f: COS(f),  # noqa: PLW0108 - defined below
    turns=tuple(pi * (n + 0.5) for n in range(-7, 7)),
    latex=r"\sin",
)
COS: Function = Function(
    "cos",
    "cos",
    _mp("cos"),
    lambda np, a: np.cos(a),
    lambda sp, a: sp.cos(a),
    lambda f: -SIN(f),
    turns=tuple(pi * n for n in range(-6, 7)),
    latex=r"\cos",
)
_PER_DEGREE = Number(Fraction("0.017453292519943295"))  # π/180 to double precision
SIN_OF_DEGREES: Function = Function(
    "sin-of-degrees",
    "sin°",
    _mp_of_degrees("sin"),
    lambda np, a: np.sin(a * pi / 180),
    lambda sp, a: sp.sin(a * sp.pi / 180),
    lambda f: product([_PER_DEGREE, COS_OF_DEGREES(f)]),
    turns=tuple(180 * (n + 0.5) for n in range(-7, 7)),
    latex=r"\sin^{\circ}",
)
COS_OF_DEGREES: Function = Function(
    "cos-of-degrees",
    "cos°",
    _mp_of_degrees("cos"),
    lambda np, a: np.cos(a * pi / 180),
    lambda sp, a: sp.cos(a * sp.pi / 180),
    lambda f: -product([_PER_DEGREE, SIN_OF_DEGREES(f)]),
    turns=tuple(180.0 * n for n in range(-6, 7)),
    latex=r"\cos^{\circ}",
)
SIGMA: Function = Function(
    "sigmoid",
    "σ",
    _decimal_sigma,
    _array_sigma,
    lambda sp, a: 1 / (1 + sp.exp(-a)),
    lambda f: SIGMA(f) * (1 - SIGMA(f)),
    passes_on=lambda np, lo, hi: hi**2,  # noqa: ARG005 - dσ/d(e^−a) = −σ²
    latex=r"\sigma",
    spellings=("σ", "sigma", "sigmoid", "sig", "logistic"),
)
TANH: Function = Function(
    "tanh",
    "tanh",
    _decimal_tanh,
    lambda np, a: np.tanh(a),
    lambda sp, a: sp.tanh(a),
    lambda f: 1 - TANH(f) ** 2,
    passes_on=_tanh_passes_on,
    spellings=("tanh",),
)
ABS: Function = Function(
    "abs",
    "abs",
    abs,
    lambda np, a: np.abs(a),
    lambda sp, a: sp.Abs(a),
    lambda f: SIGN(f),  # noqa: PLW0108 - defined below
    turns=(0.0,),
    spellings=("abs",),
)
SIGN: Function = Function(
    "sign",
    "sign",
    lambda a: Decimal((a > 0) - (a < 0)),
    lambda np, a: np.sign(a),
    lambda sp, a: sp.sign(a),
    lambda _: ZERO,
    turns=(0.0,),
    jumps=True,
)
RELU: Function = Function(
    "relu",
    "ReLU",
    lambda a: max(a, Decimal(0)),
    lambda np, a: np.maximum(a, 0.0),
    lambda sp, a: sp.Piecewise((a, a > 0), (0, True)),
    lambda f: RELU_SLOPE(f),  # noqa: PLW0108 - defined below
    turns=(0.0,),
    latex=r"\operatorname{ReLU}",
    spellings=("relu",),
)
RELU_SLOPE: Function = Function(
    "relu-slope",
    "ReLU′",
    lambda a: Decimal(int(a > 0)),
    lambda np, a: np.where(a > 0, 1.0, 0.0),
    lambda sp, a: sp.Piecewise((1, a > 0), (0, True)),
    lambda _: ZERO,
    turns=(0.0,),
    jumps=True,
    latex=r"\operatorname{ReLU}'",
)
LEAKY: Function = Function(
    "leaky-relu",
    "LReLU",
    _below("0.01"),
    lambda np, a: np.where(a > 0, a, float(LEAK) * a),
    lambda sp, a: sp.Piecewise((a, a > 0), (sp.Rational(1, 100) * a, True)),
    lambda f: LEAKY_SLOPE(f),  # noqa: PLW0108 - defined below
    turns=(0.0,),
    latex=r"\operatorname{LReLU}",
    spellings=("lrelu", "leakyrelu", "leaky_relu"),
)
LEAKY_SLOPE: Function = Function(
    "leaky-relu-slope",
    "LReLU′",
    lambda a: Decimal(1) if a > 0 else Decimal("0.01"),
    lambda np, a: np.where(a > 0, 1.0, float(LEAK)),
    lambda sp, a: sp.Piecewise((1, a > 0), (sp.Rational(1, 100), True)),
    lambda _: ZERO,
    turns=(0.0,),
    jumps=True,
    latex=r"\operatorname{LReLU}'",
)
ELU: Function = Function(
    "elu",
    "ELU",
    lambda a: a if a > 0 else a.exp() - 1,
    lambda np, a: np.where(a > 0, a, np.exp(np.minimum(a, 0.0)) - 1.0),
    lambda sp, a: sp.Piecewise((a, a > 0), (sp.exp(a) - 1, True)),
    lambda f: ELU_SLOPE(f),  # noqa: PLW0108 - defined below
    passes_on=lambda np, lo, hi: np.where(lo < 0, 1.0, 0.0),  # noqa: ARG005 - e^a is worked out below 0 only
    latex=r"\operatorname{ELU}",
    spellings=("elu",),
)
ELU_SLOPE: Function = Function(
    "elu-slope",
    "ELU′",
    lambda a: Decimal(1) if a > 0 else a.exp(),
    lambda np, a: np.exp(np.minimum(a, 0.0)),
    lambda sp, a: sp.Piecewise((1, a > 0), (sp.exp(a), True)),
    lambda f: product([ELU_SLOPE(f), 1 - RELU_SLOPE(f)]),
    latex=r"\operatorname{ELU}'",
)
NORMAL_CDF: Function = Function(
    "normal-cdf",
    "Φ",
    _mp("ncdf"),
    _array_normal_cdf,
    lambda sp, a: (1 + sp.erf(a / sp.sqrt(2))) / 2,
    lambda f: NORMAL_PDF(f),  # noqa: PLW0108 - defined below
    portable=_portable_normal_cdf,
    latex=r"\Phi",
    spellings=("Φ",),
)
NORMAL_PDF: Function = Function(
    "normal-pdf",
    "φ",
    _mp("npdf"),
    lambda np, a: np.exp(-0.5 * a * a) * _PEAK,
    lambda sp, a: sp.exp(-(a**2) / 2) / sp.sqrt(2 * sp.pi),
    lambda f: -product([f, NORMAL_PDF(f)]),
    turns=(0.0,),
    latex=r"\varphi",
    spellings=("φ",),
)
# No activation and nothing that is asked for: what somebody does who rounds too soon. A half goes up.
WHOLE: Function = Function(
    "whole",
    "round",
    lambda a: (a + Decimal("0.5")).to_integral_value(ROUND_FLOOR),
    lambda np, a: np.floor(a + 0.5),
    lambda sp, a: sp.floor(a + sp.Rational(1, 2)),
    lambda _: ZERO,
    latex=r"\operatorname{round}",
)
FUNCTIONS = (
    EXP, LN, LOG10, TEN_TO, SQRT, SIN, COS, SIN_OF_DEGREES,
    COS_OF_DEGREES, SIGMA, TANH, ABS, SIGN, RELU, RELU_SLOPE, LEAKY,
    LEAKY_SLOPE, ELU, ELU_SLOPE, NORMAL_CDF, NORMAL_PDF,
)  # fmt: skip
_BY_NAME = {function.name: function for function in (*FUNCTIONS, WHOLE)}


def named(name: str) -> Function:
    """The function of a permanent name. Raises KeyError where there is none."""
    return _BY_NAME[name]


# In a copy, and in another process, a function is the same entry: how it is computed does not travel.
copyreg.pickle(Function, lambda function: (named, (function.name,)))
