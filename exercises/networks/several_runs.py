"""Several runs through one network: training examples whose gradients are averaged, and steps of descent.

What belongs to one run bears its number: `a3_ex2`, `dE_dW13_ex2` for the second example, `W13_new_step2` for
the second step. What the runs share (given weights, η; with several examples also the mean gradients and the
updates) bears none.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from exercises.formulas.formula import Number, Symbol, product, replace_symbols, total
from exercises.formulas.quantity import ETA, Link, Quantity, QuantityKind, gradient, loss
from exercises.networks.steps import Local, Step, StepGraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Names = dict[Quantity, Quantity]


def batch(plain: StepGraph, examples: int) -> StepGraph:
    """Full-batch gradient descent: each example's gradients, their mean, one update.

    Source: E = (1/n) Σ Eᵢ over the examples, so that ∂E/∂W is the mean of the ∂Eᵢ/∂W.
    """
    shared = {*plain.network.parameters(), ETA}
    shared |= {q for q in plain.by_quantity if q.updated and q.before_update() in shared}
    every = [q for q in (*plain.given, *plain.by_quantity) if q not in shared]
    names = [{q: replace(q, example=n) for q in every} for n in range(1, examples + 1)]
    before = [s for s in plain.steps if not s.quantity.updated]
    updates = [s for s in plain.steps if s.quantity in shared]
    after = [s for s in plain.steps if s.quantity.updated and s.quantity not in shared]
    placed: dict[Quantity, Local] = {}
    steps = [
        *_renamed(plain, before, names, placed),
        _mean(loss(), examples, Link.LOSS),
        *(_mean(gradient(s.quantity.before_update()), examples, Link.GRADIENT) for s in updates),
        *_renamed(plain, updates, [{}], placed),
        *_renamed(plain, after, names, placed),
        _mean(loss().after_update(), examples, Link.LOSS),
    ]
    inputs = [renamed[q] for renamed in names for q in plain.given if q.kind is QuantityKind.INPUT]
    targets = [renamed[q] for renamed in names for q in plain.given if q.kind is QuantityKind.TARGET]
    given = (*inputs, *plain.network.parameters(), *targets, ETA)
    return replace(
        plain, steps=tuple(steps), given=given, asked=frozenset(s.quantity for s in steps), locals=placed
    )


def _mean(q: Quantity, examples: int, link: Link) -> Step:
    parts = [Symbol(replace(q, example=n)) for n in range(1, examples + 1)]
    return Step(q, product([Number(Fraction(1, examples)), total(parts)]), link)


def descent(plain: StepGraph, steps: int) -> StepGraph:
    """Several steps of descent on one example; each goes on with the parameters of the one before."""
    updated = {s.quantity for s in plain.steps if s.link is Link.UPDATE}
    names: list[Names] = []
    for n in range(1, steps + 1):
        renamed = {q: replace(q, step=n) for q in plain.by_quantity}
        if n > 1:
            renamed |= {q.before_update(): replace(q, step=n - 1) for q in updated}
        names.append(renamed)
    once = [s for s in plain.steps if not s.quantity.updated or s.quantity in updated]
    after = [s for s in plain.steps if s.quantity.updated and s.quantity not in updated]
    placed: dict[Quantity, Local] = {}
    found = (*_renamed(plain, once, names, placed), *_renamed(plain, after, names[-1:], placed))
    return replace(plain, steps=found, asked=frozenset(s.quantity for s in found), locals=placed)


def _renamed(
    plain: StepGraph, steps: Iterable[Step], names: Sequence[Names], placed: dict[Quantity, Local]
) -> Iterator[Step]:
    """The steps of each run, with its own names; where each came from is noted in `placed`."""
    steps = list(steps)
    for run in names:
        for step in steps:
            q = run.get(step.quantity, step.quantity)
            placed[q] = Local(plain, step, run)
            yield renamed(step, run)


def renamed(step: Step, names: Mapping[Quantity, Quantity]) -> Step:
    """A plain step under the names of a run."""
    by = {old: Symbol(new) for old, new in names.items()}
    return replace(
        step,
        quantity=names.get(step.quantity, step.quantity),
        formula=replace_symbols(step.formula, by),
        alternatives=tuple(replace_symbols(f, by) for f in step.alternatives),
    )
