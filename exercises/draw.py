"""Drawing the numbers of a problem: friendly to write, and telling when something goes wrong.

Numbers have one or two decimals and a sign. Rejected are draws with a saturated unit, a delta that vanishes
at the asked places, equal weights in a layer, activations near one half (where y and 1 − y look alike), and
paths that cancel. The caller may add a test of its own (`accept`), such as whether mistakes can be told
apart, without this module knowing what a mistake is.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from exercises.activations import SOFTMAX
from exercises.dice import Dice
from exercises.errors import ByhandError, ProblemError
from exercises.problem import Problem
from exercises.quantity import ETA, Kind, Quantity, a, activation_slope, delta, loss_slope, t, weight, x, y
from exercises.questions import usual

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from exercises.network import Network
    from exercises.notation import NotationName
    from exercises.steps import DeltaSign

TRIES = 4000
LIVE = 20  # a delta is at least this many units of the last place asked for
LEGIBLE = 4  # every other line is at least this many
STEEP = Decimal("0.08")  # a smaller slope of a squashing unit counts as saturated
OFF_HALF = Decimal("0.04")  # closer to ½ than this, y and 1 − y are hard to tell apart
OFF_KINK = Decimal("0.05")  # closer to the kink of a relu than this, its slope is a matter of rounding
_SQUASHING = ("sigmoid", "tanh")
_KINKED = ("relu", "leaky-relu")
_RATES = ("0.2", "0.3", "0.4", "0.6", "0.7", "0.8")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be drawn: everything about a problem but its numbers.

    eta:      the learning rate, or None to draw one.
    symbolic: whether the usual questions in symbols are asked too.
    """

    network: Network
    notation: NotationName = "unit"
    delta: DeltaSign = "gradient"
    places: int = 4
    eta: Decimal | None = None
    title: str = ""
    symbolic: bool = False


def draw(
    order: Order,
    seed: str,
    solve: Callable[[Problem], Mapping[Quantity, Decimal]],
    accept: Callable[[Problem], bool] = lambda _: True,
) -> Problem:
    """The first acceptable problem of the stream that `seed` determines.

    solve: computes every quantity of a problem; raises ProblemError where one does not exist.

    Raises ByhandError if no acceptable numbers turn up in a few thousand tries.
    """
    dice = Dice(seed)
    for _ in range(TRIES):
        try:
            problem = _candidate(order, dice)
            values = solve(problem)
        except ProblemError:
            continue
        if _is_friendly(problem, values) and accept(problem):
            return problem
    net = order.network
    raise ByhandError(
        f"no good numbers found for {net.title} with {', '.join(net.activations)}, {net.loss} and "
        f"{order.places} places; try more places (--places) or another activation or loss"
    )


def _grid(low: int, high: int, step: int) -> list[Decimal]:
    """Positive hundredths from `low` to `high`."""
    return [Decimal(n).scaleb(-2).normalize() for n in range(low, high + 1, step)]


def _signed(dice: Dice, numbers: Sequence[Decimal]) -> list[Decimal]:
    """A random sign before each; two in three stay positive, which keeps sums easy to follow."""
    return [-n if dice.below(3) == 0 else n for n in numbers]


def _candidate(order: Order, dice: Dice) -> Problem:
    net = order.network
    values: dict[Quantity, Decimal] = {}
    inputs = _signed(dice, dice.sample(_grid(15, 95, 5), min(len(net.inputs), 17)))
    values |= {x(u): v for u, v in zip(net.inputs, _fill(inputs, len(net.inputs), dice), strict=True)}
    for layer in net.layers[1:]:
        taken = {abs(v) for q, v in values.items() if q.kind is Kind.BIAS}
        values |= _layer(net, layer, dice, taken if len(taken) < 12 else set())  # noqa: PLR2004 - of 18
    values |= _targets(net, dice)
    values[ETA] = order.eta if order.eta is not None else Decimal(dice.choice(_RATES))
    return Problem(
        network=net,
        values=values,
        notation=order.notation,
        delta=order.delta,
        places=order.places,
        title=order.title,
        questions=usual(net) if order.symbolic else (),
    )


def _fill(numbers: list[Decimal], count: int, dice: Dice) -> list[Decimal]:
    """As many numbers as needed; wide layers may repeat some."""
    return [*numbers, *(dice.choice(numbers) for _ in range(count - len(numbers)))]


def _layer(net: Network, layer: tuple[int, ...], dice: Dice, taken: set[Decimal]) -> dict[Quantity, Decimal]:
    """Different weights, and different biases, into one layer."""
    arrows = [weight(i, u) for u in layer for i in net.upstream(layer[0])]
    step = 10 if len(arrows) <= 9 else 5  # noqa: PLR2004 - that many one-decimal sizes
    sizes = [n for n in _grid(20 if step == 10 else 15, 120, step) if n != 1]  # noqa: PLR2004 - 1 hides
    weights = _signed(dice, dice.sample(sizes, min(len(arrows), len(sizes))))
    values = dict(zip(arrows, _fill(weights, len(arrows), dice), strict=True))
    if net.bias != "no":
        free = [n for n in _grid(5, 90, 5) if n not in taken]  # no two biases alike, in whatever layer
        biases = _signed(dice, dice.sample(free, min(len(layer), len(free))))
        owners = [Quantity(Kind.BIAS, u) for u in layer]
        values |= dict(zip(owners, _fill(biases, len(layer), dice), strict=True))
    return values


def _targets(net: Network, dice: Dice) -> dict[Quantity, Decimal]:
    """Targets within the reach of the outputs, never 0 or 1; shares of 1 for cross-entropy."""
    count = len(net.outputs)
    if net.loss == "cross-entropy":
        numbers = _shares(count, dice)
    elif net.loss == "binary-cross-entropy" or net.activations[-1] in ("sigmoid", SOFTMAX):
        numbers = dice.sample(_grid(5, 95, 5), min(count, 19))
    elif net.activations[-1] == "tanh":
        numbers = _signed(dice, dice.sample(_grid(10, 90, 5), min(count, 17)))
    else:
        numbers = dice.sample(_grid(15, 195, 5), min(count, 36))
        numbers = [n for n in numbers if n != 1] + [Decimal("0.85")] * numbers.count(Decimal(1))
    return dict(zip([t(u) for u in net.outputs], _fill(numbers, count, dice), strict=True))


def _shares(count: int, dice: Dice) -> list[Decimal]:
    """Different positive hundredths that add up to 1."""
    if count == 1:
        return [Decimal("0.8")]
    cuts = sorted(dice.sample(range(1, 20), count - 1)) if count <= 19 else []  # noqa: PLR2004
    edges = [0, *cuts, 20]
    return [Decimal(5 * (high - low)).scaleb(-2).normalize() for low, high in itertools.pairwise(edges)]


def _is_friendly(problem: Problem, values: Mapping[Quantity, Decimal]) -> bool:
    net = problem.network
    least = LIVE * Decimal(1).scaleb(-problem.places)
    return (
        all(_unit_is_good(net, u, values) for u in net.computing)
        and _relus_show(net, values)
        and all(abs(values[delta(u)]) >= least for u in net.computing if not _is_off(net, u, values))
        and all(_paths_differ(net, u, values, least) for u in net.computing)
        and _targets_differ(net, values)
        and _all_legible(problem, values)
    )


def _all_legible(problem: Problem, values: Mapping[Quantity, Decimal]) -> bool:
    """No line rounds to a lone last digit, but where it is 0 by right or behind a unit that is off."""
    least = LEGIBLE * Decimal(1).scaleb(-problem.places)
    net = problem.network
    off = {u for u in net.computing if _is_off(net, u, values) and net.activation_of(u) == "relu"}
    return all(
        abs(values[step.quantity]) >= least or values[step.quantity] == 0 or step.quantity.unit in off
        for step in problem.graph.steps
    )


def _unit_is_good(net: Network, unit: int, values: Mapping[Quantity, Decimal]) -> bool:
    name, own, out = net.activation_of(unit), values[a(unit)], values[y(unit)]
    if abs(own) < OFF_KINK or abs(own) > 4:  # noqa: PLR2004 - beyond, exponentials are tedious by hand
        return False
    if name in _SQUASHING and values[activation_slope(unit)] < STEEP:
        return False
    if name == "sigmoid" and abs(out - Decimal("0.5")) < OFF_HALF:
        return False
    if name == SOFTMAX and not OFF_HALF < out < 1 - OFF_HALF:
        return False
    return name not in _KINKED or unit not in net.outputs or own > 0


def _is_off(net: Network, unit: int, values: Mapping[Quantity, Decimal]) -> bool:
    """A relu whose unit passes nothing on: its delta is 0 by right."""
    return net.activation_of(unit) in _KINKED and values[a(unit)] < 0


def _relus_show(net: Network, values: Mapping[Quantity, Decimal]) -> bool:
    """In a hidden layer of relus one unit is off and one is on, so that a forgotten slope shows."""
    for layer in net.layers[1:-1]:
        if net.activation_of(layer[0]) in _KINKED:
            off = [_is_off(net, u, values) for u in layer]
            if all(off) or (len(layer) > 1 and not any(off)):
                return False
    return True


def _paths_differ(net: Network, unit: int, values: Mapping[Quantity, Decimal], least: Decimal) -> bool:
    """Several paths back to a unit are all visible, and neither equal nor cancelling."""
    downstream = net.downstream(unit)
    if len(downstream) < 2:  # noqa: PLR2004 - a single path
        return True
    paths = [values[loss_slope(unit, via=k)] for k in downstream if not _is_off(net, k, values)]
    distinct = len({abs(p).quantize(least) for p in paths}) == len(paths)
    return (
        distinct
        and (not paths or abs(sum(paths, Decimal(0))) >= least)
        and all(abs(p) >= least / 2 for p in paths)
    )


def _targets_differ(net: Network, values: Mapping[Quantity, Decimal]) -> bool:
    """No output happens to hit its target."""
    return all(abs(values[y(k)] - values[t(k)]) >= OFF_HALF for k in net.outputs)
