"""Mistakes in a = Σ W·o + b, before and after the update."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from exercises.formulas.formula import ONE, Quotient, Symbol, as_formula, product, total
from exercises.formulas.quantity import Link, Quantity, QuantityKind, a, weight, x
from grader.mistakes.base import COMMON, RARE, Entries, StepPlace, WrongFormula, kinds, terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.formulas.formula import Formula

LINK = Link.WEIGHTED_SUM


def _bias(place: StepPlace) -> list[Quantity]:
    return kinds(place.formula, QuantityKind.BIAS)


def _products(place: StepPlace) -> list[Formula]:
    return [
        t
        for t in terms(place.formula)
        if not (isinstance(t, Symbol) and t.quantity.kind is QuantityKind.BIAS)
    ]


def _weight_in(place: StepPlace, source: int) -> Quantity:
    q = weight(source, place.q.unit)
    return q.after_update() if place.q.updated else q


MISTAKES = Entries()


@MISTAKES.entry(
    "A01", "bias forgotten", LINK,
    "the bias {bias} is not in the sum.",
    "Count the terms of the sum: is everything there that flows into the unit?",
    source=(
        "The formula of the net input lacks the bias, an erratum "
        "(github.com/rasbt/machine-learning-book/issues/100)"
    ),
    weight=COMMON,
)  # fmt: skip
def _without_bias(place: StepPlace) -> Iterator[WrongFormula]:
    for b in _bias(place):
        yield WrongFormula(total(_products(place)), {"bias": b})


@MISTAKES.entry(
    "A02", "bias subtracted", LINK,
    "the bias {bias} was subtracted; it is added, with its own sign.",
    "Look at the sign before the bias.",
)  # fmt: skip
def _minus_bias(place: StepPlace) -> Iterator[WrongFormula]:
    for b in _bias(place):
        yield WrongFormula(total([*_products(place), -Symbol(b)]), {"bias": b})


@MISTAKES.entry(
    "A03", "another unit's bias", LINK,
    "the bias {other} belongs to another unit; this unit's is {bias}.",
    "Check whose bias you added.",
)  # fmt: skip
def _other_bias(place: StepPlace) -> Iterator[WrongFormula]:
    for b in _bias(place):
        for unit in place.net.computing:
            other = Quantity(QuantityKind.BIAS, unit, updated=b.updated)
            if unit != place.q.unit:
                yield WrongFormula(place.swapped({b: other}), {"bias": b, "other": other})


@MISTAKES.entry(
    "A04", "weights transposed", LINK,
    "rows and columns of the weights are exchanged; the weight with indices i, j leads from i to j.",
    "Follow each arrow into this unit in the diagram and read its weight there.",
    source="A tutorial's own code listings: W1 @ X with the text's matrix gives z = 0.52, 0.33 for 0.44, 0.38",
    weight=COMMON,
)  # fmt: skip
def _transposed(place: StepPlace) -> Iterator[WrongFormula]:
    sources, layer = place.net.upstream(place.q.unit), place.layer
    if len(sources) != len(layer) or len(layer) == 1:
        return
    column = layer.index(place.q.unit)
    swap = {}
    for row, source in enumerate(sources):
        q = _weight_in(place, source)
        swap[q] = Quantity(QuantityKind.WEIGHT, layer[row], sources[column], updated=q.updated)
    yield WrongFormula(place.swapped(swap))


@MISTAKES.entry(
    "A05", "inputs swapped", LINK,
    "{one} and {two} stand in each other's places.",
    "Does each weight meet the unit that it comes from?",
    weight=COMMON,
)  # fmt: skip
def _inputs_swapped(place: StepPlace) -> Iterator[WrongFormula]:
    for i, j in combinations(place.net.upstream(place.q.unit), 2):
        one, two = place.output_of(i), place.output_of(j)
        yield WrongFormula(place.swapped({one: two, two: one}), {"one": one, "two": two})


@MISTAKES.entry(
    "A06", "a term left out of the sum", LINK,
    "the term {term} is missing from the sum.",
    "Count the arrows that lead into this unit, and the terms of your sum.",
    weight=COMMON,
)  # fmt: skip
def _term_left_out(place: StepPlace) -> Iterator[WrongFormula]:
    products = _products(place)
    if len(products) < 2:  # noqa: PLR2004 - nothing would be left
        return
    for term in products:
        rest = [t for t in terms(place.formula) if t is not term]
        yield WrongFormula(total(rest), {"term": term})


@MISTAKES.entry(
    "A07", "activation skipped upstream", LINK,
    "pre-activations such as {fed} were fed on; this sum takes activations such as {should}.",
    "What does a unit send on: its sum, or what its activation makes of it?",
    source=(
        "computeZ fed the sums z of the layer before on, not its activations "
        "(github.com/deeplearning4j/deeplearning4j/issues/3191)"
    ),
    weight=COMMON,
)  # fmt: skip
def _activation_skipped(place: StepPlace) -> Iterator[WrongFormula]:
    fed = [u for u in place.net.upstream(place.q.unit) if u not in place.net.inputs]
    if not fed:
        return
    swap = {place.output_of(u): place.at(a(u)) for u in fed}
    yield WrongFormula(place.swapped(swap), {"fed": place.at(a(fed[0])), "should": place.output_of(fed[0])})


@MISTAKES.entry(
    "A08", "inputs fed past the hidden layer", LINK,
    "the network's inputs were used where this layer takes what the layer before gives, such as {should}.",
    "From which layer do the arrows into this unit come?",
)  # fmt: skip
def _raw_inputs(place: StepPlace) -> Iterator[WrongFormula]:
    upstream = place.net.upstream(place.q.unit)
    if upstream == place.net.inputs or len(upstream) != len(place.net.inputs):
        return
    swap = {place.output_of(u): x(i) for u, i in zip(upstream, place.net.inputs, strict=True)}
    yield WrongFormula(place.swapped(swap), {"should": place.output_of(upstream[0])})


@MISTAKES.entry(
    "A09", "bias multiplied by an input", LINK,
    "the bias {bias} was multiplied by {input}; a bias is added as it is.",
    "What does a bias multiply?",
    weight=RARE,
)  # fmt: skip
def _bias_times_input(place: StepPlace) -> Iterator[WrongFormula]:
    for b in _bias(place):
        for source in place.net.upstream(place.q.unit):
            fed = place.output_of(source)
            changed = total([*_products(place), product([Symbol(b), Symbol(fed)])])
            yield WrongFormula(changed, {"bias": b, "input": fed})


@MISTAKES.entry(
    "A10", "another unit's weights", LINK,
    "the weights are those that lead to {other}.",
    "Check the second index of each weight.",
)  # fmt: skip
def _other_row(place: StepPlace) -> Iterator[WrongFormula]:
    for other in place.others:
        swap = {
            q: Quantity(QuantityKind.WEIGHT, other, q.source, updated=q.updated)
            for q in kinds(place.formula, QuantityKind.WEIGHT)
        }
        yield WrongFormula(place.swapped(swap), {"other": place.at(a(other))})


@MISTAKES.entry(
    "A11", "a term subtracted", LINK,
    "the term {term} was taken with the wrong sign.",
    "Check the sign of each term.",
)  # fmt: skip
def _term_subtracted(place: StepPlace) -> Iterator[WrongFormula]:
    for term in _products(place):
        changed = [-t if t is term else t for t in terms(place.formula)]
        yield WrongFormula(total(changed), {"term": term})


@MISTAKES.entry(
    "A12", "weights left out", LINK,
    "the inputs were added up without their weights.",
    "What does each arrow do to the number that runs along it?",
    weight=RARE,
)  # fmt: skip
def _weights_left_out(place: StepPlace) -> Iterator[WrongFormula]:
    fed: list[Formula] = [Symbol(place.output_of(u)) for u in place.net.upstream(place.q.unit)]
    yield WrongFormula(total([*fed, *(Symbol(b) for b in _bias(place))]))


@MISTAKES.entry(
    "A13", "inputs left out", LINK,
    "the weights were added up without the numbers that they multiply.",
    "What runs along each arrow?",
    weight=RARE,
)  # fmt: skip
def _inputs_left_out(place: StepPlace) -> Iterator[WrongFormula]:
    yield WrongFormula(
        total(
            [Symbol(q) for q in kinds(place.formula, QuantityKind.WEIGHT)] + [Symbol(b) for b in _bias(place)]
        )
    )


@MISTAKES.entry(
    "A14", "sum divided by the number of inputs", LINK,
    "the sum was divided by {count}; a unit adds, it does not average.",
    "Is there a division in a weighted sum?",
    weight=RARE,
)  # fmt: skip
def _averaged(place: StepPlace) -> Iterator[WrongFormula]:
    count = len(_products(place))
    if count > 1:
        yield WrongFormula(Quotient(place.formula, as_formula(count)), {"count": str(count)})


@MISTAKES.entry(
    "A15", "bias added twice", LINK,
    "the bias {bias} was added twice.",
    "How often does the bias enter the sum?",
    weight=RARE,
)  # fmt: skip
def _twice_bias(place: StepPlace) -> Iterator[WrongFormula]:
    for b in _bias(place):
        yield WrongFormula(place.formula + Symbol(b), {"bias": b})


@MISTAKES.entry(
    "A16", "one product only", LINK,
    "only {term} is there; the other terms and the bias are missing.",
    "Count the terms of the sum.",
    weight=RARE,
)  # fmt: skip
def _one_input_only(place: StepPlace) -> Iterator[WrongFormula]:
    if _bias(place):
        for term in _products(place):
            yield WrongFormula(term, {"term": term})


@MISTAKES.entry(
    "A17", "weight and input added", LINK,
    "weights and inputs were added where each weight multiplies its input.",
    "What does a weight do with its input?",
    weight=RARE,
)  # fmt: skip
def _factors_added(place: StepPlace) -> Iterator[WrongFormula]:
    parts: list[Formula] = []
    for unit in place.net.upstream(place.q.unit):
        parts += [Symbol(_weight_in(place, unit)), Symbol(place.output_of(unit))]
    yield WrongFormula(total([*parts, *(Symbol(b) for b in _bias(place))]))


@MISTAKES.entry(
    "A18", "bias taken as 1", LINK,
    "1 was added in place of the bias {bias}.",
    "Which number stands at this unit as its bias?",
    source="A reader took the bias for the constant 1 that only feeds it (github.com/brohrer/cottonwood/issues/8)",
    weight=RARE,
)  # fmt: skip
def _bias_as_one(place: StepPlace) -> Iterator[WrongFormula]:
    for b in _bias(place):
        yield WrongFormula(total([*_products(place), ONE]), {"bias": b})


@MISTAKES.entry(
    "A19", "weights one place along", LINK,
    "{first} was multiplied by {input}: weights and bias stand one place along.",
    "Which weight leads from which unit?",
    weight=RARE,
)  # fmt: skip
def _one_place_along(place: StepPlace) -> Iterator[WrongFormula]:
    """As where one takes the bias for the first weight and the other for the last."""
    fed = [place.output_of(u) for u in place.net.upstream(place.q.unit)]
    own = [_weight_in(place, u) for u in place.net.upstream(place.q.unit)] + _bias(place)
    if not _bias(place) or len(own) != len(fed) + 1:
        return
    for moved in ([*own[1:], own[0]], [own[-1], *own[:-1]]):
        parts = [product([Symbol(w), Symbol(o)]) for w, o in zip(moved, fed, strict=False)]
        yield WrongFormula(total([*parts, Symbol(moved[-1])]), {"first": moved[0], "input": fed[0]})


@MISTAKES.entry(
    "C01", "old parameters in the check run", LINK,
    "the weights from before the update were used, such as {old}; the check run takes {new}.",
    "Which weights hold after the update?",
    weight=COMMON,
)  # fmt: skip
def _old_weights(place: StepPlace) -> Iterator[WrongFormula]:
    if not place.q.updated:
        return
    olds = {
        q: q.before_update()
        for kind in (QuantityKind.WEIGHT, QuantityKind.BIAS)
        for q in kinds(place.formula, kind)
        if q.updated
    }
    if olds:
        yield WrongFormula(place.swapped(olds), {"old": next(iter(olds.values())), "new": next(iter(olds))})


@MISTAKES.entry(
    "C02", "old bias in the check run", LINK,
    "the old {old} was used; the check run takes {new}.",
    "Has the bias been updated too?",
    source=(
        "The example never updates its biases, so every later run keeps the old ones "
        "(github.com/mattm/simple-neural-network/issues/5)"
    ),
)  # fmt: skip
def _old_bias(place: StepPlace) -> Iterator[WrongFormula]:
    for b in _bias(place):
        if b.updated:
            yield WrongFormula(place.swapped({b: b.before_update()}), {"old": b.before_update(), "new": b})


@MISTAKES.entry(
    "C03", "old activations with new weights", LINK,
    "activations from before the update, such as {old}, stand beside the new weights; the check run goes on with {new}.",
    "Which hidden activations belong to the second run?",
    weight=COMMON,
)  # fmt: skip
def _old_activations(place: StepPlace) -> Iterator[WrongFormula]:
    olds = {q: q.before_update() for q in kinds(place.formula, QuantityKind.ACTIVATION) if q.updated}
    if olds:
        yield WrongFormula(place.swapped(olds), {"old": next(iter(olds.values())), "new": next(iter(olds))})


@MISTAKES.entry(
    "C07", "old and new parameters mixed", LINK,
    "values from before the update, such as {old}, were used beside new ones; the check run takes {new}.",
    "Have all the weights been updated?",
)  # fmt: skip
def _some_old(place: StepPlace) -> Iterator[WrongFormula]:
    """Old parameters beside new ones, in every mixture that has at least one old weight and one new."""
    new = [
        q
        for kind in (QuantityKind.WEIGHT, QuantityKind.BIAS)
        for q in kinds(place.formula, kind)
        if q.updated
    ]
    for count in range(1, min(len(new), 4)):
        for chosen in combinations(new, count):
            if chosen[0].kind is QuantityKind.WEIGHT:
                swap = {q: q.before_update() for q in chosen}
                yield WrongFormula(place.swapped(swap), {"old": swap[chosen[0]], "new": chosen[0]})


@MISTAKES.entry(
    "C04", "old parameters in the check run", LINK,
    "the value from before the update stands here.",
    "Has anything that flows into this unit changed?",
)  # fmt: skip
def _all_old(place: StepPlace) -> Iterator[WrongFormula]:
    if place.q.updated:
        yield WrongFormula(Symbol(place.q.before_update()), {"old": place.q.before_update()})
