"""The steps of a worked solution with a mistake in it, which is to be found and mended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from exercises.formulas.formula import Formula, Symbol, product
from exercises.formulas.quantity import ETA, Link, Quantity, QuantityKind, delta, parse_name
from exercises.networks.backprop import Builder
from exercises.networks.steps import Local, StepGraph

if TYPE_CHECKING:
    from collections.abc import Callable

    from exercises.networks.plan import Plan


RIGHT_VALUE = Quantity(QuantityKind.RIGHT_VALUE)


@dataclass(frozen=True, slots=True)
class SolutionKind:
    """What a worked solution with a mistake in it is made of.

    lines:   from one full pass the lines that are printed, by their right formulas.
    asks:    what is asked beside them.
    wrong:   the lines that do not follow from what is printed above them, in order.
    mistake: the formulas by which they were made; none where only a catalogue knows.
    planted: whether the mistake is one of a catalogue.
    """

    lines: Callable[[StepGraph], StepGraph]
    asks: Callable[[StepGraph, Plan], StepGraph]
    wrong: Callable[[StepGraph, Plan], tuple[Quantity, ...]]
    mistake: Callable[[StepGraph], dict[Quantity, Formula]]
    planted: bool

    def exercise(self, plain: StepGraph, plan: Plan) -> StepGraph:
        """What is asked beside a worked solution whose lines are given; `plain` is one full pass."""
        return self.asks(self.lines(plain), plan)


# --- a mistake planted in one line, and carried on ---


def planted_line(plan: Plan) -> Quantity | None:
    """The line in which the mistake was made."""
    return parse_name(plan.planted[1]) if len(plan.planted) > 1 else None


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


def _planted_lines(_: StepGraph, plan: Plan) -> tuple[Quantity, ...]:
    line = planted_line(plan)
    return () if line is None else (line,)


PLANTED = SolutionKind(lambda plain: plain, _search, _planted_lines, lambda _: {}, planted=True)


# --- δ with one sign, and the updates by the rule of the other ---


def _updates(worked: StepGraph) -> tuple[Quantity, ...]:
    return tuple(s.quantity for s in worked.steps if s.link is Link.UPDATE)


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


def _by_the_other_rule(worked: StepGraph) -> dict[Quantity, Formula]:
    return {q: stepped(worked, q, otherwise=True) for q in _updates(worked)}


OTHER_RULE = SolutionKind(
    _by_deltas, _mending, lambda worked, _: _updates(worked), _by_the_other_rule, planted=False
)
