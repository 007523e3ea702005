"""The value of an answer that is an expression without names, and the place to which it is known."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.algebras import ArrayAlgebra
from exercises.formulas.formula import Formula, Negative, Number, Quotient, fold
from grader.answers.numbers import MAX_EXPONENT

if TYPE_CHECKING:
    from fractions import Fraction

    from exercises.formulas.quantity import Quantity

PRECISE = 12  # decimal places of an expression such as 1/3


def constant(formula: Formula) -> tuple[Decimal, Decimal] | None:
    """Compute value and last place; None where there is no value that fits an exercise."""
    if (whole := _as_fraction(formula)) is not None:
        return whole
    try:
        with np.errstate(all="ignore"):
            found = float(fold(formula, ArrayAlgebra(), _no_leaf))
    except (ArithmeticError, ValueError):
        return None
    if not isfinite(found) or abs(found) >= 10.0**MAX_EXPONENT:
        return None
    value = Decimal(repr(found))
    size = value.adjusted() if value else 0
    places = 8 - size if size < -4 else PRECISE if size < 3 else PRECISE + 2 - size  # noqa: PLR2004 - float's digits
    if places > MAX_EXPONENT:
        return None
    unit = Decimal(1).scaleb(-places)
    return value.quantize(unit), unit


def _as_fraction(formula: Formula) -> tuple[Decimal, Decimal] | None:
    """A fraction such as 809/1000 with the places of its decimal, 0.809; None where that has no end, as in 1/3."""
    value = _fraction(formula)
    if value is None or abs(value) >= 10**MAX_EXPONENT:
        return None
    places = next((n for n in range(PRECISE + 1) if 10**n % value.denominator == 0), None)
    if places is None:
        return None
    return Decimal(int(value * 10**places)).scaleb(-places), Decimal(1).scaleb(-places)


def _fraction(formula: Formula) -> Fraction | None:
    """Numbers with nothing but signs and fraction bars between them."""
    match formula:
        case Number(value):
            return value
        case Negative(of):
            inner = _fraction(of)
            return None if inner is None else -inner
        case Quotient(over, under):
            one, other = _fraction(over), _fraction(under)
            return one / other if one is not None and other else None
    return None


def _no_leaf(_: Quantity) -> Any:
    raise ValueError
