"""Drawing a warm-up: a function from a few patterns with whole numbers in it, and the numbers of its variables."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from exercises.common.errors import ByhandError, ProblemError
from exercises.formulas.quantity import Link, Quantity, QuantityKind
from exercises.networks.evaluate import evaluate
from exercises.networks.plan import Plan
from exercises.networks.warmup_function import NO_NETWORK, read
from exercises.problems.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exercises.drawing.seeded_random import SeededRandom
    from exercises.networks.plan import KindName
    from exercises.networks.warmup_function import WarmupFunction

TRIES = 400
LEAST = 40  # every line is at least this many units of the last place
MOST = 40  # and no larger than this
USUAL = 3  # the level that is drawn where none is asked for
_SHORT = ("A*x + B", "A*x - B", "x^2 + B", "A*x^2 - B", "B - x^2")
_SINGLE = ("sin({})", "cos({})", "exp({})", "ln({})", "sqrt({})", "tanh({})", "sigmoid({})")


def _nested(outer: Iterable[str], inner: Iterable[str]) -> tuple[str, ...]:
    return tuple(f.format(g) for f in outer for g in inner)


# By level, from 1, patterns with whole numbers for A and B. Students of one course get different ones of the same
# level: on each the functions are of one sort, and every pattern makes as many lines.
COMPOSITES = (
    _nested(("({})^2", "({})^3"), _SHORT[:3]),
    _nested(("({})^2", "({})^3"), _SHORT),
    _nested(_SINGLE, _SHORT),
    _nested(_SINGLE, ("sin(x) + B", "cos(x) + B", "exp(x) - B")),
    _nested(
        ("sin({})", "cos({})"), _nested(("sqrt({})", "exp({})", "ln({})"), ("A*x + B", "x^2 + B", "B - x^2"))
    ),
)
_ONE_SHARED = (  # x is on two paths, w on one
    "u = x*w; v = x^2; f = u*v^2",
    "u = x*w; v = x^2; f = u^2*v",
    "u = x*w + B; v = x^2; f = u*v",
    "u = x*w - B; v = x^3; f = u*v",
    "u = x*w; v = x^2 + B; f = u*v",
    "u = x*w; v = A*x - B; f = u*v",
)
_WITH_A_FUNCTION = (  # the same, and one function more
    "u = x*w + B; v = sin(x); f = u*v",
    "u = x*w - B; v = cos(x); f = u*v",
    "u = x*w; v = exp(x); f = u*v",
    "u = x*w + B; v = tanh(x); f = u*v",
    "u = x^2; v = x*w; f = u*sin(v)",
    "u = x^2; v = x*w; f = u*cos(v)",
    "u = x^2 + B; v = x*w; f = u*tanh(v)",
    "u = x*w; v = x^2; f = exp(u - v)",
)
_BOTH_SHARED = (  # x and w are on two paths each
    "u = x + A*w; v = x*w; f = u*sin(v)",
    "u = A*x - w; v = x*w; f = u*cos(v)",
    "u = x + A*w; v = x*w; f = u*tanh(v)",
    "u = A*x + w; v = x*w; f = u*exp(v)",
    "u = x*w; v = x - A*w; f = u*sin(v)",
    "u = x*w; v = A*x + w; f = u*tanh(v)",
)
_FOUR_NODES = (  # the same through one node more
    "u = x*w; v = tanh(u); p = x - w; f = p*v",
    "u = x*w; v = sin(u); p = x + A*w; f = p*v",
    "u = x*w; v = cos(u); p = A*x - w; f = p*v",
    "u = x*w; v = exp(u); p = x + w; f = p*v",
    "u = x + w; v = tanh(u); p = x*w; f = p*v",
    "u = x - w; v = sin(u); p = x*w; f = p*v",
)
GRAPHS = (_ONE_SHARED, _ONE_SHARED, _WITH_A_FUNCTION, _BOTH_SHARED, _FOUR_NODES)
_SIZES = [Decimal(n).scaleb(-1) for n in (3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 16, 17, 18)]


def draw_warmup(
    kind: KindName, rng: SeededRandom, places: int, title: str = "", level: int = USUAL
) -> Problem:
    """A composite function, or a computation graph with a variable on two paths, with friendly numbers.

    level: from 1, easy, to 5, hard.

    Raises ByhandError if no acceptable numbers turn up, which is the case only for very few places.
    """
    for _ in range(TRIES):
        function = _function(kind, level, rng)
        count = len(function.inputs)
        numbers = [n if rng.below(3) or kind == "composite" else -n for n in rng.sample(_SIZES, count)]
        values = {Quantity(QuantityKind.INPUT, n): v for n, v in enumerate(numbers, 1)}
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


def _function(kind: KindName, level: int, rng: SeededRandom) -> WarmupFunction:
    patterns = COMPOSITES if kind == "composite" else GRAPHS
    pattern = rng.choice(patterns[level - 1])
    return read(re.sub("[AB]", lambda _: str(2 + rng.below(4)), pattern))


def _is_friendly(problem: Problem) -> bool:
    """Every value exists, can be read, and is easy to tell from the others."""
    try:
        values = evaluate(problem.graph.steps, problem.values, problem.label)
    except ProblemError:
        return False
    least = LEAST * Decimal(1).scaleb(-problem.places)
    if not all(least <= abs(values[s.quantity]) <= MOST for s in problem.graph.steps):
        return False
    telling = [
        s for s in problem.graph.steps if s.quantity.kind is QuantityKind.NODE or s.link is Link.GRADIENT
    ]
    shown = [round(values[s.quantity], min(problem.places, 2)) for s in telling]
    return len(set(shown)) == len(shown) and all(abs(v) not in (0, 1) for v in shown)
