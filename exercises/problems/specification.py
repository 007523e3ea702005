"""What is said of a problem, before the lines that its sheet gives are worked out and anything is checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from exercises.formulas.decimals import Precision
from exercises.formulas.quantity import QuantityKind
from exercises.networks.backprop import single_run
from exercises.networks.build import build
from exercises.networks.kinds import kind_of
from exercises.networks.notation import Notation
from exercises.networks.plan import FULL
from exercises.networks.warmup_letters import WarmupNotation
from exercises.problems.marking import Marking

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from exercises.formulas.formula import Formula
    from exercises.formulas.label import Label
    from exercises.formulas.quantity import Quantity
    from exercises.networks.kinds import ExerciseKind
    from exercises.networks.network import Network
    from exercises.networks.notation import NotationName
    from exercises.networks.plan import Plan
    from exercises.networks.steps import DeltaSign, StepGraph
    from exercises.problems.questions import Question


@dataclass(frozen=True)
class Specification:
    """What is said of an exercise; `Problem.of` makes it complete.

    network:  the layered network.
    values:   given quantities (inputs, parameters, targets, η) as the exact decimals that were typed.
    notation: "unit" or "layer".
    delta:    "gradient" (δ = ∂E/∂a) or "negative-gradient" (δ = −∂E/∂a).
    places:   decimal places to which each line is written, 1 to 12.
    figures:  significant figures to which it is written instead, 1 to 12; None for places.
    title:    what the sheet is called.
    marking:  what each line is worth.
    questions: what is asked in symbols, beside the numbers.
    plan:     which kind of exercise it is, and what of it is asked.
    printed:  the lines of a worked solution with a mistake in it, where the sheet prints one.
    """

    network: Network
    values: Mapping[Quantity, Decimal]
    notation: NotationName = "unit"
    delta: DeltaSign = "gradient"
    places: int = 4
    figures: int | None = None
    title: str = ""
    marking: Marking = field(default_factory=Marking)
    questions: tuple[Question, ...] = ()
    plan: Plan = FULL
    printed: Mapping[Quantity, Decimal] = field(default_factory=dict)

    @property
    def precision(self) -> Precision:
        """To how many places or figures each line is written."""
        return Precision.asked(self.places, self.figures)

    @property
    def kind(self) -> ExerciseKind:
        """Which kind of exercise it is."""
        return kind_of(self.plan)

    @cached_property
    def graph(self) -> StepGraph:
        """The steps of the exercise."""
        one = targets_sum_to_one(self.values)
        return build(self.network, self.delta, targets_sum_to_one=one, plan=self.plan)

    @cached_property
    def worked(self) -> StepGraph:
        """The lines of a worked solution, by their right formulas: one full pass."""
        one = targets_sum_to_one(self.values)
        plain = single_run(self.network, self.delta, targets_sum_to_one=one)
        return self.kind.solution.lines(plain) if self.kind.solution else plain

    @property
    def mistake(self) -> Mapping[Quantity, Formula]:
        """The formulas of the lines that a worked solution has wrong, where no catalogue is needed for them."""
        return self.kind.solution.mistake(self.worked) if self.kind.solution else {}

    @cached_property
    def labels(self) -> Notation | WarmupNotation:
        """How this problem's quantities are written."""
        if self.plan.function:
            return WarmupNotation(self.plan.function)
        return Notation(self.notation, self.network)

    def label(self, q: Quantity) -> Label:
        """The label of one quantity."""
        if q not in self._labelled:
            self._labelled[q] = self.labels.label(q)
        return self._labelled[q]

    @cached_property
    def _labelled(self) -> dict[Quantity, Label]:
        """The labels that have been asked for: a class asks for the same few again and again."""
        return {}


def targets_sum_to_one(values: Mapping[Quantity, Decimal]) -> bool:
    """Whether the targets of each example add up to 1, so that softmax with cross-entropy collapses."""
    sums: dict[int, Decimal] = {}
    for q, value in values.items():
        if q.kind is QuantityKind.TARGET:
            sums[q.example] = sums.get(q.example, 0) + value
    return all(found == 1 for found in sums.values())
