"""Drawing a warm-up: a function from a few patterns with whole numbers in it, and the numbers of its variables."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from exercises.errors import ByhandError, ProblemError
from exercises.evaluate import evaluate
from exercises.plan import Plan
from exercises.problem import Problem
from exercises.quantity import Kind, Link, Quantity
from exercises.warmup.program import NO_NETWORK, read

if TYPE_CHECKING:
    from exercises.dice import Dice
    from exercises.plan import KindName

TRIES = 400
LEAST = 40  # every line is at least this many units of the last place
MOST = 40  # and no larger than this
OUTER = (
    "sin({})",
    "cos({})",
    "exp({})",
    "ln({})",
    "sqrt({})",
    "({})^2",
    "({})^3",
    "tanh({})",
    "sigmoid({})",
)
INNER = ("A*x + B", "A*x - B", "x^2 + B", "A*x^2 - B", "B - x^2", "sin(x) + B", "exp(x) - B")
GRAPHS = (
    "u = x*w; v = x + w; f = u*v",
    "u = x + A*w; v = x*w; f = u*v",
    "u = x^2; v = x*w; f = u*sin(v)",
    "u = x*w; v = x^2; f = exp(u - v)",
    "u = A*x + w; v = u*w; f = v^2",
    "u = x*w + B; v = sin(x); f = u*v",
    "u = x - w; v = x*w; f = ln(u^2 + v^2)",
    "u = x*w; v = tanh(u); p = x - w; f = p*v",
    "u = x + w; v = u^2; p = u*w; f = v - p",
)
_SIZES = [Decimal(n).scaleb(-1) for n in (3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 16, 17, 18)]


def draw_warmup(kind: KindName, dice: Dice, places: int, title: str = "") -> Problem:
    """A composite function, or a computation graph with a variable on two paths, with friendly numbers.

    Raises ByhandError if no acceptable numbers turn up, which is the case only for very few places.
    """
    for _ in range(TRIES):
        function = _function(kind, dice)
        inputs = read(function).inputs
        numbers = [
            n if dice.below(3) or kind == "composite" else -n for n in dice.sample(_SIZES, len(inputs))
        ]
        values = {Quantity(Kind.INPUT, n): v for n, v in enumerate(numbers, 1)}
        problem = Problem(
            network=NO_NETWORK,
            values=values,
            places=places,
            title=title,
            plan=Plan(kind=kind, function=function),
        )
        if _is_friendly(problem):
            return problem
    raise ByhandError(f"no good numbers found for {kind} with {places} places; try more places (--places)")


def _function(kind: KindName, dice: Dice) -> str:
    if kind == "composite":
        pattern = dice.choice(OUTER).format(dice.choice(INNER))
        if dice.below(4) == 0:  # three functions inside one another
            pattern = dice.choice(OUTER[:2] + OUTER[4:6]).format(pattern)
    else:
        pattern = dice.choice(GRAPHS)
    return re.sub("[AB]", lambda _: str(2 + dice.below(4)), pattern)


def _is_friendly(problem: Problem) -> bool:
    """Every value exists, can be read, and is easy to tell from the others."""
    try:
        values = evaluate(problem.graph.steps, problem.values, problem.label)
    except ProblemError:
        return False
    least = LEAST * Decimal(1).scaleb(-problem.places)
    if not all(least <= abs(values[s.quantity]) <= MOST for s in problem.graph.steps):
        return False
    telling = [s for s in problem.graph.steps if s.quantity.kind is Kind.NODE or s.link is Link.GRADIENT]
    shown = [round(values[s.quantity], min(problem.places, 2)) for s in telling]
    return len(set(shown)) == len(shown) and all(abs(v) not in (0, 1) for v in shown)
