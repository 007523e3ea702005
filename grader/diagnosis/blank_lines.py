"""Breaks behind blank lines: the line left blank that, computed wrongly, explains what is on the sheet.

Where lines were skipped a conflict shows only further down, and every line that builds on the skipped one
conflicts as well. So each wrong formula is tried at each blank line of the segment, the whole sheet is
judged again as if it had been used there, and the explanation that leaves the fewest conflicts wins. With
nothing to choose between them, the line that shows the conflict is blamed and the segment is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.diagnosis.explain import MISTAKE, Explainer, causes
from grader.diagnosis.explanation import Explanation
from grader.diagnosis.slips import peaked
from grader.judging.interval import Interval, enclose, rounded, written
from grader.judging.judge import judge
from grader.judging.verdict import Judgement, Verdict
from grader.mistakes.hypotheses import GENERATED_WEIGHT

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.judging.batch import SheetBatch
    from grader.mistakes.hypotheses import Hypothesis

Array = Any
CONFLICT = 1 / 3000  # how unlikely one more unexplained conflict makes an explanation
ELSEWHERE = 0.5  # a skipped line is less likely to be where it broke than the line that shows it
ROUNDS = 8  # breaks looked for on one sheet


@dataclass(frozen=True, slots=True)
class HypothesisTrial:
    """One hypothesis tried on one sheet: its weight, and what the blank line would have held."""

    sheet: int
    hypothesis: Hypothesis
    weight: float
    lo: float
    hi: float


class Segments:
    """Explains conflicts behind blank lines on n sheets of one graph."""

    def __init__(self, sheets: SheetBatch, explainer: Explainer) -> None:
        self.sheets = sheets
        self.explainer = explainer
        self.assumed: dict[Quantity, Interval] = {}
        self.found: list[dict[Quantity, Explanation]] = [{} for _ in range(sheets.size)]
        self.looked: list[set[Quantity]] = [set() for _ in range(sheets.size)]

    def run(self, judged: Judgement) -> Judgement:
        """Judge again under the best explanations; what they explain is in `found`."""
        with np.errstate(all="ignore"):
            return self._rounds(judged)

    def _rounds(self, judged: Judgement) -> Judgement:
        for _ in range(ROUNDS):
            work = self.conflicts(judged)
            if not work:
                break
            trials: list[HypothesisTrial] = []
            for (q, segment), members in work.items():
                trials += self.fitting(judged, q, segment, np.array(members))
                for sheet in members:
                    self.looked[sheet].add(q)
            where = {sheet: key for key, members in work.items() for sheet in members}
            if self.choose(judged, trials, where):
                judged = judge(self.sheets, self.assumed)
        return self.settled(judged)

    def again(self) -> Judgement:
        """Judge again under all that is assumed."""
        return self.settled(judge(self.sheets, self.assumed))

    def settled(self, judged: Judgement) -> Judgement:
        """The same with the lines that show a break called wrong, though right on what is assumed."""
        for sheet, explained in enumerate(self.found):
            for q in explained:
                judged.lines[q].verdict[sheet] = Verdict.WRONG
        return judged

    def conflicts(self, judged: Judgement) -> dict[tuple[Quantity, tuple[Quantity, ...]], list[int]]:
        """Each sheet's first conflict behind blank lines that has not been looked at, with its segment."""
        out: dict[tuple[Quantity, tuple[Quantity, ...]], list[int]] = {}
        taken = np.zeros(self.sheets.size, dtype=bool)
        for step in self.sheets.graph.steps:
            q = step.quantity
            for sheet in np.flatnonzero(judged.wrong(q) & ~taken):
                if q in self.looked[sheet] or q in self.found[sheet]:
                    continue
                segment = self.segment(judged, q, int(sheet))
                if len(segment) > 1:
                    out.setdefault((q, segment), []).append(int(sheet))
                    taken[sheet] = True
        return out

    def segment(self, judged: Judgement, q: Quantity, sheet: int) -> tuple[Quantity, ...]:
        """The line and the blank lines that lead to it through blank lines only, in order of computation."""
        graph = self.sheets.graph
        found, queue = {q}, [q]
        while queue:
            for p in graph.by_quantity[queue.pop()].parents:
                line = judged.lines.get(p)
                if (
                    line is not None
                    and p not in found
                    and line.blank[sheet]
                    and not self.is_assumed(p, sheet)
                ):
                    found.add(p)
                    queue.append(p)
        return tuple(sorted(found, key=graph.position.__getitem__))

    def is_assumed(self, q: Quantity, sheet: int) -> bool:
        """Whether an explanation already sits at a blank line."""
        assumed = self.assumed.get(q)
        return assumed is not None and not np.isnan(assumed.lo[sheet])

    def fitting(
        self, judged: Judgement, q: Quantity, segment: tuple[Quantity, ...], index: Array
    ) -> list[HypothesisTrial]:
        """Every hypothesis in the segment that gives the number typed at `q`."""
        sheets, unit = self.sheets, judged.unit[index]
        fine = np.fmin(sheets.unit[q][index], unit)
        said = written(sheets.value[q][index], fine)
        trials = []
        for at in segment:
            between = [p for p in segment if p == at or at in sheets.graph.ancestors[p]]
            for h in self.explainer.hypotheses(at):
                if at != q and h.mistake.weight <= GENERATED_WEIGHT:
                    continue  # behind a blank line a formula that nobody is known to use proves nothing
                boxes: dict[Quantity, Interval] = {}

                def box(p: Quantity, boxes: dict[Quantity, Interval] = boxes) -> Interval:
                    if p not in boxes:
                        boxes[p] = judged.box(p).take(index)
                    return boxes[p]

                start = gives = enclose(h.formula, box, unit)
                for p in between:
                    gives = start if p == at else enclose(sheets.graph.by_quantity[p].formula, box, unit)
                    boxes[p] = rounded(gives, unit)
                ways = np.maximum((gives.hi - gives.lo) / fine + 1.5, 1.0)
                off = np.abs(sheets.value[q][index] - gives.mid) / (gives.radius + 0.75 * fine)
                weight = MISTAKE * h.chance * (1.0 if at == q else ELSEWHERE) * peaked(off) / ways
                trials += [
                    HypothesisTrial(
                        int(index[c]), h, float(weight[c]), float(start.lo[c]), float(start.hi[c])
                    )
                    for c in np.flatnonzero(gives.contains(said))
                ]
        return trials

    def choose(
        self,
        judged: Judgement,
        trials: list[HypothesisTrial],
        where: dict[int, tuple[Quantity, tuple[Quantity, ...]]],
    ) -> bool:
        """Keep the best explanation of each sheet; whether any of them assumes something of a blank line."""
        left = self.conflicts_left(judged, trials)
        by_sheet: dict[int, list[tuple[HypothesisTrial, float]]] = {}
        for trial, conflicts in zip(trials, left, strict=True):
            here = trial.hypothesis.step.quantity == where[trial.sheet][0]  # then this line stays wrong
            others = conflicts - 1 if here else conflicts
            if np.isfinite(others):
                by_sheet.setdefault(trial.sheet, []).append((trial, trial.weight * CONFLICT**others))
        any_assumed = False
        for sheet, (q, segment) in where.items():
            merged = self.merged(by_sheet.get(sheet, []))
            if not merged or merged[0][0].hypothesis.step.quantity == q:
                continue  # a break at the line itself is explained like any other
            ranked = [(trial.hypothesis, weight) for trial, weight in merged]
            before = frozenset(p for p in self.assumed if self.is_assumed(p, sheet))
            self.found[sheet][q] = Explanation(q, causes(ranked, 1.0), segment=segment, after=before)
            best = merged[0][0]
            self.assume(best.hypothesis.step.quantity, sheet, best.lo, best.hi)
            any_assumed = True
        return any_assumed

    def merged(self, weighed: list[tuple[HypothesisTrial, float]]) -> list[tuple[HypothesisTrial, float]]:
        """The likeliest trial of each mistake, with the weight of all of its trials, likeliest first."""
        out: dict[str, tuple[HypothesisTrial, float]] = {}
        for trial, w in sorted(weighed, key=lambda pair: -pair[1]):
            code = trial.hypothesis.mistake.code
            best, total = out.get(code, (trial, 0.0))
            out[code] = (best, total + w)
        return sorted(out.values(), key=lambda pair: -pair[1])

    def assume(self, q: Quantity, sheet: int, lo: float, hi: float) -> None:
        """Take a blank line of a sheet to have held some number between two."""
        put(self.assumed, q, self.sheets.size, sheet, lo, hi)

    def forget(self, sheet: int) -> None:
        """Take back all that was found on a sheet, and look at it afresh."""
        self.found[sheet].clear()
        self.looked[sheet].clear()
        for box in self.assumed.values():
            box.lo[sheet] = box.hi[sheet] = np.nan

    def conflicts_left(self, judged: Judgement, trials: list[HypothesisTrial]) -> list[float]:
        """How many wrong lines each trial would leave on its sheet; no end of them where it spoils a right line."""
        if not trials:
            return []
        index = np.array([t.sheet for t in trials])
        assumed = {q: box.take(index) for q, box in self.assumed.items()}
        for column, trial in enumerate(trials):
            q = trial.hypothesis.step.quantity
            if judged.lines[q].blank[trial.sheet]:
                put(assumed, q, len(trials), column, trial.lo, trial.hi)
        again = judge(self.sheets.take(index), assumed)
        wrong = np.zeros(index.size)
        for q, line in again.lines.items():
            # A line that is right by the key, though not by what is assumed, speaks against the assumption.
            wrong += (line.verdict == Verdict.WRONG) | line.by_key
            before = judged.lines[q]
            was_right = (before.verdict[index] <= Verdict.FOLLOWS) & ~before.by_key[index]
            spoiled = was_right & ((line.verdict == Verdict.WRONG) | line.by_key)
            wrong += np.where(spoiled, np.inf, 0.0)
        return [float(w) for w in wrong]


def put(assumed: dict[Quantity, Interval], q: Quantity, size: int, column: int, lo: float, hi: float) -> None:  # noqa: PLR0913, PLR0917
    """Assume a number between two of a line on one of n sheets; on the others nothing is, which NaN says."""
    if q not in assumed:
        nothing = np.full(size, np.nan)
        assumed[q] = Interval(nothing, nothing.copy())
    assumed[q].lo[column], assumed[q].hi[column] = lo, hi
