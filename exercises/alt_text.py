"""The drawing of a network in words, for those who cannot see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises import typeset
from exercises.emphasis import emphasis
from exercises.quantity import Kind, weight

if TYPE_CHECKING:
    from exercises.problem import Problem


def describe(problem: Problem) -> str:
    """Tell the drawing in words, with all its numbers: the text alternative."""
    net = problem.network
    layers = [_counted(n, "unit") for n in net.shape[1:-1]]
    hidden = f", hidden layers of {' and '.join(layers)}" if layers else ""
    if len(layers) == 1:
        hidden = f", a hidden layer of {layers[0]}"
    first = (
        f"A network of {_counted(net.shape[0], 'input')}{hidden} and {_counted(net.shape[-1], 'output')}, "
        "each layer fully connected to the next."
    )
    names = {
        Kind.INPUT: "Inputs",
        Kind.WEIGHT: "Weights, from a unit to a unit",
        Kind.BIAS: "Biases",
        Kind.TARGET: "Targets",
    }
    parts = [first]
    for kind, name in names.items():
        listed = ", ".join(
            f"{problem.label(q).text} = {typeset.number(problem.values[q])}"
            for q in problem.graph.given
            if q.kind is kind
        )
        if listed:
            parts.append(f"{name}: {listed}.")
    bold = sorted(emphasis(problem).edges)
    if bold:
        listed = ", ".join(problem.label(weight(source, unit)).text for source, unit in bold)
        parts.append(f"Brought out by thick lines: {listed}.")
    return " ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
