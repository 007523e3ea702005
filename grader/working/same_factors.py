"""The parts of a formula, what each may be written as, and which written part can stand for which.

A quantity may be written as it is or as what it is made of: δ₃ as (∂E/∂y₃)(∂y₃/∂a₃) or as W₃₅·δ₅·y₃(1 − y₃). Parts
are compared as letters where both are letters, and otherwise by what their numbers may stand for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, islice
from itertools import product as choices
from typing import TYPE_CHECKING

import numpy as np

from exercises.formulas.formula import (
    ONE,
    Formula,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
    Symbol,
    negative,
    product,
    total,
)
from grader.judging.interval import Interval
from grader.working.chain_of_working import span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from exercises.formulas.last_places import Unit
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import StepGraph

MAX_FORMS = 40  # ways of writing a formula that are looked at
MAX_PARTS = 20  # factors or terms that are compared
_DEPTH = 3  # steps back to which a factor is taken apart
_SHARP = 0.2  # a number known more coarsely than this share of itself proves nothing


@dataclass(frozen=True, slots=True)
class OwnNumbers:
    """What a student has, for comparing links.

    graph: the steps.
    box:   every number that a quantity may stand for.
    unit:  the unit to which the sheet is written.
    """

    graph: StepGraph
    box: Callable[[Quantity], Interval]
    unit: Unit
    _kept: dict[Formula, Interval] = field(default_factory=dict, compare=False, repr=False)

    def value(self, formula: Formula) -> Interval:
        """Every value that a formula can stand for."""
        if formula not in self._kept:
            self._kept[formula] = span(formula, self.box, self.unit)
        return self._kept[formula]


def forms_of(formula: Formula, graph: StepGraph) -> Iterator[Formula]:
    """A formula, and the same with quantities replaced by what they are made of, where that is a product."""
    return islice(_forms(formula, graph, _DEPTH), MAX_FORMS)


def _forms(formula: Formula, graph: StepGraph, depth: int) -> Iterator[Formula]:
    match formula:
        case Symbol(quantity):
            yield formula
            made = graph.by_quantity.get(quantity)
            if depth and made is not None and _splits(made.formula):
                yield from _forms(made.formula, graph, depth - 1)
        case Negative(of):
            yield from (negative(f) for f in _forms(of, graph, depth))
        case Product(factors):
            every = [list(islice(_forms(f, graph, depth), MAX_FORMS)) for f in factors]
            yield from (product(chosen) for chosen in choices(*every))
        case Sum(terms):
            every = [list(islice(_forms(t, graph, depth), MAX_FORMS)) for t in terms]
            for i in range(max(map(len, every))):  # all terms taken apart alike, as people do
                yield total([ways[min(i, len(ways) - 1)] for ways in every])
        case _:
            yield formula


def _splits(formula: Formula) -> bool:
    """Whether a factor may be written as a formula's own factors, or as its sum over paths."""
    plain = formula.of if isinstance(formula, Negative) else formula
    if isinstance(plain, Sum):
        return all(isinstance(term, Symbol) for term in plain.terms)
    return isinstance(plain, Product)


def factors_of(formula: Formula) -> tuple[int, list[Formula]]:
    """The sign and the factors of a formula; a divisor is a factor 1/n, and a factor of 1 is none."""
    match formula:
        case Negative(of):
            sign, parts = factors_of(of)
            return -sign, parts
        case Product(factors):
            every = [factors_of(f) for f in factors]
            return int(np.prod([s for s, _ in every])), list(chain.from_iterable(p for _, p in every))
        case Quotient(over, under):
            sign, above = factors_of(over)
            turned, below = factors_of(under)
            return sign * turned, [*above, *(_inverse(f) for f in below)]
        case Number(value) if value == 1:
            return 1, []
    return 1, [formula]


def _inverse(formula: Formula) -> Formula:
    """One over a factor; of a whole number the fraction, as in a loss that begins with ½."""
    if isinstance(formula, Number) and formula.value and formula.value.denominator == 1:
        return Number(Fraction(1) / formula.value)
    return Quotient(ONE, formula)


def same(one: Formula, other: Formula, own: OwnNumbers) -> bool:
    """Whether one factor can stand for another, signs aside: the same letter, or a number that it may be."""
    if one == other:
        return True
    if isinstance(one, Symbol) and isinstance(other, Symbol):
        return False
    a, b = own.value(one), own.value(other)
    return sharp(a) and sharp(b) and (meet(a, b) or meet(a, Interval(-b.hi, -b.lo)))


def meet(one: Interval, other: Interval) -> bool:
    """Whether two values may be the same; false where one is unknown."""
    return finite(one) and finite(other) and bool(one.contains(other))


def finite(value: Interval) -> bool:
    """Whether a value is known at all."""
    return bool(np.isfinite(value.lo) and np.isfinite(value.hi))


def sharp(value: Interval) -> bool:
    """Whether a value is known well enough to prove anything."""
    return finite(value) and bool(value.radius <= _SHARP * abs(value.mid))


class Match:
    """Which of the given parts can stand for which of the wanted ones."""

    def __init__(
        self, given: Sequence[Formula], wanted: Sequence[Formula], same: Callable[[Formula, Formula], bool]
    ) -> None:
        self.same = same
        self.alike = [[same(one, other) for other in wanted] for one in given]
        self.strangers = [i for i, row in enumerate(self.alike) if not any(row)]

    def perfect(self, skip_given: int = -1, skip_wanted: int = -1) -> bool:
        """Whether all others can be paired off, each with one that it can stand for."""
        if any(i != skip_given for i in self.strangers):
            return False
        owner: dict[int, int] = {}

        def placed(i: int, tried: set[int]) -> bool:
            for j, fits in enumerate(self.alike[i]):
                if fits and j != skip_wanted and j not in tried:
                    tried.add(j)
                    if j not in owner or placed(owner[j], tried):
                        owner[j] = i
                        return True
            return False

        return all(placed(i, set()) for i in range(len(self.alike)) if i != skip_given)


def is_form(link: Formula, formula: Formula, own: OwnNumbers) -> bool:
    """Whether a link is nothing but this formula, with its letters or numbers, taken apart or not."""

    def alike(term: Formula, of_form: Formula) -> bool:
        return _alike(term, of_form, own)

    with np.errstate(all="ignore"):
        for form in forms_of(formula, own.graph):
            one, other = (f.terms if isinstance(f, Sum) else (f,) for f in (link, form))
            if len(one) == len(other) <= MAX_PARTS and Match(one, other, alike).perfect():
                return True
    return False


def _alike(term: Formula, form: Formula, own: OwnNumbers) -> bool:
    """Whether two terms have the same value and the same factors."""
    (_, given), (_, wanted) = factors_of(term), factors_of(form)
    if not len(given) == len(wanted) <= MAX_PARTS or not meet(own.value(term), own.value(form)):
        return False
    return Match(given, wanted, lambda a, b: same(a, b, own)).perfect()
