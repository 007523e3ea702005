"""Drawing problems of any kind from what `byhand generate` was told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from answer_keys.drawing_services import remark
from exercises.common.errors import ByhandError
from exercises.drawing.draw import TOGETHER, draw, draw_all
from exercises.drawing.draw_warmup import draw_warmup
from exercises.drawing.seeded_random import SeededRandom
from exercises.networks.kinds import kind_of
from exercises.networks.plan import FULL
from exercises.problems.problem import Problem
from exercises.problems.recast import RECAST, is_recast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from answer_keys.drawing_services import Coincide, DrawingServices, Ranges
    from exercises.drawing.draw import Order
    from exercises.drawing.search import MakeScorer
    from exercises.networks.plan import Plan

AGAIN = 30  # how often other numbers are tried where some will not do for a kind


@dataclass(frozen=True, slots=True)
class DrawnProblem:
    """A problem as it was drawn.

    coincide: which mistakes its numbers still hide or make look alike; None if nobody looked.
    note:     what the key page says of it.
    ranges:   the right numbers of each line; None if nobody looked.
    """

    problem: Problem
    coincide: Coincide | None = None
    note: str = ""
    ranges: Ranges | None = None


def draw_problems(
    order: Order, seeds: Sequence[str], services: DrawingServices | None
) -> Iterator[DrawnProblem]:
    """The problem of each seed, whatever its kind; each depends on its own seed only.

    services: what says which numbers tell mistakes apart; without it the first good ones are taken.

    Raises ByhandError where no good numbers turn up, or where a mistake is to be planted without `services`.
    """
    kind = kind_of(order.plan)
    if kind.functions:
        for seed in seeds:
            warmup = draw_warmup(kind.name, SeededRandom(seed), order.precision, order.title, order.level)
            yield DrawnProblem(warmup, ranges=_ranges(warmup, services))
        return
    make_scorer = services.make_scorer if services else None
    if not is_recast(kind):
        yield from _recorded(draw_all(order, seeds, make_scorer), services)
        return
    plain = replace(order, plan=FULL)
    recast = _recasting(order.plan, services)
    for problem, seed in zip(draw_all(plain, seeds, make_scorer), seeds, strict=True):
        made = _first_that_will_do(problem, seed, recast, plain, make_scorer)
        coincide = services.record([made])[0] if services else None
        yield DrawnProblem(made, coincide, _said(made, coincide, services), _ranges(made, services))


def given(problem: Problem, services: DrawingServices | None) -> DrawnProblem:
    """A problem that somebody wrote, with what its numbers hide."""
    if services is None or problem.plan.function:
        return DrawnProblem(problem, ranges=_ranges(problem, services))
    coincide = services.record([problem])[0]
    return DrawnProblem(problem, coincide, _said(problem, coincide, services), _ranges(problem, services))


def on_numbers_of(base: Problem, order: Order, seed: str, services: DrawingServices | None) -> DrawnProblem:
    """Another exercise on the numbers of a problem, as an order has it. Raises ByhandError where they do not fit.

    A mistake that is planted in it may ask for other numbers; then these do not fit either.
    """
    kind = kind_of(order.plan)
    whole = base.full_pass if not base.plan.function else None
    if (
        whole is None
        or kind.functions
        or max(base.plan.examples, base.plan.steps, order.plan.examples, order.plan.steps) > 1
    ):
        raise ByhandError("same_numbers_as: only exercises of one run of a network share their numbers")
    if order.network.shape != whole.network.shape or (order.network.bias == "no") != (
        whole.network.bias == "no"
    ):
        raise ByhandError(
            "same_numbers_as: the two networks have other shapes or biases, and so other numbers"
        )
    values = dict(whole.values) | {q: value for q, value in order.fixed if q not in whole.values}
    drawn = replace(order, plan=FULL) if is_recast(kind) else order
    problem = Problem.of(drawn.specification(values))
    if is_recast(kind):
        problem = _recasting(order.plan, services)(problem, seed)
    return given(problem, services)


def _ranges(problem: Problem, services: DrawingServices | None) -> Ranges | None:
    return services.ranges([problem])[0] if services else None


def _said(problem: Problem, coincide: Coincide | None, services: DrawingServices | None) -> str:
    """What the key page says of a problem."""
    return services.planted(problem) if services and problem.kind.planted else _note(coincide)


def _recasting(plan: Plan, services: DrawingServices | None) -> Callable[[Problem, str], Problem]:
    """What makes of a plain full pass an exercise of a plan's kind."""
    kind = kind_of(plan)
    if not kind.planted:
        return lambda problem, _: RECAST[kind.name](problem, plan)
    if services is None:
        raise ByhandError(f"{kind.name}: no catalogue of mistakes to plant from")
    return services.plant


def _first_that_will_do(
    problem: Problem,
    seed: str,
    recast: Callable[[Problem, str], Problem],
    plain: Order,
    make_scorer: MakeScorer | None,
) -> Problem:
    """The problem recast; where its numbers will not do, others are drawn."""
    for again in range(1, AGAIN):
        try:
            return recast(problem, seed)
        except ByhandError:
            problem = draw(plain, f"{seed}+{again}", make_scorer)
    return recast(problem, seed)


def _recorded(problems: Iterator[Problem], services: DrawingServices | None) -> Iterator[DrawnProblem]:
    """Each with what still coincides."""
    while some := list(islice(problems, TOGETHER)):
        found = services.record(some) if services else [None] * len(some)
        ranges = services.ranges(some) if services else [None] * len(some)
        yield from (
            DrawnProblem(p, coincide, _note(coincide), own)
            for p, coincide, own in zip(some, found, ranges, strict=True)
        )


def _note(coincide: Coincide | None) -> str:
    return "" if coincide is None else remark(coincide)
