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
from grader.diagnosis.likelihood import weight
from grader.judging.findings import Held
from grader.judging.interval import Interval, enclose, rounded, written
from grader.judging.judge import judge
from grader.judging.verdict import Verdict
from grader.mistakes.hypotheses import GENERATED_WEIGHT

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.found import Found
    from grader.judging.batch import SheetBatch
    from grader.judging.findings import SheetFindings
    from grader.judging.verdict import Judgement
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


class BlankLines:
    """Explains conflicts behind blank lines on n sheets of one graph."""

    def __init__(self, sheets: SheetBatch, explainer: Explainer) -> None:
        self.sheets = sheets
        self.explainer = explainer

    def explained(self, judged: Judgement, found: Found) -> Found:
        """What was found, and the best explanations of the conflicts that are left."""
        with np.errstate(all="ignore"):
            for _ in range(ROUNDS):
                work = self.conflicts(judged, found)
                if not work:
                    break
                trials: list[HypothesisTrial] = []
                for (q, segment), members in work.items():
                    trials += self.fitting(judged, q, segment, np.array(members))
                where = {sheet: key for key, members in work.items() for sheet in members}
                found = found.looking_at({sheet: q for sheet, (q, _) in where.items()})
                more = self.chosen(judged, found, trials, where)
                if more:
                    found = found.adding(more)
                    judged = judge(self.sheets, found.findings.numbers)
        return found

    def conflicts(
        self, judged: Judgement, found: Found
    ) -> dict[tuple[Quantity, tuple[Quantity, ...]], list[int]]:
        """Each sheet's first conflict behind blank lines that has not been looked at, with its segment."""
        out: dict[tuple[Quantity, tuple[Quantity, ...]], list[int]] = {}
        taken = np.zeros(self.sheets.size, dtype=bool)
        for step in self.sheets.graph.steps:
            q = step.quantity
            for sheet in map(int, np.flatnonzero(judged.wrong(q) & ~taken)):
                if q in found.looked[sheet] or q in found.explained[sheet]:
                    continue
                segment = segment_of(judged, found.findings, q, sheet)
                if len(segment) > 1:
                    out.setdefault((q, segment), []).append(sheet)
                    taken[sheet] = True
        return out

    def fitting(
        self, judged: Judgement, q: Quantity, segment: tuple[Quantity, ...], index: Array
    ) -> list[HypothesisTrial]:
        """Every hypothesis in the segment that gives the number typed at `q`."""
        sheets, unit, value = self.sheets, judged.unit[index], self.sheets.value[q][index]
        fine = np.fmin(sheets.unit[q][index], judged.lines[q].unit[index])
        said = written(value, fine)
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
                prior = MISTAKE * h.chance * (1.0 if at == q else ELSEWHERE)
                weights = weight(prior, value, said, gives, fine)
                trials += [
                    HypothesisTrial(
                        int(index[c]), h, float(weights[c]), float(start.lo[c]), float(start.hi[c])
                    )
                    for c in np.flatnonzero(weights)
                ]
        return trials

    def chosen(
        self,
        judged: Judgement,
        found: Found,
        trials: list[HypothesisTrial],
        where: dict[int, tuple[Quantity, tuple[Quantity, ...]]],
    ) -> list[tuple[Explanation, Held]]:
        """The best explanation of each sheet where it lies in a blank line, and what that line held."""
        left = self.conflicts_left(judged, found.findings, trials)
        by_sheet: dict[int, list[tuple[HypothesisTrial, float]]] = {}
        for trial, conflicts in zip(trials, left, strict=True):
            here = trial.hypothesis.step.quantity == where[trial.sheet][0]  # then this line stays wrong
            others = conflicts - 1 if here else conflicts
            if np.isfinite(others):
                by_sheet.setdefault(trial.sheet, []).append((trial, trial.weight * CONFLICT**others))
        out = []
        for sheet, (q, segment) in where.items():
            merged = self.merged(by_sheet.get(sheet, []))
            if not merged or merged[0][0].hypothesis.step.quantity == q:
                continue  # a break at the line itself is explained like any other
            ranked = [(trial.hypothesis, weight) for trial, weight in merged]
            explanation = Explanation(q, causes(ranked, 1.0), segment=segment, after=found.assumed(sheet))
            best = merged[0][0]
            out.append((explanation, Held(sheet, best.hypothesis.step.quantity, best.lo, best.hi)))
        return out

    def merged(self, weighed: list[tuple[HypothesisTrial, float]]) -> list[tuple[HypothesisTrial, float]]:
        """The likeliest trial of each mistake, with the weight of all of its trials, likeliest first."""
        out: dict[str, tuple[HypothesisTrial, float]] = {}
        for trial, w in sorted(weighed, key=lambda pair: -pair[1]):
            code = trial.hypothesis.mistake.code
            best, total = out.get(code, (trial, 0.0))
            out[code] = (best, total + w)
        return sorted(out.values(), key=lambda pair: -pair[1])

    def conflicts_left(
        self, judged: Judgement, findings: SheetFindings, trials: list[HypothesisTrial]
    ) -> list[float]:
        """How many wrong lines each trial would leave on its sheet; no end of them where it spoils a right line."""
        if not trials:
            return []
        index = np.array([t.sheet for t in trials])
        places = [(column, t, t.hypothesis.step.quantity) for column, t in enumerate(trials)]
        held = [Held(c, q, t.lo, t.hi) for c, t, q in places if judged.lines[q].blank[t.sheet]]
        again = judge(self.sheets.take(index), findings.numbers.take(index).holding(held))
        wrong = np.zeros(index.size)
        for q, line in again.lines.items():
            # A line that is right by the key, though not by what is assumed, speaks against the assumption.
            wrong += (line.verdict == Verdict.WRONG) | line.by_key
            before = judged.lines[q]
            was_right = (before.verdict[index] <= Verdict.FOLLOWS) & ~before.by_key[index]
            spoiled = was_right & ((line.verdict == Verdict.WRONG) | line.by_key)
            wrong += np.where(spoiled, np.inf, 0.0)
        return [float(w) for w in wrong]


def segment_of(judged: Judgement, findings: SheetFindings, q: Quantity, sheet: int) -> tuple[Quantity, ...]:
    """A line and the blank lines that lead to it through blank lines only, in order of computation."""
    graph = judged.sheets.graph
    found, queue = {q}, [q]
    while queue:
        for p in graph.by_quantity[queue.pop()].parents:
            line = judged.lines.get(p)
            if line is not None and p not in found and line.blank[sheet] and not findings.holds(p, sheet):
                found.add(p)
                queue.append(p)
    return tuple(sorted(found, key=graph.position.__getitem__))
