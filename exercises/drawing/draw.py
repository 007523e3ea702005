"""Drawing the numbers of problems: friendly to write, equally hard, and telling when something goes wrong.

For each problem many candidates are drawn; those are kept that are kind to the hand (see `friendly`) and as
hard as is usual for such problems (see `difficulty`). From among them and their like the best is searched
(see `search`), without these modules knowing what a mistake is; where nobody says what is best, the first one
will do.

The same seed gives the same numbers on every machine: all choices are made by whole numbers, or by floating
point that IEEE 754 fixes to the last bit (see `steady`), and what is drawn is looked at once more in exact
decimals. A problem depends on its own seed only, not on those that are drawn with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from exercises.common.errors import ByhandError, ProblemError
from exercises.drawing.candidate_lines import CandidateLines
from exercises.drawing.draw_warmup import too_few
from exercises.drawing.search import candidates, improved
from exercises.formulas.decimals import Precision
from exercises.formulas.quantity import ETA, Quantity, QuantityKind
from exercises.networks.build import build, whole
from exercises.networks.losses import OF_SHARES
from exercises.networks.plan import FULL, Plan
from exercises.problems.problem import Problem
from exercises.problems.questions import usual
from exercises.problems.specification import Specification
from exercises.problems.without_rounding import comes_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from exercises.drawing.search import MakeScorer, Scorer
    from exercises.networks.network import Network
    from exercises.networks.notation import NotationName
    from exercises.networks.steps import DeltaSign

Array = Any
TOGETHER = 32  # so many problems are drawn together, which is quicker and changes nothing


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be drawn: everything about a problem but its numbers.

    eta:      the learning rate, or None to draw one.
    symbolic: whether the usual questions in symbols are asked too.
    plan:     which kind of exercise it is.
    fixed:    given numbers that are not drawn.
    positive: whether inputs and parameters are.
    level:    of a warm-up, from 1 to 5: which functions it is drawn from.
    halves:   whether all numbers are whole, halves and quarters.
    one_hot:  whether one target is 1 and the others are 0, and not shares of any size.
    figures:  significant figures to which lines are written, in place of decimal places.
    """

    network: Network
    notation: NotationName = "unit"
    delta: DeltaSign = "gradient"
    places: int = 4
    eta: Decimal | None = None
    title: str = ""
    symbolic: bool = False
    plan: Plan = FULL
    fixed: tuple[tuple[Quantity, Decimal], ...] = ()
    positive: bool = False
    level: int = 3
    one_hot: bool = False
    halves: bool = False
    figures: int | None = None

    @property
    def precision(self) -> Precision:
        """To how many places or figures each line is written."""
        return Precision.asked(self.places, self.figures)

    def specification(self, values: Mapping[Quantity, Decimal]) -> Specification:
        """The problem that is ordered, with these numbers."""
        return Specification(
            network=self.network,
            values=values,
            notation=self.notation,
            delta=self.delta,
            places=self.places,
            figures=self.figures,
            title=self.title,
            questions=usual(self.network) if self.symbolic else (),
            plan=self.plan,
        )


def draw(order: Order, seed: str, make_scorer: MakeScorer | None = None) -> Problem:
    """The problem that `seed` determines. Raises ByhandError if no good numbers turn up."""
    return next(draw_all(order, [seed], make_scorer))


def draw_all(order: Order, seeds: Iterable[str], make_scorer: MakeScorer | None = None) -> Iterator[Problem]:
    """The problem of each seed. Raises ByhandError if no good numbers turn up.

    make_scorer: makes what says which numbers are best; the same object on every call saves making it anew.
    """
    drawing, rest = _Drawing(order, make_scorer), iter(seeds)
    while some := list(islice(rest, TOGETHER)):
        yield from drawing.problems(some)


@lru_cache(maxsize=8)
def _prepared(order: Order, make_scorer: MakeScorer | None) -> tuple[CandidateLines, Scorer | None]:
    """What problems share: where candidates come from, and what says how bad they are."""
    one = order.network.loss in OF_SHARES
    graphs = [
        make(order.network, order.delta, targets_sum_to_one=one, plan=order.plan) for make in (whole, build)
    ]
    fixed = dict(order.fixed) | ({} if order.eta is None else {ETA: order.eta})
    field = CandidateLines(
        graphs[0], graphs[1], fixed, order.precision, positive=order.positive, halves=order.halves
    )
    score = make_scorer(graphs[1], order.precision, field.usual) if make_scorer and field.level else None
    return field, score


class _Drawing:
    """The drawing of one order's problems."""

    def __init__(self, order: Order, make_scorer: MakeScorer | None) -> None:
        self.order = order
        same = replace(order, notation="unit", title="", symbolic=False)  # these change no numbers
        self.field, self.score = _prepared(same, make_scorer)

    def problems(self, seeds: list[str]) -> Iterator[Problem]:
        """The problem of each seed."""
        pools = candidates(self.field, seeds)
        if not all(len(pool) for pool in pools):
            raise self.nothing_found()
        ranked = [list(pool) for pool in pools]
        if self.score is not None:
            ranked = improved(self.field, self.score, seeds, pools)
        for own in ranked:
            yield next(self.confirmed(own))

    def confirmed(self, ranked: list[Array]) -> Iterator[Problem]:
        """Those candidates that are friendly in exact decimals too, as problems."""
        rounded: list[Problem] = []  # friendly, but with decimals beyond those asked for
        for numbers in ranked:
            values = [Decimal(int(n)).scaleb(-2).normalize() for n in numbers]
            given = dict(zip(self.field.table.quantities, values, strict=True)) | dict(self.field.fixed)
            try:
                problem = self.problem(given)
                if not self.field.is_friendly(given, problem.label):
                    continue
            except ProblemError:
                continue
            if self.order.halves and not comes_out(problem):
                rounded.append(problem)
            else:
                yield problem
        yield from rounded
        raise self.nothing_found()

    def problem(self, given: dict[Quantity, Decimal]) -> Problem:
        """The problem with these numbers."""
        order = self.order
        given = _one_hot(given) if order.one_hot else given
        return Problem.of(order.specification({q: given[q] for q in self.field.asked.given if q in given}))

    def nothing_found(self) -> ByhandError:
        """What is said where no numbers will do."""
        net = self.order.network
        return ByhandError(
            f"no good numbers found for {net.title} with {', '.join(net.activations)}, {net.loss} and "
            f"{too_few(self.order.precision)} or another activation or loss"
        )


def _one_hot(given: dict[Quantity, Decimal]) -> dict[Quantity, Decimal]:
    """The same numbers, but in each example the largest target is 1 and the others are 0."""
    targets: dict[int, list[Quantity]] = {}
    for q in given:
        if q.kind is QuantityKind.TARGET:
            targets.setdefault(q.example, []).append(q)
    hot = {max(own, key=lambda q: (given[q], -q.unit)) for own in targets.values()}
    return given | {q: Decimal(int(q in hot)) for own in targets.values() for q in own}
