"""Drawing problems of any kind from what `byhand generate` was told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from answer_keys.telling import remark
from exercises import problem_file, problem_writer
from exercises.dice import Dice
from exercises.draw import TOGETHER, draw, draw_all
from exercises.errors import ByhandError
from exercises.plan import FULL
from exercises.recast import RECAST
from exercises.warmup.draws import draw_warmup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from answer_keys.telling import Coincide, Telling
    from exercises.draw import Order
    from exercises.plan import KindName
    from exercises.problem import Problem
    from exercises.search import MakeScorer

Packed = tuple[str, "Coincide | None", str]
WARM_UPS = ("composite", "computation-graph")
PLANTED = "find-the-mistake"
AGAIN = 30  # how often other numbers are tried where some will not do for a kind


@dataclass(frozen=True, slots=True)
class Drawn:
    """A problem as it was drawn.

    coincide: which mistakes its numbers still hide or make look alike; None if nobody looked.
    note:     what the key page says of it.
    """

    problem: Problem
    coincide: Coincide | None = None
    note: str = ""

    @property
    def packed(self) -> Packed:
        """As plain values, which another process can take."""
        return problem_writer.write(self.problem), self.coincide, self.note


def unpacked(packed: Packed) -> Drawn:
    """The same in another process."""
    text, coincide, note = packed
    return Drawn(problem_file.parse(text, "drawn"), coincide, note)


def draw_problems(order: Order, seeds: Sequence[str], telling: Telling | None) -> Iterator[Drawn]:
    """The problem of each seed, whatever its kind; each depends on its own seed only.

    telling: what says which numbers tell mistakes apart; without it the first good ones are taken.

    Raises ByhandError where no good numbers turn up, or where a mistake is to be planted without `telling`.
    """
    kind = order.plan.kind
    if kind in WARM_UPS:
        for seed in seeds:
            yield Drawn(draw_warmup(kind, Dice(seed), order.places, order.title, order.level))
        return
    make_scorer = telling.make_scorer if telling else None
    if kind != PLANTED and kind not in RECAST:
        yield from _recorded(draw_all(order, seeds, make_scorer), telling)
        return
    plain = replace(order, plan=FULL)
    recast = _recasting(kind, telling)
    for problem, seed in zip(draw_all(plain, seeds, make_scorer), seeds, strict=True):
        made = _first_that_will_do(problem, seed, recast, plain, make_scorer)
        coincide = telling.record([made])[0] if telling else None
        note = telling.planted(made) if telling and kind == PLANTED else _note(coincide)
        yield Drawn(made, coincide, note)


def _recasting(kind: KindName, telling: Telling | None) -> Callable[[Problem, str], Problem]:
    """What makes of a plain full pass an exercise of this kind."""
    if kind != PLANTED:
        return lambda problem, _: RECAST[kind](problem)
    if telling is None:
        raise ByhandError(f"{PLANTED}: no catalogue of mistakes to plant from")
    return telling.plant


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


def _recorded(problems: Iterator[Problem], telling: Telling | None) -> Iterator[Drawn]:
    """Each with what still coincides."""
    while some := list(islice(problems, TOGETHER)):
        found = telling.record(some) if telling else [None] * len(some)
        yield from (Drawn(p, coincide, _note(coincide)) for p, coincide in zip(some, found, strict=True))


def _note(coincide: Coincide | None) -> str:
    return "" if coincide is None else remark(coincide)
