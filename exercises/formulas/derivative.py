"""The partial derivative of a formula, as a formula: plain rules, lightly tidied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.formula import (
    ONE,
    ZERO,
    Apply,
    Formula,
    Negative,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    as_formula,
    leaves,
    negative,
    product,
    total,
)

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity


def derivative(formula: Formula, by: Quantity) -> Formula:
    """The partial derivative by one quantity, all others held still. Plain rules, lightly tidied.

    Each function brings the derivative of its own entry, so the chain rule here knows none by name.
    """
    if by not in leaves(formula):
        return ZERO
    match formula:
        case Symbol():
            return ONE
        case Sum(terms):
            return _sum_of([derivative(f, by) for f in terms])
        case Negative(of):
            return negative(derivative(of, by))
        case Product(factors):
            return _sum_of(
                [
                    _product_of([*factors[:i], derivative(f, by), *factors[i + 1 :]])
                    for i, f in enumerate(factors)
                ]
            )
        case Quotient(over, under):
            first = Quotient(derivative(over, by), under)
            second = negative(Quotient(_product_of([over, derivative(under, by)]), Power(under, 2)))
            return _sum_of([first if first.over != ZERO else ZERO, second if by in leaves(under) else ZERO])
        case Power(base, exponent):
            lower = base if exponent == 2 else Power(base, exponent - 1)  # noqa: PLR2004 - square to base
            return _product_of([as_formula(exponent), lower, derivative(base, by)])
        case Apply(function, argument):
            return _product_of([function.derivative(argument), derivative(argument, by)])
    msg = f"not a formula: {formula!r}"
    raise TypeError(msg)


def _sum_of(terms: list[Formula]) -> Formula:
    return total([f for f in terms if f != ZERO])


def _product_of(factors: list[Formula]) -> Formula:
    return ZERO if ZERO in factors else product(factors)
