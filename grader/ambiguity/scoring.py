"""How badly numbers tell mistakes apart, for very many candidates: quickly, and so not in intervals.

How far correct work may stray on a line, and a wrong formula be off, is taken from usual problems of the same
kind. What is chosen by this is looked at in earnest by `coincidences`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.last_places import half_up, last_places, unit_at
from exercises.networks.vectorised import NodeNumbers
from grader.ambiguity.enclosures import Enclosures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.formulas.decimals import Precision
    from exercises.formulas.last_places import Unit
    from exercises.formulas.quantity import Quantity
    from grader.ambiguity.survey import Survey

Array = Any
HIDDEN, HIDDEN_GENERATED, ALIKE, ALIKE_GENERATED = 1000, 300, 3, 1
_FOR_RANGES = 48  # usual problems from which ranges are taken
_STRAYS = 0.9  # of them correct work strays no further
_WIDTH = 0.6  # of them a wrong formula gives no wider an interval
_BESIDE = 0.75  # units that rounding the number itself may add
_PRONE = 3.0  # pairs never nearer than so many times the least distance on usual problems are left out
_BLOCK, _BATCH = 64, 512  # pairs and problems at a time: what fits the processor's cache
_FAR = 1e9


class QuickScorer:
    """Counts, for each problem, what would be hidden and what alike; whole numbers, 0 is best.

    serious: the score of a mistake that would be hidden.
    """

    serious = HIDDEN_GENERATED

    def __init__(self, survey: Survey, precision: Precision, usual: Mapping[Quantity, Array]) -> None:
        self._survey, self._precision = survey, precision
        self._type = np.float32 if precision.digits <= 6 else np.float64  # noqa: PLR2004 - 24 bits hold so many
        few = {q: v[:_FOR_RANGES] for q, v in usual.items()}
        self._hidden = self._strays(few)[:, None]
        width, unit = self._widths(few), self._units(few)
        values, _ = self._values(usual)
        pairs = survey.pairs[~survey.always_alike]
        least = np.maximum(width[pairs[:, 0]], width[pairs[:, 1]]) + _BESIDE * unit[pairs[:, 0]]
        prone = np.zeros(len(pairs), dtype=bool)
        for start in range(0, len(pairs), _BLOCK):
            part = pairs[start : start + _BLOCK]
            with np.errstate(invalid="ignore"):
                apart = np.fmin.reduce(np.abs(values[part[:, 0]] - values[part[:, 1]]), axis=1)
            prone[start : start + _BLOCK] = apart <= _PRONE * least[start : start + _BLOCK]
        both = survey.catalogued[pairs].all(axis=1)
        self._classes = [
            (weight, pairs[prone & which], least[prone & which, None].astype(self._type))
            for weight, which in ((ALIKE, both), (ALIKE_GENERATED, ~both))
        ]

    def _unit(self, given: Mapping[Quantity, Array]) -> Unit:
        return last_places([self._precision] * len(next(iter(given.values()))))

    def _units(self, given: Mapping[Quantity, Array]) -> Array:
        """For each hypothesis what the last place of its line is usually worth."""
        right, unit = NodeNumbers(self._survey.lines, given).value, self._unit(given)
        out = np.zeros(len(self._survey.known))
        for q, rows in self._survey.rows.items():
            own = unit_at(unit, right[self._survey.lines.lines[q][0]])
            out[rows] = np.sort(own)[len(own) // 2]
        return out

    def _strays(self, given: Mapping[Quantity, Array]) -> Array:
        """For each hypothesis how far correct work may stray on its line, and a unit more."""
        survey, unit = self._survey, self._unit(given)
        right = NodeNumbers(survey.lines, given).value
        by_key = Enclosures(survey.lines, given, {}, unit)
        out = np.zeros(len(survey.known))
        for q, rows in survey.rows.items():
            place = survey.lines.lines[q][0]
            reach = np.maximum(by_key.hi[place] - right[place], right[place] - by_key.lo[place])
            out[rows] = _share(reach[None], _STRAYS)[0]
        return out + self._units(given)

    def _widths(self, given: Mapping[Quantity, Array]) -> Array:
        """For each hypothesis how far its interval reaches from its middle."""
        survey, unit = self._survey, self._unit(given)
        right = NodeNumbers(survey.lines, given).value
        typed = {q: half_up(right[survey.lines.lines[q][0]], unit) for q in survey.graph.asked}
        found = Enclosures(survey.tape, given, typed, unit).at(survey.roots)
        return _share(np.nan_to_num(np.minimum(found.radius, _FAR), nan=_FAR), _WIDTH)

    def _values(self, given: Mapping[Quantity, Array]) -> tuple[Array, Array]:
        """The wrong values and the right ones."""
        found = NodeNumbers(self._survey.tape, given).value
        return found[self._survey.roots], found[self._survey.own]

    def __call__(self, given: Mapping[Quantity, Array]) -> Array:
        """The score of each problem."""
        count = len(next(iter(given.values())))
        parts = [
            self._batch({q: v[start : start + _BATCH] for q, v in given.items()})
            for start in range(0, count, _BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def _batch(self, given: Mapping[Quantity, Array]) -> Array:
        with np.errstate(all="ignore"):
            wrong, right = self._values(given)
            hidden = np.abs(wrong - right) <= self._hidden
            known = self._survey.catalogued
            out = HIDDEN * hidden[known].sum(axis=0) + HIDDEN_GENERATED * hidden[~known].sum(axis=0)
            wrong = wrong.astype(self._type)
            for weight, pairs, least in self._classes:
                for start in range(0, len(pairs), _BLOCK):
                    part = pairs[start : start + _BLOCK]
                    apart = np.abs(wrong[part[:, 0]] - wrong[part[:, 1]])
                    alike = (apart <= least[start : start + _BLOCK]).view(np.uint8)
                    out += weight * np.add.reduce(alike, axis=0, dtype=np.uint8)
        return out


def _share(values: Array, share: float) -> Array:
    """For each row the value that `share` of the row does not exceed."""
    return np.sort(values, axis=1)[:, min(int(share * values.shape[1]), values.shape[1] - 1)]
