"""Many candidates for one kind of problem, with all their lines, and what is to be known of each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.drawing.candidates import Table
from exercises.drawing.difficulty import BAND, Difficulty
from exercises.drawing.friendly import is_friendly
from exercises.drawing.value_ranges import value_ranges
from exercises.formulas.last_places import half_up, last_places
from exercises.networks.evaluate import evaluate
from exercises.networks.vectorised import NodeNumbers, VectorisedFormulas

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exercises.formulas.decimals import Precision
    from exercises.formulas.label import Label
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import StepGraph

Array = Any
_USUAL = 256  # problems by which it is told what is usual
_ROWS, _BLOCKS = 2048, 16  # looked at to find them


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """What is known of n candidates.

    values:     every line, unrounded.
    friendly:   whether they are kind to the hand, (n,) of bool.
    difficulty: how hard those are, (n,) of whole numbers; 0 for the others.
    """

    values: Mapping[Quantity, Array]
    friendly: Array
    difficulty: Array


class CandidateLines:
    """Where candidates for one kind of problem come from, and how they are looked at.

    whole:  all the steps, those included that a sheet gives worked out.
    asked:  the steps that a sheet asks for.
    fixed:  given numbers that are not drawn.
    lines:  the lines that stand on a sheet, asked or worked out.
    level:  the usual difficulty; 0 where there are no friendly candidates at all.
    usual:  the given numbers of friendly candidates.
    """

    def __init__(  # noqa: PLR0913 - what is drawn, and from what
        self,
        whole: StepGraph,
        asked: StepGraph,
        fixed: Mapping[Quantity, Decimal],
        precision: Precision,
        *,
        positive: bool = False,
        halves: bool = False,
    ) -> None:
        self.whole, self.asked, self.fixed, self.precision = whole, asked, fixed, precision
        self.lines = [q for q in whole.by_quantity if q in asked.known]
        settled = {*fixed, *whole.by_quantity}
        self.table = Table(tuple(value_ranges(asked, settled, positive=positive, halves=halves)))
        self._spare = [q for q in whole.given if q not in asked.given and q not in fixed]
        self._tape = VectorisedFormulas(whole)
        self._difficulty = Difficulty(asked, whole.given, precision)
        drawn, look = self._some_usual()
        self.level = int(np.sort(look.difficulty)[len(drawn) // 2]) if len(drawn) else 0
        self.usual = self.given(look)

    def look(self, drawn: Array) -> CandidateFacts:
        """Work out candidates."""
        given = {q: drawn[:, i] / 100 for i, q in enumerate(self.table.quantities)}
        given |= {q: np.full(len(drawn), float(v)) for q, v in self.fixed.items()}
        given |= {q: np.zeros(len(drawn)) for q in self._spare}
        found = NodeNumbers(self._tape, given).value
        values = {q: found[place] for q, place in self._tape.symbols.items()}
        with np.errstate(all="ignore"):
            friendly = is_friendly(self.whole, values, self.lines, self.precision) & self.table.differ(drawn)
        which = np.flatnonzero(friendly)
        difficulty = np.zeros(len(drawn), dtype=np.int64)
        difficulty[which] = self._difficulty.measure(values, which)
        return CandidateFacts(values, friendly, difficulty)

    def is_friendly(self, given: Mapping[Quantity, Decimal], label: Callable[[Quantity], Label]) -> bool:
        """Whether one candidate is friendly in exact decimals. Raises ProblemError where a line has no value."""
        spare = dict.fromkeys(self._spare, Decimal(0))
        values = evaluate(self.whole.steps, spare | dict(given), label)
        return bool(is_friendly(self.whole, values, self.lines, self.precision))

    def given(self, look: CandidateFacts, which: Array | slice = slice(None)) -> dict[Quantity, Array]:
        """What the sheet gives, among it lines that are worked out there."""
        unit, drawn = last_places([self.precision]), set(self.whole.given)
        return {
            q: look.values[q][which] if q in drawn else half_up(look.values[q][which], unit)
            for q in self.asked.given
        }

    def off(self, look: CandidateFacts) -> Array:
        """How far from the usual difficulty friendly candidates are; infinitely far for others."""
        return np.where(look.friendly, np.abs(look.difficulty - self.level), np.inf)

    def good(self, look: CandidateFacts) -> Array:
        """Where candidates are friendly and near enough to the usual difficulty."""
        return self.off(look) <= BAND * self.level

    def _some_usual(self) -> tuple[Array, CandidateFacts]:
        """Friendly candidates, the same whatever is drawn afterwards."""
        found: list[Array] = []
        for block in range(_BLOCKS):
            drawn = self.table.draw([f"usual {block}"], _ROWS)
            found.append(drawn[self.look(drawn).friendly])
            if sum(map(len, found)) >= _USUAL:
                break
        drawn = np.concatenate(found)[:_USUAL]
        return drawn, self.look(drawn)
