"""Formulas as small trees: stated once, then evaluated, printed, differentiated and changed.

A tree holds no numbers of its own but constants, and no knowledge of networks. Every reading of it is a
`fold` with an `Algebra`: floats, exact decimals, intervals, arrays, SymPy. Printing is in `typeset`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from exercises.common.made_once import Once

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from exercises.formulas.quantity import Quantity

T = TypeVar("T")


class Formula(Once):
    """Base of the nodes. Operators build trees; nothing is simplified beyond double signs."""

    __slots__ = ()

    def __add__(self, other: Formula | int) -> Formula:
        return total([self, as_formula(other)])

    def __radd__(self, other: int) -> Formula:
        return total([as_formula(other), self])

    def __sub__(self, other: Formula | int) -> Formula:
        return total([self, -as_formula(other)])

    def __rsub__(self, other: int) -> Formula:
        return total([as_formula(other), -self])

    def __mul__(self, other: Formula | int) -> Formula:
        return product([self, as_formula(other)])

    def __rmul__(self, other: int) -> Formula:
        return product([as_formula(other), self])

    def __truediv__(self, other: Formula | int) -> Formula:
        return Quotient(self, as_formula(other))

    def __rtruediv__(self, other: int) -> Formula:
        return Quotient(as_formula(other), self)

    def __pow__(self, exponent: int) -> Formula:
        return Power(self, exponent)

    def __neg__(self) -> Formula:
        return negative(self)


@dataclass(frozen=True, slots=True, eq=False)
class Number(Formula):
    """A constant of the formula itself, such as the ½ of a loss."""

    value: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Symbol(Formula):
    """A quantity of the exercise."""

    quantity: Quantity


@dataclass(frozen=True, slots=True, eq=False)
class Sum(Formula):
    """Terms added; a term to be taken away is a `Negative`."""

    terms: tuple[Formula, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Product(Formula):
    """Factors multiplied, in the order in which a person writes them."""

    factors: tuple[Formula, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Negative(Formula):
    """The opposite of `of`."""

    of: Formula


@dataclass(frozen=True, slots=True, eq=False)
class Quotient(Formula):
    """`over` divided by `under`."""

    over: Formula
    under: Formula


@dataclass(frozen=True, slots=True, eq=False)
class Power(Formula):
    """`base` to a whole power ≥ 2."""

    base: Formula
    exponent: int


@dataclass(frozen=True, slots=True, eq=False)
class Apply(Formula):
    """A function of one argument."""

    function: Function
    argument: Formula


ONE = Number(Fraction(1))
ZERO = Number(Fraction(0))
HALF = Number(Fraction(1, 2))


def as_formula(value: Formula | int) -> Formula:
    """A whole number as a constant; a formula as it is."""
    return Number(Fraction(value)) if isinstance(value, int) else value


def negative(formula: Formula) -> Formula:
    """The opposite; two signs cancel."""
    if formula == ZERO:
        return ZERO
    return formula.of if isinstance(formula, Negative) else Negative(formula)


def total(terms: Sequence[Formula]) -> Formula:
    """A sum, flattened; a single term stands alone."""
    flat: list[Formula] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, Sum) else [term])
    if not flat:
        return ZERO
    return flat[0] if len(flat) == 1 else Sum(tuple(flat))


def product(factors: Sequence[Formula]) -> Formula:
    """A product, flattened, its signs gathered in front and factors of one left out."""
    flat: list[Formula] = []
    sign = 1
    for each in factors:
        factor = each
        if isinstance(factor, Negative):
            sign, factor = -sign, factor.of
        flat.extend(factor.factors if isinstance(factor, Product) else [factor])
    flat = [f for f in flat if f != ONE]
    if not flat:
        body: Formula = ONE
    else:
        body = flat[0] if len(flat) == 1 else Product(tuple(flat))
    return body if sign > 0 else negative(body)


class Algebra(Protocol[T]):
    """What a reading must know of arithmetic. `fold` does the walking."""

    def number(self, value: Fraction) -> T:
        """A constant."""
        ...

    def add(self, terms: list[T]) -> T:
        """The sum of at least two terms."""
        ...

    def multiply(self, factors: list[T]) -> T:
        """The product of at least two factors."""
        ...

    def negative(self, value: T) -> T:
        """The opposite."""
        ...

    def divide(self, over: T, under: T) -> T:
        """The quotient."""
        ...

    def power(self, base: T, exponent: int) -> T:
        """A whole power ≥ 2."""
        ...

    def apply(self, function: Function, argument: T) -> T:
        """A function's value."""
        ...


def fold(formula: Formula, algebra: Algebra[T], leaf: Callable[[Quantity], T]) -> T:
    """Read a tree: leaves by `leaf`, everything else by `algebra`."""
    match formula:
        case Symbol(quantity):
            return leaf(quantity)
        case Number(value):
            return algebra.number(value)
        case Sum(terms):
            return algebra.add([fold(f, algebra, leaf) for f in terms])
        case Product(factors):
            return algebra.multiply([fold(f, algebra, leaf) for f in factors])
        case Negative(of):
            return algebra.negative(fold(of, algebra, leaf))
        case Quotient(over, under):
            return algebra.divide(fold(over, algebra, leaf), fold(under, algebra, leaf))
        case Power(base, exponent):
            return algebra.power(fold(base, algebra, leaf), exponent)
        case Apply(function, argument):
            return algebra.apply(function, fold(argument, algebra, leaf))
    msg = f"not a formula: {formula!r}"
    raise TypeError(msg)


def children(formula: Formula) -> tuple[Formula, ...]:
    """The parts of a node, in order."""
    match formula:
        case Sum(terms):
            return terms
        case Product(factors):
            return factors
        case Negative(of):
            return (of,)
        case Quotient(over, under):
            return (over, under)
        case Power(base, _):
            return (base,)
        case Apply(_, argument):
            return (argument,)
    return ()


@lru_cache(maxsize=20_000)
def leaves(formula: Formula) -> tuple[Quantity, ...]:
    """Every quantity of the tree, as often as it stands there, from left to right."""
    if isinstance(formula, Symbol):
        return (formula.quantity,)
    return tuple(q for child in children(formula) for q in leaves(child))


def rebuild(formula: Formula, parts: Sequence[Formula]) -> Formula:
    """The same node over other parts; signs are gathered again."""
    match formula:
        case Sum():
            return total(parts)
        case Product():
            return product(parts)
        case Negative():
            return negative(parts[0])
        case Quotient():
            return Quotient(parts[0], parts[1])
        case Power(_, exponent):
            return Power(parts[0], exponent)
        case Apply(function, _):
            return Apply(function, parts[0])
    return formula


def replace_symbols(formula: Formula, by: Mapping[Quantity, Formula]) -> Formula:
    """Put a formula in the place of each quantity that `by` names."""
    if isinstance(formula, Symbol):
        return by.get(formula.quantity, formula)
    parts = children(formula)
    return rebuild(formula, [replace_symbols(p, by) for p in parts]) if parts else formula


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of one real argument.

    name:       permanent name.
    written:    how it is written before its bracketed argument; `e^` takes the argument as an exponent.
    decimal:    value in the current decimal context.
    array:      value of a float or an array, given the numpy module.
    sympy:      value of a SymPy expression, given the sympy module.
    derivative: the derivative as a formula of the argument.
    portable:   as `array`, made of `portable_math` alone, where `array` calls on more than that.
    turns:      arguments at which the function is not monotone or jumps (ascending); each side is monotone.
    jumps:      whether it jumps at a turn; then an interval over the turn takes both sides.
    passes_on:  how far its value moves for each unit by which an exponential inside it is off, from the
                numpy module and the lowest and highest value; None where it has no such step.
    latex:      its name in LaTeX.
    spellings:  what a student may write before its bracketed argument.
    """

    name: str
    written: str
    decimal: Callable[[Decimal], Decimal]
    array: Callable[[Any, Any], Any]
    sympy: Callable[[Any, Any], Any]
    derivative: Callable[[Formula], Formula]
    portable: Callable[[Any, Any], Any] | None = None
    turns: tuple[float, ...] = ()
    jumps: bool = False
    passes_on: Callable[[Any, Any, Any], Any] | None = None
    latex: str = ""
    spellings: tuple[str, ...] = ()

    def __call__(self, argument: Formula) -> Formula:
        """The function of an argument, as a formula."""
        return Apply(self, argument)

    def __repr__(self) -> str:
        return self.name
