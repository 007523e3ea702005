"""Judge every line by its own formula on the student's own earlier lines.

One pass in the order of computation, over many sheets at once. A line is right when some correct way of
working could have led from what stands above it to what stands in it; see `interval` for the set of numbers
that correct work can give. Which wrong formula a broken line comes from is the business of `explain`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.last_places import LastPlaces, unit_at
from exercises.formulas.quantity import Link
from grader.judging.carried import Chains, Point, visible
from grader.judging.copied import is_bare, is_copied, is_filled_in, without_stock
from grader.judging.findings import SheetFindings
from grader.judging.grounds import Basis, Boxes, Entry, Flags, Grounds, Justifier
from grader.judging.interval import Interval, carried_on, enclose, exactly, rounded, written
from grader.judging.kept import AwaitedLine, Handed, KeptLines
from grader.judging.verdict import JudgedLine, Judgement, Note, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection

    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step
    from grader.judging.batch import SheetBatch

Array = Any


# Links whose lines are products: there a rounding as large as the number leaves nothing to judge.
_PRODUCTS = frozenset({Link.OUTPUT_DELTA, Link.HIDDEN_DELTA, Link.GRADIENT, Link.ACTIVATION_SLOPE, Link.LOSS})
_NOTHING = 1e-6  # of a working unit: what floats leave of an exact 0
_COARSEST = 10.0  # a wrong line typed coarser than this many working units is taken as typed without zeros


def judge(sheets: SheetBatch, findings: SheetFindings | None = None) -> Judgement:
    """Judge n sheets.

    findings: what is known beside what stands on them (found out, or under trial).
    """
    findings = SheetFindings(sheets.size) if findings is None else findings
    return _Judge(sheets, findings).run().broken(findings.broken)


def is_spoiled(sheets: SheetBatch, right: Collection[Quantity]) -> bool:
    """Whether any of some lines of a sheet that is alone is wrong; told at the first, and so the sooner."""
    return _Judge(sheets, SheetFindings(1)).spoils(right)


class _Judge:
    """The pass over the lines, with what later lines need to know of earlier ones."""

    def __init__(self, sheets: SheetBatch, findings: SheetFindings) -> None:
        self.sheets, self.findings = sheets, findings
        self.boxes = Boxes({q: exactly(v) for q, v in sheets.given.items()})
        self.flags = dict.fromkeys(sheets.given, Flags.down(sheets.size))
        self.justifier = Justifier(self.boxes, self.flags, sheets)
        self.unit = self.justifier.unit
        self.chains = Chains(sheets.given)
        self.kept = KeptLines(sheets, findings, self.justifier) if sheets.size == 1 else None
        self.lines: dict[Quantity, JudgedLine] = {}
        self.late: dict[Quantity, JudgedLine] = {}

    def run(self) -> Judgement:
        with np.errstate(all="ignore"):
            for step in self.sheets.graph.steps:
                self.lines[step.quantity] = self.line(step) if self.is_wanted(step) else self.awaited(step)
        return Judgement(self.sheets, self.unit, without_stock(self.sheets, self.lines))

    def spoils(self, right: Collection[Quantity]) -> bool:
        """Whether one of these lines is wrong."""
        with np.errstate(all="ignore"):
            return any(
                self.line(step).verdict[0] == Verdict.WRONG and step.quantity in right
                for step in self.sheets.graph.steps
                if self.is_wanted(step)
            )

    def is_wanted(self, step: Step) -> bool:
        """Whether a line is to be judged at once."""
        return self.kept is None or step.quantity in self.kept.wanted

    def awaited(self, step: Step) -> AwaitedLine:
        """A line that is judged when somebody asks for its numbers, and then all of those with it."""

        def later() -> JudgedLine:
            if not self.late:
                with np.errstate(all="ignore"):
                    steps = (step for step in self.sheets.graph.steps if not self.is_wanted(step))
                    self.late = {step.quantity: self.line(step) for step in steps}
            return self.late[step.quantity]

        return AwaitedLine(later)

    def line(self, step: Step) -> JudgedLine:
        """Judge a line, unless it is known, and hand on what those below it need."""
        found = self.judged(step) if self.kept is None else self.kept.line(step, lambda: self.judged(step))
        q = step.quantity
        self.flags[q] = found.flags
        self.boxes.hand_on(q, found.boxes)
        self.chains.hand_on(q, found.chains)
        return found.line

    def judged(self, step: Step) -> Handed:
        """Judge a line."""
        q = step.quantity
        basis = self.basis(step)
        entry = Entry.of(self.sheets, q, self.unit_of(q, basis))
        copied = is_copied(self.sheets, q)
        grounds = self.justifier.grounds(step, entry, basis)
        grounds = replace(
            grounds, coarse=grounds.coarse & ~is_filled_in(self.sheets, q, self.justifier.usual)
        )
        wrong = ~entry.blank & ~grounds.accepted
        place = np.where(grounds.coarse, entry.unit, np.where(entry.blank, entry.working, entry.fine))
        place = np.where(grounds.asked, unit_at(self.sheets.asked, entry.value), place)
        mended = basis.point.after(entry.value, grounds.corrected)
        effect = ~grounds.near & visible(entry.value - mended, place)
        carried_forward = basis.above.affected & (entry.blank | effect)
        note = self.note(step, entry, basis, grounds, carried_forward)
        note = np.where(wrong & basis.above.hidden, Note.HIDDEN, note)
        verdict = np.where(carried_forward, Verdict.FOLLOWS, Verdict.CORRECT)
        verdict = np.where(wrong, Verdict.WRONG, verdict)
        verdict = np.where(note >= Note.UNMEASURABLE, Verdict.NOT_ASSESSED, verdict)
        verdict = np.where(entry.blank, Verdict.MISSING, verdict)
        verdict = np.where(self.sheets.unreadable[q], Verdict.UNREADABLE, verdict)
        too_far = self.justifier.is_too_far(entry, grounds.coarse) & visible(
            entry.value - basis.point.had, entry.fine
        )
        flags = self.handed_down(q, entry, basis.above, wrong, carried_forward).or_affected(too_far)
        idle = (note == Note.TRIVIAL) | (wrong & copied)
        flags = replace(flags, idle=flags.idle | idle)
        boxes = self.handed_boxes(step, entry, basis, grounds, flags)
        mended = np.where(entry.blank | wrong | too_far, basis.point.mended, mended)
        as_typed = wrong | too_far | (grounds.anew & basis.above.affected)
        chains = self.handed_chains(q, entry, basis, mended, as_typed)
        point = basis.point
        line = JudgedLine(
            verdict,
            note,
            basis.own,
            boxes[0],
            entry.blank,
            grounds.key,
            grounds.anew,
            point.key,
            point.exact,
            place,
            entry.working,
            flags.idle,
        )
        return Handed(line, flags, boxes, chains)

    def unit_of(self, q: Quantity, basis: Basis) -> Array:
        """The working unit of a line: of the number that stands there, else of that which should."""
        if not isinstance(self.unit, LastPlaces):
            return self.unit
        size = np.ones(self.sheets.size)
        for number in (basis.point.key, basis.own.mid, self.sheets.value[q]):
            size = np.where(np.isfinite(number) & (number != 0), number, size)
        return self.unit.at(size)

    def basis(self, step: Step) -> Basis:
        """What a line builds on."""
        none = Flags.down(self.sheets.size)
        return Basis(
            own=enclose(step.formula, self.boxes.written.__getitem__, self.unit),
            corrected=enclose(step.formula, self.boxes.corrected.__getitem__, self.unit),
            point=self.chains.work_out(step, self.sheets.size),
            above=reduce(Flags.either, (self.flags[p] for p in step.parents), none),
        )

    def handed_down(
        self, q: Quantity, entry: Entry, above: Flags, wrong: Array, carried_forward: Array
    ) -> Flags:
        """What a line tells those that build on it."""
        stock = (entry.value == 0) | (wrong & (np.abs(entry.value) == 1))
        trivial = ~entry.blank & (carried_forward | wrong) & stock
        return Flags(
            doubtful=(wrong & ~above.hidden) | (entry.blank & above.doubtful),
            affected=above.affected | wrong | self.findings.is_held(q),
            hidden=self.sheets.unreadable[q] | (entry.blank & above.hidden),
            trivial=trivial,
            idle=trivial & wrong,  # a 0 that an honest slip led to leaves sums to be worked out
        )

    def note(self, step: Step, entry: Entry, basis: Basis, grounds: Grounds, carried_forward: Array) -> Array:
        """What else is to be said of a line that is accepted."""
        written_down = grounds.accepted & ~entry.blank
        trivial = self.is_trivial(step, entry, basis, carried_forward)
        note = np.where(self.is_cut_off(entry, basis.own) & grounds.formula, Note.CUT_OFF, Note.NONE)
        note = np.where(
            grounds.coarse & (entry.unit > unit_at(self.sheets.asked, entry.value)), Note.COARSE, note
        )
        unmeasurable = self.is_unmeasurable(step, entry, basis) & written_down & ~grounds.anew
        note = np.where(unmeasurable, Note.UNMEASURABLE, note)
        return np.where(trivial & written_down, Note.TRIVIAL, note)

    def is_cut_off(self, entry: Entry, own: Interval) -> Array:
        """Where a number can be right only if it was cut off."""
        half = 0.5 * entry.fine * (1 + 1e-9)
        strictly = own.contains(Interval(entry.value - half, entry.value + half))
        shorter = (np.abs(entry.value) < np.abs(own.mid)) & (
            entry.unit <= unit_at(self.sheets.asked, entry.value)
        )
        return ~strictly & shorter

    def is_unmeasurable(self, step: Step, entry: Entry, basis: Basis) -> Array:
        """Where the rounding is as large as the number itself; a 0 that is exact shows that it was seen."""
        if step.link not in _PRODUCTS:
            return np.zeros(self.sheets.size, dtype=bool)
        own, zero = basis.own, entry.value == 0
        exact_zero = (own.lo == 0) & (own.hi == 0)
        exact_zero |= zero & (np.abs(basis.point.key) < _NOTHING * entry.working)
        return ~exact_zero & (zero | (own.radius >= np.abs(own.mid)))

    def is_trivial(self, step: Step, entry: Entry, basis: Basis, carried_forward: Array) -> Array:
        """Where an earlier wrong number leaves nothing to compute: a product with 0 or ±1, or what can be copied."""
        bare = is_bare(self.sheets, step, entry.value)
        there = carried_forward & basis.above.idle & bare
        if step.link in _PRODUCTS and step.link is not Link.LOSS:
            blank = [np.isnan(self.sheets.value[p]) for p in step.parents if p in self.sheets.value]
            worked_out = np.logical_or.reduce([np.zeros(self.sheets.size, dtype=bool), *blank])
            there |= carried_forward & basis.above.trivial & (bare | ~worked_out)
        if step.link is Link.ACTIVATION_SLOPE:
            there |= carried_forward & basis.above.idle
        return there | (carried_forward & (entry.value == self.sheets.stock))

    def handed_boxes(
        self, step: Step, entry: Entry, basis: Basis, grounds: Grounds, flags: Flags
    ) -> tuple[Interval, Interval, Interval]:
        """What later lines may have gone on with: as written, as meant, and corrected."""
        q, blank, boxes = step.quantity, entry.blank, self.boxes
        computed = rounded(basis.own, self.unit)
        if q in self.findings.held:
            held = rounded(self.findings.held[q], self.unit)
            computed = held.where(self.findings.is_held(q), computed)
        typed_without_zeros = np.fmin(entry.coarse, _COARSEST * entry.working)
        asked = unit_at(self.sheets.asked, entry.value)
        shown = np.where(grounds.asked, np.fmax(entry.coarse, asked), entry.coarse)
        said = written(entry.value, np.where(grounds.accepted, shown, typed_without_zeros))
        narrowed = carried_on(grounds.reach, said, entry.value, grounds.accepted)
        as_written = computed.where(blank, narrowed)
        meant = rounded(enclose(step.formula, boxes.meant.__getitem__, self.unit), self.unit)
        as_meant = meant.where(blank & flags.doubtful, computed.where(blank | flags.doubtful, narrowed))
        anew = rounded(basis.corrected, self.unit)
        return as_written, as_meant, anew.where(flags.affected & ~grounds.anew, as_written)

    def handed_chains(self, q: Quantity, entry: Entry, basis: Basis, mended: Array, as_typed: Array) -> Point:
        """The chains of numbers go on with what is typed, or with what is held or follows where it is blank."""
        point, held = basis.point, self.findings.is_held(q)
        implied = point.had
        if q in self.findings.held:
            implied = np.where(held, self.findings.held[q].mid, implied)
        had = np.where(entry.blank, implied, entry.value)
        return Point(point.key, had, mended, np.where(as_typed | held, had, point.exact))
