"""Wrong answers to what a softmax's output changes by, with the sum of its own unit or of another one.

The catalogue of mistakes knows the slopes that are lines of a sheet; behind a softmax none is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.formula import ONE, ZERO, Formula, Symbol, product
from exercises.formulas.quantity import Quantity, QuantityKind, y

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.problems.problem import Problem


def known(problem: Problem, q: Quantity) -> Iterator[tuple[Formula, str]]:
    """Formulas that are met in place of a slope, each with its sentence; none for a slope that is a line."""
    if q in problem.graph.by_quantity or q.kind is not QuantityKind.ACTIVATION_SLOPE:
        return
    out, by = Symbol(y(q.unit)), Symbol(y(q.source or q.unit))
    name = {s: problem.label(s.quantity).text for s in (out, by)}
    own = problem.label(Quantity(QuantityKind.PRE_ACTIVATION, q.source or q.unit)).text
    if out == by:
        yield -product([out, out]), f"The numerator has a slope too: {own} stands above and below the line."
        yield ONE, "The slope was taken as 1."
        yield 1 - out**2, "That is the slope of tanh."
        yield out, f"The denominator holds {own} too; it brings the factor 1 − {name[out]}."
        yield 1 - out, f"The factor {name[out]} is missing."
        return
    yield ZERO, f"It does depend on {own}, which stands in the denominator of every output."
    cross = f"{own} stands only in the denominator of {name[out]}, which leaves −{name[out]}·{name[by]}"
    yield product([out, 1 - out]), f"That is the slope by the unit’s own sum; {cross}."
    yield product([by, 1 - by]), f"That is the slope of {name[by]}, not of {name[out]}; {cross}."
    yield product([out, 1 - by]), f"There is no 1 in it, because {cross}."
    yield product([by, 1 - out]), f"There is no 1 in it, because {cross}."
    yield -out, f"The factor {name[by]} is missing."
    yield -by, f"The factor {name[out]} is missing."
