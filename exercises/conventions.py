"""What the box of conventions says: read off the problem, so that no formula is written a second time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exercises import activations, losses, typeset
from exercises.formula import Formula, Symbol
from exercises.notation import Glyph, Label
from exercises.quantity import Kind, Quantity, a, delta, loss, weight, y
from exercises.sheet import layer_name
from exercises.typeset import HTML

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.problem import Problem

_GO_ON = "Go on with what you wrote or with your calculator’s number, as you like."


def conventions(problem: Problem) -> list[tuple[str, str]]:
    """Give the lines of the box: a title and its text as HTML."""
    return [
        *_activations(problem),
        ("Loss", _loss(problem)),
        ("Delta", _delta(problem)),
        ("Update", _update(problem)),
        ("Names", _names(problem)),
        ("Rounding", f"Write every line to {problem.places} decimal places. {_GO_ON}"),
    ]


def _activations(problem: Problem) -> Iterator[tuple[str, str]]:
    """Give one line for each activation; layers that share one share the line."""
    net = problem.network
    by_text: dict[str, list[int]] = {}
    for layer in range(1, len(net.layers)):
        by_text.setdefault(_activation(problem, layer), []).append(layer)
    for text, layers in by_text.items():
        names = " and ".join(layer_name(net, layer) for layer in layers)
        yield ("All units" if len(by_text) == 1 and len(net.layers) > 2 else names.capitalize()), text  # noqa: PLR2004


def _activation(problem: Problem, layer: int) -> str:
    net = problem.network
    units = net.layers[layer]
    if net.activation_of(units[0]) == activations.SOFTMAX:
        step = problem.graph.by_quantity[y(units[0])]
        value = typeset.symbolic(step.formula, problem.label, HTML)
        return f"softmax, {problem.label(step.quantity).html} = {value}, and so on"
    entry = activations.BY_NAME[net.activation_of(units[0])]
    letters = {
        kind: Glyph(problem.labels.glyph(Quantity(kind, units[0])).base)
        for kind in (Kind.PRE_ACTIVATION, Kind.ACTIVATION)
    }

    def write(formula: Formula) -> str:
        return typeset.symbolic(formula, lambda q: Label(letters[q.kind]), HTML)

    pre, out = Symbol(a(units[0])), Symbol(y(units[0]))
    value = write(entry.value(pre))
    if entry.definition is not None:
        value += f" = {write(entry.definition(pre))}"
    note = _note(entry.note, letters[Kind.PRE_ACTIVATION].base)
    if "slope" in entry.note:
        return f"{write(out)} = {value}: {note}"
    slope = Label(letters[Kind.ACTIVATION], letters[Kind.PRE_ACTIVATION]).html
    return f"{write(out)} = {value}, slope {slope} = {write(entry.slope(pre, out))}" + (
        f", {note}" if note else ""
    )


def _note(note: str, letter: str) -> str:
    """Write the note of an activation in the problem's letters, with raised exponents."""
    note = re.sub(r"\ba\b", f"<var>{letter}</var>", note)
    return re.sub(r"e\^(−?<var>\w+</var>)", r"e<sup>\1</sup>", note)


def _loss(problem: Problem) -> str:
    """Write the loss as the lines E₅ and E have it."""
    steps = problem.graph.by_quantity
    outputs = problem.network.outputs
    shown = [loss()] if len(outputs) == 1 else [loss(), loss(outputs[0])]
    written = [
        f"{problem.label(q).html} = {typeset.symbolic(steps[q].formula, problem.label, HTML)}" for q in shown
    ]
    title = losses.BY_NAME[problem.network.loss].title
    return f"{title}, {' with '.join(written)}"


def _delta(problem: Problem) -> str:
    unit = problem.network.outputs[0]
    slope = Label(problem.labels.glyph(loss()), problem.labels.glyph(a(unit))).html
    sign = "" if problem.delta == "gradient" else typeset.MINUS
    text = f"{problem.label(delta(unit)).html} = {sign}{slope}, and likewise in every unit"
    if sign:
        whole = Label(problem.labels.glyph(loss()), Glyph(problem.labels.glyph(_first(problem)).base)).html
        text += f"; {whole} always stands for the slope itself, without the minus"
    return text


def _first(problem: Problem) -> Quantity:
    return next(problem.network.parameters())


def _update(problem: Problem) -> str:
    q = _first(problem).after_update()
    rule = typeset.symbolic(problem.graph.by_quantity[q].formula, problem.label, HTML)
    rest = {
        "yes": ", and so for every weight and bias",
        "no": ", and so for every weight",
        "fixed": ", and so for every weight; the biases stay as they are",
    }[problem.network.bias]
    return f"{problem.label(q).html} = {rule}{rest}"


def _names(problem: Problem) -> str:
    net = problem.network
    source, unit = net.layers[0][-1], net.layers[1][0]
    label = problem.label(weight(source, unit)).html
    outputs = problem.labels.output
    if problem.notation == "unit":
        text = f"{label} leads from unit {source} to unit {unit}"
    else:
        ends = [f'<span class="q">{outputs(u).html}</span>' for u in (source, unit)]
        text = f"{label} leads from {ends[0]} to {ends[1]}; the raised number is the layer"
    for step in problem.graph.steps:
        if step.quantity.via:
            whole = problem.label(Quantity(Kind.LOSS_SLOPE, step.quantity.unit)).html
            text += f"; {problem.label(step.quantity).html} is the part of {whole} on that path"
            break
    return f'{text}; <span class="new">new</span> means after the update'
