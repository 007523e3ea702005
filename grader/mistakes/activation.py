"""Mistakes in y = f(a), before and after the update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.formula import ONE, Apply, Formula, Quotient, Symbol, product, replace_symbols, total
from exercises.formulas.functions import EXP, LEAKY, LOG10, NORMAL_CDF, RELU, SIGMA, TANH, TEN_TO, WHOLE
from exercises.formulas.quantity import Link, a
from exercises.networks import activations
from exercises.networks.activations import KINKED, SMOOTH
from grader.mistakes.base import COMMON, RARE, Entries, Mistake, StepPlace, WrongFormula

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

LINK = Link.ACTIVATION


def _own(place: StepPlace) -> Formula:
    return Symbol(place.at(a(place.q.unit)))


def _name(place: StepPlace) -> str:
    return place.net.activation_of(place.q.unit)


def _for(
    names: Collection[str], wrong: Callable[[Formula], Formula]
) -> Callable[[StepPlace], Iterator[WrongFormula]]:
    """A wrong function of the unit's own a, for some activations."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        if _name(place) in names:
            yield WrongFormula(wrong(_own(place)), {"sum": _own(place)})

    return changes


def _softmax_layer(place: StepPlace) -> list[Formula]:
    return [Apply(EXP, Symbol(place.at(a(u)))) for u in place.layer]


MISTAKES = Entries()


@MISTAKES.entry(
    "B01", "activation skipped", LINK,
    "the activation was not applied.",
    "What happens to the sum before the unit sends it on?",
    source=(
        "An example's hidden layer was Wx + b with no activation "
        "(github.com/aymericdamien/TensorFlow-Examples/issues/262)"
    ),
    weight=COMMON,
)  # fmt: skip
def _skipped(place: StepPlace) -> Iterator[WrongFormula]:
    if _name(place) in SMOOTH or _name(place) == activations.SOFTMAX:
        yield WrongFormula(_own(place), {"sum": _own(place)})


MISTAKES += [
    Mistake(
        "B02", "sign of the exponent", LINK, _for({"sigmoid"}, lambda f: SIGMA(-f)),
        "σ(a) is 1/(1 + e⁻ᵃ) with a minus in the exponent; here stands e to the power plus {sum}.",
        "Is σ of a positive number more or less than one half?",
        source="1 / (1 + exp(x)) for the sigmoid (github.com/ljvmiranda921/pyswarms/pull/145)",
        weight=COMMON,
    ),
    Mistake(
        "B03", "reciprocal lost", LINK, _for({"sigmoid"}, lambda f: 1 + EXP(-f)),
        "this is the denominator 1 + e^−a; σ is 1 divided by it.",
        "Can σ of any number be larger than 1?",
    ),
    Mistake(
        "B04", "only the exponential", LINK, _for({"sigmoid"}, lambda f: EXP(-f)),
        "this is e^−a alone; σ is 1 / (1 + e^−a).",
        "Which steps of σ come after the exponential?",
    ),
    Mistake(
        "B05", "10 in place of e", LINK, _for({"sigmoid"}, lambda f: Quotient(ONE, 1 + TEN_TO(-f))),
        "a power of 10 was taken in place of a power of e.",
        "Which key of the calculator gives e to a power?",
    ),
    Mistake(
        "B06", "tanh in place of σ", LINK, _for({"sigmoid"}, TANH),
        "tanh was applied; this unit's activation is σ.",
        "Which activation is stated for this layer?",
        weight=COMMON,
    ),
    Mistake(
        "B07", "σ in place of tanh", LINK, _for({"tanh"}, SIGMA),
        "σ was applied; this unit's activation is tanh.",
        "Which activation is stated for this layer?",
        weight=COMMON,
    ),
]  # fmt: skip


@MISTAKES.entry(
    "B08", "slope in place of the value", LINK,
    "this is the slope of the activation at {sum}; the forward pass goes on with its value.",
    "Is a slope needed in the forward pass?",
)  # fmt: skip
def _slope_for_value(place: StepPlace) -> Iterator[WrongFormula]:
    entry = activations.BY_NAME.get(_name(place))
    if entry is not None and entry.slope_from_output:
        yield WrongFormula(entry.slope(_own(place), entry.value(_own(place))), {"sum": _own(place)})


@MISTAKES.entry(
    "B09", "slope formula applied to the sum", LINK,
    "the slope formula was applied to {sum}; the forward pass takes the activation's value.",
    "Which formula turns a into y?",
    weight=RARE,
)  # fmt: skip
def _slope_of_sum(place: StepPlace) -> Iterator[WrongFormula]:
    entry = activations.BY_NAME.get(_name(place))
    if entry is not None and entry.slope_from_output:
        yield WrongFormula(entry.slope(_own(place), _own(place)), {"sum": _own(place)})


MISTAKES += [
    Mistake(
        "B10", "ReLU in place of the activation", LINK, _for(SMOOTH, RELU),
        "ReLU was applied; another activation is stated for this layer.",
        "Which activation is stated for this layer?",
    ),
    Mistake(
        "B11", "ReLU not clipped", LINK, _for(KINKED, lambda f: f),
        "a negative {sum} was passed on as it is.",
        "What does this activation do below zero?",
        source=(
            "relu took numpy.max(x, 0), where 0 is an axis, and clipped nothing "
            "(github.com/ahmedfgad/NumPyCNN/issues/4)"
        ),
        weight=COMMON,
    ),
    Mistake(
        "B12", "leak forgotten", LINK, _for({"leaky-relu"}, RELU),
        "below zero this activation keeps a small slope; this is plain ReLU.",
        "What does this activation do below zero?",
        source="Leaky ReLU gave 0 below zero (github.com/BrainJS/brain.js/issues/560)",
    ),
    Mistake(
        "B13", "leak added to ReLU", LINK, _for({"relu"}, LEAKY),
        "this is leaky ReLU; plain ReLU gives 0 below zero.",
        "What does this activation do below zero?",
        weight=RARE,
    ),
    Mistake(
        "B14", "the 1 in the denominator lost", LINK, _for({"sigmoid"}, lambda f: Quotient(ONE, EXP(-f))),
        "the 1 in the denominator 1 + e^−a is missing.",
        "Write the denominator of σ out in full.",
        source="σ(a) was written as 1/exp(−a) (github.com/finalfusion/finalfrontier/pull/95)",
    ),
    Mistake(
        "B15", "minus in the denominator", LINK, _for({"sigmoid"}, lambda f: Quotient(ONE, 1 - EXP(-f))),
        "the denominator is 1 + e^−a, with a plus.",
        "Write the denominator of σ out in full.",
        source="1 / (1 − e^…) for the sigmoid, minus for plus (github.com/yangji9181/ClusChurn/issues/1)",
        weight=RARE,
    ),
    Mistake(
        "B16", "tanh upside down", LINK, _for({"tanh"}, lambda f: Quotient(ONE, TANH(f))),
        "numerator and denominator of tanh are exchanged.",
        "Can tanh of any number be larger than 1?",
        source="A textbook's tanh with numerator and denominator exchanged (github.com/fastai/fastbook/issues/273)",
        weight=RARE,
    ),
    Mistake(
        "B17", "tanh of half the sum", LINK, _for({"tanh"}, lambda f: Quotient(1 - EXP(-f), 1 + EXP(-f))),
        "this is (1 − e^−a) / (1 + e^−a), the tanh of half of {sum}.",
        "Which exponents does tanh have?",
        source="A README's tanh had −x where −2x belongs (github.com/HIPS/autograd/issues/317)",
        weight=RARE,
    ),
    Mistake(
        "B18", "tanh with the wrong sign", LINK, _for({"tanh"}, lambda f: -TANH(f)),
        "the sign is turned round: tanh has the sign of {sum}.",
        "Which sign does tanh of a negative number have?",
    ),
]  # fmt: skip


@MISTAKES.entry(
    "B19", "another unit's sum", LINK,
    "the activation was taken of {other}; it belongs to {sum}.",
    "Whose sum did you put in?",
    weight=0.5 * RARE,
)  # fmt: skip
def _other_unit(place: StepPlace) -> Iterator[WrongFormula]:
    if _name(place) == activations.SOFTMAX:
        return
    for unit in place.net.computing:
        if unit != place.q.unit:
            other = place.at(a(unit))
            yield WrongFormula(
                place.swapped({place.at(a(place.q.unit)): other}), {"other": other, "sum": _own(place)}
            )


@MISTAKES.entry(
    "B20", "exponentials not normalised", LINK,
    "this is e^a alone; softmax divides it by the sum over all outputs.",
    "What must the outputs of a softmax add up to?",
    weight=COMMON,
)  # fmt: skip
def _not_normalised(place: StepPlace) -> Iterator[WrongFormula]:
    if _name(place) == activations.SOFTMAX:
        yield WrongFormula(Apply(EXP, _own(place)), {"sum": _own(place)})


@MISTAKES.entry(
    "B21", "own exponential left out of the sum", LINK,
    "the denominator sums over all outputs, this one included.",
    "What must the outputs of a softmax add up to?",
)  # fmt: skip
def _without_own(place: StepPlace) -> Iterator[WrongFormula]:
    if _name(place) == activations.SOFTMAX:
        rest = [Apply(EXP, Symbol(place.at(a(u)))) for u in place.others]
        yield WrongFormula(Quotient(Apply(EXP, _own(place)), total(rest)))


@MISTAKES.entry(
    "B22", "softmax without exponentials", LINK,
    "the sums themselves were normalised; softmax takes their exponentials first.",
    "What does softmax do to a before it normalises?",
    source="A slide's softmax sums the raw values below, without exp (github.com/rwitten/HighPerfLLMs2024/issues/3)",
)  # fmt: skip
def _without_exponentials(place: StepPlace) -> Iterator[WrongFormula]:
    if _name(place) == activations.SOFTMAX:
        yield WrongFormula(Quotient(_own(place), total([Symbol(place.at(a(u))) for u in place.layer])))


MISTAKES += [
    Mistake(
        "B23", "σ in place of softmax", LINK, _for({activations.SOFTMAX}, SIGMA),
        "σ was applied to this output alone; softmax looks at all outputs together.",
        "Which activation is stated for the outputs?",
    ),
]  # fmt: skip


@MISTAKES.entry(
    "B24", "softmax with negative exponents", LINK,
    "the exponents have the wrong sign; softmax takes e to the power of a.",
    "Which output should get the larger share?",
    source="The documented softmax had negative exponents (github.com/pytorch/pytorch/pull/3337)",
    weight=RARE,
)  # fmt: skip
def _softmax_sign(place: StepPlace) -> Iterator[WrongFormula]:
    if _name(place) == activations.SOFTMAX:
        flipped: list[Formula] = [Apply(EXP, -Symbol(place.at(a(u)))) for u in place.layer]
        yield WrongFormula(Quotient(Apply(EXP, -_own(place)), total(flipped)))


@MISTAKES.entry(
    "B25", "another output's share", LINK,
    "the exponential on top is that of {other}.",
    "Whose exponential stands on top?",
)  # fmt: skip
def _softmax_other(place: StepPlace) -> Iterator[WrongFormula]:
    if _name(place) == activations.SOFTMAX:
        for unit in place.others:
            other = place.at(a(unit))
            over = Quotient(Apply(EXP, Symbol(other)), total(_softmax_layer(place)))
            yield WrongFormula(over, {"other": other})


MISTAKES += [
    Mistake(
        "B26", "logarithm left out of softplus", LINK, _for({"softplus"}, lambda f: 1 + EXP(f)),
        "this is 1 + e^a; softplus is its logarithm.",
        "Which step of softplus comes last?",
    ),
    Mistake(
        "B27", "common logarithm in softplus", LINK, _for({"softplus"}, lambda f: LOG10(1 + EXP(f))),
        "the logarithm to base 10 was taken; softplus has the natural one.",
        "Which key of the calculator gives the natural logarithm?",
    ),
    Mistake(
        "B28", "factor a left out", LINK,
        _for({"silu"}, SIGMA),
        "this is σ(a) alone; silu multiplies it by a.",
        "Which two factors does this activation have?",
    ),
    Mistake(
        "B29", "factor a left out of gelu", LINK,
        _for({"gelu"}, NORMAL_CDF),
        "this is Φ(a) alone; gelu multiplies it by a.",
        "Which two factors does this activation have?",
    ),
    Mistake(
        "B30", "σ in place of Φ", LINK,
        _for({"gelu"}, lambda f: product([f, SIGMA(f)])),
        "σ(a) was taken in place of Φ(a).",
        "Which function stands in gelu?",
    ),
    Mistake(
        "B31", "1 not taken away", LINK, _for({"elu"}, EXP),
        "this is e^a alone; ELU is e^a − 1 below zero, and a itself above.",
        "Where does ELU pass through zero?",
    ),
    Mistake(
        "B32", "exponential above zero too", LINK, _for({"elu"}, lambda f: EXP(f) - 1),
        "the exponential was taken, but {sum} is above zero.",
        "On which side of zero is the sum?",
    ),
]  # fmt: skip


@MISTAKES.entry(
    "B33", "output rounded to a whole number", LINK,
    "the output was rounded to a whole number; it goes on as it is, with all its places.",
    "Does the network's next step need a decision, or the number itself?",
)  # fmt: skip
def _to_a_whole_number(place: StepPlace) -> Iterator[WrongFormula]:
    if _name(place) in SMOOTH:
        yield WrongFormula(WHOLE(place.formula))


@MISTAKES.entry(
    "B34", "sum rounded to a whole number", LINK,
    "{sum} was rounded to a whole number before the activation was applied.",
    "With how many places of the sum does the activation begin?",
    weight=RARE,
)  # fmt: skip
def _of_a_whole_number(place: StepPlace) -> Iterator[WrongFormula]:
    if _name(place) in SMOOTH:
        own = place.at(a(place.q.unit))
        yield WrongFormula(replace_symbols(place.formula, {own: WHOLE(Symbol(own))}), {"sum": own})


@MISTAKES.entry(
    "C05", "old sum in the check run", LINK,
    "the activation was taken of the old {old}; the check run has {new}.",
    "Which sum belongs to the second run?",
)  # fmt: skip
def _old_sum(place: StepPlace) -> Iterator[WrongFormula]:
    if place.q.updated:
        swap = {place.at(a(u)): a(u) for u in place.layer}
        yield WrongFormula(place.swapped(swap), {"old": a(place.q.unit), "new": place.at(a(place.q.unit))})
