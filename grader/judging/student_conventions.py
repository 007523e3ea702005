"""Other conventions that are just as right as the sheet's own, recognised once a sheet.

A student who takes δ with the other sign throughout, works with another factor before the square, or keeps
∂E/∂y in the delta lines and multiplies the slope in later, has made no mistake of the chain rule; nor has one
who does two of these at once, or all three. The sheet is then graded under their convention and told so, once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from exercises.common.wording import listed
from exercises.formulas.formula import Symbol, negative, product, replace_symbols
from exercises.formulas.quantity import QuantityKind, activation_slope, delta, loss_slope
from exercises.networks.build import build
from exercises.networks.losses import SQUARED
from exercises.networks.steps import Step, StepGraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from exercises.formulas.formula import Formula


@dataclass(frozen=True)
class Difference:
    """One thing in which a student's convention differs from the sheet's.

    code:    permanent.
    kind:    of the differences of one kind a convention has one at most.
    does:    what the student does, as it follows "you", for the steps under the convention.
    stated:  what the sheet has instead, as it follows "this sheet".
    changed: makes the steps into those under it.
    """

    code: str
    kind: str
    does: Callable[[StepGraph], str]
    stated: str
    changed: Callable[[StepGraph], StepGraph]


@dataclass(frozen=True)
class Convention:
    """Another way to write the same exercise.

    differences: in what it differs from the sheet's own, one or more.
    graph:       the steps under this convention.
    """

    differences: tuple[Difference, ...]
    graph: StepGraph

    @property
    def code(self) -> str:
        """Permanent; of several differences their codes."""
        return "+".join(one.code for one in self.differences)

    def says(self, alone: Sequence[str] = ()) -> str:
        """The kind mention to the student.

        alone: the lines, as the sheet writes them, that are the only ones to show a difference.
        """
        does = listed([one.does(self.graph) for one in self.differences])
        stated = listed([one.stated for one in self.differences])
        if alone:
            shows = "this line alone shows" if len(alone) == 1 else "these lines alone show"
            return f"At {listed(list(alone))} you {does}; {shows} it. It is graded so; this sheet {stated}."
        return f"You {does} throughout. That is consistent, and graded so; this sheet {stated}."

    def besides(self, other: Convention) -> Difference | None:
        """The one difference that this convention has besides those of another; None if it is not so."""
        more = [one for one in self.differences if one not in other.differences]
        return more[0] if len(more) == 1 and len(other.differences) == len(self.differences) - 1 else None


def conventions(graph: StepGraph) -> tuple[Convention, ...]:
    """Every other convention that a sheet of this exercise may follow, differing in one thing.

    None where the sheet gives a δ or a slope: what stands there was worked out under the stated convention, and
    the rest must fit it.
    """
    return tuple(Convention((one,), one.changed(graph)) for one in differences(graph))


def combined(graph: StepGraph) -> tuple[Convention, ...]:
    """Those that differ in two things or more, the fewer first."""
    known = differences(graph)
    return tuple(
        _together(graph, chosen)
        for count in (2, 3)
        for chosen in combinations(known, count)
        if len({one.kind for one in chosen}) == count
    )


def differences(graph: StepGraph) -> tuple[Difference, ...]:
    """In what a student's convention may differ."""
    if graph.plan.function or any(
        q.kind in (QuantityKind.DELTA, QuantityKind.LOSS_SLOPE) for q in graph.given
    ):
        return ()
    return (_other_sign(graph), *_other_factor(graph), *_slope_later(graph))


def _together(graph: StepGraph, chosen: tuple[Difference, ...]) -> Convention:
    changed = graph
    for one in chosen:
        changed = one.changed(changed)
    return Convention(chosen, changed)


def _rebuilt(graph: StepGraph, loss: str, *, turned: bool = False) -> StepGraph:
    """The steps with another loss, or with the other sign."""
    network = replace(graph.network, loss=loss)
    other = "negative-gradient" if graph.sign == "gradient" else "gradient"
    sign = other if turned else graph.sign
    return build(network, sign, targets_sum_to_one=graph.targets_sum_to_one, plan=graph.plan)


def _other_sign(graph: StepGraph) -> Difference:
    stated = "δ = ∂E/∂a" if graph.sign == "gradient" else "δ = −∂E/∂a"
    return Difference(
        "V-SIGN",
        "sign",
        lambda _: "take δ with the opposite sign",
        f"states {stated}",
        lambda steps: _rebuilt(steps, steps.network.loss, turned=True),
    )


def _other_factor(graph: StepGraph) -> Iterator[Difference]:
    if graph.network.loss not in SQUARED:
        return
    for name, words in SQUARED.items():
        if name == graph.network.loss or (name == "mean-squared-error" and len(graph.network.outputs) == 1):
            continue
        yield Difference(
            f"V-{name.upper()}",
            "factor",
            lambda _, words=words: f"work {words}",  # type: ignore[misc]
            f"states the loss {SQUARED[graph.network.loss]}",
            lambda steps, name=name: _rebuilt(steps, name),  # type: ignore[misc]
        )


def _slope_later(graph: StepGraph) -> Iterator[Difference]:
    """δ kept as ±∂E/∂y; the slope of the activation comes in where δ is used."""
    units = [u for u in graph.network.computing if activation_slope(u) in graph.by_quantity]
    if not graph.locals and len(units) == len(graph.network.computing):
        yield Difference(
            "V-SLOPE-LATER", "slope", _keeps, "asks for δ with the slope in it", _with_slope_later
        )


def _keeps(graph: StepGraph) -> str:
    kept = "∂E/∂y" if graph.sign == "gradient" else "−∂E/∂y"
    return f"keep {kept} in the delta lines and multiply the slope in where δ is used"


def _with_slope_later(graph: StepGraph) -> StepGraph:
    """The steps so written."""
    later: dict[object, Formula] = {
        delta(u): product([Symbol(delta(u)), Symbol(activation_slope(u))]) for u in graph.network.computing
    }
    steps = []
    for step in graph.steps:
        if step.quantity.kind is QuantityKind.DELTA:
            own = Symbol(loss_slope(step.quantity.unit))
            steps.append(Step(step.quantity, own if graph.sign == "gradient" else negative(own), step.link))
        else:
            steps.append(replace(step, formula=replace_symbols(step.formula, later)))  # type: ignore[arg-type]
    return replace(graph, steps=tuple(steps))
