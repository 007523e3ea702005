"""What a drawing brings out: the paths of a chain, or the weights that take a step; all else steps back."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from exercises.formulas.quantity import Link, QuantityKind
from exercises.networks.asked_lines import subjects
from exercises.problems.questions import paths

if TYPE_CHECKING:
    from exercises.figures.figure import Weight
    from exercises.problems.problem import Problem


@dataclass(frozen=True, slots=True)
class Emphasis:
    """What is drawn bold.

    edges: by source and destination.
    units: by number.
    plain: units that are neither bold nor light.
    """

    edges: frozenset[tuple[int, int]] = frozenset()
    units: frozenset[int] = frozenset()
    plain: frozenset[int] = frozenset()

    def edge(self, source: int, unit: int) -> Weight:
        """How an edge is drawn."""
        if not self.edges:
            return "plain"
        return "bold" if (source, unit) in self.edges else "light"

    def unit(self, unit: int) -> Weight:
        """How a unit is drawn."""
        if not self.edges or unit in self.plain:
            return "plain"
        return "bold" if unit in self.units else "light"


NONE = Emphasis()


def emphasis(problem: Problem) -> Emphasis:
    """What the drawing of a problem brings out; nothing where the whole network is worked through."""
    net = problem.network
    weights = subjects(problem.plan)
    if weights:
        ways = [path for q in weights for path in paths(net, q.unit)]
        edges = {(q.source, q.unit) for q in weights} | {pair for path in ways for pair in pairwise(path)}
        units = frozenset(unit for path in ways for unit in path)
        return Emphasis(frozenset(edges), units, frozenset(q.source for q in weights) - units)
    asked = problem.graph.asked_steps
    stepped = {(s.quantity.source, s.quantity.unit) for s in asked if s.quantity.kind is QuantityKind.WEIGHT}
    every = {(i, u) for u in net.computing for i in net.upstream(u)}
    if not stepped or stepped == every or any(s.link is not Link.UPDATE for s in asked):
        return NONE
    return Emphasis(frozenset(stepped), plain=frozenset(net.inputs) | frozenset(net.computing))
