"""The cells of an answer that is written on paper, one figure in each: how many, how wide, and the names of their fields.

While a sheet is laid out each cell is a form field of its own, so that where it lies is read off the finished page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from exercises.common import metrics
from exercises.networks.evaluate import evaluate
from exercises.problems.kept_with_problem import once

if TYPE_CHECKING:
    from exercises.problems.problem import Problem

CellRole = Literal["sign", "whole", "place", "raised", "power", "look"]
ID, ID_CELLS = "student_id", 10
LEAST_WHOLE = 2  # figures before the point: so that a number ten times too large can be written too
MOST_WHOLE = 6
POWER = 2  # figures of an exponent
_FIELD = re.compile(r"(.+)~(sign|whole|place|raised|power|look)(\d*)")


@dataclass(frozen=True, slots=True)
class CellPlan:
    """How many cells each answer of a sheet has, beside the one for its sign: the same for all, to tell nothing."""

    whole: int
    places: int
    power: int = 0

    def width(self) -> float:
        """From the first cell to the box to tick, in millimetres."""
        cells = 1 + self.whole + self.places
        between = (self.whole + self.places - 1) * metrics.CELL_BETWEEN + metrics.POINT_WIDTH
        if self.power:
            cells += 1 + self.power
            between += self.power * metrics.CELL_BETWEEN + metrics.TIMES_TEN_WIDTH
        return cells * metrics.CELL_WIDTH + between + metrics.LOOK_BESIDE + metrics.LOOK

    @property
    def row(self) -> list[tuple[CellRole, int]]:
        """The cells from the left to the right, each with its number among its like."""
        wholes: list[tuple[CellRole, int]] = [("whole", n + 1) for n in range(self.whole)]
        powers: list[tuple[CellRole, int]] = [("power", n + 1) for n in range(self.power)]
        raised: list[tuple[CellRole, int]] = [("raised", 1)] if powers else []
        places: list[tuple[CellRole, int]] = [("place", n + 1) for n in range(self.places)]
        return [("sign", 1), *wholes, *places, *raised, *powers, ("look", 1)]


@once
def cell_plan(problem: Problem) -> CellPlan:
    """Give all answers of a sheet as many figures before the point as the largest needs, and two at least.

    Behind it they have as many as are asked for. Where significant figures are, two more, and an exponent for what is
    smaller or larger.
    """
    values = evaluate(problem.graph.steps, problem.values, problem.label)
    asked = [abs(values[step.quantity]) for step in problem.graph.asked_steps]
    digits = max((value.adjusted() + 1 for value in asked if value), default=1)
    power = POWER if problem.precision.significant else 0
    return CellPlan(min(max(digits, LEAST_WHOLE), MOST_WHOLE), problem.precision.widest, power)


def field_name(answer: str, role: CellRole, number: int) -> str:
    """The name of the field that a cell is while the page is laid out."""
    return f"{answer}~{role}{number}"


def cell_of(name: str) -> tuple[str, CellRole] | None:
    """The answer and the role of a cell, by its field's name; None for a field that is no cell."""
    found = _FIELD.fullmatch(name)
    return (found[1], found[2]) if found else None  # type: ignore[return-value]
