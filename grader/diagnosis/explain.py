"""Why a line broke: every explanation that fits, weighed against a slip and against chance.

Each explanation is scored by the chance of the number that was typed: how common the mistake is, divided by
how many numbers it allows at this place. A slip and an unknown mistake are scored alike, the latter over
the whole range of numbers that could stand there, so that a formula which fits by accident does not win.
Repetition is the strongest evidence: a mistake that fits elsewhere on the sheet counts for more here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.formula import Formula, Symbol, leaves
from grader.diagnosis.explanation import Cause, Explanation
from grader.diagnosis.likelihood import weight
from grader.diagnosis.repeated import Repeated, repeated
from grader.diagnosis.slips import Slip, as_typed, find
from grader.judging.interval import Interval, enclose, written
from grader.mistakes.base import COMMON
from grader.mistakes.hypotheses import Hypothesis, hypotheses, in_one_place, pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import StepGraph
    from grader.judging.verdict import Judgement

Array = Any
# How often each cause is met before the number is looked at. They need only be of the right order: a number
# that fits is worth a factor of a hundred and more.
MISTAKE, SLIP, COPIED, UNKNOWN = 0.62, 0.2, 0.04, 0.14
AGAIN = 0.5  # a mistake made elsewhere on the sheet is repeated at a like line about this often
PAIR = 0.004  # two mistakes at one line, looked for only where no single one fits
MOST_PAIRS = 5_000  # tried on a sheet: in its first lines, where there is much that nothing fits
MARGIN = 3.0  # named only when this many times as likely as slip and chance together
# Fitted once on simulated students (other seeds than the benchmark's): the plain weights are too modest,
# because several entries often describe one and the same number.
SHARPEN = 2.5
TIE = 0.04  # a runner-up from this probability on fits about as well
EXACT_TIE = 0.005  # and from this one on, if it gives the very same number
_LEFT = 0.02  # what a tie that another line decides leaves to the others
_SHOWN = 0.02  # explanations below this share of the likeliest are not listed
_KEPT = 8  # explainers; a course has about as many kinds of exercise


@dataclass(slots=True)
class Candidate:
    """The weights of everything that could explain one wrong line on one sheet."""

    quantity: Quantity
    fits: list[tuple[Hypothesis, float]]
    slip: Slip | None
    slip_weight: float
    copied: Quantity | None
    copied_weight: float
    copies: frozenset[Hypothesis]
    unknown_weight: float

    @property
    def against(self) -> float:
        """The weight of everything that is no mistake of understanding."""
        return self.slip_weight + self.copied_weight + self.unknown_weight

    def beliefs(self) -> dict[str, float]:
        """How likely each mistake, by name, is on this line alone."""
        everything = sum(w for _, w in self.fits) + self.against
        out: dict[str, float] = defaultdict(float)
        for h, w in self.fits:
            out[h.mistake.name] += w / everything
        return out

    def settle(self, elsewhere: Mapping[str, float]) -> Explanation:
        """Weigh up, given how likely each mistake, by name, has been made elsewhere on the sheet."""
        by_code: dict[str, tuple[Hypothesis, float]] = {}
        # Of one mistake what fits best stands for all.
        for h, alone in sorted(self.fits, key=lambda fit: -fit[1]):
            again = 1 + AGAIN * elsewhere.get(h.mistake.name, 0.0) / h.chance
            best, sofar = by_code.get(h.mistake.code, (h, 0.0))
            by_code[h.mistake.code] = (best, sofar + alone * again)
        ranked = sorted(by_code.values(), key=lambda pair: -pair[1])
        named = sum(w for _, w in ranked)
        everything = named + self.against
        own = (self.quantity,)
        if ranked and named >= MARGIN * self.against:
            copied = self.copied if ranked[0][0] in self.copies else None
            found = causes(ranked, named / everything)
            return Explanation(self.quantity, found, copied=copied, segment=own, stands=self.copied)
        if self.slip is not None and self.slip_weight >= max(self.copied_weight, self.unknown_weight):
            return Explanation(self.quantity, slip=self.slip, segment=own)
        if self.copied is not None and self.copied_weight >= self.unknown_weight:
            return Explanation(self.quantity, copied=self.copied, segment=own)
        return Explanation(self.quantity, segment=own)


def causes(
    ranked: list[tuple[Hypothesis, float]],
    share: float,
    together: Mapping[int, tuple[Hypothesis, ...]] | None = None,
) -> tuple[Cause, ...]:
    """The mistakes with their probabilities, which add up to `share`; those far behind are left out.

    together: of some, by identity, all the lines at which they are taken to be made.
    """
    members = together or {}
    sharp = [(h, w**SHARPEN) for h, w in ranked if w >= _SHOWN * ranked[0][1]]
    everything = sum(w for _, w in sharp) or 1.0
    return tuple(Cause(h, share * w / everything, members.get(id(h), (h,))) for h, w in sharp)


def proved(cause: Cause, rivals: set[str], others: Iterable[Explanation]) -> bool:
    """Whether another line fits this mistake and none of its rivals, given by their names."""
    for other in others:
        names = {c.hypothesis.mistake.name for c in other.causes if c.probability >= EXACT_TIE}
        if cause.hypothesis.mistake.name in names and not rivals & names:
            return True
    return False


def lies_at(cause: Cause, explanation: Explanation) -> bool:
    """Whether a cause lies where the break was taken to lie when the sheet was judged, with what follows from it."""
    return cause.hypothesis.step.quantity == explanation.at


def decided(explained: dict[Quantity, Explanation]) -> dict[Quantity, Explanation]:
    """The same explanations, ties between mistakes decided where one of them alone fits another line."""
    out = dict(explained)
    for q, explanation in explained.items():
        if explanation.is_repeated:
            continue  # other lines rest on the first of its causes
        names = {c.hypothesis.mistake.name for c in explanation.causes if c.probability >= TIE}
        others = [e for p, e in explained.items() if p != q]
        found = [
            c for c in explanation.causes
            if c.probability >= TIE and lies_at(c, explanation) and proved(c, names - {c.hypothesis.mistake.name}, others)
        ]  # fmt: skip
        if len(names) > 1 and len({c.hypothesis.mistake.name for c in found}) == 1:
            out[q] = replace(explanation, causes=_first(found[0], explanation.causes))
    return out


def _first(chosen: Cause, causes: tuple[Cause, ...]) -> tuple[Cause, ...]:
    """The causes with one of them put first, which all but takes the place of the others."""
    whole = sum(c.probability for c in causes)
    rest = sum(c.probability for c in causes if c is not chosen) or 1.0
    return (
        replace(chosen, probability=whole * (1 - _LEFT)),
        *(replace(c, probability=whole * _LEFT * c.probability / rest) for c in causes if c is not chosen),
    )


class Explainer:
    """Explains the wrong lines of sheets that share a graph; hypotheses are made once."""

    def __init__(self, graph: StepGraph) -> None:
        self.graph = graph
        self._known: dict[Quantity, tuple[Hypothesis, ...]] = {}
        self._pairs: dict[Quantity, tuple[Hypothesis, ...]] = {}
        self._repeated: tuple[Repeated, ...] = ()

    def hypotheses(self, q: Quantity) -> tuple[Hypothesis, ...]:
        """Every hypothesis for one line."""
        if q not in self._known:
            step = self.graph.by_quantity[q]
            self._known[q] = (*hypotheses(step, self.graph), *in_one_place(step, self.graph))
        return self._known[q]

    def pairs(self, q: Quantity) -> tuple[Hypothesis, ...]:
        """Every pair of mistakes at one line."""
        if q not in self._pairs:
            self._pairs[q] = pairs(self.graph.by_quantity[q], self.graph)
        return self._pairs[q]

    @property
    def repeated(self) -> tuple[Repeated, ...]:
        """Every mistake at several like lines together."""
        if not self._repeated:
            self._repeated = repeated(self.graph, self.hypotheses)
        return self._repeated

    def explain(self, judged: Judgement) -> list[dict[Quantity, Explanation]]:
        """For each sheet, an explanation of each wrong line."""
        found: list[dict[Quantity, Candidate]] = [{} for _ in range(judged.sheets.size)]
        tried = np.zeros(judged.sheets.size, dtype=int)
        with np.errstate(all="ignore"):
            for step in self.graph.steps:
                index = np.flatnonzero(judged.wrong(step.quantity))
                if index.size:
                    self.candidates(judged, step.quantity, index, found, tried)
        return [self.settle(sheet) for sheet in found]

    def settle(self, sheet: Mapping[Quantity, Candidate]) -> dict[Quantity, Explanation]:
        """Weigh all the wrong lines of one sheet, each in the light of the others."""
        beliefs = {q: c.beliefs() for q, c in sheet.items()}
        out = {}
        for q, candidate in sheet.items():
            elsewhere: dict[str, float] = {}
            for other, believed in beliefs.items():
                if other != q:
                    for name, p in believed.items():
                        elsewhere[name] = max(elsewhere.get(name, 0.0), p)
            out[q] = candidate.settle(elsewhere)
        return out

    def candidates(
        self,
        judged: Judgement,
        q: Quantity,
        index: Array,
        found: list[dict[Quantity, Candidate]],
        tried: Array,
    ) -> None:
        """Score everything that could explain the line `q` on the sheets `index`.

        tried: how many pairs of mistakes were tried on each sheet so far.
        """
        sheets = judged.sheets
        value, typed_unit = sheets.value[q][index], sheets.unit[q][index]
        unit, own_unit = judged.unit[index], judged.lines[q].unit[index]
        fine = np.fmin(typed_unit, own_unit)
        said = written(value, fine)
        boxes: dict[Quantity, Interval] = {}

        def box(p: Quantity) -> Interval:
            if p not in boxes:
                boxes[p] = judged.box(p).take(index)
            return boxes[p]

        def weigh(known: tuple[Hypothesis, ...], prior: float) -> Array:
            weights = np.zeros((len(known), index.size))
            for row, h in enumerate(known):
                weights[row] = weight(prior * h.chance, value, said, enclose(h.formula, box, unit), fine)
            return weights

        known = self.hypotheses(q)
        weights = weigh(known, MISTAKE)
        lost = ~weights.any(axis=0) & (tried[index] < MOST_PAIRS)  # numbers that no single mistake gives
        if lost.any():
            tried[index[lost]] += len(self.pairs(q))
            known = (*known, *self.pairs(q))
            weights = np.vstack([weights, np.where(lost, weigh(self.pairs(q), PAIR), 0.0)])
        own = judged.lines[q].own.take(index)
        skipped = np.zeros(index.size, dtype=bool)
        for p in self.graph.by_quantity[q].parents:
            if p in judged.lines:
                skipped |= judged.lines[p].blank[index]
        spread = 2 * (np.abs(value) + np.abs(own.mid)) / fine + 20
        for column, sheet in enumerate(index):
            rows = np.flatnonzero(weights[:, column])
            text = as_typed(float(value[column]), float(typed_unit[column]))
            low, high = float(own.lo[column]), float(own.hi[column])
            slip, chance = find(text, low, high, float(own_unit[column]))
            if slip is not None and skipped[column] and not slip.tells(low, high, float(fine[column])):
                slip, chance = None, 0.0
            copied, share = self.copied(judged, q, int(sheet))
            fitting = [known[row] for row in rows]
            found[sheet][q] = Candidate(
                q,
                [
                    (h, max(float(weights[row, column]), MISTAKE * h.chance * self.exactly(h, copied)))
                    for h, row in zip(fitting, rows, strict=True)
                ],
                slip,
                SLIP * chance,
                copied,
                COPIED * share,
                self.copies(copied, fitting),
                UNKNOWN / float(spread[column]),
            )

    def exactly(self, h: Hypothesis, copied: Quantity | None) -> float:
        """How likely a mistake makes this number if another line, which has it, is the mistake's own formula."""
        step = self.graph.by_quantity.get(copied) if copied is not None else None
        return 1.0 if step is not None and h.formula == step.formula else 0.0

    def copies(self, copied: Quantity | None, fitting: list[Hypothesis]) -> frozenset[Hypothesis]:
        """Uncommon mistakes that come to nothing but another line's number: it may just have been copied."""
        if copied is None:
            return frozenset()
        step = self.graph.by_quantity.get(copied)
        same: set[Formula] = {Symbol(copied)} if step is None else {Symbol(copied), step.formula}
        return frozenset(h for h in fitting if h.formula in same and h.mistake.weight < COMMON)

    def copied(self, judged: Judgement, q: Quantity, sheet: int) -> tuple[Quantity | None, float]:
        """Another line, or a given number, that reads exactly like this one."""
        value = judged.sheets.value[q][sheet]
        if abs(value) in (0.0, 1.0):
            return None, 0.0
        sources = {**judged.sheets.given, **judged.sheets.value}
        after = {p for p in self.graph.by_quantity if q in self.graph.ancestors[p]}  # these came from here
        own = set(leaves(self.graph.by_quantity[q].formula))
        # A given of elsewhere has few digits, and tells nothing.
        after |= judged.sheets.given.keys() - own
        same = [p for p, v in sources.items() if p != q and p not in after and v[sheet] == value]
        return (same[0], len(same) / len(sources)) if same else (None, 0.0)


_explainers: dict[int, Explainer] = {}


def explainer_of(graph: StepGraph) -> Explainer:
    """The explainer of a graph, made once: a class is judged in several batches, and hypotheses take long to make.

    It holds the graph, so that no other can take its identity.
    """
    if id(graph) not in _explainers:
        if len(_explainers) >= _KEPT:
            _explainers.clear()
        _explainers[id(graph)] = Explainer(graph)
    return _explainers[id(graph)]
