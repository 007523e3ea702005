"""Two expressions compared term by term and factor by factor: what is missing, and what does not belong.

A factor is known by its values at random points, so that it may be written in any equal form.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.formula import ONE, Formula, Negative, Product, Quotient, Sum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FEW = 3  # differences that a sentence can name


@dataclass
class FactorComparison:
    """Compares expressions.

    at_points: a formula's values at the points.
    written:   how a factor is written in a sentence.
    """

    at_points: Callable[[Formula], Any]
    written: Callable[[Formula], str]
    _formulas: dict[bytes, Formula] = field(default_factory=dict)

    def compare(self, right: Formula, formula: Formula) -> str:
        """Which factors are missing, extra or repeated, or that a path is; empty where too much differs."""
        expected, given = self.terms(right), self.terms(formula)
        if len(given) < len(expected):
            return f"This has {len(given)} of {len(expected)} paths; every way from E down to here is a term of the sum."
        if len(given) > len(expected):
            return ""
        for term in list(expected):
            if len(given) > 1 and term in given:
                expected.remove(term)
                given.remove(term)
        if len(given) > 1:
            return ""
        if given == expected and isinstance(formula, Sum):
            return "The sign of a term is turned round."
        return self._difference(expected[0], given[0])

    def _difference(self, expected: Counter[bytes], given: Counter[bytes]) -> str:
        missing, extra = expected - given, given - expected
        parts = [f"the factor {self._told(f)} is missing" for f in missing]
        parts += [
            f"the factor {self._told(f)} {'stands there twice' if f in expected else 'does not belong'}"
            for f in extra
        ]
        said = "; ".join(parts)
        return f"{said[0].upper()}{said[1:]}." if 0 < len(parts) <= FEW else ""

    def terms(self, formula: Formula) -> list[Counter[bytes]]:
        """The terms of a sum, each as its factors."""
        if isinstance(formula, Negative):
            formula = formula.of
        if _is_of_products(formula):
            return [self.terms(t)[0] for t in formula.terms]  # type: ignore[attr-defined]
        parts = list(_factors(formula))
        sums = [p for p in parts if _is_of_products(p)]
        rest = Counter(self._key(p) for p in parts if p not in sums)
        return [rest + inner for inner in self.terms(sums[0])] if len(sums) == 1 else [rest]

    def _key(self, formula: Formula) -> bytes:
        """A factor up to its sign, by its values."""
        key = bytes(np.round(np.abs(self.at_points(formula)), 9).tobytes())
        self._formulas[key] = formula
        return key

    def _told(self, key: bytes) -> str:
        return self.written(self._formulas[key])


def _is_of_products(formula: Formula) -> bool:
    """Whether it is a sum over paths, and not a factor such as 1 − y."""
    return isinstance(formula, Sum) and all(isinstance(t, (Product, Negative)) for t in formula.terms)


def _factors(formula: Formula) -> Iterator[Formula]:
    """The factors of a product, with one over each factor that stands below a line."""
    match formula:
        case Product(factors):
            for factor in factors:
                yield from _factors(factor)
        case Quotient(over, under):
            yield from _factors(over)
            yield from (Quotient(ONE, part) for part in _factors(under))
        case Negative(of):
            yield from _factors(of)
        case _:
            yield formula
