"""Which papers there are, and how wide the parts of a row of lines to fill in are on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from exercises.common import metrics
from exercises.figures import lettering
from exercises.pages import answer_cells
from exercises.problems.kept_with_problem import once

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem

Paper = Literal["a4", "letter", "a4-cells", "letter-cells"]
PAPERS: tuple[Paper, ...] = ("a4", "letter")
WITH_CELLS: dict[str, Paper] = {"a4": "a4-cells", "letter": "letter-cells"}
EQUALS = 2 * metrics.EQUALS_SIGN + 3 * metrics.RULE_BESIDE  # both equals signs and the space around them


def has_cells(paper: Paper) -> bool:
    """Whether answers are written into cells."""
    return paper in WITH_CELLS.values()


@once
def widths(problem: Problem, paper: Paper = "a4") -> dict[str, float]:
    """Measure the parts of a row in millimetres: labels, answer box, and what is left to work in."""
    quantities = [step.quantity for step in problem.graph.asked_steps]
    label = max(9.0, *(label_width(problem, q) for q in quantities if not q.via)) + 2.0
    via = max([label, *(label_width(problem, q) + 2.0 for q in quantities if q.via)])
    box = min(max((problem.precision.widest + 3) * 3.3, 18.0), 44.0)
    if has_cells(paper):
        box = answer_cells.cell_plan(problem).width()
    rest = box + EQUALS
    found = {"label": label, "via": via, "box": box}
    for name, width in (("half", metrics.HALF_WIDTH), ("wide", metrics.TEXT_WIDTH)):
        found[name] = max(0.0, width - label - rest)  # cells have no room in half a page
        found[f"{name}_via"] = max(0.0, width - via - rest)
    found["whole"] = metrics.TEXT_WIDTH - label - EQUALS / 2
    return {name: round(width, 2) for name, width in found.items()}


def label_width(problem: Problem, q: Quantity) -> float:
    """How wide a label is set, in millimetres."""
    label = problem.label(q)
    width = lettering.glyph(label.over).width
    if label.under is not None:
        width += lettering.glyph(label.under).width + 2 * lettering.advance("∂") + lettering.advance("/")
    if label.via is not None:
        width += metrics.VIA_SIZE * (
            lettering.advance("  via ", italic=True) + lettering.glyph(label.via).width
        )
    return width * metrics.LABEL_SIZE
