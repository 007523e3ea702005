"""The box of conventions of any kind of exercise: that of a full pass, changed where matrices or a solution ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.pages import matrix_page
from exercises.pages.conventions import conventions

if TYPE_CHECKING:
    from exercises.problems.problem import Problem


def box(problem: Problem) -> list[tuple[str, str]]:
    """The lines of the box: a title and its text as HTML."""
    if problem.plan.shows_solution:
        return _beside_a_solution(problem)
    if problem.plan.kind == "matrix":
        return _of_matrices(problem)
    return conventions(problem)


def _beside_a_solution(problem: Problem) -> list[tuple[str, str]]:
    """That of the full pass; which rule of descent goes with δ is what a change of convention asks."""
    rounding = (
        f"Every line is worked out from the numbers printed above it and rounded to {problem.places} decimal places; "
        "do likewise."
    )
    left_out = ("Rounding", "Update") if problem.plan.kind == "convention" else ("Rounding",)
    lines = conventions(problem.full_pass)
    return [*(line for line in lines if line[0] not in left_out), ("Rounding", rounding)]


def _of_matrices(problem: Problem) -> list[tuple[str, str]]:
    """The activations with their slopes, the loss and δ as in a full pass; the rest in matrices."""
    lines = conventions(problem.full_pass)
    last = [line for line in lines if line[0] == "Rounding"]
    kept = [line for line in lines if line[0] not in ("Update", "Names", "Rounding")]
    return [*kept, *matrix_page.rules(problem), *last]
