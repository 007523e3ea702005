"""A problem: a network, its numbers, and the conventions under which it is set."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from exercises import worked as solutions
from exercises.backprop import single_run
from exercises.errors import ProblemError
from exercises.evaluate import evaluate
from exercises.fitting import misfits
from exercises.losses import BY_NAME as LOSSES
from exercises.notation import Notation
from exercises.plan import FULL, WITH_SOLUTION
from exercises.quantity import Kind, Link, Quantity
from exercises.questions import ABOUT_A_SOLUTION
from exercises.recipes import build, whole
from exercises.typeset import rounded
from exercises.warmup.letters import Letters
from exercises.warmup.program import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exercises.network import Network
    from exercises.notation import Label, NotationName
    from exercises.plan import Plan
    from exercises.questions import Question
    from exercises.steps import DeltaSign, StepGraph

MAX_PLACES = 12
DELTA_SIGNS: tuple[DeltaSign, ...] = ("gradient", "negative-gradient")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to misread


@dataclass(frozen=True)
class Problem:
    """One exercise, complete with its numbers.

    network:  the layered network.
    values:   every given quantity (inputs, parameters, targets, η) as the exact decimal that was typed. Lines
              that the sheet gives worked out are computed where they are missing, rounded to the places.
    notation: "unit" or "layer".
    delta:    "gradient" (δ = ∂E/∂a) or "negative-gradient" (δ = −∂E/∂a).
    places:   decimal places to which each line is written, 1 to 12.
    title:    what the sheet is called.
    marking:  marks for a line, by link; a link that is not named counts 1.
    questions: what is asked in symbols, beside the numbers.
    plan:     which kind of exercise it is, and what of it is asked.
    printed:  the lines of a worked solution with a mistake in it, where the sheet prints one.

    Raises ProblemError with every fault found.
    """

    network: Network
    values: Mapping[Quantity, Decimal]
    notation: NotationName = "unit"
    delta: DeltaSign = "gradient"
    places: int = 4
    title: str = ""
    marking: Mapping[Link, Decimal] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    plan: Plan = FULL
    printed: Mapping[Quantity, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        faults = list(misfits(self.network, self.plan))
        if faults:
            raise ProblemError(*faults)
        if self.plan.shows_solution:
            self._print_solution()
        elif self.plan != FULL:
            object.__setattr__(self, "values", self._completed())
        faults = list(self._faults())
        if faults:
            raise ProblemError(*faults)

    def _faults(self) -> Iterator[str]:
        for q in self.worked.given if self.plan.shows_solution else self.graph.given:
            if q not in self.values:
                yield f"values: {q.name} is missing; expected a number"
            elif not self.values[q].is_finite():
                yield f"values: {q.name} is {self.values[q]}; expected a finite number"
        if not 1 <= self.places <= MAX_PLACES:
            shown = self.places if abs(self.places) < 10**9 else "a huge number"
            yield f"places: {shown} is out of range; expected a whole number from 1 to {MAX_PLACES}"
        yield from self._target_faults()
        if self.questions and max(self.plan.examples, self.plan.steps) > 1:
            yield "questions: in symbols they are asked of a single run; leave out examples and steps"
        if self.plan.shows_solution and all(q in self.values for q in self.worked.given):
            yield from solutions.faults(self)
        elif self.printed and not self.plan.shows_solution:
            yield f"printed: a worked solution belongs to {' and '.join(WITH_SOLUTION)} only"

    def _target_faults(self) -> Iterator[str]:
        if "entropy" not in self.network.loss:
            return
        for q in self.graph.given:
            value = self.values.get(q)
            if q.kind is Kind.TARGET and value is not None and value.is_finite() and not 0 <= value <= 1:
                yield f"values: {q.name} is {value}; {self.network.loss} needs targets from 0 to 1"

    def _print_solution(self) -> None:
        """What the sheet gives are the printed lines; a mistake that no numbers need is made here."""
        wrong = solutions.wrong_formulas(self.worked, self.plan)
        able = 1 <= self.places <= MAX_PLACES and all(q in self.values for q in self.worked.given)
        if wrong and not self.printed and able:
            found = solutions.carried(self.worked.steps, self.values, self.places, wrong)
            object.__setattr__(self, "printed", found)
        lines = {q: self.printed[q] for q in self.graph.given if q in self.printed}
        object.__setattr__(self, "values", {**self.values, **lines})
        rest = tuple(q for q in self.questions if q not in ABOUT_A_SOLUTION)
        object.__setattr__(self, "questions", (*rest, *ABOUT_A_SOLUTION))

    def _completed(self) -> dict[Quantity, Decimal]:
        one = targets_sum_to_one(self.values)
        everything = whole(self.network, self.delta, targets_sum_to_one=one, plan=self.plan)
        needed = [q for q in self.graph.given if q not in self.values]
        lines = [q for q in needed if q in everything.by_quantity]
        if not lines or len(lines) < len(needed):
            return dict(self.values)
        spare = dict.fromkeys(everything.given, Decimal(0))  # such as the state of parameters not asked
        found = evaluate(everything.steps, spare | dict(self.values), self.label)
        return {**self.values, **{q: rounded(found[q], self.places) for q in lines}}

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
        return solutions.solution(plain, self.plan)

    @cached_property
    def labels(self) -> Notation | Letters:
        """How this problem's quantities are written."""
        if self.plan.function:
            return Letters(read(self.plan.function))
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

    @property
    def loss_title(self) -> str:
        """The loss, for people."""
        return LOSSES[self.network.loss].title

    @cached_property
    def code(self) -> str:
        """Eight letters and digits that name this problem: a digest of all that decides its answers.

        Two problems with the same numbers and conventions share a code; it tells nothing of how they were
        drawn.
        """
        parts = [
            self.network.title,
            ",".join(self.network.activations),
            self.network.loss,
            self.network.bias,
            self.notation,
            self.delta,
            str(self.places),
            *(f"{q.name}={self.values[q].normalize() or Decimal(0):f}" for q in self.graph.given),
            *(question.name for question in self.questions),
            *self.plan.identity,
            *(f"printed {q.name}={value:f}" for q, value in self.printed.items()),
        ]
        digest = int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[:5], "big")
        letters = "".join(_ALPHABET[digest >> 5 * i & 31] for i in reversed(range(8)))
        return f"{letters[:4]}-{letters[4:]}"


def targets_sum_to_one(values: Mapping[Quantity, Decimal]) -> bool:
    """Whether the targets of each example add up to 1, so that softmax with cross-entropy collapses."""
    sums: dict[int, Decimal] = {}
    for q, value in values.items():
        if q.kind is Kind.TARGET:
            sums[q.example] = sums.get(q.example, Decimal(0)) + value
    return all(found == 1 for found in sums.values())
