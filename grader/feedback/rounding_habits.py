"""What is said once of a whole sheet instead of on line after line: how it was rounded, and how far."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from functools import cached_property
from math import isnan, log10
from typing import TYPE_CHECKING

from exercises.formulas import decimals
from exercises.formulas.last_places import LastPlaces
from grader.judging.verdict import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exercises.formulas.quantity import Quantity
    from grader.answers.numbers import Typed
    from grader.feedback.sheet_numbers import SheetNumbers

FEW = 3  # up to so many lines are told one by one
NEARLY_ALL = 0.9  # so large a share of the lines
CONSISTENT = 4  # a habit shows on this many times more lines than its opposite


class RoundingHabits:
    """The habits of rounding that show on one sheet."""

    def __init__(self, figures: SheetNumbers) -> None:
        self.figures = figures
        self.judged, self.column = figures.judged, figures.column
        self.precision = figures.problem.precision

    @cached_property
    def remarks(self) -> dict[Note, str]:
        """The remarks, by the note that they stand for."""
        out, asked = {}, self.precision
        if self.works_to is not None:
            out[Note.COARSE] = (
                f"You work to {asked.counted(self.works_to)}; {asked.digits} are asked for. That is accepted."
            )
        elif len(self.shortened) > FEW:
            out[Note.COARSE] = f"Several lines are right, but rounded too far: {asked.words} are asked for."
        cut = self.count(Note.CUT_OFF)
        if self.cuts:
            out[Note.CUT_OFF] = "You cut digits off instead of rounding; that is accepted."
        elif cut > FEW:
            out[Note.CUT_OFF] = (
                "On several lines it looks as if digits were cut off rather than rounded; that is accepted."
            )
        return out

    @property
    def said_once(self) -> Iterable[Note]:
        """The notes that need no sentence on each line."""
        return self.remarks

    @cached_property
    def shortened(self) -> list[int]:
        """The places, or figures, of each right line that was rounded to fewer than are asked for.

        A number that is exact as it stands was not rounded, however few its places.
        """
        few = [(self.own(q), answer) for q, answer in self.typed if answer.unit > self.asked(answer)]
        return [
            self.digits(answer)
            for value, answer in few
            if not value.is_finite() or abs(value - answer.value) > self.asked(answer) / 2
        ]

    @cached_property
    def works_to(self) -> int | None:
        """The places, or figures, fewer than asked for, to which nearly all lines are rounded; None if they differ."""
        unit = self.judged.usual_unit[self.column]
        placed = unit.unit if isinstance(unit, LastPlaces) else unit
        usual = max(0, round(-log10(float(placed))))
        if isinstance(unit, LastPlaces) and not isnan(unit.figures):
            usual = round(float(unit.figures))
        alike = self.shortened.count(usual)
        if alike <= FEW:
            return None
        finer = sum(answer.unit <= self.asked(answer) for _, answer in self.typed)
        return usual if alike >= NEARLY_ALL * (len(self.shortened) + finer) else None

    @cached_property
    def typed(self) -> list[tuple[Quantity, Typed]]:
        """The right lines on which a number stands."""
        return [(q, found) for q in self.right_lines() if (found := self.figures.typed(q)) is not None]

    def asked(self, answer: Typed) -> Decimal:
        """What one unit in the last place asked for is worth."""
        return self.precision.unit(answer.value)

    def digits(self, answer: Typed) -> int:
        """The decimal places of a number, or its significant figures where these are asked for."""
        places = -int(answer.unit.adjusted())
        if not self.precision.significant:
            return max(0, places)
        return places + answer.value.adjusted() + 1 if answer.value else 0

    def right_lines(self) -> list[Quantity]:
        """The lines that are right."""
        return [
            q for q, right in zip(self.judged.lines, self.judged.right[:, self.column], strict=True) if right
        ]

    def count(self, note: Note) -> int:
        """How many right lines bear a note."""
        return int(self.judged.noted[note][self.column])

    @cached_property
    def cuts(self) -> bool:
        """Whether digits are cut off wherever that can be told from rounding: on the own lines or on the key's."""
        return any(self.cut_from(numbers) for numbers in (self.own, self.key))

    def own(self, q: Quantity) -> Decimal:
        """What the student's lines give."""
        return self.figures.right_value(q)

    def key(self, q: Quantity) -> Decimal:
        """What a calculator holds that has all digits from the beginning."""
        return Decimal(repr(float(self.judged.lines[q].key[self.column])))

    def cut_from(self, numbers: Callable[[Quantity], Decimal]) -> bool:
        """Whether the typed numbers are these, cut off."""
        cut = rounded = 0
        lines = self.right_lines()
        for q in lines:
            if CONSISTENT * rounded > len(lines):  # however many more are cut off
                return False
            answer = self.figures.typed(q)
            value = numbers(q)
            if answer is None or not value.is_finite():
                continue
            place = answer.unit
            down = decimals.in_units(value, place, ROUND_DOWN)
            near = decimals.in_units(value, place)
            if down != near:
                cut += answer.value == down
                rounded += answer.value == near
        return cut > FEW and cut >= CONSISTENT * rounded
