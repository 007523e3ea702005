"""Many sheets of one exercise shape as arrays: what was typed, to which place, and which numbers were given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.last_places import LastPlaces, last_places, tens
from grader.answers.numbers import Typed, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from exercises.formulas.decimals import Precision
    from exercises.formulas.last_places import Unit
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import StepGraph
    from grader.answers.read_sheet import ReadAnswer

Array = Any
_STOCK = 6  # so many equal answers, and a fifth of the sheet, are no coincidence
_COARSEST = 10.0  # one place less than asked is a way of working
_COARSER = 100.0  # so are two where nearly all lines show it; still fewer are judged line by line
_TENTH = 0.1  # whole numbers alone are no way of working to places
_SHOWN = 5  # so many lines show a way of working
_NEARLY = 0.9  # "nearly all" lines: so large a share of them


@dataclass(frozen=True)
class SheetBatch:
    """n sheets that share a graph of steps; each may have numbers of its own.

    graph:      the steps.
    given:      every given quantity's value, arrays of shape (n,).
    value:      what was typed on each line, (n,); NaN where nothing readable stands.
    unit:       what one step in the last typed place is worth, (n,).
    unreadable: where something stands that is no number, (n,) of bool.
    asked:      the unit of the places or figures asked for, (n,).
    """

    graph: StepGraph
    given: Mapping[Quantity, Array]
    value: Mapping[Quantity, Array]
    unit: Mapping[Quantity, Array]
    unreadable: Mapping[Quantity, Array]
    asked: Unit

    @property
    def size(self) -> int:
        """How many sheets there are."""
        return len(self.asked)

    def working_unit(self) -> Unit:
        """The unit to which each sheet is taken to be worked: its usual one, or that nearest to the one asked.

        One place less is believed of any sheet, two where nearly all of its lines show no more; one figure less.
        """
        if not isinstance(self.asked, LastPlaces):
            return self._worked(self.asked)
        fewest = np.maximum(self.asked.figures - 1, 1)
        return LastPlaces(self._worked(self.asked.unit), np.maximum(self.usual_unit().figures, fewest))

    def _worked(self, asked: Array) -> Array:
        """The same for decimal places."""
        exponents = self._exponents()
        coarser = np.maximum(asked, np.minimum(_COARSER * asked, _TENTH))
        with np.errstate(invalid="ignore"):
            few = (exponents >= np.round(np.log10(coarser))).sum(axis=0)
        believed = few >= np.maximum(_SHOWN, _NEARLY * (~np.isnan(exponents)).sum(axis=0))
        coarsest = np.where(believed, np.maximum(coarser, _COARSEST * asked), _COARSEST * asked)
        return np.minimum(self._usual(exponents, asked), coarsest)

    def usual_unit(self) -> Unit:
        """The unit of most lines of each sheet, the finer on a tie.

        Zeros are left out, and a number that stands on line after line, since they say nothing of how a sheet was
        rounded. Without any other number it is the unit that was asked for.
        """
        exponents, asked = self._exponents(), self.asked
        if not isinstance(asked, LastPlaces):
            return self._usual(exponents, asked)
        values = np.stack([self.value[s.quantity] for s in self.graph.steps])
        with np.errstate(divide="ignore", invalid="ignore"):
            lacking = exponents - np.floor(np.log10(np.abs(values))) - 1  # the fewer figures the more
        figures = -self._most(lacking) + 0 * asked.figures
        return LastPlaces(
            self._usual(exponents, asked.unit), np.where(np.isnan(figures), asked.figures, figures)
        )

    def _exponents(self) -> Array:
        """The power of ten of the last place of each line, (lines, n); NaN where no number but 0 stands."""
        values = np.stack([self.value[s.quantity] for s in self.graph.steps])
        units = np.stack([self.unit[s.quantity] for s in self.graph.steps])
        with np.errstate(divide="ignore", invalid="ignore"):
            exponents = np.round(np.log10(units))
        return np.where(np.isnan(values) | (values == 0) | (values == self.stock), np.nan, exponents)

    def _usual(self, exponents: Array, asked: Array) -> Array:
        """The unit of most lines."""
        best = self._most(exponents)
        return np.where(np.isnan(best), asked, tens(best))

    def _most(self, exponents: Array) -> Array:
        """What most lines of each sheet have, the least on a tie; NaN where there are none."""
        best, count = np.full(self.size, np.nan), np.zeros(self.size)
        for exponent in np.unique(exponents[~np.isnan(exponents)]):
            seen = (exponents == exponent).sum(axis=0)
            better = seen > count
            best, count = np.where(better, exponent, best), np.where(better, seen, count)
        return best

    @cached_property
    def stock(self) -> Array:
        """A number that stands on line after line of a sheet, (n,); NaN where there is none.

        Who writes the same number everywhere has later lines come out right by nothing but repetition.
        """
        values = np.sort(np.stack([self.value[s.quantity] for s in self.graph.steps]), axis=0)
        answered = (~np.isnan(values)).sum(axis=0)
        span = np.maximum(_STOCK, answered // 5)
        out = np.full(self.size, np.nan)
        for length in np.unique(span[answered > span]):
            same = (
                values[length - 1 :] == values[: len(values) - length + 1]
            )  # sorted: a run of equal numbers
            found = same.any(axis=0) & (span == length)
            out = np.where(found, values[np.argmax(same, axis=0), np.arange(self.size)], out)
        return out

    def take(self, index: Array) -> SheetBatch:
        """Some of the sheets."""
        return SheetBatch(
            self.graph,
            {q: v[index] for q, v in self.given.items()},
            {q: v[index] for q, v in self.value.items()},
            {q: v[index] for q, v in self.unit.items()},
            {q: v[index] for q, v in self.unreadable.items()},
            self.asked[index],
        )


def gather(
    graph: StepGraph,
    given: Sequence[Mapping[Quantity, Decimal]],
    answers: Sequence[Mapping[Quantity, ReadAnswer]],
    asked: Sequence[Precision],
) -> SheetBatch:
    """Sheets from the given values, read answers and what precision each student is asked for."""
    n = len(answers)
    value, unit, unreadable = {}, {}, {}
    for step in graph.steps:
        q = step.quantity
        values, units, bad = np.full(n, np.nan), np.full(n, np.nan), np.zeros(n, dtype=bool)
        for i, sheet in enumerate(answers):
            answer = sheet.get(q)
            if isinstance(answer, Typed):
                values[i], units[i] = float(answer.value), float(answer.unit)
            elif isinstance(answer, Unreadable):
                bad[i] = True
        value[q], unit[q], unreadable[q] = values, units, bad
    fixed = {q: np.array([float(g[q]) for g in given]) for q in graph.given}
    return SheetBatch(graph, fixed, value, unit, unreadable, last_places(asked))
