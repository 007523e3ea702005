"""Mistakes in the loss and in its slope at the outputs."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from exercises.formulas.formula import (
    HALF,
    ONE,
    Formula,
    Number,
    Quotient,
    Symbol,
    as_formula,
    product,
    total,
)
from exercises.formulas.functions import ABS, LN, LOG10
from exercises.formulas.quantity import Link, Quantity, QuantityKind, loss, t, y
from exercises.networks import losses
from exercises.networks.losses import LOGARITHMIC, SQUARED
from grader.mistakes.base import COMMON, RARE, Entries, Mistake, StepPlace, WrongFormula, kinds, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

LOSS, SLOPE = Link.LOSS, Link.LOSS_SLOPE


def _outputs(place: StepPlace) -> list[tuple[Symbol, Symbol]]:
    """The (y, t) that this loss line is about: one output's, or all of them for a total that is no sum."""
    units = [place.q.unit] if place.q.unit else list(place.net.outputs)
    return [(Symbol(place.output_of(k)), Symbol(t(k))) for k in units]


def _is_share(place: StepPlace) -> bool:
    return bool(place.q.unit) or len(place.net.outputs) == 1


def _share(
    names: Collection[str], wrong: Callable[[Formula, Formula], Formula]
) -> Callable[[StepPlace], Iterator[WrongFormula]]:
    """A wrong formula of one output's y and t, for some losses."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        if _is_share(place) and place.net.loss in names:
            (out, target) = _outputs(place)[0]
            yield WrongFormula(wrong(out, target), {"out": out, "target": target})

    return changes


def _other_factor(factor: Number, name: str) -> Callable[[StepPlace], Iterator[WrongFormula]]:
    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        entry = losses.BY_NAME[place.net.loss]
        if _is_share(place) and entry.name in SQUARED:
            (out, target) = _outputs(place)[0]
            yield WrongFormula(product([factor, (target - out) ** 2]), {"factor": name})

    return changes


def _at_output(
    names: Collection[str], wrong: Callable[[StepPlace, Formula, Formula], Formula]
) -> Callable[[StepPlace], Iterator[WrongFormula]]:
    """A wrong slope ∂E/∂y of an output, for some losses."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        if place.net.loss in names:
            out, target = Symbol(y(place.q.unit)), Symbol(t(place.q.unit))
            yield WrongFormula(wrong(place, out, target), {"out": out, "target": target})

    return changes


def _scaled(factor: Fraction) -> Callable[[StepPlace], Iterator[WrongFormula]]:
    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        if place.net.loss in SQUARED:
            out, target = Symbol(y(place.q.unit)), Symbol(t(place.q.unit))
            yield WrongFormula(product([Number(factor), out - target]))

    return changes


ENTROPIES = {"binary-cross-entropy", "cross-entropy"}


MISTAKES = Entries()


MISTAKES += [
    Mistake(
        "L01", "factor before the square dropped", LOSS, _other_factor(Number(Fraction(1)), "1"),
        "no factor stands before the square; the stated loss has one.",
        "Compare the factor before the square with the stated loss.",
        source=(
            "A course's worked value 4.286 for 2.143: the ½ was missing "
            "(github.com/42-AI/bootcamp_machine-learning/pull/75)"
        ),
        weight=COMMON,
    ),
    Mistake(
        "L02", "½ put before the square", LOSS, _other_factor(HALF, "½"),
        "the factor ½ before the square does not belong to the stated loss.",
        "Compare the factor before the square with the stated loss.",
        source="A squared error reported with a ½ that its definition has not (github.com/cszhangzhen/H2MN/issues/2)",
    ),
    Mistake(
        "L03", "not squared", LOSS, _share({"half-squared-error"}, lambda o, g: product([HALF, g - o])),
        "the error {target} − {out} was halved but not squared.",
        "What happens to the error before it is halved?",
    ),
    Mistake(
        "L04", "the error itself", LOSS, _share(SQUARED, lambda o, g: g - o),
        "this is the error {target} − {out}; the loss squares it.",
        "Can a squared error be negative?",
        source="A book's first squared error lacked the square (github.com/fastai/fastbook/pull/327)",
    ),
]  # fmt: skip


@MISTAKES.entry(
    "L05", "size of the error", LOSS,
    "the size of {target} − {out} was taken, where its square belongs.",
    "What happens to the error in this loss?",
    weight=RARE,
)  # fmt: skip
def _size_of_error(place: StepPlace) -> Iterator[WrongFormula]:
    if _is_share(place) and place.net.loss in SQUARED:
        (out, target) = _outputs(place)[0]
        for factor in (ONE, HALF):
            yield WrongFormula(product([factor, ABS(target - out)]), {"out": out, "target": target})


MISTAKES += [
    Mistake(
        "L06", "halved before squaring", LOSS, _share({"half-squared-error"}, lambda o, g: (product([HALF, g - o])) ** 2),
        "the error was halved before it was squared, which leaves ¼ of the square.",
        "Which comes first, the square or the half?",
    ),
    Mistake(
        "L07", "sum of y and t", LOSS, _share(SQUARED, lambda o, g: product([HALF, (g + o) ** 2])),
        "{target} and {out} were added; the error is their difference.",
        "How far is the output from the target?",
        weight=RARE,
    ),
]  # fmt: skip


@MISTAKES.entry(
    "L08", "one output only", LOSS,
    "only {only} is there; the total adds up the losses of all outputs.",
    "How many outputs does the network have?",
    weight=COMMON,
)  # fmt: skip
def _one_share(place: StepPlace) -> Iterator[WrongFormula]:
    if place.q.unit or len(place.net.outputs) == 1:
        return
    for part in terms(place.formula):
        yield WrongFormula(part, {"only": part})


@MISTAKES.entry(
    "L09", "averaged over the outputs", LOSS,
    "the losses of the outputs were averaged over {count}; the total is their sum.",
    "Sum or mean: which is stated?",
    source=(
        "½ Σ (y − t)² went by the name of the mean squared error, sum for mean "
        "(github.com/oreilly-japan/deep-learning-from-scratch/pull/44)"
    ),
    weight=COMMON,
)  # fmt: skip
def _averaged(place: StepPlace) -> Iterator[WrongFormula]:
    n = len(place.net.outputs)
    if not place.q.unit and n > 1:
        yield WrongFormula(Quotient(place.formula, as_formula(n)), {"count": str(n)})


@MISTAKES.entry(
    "L10", "errors added before squaring", LOSS,
    "the errors were added up first and then squared; each output's error is squared by itself.",
    "Which comes first, the square or the sum?",
)  # fmt: skip
def _sum_squared(place: StepPlace) -> Iterator[WrongFormula]:
    if place.q.unit or len(place.net.outputs) == 1 or place.net.loss not in SQUARED:
        return
    pairs = _outputs(place)
    inner = total([target - out for out, target in pairs])
    yield WrongFormula(product([HALF, inner**2]))


@MISTAKES.entry(
    "L11", "losses subtracted", LOSS,
    "the outputs' losses were subtracted from each other; the total adds them.",
    "How do the outputs' losses combine?",
    weight=RARE,
)  # fmt: skip
def _shares_subtracted(place: StepPlace) -> Iterator[WrongFormula]:
    parts = terms(place.formula)
    if not place.q.unit and len(parts) == 2:  # noqa: PLR2004 - E₅ − E₆
        yield WrongFormula(parts[0] - parts[1])


@MISTAKES.entry(
    "L12", "another output's target", LOSS,
    "the target {other} belongs to another output; here it is {target}.",
    "Which target belongs to this output?",
    source="Output units were reversed, their targets were not (github.com/wagenaartje/neataptic/issues/14)",
)  # fmt: skip
def _target_of_other(place: StepPlace) -> Iterator[WrongFormula]:
    if place.q.kind is QuantityKind.LOSS_SLOPE or place.q.unit:
        for k in place.net.outputs:
            if place.q.unit and k != place.q.unit:
                yield WrongFormula(
                    place.swapped({t(place.q.unit): t(k)}), {"other": t(k), "target": t(place.q.unit)}
                )


def _both_logs(wrong: Callable[[Formula], Formula]) -> Callable[[StepPlace], Iterator[WrongFormula]]:
    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        if not _is_share(place) or place.net.loss not in LOGARITHMIC:
            return
        (out, target) = _outputs(place)[0]
        body: Formula = product([target, wrong(out)])
        if place.net.loss == "binary-cross-entropy":
            body = body + product([1 - target, wrong(1 - out)])
        yield WrongFormula(-body)

    return changes


MISTAKES += [
    Mistake(
        "L13", "logarithm to base 10", LOSS, _both_logs(LOG10),
        "the logarithm to base 10 was taken; the stated loss has the natural one.",
        "Which key of the calculator gives the natural logarithm?",
        source="log10 in the log loss, where log belongs (github.com/srendle/libfm/issues/21)",
        weight=COMMON,
    ),
]  # fmt: skip


@MISTAKES.entry(
    "L14", "sign of the cross-entropy", LOSS,
    "the minus sign in front is missing; a cross-entropy is never negative.",
    "Which sign do logarithms of numbers below 1 have?",
    source="Course notes had log(1/3) for −log(1/3) = 1.1 (github.com/cs231n/cs231n.github.io/pull/244)",
    weight=COMMON,
)  # fmt: skip
def _entropy_sign(place: StepPlace) -> Iterator[WrongFormula]:
    if _is_share(place) and place.net.loss in LOGARITHMIC:
        yield WrongFormula(-place.formula)


MISTAKES += [
    Mistake(
        "L15", "the 1 − t term lost", LOSS, _share({"binary-cross-entropy"}, lambda o, g: -product([g, LN(o)])),
        "the second term, with 1 − {target}, is missing.",
        "How many terms has the binary cross-entropy?",
        weight=COMMON,
    ),
    Mistake(
        "L16", "t and y exchanged in the logarithm", LOSS,
        _share({"cross-entropy"}, lambda o, g: -product([o, LN(g)])),
        "the logarithm was taken of {target}; it belongs to {out}.",
        "Of which of the two is the logarithm taken?",
        source=(
            "The cross-entropy of a glossary took the logarithm of the label "
            "(github.com/bfortuner/ml-glossary/issues/28)"
        ),
    ),
    Mistake(
        "L17", "weight t left out", LOSS, _share({"cross-entropy"}, lambda o, _: -LN(o)),
        "the logarithm is not multiplied by {target}.",
        "What stands before the logarithm?",
    ),
    Mistake(
        "L18", "squared error in place of cross-entropy", LOSS,
        _share(ENTROPIES, lambda o, g: product([HALF, (g - o) ** 2])),
        "this is half the squared error; the stated loss is a cross-entropy.",
        "Which loss is stated?",
    ),
]  # fmt: skip


@MISTAKES.entry(
    "C06", "old output in the new loss", LOSS,
    "values from before the update were used, such as {old}; the loss after it takes {new}.",
    "Which output belongs to the second run?",
    weight=COMMON,
)  # fmt: skip
def _old_output(place: StepPlace) -> Iterator[WrongFormula]:
    if not place.q.updated:
        return
    olds = {q: q.before_update() for q in kinds(place.formula, QuantityKind.ACTIVATION)}
    olds |= {q: q.before_update() for q in kinds(place.formula, QuantityKind.LOSS)}
    if olds:
        yield WrongFormula(place.swapped(olds), {"old": next(iter(olds.values())), "new": next(iter(olds))})


@MISTAKES.entry(
    "S01", "sign of the error", SLOPE,
    "the sign is turned round.",
    "If the output is above the target, does raising it make the loss larger or smaller?",
    source=(
        "A reader: why is the slope of (t − o)² not 2(t − o)? "
        "(github.com/makeyourownneuralnetwork/makeyourownneuralnetwork/issues/61)"
    ),
    weight=COMMON,
)  # fmt: skip
def _slope_sign(place: StepPlace) -> Iterator[WrongFormula]:
    yield WrongFormula(-place.formula)


MISTAKES += [
    Mistake(
        "S02", "factor 2 kept", SLOPE, _scaled(Fraction(2)),
        "the factor 2 before the error does not belong to the slope of the stated loss.",
        "What becomes of the 2 from the square?",
        source=(
            "A reader asks for 2(a − y), having missed the ½ in the loss "
            "(github.com/mnielsen/neural-networks-and-deep-learning/pull/79)"
        ),
        weight=COMMON,
    ),
    Mistake(
        "S03", "factor ½ kept", SLOPE, _scaled(Fraction(1, 2)),
        "the factor ½ before the error does not belong to the slope of the stated loss.",
        "Differentiate the square: which factor comes down?",
        weight=COMMON,
    ),
    Mistake(
        "S04", "factor 2 lost", SLOPE, _scaled(Fraction(1)),
        "this is the bare error; the slope of the stated loss has a factor before it.",
        "Which factor does the stated loss leave before the error?",
        source="The slope of (x − y)² without its 2 (github.com/davisking/dlib/issues/1169)",
    ),
    Mistake(
        "S05", "another output's target", SLOPE, _target_of_other,
        "the target {other} belongs to another output; here it is {target}.",
        "Which target belongs to this output?",
        source="Output units were reversed, their targets were not (github.com/wagenaartje/neataptic/issues/14)",
    ),
]  # fmt: skip


@MISTAKES.entry(
    "S06", "loss in place of its slope", SLOPE,
    "the loss {loss} stands where its slope belongs.",
    "Which derivative is asked for here?",
    weight=COMMON,
)  # fmt: skip
def _loss_as_slope(place: StepPlace) -> Iterator[WrongFormula]:
    units: list[Quantity] = [loss()]
    if len(place.net.outputs) > 1:
        units.insert(0, loss(place.q.unit))
    for q in units:
        yield WrongFormula(Symbol(q), {"loss": q})


MISTAKES += [
    Mistake(
        "S07", "multiplied by y in place of the inner −1", SLOPE,
        _at_output(SQUARED, lambda _, o, g: product([as_formula(2), g - o, o])),
        "the error was multiplied by 2 and by {out}; the derivative of {target} − {out} by {out} is −1, "
        "so that no factor {out} arises.",
        "What is the derivative of t − y by y?",
        source=(
            "A reader derives 2(t − o)·o from (t − o)² "
            "(github.com/makeyourownneuralnetwork/makeyourownneuralnetwork/issues/77)"
        ),
        weight=RARE,
    ),
    Mistake(
        "S08", "error squared", SLOPE, _at_output(SQUARED, lambda _, o, g: (o - g) ** 2),
        "the error was squared; the slope has the error to the first power.",
        "Which power is left after differentiating a square?",
    ),
    Mistake(
        "S09", "y and t added", SLOPE, _at_output(SQUARED, lambda _, o, g: o + g),
        "{out} and {target} were added; the slope has their difference.",
        "How far is the output from the target?",
        weight=RARE,
    ),
    Mistake(
        "S10", "squared error's slope for cross-entropy", SLOPE, _at_output(ENTROPIES, lambda _, o, g: o - g),
        "this is {out} − {target}, the slope by a or that of a squared error; ∂E/∂y of the stated loss has a denominator.",
        "Differentiate the logarithm by y.",
        source=(
            "Read as the squared error's slope where the loss is a log loss "
            "(github.com/bpjsincl/coursera-neural-net/issues/14)"
        ),
        weight=COMMON,
    ),
    Mistake(
        "S11", "the 1 − t part lost", SLOPE,
        _at_output({"binary-cross-entropy"}, lambda _, o, g: -Quotient(g, o)),
        "only −{target}/{out} is there; the second term of the loss has a slope too.",
        "How many terms of the loss depend on y?",
    ),
    Mistake(
        "S12", "target taken as 1", SLOPE, _at_output({"cross-entropy"}, lambda _, o, __: -Quotient(as_formula(1), o)),
        "the target was taken as 1; here it is {target}.",
        "Which target belongs to this output?",
    ),
    Mistake(
        "S13", "inner sign of 1 − y lost", SLOPE,
        _at_output(
            {"binary-cross-entropy"},
            lambda _, o, g: -(Quotient(g, o) + Quotient(1 - g, 1 - o)),
        ),
        "both terms have the same sign; the derivative of 1 − {out} by {out} is −1.",
        "What is the derivative of 1 − y by y?",
    ),
]  # fmt: skip
