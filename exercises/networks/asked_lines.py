"""Which lines are asked, and which of the others are worked out on the sheet.

A line that is not asked but needed is given there, rounded to the asked places, unless it is only a step on
the way (in the matrix form nobody writes ∂E/∂y and the slope of a unit by themselves): then it may be left
out, and the grader composes through it as through any blank line.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from exercises.formulas.quantity import Link, Quantity, QuantityKind, parse_name
from exercises.networks.plan import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exercises.networks.plan import Plan
    from exercises.networks.steps import Step, StepGraph

_SLOPES = (QuantityKind.LOSS_SLOPE, QuantityKind.ACTIVATION_SLOPE)
_FORWARD = (Link.WEIGHTED_SUM, Link.ACTIVATION, Link.LOSS)


def _is_check(q: Quantity) -> bool:
    return q.updated and q.kind in (QuantityKind.PRE_ACTIVATION, QuantityKind.ACTIVATION, QuantityKind.LOSS)


WORDS: dict[str, Callable[[Step], bool]] = {
    EVERYTHING: lambda _: True,
    "forward": lambda s: s.link in _FORWARD and not s.quantity.updated,
    "deltas": lambda s: s.quantity.kind in (*_SLOPES, QuantityKind.DELTA, QuantityKind.RATIO),
    "gradients": lambda s: s.link is Link.GRADIENT,
    "updates": lambda s: s.link is Link.UPDATE,
    "check-run": lambda s: _is_check(s.quantity),
    "backward": lambda s: s.link not in _FORWARD,
    "no-check-run": lambda s: not _is_check(s.quantity),
    "matrices": lambda s: s.quantity.kind not in _SLOPES and not _is_check(s.quantity),
}
CHAIN = "chain"  # "chain W13": every factor of ∂E/∂W₁₃
STEP = "step"  # "step W13": what the optimizer does to W₁₃


def chained(plan: Plan) -> tuple[str, ...]:
    """The names of the weights whose chains are asked."""
    parts = (word.rpartition(" ") for word in plan.ask)
    return tuple(name for verb, _, name in parts if verb == CHAIN)


def subjects(plan: Plan) -> tuple[Quantity, ...]:
    """The weights whose chains are asked."""
    found = (parse_name(name) for name in chained(plan))
    return tuple(q for q in found if q is not None)


def matches(word: str, step: Step) -> bool:
    """Whether a word of `ask` asks for a line."""
    if word in WORDS:
        return WORDS[word](step)
    verb, _, name = word.rpartition(" ")
    q = step.quantity
    if not verb:
        return q.name == name
    subject = parse_name(name)
    if subject is None:
        return False
    if verb == STEP:
        own = (q.unit, q.source) == (subject.unit, subject.source)
        return step.link is Link.UPDATE and own
    chain = (QuantityKind.SUM_SLOPE, QuantityKind.SUM_BY_WEIGHT, *_SLOPES, QuantityKind.WEIGHT_GRADIENT)
    return verb == CHAIN and q.kind in chain


def select(graph: StepGraph, ask: Iterable[str]) -> StepGraph:
    """The same exercise with only some lines asked."""
    words = list(ask)
    if EVERYTHING in words:
        return graph
    asked = {s.quantity for s in graph.steps if any(matches(word, s) for word in words)}
    silent = _SLOPES if "matrices" in words else ()
    needed, shown = set(asked), set[Quantity]()
    for step in reversed(graph.steps):
        if step.quantity not in needed:
            continue
        for q in (p for p in step.parents if p in graph.by_quantity and p not in asked):
            (needed if q.kind in silent else shown).add(q)
    steps = tuple(s for s in graph.steps if s.quantity in needed)
    used = {p for s in steps for p in s.parents}
    state = (QuantityKind.MOMENT, QuantityKind.SECOND_MOMENT)
    given = (q for q in graph.given if q.kind not in state or q in used)
    provided = (s.quantity for s in graph.steps if s.quantity in shown)
    return replace(graph, steps=steps, given=(*given, *provided), asked=frozenset(asked))
