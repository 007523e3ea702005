"""Mistakes tried in the blank lines of sheets: which of them lead to what was typed, and how well."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.formula import leaves
from grader.diagnosis.explain import MISTAKE
from grader.diagnosis.likelihood import likelihood, weight
from grader.judging.findings import Held
from grader.judging.interval import Interval, enclose, rounded, written
from grader.judging.judge import judge
from grader.judging.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.repeated import Repeated
    from grader.judging.batch import SheetBatch
    from grader.judging.findings import SheetFindings
    from grader.judging.verdict import Judgement
    from grader.mistakes.hypotheses import Hypothesis

Array = Any
_Place = tuple[Any, Any, dict[int, Interval]]
_LARGE = 100_000  # units, from which on there are more
CONFLICT = 1 / 3000  # how unlikely one more unexplained conflict makes an explanation
ELSEWHERE = 0.5  # a skipped line is less likely to be where it broke than the line that shows it


_WIDER = 10.0  # times as wide as right work, and
_VAGUE = 50.0  # units, of a number above 1 in proportion: one known no better tells nothing


@dataclass(frozen=True, slots=True)
class Trial:
    """A mistake tried on one sheet.

    mistake: at which lines it is taken to be made.
    line:    the line whose conflict it is to explain.
    weight:  how likely it is, with the number on this line.
    held:    between which numbers the blank ones among its lines would have been.
    wrong:   those of its lines that were written down, and are wrong in just this way.
    """

    sheet: int
    mistake: Repeated
    line: Quantity
    weight: float
    held: Mapping[Quantity, tuple[float, float]]
    wrong: tuple[Quantity, ...] = field(default=())


class Trials:
    """Tries mistakes on n sheets of one graph.

    judged:   the sheets under what was found so far.
    findings: that, beside the breaks.
    """

    def __init__(self, sheets: SheetBatch, judged: Judgement, findings: SheetFindings) -> None:
        self.sheets, self.judged, self.findings = sheets, judged, findings.numbers
        self.graph = sheets.graph

    def fitting(self, q: Quantity, known: Sequence[Repeated], index: Array) -> list[Trial]:
        """Those of some mistakes that give the number typed at `q` on some sheets, and no other that stands."""
        value = self.sheets.value[q][index]
        fine = np.fmin(self.sheets.unit[q][index], self.judged.lines[q].unit[index])
        boxes: dict[Quantity, Interval] = {}

        def as_judged(p: Quantity) -> Interval:
            if p not in boxes:
                boxes[p] = self.judged.box(p).take(index)
            return boxes[p]

        families: dict[tuple[Quantity, ...], list[Repeated]] = {}
        for mistake in known:
            families.setdefault(mistake.lines, []).append(mistake)
        starts: dict[int, Interval] = {}
        trials = []
        for lines, members in families.items():
            gives = self.carried_through(members, lines, q, (index, as_judged, starts))
            if q not in gives:
                continue
            share = MISTAKE * (1.0 if lines == (q,) else ELSEWHERE)
            prior = np.array([[share * mistake.chance] for mistake in members])
            weights = weight(prior, value, written(value, fine), gives[q], fine)
            for row, c in zip(*np.nonzero(weights), strict=True):
                sheet = int(index[c])
                held = {
                    p: (float(gives[p].lo[row, c]), float(gives[p].hi[row, c]))
                    for p in lines
                    if self.is_open(p, sheet)
                }
                if all(self.tells(p, sheet, low, high) for p, (low, high) in held.items()):
                    trials.append(Trial(sheet, members[row], q, float(weights[row, c]), held))
        return trials

    def is_open(self, p: Quantity, sheet: int) -> bool:
        """Whether a line is blank, and nothing is known of it."""
        return bool(self.judged.lines[p].blank[sheet]) and not self.findings.holds(p, sheet)

    def tells(self, p: Quantity, sheet: int, low: float, high: float) -> bool:
        """Whether a number in a blank line is known well enough: one that may be 0 or 1 fits whatever follows."""
        own = self.judged.lines[p].own
        usual = float(own.hi[sheet] - own.lo[sheet])
        vague = _VAGUE * float(self.judged.lines[p].unit[sheet]) * max(1.0, abs(low + high) / 2)
        return high - low <= max(_WIDER * usual, vague)

    def carried_through(
        self, mistakes: Sequence[Repeated], lines: tuple[Quantity, ...], q: Quantity, at: _Place
    ) -> dict[Quantity, Interval]:
        """What each of some lines, and what builds on them up to `q`, comes to by mistakes made at just these lines.

        at: the sheets, the boxes there as judged, and what wrong formulas give on them, which is filled.

        Intervals of shape (mistakes, sheets).
        """
        (index, as_judged, starts), graph = at, self.graph
        unit, goals = self.judged.unit[index], {q, *lines}
        leads = goals.union(*(graph.ancestors[p] for p in goals))
        boxes: dict[Quantity, Interval] = {}
        out: dict[Quantity, Interval] = {}

        def box(p: Quantity) -> Interval:
            return boxes[p] if p in boxes else as_judged(p)

        def wrongly(row: int, h: Hypothesis) -> Interval:
            if boxes.keys().isdisjoint(leaves(h.formula)):
                if id(h) not in starts:
                    starts[id(h)] = enclose(h.formula, as_judged, unit)
                return starts[id(h)]
            return enclose(h.formula, lambda p: boxes[p].take(row) if p in boxes else as_judged(p), unit)

        for step in graph.steps[graph.position[lines[0]] :]:
            p = step.quantity
            if p in lines:
                rows = [wrongly(row, m.at(p)) for row, m in enumerate(mistakes)]
                out[p] = Interval(np.stack([r.lo for r in rows]), np.stack([r.hi for r in rows]))
            elif p in leads and not boxes.keys().isdisjoint(step.parents):
                out[p] = enclose(step.formula, box, unit)
            else:
                continue
            stays = ~self.judged.lines[p].blank[index] | self.findings.is_held(p)[index]
            if not stays.all():
                boxes[p] = as_judged(p).where(stays, rounded(out[p], unit))
        return out

    def weighed(self, trials: Sequence[Trial]) -> list[Trial]:
        """The trials with the weights that they have in the light of the whole sheet; 0 where they spoil a right line."""
        if not trials:
            return []
        index = np.array([t.sheet for t in trials])
        held = [Held(c, p, lo, hi) for c, t in enumerate(trials) for p, (lo, hi) in t.held.items()]
        again = judge(self.sheets.take(index), self.findings.take(index).holding(held))
        logs, wrong = self.other_lines(trials, again, index)
        return [
            replace(t, weight=t.weight * float(np.exp(log)), wrong=tuple(lines))
            for t, log, lines in zip(trials, logs, wrong, strict=True)
        ]

    def other_lines(
        self, trials: Sequence[Trial], again: Judgement, index: Array
    ) -> tuple[Array, list[list[Quantity]]]:
        """The log-likelihoods of what stands on the other lines, and which of these are wrong by the mistake itself."""
        logs = np.zeros(index.size)
        wrong: list[list[Quantity]] = [[] for _ in trials]
        made = self.made_at(trials)
        for q, line in again.lines.items():
            before = self.judged.lines[q]
            # A line that is right by the key, though not by what is assumed, speaks against the assumption.
            conflict = (line.verdict == Verdict.WRONG) | line.by_key
            was_right = (before.verdict[index] <= Verdict.FOLLOWS) & ~before.by_key[index]
            was_wrong = before.verdict[index] == Verdict.WRONG
            here = np.array([t.line == q for t in trials])
            value = self.sheets.value[q][index]
            fine = np.fmin(self.sheets.unit[q][index], line.unit)
            reach = line.own
            for mistake, columns in made.get(q, {}).items():
                cols = np.array([c for c in columns if not line.blank[c]], dtype=int)
                if not cols.size:
                    continue
                gives = enclose(mistake.at(q).formula, _boxes(again, cols), again.unit[cols])
                fits = gives.contains(written(value[cols], fine[cols]))
                reach = Interval(reach.lo.copy(), reach.hi.copy())
                reach.lo[cols], reach.hi[cols] = gives.lo, gives.hi
                logs[cols[~fits]] = -np.inf  # it would show here
                conflict[cols] = False
                for c in cols[fits & was_wrong[cols]]:
                    wrong[c].append(q)
            like = np.log(likelihood(value, reach, fine))
            told = np.where(conflict, np.log(left_open(value, line.unit)), np.where(was_wrong, like, 0.0))
            logs += np.where(here, 0.0, told)
            logs = np.where(was_right & conflict, -np.inf, logs)
        return logs, wrong

    def made_at(self, trials: Sequence[Trial]) -> dict[Quantity, dict[Repeated, list[int]]]:
        """Where each mistake is made, with the places of its trials."""
        out: dict[Quantity, dict[Repeated, list[int]]] = {}
        for column, trial in enumerate(trials):
            for q in trial.mistake.lines:
                out.setdefault(q, {}).setdefault(trial.mistake, []).append(column)
        return out


def left_open(value: Array, unit: Array) -> Array:
    """How likely a conflict that nothing explains is: the less so, the more numbers there are of such a size."""
    return CONFLICT / np.fmax(1.0, np.abs(value) / (_LARGE * unit))


def _boxes(judged: Judgement, index: Array) -> Callable[[Quantity], Interval]:
    """What stands for a quantity on some sheets."""
    return lambda p: judged.box(p).take(index)
