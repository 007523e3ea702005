"""What the sections and groups of lines on a page are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.quantity import Link, Quantity, QuantityKind, parse_name
from exercises.networks.asked_lines import chained
from exercises.pages import warmup_texts as warmup

if TYPE_CHECKING:
    from exercises.networks.network import Network
    from exercises.networks.plan import OptimizerName
    from exercises.networks.steps import Step
    from exercises.problems.problem import Problem

_STATE = (
    QuantityKind.MOMENT,
    QuantityKind.SECOND_MOMENT,
    QuantityKind.MOMENT_HAT,
    QuantityKind.SECOND_MOMENT_HAT,
)
_GRADIENTS = (QuantityKind.WEIGHT_GRADIENT, QuantityKind.BIAS_GRADIENT)
STEPS_OF: dict[OptimizerName, str] = {
    "gradient-descent": "Update",
    "momentum": "One step with momentum",
    "rmsprop": "One step of RMSprop",
    "adam": "One step of Adam",
}
_PLURAL = {
    "weighted sum": "weighted sums",
    "activation": "activations",
    "loss slope": "loss slopes",
    "activation slope": "activation slopes",
    "delta": "deltas",
    "velocity": "velocities",
    "mean of the squares": "means of the squares",
    "first moment": "first moments",
    "second moment": "second moments",
    "first moment, corrected": "first moments, corrected",
    "second moment, corrected": "second moments, corrected",
    "new value": "new values",
}

_IN_WARM_UPS = (QuantityKind.NODE, QuantityKind.NODE_SLOPE, QuantityKind.NODE_GRADIENT)


def section_title(problem: Problem, q: Quantity, title: str = "") -> str:
    """The title of the section that a line belongs to, or another one, with its run where there are several."""
    title = title or _title(problem, q)
    if not (q.example or q.step):
        return title
    run = f"Example {q.example}" if q.example else f"Step {q.step}"
    return f"{run}: {title[:1].lower()}{title[1:]}"


def _title(problem: Problem, q: Quantity) -> str:
    net, plan = problem.network, problem.plan
    if q.kind is QuantityKind.RIGHT_VALUE:
        return "What it should be"
    if q.kind in _STATE or (q.updated and q.kind in (QuantityKind.WEIGHT, QuantityKind.BIAS)):
        return STEPS_OF[plan.optimizer]
    if plan.examples > 1 and not q.example:
        return "Mean loss after the update" if q.updated else "Means over the examples"
    if q.updated:
        return "Check run"
    if chained(plan):
        several = len(chained(plan)) > 1
        return ("The whole chains" if several else "The whole chain") if q.kind in _GRADIENTS else _LINKS
    if q.kind is QuantityKind.RATIO:
        return "How much of δ is left"
    return _of_one_run(q, net)


_LINKS = "The links of the chain"


def _of_one_run(q: Quantity, net: Network) -> str:
    forward, one_output = (
        q.kind in (QuantityKind.PRE_ACTIVATION, QuantityKind.ACTIVATION),
        len(net.outputs) == 1,
    )
    if forward or q.kind is QuantityKind.LOSS:
        # A single loss is one short line, and stands beside the activation that it judges.
        return "Forward pass and loss" if one_output else "Forward pass" if forward else "Loss"
    if q.kind in _GRADIENTS:
        return "Gradients"
    if q.unit in net.outputs:
        return "Output deltas" if len(net.outputs) > 1 else "Output delta"
    return "Hidden deltas" if len(net.computing) - len(net.outputs) > 1 else "Hidden delta"


def group_key(problem: Problem, step: Step) -> tuple[int, str]:
    """Which lines of a section stand together: those of one layer (-1 where none matters) and one noun."""
    q, net = step.quantity, problem.network
    if step.link is Link.UPDATE and problem.plan.optimizer != "gradient-descent":
        return -1, _noun(problem, step)
    if q.kind is QuantityKind.RATIO:
        along = q.unit == net.layers[1][0] and q.source == net.layers[-1][0]
        return -1, WHOLE_WAY if along and len(net.layers) > 3 else ""  # noqa: PLR2004 - two hidden layers
    layer = net.layer_of(q.unit) if q.unit and q.kind is not QuantityKind.LOSS else -1
    deep = 0 < layer < len(net.layers) - 1 > 2  # noqa: PLR2004 - two hidden layers or more
    if (
        deep
        and len(net.layers[layer]) == 1
        and q.kind in (QuantityKind.LOSS_SLOPE, QuantityKind.ACTIVATION_SLOPE, QuantityKind.DELTA)
    ):
        return layer, ""  # three lines of a layer with one unit need no captions of their own
    return layer, _noun(problem, step)


WHOLE_WAY = "by what factor has δ shrunk on the whole way, from the output to the first hidden layer?"


def caption(net: Network, layer: int, noun: str, *, many: bool, several: bool) -> str:
    """The caption of a group; `several`: whether the section has lines of other layers too."""
    words = [_PLURAL.get(noun, noun) if many else noun]
    if several and layer >= 0:
        words.insert(0, layer_name(net, layer))
    text = ": ".join(word for word in words if word)
    return text[:1].upper() + text[1:]


def _noun(problem: Problem, step: Step) -> str:
    """Say what the lines of a group are; empty where the section's title says it."""
    q, net, plan = step.quantity, problem.network, problem.plan
    if q.kind in _STATE:
        return _state_noun(q.kind, plan.optimizer)
    if chained(plan) or q.kind in (*_GRADIENTS, QuantityKind.RIGHT_VALUE):  # the last gives nothing away
        return ""
    paths = q.unit and q.unit not in net.outputs and len(net.downstream(q.unit)) > 1
    match q.kind:
        case QuantityKind.LOSS:
            mean = "mean " if plan.examples > 1 and not q.example else ""
            many = "loss of each output" if q.unit else f"{mean or 'total '}loss"
            return many if len(net.outputs) > 1 else f"{mean}loss"
        case QuantityKind.LOSS_SLOPE:
            hidden = "loss slope along each path" if q.via else "sum over the paths"
            return hidden if paths else str(Link.LOSS_SLOPE)
        case QuantityKind.DELTA:
            return "delta"
        case QuantityKind.WEIGHT | QuantityKind.BIAS:
            return "" if plan.optimizer == "gradient-descent" else "new value"
    return str(step.link)


def _state_noun(kind: QuantityKind, optimizer: OptimizerName) -> str:
    if optimizer == "momentum":
        return "velocity"
    if optimizer == "rmsprop":
        return "mean of the squares"
    moment = "first moment" if kind in (QuantityKind.MOMENT, QuantityKind.MOMENT_HAT) else "second moment"
    return (
        f"{moment}, corrected"
        if kind in (QuantityKind.MOMENT_HAT, QuantityKind.SECOND_MOMENT_HAT)
        else moment
    )


def step_name(problem: Problem, q: Quantity) -> str:
    """What kind of step a line is, in words for people: for a warm-up not the link of a network's chain."""
    return warmup.step_name(q) if problem.plan.function else str(problem.graph.by_quantity[q].link)


def link_name(name: str, link: str) -> str:
    """The same of a line in a report, by its canonical name and its link."""
    q = parse_name(name)
    return warmup.step_name(q) if q is not None and q.kind in _IN_WARM_UPS else link


def layer_name(net: Network, layer: int) -> str:
    """Say what a layer is called on a page."""
    if layer == 0:
        return "inputs"
    if layer == len(net.layers) - 1:
        return "output layer"
    return "hidden layer" if len(net.layers) == 3 else f"hidden layer {layer}"  # noqa: PLR2004 - only one
