"""What is known of n sheets beside what stands on them: what blank lines held, and which lines show a break there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.judging.interval import Interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from exercises.formulas.quantity import Quantity

Array = Any


@dataclass(frozen=True, slots=True)
class Held:
    """What one blank line of one sheet, given by its place among them, is taken to have held: low ≤ number ≤ high."""

    sheet: int
    at: Quantity
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SheetFindings:
    """Arrays of shape (n,); a line that is not in a mapping is one of which nothing is known.

    size:   n.
    held:   between which numbers a blank line is taken to have been; NaN where nothing is known.
    broken: where a line shows a break above it: wrong, though right on what the blank lines held.
    """

    size: int
    held: Mapping[Quantity, Interval] = field(default_factory=dict)
    broken: Mapping[Quantity, Array] = field(default_factory=dict)

    @property
    def numbers(self) -> SheetFindings:
        """What the blank lines held alone: a line that is right on it counts as right."""
        return replace(self, broken={})

    def is_held(self, q: Quantity) -> Array:
        """Where something is known of a blank line, (n,) of bool."""
        known = self.held.get(q)
        return np.zeros(self.size, dtype=bool) if known is None else ~np.isnan(known.lo)

    def holds(self, q: Quantity, sheet: int) -> bool:
        """Whether something is known of a blank line of one sheet."""
        return q in self.held and not np.isnan(self.held[q].lo[sheet])

    def holding(self, more: Iterable[Held]) -> SheetFindings:
        """The same with blank lines that held these numbers."""
        held: dict[Quantity, Interval] = {}
        for one in more:
            if one.at not in held:
                nothing = np.full(self.size, np.nan)
                known = self.held.get(one.at, Interval(nothing, nothing))
                held[one.at] = Interval(known.lo.copy(), known.hi.copy())
            held[one.at].lo[one.sheet], held[one.at].hi[one.sheet] = one.low, one.high
        return replace(self, held={**self.held, **held})

    def without(self, gone: Array) -> SheetFindings:
        """The same with nothing known of some sheets, (n,) of bool."""
        nothing = Interval(np.nan, np.nan)
        return replace(
            self,
            held={q: nothing.where(gone, known) for q, known in self.held.items()},
            broken={q: flags & ~gone for q, flags in self.broken.items()},
        )

    def breaking(self, lines: Iterable[tuple[int, Quantity]]) -> SheetFindings:
        """The same with lines, each of one sheet, that show a break above them."""
        broken: dict[Quantity, Array] = {}
        for sheet, q in lines:
            if q not in broken:
                broken[q] = self.broken[q].copy() if q in self.broken else np.zeros(self.size, dtype=bool)
            broken[q][sheet] = True
        return replace(self, broken={**self.broken, **broken})

    def take(self, index: Array) -> SheetFindings:
        """Those about some of the sheets."""
        return SheetFindings(
            len(index),
            {q: known.take(index) for q, known in self.held.items()},
            {q: flags[index] for q, flags in self.broken.items()},
        )
