"""A line of a hand calculation, and all the lines of an exercise in the order of computation.

Everything that byhand solves, prints, compares and mutates is read off the formulas of these steps. They are
put together in `backprop` and `recipes`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from exercises.formulas.formula import leaves
from exercises.networks.plan import FULL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.formulas.formula import Formula
    from exercises.formulas.quantity import Link, Quantity
    from exercises.networks.network import Network
    from exercises.networks.plan import Plan

DeltaSign = Literal["gradient", "negative-gradient"]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a hand calculation.

    quantity:     what the line gives.
    formula:      how it follows from earlier lines and given values, as it is printed.
    link:         which kind of chain-rule step it is.
    alternatives: other formulas that are just as right (such as δ = y − t for sigmoid with cross-entropy).
    """

    quantity: Quantity
    formula: Formula
    link: Link
    alternatives: tuple[Formula, ...] = ()

    @property
    def parents(self) -> tuple[Quantity, ...]:
        """The quantities that the formula uses, each once, in the order in which they stand in it."""
        return tuple(dict.fromkeys(leaves(self.formula)))


@dataclass(frozen=True, slots=True)
class Local:
    """Where a step of one example, or of one step of descent, stands in the plain graph of a single run.

    graph: the plain graph.
    step:  the plain step.
    names: what each plain quantity is called in this run; what is missing keeps its name.
    """

    graph: StepGraph
    step: Step
    names: Mapping[Quantity, Quantity]


@dataclass(frozen=True)
class StepGraph:
    """The steps of an exercise in the order in which a person computes them.

    given:              every quantity that a problem must give: inputs, parameters, targets and η, in that
                        order, and then the lines that are worked out on the sheet.
    targets_sum_to_one: whether softmax with cross-entropy collapses to y − t.
    plan:               what is made of the network.
    asked:              the lines that are asked; the others are on the way, and may be left out.
    locals:             for a step of one run among several, its place in the plain graph of a single one.
    """

    network: Network
    sign: DeltaSign
    steps: tuple[Step, ...]
    given: tuple[Quantity, ...]
    targets_sum_to_one: bool = True
    plan: Plan = FULL
    asked: frozenset[Quantity] = frozenset()
    locals: Mapping[Quantity, Local] = field(default_factory=dict)

    @cached_property
    def by_quantity(self) -> dict[Quantity, Step]:
        """Each computed quantity's step."""
        return {step.quantity: step for step in self.steps}

    @cached_property
    def by_name(self) -> dict[str, Quantity]:
        """The computed quantities by their canonical names."""
        return {step.quantity.name: step.quantity for step in self.steps}

    @cached_property
    def asked_steps(self) -> tuple[Step, ...]:
        """The steps whose lines are asked, in the order of computation."""
        return tuple(step for step in self.steps if step.quantity in self.asked)

    @cached_property
    def known(self) -> frozenset[Quantity]:
        """Every quantity of the exercise, given or computed."""
        return frozenset(self.given) | frozenset(self.by_quantity)

    @cached_property
    def position(self) -> dict[Quantity, int]:
        """The place of each computed quantity in the order of computation, from 0."""
        return {step.quantity: i for i, step in enumerate(self.steps)}

    @cached_property
    def ancestors(self) -> dict[Quantity, frozenset[Quantity]]:
        """The computed quantities that each computed quantity depends on, itself left out."""
        found: dict[Quantity, frozenset[Quantity]] = {}
        for step in self.steps:
            own = [p for p in step.parents if p in found]
            found[step.quantity] = frozenset(own).union(*(found[p] for p in own))
        return found
