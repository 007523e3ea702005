"""Mistakes that only several runs allow: examples that are mixed up or wrongly averaged, steps of descent confused."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from exercises.formulas.formula import Formula, Number, Symbol, leaves, product, replace_symbols, total
from exercises.formulas.quantity import ETA, Link, Quantity, QuantityKind, delta, gradient
from grader.mistakes.base import COMMON, RARE, Entries, Mistake, StepPlace, WrongFormula

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.mistakes.base import Changes

_PARAMETERS = (QuantityKind.WEIGHT, QuantityKind.BIAS)


# --- several examples ---


def _of_mean(
    kinds: tuple[QuantityKind, ...], wrong: Callable[[StepPlace, list[Symbol]], Iterator[Formula]]
) -> Changes:
    """Wrong means over the examples: of gradients, or of the loss."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        if place.graph.plan.examples < 2 or place.q.example or place.q.kind not in kinds:  # noqa: PLR2004
            return
        parts = [Symbol(q) for q in leaves(place.formula)]
        for formula in wrong(place, parts):
            others = [q for q in leaves(formula) if q.example]
            yield WrongFormula(formula, {"count": str(len(parts)), "other": others[0] if others else place.q})

    return changes


_GRADIENTS = (QuantityKind.WEIGHT_GRADIENT, QuantityKind.BIAS_GRADIENT)
_LOSS = (QuantityKind.LOSS,)


def _with_parts(wrong: Callable[[Symbol, list[Symbol]], Iterator[Formula]]) -> Changes:
    """Wrong steps after a batch, made of the old value and each example's gradient."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        old = place.q.before_update()
        if place.graph.plan.examples < 2 or old.kind not in _PARAMETERS:  # noqa: PLR2004 - no batch
            return
        runs = range(1, place.graph.plan.examples + 1)
        parts = [Symbol(replace(gradient(old), example=n)) for n in runs]
        for formula in wrong(Symbol(old), parts):
            others = [q for q in leaves(formula) if q.example]
            yield WrongFormula(formula, {"other": others[0], "gradient": gradient(old), "old": old})

    return changes


def _other_example(place: StepPlace) -> Iterator[WrongFormula]:
    """Numbers of another example: each by itself, and all of them."""
    own = place.q.example
    if not own:
        return
    used = [q for q in dict.fromkeys(leaves(place.formula)) if q.example == own]
    for run in range(1, place.graph.plan.examples + 1):
        if run != own:
            yield from _exchanged(place, {q: replace(q, example=run) for q in used})


def _exchanged(place: StepPlace, other: dict[Quantity, Quantity]) -> Iterator[WrongFormula]:
    choices = [[q] for q in other] + ([list(other)] if len(other) > 1 else [])
    for chosen in choices:
        by = {q: Symbol(other[q]) for q in chosen}
        words = {"other": other[chosen[0]], "right": chosen[0]}
        yield WrongFormula(replace_symbols(place.formula, by), words)


# --- several steps of descent ---


def _earlier_run(place: StepPlace) -> Iterator[WrongFormula]:
    """Numbers of the step before, other than parameters: each by itself, and all of them."""
    own = place.q.step
    if own < 2:  # noqa: PLR2004 - the first has none before it
        return
    used = [
        q
        for q in dict.fromkeys(leaves(place.formula))
        if q.step == own and q.kind not in (*_PARAMETERS, *_GRADIENTS)
    ]
    yield from _exchanged(place, {q: replace(q, step=own - 1, updated=False) for q in used})


def _earlier(q: Quantity) -> Quantity:
    """A parameter as it was a step before."""
    return replace(q, step=q.step - 1) if q.step > 1 else replace(q, step=0, updated=False)


def _moved(place: StepPlace) -> list[Quantity]:
    """The parameters in a line that an earlier step has left."""
    return [
        q
        for q in dict.fromkeys(leaves(place.formula))
        if q.kind in _PARAMETERS and q.updated and 0 < q.step < place.q.step
    ]


def _updated(wrong: Callable[[Symbol, Symbol, Symbol, Symbol], Formula]) -> Changes:
    """Wrong later steps: of the value left by the step before, the one before that, and both gradients."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        q = place.q
        if q.step < 2 or q.kind not in _PARAMETERS or not q.updated:  # noqa: PLR2004 - a first step
            return
        before = replace(q, step=q.step - 1)
        own, last = (replace(gradient(q), step=n) for n in (q.step, q.step - 1))
        start = _earlier(before)
        formula = wrong(Symbol(before), Symbol(start), Symbol(own), Symbol(last))
        yield WrongFormula(formula, {"old": before, "first": start, "gradient": own, "last": last})

    return changes


def _step(start: Formula, *by: Formula) -> Formula:
    return start - product([Symbol(ETA), total(by)])


_OTHER = "{other} belongs to another example; this line is made from {right}."
_LOOK = "Which example does each number on this line come from?"
_BEFORE = "{other} belongs to the step before; this line is made from {right}."
_WHEN = "Which step does each number on this line come from?"


def _mixed(number: int, link: Link, weight: float) -> Mistake:
    return Mistake(
        f"R{number}", "another example's number", link, _other_example, _OTHER, _LOOK, weight=weight,
        across_runs=True, exercise="batch",
    )  # fmt: skip


def _late(number: int, link: Link, weight: float) -> Mistake:
    return Mistake(
        f"T{number}", "a number of the step before", link, _earlier_run, _BEFORE, _WHEN, weight=weight,
        across_runs=True, exercise="descent",
    )  # fmt: skip


MISTAKES = Entries()


def _summed(_: StepPlace, parts: list[Symbol]) -> Iterator[Formula]:
    yield total(parts)


MISTAKES += [
    Mistake(
        "R01", "gradients summed, not averaged", Link.GRADIENT, _of_mean(_GRADIENTS, _summed),
        "the gradients of the {count} examples were added up; the mean divides the sum by {count}.",
        "Is this line a sum or a mean?",
        source="Gradients should be averaged over the minibatch, not summed (github.com/davharris/mistnet/issues/33)",
        weight=2 * COMMON, exercise="batch",
    ),
]  # fmt: skip


MISTAKES += [
    Mistake(
        "R02", "losses summed, not averaged", Link.LOSS, _of_mean(_LOSS, _summed),
        "the losses of the {count} examples were added up; the mean divides the sum by {count}.",
        "Is this line a sum or a mean?",
        weight=2 * COMMON, exercise="batch",
    ),
]  # fmt: skip


def _wrong_number(place: StepPlace, parts: list[Symbol]) -> Iterator[Formula]:
    n, net = len(parts), place.net
    counts = dict.fromkeys([n + 1, n * n, len(net.outputs) * n, len(net.inputs), len(net.outputs)])
    for count in counts:
        if count not in (1, n):
            yield product([Number(Fraction(1, count)), total(parts)])


MISTAKES += [
    Mistake(
        "R03", "averaged over a wrong number", Link.GRADIENT, _of_mean(_GRADIENTS, _wrong_number),
        "the sum was divided by another number than that of the examples, which is {count}.",
        "How many examples are there?",
        source="A batch's error was divided by the size of the training set (github.com/lipiji/rnn-theano/pull/3)",
        exercise="batch",
    ),
]  # fmt: skip


MISTAKES += [
    Mistake(
        "R04", "averaged over a wrong number", Link.LOSS, _of_mean(_LOSS, _wrong_number),
        "the sum was divided by another number than that of the examples, which is {count}.",
        "How many examples are there?",
        exercise="batch",
    ),
]  # fmt: skip


def _one_only(_: StepPlace, parts: list[Symbol]) -> Iterator[Formula]:
    yield from parts


MISTAKES += [
    Mistake(
        "R05", "one example only", Link.GRADIENT, _of_mean(_GRADIENTS, _one_only),
        "this is {other} alone; the mean is over {count} examples.",
        "Which examples belong to the batch?",
        source=(
            "Gradients are set to zero on each backward pass, a reader objects "
            "(github.com/karpathy/convnetjs/issues/17)"
        ),
        weight=COMMON, exercise="batch",
    ),
]  # fmt: skip


MISTAKES += [
    Mistake(
        "R06", "one example only", Link.LOSS, _of_mean(_LOSS, _one_only),
        "this is {other} alone; the mean is over {count} examples.",
        "Which examples belong to the batch?",
        weight=COMMON, exercise="batch",
    ),
]  # fmt: skip


def _one_divided(_: StepPlace, parts: list[Symbol]) -> Iterator[Formula]:
    for part in parts:
        yield product([Number(Fraction(1, len(parts))), part])


MISTAKES += [
    Mistake(
        "R07", "one example only, divided all the same", Link.GRADIENT, _of_mean(_GRADIENTS, _one_divided),
        "only {other} was taken, and divided by {count}.",
        "Which examples belong to the batch?",
        weight=RARE, exercise="batch",
    ),
]  # fmt: skip


def _product_of_means(place: StepPlace, parts: list[Symbol]) -> Iterator[Formula]:
    if place.q.kind is not QuantityKind.WEIGHT_GRADIENT:
        return
    runs = [part.quantity.example for part in parts]
    fed = place.output_of(place.q.source)
    factors = [
        product([Number(Fraction(1, len(runs))), total([Symbol(replace(q, example=n)) for n in runs])])
        for q in (delta(place.q.unit), fed)
    ]
    yield place.signed(product(factors))


MISTAKES += [
    Mistake(
        "R08", "product of the means", Link.GRADIENT, _of_mean((QuantityKind.WEIGHT_GRADIENT,), _product_of_means),
        "the mean of the deltas was multiplied by the mean of what is fed in; the mean is of the products.",
        "Is a mean of products the product of the means?",
        exercise="batch",
    ),
]  # fmt: skip


@MISTAKES.entry(
    "R10", "a step with one example only", Link.UPDATE,
    "the step was taken with {other}; a batch takes one step with the mean {gradient}.",
    "With which gradient is the step of a batch taken?",
    weight=COMMON, across_runs=True, exercise="batch",
)  # fmt: skip
@_with_parts
def _step_of_one(old: Symbol, parts: list[Symbol]) -> Iterator[Formula]:
    for part in parts:
        yield old - product([Symbol(ETA), part])


@MISTAKES.entry(
    "R11", "a step for each example", Link.UPDATE,
    "every example's gradient was subtracted in full; a batch takes one step with the mean {gradient}.",
    "How many steps does a batch take?",
    weight=COMMON, across_runs=True, exercise="batch",
)  # fmt: skip
@_with_parts
def _step_of_sum(old: Symbol, parts: list[Symbol]) -> Iterator[Formula]:
    yield old - product([Symbol(ETA), total(parts)])


@MISTAKES.entry(
    "R12", "updated after each example", Link.WEIGHTED_SUM,
    "{old} was already changed by the gradient of the example before; in a batch all examples meet the same "
    "parameters.",
    "When do the parameters of a batch change?",
    weight=COMMON, across_runs=True, exercise="batch",
)  # fmt: skip
def _stepped_between(place: StepPlace) -> Iterator[WrongFormula]:
    """The parameters already changed by the gradients of the examples before."""
    if place.q.example < 2 or place.q.updated:  # noqa: PLR2004 - the first comes before any step
        return
    owned = [q for q in dict.fromkeys(leaves(place.formula)) if q.kind in _PARAMETERS and not q.example]
    moved = {
        q: total(
            [Symbol(q)]
            + [
                -product([Symbol(ETA), Symbol(replace(gradient(q), example=n))])
                for n in range(1, place.q.example)
            ]
        )
        for q in owned
        if place.knows(replace(gradient(q), example=1))
    }
    if moved:
        yield WrongFormula(replace_symbols(place.formula, moved), {"old": next(iter(moved))})


MISTAKES += [
    Mistake(
        "R13", "updated after each example", Link.HIDDEN_DELTA, _stepped_between,
        "{old} was already changed by the gradient of the example before; in a batch all examples meet the same "
        "parameters.",
        "When do the parameters of a batch change?",
        across_runs=True, exercise="batch",
    ),
    _mixed(20, Link.WEIGHTED_SUM, COMMON),
    _mixed(21, Link.ACTIVATION, 3.0),
    _mixed(22, Link.LOSS, COMMON),
    _mixed(23, Link.LOSS_SLOPE, COMMON),
    _mixed(24, Link.ACTIVATION_SLOPE, 3.0),
    _mixed(25, Link.OUTPUT_DELTA, 3.0),
    _mixed(26, Link.HIDDEN_DELTA, COMMON),
    _mixed(27, Link.GRADIENT, COMMON),
]  # fmt: skip


@MISTAKES.entry(
    "T01", "old parameters in the next step", Link.WEIGHTED_SUM,
    "{other} is as it was before the update; this step goes on with {right}.",
    "With which weights does the second step begin?",
    weight=2 * COMMON, across_runs=True, exercise="descent",
)  # fmt: skip
def _old_parameters(place: StepPlace) -> Iterator[WrongFormula]:
    moved = _moved(place)
    if moved:
        by = {q: Symbol(_earlier(q)) for q in moved}
        yield WrongFormula(
            replace_symbols(place.formula, by), {"other": _earlier(moved[0]), "right": moved[0]}
        )


@MISTAKES.entry(
    "T02", "one old parameter in the next step", Link.WEIGHTED_SUM,
    "{other} is as it was before the update; this step goes on with {right}.",
    "Were all parameters updated?",
    across_runs=True, exercise="descent",
)  # fmt: skip
def _one_old_parameter(place: StepPlace) -> Iterator[WrongFormula]:
    moved = _moved(place)
    for q in moved if len(moved) > 1 else ():
        changed = place.swapped({q: _earlier(q)})
        yield WrongFormula(changed, {"other": _earlier(q), "right": q})


MISTAKES += [
    Mistake(
        "T03", "old weight on the way back", Link.HIDDEN_DELTA, _old_parameters,
        "{other} is as it was before the update; this step goes on with {right}.",
        "Which weight did this step use on its way forward?",
        weight=COMMON, across_runs=True, exercise="descent",
    ),
    Mistake(
        "T04", "step from the first value", Link.UPDATE,
        _updated(lambda _, first, own, __: _step(first, own)),
        "the step started from {first}; it starts from {old}, where the step before ended.",
        "From where does the second step start?",
        weight=COMMON, across_runs=True, exercise="descent",
    ),
    Mistake(
        "T05", "gradient of the step before", Link.UPDATE,
        _updated(lambda old, _, __, last: _step(old, last)),
        "{last} belongs to the step before; this step has a gradient of its own, {gradient}.",
        "At which weights was this gradient taken?",
        weight=COMMON, across_runs=True, exercise="descent",
    ),
    Mistake(
        "T06", "step before taken once more", Link.UPDATE,
        _updated(lambda old, _, own, last: _step(old, last, own)),
        "{last} was subtracted again; {old} has it in it already.",
        "What is already inside the value that you start from?",
        across_runs=True, exercise="descent",
    ),
    _late(20, Link.WEIGHTED_SUM, 3.0),
    _late(21, Link.ACTIVATION, 3.0),
    _late(22, Link.LOSS, 3.0),
    _late(23, Link.LOSS_SLOPE, COMMON),
    _late(24, Link.ACTIVATION_SLOPE, COMMON),
    _late(25, Link.OUTPUT_DELTA, 3.0),
    _late(26, Link.HIDDEN_DELTA, COMMON),
    Mistake(
        "T27", "a number of the step before", Link.GRADIENT, _earlier_run, _BEFORE, _WHEN,
        weight=COMMON, across_runs=True, exercise="descent",
    ),
]  # fmt: skip
