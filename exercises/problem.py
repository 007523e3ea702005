"""A problem: a network, its numbers, and the conventions under which it is set."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from exercises.errors import ProblemError
from exercises.losses import BY_NAME as LOSSES
from exercises.notation import Notation
from exercises.quantity import Kind, Link, Quantity
from exercises.steps import DeltaSign, StepGraph, build

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exercises.network import Network
    from exercises.notation import Label, NotationName
    from exercises.questions import Question

MAX_PLACES = 12
DELTA_SIGNS: tuple[DeltaSign, ...] = ("gradient", "negative-gradient")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to misread


@dataclass(frozen=True)
class Problem:
    """One exercise, complete with its numbers.

    network:  the layered network.
    values:   every given quantity (inputs, parameters, targets, η) as the exact decimal that was typed.
    notation: "unit" or "layer".
    delta:    "gradient" (δ = ∂E/∂a) or "negative-gradient" (δ = −∂E/∂a).
    places:   decimal places to which each line is written, 1 to 12.
    title:    what the sheet is called.
    marking:  marks for a line, by link; a link that is not named counts 1.
    questions: what is asked in symbols, beside the numbers.

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

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise ProblemError(*faults)

    def _faults(self) -> Iterator[str]:
        for q in self.graph.given:
            if q not in self.values:
                yield f"values: {q.name} is missing; expected a number"
            elif not self.values[q].is_finite():
                yield f"values: {q.name} is {self.values[q]}; expected a finite number"
        if not 1 <= self.places <= MAX_PLACES:
            shown = self.places if abs(self.places) < 10**9 else "a huge number"
            yield f"places: {shown} is out of range; expected a whole number from 1 to {MAX_PLACES}"
        yield from self._target_faults()

    def _target_faults(self) -> Iterator[str]:
        if "entropy" not in self.network.loss:
            return
        for q in self.graph.given:
            value = self.values.get(q)
            if q.kind is Kind.TARGET and value is not None and value.is_finite() and not 0 <= value <= 1:
                yield f"values: {q.name} is {value}; {self.network.loss} needs targets from 0 to 1"

    @cached_property
    def graph(self) -> StepGraph:
        """The steps of the whole exercise."""
        targets = [v for q, v in self.values.items() if q.kind is Kind.TARGET]
        one = sum(targets, Decimal(0)) == 1
        return build(self.network, self.delta, targets_sum_to_one=one)

    @cached_property
    def labels(self) -> Notation:
        """How this problem's quantities are written."""
        return Notation(self.notation, self.network)

    def label(self, q: Quantity) -> Label:
        """The label of one quantity."""
        return self.labels.label(q)

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
        ]
        digest = int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[:5], "big")
        letters = "".join(_ALPHABET[digest >> 5 * i & 31] for i in reversed(range(8)))
        return f"{letters[:4]}-{letters[4:]}"
