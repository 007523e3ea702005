"""What is said of each line of a batch of sheets: the verdicts, the notes beside them, and the numbers behind."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.judging.interval import Interval, exactly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.formulas.last_places import Unit
    from exercises.formulas.quantity import Quantity
    from grader.judging.batch import SheetBatch

Array = Any


class Verdict(IntEnum):
    """What is said of a line."""

    CORRECT = 0
    FOLLOWS = 1
    WRONG = 2
    MISSING = 3
    UNREADABLE = 4
    NOT_ASSESSED = 5

    @property
    def word(self) -> str:
        """As in a report."""
        return _WORDS[int(self)]


_WORDS = [verdict.name.lower().replace("_", "-") for verdict in Verdict]


class Note(IntEnum):
    """What else is to be said of a line."""

    NONE = 0
    CUT_OFF = 1  # right if cut off, a little too far off if rounded
    COARSE = 2  # right, but written to fewer places than asked
    UNMEASURABLE = 3  # the rounding is larger than the number
    TRIVIAL = 4  # an earlier wrong number, such as 0 or 1, or a copied one, leaves nothing to do here
    HIDDEN = 5  # an unreadable line stands between


@dataclass(frozen=True)
class JudgedLine:
    """What is known of one quantity on n sheets; arrays of shape (n,).

    verdict: a `Verdict` for each sheet.
    note:    a `Note` for each sheet.
    own:     what the student's own earlier lines give here, before rounding.
    box:     every number that later lines may have gone on with.
    blank:   where nothing readable stands.
    by_key:  where the line is accepted for being right by the key, and for nothing that stands above it.
    anew:    where the line goes on with other numbers than those that stand above it: as they were meant.
    key:     what the given numbers lead to, unrounded.
    exact:   what the given numbers, and the wrong lines and those done anew above, lead to, unrounded.
    place:   what one unit in the last place of the line is worth.
    unit:    the same on a sheet that is worked as this one is.
    idle:    where it holds a wrong 0 or ±1, or one that is only copied, or nothing was left to do because of such.
    """

    verdict: Array
    note: Array
    own: Interval
    box: Interval
    blank: Array
    by_key: Array
    anew: Array
    key: Array
    exact: Array
    place: Array
    unit: Array
    idle: Array

    def called(self, verdict: Array) -> JudgedLine:
        """The same line with another verdict; of a line that is worked out later too."""
        own = {one.name: getattr(self, one.name) for one in fields(JudgedLine)}
        return JudgedLine(**own | {"verdict": verdict})


@dataclass(frozen=True)
class Judgement:
    """The lines of n sheets, and the working unit of each sheet."""

    sheets: SheetBatch
    unit: Unit
    lines: Mapping[Quantity, JudgedLine]

    def broken(self, where: Mapping[Quantity, Array]) -> Judgement:
        """The same with some lines called wrong on some sheets, whatever was thought of them."""
        if not where:
            return self
        called = {
            q: line.called(np.where(where[q], Verdict.WRONG, line.verdict))
            for q, line in self.lines.items()
            if q in where
        }
        return replace(self, lines={**self.lines, **called})

    @cached_property
    def trivial(self) -> Array:
        """How many lines of each sheet an own wrong number left nothing to do in, (n,)."""
        return sum(line.note == Note.TRIVIAL for line in self.lines.values()) + np.zeros(
            self.sheets.size, int
        )

    @cached_property
    def copied(self) -> Array:
        """How many wrong numbers of each sheet were only copied, (n,)."""
        lines = self.lines.values()
        return sum((n.idle & (n.verdict == Verdict.WRONG) for n in lines), np.zeros(self.sheets.size, int))

    @cached_property
    def wrong_lines(self) -> Array:
        """How many lines are wrong on each sheet, (n,)."""
        return self.count_wrong()

    def verdicts(self, index: Array = slice(None)) -> Array:
        """The verdicts on all lines, (lines, n)."""
        return np.stack([line.verdict[index] for line in self.lines.values()])

    def count_wrong(self) -> Array:
        """How many lines are wrong on each sheet, (n,)."""
        return np.asarray((self.verdicts() == Verdict.WRONG).sum(axis=0))

    @cached_property
    def right(self) -> Array:
        """Which lines are right on which sheets, (lines, n)."""
        return self.verdicts() == Verdict.CORRECT

    @cached_property
    def noted(self) -> dict[Note, Array]:
        """How many right lines of each sheet bear a note, (n,) each."""
        notes = np.stack([line.note for line in self.lines.values()])
        return {note: ((notes == note) & self.right).sum(axis=0) for note in (Note.COARSE, Note.CUT_OFF)}

    @cached_property
    def usual_unit(self) -> Unit:
        """What the last place of most lines of each sheet is worth, (n,)."""
        return self.sheets.usual_unit()

    def box(self, q: Quantity) -> Interval:
        """What may stand for a quantity in a formula: as given, as typed, or as computed where blank."""
        line = self.lines.get(q)
        return line.box if line is not None else exactly(self.sheets.given[q])

    def wrong(self, q: Quantity) -> Array:
        """Where a line is wrong."""
        return self.lines[q].verdict == Verdict.WRONG
