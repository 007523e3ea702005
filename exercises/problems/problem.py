"""A problem: a network, its numbers, and the conventions under which it is set."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields
from decimal import Decimal, DecimalException
from functools import cached_property
from typing import TYPE_CHECKING, Any

from exercises.common.errors import ProblemError
from exercises.formulas.algebras import DECIMAL, exact_context
from exercises.formulas.decimals import rounded
from exercises.formulas.formula import Formula, fold
from exercises.formulas.quantity import Link, Quantity, QuantityKind
from exercises.networks import solution_graph
from exercises.networks.backprop import single_run
from exercises.networks.build import build, whole
from exercises.networks.evaluate import evaluate
from exercises.networks.losses import BY_NAME as LOSSES
from exercises.networks.losses import LOGARITHMIC
from exercises.networks.notation import Notation
from exercises.networks.plan import FULL, WITH_SOLUTION
from exercises.networks.plan_faults import misfits
from exercises.networks.solution_graph import planted_line
from exercises.networks.warmup_function import read
from exercises.networks.warmup_letters import WarmupNotation
from exercises.problems.questions import ABOUT_A_SOLUTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from exercises.formulas.label import Label
    from exercises.networks.network import Network
    from exercises.networks.notation import NotationName
    from exercises.networks.plan import Plan
    from exercises.networks.steps import DeltaSign, Step, StepGraph
    from exercises.problems.questions import Question

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

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process, or into a copy: not what was worked out of it."""
        return {own.name: getattr(self, own.name) for own in fields(self)}

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
            yield from faults(self)
        elif self.printed and not self.plan.shows_solution:
            yield f"printed: a worked solution belongs to {' and '.join(WITH_SOLUTION)} only"

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

    def _print_solution(self) -> None:
        """What the sheet gives are the printed lines; a mistake that no numbers need is made here."""
        wrong = solution_graph.wrong_formulas(self.worked, self.plan)
        able = 1 <= self.places <= MAX_PLACES and all(q in self.values for q in self.worked.given)
        if wrong and not self.printed and able:
            found = carried(self.worked.steps, self.values, self.places, wrong)
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
        return solution_graph.solution(plain, self.plan)

    @cached_property
    def labels(self) -> Notation | WarmupNotation:
        """How this problem's quantities are written."""
        if self.plan.function:
            return WarmupNotation(read(self.plan.function))
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
        if q.kind is QuantityKind.TARGET:
            sums[q.example] = sums.get(q.example, Decimal(0)) + value
    return all(found == 1 for found in sums.values())


NEAR = 2  # units of the last place by which a printed line may miss the numbers above it


def carried(
    steps: Iterable[Step], given: Mapping[Quantity, Decimal], places: int, wrong: Mapping[Quantity, Formula]
) -> dict[Quantity, Decimal]:
    """Every line worked out from the lines as printed; those of `wrong` by another formula.

    Raises ProblemError where a value does not exist.
    """
    known, found = dict(given), {}
    with exact_context():
        for step in steps:
            q = step.quantity
            try:
                value = rounded(fold(wrong.get(q, step.formula), DECIMAL, known.__getitem__), places)
            except DecimalException:  # no value, or none that could be written down
                raise ProblemError(f"printed: {q.name} does not exist with these numbers") from None
            known[q] = found[q] = value
    return found


def wrong_lines(problem: Problem) -> tuple[Quantity, ...]:
    """The lines that do not follow from what is printed above them, in order."""
    if problem.plan.kind == "convention":
        return tuple(s.quantity for s in problem.worked.steps if s.link is Link.UPDATE)
    line = planted_line(problem.plan)
    return () if line is None else (line,)


def faults(problem: Problem) -> Iterator[str]:
    """What is wrong with a printed solution, one sentence each."""
    worked, printed = problem.worked, problem.printed
    if problem.plan.kind == "find-the-mistake":
        line = planted_line(problem.plan)
        if line is None or line not in worked.by_quantity:
            yield 'planted: expected the code of a mistake and the line it was made in, such as ["H03", "delta3"]'
            return
    missing = [q.name for q in worked.by_quantity if q not in printed]
    if missing:
        listed = ", ".join(missing[:6]) + (" …" if len(missing) > 6 else "")  # noqa: PLR2004 - a line
        yield f"printed: {listed} missing; expected every line of the worked solution"
        return
    yield from _inconsistent(problem, worked, printed)


def _inconsistent(problem: Problem, worked: StepGraph, printed: Mapping[Quantity, Decimal]) -> Iterator[str]:
    """Lines that are wrong beside the one that is meant to be, or a mistake that cannot be seen."""
    near, known = NEAR * Decimal(1).scaleb(-problem.places), {**problem.values, **printed}
    wrong = set(wrong_lines(problem))
    with exact_context():
        for step in worked.steps:
            q = step.quantity
            try:
                value = rounded(fold(step.formula, DECIMAL, known.__getitem__), problem.places)
            except DecimalException:
                yield f"printed.{q.name}: no value exists with the numbers above it"
                continue
            follows = abs(value - printed[q]) <= near
            if not follows and q not in wrong:
                yield f"printed.{q.name} is {printed[q]:f}, but {value:f} follows from the lines above it"
            if follows and q in wrong and problem.plan.kind != "convention":
                yield f"printed.{q.name} is right; expected the mistake there"
