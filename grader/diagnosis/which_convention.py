"""Under which convention each of many sheets is best read, and which lines alone show it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.quantity import Link, QuantityKind
from grader.judging.judge import is_spoiled, judge
from grader.judging.student_conventions import Convention, Difference, combined, conventions
from grader.judging.verdict import Verdict

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.judging.batch import SheetBatch
    from grader.judging.verdict import Judgement

Array = Any
_TELLING = 20.0  # working units: a smaller δ may be right in more than one way
_MANY = 3  # mended lines show a sign or a slope though no δ line does: it was worked wrongly
_CLOSE = 1  # so many wrong lines more, and another reading may still turn out to be the better one
ENOUGH = 2  # a convention must do away with at least this many wrong lines, or with all of them


@dataclass(frozen=True, slots=True)
class FollowedConvention:
    """How one sheet is best read.

    convention: the other convention that it follows; None for the problem's own.
    alone:      each line that is the only one to show something in which that differs.
    open:       each wrong loss that is right by another factor before the square, where no other line tells yet.
    contested:  while lines are blank: each that another reading, which is hardly worse, turns from right to wrong or back.
    stated:     where another convention leaves lines wrong: how the sheet is read by the problem's own.
    """

    convention: Convention | None = None
    alone: frozenset[Quantity] = frozenset()
    open: frozenset[Quantity] = frozenset()
    contested: frozenset[Quantity] = frozenset()
    stated: FollowedConvention | None = None

    @property
    def unsettled(self) -> frozenset[Quantity]:
        """The lines whose verdicts hang on a convention that other lines have still to show."""
        return self.alone | self.open | self.contested


@dataclass(frozen=True)
class _Trial:
    """Some sheets read by a convention.

    index:   which sheets, (m,).
    sheets:  the same with the steps of the convention.
    refuted: whether it puts right lines wrong, and so is out of the question.
    """

    convention: Convention
    index: Array
    sheets: SheetBatch
    refuted: bool = False

    @cached_property
    def wrong(self) -> Array:
        """Which lines are wrong under it, (lines, m)."""
        return judge(self.sheets).verdicts() == Verdict.WRONG

    def of(self, sheet: int) -> Array:
        """The wrong lines of one of its sheets, (lines,)."""
        return self.wrong[:, np.searchsorted(self.index, sheet)]


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
        by_key = np.stack([line.by_key for line in judged.lines.values()])
        self.right = judged.right & ~by_key  # of itself, and not because a slip met the key
        self.deltas = np.array([s.quantity.kind is QuantityKind.DELTA for s in steps])
        # the losses alone make no convention
        self.beyond = np.array([s.link is not Link.LOSS for s in steps])
        self.fewest = judged.count_wrong()
        self.left = self.fewest
        self.which = np.full(judged.sheets.size, -1)
        # where another factor puts all right but for the δ lines, which it puts wrong
        self.traded = np.zeros(judged.sheets.size, dtype=bool)
        self.trials: list[_Trial] = []

    def demand(self) -> None:
        """Whatever is tried next must do away with enough of the wrong lines that are left."""
        self.left = np.maximum(self.fewest - (ENOUGH - 1), 1)

    def attempt(self, convention: Convention, index: Array) -> None:
        """Judge some sheets under another convention, and note where it is the best so far."""
        part = replace(self.judged.sheets.take(index), graph=convention.graph)
        if index.size == 1 and is_spoiled(part, self.settled(convention, index[0])):
            self.trials.append(_Trial(convention, index, part, refuted=True))
            return
        trial = _Trial(convention, index, part)
        count = trial.wrong.sum(axis=0)
        spoiled = trial.wrong & self.right[:, index]  # what is right as the sheet states it stays right
        better = (count < self.left[index]) & self.shown(trial) & ~spoiled.any(axis=0)
        if convention.differences[0].kind == "factor":
            gone = ~(self.wrong[:, index] & trial.wrong).any(axis=0)
            self.traded[index] |= gone & spoiled.any(axis=0) & ~spoiled[~self.deltas].any(axis=0)
        self.which[index[better]] = len(self.trials)
        self.fewest[index] = np.where(better, count, self.fewest[index])
        self.left[index] = np.where(better, count, self.left[index])
        self.trials.append(trial)

    def settled(self, convention: Convention, sheet: int) -> frozenset[Quantity]:
        """The right lines of a sheet that rule a convention out where it puts one of them wrong."""
        settled = self.right[:, sheet]
        if convention.differences[0].kind == "factor":
            settled = settled & ~self.deltas
        return frozenset(q for q, right in zip(self.judged.lines, settled, strict=True) if right)

    def shown(self, trial: _Trial) -> Array:
        """Where lines show each thing in which a convention differs: without it they are wrong."""
        out = np.ones(trial.index.size, dtype=bool)
        for one, without in self.simpler(trial):
            shows = self.beyond if one.kind == "factor" else self.deltas
            mended = without & ~trial.wrong
            out &= mended[shows].any(axis=0) | (mended[self.beyond].sum(axis=0) >= _MANY)
        return out

    def simpler(self, trial: _Trial) -> list[tuple[Difference, Array]]:
        """Each difference of a convention, with the wrong lines, (lines, m), of its sheets without that one."""
        if len(trial.convention.differences) == 1:
            return [(trial.convention.differences[0], self.wrong[:, trial.index])]
        return [
            (one, known.wrong[:, np.searchsorted(known.index, trial.index)])
            for known in self.trials
            if (one := trial.convention.besides(known.convention)) is not None
        ]

    def is_open(self, index: Array) -> Array:
        """Where two differences at once may do better than one: they show in the first δ that is written, or in most.

        Sparse sheets need the first, since what follows from it may look right; the others are for a slope near 1.
        Two differences do not show in one wrong line, unless no other δ has digits enough to tell, or one difference
        leaves nothing wrong but δ lines.
        """
        if not self.deltas.any():
            return np.zeros(index.size, dtype=bool)
        steps = self.judged.sheets.graph.steps
        lines = [s.quantity for s, delta in zip(steps, self.deltas, strict=True) if delta]
        written = ~np.stack([self.judged.lines[q].blank[index] for q in lines])
        wrong = self.wrong[self.deltas][:, index]
        first = wrong[np.argmax(written, axis=0), np.arange(index.size)]
        most = 2 * wrong.sum(axis=0) >= np.maximum(written.sum(axis=0), 1)
        sizes = np.abs(np.stack([self.judged.sheets.value[q][index] for q in lines]))
        units = np.stack([self.judged.lines[q].unit[index] for q in lines])
        telling = (sizes >= _TELLING * units).sum(axis=0)  # a blank line tells nothing either
        enough = self.wrong[:, index].sum(axis=0) >= np.clip(telling, 1, ENOUGH)
        shown = ((first | most) & enough) | self.traded[index] | self.only_deltas(index)
        return shown & (self.fewest[index] > 0)

    def only_deltas(self, index: Array) -> Array:
        """Where a convention that was tried leaves nothing wrong but δ lines, even if it is not much better by itself."""
        out = np.zeros(index.size, dtype=bool)
        for trial in (trial for trial in self.trials if not trial.refuted):
            clear = np.zeros(self.left.size, dtype=bool)
            clear[trial.index] = ~trial.wrong[~self.deltas].any(axis=0)
            out |= clear[index]
        return out

    def reading(self, sheet: int) -> FollowedConvention:
        """The best reading of a sheet."""
        if self.which[sheet] < 0:
            return self.as_stated(sheet)
        best = self.trials[self.which[sheet]]
        at, lines = np.searchsorted(best.index, sheet), list(self.judged.lines)
        alone = set()
        for _, without in self.simpler(best):
            shown = np.flatnonzero(without[:, at] & ~best.wrong[:, at])
            if shown.size == 1:
                alone.add(lines[shown[0]])
        left = best.of(sheet)
        return FollowedConvention(
            best.convention,
            frozenset(alone),
            contested=self.contested(sheet, left),
            stated=self.as_stated(sheet) if left.any() else None,
        )

    def as_stated(self, sheet: int) -> FollowedConvention:
        """The reading of a sheet by the problem's own convention."""
        contested = self.contested(sheet, self.wrong[:, sheet])
        return FollowedConvention(open=self.open_losses(sheet), contested=contested)

    def contested(self, sheet: int, wrong: Array) -> frozenset[Quantity]:
        """The written lines that may change sides when more is written, given those that are wrong now, (lines,)."""
        graph, lines = self.judged.sheets.graph, list(self.judged.lines)
        blank = np.array([line.blank[sheet] for line in self.judged.lines.values()])
        asked = np.array([q in graph.asked for q in lines])
        if (not wrong.any() and self.which[sheet] < 0) or not (blank & asked).any():
            return frozenset()
        changed = np.zeros(len(lines), dtype=bool)
        for other in self.unrefuted(sheet):
            if other.sum() <= wrong.sum() + _CLOSE:
                changed |= other != wrong
        return frozenset(lines[place] for place in np.flatnonzero(changed & ~blank))

    def unrefuted(self, sheet: int) -> list[Array]:
        """The wrong lines of a sheet, (lines,), under the problem's own convention and each that spoils no right line."""
        tried = [trial.of(sheet) for trial in self.trials if sheet in trial.index and not trial.refuted]
        right = self.right[:, sheet]
        return [self.wrong[:, sheet], *(wrong for wrong in tried if not (wrong & right).any())]

    def open_losses(self, sheet: int) -> frozenset[Quantity]:
        """The wrong losses of a sheet that another factor puts right and nothing speaks against."""
        lines, found = list(self.judged.lines), set()
        for trial in self.trials:
            kinds = [one.kind for one in trial.convention.differences]
            if kinds != ["factor"] or sheet not in trial.index or trial.refuted:
                continue
            wrong = trial.of(sheet)
            if not (wrong & self.judged.right[:, sheet]).any():
                mended = self.wrong[:, sheet] & ~wrong & ~self.beyond
                found |= {lines[place] for place in np.flatnonzero(mended)}
        return frozenset(found)
