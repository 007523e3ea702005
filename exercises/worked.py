"""A worked solution with a mistake in it, as it stands on a sheet: its lines, and what there is to do with it.

Two kinds of exercise print one. In "find the mistake" a single line is wrong, and every line after it was
worked out rightly from the numbers printed above it; the right value of that line is asked. In "convention"
δ has one sign and every update the rule of the other; the right updates are asked. Each printed line is
rounded half up to the places from the printed ones, so that each can be checked by itself.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING

from exercises import sheet, typeset
from exercises.algebras import DECIMAL, exact_context
from exercises.backprop import Builder
from exercises.errors import ProblemError
from exercises.formula import Formula, Symbol, fold, product
from exercises.plan import FULL
from exercises.quantity import ETA, Kind, Link, Quantity, delta, loss, parse_name
from exercises.steps import Local, Step, StepGraph
from exercises.typeset import rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from exercises.plan import Plan
    from exercises.problem import Problem
    from exercises.sheet import Section

RIGHT_VALUE = Quantity(Kind.RIGHT_VALUE)
NEAR = 2  # units of the last place by which a printed line may miss the numbers above it


def solution(plain: StepGraph, plan: Plan) -> StepGraph:
    """The lines that are printed, by their right formulas; `plain` is one full pass."""
    return _by_deltas(plain) if plan.kind == "convention" else plain


def exercise(plain: StepGraph, plan: Plan) -> StepGraph:
    """What is asked beside a worked solution whose lines are given."""
    worked = solution(plain, plan)
    if plan.kind == "convention":
        return _mending(worked, plan)
    return _search(worked, plan)


def _search(worked: StepGraph, plan: Plan) -> StepGraph:
    """The right value of the line with the mistake, from the lines printed above it."""
    line = planted_line(plan)
    step = worked.by_quantity.get(line) if line is not None else None
    if step is None:  # the problem tells of it
        return replace(worked, plan=plan)
    return replace(
        worked,
        steps=(replace(step, quantity=RIGHT_VALUE),),
        given=(*worked.given, *worked.by_quantity),
        plan=plan,
        asked=frozenset({RIGHT_VALUE}),
        locals={RIGHT_VALUE: Local(worked, step, {step.quantity: RIGHT_VALUE})},
    )


def planted_line(plan: Plan) -> Quantity | None:
    """The line in which the mistake was made."""
    return parse_name(plan.planted[1]) if len(plan.planted) > 1 else None


# --- the other sign ---


def _mending(worked: StepGraph, plan: Plan) -> StepGraph:
    """The updates, from the lines printed above them."""
    updates = tuple(s for s in worked.steps if s.link is Link.UPDATE)
    before = tuple(s.quantity for s in worked.steps if not s.quantity.updated)
    return replace(
        worked,
        steps=updates,
        given=(*worked.given, *before),
        plan=plan,
        asked=frozenset(s.quantity for s in updates),
    )


def _by_deltas(plain: StepGraph) -> StepGraph:
    """The same pass with the updates made from the deltas: W − η·δ·o, or W + η·δ·o where δ is −∂E/∂a."""
    steps = [
        replace(s, formula=stepped(plain, s.quantity)) if s.link is Link.UPDATE else s
        for s in plain.steps
        if s.link is not Link.GRADIENT
    ]
    return replace(plain, steps=tuple(steps), asked=frozenset(s.quantity for s in steps))


def stepped(graph: StepGraph, updated: Quantity, *, otherwise: bool = False) -> Formula:
    """The update of a parameter from δ; `otherwise` by the rule that goes with the other sign of δ."""
    old = updated.before_update()
    factors: list[Formula] = [Symbol(ETA), Symbol(delta(old.unit))]
    if old.kind is Kind.WEIGHT:
        factors.append(Builder(graph.network, graph.sign, graph.targets_sum_to_one).output_of(old.source))
    down = (graph.sign == "gradient") is not otherwise
    return Symbol(old) - product(factors) if down else Symbol(old) + product(factors)


def wrong_formulas(worked: StepGraph, plan: Plan) -> dict[Quantity, Formula]:
    """The updates by the rule of the other sign; nothing for other kinds, whose mistake only numbers tell."""
    if plan.kind != "convention":
        return {}
    updates = (s.quantity for s in worked.steps if s.link is Link.UPDATE)
    return {q: stepped(worked, q, otherwise=True) for q in updates}


# --- numbers ---


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


# --- on the page ---


def whole(problem: Problem) -> Problem:
    """The same network and numbers as a plain full pass, from which the rules of a sheet are read."""
    values = {q: value for q, value in problem.values.items() if q not in problem.printed}
    return replace(problem, values=values, plan=FULL, questions=(), printed={})


def sections(problem: Problem) -> tuple[Section, ...]:
    """The printed lines in the sections of a full pass."""
    return sheet.sections(problem, problem.worked.steps)


def numbered(problem: Problem) -> dict[int, Quantity]:
    """The printed lines by their numbers on the sheet, from 1, in the order of its sections."""
    return dict(enumerate((step.quantity for section in sections(problem) for step in section.steps), 1))


def introduction(problem: Problem) -> str:
    """What is said above the printed lines, as HTML."""
    if problem.plan.kind == "find-the-mistake":
        return (
            "Every line but one follows rightly from the numbers printed above it, so that each can be checked by "
            "itself. Lines after the mistake go on with its number."
        )
    first = wrong_lines(problem)[0]
    rule = typeset.symbolic(wrong_formulas(problem.worked, problem.plan)[first], problem.label, typeset.HTML)
    before, after = (problem.printed[q] for q in (loss(), loss().after_update()))
    return (
        f"Somebody worked this problem out and updated by {problem.label(first).html} = {rule}, and likewise "
        f"everywhere. The loss was {typeset.number(before)} and is {typeset.number(after)} in the check run."
    )
