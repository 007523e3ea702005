"""The answer key as a page: each line as symbol = numbers = result, in the order of the worksheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exercises import page
from exercises.pdf import write_pdf
from exercises.sheet import sections
from exercises.typeset import HTML

if TYPE_CHECKING:
    from answer_keys.solution import Solution
    from exercises.page import Paper
    from exercises.steps import Step


def key_html(solution: Solution, paper: Paper = "a4") -> str:
    """Fill in the key, all in one text: the same bytes for the same solution."""
    problem = solution.problem
    sizes = page.widths(problem)
    sizes["work"] = round(page.TEXT_WIDTH - sizes["via"] - sizes["box"], 2)
    return page.render(
        "key.html",
        **page.header(problem, paper),
        given=page.given(problem),
        sections=sections(problem),
        lines={step.quantity.name: _line(solution, step) for step in problem.graph.steps},
        widths=sizes,
        places=problem.places,
    )


def key_pdf(solution: Solution, paper: Paper = "a4") -> bytes:
    """Make the key as a PDF."""
    return write_pdf(key_html(solution, paper), keywords=page.keywords(solution.problem))


def _line(solution: Solution, step: Step) -> dict[str, Any]:
    """One line; the numbers are left out where they say what the symbols or the result say."""
    result = solution.shown(step.quantity)
    symbols, numbers = solution.symbolic(step, HTML), solution.substituted(step, HTML)
    parts = [symbols] if numbers in (symbols, result) else [symbols, numbers]
    return {
        "label": page.trusted(solution.problem.label(step.quantity).html),
        "parts": [page.trusted(part) for part in parts if part != result],
        "result": result,
    }
