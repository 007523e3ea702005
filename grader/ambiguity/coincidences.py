"""Which mistakes the numbers of problems hide, or make look alike: what the grader itself would find.

On a sheet that is right throughout and rounded half up, each mistake is made at its line, one at a time, and
its number rounded half up. It is hidden where `judge` would take that number for right, and alike to another
where either's number lies in the interval of the other, so that both would be offered in explanation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.last_places import half_up, last_places, unit_at
from exercises.networks.build import build
from exercises.networks.evaluate import evaluate
from exercises.networks.losses import OF_SHARES
from exercises.networks.vectorised import NodeNumbers
from grader.ambiguity.enclosures import Enclosures
from grader.ambiguity.survey import Instance, Survey, instance
from grader.judging.carried import NEAR
from grader.judging.interval import Interval, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exercises.formulas.last_places import Unit
    from exercises.formulas.quantity import Quantity
    from exercises.networks.network import Network
    from exercises.networks.plan import Plan
    from exercises.networks.steps import DeltaSign, StepGraph
    from exercises.problems.problem import Problem
    from grader.mistakes.hypotheses import Hypothesis

Array = Any
_BLOCK = 4096  # pairs looked at together


def survey_of(graph: StepGraph) -> Survey:
    """The survey of a graph; kept, since many problems share one."""
    one = graph.targets_sum_to_one and graph.network.loss in OF_SHARES  # elsewhere it changes nothing
    return _survey(graph.network, graph.sign, one, graph.plan)


@lru_cache(maxsize=4)
def _survey(network: Network, sign: DeltaSign, one: bool, plan: Plan) -> Survey:  # noqa: FBT001 - a key
    return Survey(build(network, sign, targets_sum_to_one=one, plan=plan))


@dataclass(frozen=True)
class Coincidences:
    """What the numbers of one problem hide.

    survey: all mistakes that could be made.
    hidden: places in `survey.known` whose number would pass for correct work.
    alike:  places in `survey.pairs` whose numbers could not be told apart though others could, neither hidden.
    """

    survey: Survey
    hidden: tuple[int, ...]
    alike: tuple[int, ...]

    @cached_property
    def concealed(self) -> list[Hypothesis]:
        """Those that are hidden, each mistake at a line once, though it may have several formulas."""
        found: dict[Instance, Hypothesis] = {}
        for place in self.hidden:
            found.setdefault(instance(self.survey.known[place]), self.survey.known[place])
        return list(found.values())

    @cached_property
    def mute(self) -> set[Instance]:
        """Those that are hidden in every way in which they can be made."""
        hidden = set(self.hidden)
        return {name for name, places in self.survey.ways.items() if places <= hidden}

    @cached_property
    def mixed_up(self) -> list[tuple[Hypothesis, Hypothesis]]:
        """Those that are alike, each two mistakes at a line once."""
        return distinct(self.survey, self.alike)

    def record(self) -> dict[str, Any]:
        """Plain values, for a key."""
        return {
            "hidden": [entry(h) for h in self.concealed],
            "alike": [[entry(one), entry(two)] for one, two in self.mixed_up],
        }


def distinct(survey: Survey, pairs: Sequence[int]) -> list[tuple[Hypothesis, Hypothesis]]:
    """The hypotheses of some pairs, each two mistakes at a line once."""
    found: dict[tuple[Instance, Instance], tuple[Hypothesis, Hypothesis]] = {}
    for place in pairs:
        one, two = (survey.known[i] for i in survey.pairs[place])
        found.setdefault((instance(one), instance(two)), (one, two))
    return list(found.values())


def entry(h: Hypothesis) -> dict[str, str]:
    """A mistake at a line, as plain values."""
    return {"quantity": h.step.quantity.name, "code": h.mistake.code, "name": h.mistake.name}


def coincidences(survey: Survey, problems: Sequence[Problem]) -> list[Coincidences]:
    """For each problem of one graph what its numbers hide. Raises ProblemError where a line has no value."""
    solved = [evaluate(p.graph.steps, p.values, p.label) for p in problems]
    given = {q: np.array([float(values[q]) for values in solved]) for q in survey.graph.given}
    typed = {
        q: np.array([float(p.precision.rounded(v[q])) for v, p in zip(solved, problems, strict=True)])
        for q in survey.graph.asked
    }
    sheets = TriedSheets(survey, given, typed, last_places([p.precision for p in problems]))
    alike = sheets.alike(survey.pairs) & ~survey.always_alike[:, None]
    return [
        Coincidences(survey, _places(sheets.hidden[:, i]), _places(alike[:, i])) for i in range(len(problems))
    ]


def _places(flags: Array) -> tuple[int, ...]:
    return tuple(int(i) for i in np.flatnonzero(flags))


class TriedSheets:
    """Right sheets of one graph, with every mistake tried on each.

    wrong:  the interval of each wrong formula, arrays (hypotheses, sheets).
    said:   what would be typed for it.
    hidden: where that passes for right, though it never need.
    """

    def __init__(
        self, survey: Survey, given: Mapping[Quantity, Array], typed: Mapping[Quantity, Array], unit: Unit
    ) -> None:
        found = Enclosures(survey.tape, given, typed, unit)
        key = NodeNumbers(survey.lines, given).value
        self.wrong = found.at(survey.roots)
        with np.errstate(invalid="ignore"):
            middle = self.wrong.mid
            typed_wrong = half_up(middle, unit)
            self.said = written(typed_wrong, unit_at(unit, typed_wrong))
        exists = np.isfinite(middle)
        self.hidden = np.zeros(exists.shape, dtype=bool)
        for q, rows in survey.rows.items():
            own = slice(rows.start, rows.stop)
            said = Interval(self.said.lo[own], self.said.hi[own])
            for place in survey.tape.lines[q]:
                self.hidden[own] |= found.at(place).contains(said)
            away = np.abs(typed_wrong[own] - key[survey.lines.lines[q][0]])
            self.hidden[own] |= away <= NEAR * unit_at(unit, typed_wrong[own])
        self.hidden &= exists & ~survey.never_shown[:, None]
        self._shown = exists & ~self.hidden & ~survey.never_shown[:, None]

    def alike(self, pairs: Array) -> Array:
        """Where two hypotheses, neither of them hidden, could not be told apart; (pairs, sheets)."""
        out = np.zeros((len(pairs), self.hidden.shape[1]), dtype=bool)
        for start in range(0, len(pairs), _BLOCK):
            one, two = pairs[start : start + _BLOCK, 0], pairs[start : start + _BLOCK, 1]
            near = self._within(one, two) | self._within(two, one)
            out[start : start + _BLOCK] = self._shown[one] & self._shown[two] & near
        return out

    def _within(self, typed: Array, others: Array) -> Array:
        """Where what is typed for some could come from others."""
        return (self.wrong.lo[others] <= self.said.hi[typed]) & (self.said.lo[typed] <= self.wrong.hi[others])
