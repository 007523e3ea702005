"""Which of the mistakes that fit a line is told of, and how surely."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from exercises.formulas import decimals
from exercises.formulas.formula import Symbol
from grader.diagnosis.explain import EXACT_TIE, TIE, proved

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.explanation import Cause, Explanation
    from grader.feedback.sheet_numbers import SheetNumbers

ROUGHLY = Decimal("0.1")  # a formula further off than this share of a number does not explain it to anybody


class MistakeWeights:
    """Weighs the mistakes of one sheet by the very numbers that its sentences show."""

    def __init__(self, figures: SheetNumbers) -> None:
        self.figures = figures

    def tied(self, explanation: Explanation) -> list[Cause]:
        """The likeliest mistake, and those of other names that explain the number as well.

        Of two that do, one that comes to the number of a line on the sheet is put first: that is plain to see.
        """
        first = explanation.causes[0]
        q = explanation.quantity
        wrongly = self.figures.wrongly(q)
        value = self.figures.value_of(first.hypothesis.formula, wrongly)
        tied = [first]
        for cause in explanation.causes[1:]:
            same = self.figures.value_of(cause.hypothesis.formula, wrongly) == value
            new = cause.hypothesis.mistake.name not in {c.hypothesis.mistake.name for c in tied}
            at = cause.hypothesis.step.quantity
            here = at == first.hypothesis.step.quantity and (at != q or self.holds(q, cause))
            if new and here and (cause.probability >= TIE or (same and cause.probability >= EXACT_TIE)):
                tied.append(cause)
        names = {c.hypothesis.mistake.name for c in tied[1:]}
        others = [e for e in self.figures.found.explained.values() if e.quantity != q]
        if proved(first, names, others):
            return [first]
        stands = explanation.stands
        return sorted(tied[:2], key=lambda c: stands is None or not self.comes_to(c, stands)) + tied[2:]

    def comes_to(self, cause: Cause, line: Quantity) -> bool:
        """Whether a mistake comes to nothing but another line's formula."""
        step = self.figures.graph.by_quantity.get(line)
        return step is not None and cause.hypothesis.formula == step.formula

    def off(self, q: Quantity, cause: Cause) -> Decimal:
        """How far a wrong formula's number, as it stands in a sentence, is from the one that was typed."""
        typed = self.figures.typed(q)
        value = self.figures.value_of(cause.hypothesis.formula, self.figures.wrongly(q))
        if typed is None or not value.is_finite():
            return Decimal("Infinity")
        return abs(value - typed.value)

    def holds(self, q: Quantity, cause: Cause) -> bool:
        """Whether a mistake gives, about, the number that was typed: rounding alone may go further."""
        if isinstance(cause.hypothesis.formula, Symbol):
            return self.reaches(q, cause)  # a number that was copied needs no rounding
        reach = max(2 * self.figures.unit(q), ROUGHLY * abs(self.figures.used(q)))
        return self.off(q, cause) <= reach

    def reaches(self, q: Quantity, cause: Cause) -> bool:
        """Whether it gives the very number that was typed, rounded or cut off."""
        typed = self.figures.typed(q)
        value = self.figures.value_of(cause.hypothesis.formula, self.figures.wrongly(q))
        if typed is None or not value.is_finite():
            return False
        ways = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN)
        return any(decimals.in_units(value, typed.unit, way) == typed.value for way in ways)
