"""Judge every line by its own formula on the student's own earlier lines.

One pass in the order of computation, over many sheets at once. A line is right when some correct way of
working could have led from what stands above it to what stands in it; see `interval` for the set of numbers
that correct work can give. Which wrong formula a broken line comes from is the business of `explain`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.quantity import Link, Quantity, QuantityKind
from grader.judging.carried import DRIFT, NEAR, Chains, Point, visible
from grader.judging.interval import Interval, enclose, exactly, rounded, written
from grader.judging.verdict import JudgedLine, Judgement, Note, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exercises.networks.steps import Step
    from grader.judging.batch import SheetBatch

Array = Any
Boxes = dict[Quantity, Interval]


# Links whose lines are products: there a rounding as large as the number leaves nothing to judge.
_PRODUCTS = frozenset({Link.OUTPUT_DELTA, Link.HIDDEN_DELTA, Link.GRADIENT, Link.ACTIVATION_SLOPE, Link.LOSS})
_TELLING = 0.1  # a line coarser than the rest of its sheet shows two digits at least, or it shows nothing
_ROUGHEST = 1000.0  # nobody rounds inner products more roughly than this many working units
_NOTHING = 1e-6  # of a working unit: what floats leave of an exact 0
_COARSEST = 10.0  # a wrong line typed coarser than this many working units is taken as typed without zeros


def judge(sheets: SheetBatch, assumed: Mapping[Quantity, Interval] | None = None) -> Judgement:
    """Judge n sheets.

    assumed: for blank lines, what the student is taken to have had there (an explanation under trial); NaN
    bounds where nothing is assumed.
    """
    return _Judge(sheets, assumed or {}).run()


class _Judge:
    """The pass over the lines, with what later lines need to know of earlier ones."""

    def __init__(self, sheets: SheetBatch, assumed: Mapping[Quantity, Interval]) -> None:
        self.sheets = sheets
        self.assumed = assumed
        self.result = Judgement(sheets, sheets.working_unit())
        self.unit = self.result.unit
        self.as_written: Boxes = {q: exactly(v) for q, v in sheets.given.items()}
        self.as_meant: Boxes = dict(self.as_written)  # a wrong line as it should have been
        self.afresh: Boxes = dict(self.as_written)  # so too all that builds on one, where it was carried on
        self.chains = Chains(sheets.given)
        no = np.zeros(sheets.size, dtype=bool)
        self.wrong: dict[Quantity, Array] = dict.fromkeys(sheets.given, no)
        self.differs: dict[Quantity, Array] = dict.fromkeys(sheets.given, no)  # written and meant are two
        self.spoiled: dict[Quantity, Array] = dict.fromkeys(sheets.given, no)  # wrong, or built on such
        self.hidden: dict[Quantity, Array] = dict.fromkeys(sheets.given, no)
        self.trivial: dict[Quantity, Array] = dict.fromkeys(sheets.given, no)
        self.stock = sheets.stock_answer()
        self.habit = sheets.usual_unit()

    def run(self) -> Judgement:
        with np.errstate(all="ignore"):
            for step in self.sheets.graph.steps:
                self.line(step)
        return self.result

    def line(self, step: Step) -> None:
        q, sheets = step.quantity, self.sheets
        value, unit = sheets.value[q], sheets.unit[q]
        blank = np.isnan(value)
        own = enclose(step.formula, self.as_written.__getitem__, self.unit)
        afresh = enclose(step.formula, self.afresh.__getitem__, self.unit)
        point = self.chains.work_out(step, sheets.size)
        fine, coarse = np.fmin(unit, self.unit), np.fmax(unit, self.unit)
        said = written(value, fine)
        right, reach = self.agrees(step, own, said)
        parents = step.parents
        suspect = self.any(self.differs, parents)
        spoiled = self.any(self.spoiled, parents)
        by_own = right.copy()
        right |= self.agrees_otherwise(step, said, ~right & ~blank & suspect)
        near = np.abs(value - point.key) <= NEAR * self.unit
        redone = afresh.contains(said) & (np.abs(value - point.mended) <= DRIFT * self.unit)
        by_key = ~right & ~blank & (near | (spoiled & redone))
        loosely = self.loosely(
            step, value, unit, spoiled, ~right & ~by_key & ~blank & self.may_be_coarse(value, unit)
        )
        accepted = right | by_key | loosely
        wrong = ~blank & ~accepted
        anew = accepted & ~by_own & ~loosely & ~blank
        place = np.where(loosely, unit, np.where(blank, self.unit, fine))
        mended = point.after(value, anew & (by_key | redone))
        near |= loosely & written(value, unit).contains(exactly(point.key))
        tainted = spoiled & (blank | (~near & visible(value - mended, place)))
        verdict = np.where(tainted, Verdict.FOLLOWS, Verdict.CORRECT)
        verdict = np.where(wrong, Verdict.WRONG, verdict)
        hidden = self.any(self.hidden, parents)
        note = self.notes(own, value, unit, by_own & ~blank, loosely)
        hopeless = loosely & (unit > _TELLING * np.abs(value))
        trivial = (self.is_trivial(step, value, tainted) | (tainted & (value == self.stock))) & accepted
        unmeasurable = self.unmeasurable(step, own, value, point)
        note = np.where(unmeasurable & accepted & ~blank, Note.UNMEASURABLE, note)
        note = np.where(trivial & ~blank, Note.TRIVIAL, note)
        note = np.where(hopeless, Note.TOO_COARSE, note)
        note = np.where(wrong & hidden, Note.HIDDEN, note)
        verdict = np.where(note >= Note.UNMEASURABLE, Verdict.NOT_ASSESSED, verdict)
        verdict = np.where(blank, Verdict.MISSING, verdict)
        verdict = np.where(sheets.unreadable[q], Verdict.UNREADABLE, verdict)
        self.wrong[q] = wrong & ~hidden
        self.differs[q] = self.wrong[q] | (blank & suspect)
        self.spoiled[q] = spoiled | wrong | self.assumed_at(q)
        self.keep(q, own, reach, accepted, coarse)
        self.afresh[q] = rounded(afresh, self.unit).where(self.spoiled[q] & ~anew, self.as_written[q])
        self.carry_on(q, point, mended, wrong)
        self.hidden[q] = sheets.unreadable[q] | (blank & hidden)
        self.trivial[q] = ~blank & (tainted | wrong) & ((value == 0) | (wrong & (np.abs(value) == 1)))
        self.result.lines[q] = JudgedLine(
            verdict, note, own, self.as_written[q], blank, by_key, anew, point.key, point.exact, place
        )

    def carry_on(self, q: Quantity, point: Point, mended: Array, wrong: Array) -> None:
        """The chains of numbers go on with what is typed, or with what is assumed or follows where it is blank."""
        value = self.sheets.value[q]
        blank = np.isnan(value)
        implied = point.had
        if q in self.assumed:
            implied = np.where(self.assumed_at(q), self.assumed[q].mid, implied)
        had = np.where(blank, implied, value)
        mended = np.where(blank | wrong, point.mended, mended)
        self.chains.keep(q, point, had, mended, wrong | self.assumed_at(q))

    def assumed_at(self, q: Quantity) -> Array:
        """Where something is assumed of a blank line."""
        assumed = self.assumed.get(q)
        return np.zeros(self.sheets.size, dtype=bool) if assumed is None else ~np.isnan(assumed.lo)

    def may_be_coarse(self, value: Array, unit: Array) -> Array:
        """Where a line is written to fewer places than its sheet; a bare 0 says nothing of its places."""
        return (unit > self.unit) & ((value != 0) | (unit <= self.habit * 1.01))

    def any(self, flags: Mapping[Quantity, Array], parents: tuple[Quantity, ...]) -> Array:
        """Where a flag is up for any of the parents."""
        out = np.zeros(self.sheets.size, dtype=bool)
        for p in parents:
            out |= flags[p]
        return out

    def agrees(self, step: Step, own: Interval, said: Interval) -> tuple[Array, Interval]:
        """Where a line fits its formula, or one that is just as right; and what it was then meant to be."""
        right, reach = own.contains(said), own
        for formula in step.alternatives:
            other = enclose(formula, self.as_written.__getitem__, self.unit)
            fits = other.contains(said) & ~right
            reach = other.where(fits, reach)
            right = right | fits
        return right, reach

    def agrees_otherwise(self, step: Step, said: Interval, at: Array) -> Array:
        """Where a line fits once wrong earlier lines are taken as the student meant them.

        A slip of the pen breaks the line that it is in; whoever went on with the calculator's number has
        the next lines right. Every parent is tried by itself, and all of them together.
        """
        out = np.zeros(self.sheets.size, dtype=bool)
        index = np.flatnonzero(at)
        if not index.size:
            return out
        parents = [p for p in step.parents if self.differs[p][index].any()]
        trials = [parents, *([p] for p in parents if len(parents) > 1)]
        part = Interval(said.lo[index], said.hi[index])
        for trial in trials:
            box = self.picked(index, trial)
            fits = np.zeros(index.size, dtype=bool)
            for formula in (step.formula, *step.alternatives):
                fits |= enclose(formula, box, self.unit[index]).contains(part)
            out[index] |= fits
        return out

    def picked(self, index: Array, meant: list[Quantity]) -> Callable[[Quantity], Interval]:
        """Boxes of some sheets, some quantities as meant and the others as written."""

        def box(p: Quantity) -> Interval:
            return (self.as_meant if p in meant else self.as_written)[p].take(index)

        return box

    def loosely(self, step: Step, value: Array, unit: Array, spoiled: Array, at: Array) -> Array:
        """Where a line fits if it was rounded to the few places that it shows."""
        out = np.zeros(self.sheets.size, dtype=bool)
        index = np.flatnonzero(at)
        if index.size:
            noise = np.minimum(unit[index], _ROUGHEST * self.unit[index])
            own = enclose(step.formula, self.picked(index, []), noise)
            afresh = enclose(step.formula, lambda p: self.afresh[p].take(index), noise)
            said = written(value[index], unit[index])
            out[index] = own.contains(said) | (spoiled[index] & afresh.contains(said))
        return out

    def notes(self, own: Interval, value: Array, unit: Array, accepted: Array, loosely: Array) -> Array:
        """Cut off, or written to fewer places than asked."""
        half = 0.5 * np.fmin(unit, self.unit) * (1 + 1e-9)
        strictly = own.contains(Interval(value - half, value + half))
        shorter = (np.abs(value) < np.abs(own.mid)) & (unit <= self.sheets.asked)
        note = np.where(accepted & ~strictly & shorter, Note.CUT_OFF, Note.NONE)
        return np.where(loosely, Note.COARSE, note)

    def unmeasurable(self, step: Step, own: Interval, value: Array, point: Point) -> Array:
        """Where the rounding is as large as the number itself; a 0 that is exact shows that it was seen."""
        if step.link not in _PRODUCTS:
            return np.zeros(self.sheets.size, dtype=bool)
        exact_zero = (own.lo == 0) & (own.hi == 0)
        exact_zero |= (value == 0) & (np.abs(point.key) < _NOTHING * self.unit)
        return ~exact_zero & ((value == 0) | (own.radius >= np.abs(own.mid)))

    def is_trivial(self, step: Step, value: Array, tainted: Array) -> Array:
        """Where an earlier wrong 0 or ±1 leaves nothing to compute."""
        stock = self.any(self.trivial, step.parents) & tainted
        if step.link in _PRODUCTS and step.link is not Link.LOSS:
            return stock
        zero = np.zeros(self.sheets.size, dtype=bool)
        if step.link is Link.UPDATE:
            same = [
                self.as_written[q] for q in step.parents if q.kind in (QuantityKind.WEIGHT, QuantityKind.BIAS)
            ]
            return stock & (value == same[0].mid) if same else zero
        return zero

    def keep(
        self,
        q: Quantity,
        own: Interval,
        reach: Interval,
        accepted: Array,
        coarse: Array,
    ) -> None:
        """Remember what later lines may have gone on with."""
        value = self.sheets.value[q]
        blank = np.isnan(value)
        computed = rounded(own, self.unit)
        assumed = self.assumed.get(q)
        if assumed is not None:
            computed = rounded(assumed, self.unit).where(self.assumed_at(q), computed)
        said = written(value, np.where(accepted, coarse, np.fmin(coarse, _COARSEST * self.unit)))
        common = reach.meet(said)
        narrowed = common.where(accepted & (common.lo <= common.hi), said).hull(exactly(value))
        self.as_written[q] = computed.where(blank, narrowed)
        meant = rounded(
            enclose(self.sheets.graph.by_quantity[q].formula, self.as_meant.__getitem__, self.unit), self.unit
        )
        self.as_meant[q] = meant.where(
            blank & self.differs[q], computed.where(blank | self.wrong[q], narrowed)
        )
