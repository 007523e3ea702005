"""What a catalogued mistake is: metadata, and the wrong formula as a change of the right one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from exercises.formulas.formula import (
    Formula,
    Negative,
    Product,
    Sum,
    Symbol,
    leaves,
    product,
    replace_symbols,
)
from exercises.formulas.quantity import Quantity, QuantityKind, y
from exercises.formulas.quantity import x as input_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from exercises.formulas.quantity import Link
    from exercises.networks.network import Network
    from exercises.networks.steps import Step, StepGraph

COMMON, USUAL, RARE = 8.0, 3.0, 1.0


@dataclass(frozen=True, slots=True)
class WrongFormula:
    """One wrong formula for one step, and the words that its sentence needs.

    words: what `{name}` in the entry's explanation stands for: a quantity is written by its label, a
           formula in symbols, text as it is.
    """

    formula: Formula
    words: Mapping[str, Quantity | Formula | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepPlace:
    """A step in its graph: what a wrong formula is made from."""

    step: Step
    graph: StepGraph

    @property
    def q(self) -> Quantity:
        """The quantity of the step."""
        return self.step.quantity

    @property
    def formula(self) -> Formula:
        """The right formula."""
        return self.step.formula

    @property
    def net(self) -> Network:
        """The network."""
        return self.graph.network

    @property
    def layer(self) -> tuple[int, ...]:
        """The units beside the step's unit, itself included."""
        return self.net.layers[self.net.layer_of(self.q.unit)]

    @property
    def others(self) -> tuple[int, ...]:
        """The other units of the same layer."""
        return tuple(u for u in self.layer if u != self.q.unit)

    def signed(self, formula: Formula) -> Formula:
        """Between delta and true gradient, by the problem's convention of sign."""
        return formula if self.graph.sign == "gradient" else -formula

    def output_of(self, unit: int) -> Quantity:
        """What a unit feeds forward, at the time of this step."""
        if unit in self.net.inputs:
            return input_(unit)
        return y(unit).after_update() if self.q.updated else y(unit)

    def at(self, q: Quantity) -> Quantity:
        """A quantity at the time of this step."""
        return q.after_update() if self.q.updated else q

    def swapped(self, by: Mapping[Quantity, Quantity]) -> Formula:
        """The right formula with quantities exchanged for others."""
        return replace_symbols(self.formula, {old: Symbol(new) for old, new in by.items()})

    def knows(self, q: Quantity) -> bool:
        """Whether the exercise has this quantity, given or computed."""
        return q in self.graph.known


@dataclass(frozen=True, slots=True)
class Mistake:
    """An entry of the catalogue.

    code:    permanent; never given to another mistake.
    name:    a few words.
    link:    the kind of chain-rule step that it breaks.
    changes: every wrong formula that it can give at a step; nothing where it cannot happen.
    says:    the sentence for the student, after "that is what … gives:"; `{names}` come from the change.
    hint:    a question or pointer that does not reveal the value.
    source:  where it has been seen; empty for conjecture.
    weight:  how often it is met, relative to others.
    across_runs: whether it confuses one example, or one step of descent, with another.
    for_warmups: whether it is made on functions without a network, and only there.
    exercise: which kind of exercise shows it, a name in `example_exercises`; empty for any full pass.
    """

    code: str
    name: str
    link: Link
    changes: Callable[[StepPlace], Iterable[WrongFormula]]
    says: str
    hint: str
    source: str = ""
    weight: float = USUAL
    across_runs: bool = False
    for_warmups: bool = False
    exercise: str = ""


Changes = Callable[[StepPlace], "Iterator[WrongFormula]"]


class Entries(list[Mistake]):
    """The entries of a module in their order: each stands over the function that makes its wrong formulas."""

    def entry(self, *what: Any, **more: Any) -> Callable[[Changes], Changes]:
        """Add an entry whose `changes` the decorated function gives: what comes before and after them in a `Mistake`."""
        code, name, link, *rest = what

        def kept(changes: Changes) -> Changes:
            self.append(Mistake(code, name, link, changes, *rest, **more))
            return changes

        return kept


def changes_at(step: Step, graph: StepGraph, mistake: Mistake) -> Iterator[WrongFormula]:
    """Every wrong formula that a mistake can give at a step.

    A step of one run among several can go wrong as in the plain graph of a single run, under its own names,
    and as only several runs allow.
    """
    local = graph.locals.get(step.quantity)
    if local is None or mistake.across_runs:
        yield from mistake.changes(StepPlace(step, graph))
    if local is None:
        return
    back = {new: old for old, new in local.names.items()}
    plain = replace(local.step, formula=_renamed_formula(step.formula, back))
    for change in mistake.changes(StepPlace(plain, local.graph)):
        yield _renamed(change, local.names)


def _renamed(change: WrongFormula, names: Mapping[Quantity, Quantity]) -> WrongFormula:
    """The same change in a run where quantities have other names."""

    def word(value: Quantity | Formula | str) -> Quantity | Formula | str:
        if isinstance(value, Quantity):
            return names.get(value, value)
        return _renamed_formula(value, names) if isinstance(value, Formula) else value

    words = {name: word(value) for name, value in change.words.items()}
    return WrongFormula(_renamed_formula(change.formula, names), words)


def _renamed_formula(formula: Formula, names: Mapping[Quantity, Quantity]) -> Formula:
    """A formula with the names of another run, of which there are many more than in it."""
    return replace_symbols(formula, {q: Symbol(names[q]) for q in leaves(formula) if q in names})


def terms(formula: Formula) -> list[Formula]:
    """The terms of a sum; anything else is its own single term."""
    return list(formula.terms) if isinstance(formula, Sum) else [formula]


def bare(formula: Formula) -> tuple[int, list[Formula]]:
    """Sign and factors of a product; anything else is its own single factor."""
    sign = 1
    if isinstance(formula, Negative):
        sign, formula = -1, formula.of
    return sign, list(formula.factors) if isinstance(formula, Product) else [formula]


def signed_product(sign: int, factors: list[Formula]) -> Formula:
    """A product with a sign in front."""
    return product(factors) if sign > 0 else -product(factors)


def kinds(formula: Formula, kind: QuantityKind) -> list[Quantity]:
    """The quantities of one kind in a formula, each once."""
    return list(dict.fromkeys(q for q in leaves(formula) if q.kind is kind))
