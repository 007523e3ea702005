"""The lines of a worked solution as they stand on a page: numbered, in the sections of a full pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas import typeset
from exercises.formulas.quantity import Quantity, loss
from exercises.networks.solution_graph import wrong_formulas
from exercises.pages import sheet_sections
from exercises.problems.worked_solution import wrong_lines

if TYPE_CHECKING:
    from exercises.pages.sheet_sections import Section
    from exercises.problems.problem import Problem


def sections(problem: Problem) -> tuple[Section, ...]:
    """The printed lines in the sections of a full pass."""
    return sheet_sections.sections(problem, problem.worked.steps)


def numbered(problem: Problem) -> dict[int, Quantity]:
    """The printed lines by their numbers on the sheet, from 1, in the order of its sections."""
    return dict(enumerate((step.quantity for section in sections(problem) for step in section.steps), 1))


def introduction(problem: Problem) -> str:
    """What is said above the printed lines, as HTML."""
    if problem.plan.kind == "find-the-mistake":
        return (
            "Every line but one follows rightly from the numbers printed above it, so that each can be checked by "
            "itself. Lines after the mistake go on with its number."
        )
    first = wrong_lines(problem)[0]
    rule = typeset.symbolic(wrong_formulas(problem.worked, problem.plan)[first], problem.label, typeset.HTML)
    before, after = (problem.printed[q] for q in (loss(), loss().after_update()))
    return (
        f"Somebody worked this problem out and updated by {problem.label(first).html} = {rule}, and likewise "
        f"everywhere. The loss was {typeset.number(before)} and is {typeset.number(after)} in the check run."
    )
