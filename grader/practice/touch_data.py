"""What the figures to touch are made of: formulas of activations, a parabola, and small networks. All as trees."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from answer_keys.problems import load
from exercises.formulas.derivative import derivative
from exercises.formulas.formula import HALF, Symbol, product
from exercises.formulas.quantity import ETA, QuantityKind, a, weight, y
from exercises.networks.activations import ACTIVATIONS
from exercises.networks.network import Network
from exercises.problems.problem import Problem
from exercises.problems.specification import Specification
from grader.practice import mathml, page_data

Plain = dict[str, Any]
_BALL = weight(1, 2)
LOWEST = 3  # where the ball comes to rest
DEEP = (1, 1, 1, 1, 1, 1)
_USUAL = {
    QuantityKind.INPUT: "0.8",
    QuantityKind.TARGET: "0.9",
    QuantityKind.WEIGHT: "1",
    QuantityKind.BIAS: "0",
}


def figures() -> Plain:
    """Everything that the figures need beside the exercise that is open."""
    return {
        "activations": [_activation(entry) for entry in ACTIVATIONS],
        "ball": _ball(),
        "deep": {name: page_data.watched(_deep(name)) for name in ("sigmoid", "tanh", "relu")},
        "dead": page_data.watched(_dead()),
        "two": page_data.watched(load("mazur-2-2-2")),
    }


def _activation(entry: Any) -> Plain:
    """An activation and its slope, both of a."""
    at = Symbol(a(1))
    value = entry.value(at)
    return {
        "name": entry.name,
        "value": mathml.tree(value),
        "slope": mathml.tree(entry.slope(at, Symbol(y(1)))),
        "formula": mathml.math(mathml.formula(value, _letters)),
        "note": entry.note,
    }


def _letters(q: Any) -> Any:
    from exercises.formulas.label import Glyph, Label

    return Label(Glyph(str(q.kind)))


def _ball() -> Plain:
    """E = ½(W − 3)², its slope, and one step of descent on it."""
    w = Symbol(_BALL)
    loss = product([HALF, (w - LOWEST) ** 2])
    step = w - product([Symbol(ETA), derivative(loss, _BALL)])
    return {
        "name": _BALL.name,
        "loss": mathml.tree(loss),
        "slope": mathml.tree(derivative(loss, _BALL)),
        "step": mathml.tree(step),
    }


def _deep(activation: str) -> Problem:
    """Five layers of one unit each."""
    return _plain(Network(DEEP, (activation,) * (len(DEEP) - 1), "half-squared-error", "no"), {})


def _dead() -> Problem:
    """Two units that may be off, one of which is."""
    network = Network((2, 2, 1), ("relu", "linear"), "half-squared-error", "yes")
    values = {
        "x2": "0.5",
        "W13": "0.6",
        "W23": "0.4",
        "W14": "-0.9",
        "W24": "0.3",
        "W35": "0.7",
        "W45": "0.5",
        "eta": "0.5",
    }
    return _plain(network, values)


def _plain(network: Network, said: dict[str, str]) -> Problem:
    """A problem of these numbers, and usual ones for the rest."""
    spare = Specification(network, {})
    values = {q: Decimal(said.get(q.name, _USUAL.get(q.kind, "0.5"))) for q in spare.graph.given}
    return Problem.of(Specification(network, values))
