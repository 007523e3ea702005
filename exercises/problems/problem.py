"""A problem: a network, its numbers, and the conventions under which it is set, complete and checked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from exercises.common.errors import ProblemError
from exercises.formulas.quantity import Quantity, QuantityKind
from exercises.networks.build import whole
from exercises.networks.evaluate import evaluate
from exercises.networks.kinds import KINDS
from exercises.networks.losses import BY_NAME as LOSSES
from exercises.networks.losses import LOGARITHMIC
from exercises.networks.plan import FULL
from exercises.networks.plan_faults import misfits
from exercises.problems.questions import ABOUT_A_SOLUTION
from exercises.problems.specification import Specification, targets_sum_to_one
from exercises.problems.worked_solution import carried, faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exercises.networks.plan import Plan
    from exercises.networks.steps import DeltaSign
    from exercises.problems.questions import Question

PLACES = 4  # that are asked for where nothing is said
MAX_PLACES = 12  # and as many figures
DELTA_SIGNS: tuple[DeltaSign, ...] = ("gradient", "negative-gradient")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to misread


@dataclass(frozen=True)
class Problem(Specification):
    """One exercise, complete with its numbers: its fields are those of what is said, and nothing is missing.

    values holds the lines too that the sheet gives worked out, and questions those about a worked solution.
    `Problem.of` works out what is not said; `dataclasses.replace` changes a field and checks everything anew.

    Raises ProblemError with every fault found.
    """

    def __post_init__(self) -> None:
        found = list(misfits(self.network, self.plan)) or list(self._faults())
        if found:
            raise ProblemError(*found)

    @classmethod
    def of(cls, said: Specification) -> Problem:
        """The problem that is meant.

        Lines that the sheet gives are computed where they are missing and rounded as asked; a mistake that
        no numbers need is made, and what there is to ask about a worked solution is asked.

        Raises ProblemError with every fault found.
        """
        found: dict[str, Any] = {f.name: getattr(said, f.name) for f in fields(said)}
        if said.plan != FULL:
            misfitting = list(misfits(said.network, said.plan))
            if misfitting:
                raise ProblemError(*misfitting)
            found |= _solution(said) if said.kind.solution else {"values": _with_lines(said)}
        return cls(**found)

    def recast(
        self,
        plan: Plan,
        questions: tuple[Question, ...] = (),
        printed: Mapping[Quantity, Decimal] | None = None,
    ) -> Problem:
        """Another exercise on the numbers of a single run, under the same conventions.

        Raises ProblemError as `of` does.
        """
        return Problem.of(
            Specification(
                network=self.network,
                values={q: self.values[q] for q in self.worked.given},
                notation=self.notation,
                delta=self.delta,
                places=self.places,
                figures=self.figures,
                title=self.title,
                marking=self.marking,
                questions=questions,
                plan=plan,
                printed=printed or {},
            )
        )

    @property
    def full_pass(self) -> Problem:
        """The same network and numbers as a plain full pass, from which the rules of a sheet are read."""
        return self.recast(FULL)

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process, or into a copy: not what was worked out of it."""
        return {own.name: getattr(self, own.name) for own in fields(self)}

    def _faults(self) -> Iterator[str]:
        for q in self.worked.given if self.kind.solution else self.graph.given:
            if q not in self.values:
                yield f"values: {q.name} is missing; expected a number"
            elif not self.values[q].is_finite():
                yield f"values: {q.name} is {self.values[q]}; expected a finite number"
        for key, digits in (("places", self.places), ("figures", self.figures)):
            if digits is not None and not 1 <= digits <= MAX_PLACES:
                shown = digits if abs(digits) < 10**9 else "a huge number"
                yield f"{key}: {shown} is out of range; expected a whole number from 1 to {MAX_PLACES}"
        if self.figures is not None and self.places != PLACES:
            yield "figures: lines are written to places or to figures; leave out one of the two"
        yield from self._target_faults()
        if self.questions and max(self.plan.examples, self.plan.steps) > 1:
            yield "questions: in symbols they are asked of a single run; leave out examples and steps"
        if self.kind.solution and all(q in self.values for q in self.worked.given):
            yield from list(faults(self)) or self._incomplete()
        elif self.printed and not self.kind.solution:
            kinds = " and ".join(kind.name for kind in KINDS.values() if kind.solution)
            yield f"printed: a worked solution belongs to {kinds} only"

    def _incomplete(self) -> Iterator[str]:
        """What `of` would have made otherwise of a worked solution."""
        for q in self.graph.given:
            if q in self.printed and self.values.get(q) != self.printed[q]:
                yield f"values: {q.name} is not the number that is printed"
        if not set(ABOUT_A_SOLUTION) <= set(self.questions):
            yield "questions: those about the worked solution are missing"

    def _target_faults(self) -> Iterator[str]:
        if self.network.loss not in LOGARITHMIC:
            return
        for q in self.graph.given:
            value = self.values.get(q)
            if (
                q.kind is QuantityKind.TARGET
                and value is not None
                and value.is_finite()
                and not 0 <= value <= 1
            ):
                yield f"values: {q.name} is {value}; {self.network.loss} needs targets from 0 to 1"

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
            str(self.places) if self.figures is None else f"{self.figures} figures",
            *(f"{q.name}={self.values[q].normalize() or Decimal(0):f}" for q in self.graph.given),
            *(question.name for question in self.questions),
            *self.plan.identity,
            *(f"printed {q.name}={value:f}" for q, value in self.printed.items()),
        ]
        digest = int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest()[:5], "big")
        letters = "".join(_ALPHABET[digest >> 5 * i & 31] for i in reversed(range(8)))
        return f"{letters[:4]}-{letters[4:]}"


def _solution(said: Specification) -> dict[str, Any]:
    """The fields of a problem with a worked solution: what its sheet gives are the printed lines."""
    printed, wrong = said.printed, said.mistake
    able = 1 <= said.precision.digits <= MAX_PLACES and all(q in said.values for q in said.worked.given)
    if wrong and not printed and able:
        printed = carried(said.worked.steps, said.values, said.precision, wrong)
    lines = {q: printed[q] for q in said.graph.given if q in printed}
    rest = tuple(q for q in said.questions if q not in ABOUT_A_SOLUTION)
    return {
        "values": {**said.values, **lines},
        "printed": printed,
        "questions": (*rest, *ABOUT_A_SOLUTION),
    }


def _with_lines(said: Specification) -> Mapping[Quantity, Decimal]:
    """The given values, and the lines that the sheet gives worked out; as they are where one is missing."""
    one = targets_sum_to_one(said.values)
    everything = whole(said.network, said.delta, targets_sum_to_one=one, plan=said.plan)
    needed = [q for q in said.graph.given if q not in said.values]
    lines = [q for q in needed if q in everything.by_quantity]
    if not lines or len(lines) < len(needed) or not 1 <= said.precision.digits <= MAX_PLACES:
        return said.values
    spare = dict.fromkeys(everything.given, Decimal(0))  # such as the state of parameters not asked
    found = evaluate(everything.steps, spare | dict(said.values), said.label)
    return {**said.values, **{q: said.precision.rounded(found[q]) for q in lines}}
