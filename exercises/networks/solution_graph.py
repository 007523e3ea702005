"""The steps of a worked solution with a mistake in it, which is to be found and mended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from exercises.formulas.formula import Formula, Symbol, product
from exercises.formulas.quantity import ETA, Link, Quantity, QuantityKind, delta, parse_name
from exercises.networks.backprop import Builder
from exercises.networks.steps import Local, StepGraph

if TYPE_CHECKING:
    from exercises.networks.plan import Plan


RIGHT_VALUE = Quantity(QuantityKind.RIGHT_VALUE)


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
    if old.kind is QuantityKind.WEIGHT:
        factors.append(Builder(graph.network, graph.sign, graph.targets_sum_to_one).output_of(old.source))
    down = (graph.sign == "gradient") is not otherwise
    return Symbol(old) - product(factors) if down else Symbol(old) + product(factors)


def wrong_formulas(worked: StepGraph, plan: Plan) -> dict[Quantity, Formula]:
    """The updates by the rule of the other sign; nothing for other kinds, whose mistake only numbers tell."""
    if plan.kind != "convention":
        return {}
    updates = (s.quantity for s in worked.steps if s.link is Link.UPDATE)
    return {q: stepped(worked, q, otherwise=True) for q in updates}
