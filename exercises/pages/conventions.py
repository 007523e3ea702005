"""What the box of conventions says: read off the problem, so that no formula is written a second time."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from exercises.formulas import typeset
from exercises.formulas.formula import Formula, Symbol
from exercises.formulas.label import Glyph, Label
from exercises.formulas.quantity import Link, Quantity, QuantityKind, a, delta, loss, weight, y
from exercises.formulas.typeset import HTML
from exercises.networks import activations, losses
from exercises.networks.backprop import single_run
from exercises.networks.optimizers import with_optimizer
from exercises.pages import warmup_texts as warmup
from exercises.pages.captions import layer_name
from exercises.problems.without_rounding import comes_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.networks.steps import Step
    from exercises.problems.problem import Problem

_GO_ON = "Go on with what you wrote or with your calculator’s number, as you like."


def conventions(problem: Problem) -> list[tuple[str, str]]:
    """Give the lines of the box: a title and its text as HTML."""
    if problem.plan.function:
        return list(warmup.conventions(problem))
    return [
        *_activations(problem),
        *_loss(problem),
        *_delta(problem),
        *_update(problem),
        ("Names", _names(problem)),
        ("Rounding", rounding(problem)),
    ]


def rounding(problem: Problem) -> str:
    """To how many places lines are written, or that none needs any rounding."""
    words = problem.precision.words
    if comes_out(problem):
        return f"Nothing has to be rounded: no line has more than {words}."
    return f"Write every line to {words}. {_GO_ON}"


def _activations(problem: Problem) -> Iterator[tuple[str, str]]:
    """Give one line for each activation that is worked with; layers that share one share the line."""
    net = problem.network
    by_name: dict[str, list[int]] = {}
    asked = {
        layer: {s.link for s in problem.graph.asked_steps if s.quantity.unit in net.layers[layer]}
        for layer in range(1, len(net.layers))
    }
    for layer, links in asked.items():
        if links & {Link.ACTIVATION, Link.ACTIVATION_SLOPE}:
            by_name.setdefault(net.activations[layer - 1], []).append(layer)
    for layers in by_name.values():
        text = _activation(
            problem, layers[0], slope=any(Link.ACTIVATION_SLOPE in asked[layer] for layer in layers)
        )
        _, *others = dict.fromkeys(problem.labels.glyph(y(net.layers[n][0])).base for n in layers)
        for letter in others:
            text += f", and likewise {Glyph(letter).html}"
        names = " and ".join(layer_name(net, layer) for layer in layers)
        if len(layers) > 1 and layers == list(range(1, len(net.layers) - 1)):
            names = "hidden layers"
        every = len(layers) == len(net.layers) - 1 > 1
        yield ("All units" if every else names.capitalize()), text


def _activation(problem: Problem, layer: int, *, slope: bool) -> str:
    net = problem.network
    units = net.layers[layer]
    if net.activation_of(units[0]) == activations.SOFTMAX:
        step = _plain(problem)[y(units[0])]
        value = typeset.symbolic(step.formula, problem.label, HTML)
        return f"softmax, {problem.label(step.quantity).html} = {value}, and so on"
    entry = activations.BY_NAME[net.activation_of(units[0])]
    letters = {
        kind: Glyph(problem.labels.glyph(Quantity(kind, units[0])).base)
        for kind in (QuantityKind.PRE_ACTIVATION, QuantityKind.ACTIVATION)
    }

    def write(formula: Formula) -> str:
        return typeset.symbolic(formula, lambda q: Label(letters[q.kind]), HTML)

    pre, out = Symbol(a(units[0])), Symbol(y(units[0]))
    value = write(entry.value(pre))
    if entry.definition is not None:
        value += f" = {write(entry.definition(pre))}"
    note = _note(entry.note, letters[QuantityKind.PRE_ACTIVATION].base)
    if "slope" in entry.note:
        return f"{write(out)} = {value}: {note}"
    text = f"{write(out)} = {value}"
    if slope:
        by = Label(letters[QuantityKind.ACTIVATION], letters[QuantityKind.PRE_ACTIVATION]).html
        text += f", slope {by} = {write(entry.slope(pre, out))}"
    return f"{text}, {note}" if note else text


def _note(note: str, letter: str) -> str:
    """Write the note of an activation in the problem's letters, with raised exponents."""
    note = re.sub(r"\ba\b", f"<var>{letter}</var>", note)
    return re.sub(r"e\^(−?<var>\w+</var>)", r"e<sup>\1</sup>", note)


def _plain(problem: Problem) -> dict[Quantity, Step]:
    """The steps of a single run, from which every rule is read."""
    one = problem.graph.targets_sum_to_one
    graph = single_run(problem.network, problem.delta, targets_sum_to_one=one)
    return with_optimizer(graph, problem.plan.optimizer, problem.plan.at_step).by_quantity


def _equation(problem: Problem, step: Step) -> str:
    """A line in symbols, such as `E = ½(t − y)²`."""
    return f"{problem.label(step.quantity).html} = {typeset.symbolic(step.formula, problem.label, HTML)}"


def _asked(problem: Problem, *links: Link) -> bool:
    return any(step.link in links for step in problem.graph.asked_steps)


def _loss(problem: Problem) -> Iterator[tuple[str, str]]:
    """Write the loss as the lines E₅ and E have it; over several examples it is their mean."""
    if not _asked(problem, Link.LOSS, Link.LOSS_SLOPE, Link.OUTPUT_DELTA):
        return
    steps, outputs = _plain(problem), problem.network.outputs
    shown = [loss()] if len(outputs) == 1 else [loss(), loss(outputs[0])]
    title = losses.BY_NAME[problem.network.loss].title
    text = f"{title}, {' with '.join(_equation(problem, steps[q]) for q in shown)}"
    mean = problem.graph.by_quantity.get(loss())
    if problem.plan.examples > 1 and mean is not None:
        text += f" in each example; over all of them the mean, {_equation(problem, mean)}"
    yield "Loss", text


def _delta(problem: Problem) -> Iterator[tuple[str, str]]:
    used = {q.kind for step in problem.graph.asked_steps for q in (step.quantity, *step.parents)}
    if QuantityKind.DELTA not in used:
        return
    unit = problem.network.outputs[0]
    slope = Label(problem.labels.glyph(loss()), problem.labels.glyph(a(unit))).html
    sign = "" if problem.delta == "gradient" else typeset.MINUS
    text = f"{problem.label(delta(unit)).html} = {sign}{slope}, and likewise in every unit"
    if sign:
        whole = Label(problem.labels.glyph(loss()), Glyph(problem.labels.glyph(_first(problem)).base)).html
        text += f"; {whole} always stands for the slope itself, without the minus"
    yield "Delta", text


def _first(problem: Problem) -> Quantity:
    """The parameter by which rules are shown: the first that is changed, or the first of all."""
    moved = (s.quantity.before_update() for s in problem.graph.asked_steps if s.link is Link.UPDATE)
    plain = (replace(q, step=0) for q in moved if q.kind in (QuantityKind.WEIGHT, QuantityKind.BIAS))
    return next(plain, next(problem.network.parameters()))


def _update(problem: Problem) -> Iterator[tuple[str, str]]:
    """The rule of descent, a line of the box for each of its parts."""
    if not _asked(problem, Link.UPDATE):
        return
    steps, first = _plain(problem), _first(problem)
    own = [s for s in steps.values() if s.link is Link.UPDATE and _is_of(s.quantity, first)]
    by_title: dict[str, list[str]] = {}
    for step in own:
        by_title.setdefault(_part(problem, step.quantity.kind), []).append(_equation(problem, step))
    title, last = by_title.popitem()
    for part, equations in by_title.items():
        yield part, ", &ensp;".join(equations)
    asked = [s.quantity for s in problem.graph.asked_steps if s.link is Link.UPDATE]
    every = {q.kind for q in asked} & {QuantityKind.WEIGHT, QuantityKind.BIAS}
    rest = ", and so for every weight" + (" and bias" if QuantityKind.BIAS in every else "")
    if len({(q.source, q.unit) for q in asked}) == 1:
        rest = ""
    elif problem.network.bias == "fixed":
        rest += "; the biases stay as they are"
    yield title, f"{', &ensp;'.join(last)}{rest}"


def _is_of(q: Quantity, parameter: Quantity) -> bool:
    return (q.source, q.unit) == (parameter.source, parameter.unit)


def _part(problem: Problem, kind: QuantityKind) -> str:
    """What a part of the rule is called."""
    if kind in (QuantityKind.WEIGHT, QuantityKind.BIAS):
        return "Update"
    if kind in (QuantityKind.MOMENT_HAT, QuantityKind.SECOND_MOMENT_HAT):
        return f"In step {problem.plan.at_step}"
    return {"momentum": "Velocity", "rmsprop": "Mean square"}.get(problem.plan.optimizer, "Moments")


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
    shown = [q for step in problem.graph.asked_steps for q in (step.quantity, *step.parents)]
    via = next((q for q in shown if q.via), None)
    if via is not None:
        whole = problem.label(replace(via, via=0)).html
        text += f"; {problem.label(via).html} is the part of {whole} on that path"
    if any(q.updated for q in shown):
        text += '; <span class="new">new</span> means after the update'
    return text + _runs(problem, shown)


def _runs(problem: Problem, shown: list[Quantity]) -> str:
    """What the number of a run means."""
    marked = next((q for q in shown if q.example or q.step), None)
    if marked is None:
        return ""
    sample = problem.label(replace(marked, example=min(marked.example, 1), step=min(marked.step, 1))).html
    if marked.step:
        moved = next((q for q in shown if q.updated and q.step == 1), None)
        on = f", and step 2 goes on with {problem.label(moved).html} and so on" if moved is not None else ""
        return f"; [1] in {sample} means step 1{on}"
    return f"; [1] in {sample} means example 1; what has no number belongs to all examples"
