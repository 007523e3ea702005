"""The box of conventions of other kinds: that of a full pass, changed where matrices or a solution ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.quantity import QuantityKind
from exercises.pages import matrix_labels, matrix_rules
from exercises.pages.conventions import conventions, rounding
from exercises.problems.matrices import Matrix

if TYPE_CHECKING:
    from exercises.problems.problem import Problem

Box = list[tuple[str, str]]


def beside_a_solution(problem: Problem) -> Box:
    """That of the full pass, but every line is worked out from the printed numbers."""
    to_places = (
        f"Every line is worked out from the numbers printed above it and rounded to {problem.precision.words}; "
        "do likewise."
    )
    lines = conventions(problem.full_pass)
    return [*(line for line in lines if line[0] != "Rounding"), ("Rounding", to_places)]


def without_the_rule(problem: Problem) -> Box:
    """The same; which rule of descent goes with δ is what a change of convention asks."""
    return [line for line in beside_a_solution(problem) if line[0] != "Update"]


def in_matrices(problem: Problem) -> Box:
    """The activations with their slopes, the loss and δ as in a full pass; the rest in matrices."""
    lines = conventions(problem.full_pass)
    kept = [line for line in lines if line[0] not in ("Update", "Names", "Rounding")]
    return [*kept, *_rules(problem), ("Rounding", rounding(problem))]


def _rules(problem: Problem) -> Box:
    """What the box says of matrices: how W is laid out, and which rules follow; δ and gradients are the student's."""
    net = problem.network
    w, last = Matrix(QuantityKind.WEIGHT, 1), len(net.layers) - 1
    first_row = ", ".join(problem.label(q).html for q in w.entries(problem)[0])
    forward = [
        _equation(problem, Matrix(kind, 1)) for kind in (QuantityKind.PRE_ACTIVATION, QuantityKind.ACTIVATION)
    ]
    above = matrix_rules.in_letters(
        problem, matrix_rules.rule(problem, Matrix(QuantityKind.PRE_ACTIVATION, last))
    )
    update = _equation(problem, Matrix(QuantityKind.WEIGHT, 1, updated=True))
    biases = ", and likewise for the biases" if net.bias == "yes" else ""
    row, column = matrix_labels.ends(problem)
    laid_out = (
        f"a vector is a column; {matrix_labels.name(problem, w)} has a row for each unit {row} and a "
        f"column for each unit {column}: its first row is {first_row}"
    )
    rest = "⊙ multiplies entry by entry, <var>f</var> is the activation and <var>f</var>′ its slope"
    return [
        ("Matrices", f"{laid_out}; {rest}"),
        ("Forward", ", ".join(forward) + (f", then {above} and so on" if last > 1 else "")),
        ("Update", update + biases),
    ]


def _equation(problem: Problem, matrix: Matrix) -> str:
    return f"{matrix_labels.name(problem, matrix)} = {matrix_rules.in_letters(problem, matrix_rules.rule(problem, matrix))}"
