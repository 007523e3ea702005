"""The lines of a worked solution as they stand on a page: numbered, in the sections of a full pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.pages import sheet_sections

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from exercises.pages.sheet_sections import Section
    from exercises.problems.problem import Problem


def sections(problem: Problem) -> tuple[Section, ...]:
    """The printed lines in the sections of a full pass."""
    return sheet_sections.sections(problem, problem.worked.steps)


def numbered(problem: Problem) -> dict[int, Quantity]:
    """The printed lines by their numbers on the sheet, from 1, in the order of its sections."""
    return dict(enumerate((step.quantity for section in sections(problem) for step in section.steps), 1))
