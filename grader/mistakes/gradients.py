"""Mistakes in the gradients ∂E/∂W = ±δ·o and ∂E/∂b = ±δ, and in the updates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.formula import (
    ONE,
    ZERO,
    Formula,
    Quotient,
    Symbol,
    leaves,
    product,
    replace_symbols,
    total,
)
from exercises.formulas.quantity import (
    ETA,
    Link,
    Quantity,
    QuantityKind,
    a,
    activation_slope,
    bias,
    delta,
    gradient,
    loss_slope,
    parameter_of,
    weight,
    x,
    y,
)
from grader.mistakes.base import COMMON, RARE, Entries, Mistake, StepPlace, WrongFormula

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.mistakes.base import Changes

GRADIENT, UPDATE = Link.GRADIENT, Link.UPDATE


def _is_of_delta(place: StepPlace) -> bool:
    """Whether a line is made from its unit's δ: no mean over examples, no chain link by link."""
    return delta(place.q.unit) in set(leaves(place.formula))


def _of_weight(
    wrong: Callable[[StepPlace, Symbol, Quantity], Iterator[tuple[Formula, Quantity]]],
) -> Changes:
    """Wrong weight gradients: pairs of a formula (the sign of δ put on) and the quantity to talk about."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        if place.q.kind is not QuantityKind.WEIGHT_GRADIENT or not _is_of_delta(place):
            return
        own, fed = Symbol(delta(place.q.unit)), place.output_of(place.q.source)
        for formula, other in wrong(place, own, fed):
            yield WrongFormula(place.signed(formula), {"delta": own, "fed": fed, "other": other})

    return changes


def _of_bias(
    wrong: Callable[[StepPlace, Symbol], Iterator[tuple[Formula, Quantity]]],
) -> Changes:
    """Wrong bias gradients, likewise."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        if place.q.kind is not QuantityKind.BIAS_GRADIENT or not _is_of_delta(place):
            return
        own = Symbol(delta(place.q.unit))
        for formula, other in wrong(place, own):
            yield WrongFormula(place.signed(formula), {"delta": own, "other": other})

    return changes


def _updated(wrong: Callable[[Formula, Formula, Formula], Formula]) -> Changes:
    """A wrong update made of the old value w, η and the gradient g."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        old = place.q.before_update()
        own = gradient(old)
        if {old, ETA, own} != set(leaves(place.formula)):
            return  # another rule of descent, or a step after other steps: see `optimizers` and `runs`
        changed = wrong(Symbol(old), Symbol(ETA), Symbol(own))
        yield WrongFormula(changed, {"old": old, "gradient": own, "eta": ETA})

    return changes


def _other_parameters(place: StepPlace) -> Iterator[Quantity]:
    for q in place.net.parameters(updated_only=True):
        if q != parameter_of(place.q.before_update()):
            yield q


MISTAKES = Entries()


@MISTAKES.entry(
    "G01", "sum in place of the activation upstream", GRADIENT,
    "{other} was multiplied in where {fed} belongs: the weight multiplies the activation.",
    "What did this weight multiply in the forward pass?",
    source="H.T @ G with the sums H where the activations A belong (github.com/maziarraissi/backprop/issues/1)",
    weight=COMMON,
)  # fmt: skip
@_of_weight
def _sum_upstream(place: StepPlace, own: Symbol, _: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    if place.q.source not in place.net.inputs:
        yield product([own, Symbol(a(place.q.source))]), a(place.q.source)


@MISTAKES.entry(
    "G02", "the neighbour upstream", GRADIENT,
    "{other} comes from the neighbouring unit; this weight starts at {fed}.",
    "Where does this arrow start?",
    weight=COMMON,
)  # fmt: skip
@_of_weight
def _neighbour(place: StepPlace, own: Symbol, _: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    for unit in place.net.upstream(place.q.unit):
        if unit != place.q.source:
            yield product([own, Symbol(place.output_of(unit))]), place.output_of(unit)


@MISTAKES.entry(
    "G03", "the activation downstream", GRADIENT,
    "{other} lies at the end of the arrow; the gradient takes {fed}, at its start.",
    "What did this weight multiply in the forward pass?",
    weight=COMMON,
)  # fmt: skip
@_of_weight
def _downstream_output(place: StepPlace, own: Symbol, _: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    yield product([own, Symbol(y(place.q.unit))]), y(place.q.unit)


@MISTAKES.entry(
    "G04", "always the network's inputs", GRADIENT,
    "{other} is an input of the network; this weight starts at {fed}.",
    "Where does this arrow start?",
    source="Every layer's gradient was made from the first layer's values (github.com/ralampay/ann/pull/22)",
)  # fmt: skip
@_of_weight
def _always_inputs(place: StepPlace, own: Symbol, _: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    if place.q.source not in place.net.inputs:
        for unit in place.net.inputs:
            yield product([own, Symbol(x(unit))]), x(unit)


@MISTAKES.entry(
    "G05", "another unit's delta", GRADIENT,
    "{other} belongs to another unit; this arrow ends where {delta} is.",
    "Where does this arrow end?",
    source="A reader would take the delta of the layer before the weights (github.com/hanbt/learn_dl/issues/23)",
    weight=COMMON,
)  # fmt: skip
@_of_weight
def _other_delta(place: StepPlace, _: Symbol, fed: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    for unit in place.net.computing:
        if unit != place.q.unit:
            yield product([Symbol(delta(unit)), Symbol(fed)]), delta(unit)


@MISTAKES.entry(
    "G06", "gradient of the mirrored weight", GRADIENT,
    "this takes {other}, as the weight at the mirrored place of the matrix does; this arrow ends elsewhere.",
    "Follow the arrow: which unit is its start, which its end?",
    source="A book's weight_deltas are transposed (github.com/iamtrask/Grokking-Deep-Learning/issues/23)",
    weight=COMMON,
)  # fmt: skip
@_of_weight
def _transposed(place: StepPlace, _: Symbol, __: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    sources, layer = place.net.upstream(place.q.unit), place.layer
    if len(sources) == len(layer) > 1:
        row, column = sources.index(place.q.source), layer.index(place.q.unit)
        if row != column:
            other = delta(layer[row])
            yield product([Symbol(other), Symbol(place.output_of(sources[column]))]), other


@MISTAKES.entry(
    "G07", "upstream factor left out", GRADIENT,
    "only the delta is there; {fed}, which the weight multiplies, is missing.",
    "What did this weight multiply in the forward pass?",
    weight=COMMON,
)  # fmt: skip
@_of_weight
def _delta_alone(_: StepPlace, own: Symbol, fed: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    yield own, fed


@MISTAKES.entry(
    "G08", "delta left out", GRADIENT,
    "only {fed} is there; {delta} is missing.",
    "What comes back to the end of this arrow?",
)  # fmt: skip
@_of_weight
def _output_alone(place: StepPlace, _: Symbol, fed: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    yield place.signed(Symbol(fed)), fed


@MISTAKES.entry(
    "G09", "slope once more", GRADIENT,
    "{other} was multiplied in once more; it is already in {delta}.",
    "What is already inside δ?",
    weight=COMMON,
)  # fmt: skip
@_of_weight
def _extra_slope(place: StepPlace, own: Symbol, fed: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    slope = activation_slope(place.q.unit)
    if place.knows(slope):
        yield product([own, Symbol(slope), Symbol(fed)]), slope


@MISTAKES.entry(
    "G10", "η inside the gradient", GRADIENT,
    "the learning rate was multiplied in here; it belongs to the update.",
    "Gradient or step: which one is asked for?",
    source=(
        "The error of a hidden unit was multiplied by the learning rate n "
        "(CanKorkut/Backpropagation-for-XOR-Using-Python)"
    ),
    weight=COMMON,
)  # fmt: skip
@_of_weight
def _eta_inside(_: StepPlace, own: Symbol, fed: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    yield product([Symbol(ETA), own, Symbol(fed)]), ETA


@MISTAKES.entry(
    "G11", "error in place of delta", GRADIENT,
    "{other} was used where {delta} belongs; the way through the activation is missing.",
    "Which link lies between y and a?",
    source="del4 is the bare error, used as a delta (github.com/jiexunsee/Neural-Network-with-Python/issues/1)",
    weight=COMMON,
)  # fmt: skip
@_of_weight
def _error_for_delta(place: StepPlace, _: Symbol, fed: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    error = loss_slope(place.q.unit)
    yield place.signed(product([Symbol(error), Symbol(fed)])), error


@MISTAKES.entry(
    "G12", "sign of the gradient", GRADIENT,
    "δ is {stated} on this sheet, so the gradient {needs}.",
    "How does the true gradient follow from δ in the stated convention?",
    source=(
        "A book's gradient with the minus on one page, without on another "
        "(github.com/makeyourownneuralnetwork/makeyourownneuralnetwork/issues/82)"
    ),
    weight=COMMON,
)  # fmt: skip
def _sign(place: StepPlace) -> Iterator[WrongFormula]:
    if _is_of_delta(place):
        plain = place.graph.sign == "gradient"
        stated, needs = ("∂E/∂a", "has no minus in front") if plain else ("−∂E/∂a", "needs a minus")
        yield WrongFormula(-place.formula, {"stated": stated, "needs": needs})


@MISTAKES.entry(
    "G13", "weight in place of the activation", GRADIENT,
    "the weight {other} was multiplied in where {fed} belongs.",
    "Differentiate the sum by this weight: what is left?",
    source="Rule of a beginner: error · slope · the weight itself (techfeed.net/es/468648)",
)  # fmt: skip
@_of_weight
def _times_weight(place: StepPlace, own: Symbol, _: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    own_weight = weight(place.q.source, place.q.unit)
    yield product([own, Symbol(own_weight)]), own_weight


@MISTAKES.entry(
    "G14", "weight multiplied in", GRADIENT,
    "the weight {other} was multiplied in; it drops out when the sum is differentiated by it.",
    "Differentiate the sum by this weight: what is left?",
    source="Steps were scaled by the weight too, which cannot change its sign (cs.stackexchange.com/questions/23209)",
)  # fmt: skip
@_of_weight
def _weight_too(place: StepPlace, own: Symbol, fed: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    own_weight = weight(place.q.source, place.q.unit)
    yield product([own, Symbol(fed), Symbol(own_weight)]), own_weight


@MISTAKES.entry(
    "G15", "slope upstream in place of the activation", GRADIENT,
    "{other} was multiplied in where {fed} belongs.",
    "What did this weight multiply in the forward pass?",
)  # fmt: skip
@_of_weight
def _upstream_slope(place: StepPlace, own: Symbol, _: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    slope = activation_slope(place.q.source)
    if place.knows(slope):
        yield product([own, Symbol(slope)]), slope


@MISTAKES.entry(
    "G16", "delta and activation added", GRADIENT,
    "{delta} and {fed} were added; along a chain they are multiplied.",
    "How do links of a chain combine?",
    weight=RARE,
)  # fmt: skip
@_of_weight
def _added(place: StepPlace, own: Symbol, fed: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    yield own + place.signed(Symbol(fed)), fed


@MISTAKES.entry(
    "G20", "delta times bias", GRADIENT,
    "{delta} was multiplied by {other}; a bias is fed by the constant 1.",
    "Differentiate the sum by the bias: what is left?",
    source="neuron.Bias * delta, in NeuralNet3LayerSigmoid (csharp.hotexamples.com, MatrixD.ByRows)",
    weight=COMMON,
)  # fmt: skip
@_of_bias
def _times_bias(place: StepPlace, own: Symbol) -> Iterator[tuple[Formula, Quantity]]:
    yield product([own, Symbol(bias(place.q.unit))]), bias(place.q.unit)


@MISTAKES.entry(
    "G21", "bias gradient taken as 0", GRADIENT,
    "the gradient was taken as 0; the loss does depend on the bias.",
    "Does the sum change when the bias changes?",
    source="A reader: should ∂loss/∂bias not be 0, the bias being 0? (github.com/xnought/backprop-explainer/issues/18)",
)  # fmt: skip
@_of_bias
def _zero(place: StepPlace, _: Symbol) -> Iterator[tuple[Formula, Quantity]]:
    yield ZERO, delta(place.q.unit)


@MISTAKES.entry(
    "G22", "bias gradient taken as 1", GRADIENT,
    "1 is only the last link, the slope of the sum by the bias; {delta} goes with it.",
    "What comes before the last link of the chain?",
)  # fmt: skip
@_of_bias
def _one(place: StepPlace, _: Symbol) -> Iterator[tuple[Formula, Quantity]]:
    yield place.signed(ONE), delta(place.q.unit)


@MISTAKES.entry(
    "G23", "delta times an activation", GRADIENT,
    "{delta} was multiplied by {other}; a bias is fed by the constant 1.",
    "What does a bias multiply in the forward pass?",
    source=(
        "The gradients of b1 and b2 were multiplied with X.T "
        "(github.com/rust0258/Deeplearning.ai-Natural-Language-Processing-Specialization/pull/70)"
    ),
    weight=COMMON,
)  # fmt: skip
@_of_bias
def _times_upstream(place: StepPlace, own: Symbol) -> Iterator[tuple[Formula, Quantity]]:
    for unit in place.net.upstream(place.q.unit):
        yield product([own, Symbol(place.output_of(unit))]), place.output_of(unit)


@MISTAKES.entry(
    "G24", "sum of the weight gradients", GRADIENT,
    "the gradients of the weights into this unit were added up; the bias has its own, {delta} alone.",
    "Differentiate the sum by the bias: what is left?",
    source=(
        "sum(dot(l1, x.T)) was taken for the gradient of b1 "
        "(github.com/rust0258/Deeplearning.ai-Natural-Language-Processing-Specialization/issues/62)"
    ),
)  # fmt: skip
@_of_bias
def _weight_gradients(place: StepPlace, _: Symbol) -> Iterator[tuple[Formula, Quantity]]:
    parts = [gradient(weight(i, place.q.unit)) for i in place.net.upstream(place.q.unit)]
    if len(parts) > 1:
        yield place.signed(total([Symbol(p) for p in parts])), parts[0]


@MISTAKES.entry(
    "G25", "one delta for the whole layer", GRADIENT,
    "the deltas of the whole layer were added up; each unit has its own bias.",
    "Whose bias is this?",
    source="One sum over all outputs was given to every bias (github.com/rasbt/stat453-deep-learning-ss21/issues/5)",
)  # fmt: skip
@_of_bias
def _layer_sum(place: StepPlace, _: Symbol) -> Iterator[tuple[Formula, Quantity]]:
    if place.others:
        yield total([Symbol(delta(u)) for u in place.layer]), delta(place.q.unit)


@MISTAKES.entry(
    "G26", "another unit's delta", GRADIENT,
    "{other} belongs to another unit; this bias goes with {delta}.",
    "Whose bias is this?",
)  # fmt: skip
@_of_bias
def _other_bias_delta(place: StepPlace, _: Symbol) -> Iterator[tuple[Formula, Quantity]]:
    for unit in place.net.computing:
        if unit != place.q.unit:
            yield Symbol(delta(unit)), delta(unit)


@MISTAKES.entry(
    "G27", "error in place of delta", GRADIENT,
    "{other} was used where {delta} belongs; the way through the activation is missing.",
    "Which link lies between y and a?",
    source="grad_bh was made from grad_h, before the slope of tanh (github.com/arthurdouillard/deepcourse/pull/9)",
)  # fmt: skip
@_of_bias
def _bias_error(place: StepPlace, _: Symbol) -> Iterator[tuple[Formula, Quantity]]:
    yield place.signed(Symbol(loss_slope(place.q.unit))), loss_slope(place.q.unit)


@MISTAKES.entry(
    "G28", "own activation multiplied in", GRADIENT,
    "{other} was multiplied in; a bias is fed by the constant 1.",
    "What does a bias multiply in the forward pass?",
    weight=RARE,
)  # fmt: skip
@_of_bias
def _bias_output(place: StepPlace, own: Symbol) -> Iterator[tuple[Formula, Quantity]]:
    yield product([own, Symbol(y(place.q.unit))]), y(place.q.unit)


@MISTAKES.entry(
    "G29", "η inside the gradient", GRADIENT,
    "the learning rate was multiplied in here; it belongs to the update.",
    "Gradient or step: which one is asked for?",
)  # fmt: skip
@_of_bias
def _bias_eta(_: StepPlace, own: Symbol) -> Iterator[tuple[Formula, Quantity]]:
    yield product([Symbol(ETA), own]), ETA


@MISTAKES.entry(
    "G30", "slope once more", GRADIENT,
    "{other} was multiplied in once more; it is already in {delta}.",
    "What is already inside δ?",
    weight=COMMON,
)  # fmt: skip
@_of_bias
def _bias_slope(place: StepPlace, own: Symbol) -> Iterator[tuple[Formula, Quantity]]:
    slope = activation_slope(place.q.unit)
    if place.knows(slope):
        yield product([own, Symbol(slope)]), slope


MISTAKES += [
    Mistake(
        "U01", "step uphill", UPDATE, _updated(lambda w, e, g: w + product([e, g])),
        "η times the gradient was added; descent subtracts it.",
        "Against the slope or with it?",
        source="weight = weight + learning_rate * gradient, in a tutorial (github.com/pytorch/pytorch/issues/1871)",
        weight=2 * COMMON,
    ),
    Mistake(
        "U02", "η forgotten", UPDATE, _updated(lambda w, _, g: w - g),
        "the gradient was subtracted without the learning rate {eta}.",
        "How long is the step?",
        source="learning_rate is not used in the update (github.com/aimacode/aima-python/issues/285)",
        weight=COMMON,
    ),
    Mistake(
        "U03", "η twice", UPDATE, _updated(lambda w, e, g: w - product([e, e, g])),
        "the learning rate {eta} was multiplied in twice.",
        "How often does η enter the step?",
        source=(
            "The learning rate n in the hidden error and in the step too "
            "(CanKorkut/Backpropagation-for-XOR-Using-Python)"
        ),
    ),
    Mistake(
        "U04", "divided by η", UPDATE, _updated(lambda w, e, g: w - Quotient(g, e)),
        "the gradient was divided by {eta}; it is multiplied.",
        "Does a small η make the step long or short?",
    ),
    Mistake(
        "U05", "old value left out", UPDATE, _updated(lambda _, e, g: -product([e, g])),
        "this is the step alone; {old} is missing.",
        "From where does the step start?",
        weight=COMMON,
    ),
    Mistake(
        "U06", "old value left out, sign lost", UPDATE, _updated(lambda _, e, g: product([e, g])),
        "this is η times the gradient; it has to be taken away from {old}.",
        "From where does the step start?",
    ),
]  # fmt: skip


@MISTAKES.entry(
    "U07", "another parameter's gradient", UPDATE,
    "{other} belongs to another parameter; here it is {gradient}.",
    "Whose gradient did you put in?",
    source=(
        "The step of w was written with the gradient of b "
        "(github.com/gavinkhung/machine-learning-visualized/issues/5)"
    ),
    weight=COMMON,
)  # fmt: skip
def _other_gradient(place: StepPlace) -> Iterator[WrongFormula]:
    own = gradient(parameter_of(place.q.before_update()))
    for q in _other_parameters(place):
        yield WrongFormula(place.swapped({own: gradient(q)}), {"other": gradient(q), "gradient": own})


MISTAKES += [
    Mistake(
        "U08", "multiplied by the step", UPDATE, _updated(lambda w, e, g: product([w, e, g])),
        "{old} was multiplied by the step; the step is subtracted.",
        "How does a step change a number?",
    ),
    Mistake(
        "U09", "not updated", UPDATE, _updated(lambda w, _, __: w),
        "the step was not taken; {old} is the value from before it.",
        "Has this parameter a gradient?",
        source="The biases are never updated (github.com/mattm/simple-neural-network/issues/5)",
        weight=COMMON,
    ),
]  # fmt: skip


@MISTAKES.entry(
    "U10", "delta in place of the gradient", UPDATE,
    "{other} was used where the gradient {gradient} belongs; the factor from upstream is missing.",
    "δ belongs to a unit: what belongs to a weight?",
    weight=COMMON,
)  # fmt: skip
def _delta_for_gradient(place: StepPlace) -> Iterator[WrongFormula]:
    old = place.q.before_update()
    own = delta(old.unit)
    if old.kind is QuantityKind.WEIGHT and gradient(old) in set(leaves(place.formula)):
        changed = replace_symbols(place.formula, {gradient(old): place.signed(Symbol(own))})
        yield WrongFormula(changed, {"other": own, "gradient": gradient(old)})


@MISTAKES.entry(
    "U11", "another parameter's old value", UPDATE,
    "the step started from {other}; this parameter's old value is {old}.",
    "From where does the step start?",
)  # fmt: skip
def _other_old(place: StepPlace) -> Iterator[WrongFormula]:
    old = place.q.before_update()
    for q in _other_parameters(place):
        if q.kind is old.kind and (q.unit == old.unit or q.source == old.source):
            yield WrongFormula(place.swapped({old: q}), {"other": q, "old": old})


MISTAKES += [
    Mistake(
        "U12", "step proportional to the value", UPDATE, _updated(lambda w, e, g: w - product([e, g, w])),
        "the step was multiplied by {old}.",
        "Does the old value enter the step?",
        source="Steps in proportion to the weight cannot change its sign (cs.stackexchange.com/questions/23209)",
    ),
    Mistake(
        "U13", "the gradient itself", UPDATE, _updated(lambda _, __, g: g),
        "the gradient {gradient} stands where the updated value belongs.",
        "What does the update do with the gradient?",
    ),
    Mistake(
        "U14", "without η, and uphill", UPDATE, _updated(lambda w, _, g: w + g),
        "the gradient was added, and without the learning rate {eta}.",
        "Against the slope or with it, and how far?",
    ),
    Mistake(
        "U15", "step turned round", UPDATE, _updated(lambda w, e, g: product([e, g]) - w),
        "{old} was subtracted from the step, in place of the step from {old}.",
        "Which of the two is taken from which?",
        weight=RARE,
    ),
]  # fmt: skip
