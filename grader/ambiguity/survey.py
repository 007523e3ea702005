"""Every mistake that could be made in an exercise, laid out to be looked at on many problems at once.

Two wrong formulas of one line may be the same in other words: half of (t − y)², halved again, and (½(t − y))².
No numbers tell them apart. They are found by working out all formulas on a few sheets of arbitrary numbers.
"""

from __future__ import annotations

from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.drawing.candidates import RandomWords
from exercises.formulas.quantity import QuantityKind
from exercises.networks.losses import OF_SHARES
from exercises.networks.vectorised import NodeNumbers, VectorisedFormulas
from grader.mistakes.hypotheses import hypotheses

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import StepGraph
    from grader.mistakes.hypotheses import Hypothesis

Array = Any
_SHEETS = 96  # of arbitrary numbers: enough for any sum to be now above 0 and now below
_SAME = 1e-9  # relatively nearer than this on all of them are formulas that say the same
GENERATED = "X-"
Instance = tuple["Quantity", str]  # a line, and the name of a mistake made there


def instance(h: Hypothesis) -> Instance:
    """The line and the name of a mistake."""
    return h.step.quantity, h.mistake.name


class Survey:
    """The hypotheses of all asked lines of one graph.

    known:      the hypotheses, line by line.
    rows:       for each asked line the place of its hypotheses in `known`.
    tape:       the lines and the hypotheses, to be worked out together.
    lines:      the lines alone.
    roots:      where on the tape each hypothesis stands.
    own:        where on the tape the right formula of each hypothesis' line stands.
    catalogued: which hypotheses are in the catalogue; the others come from operators on the formula.
    """

    def __init__(self, graph: StepGraph) -> None:
        self.graph = graph
        known: list[Hypothesis] = []
        self.rows: dict[Quantity, range] = {}
        for step in graph.asked_steps:
            start = len(known)
            known += hypotheses(step, graph)
            self.rows[step.quantity] = range(start, len(known))
        self.known = tuple(known)
        self.tape = VectorisedFormulas(graph, [h.formula for h in known])
        self.lines = VectorisedFormulas(graph)
        self.roots = np.array(self.tape.roots, dtype=int)
        self.own = np.array([self.tape.lines[h.step.quantity][0] for h in known], dtype=int)
        self.catalogued = np.array([not h.mistake.code.startswith(GENERATED) for h in known], dtype=bool)

    @cached_property
    def _arbitrary(self) -> tuple[Array, Array]:
        """The wrong and the right values on sheets of arbitrary numbers."""
        given: dict[Quantity, Array] = {}
        words = RandomWords.of(["arbitrary"], _SHEETS, 2 * len(self.graph.given))
        for q in self.graph.given:
            size = 0.1 + words.below(1_000_003) / 1_250_000
            minus = words.below(2) == 0
            positive = q.kind in (QuantityKind.TARGET, QuantityKind.RATE, QuantityKind.SECOND_MOMENT)
            given[q] = np.where(minus & (not positive), -size, size)
        if self.graph.targets_sum_to_one and self.graph.network.loss in OF_SHARES:
            for run in {q.example for q in given}:
                targets = [q for q in given if q.kind is QuantityKind.TARGET and q.example == run]
                whole = sum(given[q] for q in targets)
                given |= {q: given[q] / whole for q in targets}
        found = NodeNumbers(self.tape, given).value
        return found[self.roots], found[self.own]

    @cached_property
    def never_shown(self) -> Array:
        """Which hypotheses come to the right value whatever the numbers are, bool."""
        wrong, right = self._arbitrary
        return _same(wrong, right)

    @cached_property
    def ways(self) -> dict[Instance, frozenset[int]]:
        """The hypotheses of each mistake that can show at a line: one for each way in which it can be made."""
        out: dict[Instance, set[int]] = {}
        for place in np.flatnonzero(~self.never_shown).tolist():
            out.setdefault(instance(self.known[place]), set()).add(place)
        return {name: frozenset(places) for name, places in out.items()}

    @cached_property
    def pairs(self) -> Array:
        """Every two mistakes of different names at one line, as an array (pairs, 2) of places in `known`."""
        names = [h.mistake.name for h in self.known]
        found = [
            p for rows in self.rows.values() for p in combinations(rows, 2) if names[p[0]] != names[p[1]]
        ]
        return np.array(found, dtype=int).reshape(-1, 2)

    @cached_property
    def always_alike(self) -> Array:
        """Which of the pairs come to the same value whatever the numbers are, bool."""
        wrong, _ = self._arbitrary
        return _same(wrong[self.pairs[:, 0]], wrong[self.pairs[:, 1]])

    @cached_property
    def twins(self) -> Array:
        """Which hypotheses say the same as another mistake in other words, bool."""
        out = np.zeros(len(self.known), dtype=bool)
        out[self.pairs[self.always_alike]] = True
        return out


def _same(one: Array, other: Array) -> Array:
    """Where values agree on all sheets on which there are any."""
    with np.errstate(invalid="ignore"):
        near = np.abs(one - other) <= _SAME * (np.abs(one) + np.abs(other) + 1e-3)
    return (near | (~np.isfinite(one) & ~np.isfinite(other))).all(axis=-1)
