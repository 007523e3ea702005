"""The worked solution of a problem: every line with its formula, the numbers put in, and the result."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from exercises.formulas import enough_digits, typeset
from exercises.formulas.typeset import HTML, TEXT, Printer
from exercises.networks.evaluate import evaluate
from exercises.pages import question_texts
from exercises.pages.sheet_sections import sections

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from exercises.formulas.enough_digits import Numbers
    from exercises.formulas.formula import Formula
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step
    from exercises.problems.problem import Problem


@dataclass(frozen=True)
class Solution:
    """A problem and the value of every quantity in it, given ones included, to 40 digits."""

    problem: Problem
    values: dict[Quantity, Decimal]

    def shown(self, q: Quantity) -> str:
        """A value as it stands in a worked line: given ones as typed, others rounded as asked."""
        value = self.values[q]
        if q in self.problem.values:
            return typeset.number(value)
        return typeset.number(value, self.problem.precision)

    def symbolic(self, step: Step, printer: Printer = TEXT) -> str:
        """The line in symbols."""
        return typeset.symbolic(step.formula, self.problem.label, printer)

    def substituted(self, step: Step, printer: Printer = TEXT) -> str:
        """The line with numbers put in, with so many digits that what is printed is true."""
        numbers = self.numbers[step.quantity]
        return typeset.substituted(step.formula, lambda q: typeset.number(numbers[q]), printer)

    def put_in(self, lines: Sequence[tuple[Formula, Decimal]]) -> Numbers:
        """The numbers put into formulas printed together, each with its value: as shown, or with more digits."""
        return enough_digits.put_in(lines, self.values, self.problem.values, self.problem.precision)

    @cached_property
    def numbers(self) -> dict[Quantity, Numbers]:
        """The numbers that are put into each line."""
        return {
            step.quantity: self.put_in([(step.formula, self.values[step.quantity])])
            for step in self.problem.graph.steps
        }

    def note(self, lines: Iterable[Numbers]) -> str:
        """What is to be said where numbers are put in with more digits than stand on their own lines."""
        if all(typeset.number(v) == self.shown(q) for found in lines for q, v in found.items()):
            return ""
        asked = self.problem.precision
        more = asked.words if asked.significant else f"{asked.digits} places"
        return f"A number is put in with more than {more} where fewer would give another last digit."

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """Every line for a template: label, link, symbols, numbers and result, as HTML."""
        return [
            {
                "name": step.quantity.name,
                "label": self.problem.label(step.quantity).html,
                "link": str(step.link),
                "symbolic": self.symbolic(step, HTML),
                "substituted": self.substituted(step, HTML),
                "result": self.shown(step.quantity),
            }
            for step in self.problem.graph.steps
        ]

    def as_text(self) -> str:
        """The worked solution for a terminal, in the sections of the worksheet."""
        rows: list[str] = []
        width = max(len(self.problem.label(s.quantity).text) for s in self.problem.graph.asked_steps)
        for section in sections(self.problem):
            rows += ["", section.title] if rows else [section.title]
            for step in section.steps:
                label = self.problem.label(step.quantity).text.ljust(width)
                parts = [label, self.symbolic(step), self.substituted(step), self.shown(step.quantity)]
                shown = [p for i, p in enumerate(parts) if i == 0 or p != parts[i - 1]]
                rows.append("  " + " = ".join(shown))
        for title, questions in question_texts.groups(self.problem):
            rows += ["", title]
            for question in questions:
                named = question_texts.reported(self.problem, question)
                rows.append(f"  {named} = {question_texts.right(self.problem, question)}")
        note = self.note(self.numbers[step.quantity] for step in self.problem.graph.asked_steps)
        return "\n".join([*rows, "", note] if note else rows)

    def as_json(self) -> dict[str, Any]:
        """The `solve --json` object: each quantity in the order of computation, full double precision."""
        from exercises.networks.sympy_reading import latex

        problem = self.problem
        return {
            "problem": problem.title or problem.code,
            "code": problem.code,
            "quantities": {
                step.quantity.name: {
                    "value": float(self.values[step.quantity]),
                    "label": problem.label(step.quantity).text,
                    "link": str(step.link),
                    "symbolic": self.symbolic(step),
                    "substituted": self.substituted(step),
                    "latex": latex(step.formula, lambda q: problem.label(q).latex),
                }
                for step in problem.graph.steps
            },
            **({"questions": self.questions} if problem.questions else {}),
        }

    @property
    def questions(self) -> dict[str, str]:
        """The right answer to each question, by its name."""
        return {q.name: question_texts.right(self.problem, q) for q in self.problem.questions}


def solve(problem: Problem) -> Solution:
    """Compute every quantity of a problem.

    Raises ProblemError, naming the quantity, where a value does not exist (a logarithm of zero, a number
    too large to write).
    """
    return Solution(problem, evaluate(problem.graph.steps, problem.values, problem.label))
