"""Numbers without uncertainty beside the intervals: what the key has, what the sheet has, and what it would have.

The third is a counterfactual. A line is mended by putting in what its own formula gives; what builds on it
follows, each later line keeping its own small rounding. The difference to what was typed is the effect of the
break, and only an effect that can be seen is worth a word. A fourth has the sheet's breaks and no rounding
besides: what it leaves to the typed number is rounding on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.algebras import ArrayAlgebra
from exercises.formulas.formula import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step

Array = Any
NEAR = 1.5  # so many working units from the key are the key's own number, cut off or rounded on the way
DRIFT = 3.0  # so many from the sheet without its breaks are rounding, where a line was done anew
VISIBLE = 0.5  # an effect of less than this share of the last place is none that a person could see


@dataclass(frozen=True, slots=True)
class Point:
    """One line's number worked out from the numbers above it, arrays of shape (n,).

    key:    from the given numbers alone, unrounded.
    had:    from the sheet's own lines, as typed.
    mended: from the same lines, had none of them been wrong.
    exact:  from the given numbers, and as typed the wrong lines and those done anew, unrounded.
    """

    key: Array
    had: Array
    mended: Array
    exact: Array

    def after(self, value: Array, anew: Array) -> Array:
        """What would be typed here had nothing above been wrong; where worked out anew, what is typed."""
        return np.where(anew, value, self.mended + (value - self.had))


class Chains:
    """The chains of numbers over n sheets, line by line."""

    def __init__(self, given: Mapping[Quantity, Array]) -> None:
        self.key: dict[Quantity, Array] = dict(given)
        self.had: dict[Quantity, Array] = dict(given)
        self.mended: dict[Quantity, Array] = dict(given)
        self.exact: dict[Quantity, Array] = dict(given)
        self._algebra = ArrayAlgebra()

    def work_out(self, step: Step, size: int) -> Point:
        """What a line's formula gives in each of them."""
        none = np.zeros(size)  # a formula without quantities, such as a slope of 1, is alike on all sheets
        chains = (self.key, self.had, self.mended, self.exact)
        return Point(*(fold(step.formula, self._algebra, chain.__getitem__) + none for chain in chains))

    def hand_on(self, q: Quantity, point: Point) -> None:
        """Later lines go on with these."""
        self.key[q], self.had[q] = point.key, point.had
        self.mended[q], self.exact[q] = point.mended, point.exact


def visible(effect: Array, place: Array) -> Array:
    """Where an effect can be seen in a number's last place; one that is no number can."""
    return ~(np.abs(effect) < VISIBLE * place)
