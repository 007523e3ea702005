"""The worked solution of a problem: every line with its formula, the numbers put in, and the result."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, DecimalException
from functools import cached_property
from typing import TYPE_CHECKING, Any

from exercises import typeset
from exercises.algebras import DECIMAL, exact_context
from exercises.errors import ProblemError
from exercises.formula import fold
from exercises.sheet import sections
from exercises.typeset import HTML, TEXT, Printer

if TYPE_CHECKING:
    from exercises.problem import Problem
    from exercises.quantity import Quantity
    from exercises.steps import Step


MAX_EXPONENT = 40  # beyond it a number has no place on a sheet


@dataclass(frozen=True)
class Solution:
    """A problem and the value of every quantity in it, given ones included, to 40 digits."""

    problem: Problem
    values: dict[Quantity, Decimal]

    def shown(self, q: Quantity) -> str:
        """A value as it stands in a worked line: given ones as typed, others rounded to the places."""
        value = self.values[q]
        if q in self.problem.values:
            return typeset.number(value)
        return typeset.number(value, self.problem.places)

    def symbolic(self, step: Step, printer: Printer = TEXT) -> str:
        """The line in symbols."""
        return typeset.symbolic(step.formula, self.problem.label, printer)

    def substituted(self, step: Step, printer: Printer = TEXT) -> str:
        """The line with numbers put in."""
        return typeset.substituted(step.formula, self.shown, printer)

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
        width = max(len(self.problem.label(s.quantity).text) for s in self.problem.graph.steps)
        for section in sections(self.problem):
            rows += ["", section.title] if rows else [section.title]
            for step in section.steps:
                label = self.problem.label(step.quantity).text.ljust(width)
                parts = [label, self.symbolic(step), self.substituted(step), self.shown(step.quantity)]
                shown = [p for i, p in enumerate(parts) if i == 0 or p != parts[i - 1]]
                rows.append("  " + " = ".join(shown))
        return "\n".join(rows)

    def as_json(self) -> dict[str, Any]:
        """The `solve --json` object: each quantity in the order of computation, full double precision."""
        from exercises.symbolic import latex

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
        }


def solve(problem: Problem) -> Solution:
    """Compute every quantity in exact decimals, so that the key is the same on every machine.

    Raises ProblemError, naming the quantity, where a value does not exist (a logarithm of zero, a number
    too large to write).
    """
    values: dict[Quantity, Decimal] = dict(problem.values)
    with exact_context():
        for step in problem.graph.steps:
            value = _value(step, values)
            if value is None:
                label = problem.label(step.quantity).text
                shown = typeset.symbolic(step.formula, problem.label)
                raise ProblemError(f"values: {label} = {shown} does not exist with these numbers")
            values[step.quantity] = value
    return Solution(problem, values)


def _value(step: Step, values: dict[Quantity, Decimal]) -> Decimal | None:
    """One line's value; None where there is none that could be written down."""
    try:
        value = fold(step.formula, DECIMAL, values.__getitem__)
    except DecimalException:
        return None
    if not value.is_finite() or (value and value.adjusted() > MAX_EXPONENT):
        return None
    return value if value.adjusted() > -MAX_EXPONENT else Decimal(0)
