"""The drawing of a network in words, for those who cannot see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.figures.emphasis import emphasis
from exercises.formulas import typeset
from exercises.formulas.quantity import Quantity, QuantityKind, weight
from exercises.formulas.typeset import HTML

if TYPE_CHECKING:
    from exercises.formulas.label import Label
    from exercises.problems.problem import Problem


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
        QuantityKind.INPUT: "Inputs",
        QuantityKind.WEIGHT: "Weights, from a unit to a unit",
        QuantityKind.BIAS: "Biases",
        QuantityKind.TARGET: "Targets",
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


def function_lines(problem: Problem, printer: typeset.Printer = HTML) -> list[str]:
    """Each assignment of the function, such as `u = x² + 1`, in the order of computation."""
    return [
        f"{_written(problem, step.quantity, printer)} = {typeset.symbolic(step.formula, problem.label, printer)}"
        for step in problem.graph.steps
        if step.quantity.kind is QuantityKind.NODE
    ]


def _written(problem: Problem, q: Quantity, printer: typeset.Printer) -> str:
    label: Label = problem.label(q)
    return label.html if printer.html else label.text
