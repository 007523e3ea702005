"""The same mistake at several lines, taken together: at all lines of its kind, in one layer, at one unit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

from grader.mistakes.hypotheses import GENERATED_WEIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step, StepGraph
    from grader.mistakes.hypotheses import Hypothesis

# Who has a mistake in mind makes it wherever it can be made; less often in one layer, or at one line, alone.
EVERYWHERE, IN_PART, ALONE = 1.0, 0.4, 0.25
_LESS_USUAL = 0.3  # all changes together that are not the same one of those listed at each line
_MOST_CHANGES = 4  # ways in which one mistake can be made at a line that are followed from line to line


@dataclass(frozen=True, eq=False)
class Repeated:
    """One mistake at one or more lines.

    members: what was done at each, in order of computation.
    chance:  how likely it is among all mistakes, before any number is looked at; 0 to 1.
    """

    members: tuple[Hypothesis, ...]
    chance: float

    @cached_property
    def lines(self) -> tuple[Quantity, ...]:
        """Where it is made."""
        return tuple(h.step.quantity for h in self.members)

    def at(self, q: Quantity) -> Hypothesis:
        """What was done at one of its lines."""
        return next(h for h in self.members if h.step.quantity == q)


def alone(h: Hypothesis, *, repeatable: bool) -> Repeated:
    """A mistake at one line only, though others like it may be there."""
    return Repeated((h,), h.chance * (ALONE if repeatable else EVERYWHERE))


def repeated(
    graph: StepGraph, hypotheses: Callable[[Quantity], Sequence[Hypothesis]]
) -> tuple[Repeated, ...]:
    """Every catalogued mistake at every family of like lines, two at least."""
    out = []
    for family, share in _families(graph):
        by_code: dict[str, list[list[Hypothesis]]] = defaultdict(list)
        for step in family:
            here: dict[str, list[Hypothesis]] = defaultdict(list)
            for h in hypotheses(step.quantity):
                if h.mistake.weight > GENERATED_WEIGHT:
                    here[h.mistake.code].append(h)
            for code, ways in here.items():
                by_code[code].append(ways)
        for places in by_code.values():
            if len(places) > 1:
                out += [Repeated(way, share * usual * _mean(way)) for way, usual in _ways(graph, places)]
    unique: dict[tuple[str, ...], Repeated] = {}
    for one in sorted(out, key=lambda r: -r.chance):
        unique.setdefault(tuple(f"{h.mistake.code} {h.step.quantity} {id(h)}" for h in one.members), one)
    return tuple(unique.values())


def _mean(way: Sequence[Hypothesis]) -> float:
    return sum(h.chance for h in way) / len(way)


def _ways(
    graph: StepGraph, places: Sequence[Sequence[Hypothesis]]
) -> Iterator[tuple[tuple[Hypothesis, ...], float]]:
    """The same change at each place, with how usual that is among such.

    It is the only one, or the first of each, the second of each, and so on; or in each layer another (the bias of
    the neighbour, say, which hidden units list first and output units last), or going round (the first input
    for the first weight, the second for the second).
    """
    most = min(_MOST_CHANGES, *map(len, places))
    for number in range(most):
        yield tuple(ways[number] for ways in places), 1.0
    if most < 2:  # noqa: PLR2004 - nothing to choose
        return
    groups: dict[object, list[int]] = defaultdict(list)
    for place, ways in enumerate(places):
        q = ways[0].step.quantity
        groups[graph.network.layer_of(q.unit) if q.unit and not graph.plan.function else None].append(place)
    choices = []
    for group in groups.values():
        first = [min(_MOST_CHANGES, len(places[place])) for place in group]
        alike = [dict.fromkeys(group, number) for number in range(min(first))]
        round_about = {place: n % many for n, (place, many) in enumerate(zip(group, first, strict=True))}
        choices.append(alike if round_about in alike else [*alike, round_about])
    mixed = [
        numbers
        for picked in product(*choices)
        if len(set((numbers := {place: n for one in picked for place, n in one.items()}).values())) > 1
    ]
    for numbers in mixed:
        way = tuple(ways[numbers[place]] for place, ways in enumerate(places))
        yield way, _LESS_USUAL * most / len(mixed)


def _families(graph: StepGraph) -> Iterator[tuple[list[Step], float]]:
    """Like lines, with how readily a mistake is made at just these."""
    found: dict[tuple[Any, ...], list[Step]] = defaultdict(list)
    for step in graph.steps:
        q = step.quantity
        run = (step.link, q.updated, q.example, q.step)
        keys: list[tuple[Any, ...]] = [(), ("kind", q.kind), ("unit", q.unit)]
        if q.unit and not graph.plan.function:
            layer = graph.network.layer_of(q.unit)
            keys += [("layer", layer), ("layer and kind", layer, q.kind)]
        for key in keys:
            found[(*run, *key)].append(step)
    for key, family in found.items():
        yield family, EVERYWHERE if len(key) == 4 else IN_PART  # noqa: PLR2004 - nothing beside the run
