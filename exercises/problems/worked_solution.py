"""A worked solution with a mistake in it, as it stands on a sheet: its lines, and what there is to do with it.

Two kinds of exercise print one. In "find the mistake" a single line is wrong, and every line after it was
worked out rightly from the numbers printed above it; the right value of that line is asked. In "convention"
δ has one sign and every update the rule of the other; the right updates are asked. Each printed line is
rounded half up to the places from the printed ones, so that each can be checked by itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from exercises.networks.plan import FULL

if TYPE_CHECKING:
    from exercises.problems.problem import Problem


# --- the other sign ---


# --- numbers ---


# --- on the page ---


def whole(problem: Problem) -> Problem:
    """The same network and numbers as a plain full pass, from which the rules of a sheet are read."""
    values = {q: value for q, value in problem.values.items() if q not in problem.printed}
    return replace(problem, values=values, plan=FULL, questions=(), printed={})
