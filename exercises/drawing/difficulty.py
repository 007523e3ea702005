"""How hard the numbers of a problem are to work by hand, so that the variants of a roster are alike.

The steps of the variants are the same; what differs is the figures. The measure counts

- for each product, square and quotient of two numbers, the digits of one times those of the other: as many
  one-digit multiplications has the written method. A given number has the digits with which it is typed, a
  computed one those of its rounded value from the first that is not 0;
- SIGN for each negative number that a line starts from: a minus to carry along.

So it is a count of small operations. Exponentials and other functions are looked up or keyed in, and the same
for all variants.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.formula import Formula, Number, Power, Product, Quotient, Symbol, children, leaves

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from exercises.formulas.decimals import Precision
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import StepGraph

Array = Any
SIGN = 3  # so many one-digit multiplications is a minus worth
BAND = 0.04  # variants are this near to the usual difficulty
_LONGEST = 1e15


class Difficulty:
    """Measures the problems of one graph, many at once.

    typed:  given quantities that have the digits with which they are typed, at most two decimals.
    precision: to how many places or figures lines are written.
    """

    def __init__(self, graph: StepGraph, typed: Collection[Quantity], precision: Precision) -> None:
        self.quantities = tuple(sorted((*graph.given, *graph.by_quantity), key=lambda q: q not in typed))
        self._typed = sum(q in typed for q in self.quantities)
        self._precision = precision
        row = {q: i for i, q in enumerate(self.quantities)}
        inner = len(self.quantities)  # the row of whatever is computed on the way
        pairs = [
            tuple(row.get(f.quantity, inner) if isinstance(f, Symbol) else inner for f in pair)
            for step in graph.steps
            for pair in _multiplied(step.formula)
        ]
        self._pairs = np.array(pairs, dtype=int).reshape(-1, 2)
        self._uses = np.zeros(len(self.quantities), dtype=np.int32)
        for step in graph.steps:
            for q in leaves(step.formula):
                self._uses[row[q]] += 1

    def measure(self, values: Mapping[Quantity, Array], which: Array) -> Array:
        """The difficulty of each problem, a whole number; of those at the places `which`, in their order."""
        numbers = np.stack([values[q][which] for q in self.quantities])
        digits = np.empty((len(numbers) + 1, len(which)), dtype=np.int32)
        digits[: self._typed] = _digits_as_typed(numbers[: self._typed])
        asked = self._precision.digits
        computed = np.abs(numbers[self._typed :])
        digits[self._typed : -1] = (
            asked if self._precision.significant else _digits(np.rint(computed * 10.0**asked))
        )
        digits[-1] = asked
        products = (digits[self._pairs[:, 0]] * digits[self._pairs[:, 1]]).sum(axis=0)
        signs = (self._uses[:, None] * (numbers < 0)).sum(axis=0)
        return products + SIGN * signs


def _multiplied(formula: Formula) -> Iterator[tuple[Formula, Formula]]:
    """Every two numbers that are multiplied or divided; constants of a formula are too easy to count."""
    match formula:
        case Product(factors):
            yield from itertools.pairwise(f for f in factors if not isinstance(f, Number))
        case Quotient(over, under) if not isinstance(over, Number):
            yield over, under
        case Power(base, _):
            yield base, base
    for part in children(formula):
        yield from _multiplied(part)


def _digits(whole: Array) -> Array:
    """How many digits whole numbers have; 0 has one."""
    out = np.ones(whole.shape, dtype=np.int32)
    power = 10.0
    while (longer := whole >= power).any() and power < _LONGEST:
        out += longer
        power *= 10.0
    return out


def _digits_as_typed(numbers: Array) -> Array:
    """The digits of numbers with at most two decimals, zeros at the end and in front left out."""
    hundredths = np.rint(np.abs(numbers) * 100)
    tenths, ones = hundredths % 10 == 0, hundredths % 100 == 0
    return _digits(np.where(ones, hundredths / 100, np.where(tenths, hundredths / 10, hundredths)))
