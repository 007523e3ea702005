"""Many candidates for one kind of problem, with all their lines, and what is to be known of each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.candidates import Table
from exercises.difficulty import BAND, Difficulty
from exercises.evaluate import evaluate
from exercises.friendly import is_friendly
from exercises.menus import menus
from exercises.tape import Numbers, Tape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exercises.notation import Label
    from exercises.quantity import Quantity
    from exercises.steps import StepGraph

Array = Any
_USUAL = 256  # problems by which it is told what is usual
_ROWS, _BLOCKS = 2048, 16  # looked at to find them


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of n candidates.

    values:     every line, unrounded.
    friendly:   whether they are kind to the hand, (n,) of bool.
    difficulty: how hard those are, (n,) of whole numbers; 0 for the others.
    """

    values: Mapping[Quantity, Array]
    friendly: Array
    difficulty: Array


class Field:
    """Where candidates for one kind of problem come from, and how they are looked at.

    whole:  all the steps, those included that a sheet gives worked out.
    asked:  the steps that a sheet asks for.
    fixed:  given numbers that are not drawn.
    lines:  the lines that stand on a sheet, asked or worked out.
    level:  the usual difficulty; 0 where there are no friendly candidates at all.
    usual:  the given numbers of friendly candidates.
    """

    def __init__(
        self,
        whole: StepGraph,
        asked: StepGraph,
        fixed: Mapping[Quantity, Decimal],
        places: int,
        *,
        positive: bool = False,
    ) -> None:
        self.whole, self.asked, self.fixed, self.places = whole, asked, fixed, places
        self.lines = [q for q in whole.by_quantity if q in asked.known]
        self.table = Table(tuple(menus(asked, {*fixed, *whole.by_quantity}, positive=positive)))
        self._spare = [q for q in whole.given if q not in asked.given and q not in fixed]
        self._tape = Tape(whole)
        self._difficulty = Difficulty(asked, whole.given, places)
        drawn, look = self._some_usual()
        self.level = int(np.sort(look.difficulty)[len(drawn) // 2]) if len(drawn) else 0
        self.usual = self.given(look)

    def look(self, drawn: Array) -> Look:
        """Work out candidates."""
        given = {q: drawn[:, i] / 100 for i, q in enumerate(self.table.quantities)}
        given |= {q: np.full(len(drawn), float(v)) for q, v in self.fixed.items()}
        given |= {q: np.zeros(len(drawn)) for q in self._spare}
        found = Numbers(self._tape, given).value
        values = {q: found[place] for q, place in self._tape.symbols.items()}
        with np.errstate(all="ignore"):
            friendly = is_friendly(self.whole, values, self.lines, self.places) & self.table.differ(drawn)
        which = np.flatnonzero(friendly)
        difficulty = np.zeros(len(drawn), dtype=np.int64)
        difficulty[which] = self._difficulty.measure(values, which)
        return Look(values, friendly, difficulty)

    def is_friendly(self, given: Mapping[Quantity, Decimal], label: Callable[[Quantity], Label]) -> bool:
        """Whether one candidate is friendly in exact decimals. Raises ProblemError where a line has no value."""
        spare = dict.fromkeys(self._spare, Decimal(0))
        values = evaluate(self.whole.steps, spare | dict(given), label)
        return bool(is_friendly(self.whole, values, self.lines, self.places))

    def given(self, look: Look, which: Array | slice = slice(None)) -> dict[Quantity, Array]:
        """What the sheet gives, among it lines that are worked out there."""
        unit, drawn = 10.0**-self.places, set(self.whole.given)
        return {
            q: look.values[q][which] if q in drawn else np.floor(look.values[q][which] / unit + 0.5) * unit
            for q in self.asked.given
        }

    def off(self, look: Look) -> Array:
        """How far from the usual difficulty friendly candidates are; infinitely far for others."""
        return np.where(look.friendly, np.abs(look.difficulty - self.level), np.inf)

    def good(self, look: Look) -> Array:
        """Where candidates are friendly and near enough to the usual difficulty."""
        return self.off(look) <= BAND * self.level

    def _some_usual(self) -> tuple[Array, Look]:
        """Friendly candidates, the same whatever is drawn afterwards."""
        found: list[Array] = []
        for block in range(_BLOCKS):
            drawn = self.table.draw([f"usual {block}"], _ROWS)
            found.append(drawn[self.look(drawn).friendly])
            if sum(map(len, found)) >= _USUAL:
                break
        drawn = np.concatenate(found)[:_USUAL]
        return drawn, self.look(drawn)
