"""Mistakes in the deltas: at the outputs, and on the way back through the hidden layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.formula import Formula, Quotient, Symbol, as_formula, product, total
from exercises.formulas.quantity import (
    Link,
    Quantity,
    QuantityKind,
    a,
    activation_slope,
    delta,
    loss,
    loss_slope,
    t,
    weight,
    y,
)
from grader.mistakes.base import COMMON, RARE, Entries, Mistake, StepPlace, WrongFormula, kinds, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.mistakes.base import Changes

OUTPUT, HIDDEN = Link.OUTPUT_DELTA, Link.HIDDEN_DELTA


def _is_delta(place: StepPlace) -> bool:
    return place.q.kind is QuantityKind.DELTA


def _chain(place: StepPlace) -> tuple[Quantity, Quantity] | None:
    """The two factors of a delta, slope of the loss and slope of the activation, where it is their product."""
    slopes = (loss_slope(place.q.unit), activation_slope(place.q.unit))
    return slopes if _is_delta(place) and set(slopes) <= set(place.step.parents) else None


def _made(wrong: Callable[[StepPlace, Formula, Formula], Formula], only: set[str] | None = None) -> Changes:
    """A wrong delta made of ∂E/∂y and dy/da (true signs; the convention of δ is put on afterwards)."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        chain = _chain(place)
        if chain is not None and (only is None or place.net.activation_of(place.q.unit) in only):
            words = {"loss_slope": chain[0], "slope": chain[1], "out": y(place.q.unit)}
            yield WrongFormula(place.signed(wrong(place, Symbol(chain[0]), Symbol(chain[1]))), words)

    return changes


def _downstream_slope(place: StepPlace, *, again: bool) -> Iterator[WrongFormula]:
    chain = _chain(place)
    for unit in place.net.downstream(place.q.unit):
        other = activation_slope(unit)
        if chain is not None and place.knows(other):
            factors = [Symbol(chain[0]), Symbol(other), *([Symbol(chain[1])] if again else [])]
            words = {"other": other, "slope": chain[1], "other_out": y(unit)}
            yield WrongFormula(place.signed(product(factors)), words)


def _softmax(wrong: Callable[[StepPlace, Formula, Formula], Formula]) -> Changes:
    """A wrong delta of a softmax output, from its y and t."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        if _is_delta(place) and place.net.is_softmax and place.q.unit in place.net.outputs:
            out, target = Symbol(y(place.q.unit)), Symbol(t(place.q.unit))
            words: dict[str, Quantity | Formula | str] = {"out": out, "target": target}
            words["loss_slope"] = loss_slope(place.q.unit)
            yield WrongFormula(place.signed(wrong(place, out, target)), words)

    return changes


def _paths(place: StepPlace) -> list[Formula]:
    """The terms of ∂E/∂y of a hidden unit where this line is their sum."""
    if place.q.kind is not QuantityKind.LOSS_SLOPE or place.q.via or place.q.unit in place.net.outputs:
        return []
    parts = terms(place.formula)
    return parts if len(parts) > 1 else []


def _path(place: StepPlace) -> tuple[Quantity, Quantity] | None:
    """Weight and delta where this line is one path ±W·δ."""
    weights, deltas = kinds(place.formula, QuantityKind.WEIGHT), kinds(place.formula, QuantityKind.DELTA)
    if place.q.kind is QuantityKind.LOSS_SLOPE and len(weights) == 1 and len(deltas) == 1:
        return weights[0], deltas[0]
    return None


def _on_path(
    wrong: Callable[[StepPlace, Quantity, Quantity], Iterator[tuple[Formula, Quantity]]],
) -> Changes:
    """Wrong paths: pairs of a formula (true sign put on afterwards) and the quantity to talk about."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        path = _path(place)
        if path is None:
            return
        for formula, other in wrong(place, *path):
            yield WrongFormula(place.signed(formula), {"weight": path[0], "delta": path[1], "other": other})

    return changes


MISTAKES = Entries()


MISTAKES += [
    Mistake(
        "D01", "activation slope forgotten", OUTPUT, _made(lambda _, e, __: e),
        "the slope of the activation, {slope}, was not multiplied in.",
        "Which link lies between the unit's output y and its sum a?",
        source=(
            "The sigmoid's derivative is missing at the outputs "
            "(github.com/Bot-Academy/NeuralNetworkFromScratch/pull/3)"
        ),
        weight=2 * COMMON,
    ),
    Mistake(
        "D02", "slope of the loss forgotten", OUTPUT, _made(lambda _, __, s: s),
        "the slope of the loss, {loss_slope}, was not multiplied in.",
        "Where does the error enter?",
        source="The output was differentiated in place of the loss (stats.stackexchange.com/questions/188678)",
    ),
]  # fmt: skip


@MISTAKES.entry(
    "D03", "sign of the output delta", OUTPUT,
    "the sign is turned round.",
    "Which sign of δ does the sheet state?",
    source="δ₃ = y − ŷ in the text, ŷ − y in the code (github.com/dennybritz/nn-from-scratch/issues/11)",
    weight=COMMON,
)  # fmt: skip
def _sign(place: StepPlace) -> Iterator[WrongFormula]:
    if _is_delta(place):
        yield WrongFormula(-place.formula)


MISTAKES += [
    Mistake(
        "D04", "activation slope twice", OUTPUT, _made(lambda _, e, s: product([e, s, s])),
        "the slope {slope} was multiplied in twice.",
        "How often does the error pass through this unit's activation?",
    ),
]  # fmt: skip


@MISTAKES.entry(
    "D05", "loss in place of its slope", OUTPUT,
    "the loss {loss} was used where its slope {loss_slope} belongs.",
    "Which derivative starts the chain?",
)  # fmt: skip
def _loss_for_slope(place: StepPlace) -> Iterator[WrongFormula]:
    chain = _chain(place)
    if chain is not None and place.q.unit in place.net.outputs:
        for q in (loss(), loss(place.q.unit)):
            if place.knows(q):
                yield WrongFormula(place.swapped({chain[0]: q}), {"loss": q, "loss_slope": chain[0]})


@MISTAKES.entry(
    "D06", "another unit's slope", OUTPUT,
    "{other} belongs to another unit; this one's slope is {slope}.",
    "Whose slope did you put in?",
)  # fmt: skip
def _other_slope(place: StepPlace) -> Iterator[WrongFormula]:
    chain = _chain(place)
    if chain is None:
        return
    for unit in place.net.computing:
        other = activation_slope(unit)
        if unit != place.q.unit and place.knows(other):
            yield WrongFormula(place.swapped({chain[1]: other}), {"other": other, "slope": chain[1]})


@MISTAKES.entry(
    "D07", "another output's error", OUTPUT,
    "{other} belongs to another output; this one's is {loss_slope}.",
    "Whose error did you put in?",
)  # fmt: skip
def _other_loss_slope(place: StepPlace) -> Iterator[WrongFormula]:
    chain = _chain(place)
    if chain is None:
        return
    for unit in place.others:
        other = loss_slope(unit)
        yield WrongFormula(place.swapped({chain[0]: other}), {"other": other, "loss_slope": chain[0]})


MISTAKES += [
    Mistake(
        "D08", "factors added", OUTPUT, _made(lambda _, e, s: e + s),
        "the two slopes were added; along a chain they are multiplied.",
        "How do links of a chain combine?",
    ),
    Mistake(
        "D09", "activation in place of its slope", OUTPUT, _made(lambda p, e, _: product([e, Symbol(y(p.q.unit))])),
        "{out} was multiplied in where its slope {slope} belongs.",
        "Value or slope: which one does the chain rule ask for?",
        weight=COMMON,
    ),
    Mistake(
        "D10", "sum in place of the slope", OUTPUT, _made(lambda p, e, _: product([e, Symbol(a(p.q.unit))])),
        "the pre-activation was multiplied in where the slope {slope} belongs.",
        "Value or slope: which one does the chain rule ask for?",
    ),
]  # fmt: skip


def _one_minus(place: StepPlace, e: Formula, _: Formula) -> Formula:
    return product([e, 1 - Symbol(y(place.q.unit))])


MISTAKES += [
    Mistake(
        "D11", "only 1 − y", OUTPUT, _made(_one_minus, {"sigmoid"}),
        "1 − {out} was multiplied in; the slope {slope} has one more factor.",
        "How many factors has the slope?",
        source="A slope 1·(1 − output) (github.com/neuroph/neuroph/issues/37)",
    ),
]  # fmt: skip


@MISTAKES.entry(
    "D12", "cross-entropy given an extra slope", OUTPUT,
    "{out} − {target} was multiplied by a slope; with this loss {out} − {target} is the whole derivative by a already.",
    "What is left of the slope after the loss has been differentiated?",
    source=(
        "A reader asks for σ′ in the delta of a cross-entropy "
        "(github.com/rasbt/python-machine-learning-book-2nd-edition/issues/54)"
    ),
    weight=COMMON,
)  # fmt: skip
def _collapsed_with_slope(place: StepPlace) -> Iterator[WrongFormula]:
    """(y − t)·s where the loss has already cancelled s."""
    if not _is_delta(place) or "entropy" not in place.net.loss or place.q.unit not in place.net.outputs:
        return
    out, target = Symbol(y(place.q.unit)), Symbol(t(place.q.unit))
    yield WrongFormula(place.signed(product([out - target, out, 1 - out])), {"out": out, "target": target})


@MISTAKES.entry(
    "D13", "only the diagonal of softmax", OUTPUT,
    "only the output's own term is there; through a softmax each sum moves every output.",
    "Which outputs change when this sum changes?",
    source="Derived by hand with ∂oⱼ/∂zⱼ alone (stats.stackexchange.com/questions/235528)",
    weight=COMMON,
)  # fmt: skip
@_softmax
def _diagonal(place: StepPlace, out: Formula, _: Formula) -> Formula:
    return product([Symbol(loss_slope(place.q.unit)), out, 1 - out])


MISTAKES += [
    Mistake(
        "D14", "target taken as 1", OUTPUT, _softmax(lambda _, o, __: o - 1),
        "the target was taken as 1; here it is {target}.",
        "Which target belongs to this output?",
        weight=COMMON,
    ),
    Mistake(
        "D15", "slope of the loss kept", OUTPUT, _softmax(lambda p, _, __: Symbol(loss_slope(p.q.unit))),
        "only {loss_slope} is there; the way through the softmax is missing.",
        "Which link lies between y and a?",
        source="The gradient by y was copied as the gradient by a softmax's input (github.com/pjreddie/darknet/pull/96)",
        weight=COMMON,
    ),
    Mistake(
        "D16", "target left out", OUTPUT, _softmax(lambda _, o, __: o),
        "the target {target} was not taken away.",
        "How far is the output from the target?",
    ),
    Mistake(
        "D17", "slope divided by", OUTPUT, _made(lambda _, e, s: Quotient(e, s)),
        "the slope {slope} was divided by; a chain multiplies.",
        "How do links of a chain combine?",
        weight=RARE,
    ),
    Mistake(
        "H01", "activation slope forgotten", HIDDEN, _made(lambda _, e, __: e),
        "the slope of the activation, {slope}, was not multiplied in.",
        "Which link lies between the unit's output y and its sum a?",
        source=(
            "A known derivation whose deltas lack the activation's derivative "
            "(github.com/ujjwalkarn/Machine-Learning-Tutorials/pull/16)"
        ),
        weight=2 * COMMON,
    ),
    Mistake(
        "H02", "what comes back forgotten", HIDDEN, _made(lambda _, __, s: s),
        "{loss_slope}, which comes back from the next layer, was not multiplied in.",
        "What comes back from the next layer?",
        source=(
            "tanh_backward gave a slope alone; what comes back was not multiplied in "
            "(github.com/yizt/numpy_neural_network/issues/6)"
        ),
    ),
    Mistake(
        "H03", "sign of the hidden delta", HIDDEN, _sign,
        "the sign is turned round on the way back.",
        "Does your δ have the same convention of sign in both layers?",
        weight=COMMON,
    ),
    Mistake(
        "H04", "activation slope twice", HIDDEN, _made(lambda _, e, s: product([e, s, s])),
        "the slope {slope} was multiplied in twice.",
        "How often does the error pass through this unit's activation?",
    ),
    Mistake(
        "H05", "slope of the next layer's unit", HIDDEN, lambda p: _downstream_slope(p, again=False),
        "{other} is the slope at {other_out}, one layer further on; this line takes {slope}.",
        "Through whose activation does the error pass at this step?",
        source=(
            "The activation function of the next layer was differentiated "
            "(github.com/jeffheaton/encog-java-core/issues/243)"
        ),
        weight=COMMON,
    ),
    Mistake(
        "H06", "slope of the next layer's unit once more", HIDDEN, lambda p: _downstream_slope(p, again=True),
        "{other} was multiplied in once more; the δ that comes back along this path has it already.",
        "What is already inside the δ that comes back?",
        weight=COMMON,
    ),
    Mistake(
        "H07", "another unit's slope", HIDDEN, _other_slope,
        "{other} belongs to another unit; this one's slope is {slope}.",
        "Whose slope did you put in?",
    ),
    Mistake(
        "H08", "another unit's share", HIDDEN, _other_loss_slope,
        "{other} belongs to another unit; this one's is {loss_slope}.",
        "Whose share of the error did you put in?",
    ),
    Mistake(
        "H09", "activation in place of its slope", HIDDEN, _made(lambda p, e, _: product([e, Symbol(y(p.q.unit))])),
        "{out} was multiplied in where its slope {slope} belongs.",
        "Value or slope: which one does the chain rule ask for?",
        weight=COMMON,
    ),
    Mistake(
        "H10", "sum in place of the slope", HIDDEN, _made(lambda p, e, _: product([e, Symbol(a(p.q.unit))])),
        "the pre-activation was multiplied in where the slope {slope} belongs.",
        "Value or slope: which one does the chain rule ask for?",
    ),
]  # fmt: skip


@MISTAKES.entry(
    "H11", "slope on one path only", HIDDEN,
    "the slope {slope} was multiplied into {path} only; it belongs to the whole sum.",
    "Which paths run through this unit's activation?",
)  # fmt: skip
def _slope_on_one_path(place: StepPlace) -> Iterator[WrongFormula]:
    chain, downstream = _chain(place), place.net.downstream(place.q.unit)
    if chain is None or len(downstream) < 2:  # noqa: PLR2004 - one path has no other
        return
    for k in downstream:
        parts: list[Formula] = []
        for m in downstream:
            path = Symbol(loss_slope(place.q.unit, via=m))
            parts.append(product([Symbol(chain[1]), path]) if m == k else path)
        yield WrongFormula(
            place.signed(total(parts)), {"slope": chain[1], "path": loss_slope(place.q.unit, via=k)}
        )


@MISTAKES.entry(
    "H12", "weight left out of the delta", HIDDEN,
    "the weights on the way back, such as {weight}, are missing.",
    "What does the error pass on its way back to this unit?",
    source="delta_hidden = error · slope, the weighted error being left unused (whosebug.com/question/2948401)",
)  # fmt: skip
def _next_delta(place: StepPlace) -> Iterator[WrongFormula]:
    """The delta downstream times the own slope, the weight left out: one path only."""
    chain, downstream = _chain(place), place.net.downstream(place.q.unit)
    if chain is not None and downstream:
        summed = total([Symbol(delta(k)) for k in downstream])
        yield WrongFormula(
            product([summed, Symbol(chain[1])]), {"weight": weight(place.q.unit, downstream[0])}
        )


MISTAKES += [
    Mistake(
        "H13", "factors added", HIDDEN, _made(lambda _, e, s: e + s),
        "the two slopes were added; along a chain they are multiplied.",
        "How do links of a chain combine?",
    ),
    Mistake(
        "H14", "only 1 − y", HIDDEN, _made(_one_minus, {"sigmoid"}),
        "1 − {out} was multiplied in; the slope {slope} has one more factor.",
        "How many factors has the slope?",
    ),
]  # fmt: skip


@MISTAKES.entry(
    "H20", "updated weight on the way back", HIDDEN,
    "the updated {other} was used; the error runs back over the old {weight}.",
    "Which weights made the prediction whose error you send back?",
    source="A paper's worked example sends the error back over the new weights (stackoverflow.com/questions/6013429)",
    weight=COMMON,
)  # fmt: skip
@_on_path
def _new_weight(_: StepPlace, w: Quantity, d: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    yield product([Symbol(w.after_update()), Symbol(d)]), w.after_update()


@MISTAKES.entry(
    "H21", "weight left out", HIDDEN,
    "the weight {weight} was not multiplied in.",
    "What does the error pass on its way back along the arrow?",
    source="Worked by hand, w₂ and w₄ missing on the way back (math.stackexchange.com/questions/3048198)",
    weight=COMMON,
)  # fmt: skip
@_on_path
def _no_weight(_: StepPlace, w: Quantity, d: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    yield Symbol(d), w


@MISTAKES.entry(
    "H22", "delta left out", HIDDEN,
    "only the weight {weight} is there; {delta}, which comes back along it, is missing.",
    "What runs back along the arrow?",
)  # fmt: skip
@_on_path
def _no_delta(_: StepPlace, w: Quantity, d: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    yield Symbol(w), d


@MISTAKES.entry(
    "H23", "error sent back without its slope", HIDDEN,
    "{other} was sent back where {delta} belongs: the slope of the next layer's activation is missing in it.",
    "Which quantity of the next unit is sent back?",
    source="Wᵀ · error sent back, without the slope: which one is right? (stackoverflow.com/questions/53287032)",
    weight=COMMON,
)  # fmt: skip
@_on_path
def _error_for_delta(place: StepPlace, w: Quantity, d: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    error = loss_slope(d.unit)
    if place.knows(error):
        yield place.signed(product([Symbol(w), Symbol(error)])), error


@MISTAKES.entry(
    "H24", "weight of another arrow", HIDDEN,
    "{other} lies on another arrow; the way back runs over {weight}.",
    "Which arrow joins these two units?",
    weight=COMMON,
)  # fmt: skip
@_on_path
def _other_weight(place: StepPlace, w: Quantity, d: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    for source in place.net.upstream(w.unit):
        if source != w.source:
            other = weight(source, w.unit)
            yield product([Symbol(other), Symbol(d)]), other
    for unit in place.net.downstream(w.source):
        if unit != w.unit:
            other = weight(w.source, unit)
            yield product([Symbol(other), Symbol(d)]), other


@MISTAKES.entry(
    "H25", "weights transposed on the way back", HIDDEN,
    "{other} lies at the mirrored place; the way back runs over {weight}.",
    "Which arrow joins these two units?",
    source=(
        "A reader sees no reason to transpose W on the way back "
        "(github.com/makeyourownneuralnetwork/makeyourownneuralnetwork/issues/77)"
    ),
)  # fmt: skip
@_on_path
def _transposed_weight(place: StepPlace, w: Quantity, d: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    sources, units = place.net.upstream(w.unit), place.net.downstream(w.source)
    if len(sources) == len(units) > 1:
        other = weight(sources[units.index(w.unit)], units[sources.index(w.source)])
        if other != w:
            yield product([Symbol(other), Symbol(d)]), other


@MISTAKES.entry(
    "H26", "incoming weight used", HIDDEN,
    "{other} leads into the hidden unit; the error comes back over {weight}, which leads out of it.",
    "Over which arrow does the error come back?",
    source="Weights of the own layer or of the next: read both ways (ai.stackexchange.com/questions/42884)",
    weight=COMMON,
)  # fmt: skip
@_on_path
def _incoming_weight(place: StepPlace, w: Quantity, d: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    for source in place.net.upstream(w.source):
        other = weight(source, w.source)
        yield product([Symbol(other), Symbol(d)]), other


@MISTAKES.entry(
    "H27", "another unit's delta", HIDDEN,
    "{other} belongs to another unit; over {weight} comes {delta}.",
    "Whose δ comes back over this arrow?",
)  # fmt: skip
@_on_path
def _other_delta(place: StepPlace, w: Quantity, d: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    for unit in place.net.computing:
        if unit not in (d.unit, w.source):
            yield product([Symbol(w), Symbol(delta(unit))]), delta(unit)


@MISTAKES.entry(
    "H28", "activation in place of the weight", HIDDEN,
    "{other} was multiplied in where the weight {weight} belongs; that product is a gradient.",
    "What is the derivative of the next sum by this unit's output?",
)  # fmt: skip
@_on_path
def _times_activation(_: StepPlace, w: Quantity, d: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    yield product([Symbol(y(w.source)), Symbol(d)]), y(w.source)


@MISTAKES.entry(
    "H29", "slope of the next unit once more", HIDDEN,
    "{other} was multiplied in once more; it is already in {delta}.",
    "What is already inside the δ that comes back?",
    source="W · δ · y(1 − y) of the output again, in NeuralNet3LayerSigmoid (csharp.hotexamples.com, MatrixD.ByRows)",
    weight=COMMON,
)  # fmt: skip
@_on_path
def _slope_again(place: StepPlace, w: Quantity, d: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    other = activation_slope(d.unit)
    if place.knows(other):
        yield product([Symbol(w), Symbol(d), Symbol(other)]), other


@MISTAKES.entry(
    "H30", "own slope too early", HIDDEN,
    "the slope {other} was multiplied in here; it belongs to the δ of this unit.",
    "Is this line about y or about a?",
)  # fmt: skip
@_on_path
def _own_slope_early(place: StepPlace, w: Quantity, d: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    other = activation_slope(w.source)
    if place.knows(other):
        yield product([Symbol(w), Symbol(d), Symbol(other)]), other


@MISTAKES.entry(
    "H31", "sign on the way back", HIDDEN,
    "the sign is turned round.",
    "Which sign has a δ against the true gradient in the stated convention?",
    weight=COMMON,
)  # fmt: skip
def _path_sign(place: StepPlace) -> Iterator[WrongFormula]:
    if _path(place) is not None or _paths(place):
        yield WrongFormula(-place.formula)


@MISTAKES.entry(
    "H32", "weight and delta added", HIDDEN,
    "{weight} and {delta} were added; along an arrow they are multiplied.",
    "How do links of a chain combine?",
    weight=RARE,
)  # fmt: skip
@_on_path
def _weight_plus_delta(_: StepPlace, w: Quantity, d: Quantity) -> Iterator[tuple[Formula, Quantity]]:
    yield Symbol(w) + Symbol(d), d


@MISTAKES.entry(
    "H33", "a path left out", HIDDEN,
    "the path {missing} is missing from the sum.",
    "How many arrows lead out of this unit?",
    source="A worked example goes back through one node, not all (github.com/prakashjayy/medium_blogs/issues/2)",
    weight=2 * COMMON,
)  # fmt: skip
def _one_path(place: StepPlace) -> Iterator[WrongFormula]:
    parts = _paths(place)
    for i, part in enumerate(parts):
        rest = [p for j, p in enumerate(parts) if j != i]
        yield WrongFormula(total(rest), {"missing": part})


@MISTAKES.entry(
    "H34", "a path subtracted", HIDDEN,
    "the path {path} was subtracted; all paths are added.",
    "How do several paths combine?",
)  # fmt: skip
def _path_subtracted(place: StepPlace) -> Iterator[WrongFormula]:
    parts = _paths(place)
    for i, part in enumerate(parts):
        yield WrongFormula(total([-p if j == i else p for j, p in enumerate(parts)]), {"path": part})


@MISTAKES.entry(
    "H35", "a path counted twice", HIDDEN,
    "the path {path} was counted twice.",
    "How often does each path enter the sum?",
    source="A gradient sent on once more for each path: 7 for 6 (github.com/sebgao/cTensor/issues/5)",
)  # fmt: skip
def _path_twice(place: StepPlace) -> Iterator[WrongFormula]:
    for part in _paths(place):
        yield WrongFormula(place.formula + part, {"path": part})


@MISTAKES.entry(
    "H36", "paths averaged", HIDDEN,
    "the sum over the paths was divided by {count}; paths are added, not averaged.",
    "Sum or mean: how do several paths combine?",
    source="Notes average over a batch what reaches a bias, where it is summed (github.com/kvfrans/notes/issues/5)",
    weight=COMMON,
)  # fmt: skip
def _paths_averaged(place: StepPlace) -> Iterator[WrongFormula]:
    parts = _paths(place)
    if parts:
        yield WrongFormula(Quotient(place.formula, as_formula(len(parts))), {"count": str(len(parts))})


@MISTAKES.entry(
    "H37", "paths multiplied", HIDDEN,
    "the paths were multiplied with each other; they are added.",
    "How do several paths combine?",
)  # fmt: skip
def _paths_multiplied(place: StepPlace) -> Iterator[WrongFormula]:
    parts = _paths(place)
    if parts:
        yield WrongFormula(product(parts))


@MISTAKES.entry(
    "H38", "sum of weights times sum of deltas", HIDDEN,
    "weights and deltas were added up separately; each δ goes with its own weight first.",
    "Which weight belongs to which δ?",
    weight=RARE,
)  # fmt: skip
def _sums_multiplied(place: StepPlace) -> Iterator[WrongFormula]:
    parts, downstream = _paths(place), place.net.downstream(place.q.unit)
    if parts:
        weights = total([Symbol(weight(place.q.unit, k)) for k in downstream])
        deltas = total([Symbol(delta(k)) for k in downstream])
        yield WrongFormula(place.signed(product([weights, deltas])))
