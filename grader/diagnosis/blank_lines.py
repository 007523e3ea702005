"""Breaks behind blank lines: the lines left blank that, worked wrongly, explain what is on the sheet.

Where lines were skipped a conflict shows only further down, and every line that builds on the skipped one
conflicts as well. So each wrong formula is tried at each blank line of the segment, by itself and at all like
lines together, the whole sheet is judged again as if it had been used there, and the explanation that makes
the sheet the likeliest wins, if it outweighs a slip and chance. With nothing to choose between them, the line
that shows the conflict is blamed and the segment is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.diagnosis.explain import MARGIN, SLIP, UNKNOWN, Explainer, causes
from grader.diagnosis.explanation import Explanation
from grader.diagnosis.found import Finding
from grader.diagnosis.repeated import Repeated, alone
from grader.diagnosis.slips import as_typed, find
from grader.diagnosis.trials import Trial, Trials, left_open
from grader.judging.findings import Held
from grader.judging.judge import judge
from grader.mistakes.hypotheses import GENERATED_WEIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.found import Found
    from grader.judging.batch import SheetBatch
    from grader.judging.findings import SheetFindings
    from grader.judging.verdict import Judgement
    from grader.mistakes.hypotheses import Hypothesis

Array = Any
ROUNDS = 8  # breaks looked for on one sheet


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
                trials = Trials(self.sheets, judged, found.findings)
                tried: list[Trial] = []
                for (q, segment), members in work.items():
                    tried += trials.fitting(q, self.mistakes(q, segment), np.array(members))
                where = {sheet: key for key, members in work.items() for sheet in members}
                found = found.looking_at({sheet: q for sheet, (q, _) in where.items()})
                more = self.chosen(judged, found, trials.weighed(tried), where)
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

    def mistakes(self, q: Quantity, segment: Sequence[Quantity]) -> list[Repeated]:
        """What may lie behind a conflict at `q`: mistakes in one line of its segment, or in like lines together."""
        together = [r for r in self.explainer.repeated if not set(segment).isdisjoint(r.lines)]
        shared = {id(h) for r in together for h in r.members}
        single = [
            # A formula that nobody is known to use could be used at all like lines as well.
            alone(h, repeatable=id(h) in shared or h.mistake.weight <= GENERATED_WEIGHT)
            for at in segment
            for h in self.explainer.hypotheses(at)
            # behind a blank line a formula that nobody is known to use proves nothing
            if at == q or h.mistake.weight > GENERATED_WEIGHT
        ]
        return single + together

    def chosen(
        self,
        judged: Judgement,
        found: Found,
        trials: list[Trial],
        where: dict[int, tuple[Quantity, tuple[Quantity, ...]]],
    ) -> list[Finding]:
        """The best explanation of each sheet where it lies in a blank line, and what that line held."""
        by_sheet: dict[int, list[Trial]] = {}
        for trial in trials:
            if trial.weight:
                by_sheet.setdefault(trial.sheet, []).append(trial)
        out: list[Finding] = []
        for sheet, (q, segment) in where.items():
            merged = merged_by_code(by_sheet.get(sheet, []))
            if not merged or merged[0][0].mistake.lines == (q,):
                continue  # a break at the line itself is explained like any other
            named, against = sum(w for _, w in merged), self.against(judged, q, sheet)
            if named < MARGIN * against:
                continue
            out += self.told(found, segment, merged, named / (named + against))
        return out

    def against(self, judged: Judgement, q: Quantity, sheet: int) -> float:
        """The weight of everything that is no mistake of understanding: then the other conflicts are left as well."""
        line, value = judged.lines[q], self.sheets.value[q][sheet]
        unit = line.unit[sheet]
        typed = self.sheets.unit[q][sheet]
        low, high = float(line.own.lo[sheet]), float(line.own.hi[sheet])
        _, chance = find(as_typed(float(value), float(typed)), low, high, float(unit))
        old = [p for p in self.sheets.graph.by_quantity[q].parents if p == q.before_update()]
        base = judged.box(old[0]).mid[sheet] if old else 0.0
        spread = 2 * (abs(value - base) + abs(line.own.mid[sheet] - base)) / min(typed, unit) + 20
        left = [
            left_open(self.sheets.value[p][sheet], other.unit[sheet])
            for p, other in judged.lines.items()
            if p != q and judged.wrong(p)[sheet]
        ]
        return float((SLIP * chance + UNKNOWN / spread) * np.prod(left))

    def shown_at(self, q: Quantity, trial: Trial) -> Hypothesis | None:
        """What a trial takes to be done at a line itself, or at the first blank one that leads to it."""
        if q in trial.mistake.lines:
            return trial.mistake.at(q)
        above = self.sheets.graph.ancestors[q]
        return next(
            (trial.mistake.at(p) for p in trial.mistake.lines if p in above and p in trial.held), None
        )

    def told(
        self, found: Found, segment: tuple[Quantity, ...], merged: list[tuple[Trial, float]], share: float
    ) -> Iterator[Finding]:
        """What the likeliest trial of a sheet explains: the line that shows it, and those wrong in the same way."""
        best = merged[0][0]
        sheet = best.sheet
        held = tuple(Held(sheet, p, lo, hi) for p, (lo, hi) in best.held.items())
        lines = dict.fromkeys((best.line, *best.wrong))
        for q in lines:
            shown = [(h, t, w) for t, w in merged if (h := self.shown_at(q, t)) is not None]
            together = {id(h): t.mistake.members for h, t, _ in shown}
            listed = causes([(h, w) for h, _, w in shown], share, together)
            yield Finding(
                sheet,
                Explanation(
                    q,
                    listed,
                    segment=segment if q == best.line else (q,),
                    after=found.assumed(sheet),
                ),
                held if q == best.line else (),
            )


def merged_by_code(trials: Sequence[Trial]) -> list[tuple[Trial, float]]:
    """The likeliest trial of each mistake, with the weight of all of its trials, likeliest first."""
    out: dict[str, tuple[Trial, float]] = {}
    for trial in sorted(trials, key=lambda t: -t.weight):
        code = trial.mistake.members[0].mistake.code
        best, total = out.get(code, (trial, 0.0))
        out[code] = (best, total + trial.weight)
    return sorted(out.values(), key=lambda pair: -pair[1])


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
