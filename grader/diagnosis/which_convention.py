"""Under which convention each of many sheets is best read, and which lines alone show it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.quantity import Link, QuantityKind
from grader.judging.judge import judge
from grader.judging.student_conventions import Convention, combined, conventions
from grader.judging.verdict import Verdict

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.judging.verdict import Judgement

Array = Any
ENOUGH = 2  # a convention must do away with at least this many wrong lines, or with all of them


@dataclass(frozen=True, slots=True)
class FollowedConvention:
    """How one sheet is best read.

    convention: the other convention that it follows; None for the problem's own.
    alone:      each line that is the only one to show something in which that differs.
    """

    convention: Convention | None = None
    alone: frozenset[Quantity] = frozenset()


@dataclass(frozen=True, slots=True)
class _Trial:
    """Which lines, (lines, m), are wrong under a convention on m of the sheets."""

    convention: Convention
    index: Array
    wrong: Array


def read(judged: Judgement) -> list[FollowedConvention]:
    """The best reading of each of n sheets that were judged under the problem's own convention."""
    search = _Search(judged)
    index = np.flatnonzero(search.fewest)
    if index.size:
        known = conventions(judged.sheets.graph)
        search.demand()
        for convention in known:
            search.attempt(convention, index)
        index = index[search.is_open(index)]
    if index.size:
        search.demand()
        for convention in combined(judged.sheets.graph) if known else ():
            search.attempt(convention, index)
    return [search.reading(sheet) for sheet in range(judged.sheets.size)]


class _Search:
    """The conventions that were tried, and the best of them for each sheet."""

    def __init__(self, judged: Judgement) -> None:
        steps = judged.sheets.graph.steps
        self.judged = judged
        self.wrong = judged.verdicts() == Verdict.WRONG
        self.deltas = np.array([s.quantity.kind is QuantityKind.DELTA for s in steps])
        self.beyond = np.array(
            [s.link is not Link.LOSS for s in steps]
        )  # the losses alone make no convention
        self.fewest = judged.count_wrong()
        self.left = self.fewest
        self.which = np.full(judged.sheets.size, -1)
        self.trials: list[_Trial] = []

    def demand(self) -> None:
        """Whatever is tried next must do away with enough of the wrong lines that are left."""
        self.left = np.maximum(self.fewest - (ENOUGH - 1), 1)

    def attempt(self, convention: Convention, index: Array) -> None:
        """Judge some sheets under another convention, and note where it is the best so far."""
        part = replace(self.judged.sheets.take(index), graph=convention.graph)
        trial = _Trial(convention, index, judge(part).verdicts() == Verdict.WRONG)
        count, was = trial.wrong.sum(axis=0), self.wrong[:, index]
        shows = self.deltas if convention.turns_deltas else self.beyond
        mended = (was & ~trial.wrong)[shows].any(axis=0)
        # a line that is right as the sheet states it stays right
        spoils = (trial.wrong & self.judged.right[:, index]).any(axis=0)
        better = (count < self.left[index]) & mended & ~spoils
        self.which[index[better]] = len(self.trials)
        self.fewest[index] = np.where(better, count, self.fewest[index])
        self.left[index] = np.where(better, count, self.left[index])
        self.trials.append(trial)

    def is_open(self, index: Array) -> Array:
        """Where two differences at once may do better than one: they show in the first δ that is written, or in most.

        Sparse sheets need the first, since what follows from it may look right; the others are for a slope near 1.
        """
        if not self.deltas.any():
            return np.zeros(index.size, dtype=bool)
        steps = self.judged.sheets.graph.steps
        lines = [s.quantity for s, delta in zip(steps, self.deltas, strict=True) if delta]
        written = ~np.stack([self.judged.lines[q].blank[index] for q in lines])
        wrong = self.wrong[self.deltas][:, index]
        first = wrong[np.argmax(written, axis=0), np.arange(index.size)]
        most = 2 * wrong.sum(axis=0) >= np.maximum(written.sum(axis=0), 1)
        return (first | most) & (self.fewest[index] > 0)

    def reading(self, sheet: int) -> FollowedConvention:
        """The best reading of a sheet."""
        if self.which[sheet] < 0:
            return FollowedConvention()
        best = self.trials[self.which[sheet]]
        wrong, lines = self.of(best, sheet), list(self.judged.lines)
        simpler = [
            self.of(t, sheet) for t in self.trials if best.convention.differs_by_one_more(t.convention)
        ]
        alone = set()
        for without in simpler or [self.wrong[:, sheet]]:
            shown = np.flatnonzero(without & ~wrong)
            if shown.size == 1:
                alone.add(lines[shown[0]])
        return FollowedConvention(best.convention, frozenset(alone))

    @staticmethod
    def of(trial: _Trial, sheet: int) -> Array:
        """The wrong lines of a sheet under a convention, (lines,)."""
        return trial.wrong[:, np.searchsorted(trial.index, sheet)]
