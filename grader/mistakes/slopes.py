"""Mistakes in the slope of the activation, dy/da."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.formula import ONE, ZERO, Formula, Symbol, product
from exercises.formulas.functions import EXP, LEAKY_SLOPE, NORMAL_CDF, RELU_SLOPE, SIGMA
from exercises.formulas.quantity import Link, a, activation_slope, y
from exercises.networks.activations import BY_NAME, FROM_OUTPUT, KINKED, SMOOTH
from grader.mistakes.base import COMMON, RARE, Entries, Mistake, StepPlace, WrongFormula

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

LINK = Link.ACTIVATION_SLOPE


def _ay(place: StepPlace) -> tuple[Symbol, Symbol]:
    return Symbol(a(place.q.unit)), Symbol(y(place.q.unit))


def _name(place: StepPlace) -> str:
    return place.net.activation_of(place.q.unit)


def _for(
    names: Collection[str], wrong: Callable[[Formula, Formula], Formula]
) -> Callable[[StepPlace], Iterator[WrongFormula]]:
    """A wrong slope as a formula of the unit's own (a, y), for some activations."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        own, out = _ay(place)
        if _name(place) in names:
            yield WrongFormula(wrong(own, out), {"sum": own, "out": out})

    return changes


MISTAKES = Entries()


MISTAKES += [
    Mistake(
        "P01", "slope taken as 1", LINK, _for(SMOOTH, lambda _, __: ONE),
        "the slope was taken as 1; here it depends on {sum}.",
        "Is the activation a straight line?",
        weight=COMMON,
    ),
]  # fmt: skip


@MISTAKES.entry(
    "P02", "slope formula applied to a", LINK,
    "the slope formula was applied to {sum}; it takes {out}.",
    "Does the slope formula take the sum or the activation?",
    source=(
        "A reader puts the sum into the slope formula that takes the output "
        "(github.com/llSourcell/recurrent_neural_net_demo/issues/2)"
    ),
    weight=COMMON,
)  # fmt: skip
def _of_sum(place: StepPlace) -> Iterator[WrongFormula]:
    own, _ = _ay(place)
    if _name(place) in FROM_OUTPUT:
        yield WrongFormula(
            BY_NAME[_name(place)].slope(own, own), {"sum": own, "out": Symbol(y(place.q.unit))}
        )


MISTAKES += [
    Mistake(
        "P03", "only 1 − y", LINK, _for({"sigmoid"}, lambda _, o: 1 - o),
        "the factor {out} is missing.",
        "How many factors has the slope of σ?",
        source="A reader's own slope of σ was 1·(1 − y) (github.com/torch/torch7/issues/232)",
        weight=COMMON,
    ),
    Mistake(
        "P04", "only y", LINK, _for(SMOOTH, lambda _, o: o),
        "the slope is asked for, not the value {out}.",
        "What is the slope of this activation?",
        weight=COMMON,
    ),
    Mistake(
        "P05", "slope of tanh for σ", LINK, _for({"sigmoid"}, lambda _, o: 1 - o**2),
        "1 − y² is the slope of tanh; this unit's activation is σ.",
        "Which activation is stated for this layer?",
        weight=COMMON,
    ),
    Mistake(
        "P06", "slope of σ for tanh", LINK, _for({"tanh"}, lambda _, o: product([o, 1 - o])),
        "y(1 − y) is the slope of σ; this unit's activation is tanh.",
        "Which activation is stated for this layer?",
        source="y(1 − y) in every layer, although tanh can be chosen (github.com/ttezel/nn/issues/8)",
        weight=COMMON,
    ),
]  # fmt: skip


@MISTAKES.entry(
    "P07", "slope squared", LINK,
    "the slope was multiplied by itself.",
    "How often does the slope of this unit enter here?",
)  # fmt: skip
def _squared(place: StepPlace) -> Iterator[WrongFormula]:
    if _name(place) in SMOOTH:
        yield WrongFormula(product([place.formula, place.formula]))


@MISTAKES.entry(
    "P08", "slope taken at y in place of a", LINK,
    "the slope was taken at {out} as if that were the sum: the activation was applied a second time.",
    "Is y already squashed, or still to be squashed?",
    source=(
        "A reader would squash the stored activations again: sigm(a)·(1 − sigm(a)) "
        "(github.com/rasmusbergpalm/DeepLearnToolbox/issues/165)"
    ),
    weight=COMMON,
)  # fmt: skip
def _twice_squashed(place: StepPlace) -> Iterator[WrongFormula]:
    _, out = _ay(place)
    if _name(place) in FROM_OUTPUT:
        entry = BY_NAME[_name(place)]
        yield WrongFormula(entry.slope(out, entry.value(out)), {"out": out})


@MISTAKES.entry(
    "P09", "another unit's slope", LINK,
    "this is {slope_there}, the slope at {other}; {slope_here} is taken at {out}.",
    "Whose activation did you put in?",
    weight=COMMON,
)  # fmt: skip
def _other_unit(place: StepPlace) -> Iterator[WrongFormula]:
    for unit in place.net.computing:
        other = activation_slope(unit)
        if unit != place.q.unit and place.net.activation_of(unit) == _name(place) and place.knows(other):
            swap = {a(place.q.unit): a(unit), y(place.q.unit): y(unit)}
            words = {"slope_there": other, "slope_here": place.q, "other": y(unit), "out": y(place.q.unit)}
            yield WrongFormula(place.swapped(swap), words)


@MISTAKES.entry(
    "P10", "slope multiplied by a", LINK,
    "the slope was multiplied by {sum}: f′(a) means the slope at a, not a product.",
    "What does the bracket in f′(a) mean?",
)  # fmt: skip
def _times_sum(place: StepPlace) -> Iterator[WrongFormula]:
    own, _ = _ay(place)
    if _name(place) in SMOOTH:
        yield WrongFormula(product([place.formula, own]), {"sum": own})


MISTAKES += [
    Mistake(
        "P11", "slope 1 where the unit is off", LINK, _for(KINKED, lambda _, __: ONE),
        "the slope was taken as 1, but {sum} is not above zero.",
        "On which side of zero is the sum?",
        source="leaky_relu with slope 0 let the whole gradient through at x < 0 (github.com/chainer/chainer/pull/5898)",
        weight=COMMON,
    ),
    Mistake(
        "P12", "slope 0 where the unit is on", LINK, _for(KINKED, lambda _, __: ZERO),
        "the slope was taken as 0, but {sum} is not below zero.",
        "On which side of zero is the sum?",
    ),
    Mistake(
        "P13", "a in place of the slope", LINK,
        _for(BY_NAME, lambda own, _: own),
        "the slope is asked for, not the sum {sum}.",
        "What is the slope of this activation?",
        source="Asked: the slope of ReLU is 'just left at x' where it is 1 (example-a.com/answer/51812911)",
    ),
    Mistake(
        "P14", "leak forgotten", LINK, _for({"leaky-relu"}, lambda own, _: RELU_SLOPE(own)),
        "below zero this activation keeps a small slope.",
        "What does this activation do below zero?",
        source="The slope of leaky ReLU was that of ReLU, 0 below zero (github.com/scientific-computing/FKB/issues/15)",
        weight=COMMON,
    ),
    Mistake(
        "P15", "leak for plain ReLU", LINK, _for({"relu"}, lambda own, _: LEAKY_SLOPE(own)),
        "below zero the slope of plain ReLU is 0.",
        "What does this activation do below zero?",
        weight=RARE,
    ),
]  # fmt: skip


@MISTAKES.entry(
    "P16", "sign of the slope", LINK,
    "the sign is turned round.",
    "Does this activation rise or fall at a?",
)  # fmt: skip
def _sign(place: StepPlace) -> Iterator[WrongFormula]:
    yield WrongFormula(-place.formula)


MISTAKES += [
    Mistake(
        "P17", "plus in the slope", LINK, _for({"sigmoid"}, lambda _, o: product([o, 1 + o])),
        "the bracket is 1 − y, with a minus.",
        "Write the slope of σ out in letters.",
    ),
    Mistake(
        "P18", "y squared", LINK, _for({"sigmoid", "tanh"}, lambda _, o: o**2),
        "this is {out} squared; the slope is made otherwise.",
        "Write the slope out in letters.",
    ),
    Mistake(
        "P19", "square forgotten", LINK, _for({"tanh"}, lambda _, o: 1 - o),
        "the square on {out} is missing.",
        "Write the slope of tanh out in letters.",
        weight=COMMON,
    ),
    Mistake(
        "P20", "plus in the slope of tanh", LINK, _for({"tanh"}, lambda _, o: 1 + o**2),
        "the slope of tanh is 1 − y², with a minus.",
        "Write the slope of tanh out in letters.",
        source="A reader: 1 + tanh², as for tan (github.com/gy910210/neural-network-from-scratch/issues/2)",
    ),
    Mistake(
        "P21", "1 − y squared", LINK, _for({"sigmoid"}, lambda _, o: (1 - o) ** 2),
        "1 − {out} was squared; one of the factors is {out}.",
        "Write the slope of σ out in letters.",
        weight=RARE,
    ),
]  # fmt: skip


@MISTAKES.entry(
    "P22", "slope taken at an input", LINK,
    "the slope was taken at {other}, which flows into the unit; it takes {out}.",
    "Whose activation did you put in?",
    source="A course notebook takes the slope at the inputs x (github.com/udacity/deep-learning-v2-pytorch/issues/409)",
    weight=RARE,
)  # fmt: skip
def _of_inputs(place: StepPlace) -> Iterator[WrongFormula]:
    """The slope formula applied to what flows in from upstream."""
    for unit in place.net.upstream(place.q.unit):
        fed = place.output_of(unit)
        if _name(place) in FROM_OUTPUT and unit in place.net.inputs:
            yield WrongFormula(place.swapped({y(place.q.unit): fed}), {"other": fed, "out": y(place.q.unit)})


MISTAKES += [
    Mistake(
        "P23", "y(1 − y) for another activation", LINK,
        _for(set(BY_NAME) - FROM_OUTPUT, lambda _, o: product([o, 1 - o])),
        "y(1 − y) is the slope of σ; another activation is stated for this layer.",
        "Which activation is stated for this layer?",
        source="ReLU was given the slope of the sigmoid (github.com/jeffheaton/encog-dotnet-core/issues/124)",
    ),
    Mistake(
        "P24", "y in place of ReLU's slope", LINK, _for(KINKED, lambda _, o: o),
        "the slope is asked for, not the value {out}.",
        "How steep is the activation at this sum?",
        source="0.01x for the slope 0.01 of leaky ReLU: the value, not the slope (github.com/pluskid/Mocha.jl/pull/94)",
    ),
    Mistake(
        "P25", "σ alone for the slope of silu", LINK, _for({"silu"}, lambda own, _: SIGMA(own)),
        "this is σ(a) alone; by the product rule a second term comes with it.",
        "Silu is a product: what does the product rule say?",
    ),
    Mistake(
        "P26", "Φ alone for the slope of gelu", LINK, _for({"gelu"}, lambda own, _: NORMAL_CDF(own)),
        "this is Φ(a) alone; by the product rule a second term comes with it.",
        "Gelu is a product: what does the product rule say?",
    ),
    Mistake(
        "P27", "exponential slope above zero", LINK, _for({"elu"}, lambda own, _: EXP(own)),
        "the slope was taken as e^a, but {sum} is above zero.",
        "On which side of zero is the sum?",
    ),
]  # fmt: skip
