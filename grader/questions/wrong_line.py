"""The line that a student names as the first wrong one of a worked solution, and the value given for it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from exercises.formulas import typeset
from exercises.formulas.algebras import exact_value
from exercises.formulas.label import Label
from exercises.formulas.quantity import a, delta, loss
from exercises.pages import solution_lines
from exercises.problems.worked_solution import carried, wrong_lines
from grader.answers.names import Names
from grader.answers.numbers import Typed, Unreadable, clean
from grader.mistakes.hypotheses import hypotheses
from grader.questions.judged import Judged

if TYPE_CHECKING:
    from decimal import Decimal

    from exercises.formulas.formula import Formula
    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem

HALF = 0.5  # of the mark for a line whose number is wrong, but rightly carried on
NEAR = 2  # units of the last place by which a value may miss the right one
COARSEST = 10  # and how much coarser it may be written
_WORD = r"(?:lines?|numbers?|no|nr|rows?|eqs?|equations?|steps?|formula|zeilen?|ligne|línea|riga|#)"
_NUMBER = re.compile(  # of several lines the first counts
    rf"(?:in |at |on )?(?:the )?{_WORD}?[\s.:#]*(?:{_WORD}[\s.:#]*)?\(?(\d{{1,3}})(?:st|nd|rd|th)?\)?"
    rf"(?:\s*(?:[-–—]|to)\s*\d{{1,3}})?(?: {_WORD})?[.):]?",
    re.IGNORECASE,
)
_BOTH = re.compile(rf"\(?(?P<number>{_NUMBER.pattern})[\s).:,;(=-]+(?P<name>[^\s\d].*?)\)?", re.IGNORECASE)
_NAME_FIRST = re.compile(rf"(?P<name>.*?[^\s(,;])[\s(,;]+(?P<number>{_NUMBER.pattern})\)?", re.IGNORECASE)
_UPDATES = re.compile(r"(?:all |every |the )*updates?", re.IGNORECASE)
_LONGEST = 100


class WrongLineJudge:
    """Judges which line is named in the answers to one problem with a worked solution."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.whole = problem.full_pass
        self.names = Names(self.whole)
        self.numbered = solution_lines.numbered(problem)
        self.place = {q: n for n, q in self.numbered.items()}
        self.wrong = wrong_lines(problem)
        self.first = min(self.wrong, key=self.place.__getitem__)

    @cached_property
    def right(self) -> dict[Quantity, Decimal]:
        """What would be printed without a mistake."""
        return carried(self.problem.worked.steps, self.whole.values, self.problem.precision, {})

    def line(self, text: str) -> Quantity | Unreadable:
        """The printed line that a text names: by its number, its name, or both."""
        shown, written = clean(text, _LONGEST), text[:_LONGEST].strip()
        number = _NUMBER.fullmatch(written)
        if number is not None:
            found = self.numbered.get(int(number[1]))
            last = len(self.numbered)
            return found or Unreadable(shown, f"there is no such line; they are numbered from 1 to {last}")
        if not self.problem.plan.planted and _UPDATES.fullmatch(written):
            return self.first
        for pattern in (_BOTH, _NAME_FIRST):
            both = pattern.fullmatch(written)
            if both is not None:
                one, other = self.line(both["number"]), self.named(both["name"])
                if one == other:
                    return one
                if other is not None and not isinstance(one, Unreadable):
                    both_lines = f"{self.label(one)} and {self.label(other)}"
                    return Unreadable(shown, f"number and name are those of two lines, {both_lines}")
        found = self.named(written.partition("=")[0])
        if found is None:
            return Unreadable(shown, "a line of the worked solution was expected, by its number or its name")
        if found not in self.place:
            what = f"{self.label(found)} is given"
            return Unreadable(shown, f"{what}; a line of the worked solution was expected")
        return found

    def named(self, written: str) -> Quantity | None:
        """The quantity of a name."""
        return self.names.anything(written.strip())

    def judge(self, text: str) -> Judged:
        """Judge the line that is named."""
        if not text.strip():
            return Judged("missing", "Left blank.")
        q = self.line(text)
        if isinstance(q, Unreadable):
            return Judged("unreadable", q.told(), unread=q)
        if q == self.first:
            return Judged("correct", self.what_happened())
        side = "earlier" if self.place[q] > self.place[self.first] else "later"
        told = f"{self.label(self.first)}, line {self.place[self.first]}"
        if q in self.wrong:
            said = f"{self.label(q)} is wrong too, but it is not the first; that one is {side}"
        else:
            said = f"{self.label(q)} is right on the numbers printed above it; the first wrong line is {side}"
        share = HALF if q in self.wrong or self.is_off(q) else 0.0
        half = " Half the mark, because its number is not what a right solution has." if share else ""
        told = f"{said}: {told}.{half} {self.what_happened()}".rstrip()
        return Judged("wrong", told, share=share, hint=f"{said}.{half}")

    def is_off(self, q: Quantity) -> bool:
        """Whether a printed number is not that of a right solution, because the mistake was carried on to it."""
        return abs(self.problem.printed[q] - self.right[q]) > NEAR * self.unit(self.right[q])

    def unit(self, value: Decimal) -> Decimal:
        """What the last place of a number is worth."""
        return self.problem.precision.unit(value)

    def what_happened(self, line: Quantity | None = None) -> str:
        """The mistake in words, at the first wrong line or another; where it can be told from the catalogue."""
        q = line or self.first
        if not self.problem.plan.planted:
            glyph = self.problem.labels.glyph
            stated = Label(glyph(loss()), glyph(a(q.unit))).text
            sign = "" if self.problem.delta == "gradient" else typeset.MINUS
            rule = typeset.symbolic(self.problem.graph.by_quantity[q].formula, self.problem.label)
            own = f"{self.label(delta(q.unit))} = {sign}{stated}"
            return f"With {own} the way down is {self.label(q)} = {rule}."
        step = self.problem.worked.by_quantity[self.first]
        code, wrong = self.problem.plan.planted[0], self.problem.printed[self.first]
        for h in hypotheses(step, self.problem.worked):
            if h.mistake.code == code and self.gives(h.formula) == wrong:
                formula = typeset.symbolic(h.formula, self.problem.label)
                said = h.says(self.problem.label).removesuffix(".").replace(": ", "; ")
                return f"The printed number is what {formula} gives: {said}."
        return ""

    def gives(self, formula: Formula) -> Decimal | None:
        """What a formula makes of the printed lines."""
        known = {**self.problem.values, **self.problem.printed}
        value = exact_value(formula, known.__getitem__)
        return None if value is None else self.problem.precision.rounded(value)

    def of_named_line(self, text: str, typed: object) -> Quantity | None:
        """The line that was named in place of the first wrong one, if a typed value is the right one there."""
        q = self.line(text) if text.strip() else self.first
        if isinstance(q, Unreadable) or not isinstance(typed, Typed) or q == self.first or not self.is_off(q):
            return None
        unit = self.unit(self.right[q])
        reach = NEAR * unit if typed.unit <= unit else typed.unit
        coarse = typed.unit > COARSEST * unit
        return q if not coarse and abs(typed.value - self.right[q]) <= reach else None

    def label(self, q: Quantity) -> str:
        """A quantity as the sheet writes it."""
        return self.problem.label(q).text
