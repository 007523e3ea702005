"""Every wrong formula that a step may have been computed by: catalogued ones first, then generated ones.

Generated hypotheses come from operators on the right formula's factors: leave one out, double one, turn a
sign, take the neighbour of the same kind. They catch what the catalogue does not list by name.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from exercises.formulas.formula import (
    Formula,
    Product,
    Sum,
    Symbol,
    children,
    leaves,
    product,
    rebuild,
    replace_symbols,
    total,
)
from exercises.formulas.quantity import Quantity, QuantityKind
from exercises.formulas.typeset import symbolic
from grader.mistakes import CATALOGUE, Mistake, StepPlace, WrongFormula
from grader.mistakes.base import RARE, USUAL, changes_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exercises.formulas.label import Label
    from exercises.formulas.quantity import Link
    from exercises.networks.steps import Step, StepGraph

GENERATED_WEIGHT = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Hypothesis:
    """One wrong formula at one step, with the entry that names it.

    chance: how likely it is among all mistakes at this step, before any number is looked at; 0 to 1.
    """

    mistake: Mistake
    step: Step
    change: WrongFormula
    chance: float = 0.0

    @property
    def formula(self) -> Formula:
        """The wrong formula."""
        return self.change.formula

    def says(self, label: Callable[[Quantity], Label]) -> str:
        """The entry's sentence about this step, its words written by `label`."""

        def word(value: Quantity | Formula | str) -> str:
            if isinstance(value, str):
                return value
            return symbolic(value, label) if isinstance(value, Formula) else label(value).text

        return self.mistake.says.format_map({name: word(v) for name, v in self.change.words.items()})


def _left_out(place: StepPlace) -> Iterator[WrongFormula]:
    for path, node in _nodes(place.formula):
        if isinstance(node, Product):
            for i, factor in enumerate(node.factors):
                rest = product([*node.factors[:i], *node.factors[i + 1 :]])
                yield WrongFormula(_put(place.formula, path, rest), {"factor": factor})


def _doubled(place: StepPlace) -> Iterator[WrongFormula]:
    for path, node in _nodes(place.formula):
        if isinstance(node, Product):
            for factor in node.factors:
                yield WrongFormula(
                    _put(place.formula, path, product([*node.factors, factor])), {"factor": factor}
                )


def _sign_inside(place: StepPlace) -> Iterator[WrongFormula]:
    for path, node in _nodes(place.formula):
        if isinstance(node, Sum):
            for i, term in enumerate(node.terms):
                changed = total([-t if j == i else t for j, t in enumerate(node.terms)])
                yield WrongFormula(_put(place.formula, path, changed), {"term": term})


def _neighbour(place: StepPlace) -> Iterator[WrongFormula]:
    if place.graph.plan.function:  # a node has no neighbours in a layer
        return
    net = place.graph.network
    for q in dict.fromkeys(leaves(place.formula)):
        if not q.unit:
            continue
        layer = net.layers[net.layer_of(q.unit)]
        others = [Quantity(q.kind, u, q.source, q.via, q.updated) for u in layer if u != q.unit]
        if q.kind is QuantityKind.WEIGHT:
            sources = net.layers[net.layer_of(q.source)]
            others += [Quantity(q.kind, q.unit, s, 0, q.updated) for s in sources if s != q.source]
        for other in others:
            if place.knows(other):
                changed = replace_symbols(place.formula, {q: Symbol(other)})
                yield WrongFormula(changed, {"other": other, "right": q})


def _nodes(formula: Formula, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Formula]]:

    yield path, formula
    for i, child in enumerate(children(formula)):
        yield from _nodes(child, (*path, i))


def _put(formula: Formula, path: tuple[int, ...], new: Formula) -> Formula:

    if not path:
        return new
    parts = list(children(formula))
    parts[path[0]] = _put(parts[path[0]], path[1:], new)
    return rebuild(formula, parts)


def _operators(link: Link) -> tuple[Mistake, ...]:
    code = "".join(word[0] for word in str(link).split()).upper()
    return (
        Mistake(
            f"X-{code}-OMIT", "a factor left out", link, _left_out,
            "the factor {factor} is missing.", "Count the factors of this line.", weight=GENERATED_WEIGHT,
        ),
        Mistake(
            f"X-{code}-TWICE", "a factor twice", link, _doubled,
            "the factor {factor} was multiplied in twice.", "Count the factors of this line.",
            weight=GENERATED_WEIGHT,
        ),
        Mistake(
            f"X-{code}-SIGN", "a sign inside", link, _sign_inside,
            "the term {term} has the wrong sign.", "Check the sign of each term.", weight=GENERATED_WEIGHT,
        ),
        Mistake(
            f"X-{code}-SWAP", "a neighbour's number", link, _neighbour,
            "{other} stands where {right} belongs.", "Check the indices on this line.",
            weight=GENERATED_WEIGHT,
        ),
    )  # fmt: skip


def _entries(step: Step, graph: StepGraph) -> list[Mistake]:
    """The catalogued mistakes that can be made at a step."""
    warmup = bool(graph.plan.function)
    return [m for m in CATALOGUE if m.link is step.link and m.for_warmups == warmup]


def hypotheses(step: Step, graph: StepGraph) -> tuple[Hypothesis, ...]:
    """Every hypothesis for one step, each formula once, under its likeliest name; never the right formula."""
    right = {step.formula, *step.alternatives}
    found: dict[Formula, Hypothesis] = {}
    entries = _entries(step, graph)
    entries.sort(key=lambda m: -m.weight)
    for mistake in (*entries, *_operators(step.link)):
        for change in changes_at(step, graph, mistake):
            formula = change.formula
            if formula in right or not graph.known.issuperset(leaves(formula)):
                continue
            found.setdefault(formula, Hypothesis(mistake, step, change))
    count = Counter(h.mistake.code for h in found.values())
    everything = sum({h.mistake.code: h.mistake.weight for h in found.values()}.values())
    return tuple(
        replace(h, chance=h.mistake.weight / everything / count[h.mistake.code]) for h in found.values()
    )


def in_one_place(step: Step, graph: StepGraph) -> tuple[Hypothesis, ...]:
    """A neighbour's number in one of several places where a quantity stands, which `hypotheses` leaves out.

    Numbers of problems are not drawn so that these can be told apart: what seeds give stays as it is.
    """
    alone = hypotheses(step, graph)
    taken = {step.formula, *step.alternatives, *(h.formula for h in alone)}
    swap = next(m for m in _operators(step.link) if m.changes is _neighbour)
    chance = min((h.chance for h in alone), default=0.0)
    found: dict[Formula, Hypothesis] = {}
    for change in changes_at(step, graph, swap):
        other, right = change.words["other"], change.words["right"]
        if not (isinstance(other, Quantity) and isinstance(right, Quantity)):
            continue
        places = [path for path, node in _nodes(step.formula) if node == Symbol(right)]
        for path in places if len(places) > 1 and other in graph.known else ():
            changed = _put(step.formula, path, Symbol(other))
            if changed not in taken:
                found.setdefault(changed, Hypothesis(swap, step, WrongFormula(changed, change.words), chance))
    return tuple(found.values())


def pairs(step: Step, graph: StepGraph) -> tuple[Hypothesis, ...]:
    """Two mistakes at one step: each usual one made on top of each other; no formula that one alone gives."""
    alone = hypotheses(step, graph)
    taken = {step.formula, *step.alternatives, *(h.formula for h in alone)}
    entries = [m for m in _entries(step, graph) if m.weight >= USUAL]
    found: dict[Formula, Hypothesis] = {}
    for first in (h for h in alone if h.mistake.weight >= USUAL):
        once = replace(step, formula=first.formula)
        for second in entries:
            if second.code == first.mistake.code:
                continue
            for change in changes_at(once, graph, second):
                known = graph.known.issuperset(leaves(change.formula))
                if known and change.formula not in taken:
                    both = _both(first, second, change)
                    chance = first.chance * second.weight / sum(m.weight for m in entries)
                    found.setdefault(change.formula, Hypothesis(both[0], step, both[1], chance))
    return tuple(found.values())


def _both(first: Hypothesis, second: Mistake, change: WrongFormula) -> tuple[Mistake, WrongFormula]:
    """One entry that tells of two; the words of the second are kept apart from those of the first."""
    renamed = {name: f"second_{name}" for name in change.words}
    says = second.says.format_map({name: f"{{{new}}}" for name, new in renamed.items()})
    words = {**first.change.words, **{renamed[name]: word for name, word in change.words.items()}}
    mistake = Mistake(
        f"{first.mistake.code}+{second.code}",
        f"{first.mistake.name}, and {second.name}",
        second.link,
        lambda _: (),
        f"{first.mistake.says.removesuffix('.')}; and {says}",
        f"{first.mistake.hint} {second.hint}",
        weight=RARE,
    )
    return mistake, WrongFormula(change.formula, words)
