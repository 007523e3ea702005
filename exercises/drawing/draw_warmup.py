"""Drawing a warm-up: a function from a few patterns with whole numbers in it, and the numbers of its variables."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from exercises.common.errors import ByhandError, ProblemError
from exercises.formulas.quantity import Link, Quantity, QuantityKind
from exercises.networks.evaluate import evaluate
from exercises.networks.kinds import KINDS
from exercises.networks.plan import Plan
from exercises.networks.warmup_function import NO_NETWORK, read
from exercises.problems.problem import Problem

if TYPE_CHECKING:
    from exercises.drawing.seeded_random import SeededRandom
    from exercises.formulas.decimals import Precision
    from exercises.networks.plan import KindName
    from exercises.networks.warmup_function import WarmupFunction
    from exercises.networks.warmup_patterns import Patterns

TRIES = 400
LEAST = 40  # every line is at least this many units of the last place
MOST = 40  # and no larger than this
USUAL = 3  # the level that is drawn where none is asked for
_SIZES = [Decimal(n).scaleb(-1) for n in (3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 16, 17, 18)]


def draw_warmup(
    kind: KindName, rng: SeededRandom, precision: Precision, title: str = "", level: int = USUAL
) -> Problem:
    """A composite function, or a computation graph with a variable on two paths, with friendly numbers.

    level: from 1, easy, to 5, hard.

    Raises ByhandError if no acceptable numbers turn up, which is the case only for very few places.
    """
    entry = KINDS[kind]
    for _ in range(TRIES):
        function = _function(entry.functions or (), level, rng)
        count = len(function.inputs)
        numbers = [n if rng.below(3) or not entry.negative else -n for n in rng.sample(_SIZES, count)]
        values = {Quantity(QuantityKind.INPUT, n): v for n, v in enumerate(numbers, 1)}
        problem = Problem(
            network=NO_NETWORK,
            values=values,
            **_asked(precision),
            title=title,
            plan=Plan(kind=kind, function=function),
        )
        if _is_friendly(problem):
            return problem
    raise ByhandError(f"no good numbers found for {kind} with {too_few(precision)}")


def too_few(precision: Precision) -> str:
    """What to do where no numbers can be seen at a precision."""
    if precision.significant:
        return f"{precision.words}; try more figures (--figures)"
    return f"{precision.digits} places; try more places (--places)"


def _asked(precision: Precision) -> dict[str, Any]:
    return {"figures" if precision.significant else "places": precision.digits}


def _function(patterns: Patterns, level: int, rng: SeededRandom) -> WarmupFunction:
    pattern = rng.choice(patterns[level - 1])
    return read(re.sub("[AB]", lambda _: str(2 + rng.below(4)), pattern))


def _is_friendly(problem: Problem) -> bool:
    """Every value exists, can be read, and is easy to tell from the others."""
    try:
        values = evaluate(problem.graph.steps, problem.values, problem.label)
    except ProblemError:
        return False
    least = LEAST * Decimal(1).scaleb(-problem.precision.digits)
    if not all(least <= abs(values[s.quantity]) <= MOST for s in problem.graph.steps):
        return False
    telling = [
        s for s in problem.graph.steps if s.quantity.kind is QuantityKind.NODE or s.link is Link.GRADIENT
    ]
    shown = [round(values[s.quantity], min(problem.precision.digits, 2)) for s in telling]
    return len(set(shown)) == len(shown) and all(abs(v) not in (0, 1) for v in shown)
