"""Which of the mistakes that fit a line is told of, and how surely."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.diagnosis.explain import EXACT_TIE, TIE, proved
from grader.feedback.claims import FormulaGives
from grader.feedback.worked_anew import comes_to, is_typed
from grader.mistakes.base import RARE

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.explanation import Cause, Explanation
    from grader.feedback.sheet_numbers import SheetNumbers


class MistakeWeights:
    """Weighs the mistakes of one sheet by the very numbers that its sentences show."""

    def __init__(self, figures: SheetNumbers) -> None:
        self.figures = figures

    def names(self, explanation: Explanation) -> str:
        """The name of what happened; of all that fit equally well, where there are several."""
        tied = self.tied(explanation)
        return ", or ".join(c.hypothesis.mistake.name for c in tied[:2])

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

    def is_telling(self, q: Quantity, cause: Cause) -> bool:
        """Whether a number that fits a mistake tells of it: one that is common, or made on another line too."""
        name = cause.hypothesis.mistake.name
        others = (e.causes[0] for p, e in self.figures.found.explained.items() if p != q and e.causes)
        again = any(c.hypothesis.mistake.name == name for c in others)
        typed = self.figures.typed(q)
        bare = typed is not None and abs(typed.value) in (0, 1)  # what many things come to
        return again or (cause.hypothesis.mistake.weight > RARE and not bare)

    def holds(self, q: Quantity, cause: Cause) -> bool:
        """Whether a mistake gives, about, the number that was typed: rounding alone may go further."""
        taken = self.figures.taken(self.figures.wrongly(q))
        return FormulaGives(q, cause.hypothesis.formula, exactly=False, taken=taken).holds(self.figures)

    def reaches(self, q: Quantity, cause: Cause) -> bool:
        """Whether it gives the very number that was typed, rounded or cut off."""
        taken = self.figures.taken(self.figures.wrongly(q))
        return is_typed(self.figures, q, comes_to(self.figures, cause.hypothesis.formula, taken))
