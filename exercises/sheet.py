"""The lines of an exercise as they stand on a page: titled sections, and in them groups by link.

The worksheet, the answer key and the feedback page all follow this one arrangement. Within a layer the lines
of one link stand together (both weighted sums, then both activations), which is still an order in which a
person can compute them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from exercises import typeset
from exercises.quantity import Kind, Link, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.network import Network
    from exercises.problem import Problem
    from exercises.steps import Step

HALF_LINE = 26  # characters that a person can write into half the width of a page
FULL_LINE = 58  # and into all of it


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one link: `caption` says which; `wide` if a line needs the full width of the page.

    columns: the lines by unit, or one line each where they all belong to one unit; what may stand side by
    side.
    """

    caption: str
    columns: tuple[tuple[Step, ...], ...]
    wide: bool

    @property
    def steps(self) -> tuple[Step, ...]:
        """The lines in order."""
        return tuple(step for column in self.columns for step in column)


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the page."""

    title: str
    groups: tuple[Group, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The lines in order."""
        return tuple(step for group in self.groups for step in group.steps)


def sections(problem: Problem) -> tuple[Section, ...]:
    """Set the whole exercise in sections, each line once."""
    net = problem.network
    found: dict[str, list[Step]] = {}
    for step in problem.graph.asked_steps:
        found.setdefault(_run(step.quantity) + _title(step.quantity, net), []).append(step)
    return tuple(Section(title, tuple(_groups(problem, steps))) for title, steps in found.items())


def work_lines(problem: Problem, step: Step) -> int:
    """How many lines of handwriting a full-width row needs, at least 1."""
    return -(-_length(problem, step) // FULL_LINE)


def _run(q: Quantity) -> str:
    """What run a section belongs to, where there are several."""
    if q.example:
        return f"Example {q.example}: "
    return f"Step {q.step}: " if q.step else ""


def _title(q: Quantity, net: Network) -> str:
    is_parameter = q.kind in (Kind.WEIGHT, Kind.BIAS)
    if q.updated:
        return "Update" if is_parameter else "Check run"
    forward, one_output = q.kind in (Kind.PRE_ACTIVATION, Kind.ACTIVATION), len(net.outputs) == 1
    if forward or q.kind is Kind.LOSS:
        # A single loss is one short line, and stands beside the activation that it judges.
        return "Forward pass and loss" if one_output else "Forward pass" if forward else "Loss"
    if q.kind in (Kind.WEIGHT_GRADIENT, Kind.BIAS_GRADIENT):
        return "Gradients"
    if q.unit in net.outputs:
        return "Output deltas" if len(net.outputs) > 1 else "Output delta"
    return "Hidden deltas" if len(net.computing) - len(net.outputs) > 1 else "Hidden delta"


def _groups(problem: Problem, steps: list[Step]) -> Iterator[Group]:
    """Lines of one layer and one link together, in the order in which the first of each comes."""
    net = problem.network
    by_key: dict[tuple[int, str], list[Step]] = {}
    for step in steps:
        unit = 0 if step.quantity.kind is Kind.LOSS else step.quantity.unit
        layer = net.layer_of(unit) if unit else len(net.layers)  # losses belong to no layer
        by_key.setdefault((layer, _noun(step, net)), []).append(step)
    several = len({layer for layer, _ in by_key if layer < len(net.layers)}) > 1
    for (layer, noun), members in by_key.items():
        words = [noun if len(members) == 1 else _PLURAL.get(noun, noun)]
        if several and layer < len(net.layers):
            words.insert(0, layer_name(net, layer))
        wide = any(_is_wide(problem, step) for step in members)
        caption = ": ".join(word for word in words if word)
        yield Group(caption[:1].upper() + caption[1:], _columns(members, wide=wide), wide)


_PLURAL = {
    "weighted sum": "weighted sums",
    "activation": "activations",
    "loss slope": "loss slopes",
    "activation slope": "activation slopes",
    "delta": "deltas",
}


def _noun(step: Step, net: Network) -> str:
    """Say what the lines of a group are; empty where the section's title says it."""
    q = step.quantity
    paths = q.unit and q.unit not in net.outputs and len(net.downstream(q.unit)) > 1
    noun = str(step.link)
    match q.kind:
        case Kind.LOSS:
            many = "loss of each output" if q.unit else "total loss"
            noun = many if len(net.outputs) > 1 else "loss"
        case Kind.LOSS_SLOPE:
            hidden = "loss slope along each path" if q.via else "sum over the paths"
            noun = hidden if paths else str(Link.LOSS_SLOPE)
        case Kind.DELTA:
            noun = "delta"
        case Kind.WEIGHT | Kind.BIAS | Kind.WEIGHT_GRADIENT | Kind.BIAS_GRADIENT:
            noun = ""
    return noun


def layer_name(net: Network, layer: int) -> str:
    """Say what a layer is called on a page."""
    if layer == 0:
        return "inputs"
    if layer == len(net.layers) - 1:
        return "output layer"
    return "hidden layer" if len(net.layers) == 3 else f"hidden layer {layer}"  # noqa: PLR2004 - only one


def _columns(steps: list[Step], *, wide: bool) -> tuple[tuple[Step, ...], ...]:
    by_unit = [tuple(members) for _, members in groupby(steps, key=lambda s: s.quantity.unit)]
    if wide or len(by_unit) == 1:
        return tuple((step,) for step in steps)
    return tuple(by_unit)


def _is_wide(problem: Problem, step: Step) -> bool:
    """Whether a line needs the full width: weighted sums, softmax, and whatever is long to write out."""
    terms = len(step.parents)
    softmax = step.link is Link.ACTIVATION and terms > 1
    sum_of_products = step.link is Link.WEIGHTED_SUM and terms > 3  # noqa: PLR2004 - W·x + b is short
    return softmax or sum_of_products or _length(problem, step) > HALF_LINE


def _length(problem: Problem, step: Step) -> int:
    """Characters of the line with numbers put in, as a person writes it."""
    computed = "0." + "0" * problem.places

    def shown(q: Quantity) -> str:
        return typeset.number(problem.values[q]) if q in problem.values else computed

    return len(typeset.substituted(step.formula, shown).replace(" ", ""))
