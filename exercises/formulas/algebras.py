"""Two readings of a formula that give numbers: exact decimals, and floats or NumPy arrays."""

from __future__ import annotations

from decimal import (
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from math import prod
from typing import TYPE_CHECKING, Any

from exercises.formulas.formula import fold

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from exercises.formulas.formula import Formula, Function
    from exercises.formulas.quantity import Quantity

EXACT = Context(prec=40, traps=[DivisionByZero, InvalidOperation, Overflow])


class DecimalAlgebra:
    """Forty digits, correctly rounded: the same on every machine, unlike the C library's exp.

    Use it inside `with localcontext(EXACT)`. Raises decimal signals where a value does not exist.
    """

    def number(self, value: Fraction) -> Decimal:
        """A constant."""
        return Decimal(value.numerator) / Decimal(value.denominator)

    def add(self, terms: list[Decimal]) -> Decimal:
        """The sum."""
        return sum(terms, Decimal(0))

    def multiply(self, factors: list[Decimal]) -> Decimal:
        """The product."""
        return prod(factors, start=Decimal(1))

    def negative(self, value: Decimal) -> Decimal:
        """The opposite."""
        return -value

    def divide(self, over: Decimal, under: Decimal) -> Decimal:
        """The quotient."""
        return over / under

    def power(self, base: Decimal, exponent: int) -> Decimal:
        """A whole power."""
        return base**exponent

    def apply(self, function: Function, argument: Decimal) -> Decimal:
        """A function's value."""
        return function.decimal(argument)


class ArrayAlgebra:
    """Floats or NumPy arrays of one shape; IEEE double precision."""

    def __init__(self) -> None:
        import numpy as np

        self._np = np

    def number(self, value: Fraction) -> Any:
        """A constant."""
        return float(value)

    def add(self, terms: list[Any]) -> Any:
        """The sum."""
        return sum(terms[1:], start=terms[0])

    def multiply(self, factors: list[Any]) -> Any:
        """The product."""
        return prod(factors[1:], start=factors[0])

    def negative(self, value: Any) -> Any:
        """The opposite."""
        return -value

    def divide(self, over: Any, under: Any) -> Any:
        """The quotient."""
        return over / under

    def power(self, base: Any, exponent: int) -> Any:
        """A whole power."""
        return base**exponent

    def apply(self, function: Function, argument: Any) -> Any:
        """A function's value."""
        return function.array(self._np, argument)


DECIMAL = DecimalAlgebra()
MAX_EXPONENT = 40  # beyond it a number has no place on a sheet


def exact_context() -> Any:
    """The decimal context in which solutions are computed: 40 digits, errors raised."""
    return localcontext(EXACT)


def exact_value(formula: Formula, known: Callable[[Quantity], Decimal]) -> Decimal | None:
    """A formula's value to 40 digits; None where there is none, or none that could be written down.

    known: the number that stands for each quantity in it.
    """
    with exact_context():
        try:
            value: Decimal = fold(formula, DECIMAL, known)
        except DecimalException:
            return None
    small = not value or value.adjusted() <= MAX_EXPONENT  # a zero may bear any exponent
    return value if value.is_finite() and small else None
