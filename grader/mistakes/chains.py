"""Mistakes in the chain of one weight, link by link, and in how much of δ is left."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from exercises.formulas.formula import (
    ONE,
    Formula,
    Number,
    Product,
    Quotient,
    Sum,
    Symbol,
    leaves,
    product,
    replace_symbols,
    total,
)
from exercises.formulas.quantity import Link, Quantity, QuantityKind, delta, weight, y
from grader.mistakes.base import COMMON, RARE, Entries, Mistake, StepPlace, WrongFormula

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from grader.mistakes.base import Changes


def _at(
    kind: QuantityKind, wrong: Callable[[StepPlace], Iterable[tuple[Formula, Quantity | Formula]]]
) -> Changes:
    """Wrong formulas for lines of one kind, each with what the sentence speaks of."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        if place.q.kind is kind:
            for formula, other in wrong(place):
                yield WrongFormula(formula, {"other": other, "right": place.formula, "link": place.q})

    return changes


def _in_chain(wrong: Callable[[StepPlace], Iterable[tuple[Formula, Quantity | Formula]]]) -> Changes:
    """Wrong products of a chain: gradients made of local derivatives."""

    def changes(place: StepPlace) -> Iterator[WrongFormula]:
        kinds = {q.kind for q in leaves(place.formula)}
        if place.q.kind is QuantityKind.WEIGHT_GRADIENT and QuantityKind.SUM_BY_WEIGHT in kinds:
            for formula, other in wrong(place):
                yield WrongFormula(formula, {"other": other})

    return changes


def _links(place: StepPlace, *kinds: QuantityKind) -> list[Quantity]:
    return [q for q in dict.fromkeys(leaves(place.formula)) if q.kind in kinds]


def _left_out(*kinds: QuantityKind) -> Changes:
    """A link of some kind left out: taken as 1."""

    def wrong(place: StepPlace) -> Iterator[tuple[Formula, Quantity]]:
        for q in _links(place, *kinds):
            yield replace_symbols(place.formula, {q: ONE}), q

    return _in_chain(wrong)


def _sums(formula: Formula) -> tuple[list[Formula], Sum | None]:
    """The factors of a chain, and the sum over its paths, if it has one."""
    factors = list(formula.factors) if isinstance(formula, Product) else [formula]
    return factors, next((f for f in factors if isinstance(f, Sum)), None)


def _of_paths(wrong: Callable[[Sum], Iterable[tuple[Formula, Formula]]]) -> Changes:
    """Wrong ways to join the paths of a chain."""

    def found(place: StepPlace) -> Iterator[tuple[Formula, Formula]]:
        factors, paths = _sums(place.formula)
        if paths is not None:
            for joined, other in wrong(paths):
                yield product([joined if f is paths else f for f in factors]), other

    return _in_chain(found)


_CHAIN, _TWO, _DEEP = "chain", "two-paths", "vanishing"


MISTAKES = Entries()


def _output_for_weight(place: StepPlace) -> Iterator[tuple[Formula, Quantity]]:
    for q in (place.output_of(place.q.source), y(place.q.unit)):
        yield Symbol(q), q


MISTAKES += [
    Mistake(
        "K01", "activation for the weight", Link.HIDDEN_DELTA, _at(QuantityKind.SUM_SLOPE, _output_for_weight),
        "{other} was taken; the sum is differentiated by it, and what is left is its weight {right}.",
        "Write out the sum: what stands before the letter by which you differentiate?",
        weight=2 * COMMON, exercise=_CHAIN,
    ),
]  # fmt: skip


def _other_weight(place: StepPlace) -> Iterator[tuple[Formula, Quantity]]:
    own = weight(place.q.source, place.q.unit)
    for q in place.net.parameters():
        if q.kind is QuantityKind.WEIGHT and q != own:
            yield Symbol(q), q


MISTAKES += [
    Mistake(
        "K02", "weight of another arrow", Link.HIDDEN_DELTA, _at(QuantityKind.SUM_SLOPE, _other_weight),
        "{other} is on another arrow; this link runs along {right}.",
        "Along which arrow does this link run?",
        weight=COMMON, exercise=_CHAIN,
    ),
]  # fmt: skip


def _whole_term(place: StepPlace) -> Iterator[tuple[Formula, Quantity]]:
    fed = place.output_of(place.q.source)
    yield product([Symbol(weight(place.q.source, place.q.unit)), Symbol(fed)]), fed


MISTAKES += [
    Mistake(
        "K03", "whole term for its derivative", Link.HIDDEN_DELTA, _at(QuantityKind.SUM_SLOPE, _whole_term),
        "this is the term itself; differentiated by {other} it leaves {right}.",
        "Is this a value or a slope?",
        exercise=_CHAIN,
    ),
]  # fmt: skip


def _one(place: StepPlace) -> Iterator[tuple[Formula, Quantity]]:
    yield ONE, place.q


MISTAKES += [
    Mistake(
        "K04", "link taken as 1", Link.HIDDEN_DELTA, _at(QuantityKind.SUM_SLOPE, _one),
        "the link was taken as 1; the activation is multiplied by {right} on its way.",
        "What does the activation meet on its way into the sum?",
        weight=RARE, exercise=_CHAIN,
    ),
]  # fmt: skip


def _weight_itself(place: StepPlace) -> Iterator[tuple[Formula, Quantity]]:
    own = weight(place.q.source, place.q.unit)
    yield Symbol(own), own


MISTAKES += [
    Mistake(
        "K05", "the weight itself", Link.GRADIENT, _at(QuantityKind.SUM_BY_WEIGHT, _weight_itself),
        "{other} was taken; the sum is differentiated by it, and what is left is {right}.",
        "Write out the sum: what does the weight multiply there?",
        source="Rule of a beginner: error · slope · the weight itself (techfeed.net/es/468648)",
        weight=2 * COMMON, exercise=_CHAIN,
    ),
]  # fmt: skip


def _other_output(place: StepPlace) -> Iterator[tuple[Formula, Quantity]]:
    for unit in place.net.upstream(place.q.unit):
        if unit != place.q.source:
            yield Symbol(place.output_of(unit)), place.output_of(unit)


MISTAKES += [
    Mistake(
        "K06", "the neighbour upstream", Link.GRADIENT, _at(QuantityKind.SUM_BY_WEIGHT, _other_output),
        "{other} comes from the neighbouring unit; this weight multiplies {right}.",
        "Where does this arrow start?",
        weight=COMMON, exercise=_CHAIN,
    ),
]  # fmt: skip


MISTAKES += [
    Mistake(
        "K07", "whole term for its derivative", Link.GRADIENT, _at(QuantityKind.SUM_BY_WEIGHT, lambda p: (
            (product([Symbol(weight(p.q.source, p.q.unit)), p.formula]), weight(p.q.source, p.q.unit)),
        )),
        "this is the term itself; differentiated by {other} it leaves {right}.",
        "Is this a value or a slope?",
        exercise=_CHAIN,
    ),
    Mistake(
        "K08", "link taken as 1", Link.GRADIENT, _at(QuantityKind.SUM_BY_WEIGHT, _one),
        "the link was taken as 1, as for a bias; a weight multiplies {right}.",
        "What does this weight multiply in the forward pass?",
        exercise=_CHAIN,
    ),
]  # fmt: skip


def _wrong_end(place: StepPlace) -> Iterator[tuple[Formula, Quantity]]:
    yield Symbol(y(place.q.unit)), y(place.q.unit)


MISTAKES += [
    Mistake(
        "K09", "the activation downstream", Link.GRADIENT, _at(QuantityKind.SUM_BY_WEIGHT, _wrong_end),
        "{other} lies at the end of the arrow; this weight multiplies {right}, at its start.",
        "Where does this arrow start?",
        weight=COMMON, exercise=_CHAIN,
    ),
]  # fmt: skip


@MISTAKES.entry(
    "K20", "a path left out", Link.GRADIENT,
    "the path {other} is missing; every way from the weight to the loss counts.",
    "On how many ways does the weight reach the loss?",
    source=(
        "A reader cannot follow why there is a sum over the outputs "
        "(datascience.stackexchange.com/questions/62889)"
    ),
    weight=2 * COMMON, exercise=_TWO,
)  # fmt: skip
@_of_paths
def _one_path(paths: Sum) -> Iterator[tuple[Formula, Formula]]:
    for term in paths.terms:
        rest = [other for other in paths.terms if other is not term]
        yield total(rest), term


MISTAKES += [
    Mistake(
        "K21", "a slope left out of the chain", Link.GRADIENT, _left_out(QuantityKind.ACTIVATION_SLOPE),
        "the link {other}, through an activation, is missing.",
        "Name the links from E back to the weight: is every one there?",
        weight=2 * COMMON, exercise=_CHAIN,
    ),
    Mistake(
        "K22", "last link left out", Link.GRADIENT, _left_out(QuantityKind.SUM_BY_WEIGHT),
        "the chain ends too early: the link {other}, from the sum to the weight, is missing.",
        "Does the chain end at the weight?",
        weight=COMMON, exercise=_CHAIN,
    ),
    Mistake(
        "K23", "weight left out of the chain", Link.GRADIENT, _left_out(QuantityKind.SUM_SLOPE),
        "the link {other}, along an arrow, is missing.",
        "Name the links from E back to the weight: is every one there?",
        weight=COMMON, exercise=_CHAIN,
    ),
    Mistake(
        "K24", "slope of the loss left out", Link.GRADIENT, _left_out(QuantityKind.LOSS_SLOPE),
        "the first link {other} is missing.",
        "With what does the chain begin?",
        weight=COMMON, exercise=_CHAIN,
    ),
]  # fmt: skip


@MISTAKES.entry(
    "K25", "links added", Link.GRADIENT,
    "the links were added; along a path they are multiplied.",
    "How do links of a chain combine?",
    exercise=_CHAIN,
)  # fmt: skip
@_in_chain
def _added(place: StepPlace) -> Iterator[tuple[Formula, Quantity]]:
    links = list(dict.fromkeys(leaves(place.formula)))
    yield total([Symbol(q) for q in links]), place.q


@MISTAKES.entry(
    "K26", "weight for the last link", Link.GRADIENT,
    "{other} was multiplied in where the link from the sum to this weight belongs.",
    "Differentiate the sum by this weight: what is left?",
    weight=COMMON, exercise=_CHAIN,
)  # fmt: skip
@_in_chain
def _weight_for_last(place: StepPlace) -> Iterator[tuple[Formula, Quantity]]:
    own = weight(place.q.source, place.q.unit)
    for q in _links(place, QuantityKind.SUM_BY_WEIGHT):
        yield replace_symbols(place.formula, {q: Symbol(own)}), own


@MISTAKES.entry(
    "K27", "activation for a weight of the chain", Link.GRADIENT,
    "{other} was multiplied in where the weight on the arrow belongs.",
    "Along which arrow does each link run?",
    exercise=_CHAIN,
)  # fmt: skip
@_in_chain
def _activation_for_weight(place: StepPlace) -> Iterator[tuple[Formula, Quantity]]:
    for q in _links(place, QuantityKind.SUM_SLOPE):
        yield replace_symbols(place.formula, {q: Symbol(y(q.source))}), y(q.source)


@MISTAKES.entry(
    "K28", "paths averaged", Link.GRADIENT,
    "the paths were averaged; they are added.",
    "How do several paths combine?",
    exercise=_TWO,
)  # fmt: skip
@_of_paths
def _paths_averaged(paths: Sum) -> Iterator[tuple[Formula, Formula]]:
    yield product([Number(Fraction(1, len(paths.terms))), paths]), paths


@MISTAKES.entry(
    "K29", "paths multiplied", Link.GRADIENT,
    "the paths were multiplied; they are added.",
    "How do several paths combine?",
    exercise=_TWO,
)  # fmt: skip
@_of_paths
def _paths_multiplied(paths: Sum) -> Iterator[tuple[Formula, Formula]]:
    yield product(list(paths.terms)), paths


@MISTAKES.entry(
    "K30", "a path subtracted", Link.GRADIENT,
    "the path {other} was subtracted; paths are added, each with its own sign.",
    "How do several paths combine?",
    exercise=_TWO,
)  # fmt: skip
@_of_paths
def _path_subtracted(paths: Sum) -> Iterator[tuple[Formula, Formula]]:
    for term in paths.terms[1:]:
        yield total([-t if t is term else t for t in paths.terms]), term


@MISTAKES.entry(
    "K31", "common links on one path only", Link.GRADIENT,
    "what both paths share was multiplied into {other} only.",
    "Which links does each path run through?",
    exercise=_TWO,
)  # fmt: skip
@_in_chain
def _common_on_one_path(place: StepPlace) -> Iterator[tuple[Formula, Formula]]:
    factors, paths = _sums(place.formula)
    if paths is None:
        return
    rest = [f for f in factors if f is not paths]
    for term in paths.terms:
        others = [other for other in paths.terms if other is not term]
        yield total([*others, product([term, *rest])]), term


def _upside_down(place: StepPlace) -> Iterator[tuple[Formula, Quantity]]:
    near, far = delta(place.q.unit), delta(place.q.source)
    yield Quotient(Symbol(far), Symbol(near)), near


MISTAKES += [
    Mistake(
        "K40", "ratio upside down", Link.HIDDEN_DELTA, _at(QuantityKind.RATIO, _upside_down),
        "the two deltas are exchanged; {other} stands above.",
        "Which of the two is to be measured by the other?",
        weight=2 * COMMON, exercise=_DEEP,
    ),
]  # fmt: skip


def _difference(place: StepPlace) -> Iterator[tuple[Formula, Quantity]]:
    near, far = Symbol(delta(place.q.unit)), Symbol(delta(place.q.source))
    for formula in (far - near, near - far):
        yield formula, near.quantity


MISTAKES += [
    Mistake(
        "K41", "difference for the ratio", Link.HIDDEN_DELTA, _at(QuantityKind.RATIO, _difference),
        "one delta was subtracted from the other; a factor is asked for.",
        "What do you multiply the one by to get the other?",
        exercise=_DEEP,
    ),
]  # fmt: skip


def _multiplied(place: StepPlace) -> Iterator[tuple[Formula, Quantity]]:
    near, far = Symbol(delta(place.q.unit)), Symbol(delta(place.q.source))
    yield product([near, far]), near.quantity


MISTAKES += [
    Mistake(
        "K42", "product for the ratio", Link.HIDDEN_DELTA, _at(QuantityKind.RATIO, _multiplied),
        "the two deltas were multiplied; one is divided by the other.",
        "What do you multiply the one by to get the other?",
        weight=RARE, exercise=_DEEP,
    ),
]  # fmt: skip


def _other_layer(place: StepPlace) -> Iterator[tuple[Formula, Quantity]]:
    near, far = place.q.unit, place.q.source
    for unit in place.net.computing:
        if unit not in (near, far):
            yield Quotient(Symbol(delta(near)), Symbol(delta(unit))), delta(unit)
            yield Quotient(Symbol(delta(unit)), Symbol(delta(far))), delta(unit)


MISTAKES += [
    Mistake(
        "K43", "another layer's delta", Link.HIDDEN_DELTA, _at(QuantityKind.RATIO, _other_layer),
        "{other} belongs to another layer; this ratio is {right}.",
        "Which two layers does this line compare?",
        weight=COMMON, exercise=_DEEP,
    ),
]  # fmt: skip
