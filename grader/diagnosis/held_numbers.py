"""Numbers that blank lines must have held, though no known mistake leads to them.

One free number makes any one line right that builds on it, and so proves nothing. Where it makes two or more
right that nothing else explains, one break is likelier than several. The number is looked for with plain
numbers, as the root of each broken line, and then tried in intervals by judging the whole sheet again: it
must leave every line that was right as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.diagnosis.blank_lines import BlankLines, segment_of
from grader.diagnosis.explanation import Explanation, HeldNumber
from grader.diagnosis.found import Finding, Found
from grader.diagnosis.roots import Ask, Curves, Root, numbers, shared
from grader.judging.findings import Held
from grader.judging.interval import written
from grader.judging.judge import judge
from grader.judging.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.explain import Explainer
    from grader.judging.batch import SheetBatch
    from grader.judging.findings import SheetFindings
    from grader.judging.verdict import Judgement

Array = Any
LEAST = 2  # broken lines that nothing else explains, which one number must make right
CHANCE = 0.02  # more likely than this to fit by accident, it does not count
ROUNDS = 4  # unknown numbers looked for on one sheet


@dataclass(frozen=True, slots=True)
class NumberTrial:
    """A number tried on one blank line of one sheet, with the broken lines that it may make right.

    reach:  about from where to where all of these lines stay right.
    widths: how far the number may move for each of them to stay right.
    right:  the lines that do come right.
    """

    sheet: int
    at: Quantity
    number: Decimal
    reach: tuple[float, float]
    widths: Mapping[Quantity, float]
    right: tuple[Quantity, ...] = ()

    def meets(self, other: NumberTrial) -> bool:
        """Whether the two are much the same number."""
        return self.reach[0] <= other.reach[1] and other.reach[0] <= self.reach[1]


class HeldNumbers:
    """Looks for such numbers on n sheets of one graph."""

    def __init__(self, sheets: SheetBatch, explainer: Explainer) -> None:
        self.sheets, self.explainer = sheets, explainer
        self.graph = sheets.graph

    def explained(self, judged: Judgement, found: Found) -> Found:
        """What was found, and the numbers that explain what is left.

        judged: the sheets under what was found.
        """
        with np.errstate(all="ignore"):
            better = self.instead(judged, found)
            if better is not found:
                found, judged = better, judge(self.sheets, better.findings)
            index = self.open(judged, found, np.arange(self.sheets.size))
            for _ in range(ROUNDS):
                more = self.search(judged, found, index) if index.size else {}
                if not more:
                    break
                found = self.adding(found, more)
                judged = judge(self.sheets, found.findings)
                index = self.open(judged, found, np.array(sorted(more)))
        return found

    def instead(self, judged: Judgement, found: Found) -> Found:
        """What is found where one number explains more than the mistakes that were found in blank lines."""
        index = [i for i in self.open(judged, found, np.arange(self.sheets.size)) if found.explained[i]]
        if not index:
            return found
        part = self.sheets.take(np.array(index))
        plain, nothing = judge(part), Found.nothing(part.size)
        wrong_before, wrong_now = plain.count_wrong(), judged.count_wrong()
        better = {}
        afresh = HeldNumbers(part, self.explainer).search(plain, nothing, np.arange(part.size))
        for column, (q, held) in afresh.items():
            left = wrong_before[column] - len(held.lines)
            if left < wrong_now[index[column]]:
                better[index[column]] = (q, held)
        if not better:
            return found
        found = self.adding(found.forgetting(list(better)), better)
        return BlankLines(self.sheets, self.explainer).explained(judge(self.sheets, found.findings), found)

    def open(self, judged: Judgement, found: Found, index: Array) -> Array:
        """The sheets with enough broken lines that no blank one explains yet, and with blank lines."""
        count, blank = np.zeros(index.size, dtype=int), np.zeros(index.size, dtype=bool)
        for line in judged.lines.values():
            count += line.verdict[index] == Verdict.WRONG
            blank |= line.blank[index]
        return index[blank & (count - found.count(index) >= LEAST)]

    def adding(self, found: Found, more: Mapping[int, tuple[Quantity, HeldNumber]]) -> Found:
        """What was found, and a number that a blank line held on each of some sheets."""
        new = []
        for sheet, (q, held) in more.items():
            number = float(held.number)
            explanation = Explanation(q, segment=(*held.among, q), after=found.assumed(sheet), held=held)
            new.append(Finding(sheet, explanation, (Held(sheet, held.at, number, number),)))
        return found.adding(new)

    def search(self, judged: Judgement, found: Found, index: Array) -> dict[int, tuple[Quantity, HeldNumber]]:
        """The best number of each sheet that has one, with the line that shows it."""
        asks = [ask for sheet in index for ask in self.asks(judged, found, int(sheet))]
        if not asks:
            return {}
        trials = self.tried(judged, found.findings, self.trials(judged, found.findings, asks))
        by_sheet: dict[int, list[NumberTrial]] = {}
        for trial in trials:
            by_sheet.setdefault(trial.sheet, []).append(trial)
        open_lines = self.unexplained(found.findings, sorted(by_sheet))
        out = {}
        for sheet, known in by_sheet.items():
            telling = [t for t in known if len(open_lines[sheet].intersection(t.right)) >= LEAST]
            if telling:
                out[sheet] = self.best(telling)
        return out

    def asks(self, judged: Judgement, found: Found, sheet: int) -> list[Ask]:
        """Each blank line with each broken one that it leads to, if there are enough of them."""
        leads: dict[Quantity, list[Quantity]] = {}
        for q in judged.lines:
            if judged.wrong(q)[sheet] and q not in found.explained[sheet]:
                for p in segment_of(judged, found.findings, q, sheet):
                    if p != q and not self.sheets.unreadable[p][sheet]:
                        leads.setdefault(p, []).append(q)
        return [Ask(sheet, p, q) for p, lines in leads.items() if len(lines) >= LEAST for q in lines]

    def trials(self, judged: Judgement, findings: SheetFindings, asks: Sequence[Ask]) -> list[NumberTrial]:
        """For each blank line the number that the most broken lines have in common."""
        roots = Curves(self.sheets, findings.held).roots(asks)
        if not roots:
            return []
        at_root = self.judge_with(findings, [(r.ask.sheet, r.ask.at, r.value) for r in roots])
        by_place: dict[tuple[int, Quantity], list[tuple[Root, float]]] = {}
        for column, root in enumerate(roots):
            sheet, q = root.ask.sheet, root.ask.line
            fine = np.fmin(self.sheets.unit[q][sheet], judged.lines[q].unit[sheet])
            slack = at_root.lines[q].own.radius[column] + written(self.sheets.value[q][sheet], fine).radius
            reach = float(slack / abs(root.slope))
            if np.isfinite(reach):  # else any number makes the line right
                by_place.setdefault((sheet, root.ask.at), []).append((root, reach))
        out = []
        for (sheet, at), roots_here in by_place.items():
            places = max(0, round(-np.log10(judged.lines[at].unit[sheet])))
            for common in shared(roots_here):
                widths = {root.ask.line: 2 * radius for root, radius in common}
                low = max(root.value - radius for root, radius in common)
                high = min(root.value + radius for root, radius in common)
                out += [
                    NumberTrial(sheet, at, number, (low, high), widths)
                    for number in numbers(low, high, places)
                ]
        return out

    def judge_with(self, findings: SheetFindings, values: Sequence[tuple[int, Quantity, float]]) -> Judgement:
        """A judgement with a column for each of some sheets, on which a blank line held a number besides."""
        columns = np.array([sheet for sheet, _, _ in values])
        held = [Held(column, at, value, value) for column, (_, at, value) in enumerate(values)]
        return judge(self.sheets.take(columns), findings.numbers.take(columns).holding(held))

    def tried(
        self, judged: Judgement, findings: SheetFindings, trials: Sequence[NumberTrial]
    ) -> list[NumberTrial]:
        """Those that make enough broken lines right, too many for an accident, and no right one wrong."""
        if not trials:
            return []
        index = np.array([t.sheet for t in trials])
        before = judge(self.sheets.take(index), findings.numbers.take(index))
        again = self.judge_with(findings, [(t.sheet, t.at, float(t.number)) for t in trials])
        was, now = accepted(before), accepted(again)
        spoilt = (was & ~(now & (by_key(before) | ~by_key(again)))).any(axis=0)
        mended = before.verdicts() == Verdict.WRONG
        mended &= now
        lines, out = list(before.lines), []
        for column in np.flatnonzero(~spoilt & (mended.sum(axis=0) >= LEAST)):
            trial = trials[int(column)]
            right = tuple(lines[row] for row in np.flatnonzero(mended[:, column]))
            if self.chance(judged, trial, right) <= CHANCE:
                out.append(replace(trial, right=right))
        return out

    def chance(self, judged: Judgement, trial: NumberTrial, right: Iterable[Quantity]) -> float:
        """How likely a number that makes the most telling line right makes the others right by accident."""
        sheet, line = trial.sheet, judged.lines[trial.at]
        usual = 2 * (abs(float(trial.number)) + abs(line.own.mid[sheet])) + 20 * line.unit[sheet]
        widths = sorted(trial.widths.get(q, np.inf) for q in right)
        shares = [min(1.0, (widths[0] + width) / usual) for width in widths[1:]]
        return float(np.prod(shares))

    def unexplained(self, findings: SheetFindings, index: list[int]) -> dict[int, set[Quantity]]:
        """The broken lines of some sheets that no mistake explains."""
        if not index:
            return {}
        part = judge(self.sheets.take(np.array(index)), findings.numbers.take(np.array(index)))
        explained = self.explainer.explain(part)
        return {
            sheet: {q for q, e in known.items() if not e.causes}
            for sheet, known in zip(index, explained, strict=True)
        }

    def best(self, trials: Sequence[NumberTrial]) -> tuple[Quantity, HeldNumber]:
        """The number that makes the most lines right, at the last of the blank lines where one does."""
        most = max(len(t.right) for t in trials)
        first = min((t.right[0] for t in trials if len(t.right) == most), key=self.graph.position.__getitem__)
        tied = [t for t in trials if len(t.right) == most and t.right[0] == first]
        tied.sort(key=lambda t: self.graph.position[t.at])  # of one line, the shortest number stays first
        chosen = next(t for t in tied if t.at == tied[-1].at)
        before = self.graph.ancestors[chosen.at]
        sure = all(t.at in before or (t.at == chosen.at and t.meets(chosen)) for t in tied)
        sure &= all(t.right == chosen.right for t in tied)
        among = tuple(dict.fromkeys(t.at for t in tied))
        return first, HeldNumber(chosen.at, chosen.number, chosen.right[1:], among, sure)


def accepted(judged: Judgement) -> Array:
    """Which lines are right in themselves, (lines, n)."""
    found = judged.verdicts()
    return (found == Verdict.CORRECT) | (found == Verdict.FOLLOWS)


def by_key(judged: Judgement) -> Array:
    """Which lines are accepted for the key's sake: that speaks against what is assumed above them, (lines, n)."""
    return np.stack([line.by_key for line in judged.lines.values()])
