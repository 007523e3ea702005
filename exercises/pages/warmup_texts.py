"""What stands on the page of a warm-up, in the terms of `sheet`, `givens` and `conventions`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.figures.alt_text import function_lines
from exercises.formulas.formula import Apply, children
from exercises.formulas.quantity import Quantity, QuantityKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.formulas.formula import Formula
    from exercises.problems.problem import Problem

GO_ON = "Go on with what you wrote or with your calculator’s number, as you like."
TITLES = {
    QuantityKind.NODE: "Values",
    QuantityKind.NODE_SLOPE: "Derivative on each edge",
    QuantityKind.NODE_GRADIENT: "Chain rule",
}


def title(problem: Problem) -> str:
    """What the sheet is called: the kind of warm-up."""
    return "The chain rule" if len(problem.graph.given) == 1 else "A computation graph"


def section_of(q: Quantity) -> str:
    """The title of the section in which a line stands."""
    return TITLES[q.kind]


def step_name(q: Quantity) -> str:
    """What kind of step a line is: there is no network here, and nothing is an activation or a δ."""
    if q.kind is QuantityKind.NODE:
        return "value"
    if q.kind is QuantityKind.NODE_SLOPE:
        return "local derivative"
    return "derivative along this path" if q.via else "derivative"


def conventions(problem: Problem) -> Iterator[tuple[str, str]]:
    """The lines of the box: the function, what an edge's derivative is, and the places."""
    yield "Function", ", &ensp;".join(function_lines(problem))
    slopes = [s for s in problem.graph.steps if s.quantity.kind is QuantityKind.NODE_SLOPE]
    example = problem.label(slopes[-1].quantity).html
    if len(problem.graph.given) > 1:
        yield "Edges", f"{example} is the derivative on one edge, everything else held still"
    paths = [s.quantity for s in problem.graph.steps if s.quantity.via]
    if paths:
        whole = Quantity(QuantityKind.NODE_GRADIENT, paths[0].unit)
        part = f"{problem.label(paths[0]).html} is the part of {problem.label(whole).html} on that path"
        yield "Paths", f"{part}; the parts add up"
    if any(_has_angle(s.formula) for s in problem.graph.steps):
        yield "Angles", "sin and cos are of radians: set the calculator to RAD"
    yield "Rounding", f"Write every line to {problem.precision.words}. {GO_ON}"


def _has_angle(formula: Formula) -> bool:
    own = isinstance(formula, Apply) and formula.function.name in ("sin", "cos")
    return own or any(_has_angle(child) for child in children(formula))
