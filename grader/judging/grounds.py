"""On what grounds the number on a line is accepted: its formula on the lines above, as written, as meant or corrected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.last_places import LastPlaces, coarser, unit_at
from grader.judging.carried import DRIFT, NEAR
from grader.judging.interval import Interval, enclose, exactly, written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step
    from grader.judging.batch import SheetBatch
from grader.judging.carried import Point

Array = Any
_TWO_DIGITS = 10.0  # a whole number of fewer digits is no rounding of one that has places
_FIGURES = 1e-3  # of a number of four figures its last place is no more
_HABIT = 1.01  # times the usual unit: a bare 0 of a coarser one says nothing of its places


class Boxes:
    """Every number that a line may hand on to those that build on it, in three readings of a sheet.

    written:   from what stands there.
    meant:     a wrong line as it should have been on the lines above it.
    corrected: so too all that builds on a wrong line, unless it was worked anew.
    """

    def __init__(self, given: Mapping[Quantity, Interval]) -> None:
        self.written: dict[Quantity, Interval] = dict(given)
        self.meant: dict[Quantity, Interval] = dict(given)
        self.corrected: dict[Quantity, Interval] = dict(given)

    def hand_on(self, q: Quantity, three: tuple[Interval, Interval, Interval]) -> None:
        """Later lines go on with these."""
        self.written[q], self.meant[q], self.corrected[q] = three


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands on one line of n sheets; arrays of shape (n,).

    value:  the number; NaN where the line is blank.
    unit:   what one step in the last typed place is worth.
    working: what one in the last place of this number is worth on a sheet that is worked as this one is.
    fine:   the same, or the working unit if that is finer.
    coarse: the same, or the working unit if that is coarser.
    said:   every number that is written so, to the finer of the two.
    blank:  where nothing readable stands.
    """

    value: Array
    unit: Array
    working: Array
    fine: Array
    coarse: Array
    said: Interval
    blank: Array

    @classmethod
    def of(cls, sheets: SheetBatch, q: Quantity, working: Array) -> Entry:
        """The entries of one line on sheets that are worked to some unit."""
        value, unit = sheets.value[q], sheets.unit[q]
        if isinstance(sheets.asked, LastPlaces):  # the last 0 of 1230 may be no figure
            whole = (unit < working) & (unit == 1) & (np.rint(value / working) * working == value)
            unit = np.where(whole, working, unit)
        fine, coarse = np.fmin(unit, working), np.fmax(unit, working)
        return cls(value, unit, working, fine, coarse, written(value, fine), np.isnan(value))


@dataclass(frozen=True, slots=True)
class Flags:
    """What a line hands down to those that build on it, arrays of bool of shape (n,).

    doubtful: it was written otherwise than meant: wrong, or blank with such a line above it.
    affected: it is wrong or rounded too far, or an earlier error may be carried forward to it.
    hidden:   it is unreadable, or blank with such a line above it.
    trivial:  it is a wrong 0 or ±1, or a 0 that an earlier error led to.
    idle:     so it is, or it is a wrong number that is only copied, or one that such a line left nothing to do in.
    """

    doubtful: Array
    affected: Array
    hidden: Array
    trivial: Array
    idle: Array

    @classmethod
    def down(cls, size: int) -> Flags:
        """No flag is up on any sheet."""
        no = np.zeros(size, dtype=bool)
        return cls(no, no, no, no, no)

    def either(self, other: Flags) -> Flags:
        """Where a flag is up for one line or the other."""
        return Flags(
            self.doubtful | other.doubtful,
            self.affected | other.affected,
            self.hidden | other.hidden,
            self.trivial | other.trivial,
            self.idle | other.idle,
        )

    def or_affected(self, also: Array) -> Flags:
        """The same where numbers further down may be affected for another reason."""
        return replace(self, affected=self.affected | also)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a line builds on.

    own:       what its formula gives on the lines above as written, before rounding.
    corrected: the same on the lines above without their errors.
    point:     the same without uncertainty.
    above:     the flags of the lines above.
    """

    own: Interval
    corrected: Interval
    point: Point
    above: Flags


@dataclass(frozen=True, slots=True)
class Grounds:
    """Where a line is accepted, and why: of the first five one at most on each sheet; arrays of bool, (n,).

    formula:   it fits its formula, or one just as right, on the lines above as written.
    meant:     so it does once wrong lines above are taken as they were meant.
    key:       it is the key's number, rounded on the way, or fits once all errors above are corrected.
    asked:     of the digits typed those are right that are asked for.
    coarse:    it fits if it was rounded to the few places that it shows.
    corrected: it goes on with corrected numbers in place of those above it.
    near:      it is the key's number, as far as it shows, whatever else it is accepted for.
    reach:     what it was meant to be, before rounding.
    """

    formula: Array
    meant: Array
    key: Array
    asked: Array
    coarse: Array
    corrected: Array
    near: Array
    reach: Interval

    @property
    def accepted(self) -> Array:
        """Where any of them holds."""
        return self.formula | self.meant | self.key | self.asked | self.coarse

    @property
    def anew(self) -> Array:
        """Where the line goes on with other numbers than those that stand above it."""
        return self.meant | self.key


class Justifier:
    """Looks for the grounds on which lines are accepted.

    boxes: what lines hand on, filled as they are judged.
    flags: what they hand down, filled likewise.
    unit:  the working unit of each sheet, (n,).
    usual: the unit of most of its lines, (n,).
    asked: the unit of the places asked for, (n,).
    """

    def __init__(self, boxes: Boxes, flags: Mapping[Quantity, Flags], sheets: SheetBatch) -> None:
        self.boxes, self.flags = boxes, flags
        self.unit, self.usual, self.asked = sheets.working_unit(), sheets.usual_unit(), sheets.asked

    def grounds(self, step: Step, entry: Entry, basis: Basis) -> Grounds:
        """The grounds of one line, each looked for only where those before it do not hold."""
        value, point, above = entry.value, basis.point, basis.above
        formula, reach = self.by_formula(step, basis.own, entry.said)
        left = ~formula & ~entry.blank
        meant = self.by_meaning(step, entry.said, left & above.doubtful)
        left &= ~meant
        near = np.abs(value - point.key) <= NEAR * self.unit_near(entry, point.key)
        anew = basis.corrected.contains(entry.said) & (np.abs(value - point.mended) <= DRIFT * entry.working)
        key = left & (near | (above.affected & anew))
        left &= ~key
        place = unit_at(self.asked, value)
        asked = left & (entry.unit < place) & reach.contains(written(as_asked(value, place), place))
        left &= ~asked
        coarse = self.by_few_places(step, entry, above.affected, left & self.may_be_coarse(entry))
        near |= coarse & written(value, entry.unit).contains(exactly(point.key))
        return Grounds(formula, meant, key, asked, coarse, key | (meant & anew), near, reach)

    def unit_near(self, entry: Entry, key: Array) -> Array:
        """The working unit of a number and of the key's; the finer, where a power of ten lies between the two."""
        return np.where(key == 0, entry.working, np.fmin(entry.working, unit_at(self.unit, key)))

    def by_formula(self, step: Step, own: Interval, said: Interval) -> tuple[Array, Interval]:
        """Where a line fits its formula, or one that is just as right; and what it was then meant to be."""
        right, reach = own.contains(said), own
        for formula in step.alternatives:
            other = enclose(formula, self.boxes.written.__getitem__, self.unit)
            fits = other.contains(said) & ~right
            reach = other.where(fits, reach)
            right = right | fits
        return right, reach

    def by_meaning(self, step: Step, said: Interval, at: Array) -> Array:
        """Where a line fits once wrong earlier lines are taken as the student meant them.

        A slip of the pen breaks the line that it is in; whoever went on with the calculator's number has
        the next lines right. Every parent is tried by itself, and all of them together.
        """
        out = np.zeros(at.size, dtype=bool)
        index = np.flatnonzero(at)
        if not index.size:
            return out
        parents = [p for p in step.parents if self.flags[p].doubtful[index].any()]
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
            return (self.boxes.meant if p in meant else self.boxes.written)[p].take(index)

        return box

    def by_few_places(self, step: Step, entry: Entry, affected: Array, at: Array) -> Array:
        """Where a line is the number of the lines above it, rounded or cut off to the few places that it shows."""
        out = np.zeros(at.size, dtype=bool)
        index = np.flatnonzero(at)
        if index.size:
            noise = coarser(self.unit, self.asked)[index]
            said = written(entry.value[index], entry.unit[index])
            for formula in (step.formula, *step.alternatives):
                own = enclose(formula, self.picked(index, []), noise)
                corrected = enclose(formula, lambda p: self.boxes.corrected[p].take(index), noise)
                out[index] |= own.contains(said) | (affected[index] & corrected.contains(said))
        return out

    def may_be_coarse(self, entry: Entry) -> Array:
        """Where a line is written to fewer places than its sheet; a bare 0, or 1, says nothing of its places."""
        usual, asked = unit_at(self.usual, entry.value), unit_at(self.asked, entry.value)
        telling = (entry.value != 0) | (entry.unit <= usual * _HABIT)
        whole = (entry.unit >= 1) & (asked < 1) & (np.abs(entry.value) < _TWO_DIGITS * entry.unit)
        return (entry.unit > entry.working) & telling & ~whole

    def is_too_far(self, entry: Entry, coarse: Array) -> Array:
        """Where a line is right only to fewer places than are asked, and than its sheet usually shows.

        Four figures are a way of working, whatever their places.
        """
        few = is_short(entry.value, entry.unit)
        usual, asked = unit_at(self.usual, entry.value), unit_at(self.asked, entry.value)
        return coarse & few & (entry.unit > _HABIT * np.maximum(asked, usual))


def is_short(value: Array, unit: Array) -> Array:
    """Where a number has fewer than four figures, by what one step in its last place is worth."""
    return unit > _FIGURES * np.abs(value)


def as_asked(value: Array, place: Array) -> Array:
    """Numbers rounded to the places asked for."""
    return np.copysign(np.floor(np.abs(value) / place + 0.5) * place, value)
