"""Simulated students who solve small networks by hand: rightly, by other conventions, or with known mistakes.

Independent of the software it judges: own formulas, own mistakes, own rounding; standard library only.

    problem = wide_problem(rng, (2, 2, 2), "sigmoid", True)
    fault = random_fault(problem, rng)
    sheet = simulate(problem, "half-up", rng, [fault])
    sheet.answers["delta3"], sheet.truth[0].id, sheet.detectable, sheet.visible_at

**When a fault is detectable**, settled before any grading. The number typed at a line is compared with the
right formula (under the student's own convention) on the student's own typed earlier lines; those left out
are recomputed from typed ones. The line shows the fault if the two differ by more than one unit in the last
typed place plus the first-order effect of one unit in the last place of each typed number it rests on (finite
differences): less than that could have been written by correct work, cut off instead of rounded. A fault at a
line that is not typed is looked for at the first typed lines downstream, and is undetectable only if none of
them shows it. Where zeros were dropped at the end, the last place is the one worked to; a number after a slip
has the last place of its text; a nought put too soon has the working place.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence  # noqa: TC003
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.student_mistakes import MISTAKES, places_for
from benchmarks.student_network import Desk, Line, Plan, plan_of
from benchmarks.student_paper import Fault, Student, seen
from benchmarks.student_pens import POLICIES, SLIPS, Policy

if TYPE_CHECKING:
    import numpy as np

    Rng = random.Random | np.random.Generator

__all__ = [
    "MISTAKES", "POLICIES", "SLIPS", "Fault", "Policy", "Sheet", "applicable_policies", "equivalents",
    "lines", "possible_faults", "random_fault", "simulate", "two_faults", "wide_problem",
]  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """What a student handed in, and what was done to it. `truth` holds only the faults that took place."""

    answers: dict[str, str]
    truth: tuple[Fault, ...]
    policy: str
    visible: tuple[str, ...]
    student: Student = field(repr=False, compare=False)

    @property
    def detectable(self) -> bool:
        """Whether any fault shows on the sheet."""
        return bool(self.visible)

    @property
    def visible_at(self) -> str | None:
        """The first typed line at which a fault shows: an ideal grader's first error."""
        return self.visible[0] if self.visible else None


def _policy(policy: Policy | str, problem: dict) -> Policy:
    found = POLICIES[policy] if isinstance(policy, str) else policy
    if not found.fits(problem):
        raise ValueError(f"the policy {found.name} does not fit a problem with loss {problem['loss']}")
    return found


def applicable_policies(problem: dict) -> list[str]:
    """The names of the policies that fit a problem."""
    return [name for name, policy in POLICIES.items() if policy.fits(problem)]


def _bits(rng: Rng) -> int:
    """A seed, from a random.Random or a numpy Generator."""
    return rng.getrandbits(62) if isinstance(rng, random.Random) else int(rng.integers(2**62))


def simulate(problem: dict, policy: Policy | str, rng: Rng, faults: Sequence[Fault] = ()) -> Sheet:
    """One student's sheet. ValueError if a fault cannot be made under the policy, or two fall on one line."""
    policy = _policy(policy, problem)
    student = Student(problem, policy, _bits(rng))
    places = places_for(student.plan)
    for fault in faults:
        if fault.kind == "mistake" and not set(fault.quantities) <= set(places.get(fault.id, ())):
            raise ValueError(f"{fault.id} cannot be made at {fault.quantities} under {policy.name}")
    truth = tuple(seen(student, fault) for fault in student.solve(faults))
    visible = sorted({name for fault in truth for name in fault.visible}, key=student.plan.order.__getitem__)
    return Sheet(
        {name: w.text for name, w in student.typed.items()}, truth, policy.name, tuple(visible), student
    )


def equivalents(problem: dict, sheet: Sheet, fault: Fault) -> set[str]:
    """The catalogue's (non-exotic) mistakes that put the same typed numbers in its place, itself included.

    Where all its lines are typed, these are compared. Otherwise the sheet is done over with each other
    mistake, and all typed lines must come out the same.
    """
    student, found = sheet.student, set()
    own = fault.kind == "mistake" and not fault.exotic
    for mistake_id, names in places_for(student.plan).items():
        mistake = MISTAKES[mistake_id]
        if mistake.exotic or (len(fault.quantities) == 1 and fault.quantity not in names):
            continue
        touched = tuple(name for name in fault.quantities if name in names)
        if not touched:
            continue
        if all(name in student.typed for name in fault.quantities):
            same = touched == fault.quantities and all(
                _same(student, name, mistake.formula) for name in touched
            )
        else:
            again = Student(problem, student.policy, student.seed, student.omitted)
            others = [f for f in sheet.truth if f != fault and not set(f.quantities) & set(touched)]
            again.solve([*others, replace(fault, kind="mistake", id=mistake_id, quantities=touched)])
            same = {n: w.text for n, w in again.typed.items()} == sheet.answers
        if same:
            found.add(mistake_id)
    return found | {fault.id} if own else found


def _same(student: Student, name: str, formula: Callable[[Desk, Line], float | None]) -> bool:
    student.now = name
    value = student.compute(student.plan.line[name], formula)
    return value is not None and student.pen.write(value).value == student.typed[name].value


def lines(problem: dict) -> list[str]:
    """The names of the lines of a sheet, in the order of computation."""
    return [line.name for line in plan_of(problem).lines]


def _convention(policy: Policy | str | None, problem: dict) -> str:
    return _policy(policy, problem).convention if policy else ""


@lru_cache(maxsize=512)
def _choices(plan: Plan, *, exotic: bool, systematic: bool) -> dict[str, list[Fault]]:
    """The faults of a plan by mistake."""
    found: dict[str, list[Fault]] = {}
    for mistake_id, names in places_for(plan).items():
        mistake = MISTAKES[mistake_id]
        if mistake.exotic is not exotic or (systematic and len(names) < 2):
            continue
        groups = [names] if systematic else [(name,) for name in names]
        found[mistake_id] = [
            Fault("mistake", group[0], group, mistake_id, mistake.link, exotic) for group in groups
        ]
    return found


def possible_faults(
    problem: dict, policy: Policy | str | None = None, *, systematic: bool = False, exotic: bool | None = None
) -> list[Fault]:
    """Every mistake at every line where it can be made (or all of them: systematic); exotic None: both."""
    plan = plan_of(problem, _convention(policy, problem))
    kinds = (False, True) if exotic is None else (exotic,)
    return [fault for kind in kinds
            for group in _choices(plan, exotic=kind, systematic=systematic).values()
            for fault in group]  # fmt: skip


def random_fault(  # noqa: PLR0913 - switches, all by name
    problem: dict,
    rng: Rng,
    *,
    systematic: bool = False,
    exotic: bool = False,
    slip: bool = False,
    policy: Policy | str | None = None,
    carried: bool = True,
) -> Fault:
    """A fault drawn link by link, then mistake, then line; give the policy if it may be another convention.

    `carried` False, for slips: wrong on paper only, carried on right.
    """
    draw = random.Random(_bits(rng))
    plan = plan_of(problem, _convention(policy, problem))
    if slip:
        line = draw.choice(plan.lines)
        return Fault("slip", line.name, (line.name,), draw.choice(sorted(SLIPS)), line.link, carried=carried)
    choices = _choices(plan, exotic=exotic, systematic=systematic)
    link = draw.choice(sorted({group[0].link for group in choices.values()}))
    return draw.choice(draw.choice([group for group in choices.values() if group[0].link == link]))


def two_faults(
    problem: dict, rng: Rng, *, policy: Policy | str | None = None, slip: bool = False
) -> tuple[Fault, ...]:
    """Two independent mistakes at different lines (or a mistake and a slip), in the order of computation."""
    first = random_fault(problem, rng, policy=policy)
    second = first
    while second.quantity == first.quantity:
        second = random_fault(problem, rng, policy=policy, slip=slip)
    order = plan_of(problem).order
    return tuple(sorted((first, second), key=lambda fault: order[fault.quantity]))


def wide_problem(  # noqa: PLR0913 - what a problem file says
    rng: Rng,
    shape: Sequence[int],
    activation: str | list[str],
    bias: bool | str,  # noqa: FBT001 - true, false or "fixed", as in a problem file
    places: int = 4,
    *,
    loss: str = "half-squared-error",
    delta: str = "gradient",
) -> dict:
    """A problem as typed by hand: signed one-decimal numbers, weights .2 to 1.5; not screened."""
    draw = random.Random(_bits(rng))
    problem = {"shape": list(shape), "activation": activation, "loss": loss, "bias": bias, "notation": "unit",
               "delta": delta, "places": places, "values": {}}  # fmt: skip
    plan, values = plan_of(problem), problem["values"]
    for unit in plan.inputs:
        values[f"x{unit}"] = draw.choice((-1, 1)) * draw.randint(1, 15) / 10
    for q in plan.lines:
        if q.kind == "W":
            values[q.name.removesuffix("_new")] = draw.choice((-1, 1)) * draw.randint(2, 15) / 10
    for unit in plan.activation if bias else ():
        values[f"b{unit}"] = draw.choice((-1, 1)) * draw.randint(1, 10) / 10
    for k in plan.outputs:
        low, high = {"sigmoid": (1, 9), "tanh": (-9, 9)}.get(plan.activation[k], (-20, 20))
        values[f"t{k}"] = draw.randint(low, high) / 10
    values["eta"] = draw.choice((0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8))
    return problem
