"""What is said once of a whole sheet instead of on line after line: how it was rounded, and how far."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from functools import cached_property
from math import log10
from typing import TYPE_CHECKING

from exercises.formulas import decimals
from grader.judging.verdict import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exercises.formulas.quantity import Quantity
    from grader.feedback.sheet_numbers import SheetNumbers

FEW = 3  # up to so many lines are told one by one
NEARLY_ALL = 0.9  # so large a share of the lines
CONSISTENT = 4  # a habit shows on this many times more lines than its opposite


class RoundingHabits:
    """The habits of rounding that show on one sheet."""

    def __init__(self, figures: SheetNumbers) -> None:
        self.figures = figures
        self.judged, self.column = figures.judged, figures.column

    @cached_property
    def remarks(self) -> dict[Note, str]:
        """The remarks, by the note that they stand for."""
        out, asked = {}, self.figures.problem.places
        if self.works_to is not None:
            out[Note.COARSE] = (
                f"You work to {_places(self.works_to)}; {asked} are asked for. That is accepted."
            )
        elif len(self.shortened) > FEW:
            out[Note.COARSE] = (
                f"Several lines are right, but rounded too far: {asked} decimal places are asked for."
            )
        cut = self.count(Note.CUT_OFF)
        if cut and self.cuts:
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
        """The decimal places of each right line that was rounded to fewer than are asked for.

        A number that is exact as it stands was not rounded, however few its places.
        """
        asked = Decimal(1).scaleb(-self.figures.problem.places)
        typed = [(q, answer) for q in self.right_lines() if (answer := self.figures.typed(q)) is not None]
        few = [(self.own(q), answer) for q, answer in typed if answer.unit > asked]
        return [
            max(0, -answer.unit.adjusted())
            for value, answer in few
            if not value.is_finite() or abs(value - answer.value) > asked / 2
        ]

    @cached_property
    def works_to(self) -> int | None:
        """The decimal places, fewer than asked for, to which nearly all lines are rounded; None if they differ."""
        usual = max(0, round(-log10(float(self.judged.usual_unit[self.column]))))
        alike = self.shortened.count(usual)
        finer = sum(
            answer.unit <= Decimal(1).scaleb(-self.figures.problem.places)
            for q in self.right_lines()
            if (answer := self.figures.typed(q)) is not None
        )
        return usual if alike > FEW and alike >= NEARLY_ALL * (len(self.shortened) + finer) else None

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
        for q in self.right_lines():
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


def _places(count: int) -> str:
    return f"{count} decimal place{'' if count == 1 else 's'}"
