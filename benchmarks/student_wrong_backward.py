"""Wrong formulas of the backward pass and the update; mistakes unlikely to be in any catalogue (EXOTIC)."""

# ruff: noqa: D103, PLW0108, ARG005 - noun phrases; all formulas take the same arguments
from __future__ import annotations

import math
from collections.abc import Callable  # noqa: TC003

from benchmarks.student_network import Desk, Line, right, weight
from benchmarks.student_wrong_forward import (
    Formula,
    curved,
    error,
    if_squared,
    is_deep,
    only_for,
    other_unit,
    outputs_of,
    rival_of,
    several,
    weights_of,
)

OUTPUT_DELTAS: dict[str, Formula] = {
    "slope-omitted": lambda c, q: c.s * c.up(q.unit),
    "as-cross-entropy": if_squared(lambda c, q: c.s * error(c, q.unit)),
    "extra-slope": curved(lambda c, q: c.s * c.prod(c.up(q.unit), c.slope(q.unit), c.slope(q.unit))),
    "sign": lambda c, q: -right(c, q),
    "other-slope": lambda c, q: rival_of(c, q.unit, lambda m: c.s * c.up(q.unit) * c.slope(m)),
}


def _updated(c: Desk, j: int, k: int) -> float:
    return c.aside(c.old_w(j, k) - c.eta * c.s * c.d(k) * c.o(j))


def _path_weight(use: Callable[[Desk, Line], float | None]) -> Formula:
    """A path with something else in the place of its weight."""

    def formula(c: Desk, q: Line) -> float | None:
        value = use(c, q)
        return None if value is None else c.s * value * c.d(q.to)

    return formula


def _crossed_weight(c: Desk, q: Line) -> float | None:
    pair = c.plan.crossed(q.unit, q.to)
    return c.w(*pair) if pair and pair != (q.unit, q.to) else None


def terms(c: Desk, q: Line) -> list[float]:
    return [c.v(f"dE_dy{q.unit}_via{k}") for k in c.plan.targets(q.unit)]


def _one_path_sloped(c: Desk, q: Line) -> float | None:
    if len(c.plan.targets(q.unit)) < 2:
        return None
    first, *rest = terms(c, q)
    return c.s * (c.term(first, c.slope(q.unit)) + sum(rest))


PATHS: dict[str, Formula] = {
    "updated-weight": _path_weight(lambda c, q: _updated(c, q.unit, q.to)),
    "weight-omitted": _path_weight(lambda c, q: 1.0),
    "error-not-delta": lambda c, q: c.w(q.unit, q.to) * c.up(q.to),
    "slope-above-again": lambda c, q: c.s * c.prod(c.w(q.unit, q.to), c.d(q.to), c.slope(q.to)),
    "transposed": _path_weight(_crossed_weight),
    "other-weight": _path_weight(lambda c, q: rival_of(c, q.unit, lambda m: c.w(m, q.to))),
    "incoming-weight": _path_weight(lambda c, q: c.w(c.plan.sources(q.unit)[0], q.unit)),
    "other-delta": lambda c, q: rival_of(c, q.to, lambda m: c.s * c.w(q.unit, q.to) * c.d(m)),
    "path-sign": lambda c, q: -right(c, q),
}
PATH_SUMS: dict[str, Formula] = {
    "first-path-only": lambda c, q: terms(c, q)[0],
    "last-path-only": lambda c, q: terms(c, q)[-1],
    "paths-averaged": lambda c, q: sum(terms(c, q)) / len(terms(c, q)),
    "path-counted-twice": lambda c, q: sum(terms(c, q)) + terms(c, q)[0],
    "path-subtracted": lambda c, q: 2 * terms(c, q)[0] - sum(terms(c, q)),
}
HIDDEN_DELTAS: dict[str, Formula] = {
    "slope-omitted": lambda c, q: c.s * c.up(q.unit),
    "slope-above-instead": lambda c, q: c.s * c.up(q.unit) * c.slope(c.plan.targets(q.unit)[0]),
    "slope-above-too": lambda c, q: (
        c.s * c.prod(c.up(q.unit), c.slope(q.unit), c.slope(c.plan.targets(q.unit)[0]))),
    "slope-on-one-path": _one_path_sloped,
    "sign": lambda c, q: -right(c, q),
    "other-slope": lambda c, q: rival_of(c, q.unit, lambda m: c.s * c.up(q.unit) * c.slope(m)),
}  # fmt: skip


def _crossed_gradient(c: Desk, q: Line) -> float | None:
    pair = c.plan.crossed(q.source, q.unit)
    return c.s * c.d(pair[1]) * c.o(pair[0]) if pair and pair != (q.source, q.unit) else None


def _always_inputs(c: Desk, q: Line) -> float | None:
    place = c.plan.place(q.source)
    if not is_deep(c, q.unit) or place >= len(c.plan.inputs):
        return None
    return c.s * c.d(q.unit) * c.o(c.plan.inputs[place])


def _other_layer_delta(c: Desk, q: Line) -> float | None:
    other = other_unit(c, q.unit)
    return c.s * c.d(other) * c.o(q.source) if other else None


def _shared(c: Desk, q: Line) -> float | None:
    first = c.plan.layers[c.plan.depth[q.unit]][0]
    return c.s * c.d(first) if q.unit != first else None


GRADIENTS: dict[str, Formula] = {
    "weighted-sum-upstream": lambda c, q: c.s * c.d(q.unit) * c.a(q.source) if is_deep(c, q.unit) else None,
    "neighbour-upstream": lambda c, q: rival_of(c, q.source, lambda m: c.s * c.d(q.unit) * c.o(m)),
    "output-downstream": lambda c, q: c.s * c.d(q.unit) * c.o(q.unit),
    "always-inputs": _always_inputs,
    "other-delta": lambda c, q: rival_of(c, q.unit, lambda m: c.s * c.d(m) * c.o(q.source)),
    "other-layer-delta": _other_layer_delta,
    "transposed": _crossed_gradient,
    "delta-alone": lambda c, q: c.s * c.d(q.unit),
    "slope-left-out": lambda c, q: c.up(q.unit) * c.o(q.source),
}
BOTH_GRADIENTS: dict[str, Formula] = {
    "extra-slope": lambda c, q: curved(lambda c, q: c.inner(right(c, q)) * c.slope(q.unit))(c, q),
    "eta-inside": lambda c, q: c.eta * c.inner(right(c, q)),
    "sign": lambda c, q: -right(c, q),
}
BIAS_GRADIENTS: dict[str, Formula] = {
    "bias-times-bias": lambda c, q: c.s * c.d(q.unit) * c.b(q.unit),
    "bias-zero": lambda c, q: 0.0,
    "bias-one": lambda c, q: 1.0,
    "bias-times-input": lambda c, q: c.s * c.d(q.unit) * c.o(c.plan.sources(q.unit)[0]),
    "bias-sum-of-weights": lambda c, q: sum(
        c.v("dE_d" + weight(i, q.unit)) for i in c.plan.sources(q.unit)),
    "bias-shared": _shared,
}  # fmt: skip


def old(c: Desk, q: Line) -> float:
    return c.v(q.name.removesuffix("_new"))


def grad(c: Desk, q: Line) -> float:
    return c.v("dE_d" + q.name.removesuffix("_new"))


def _neighbours_gradient(c: Desk, q: Line) -> float | None:
    def use(m: int) -> float:
        name = weight(m, q.unit) if q.kind == "W" else f"b{m}"
        return old(c, q) - c.term(c.eta, c.v(f"dE_d{name}"))

    return rival_of(c, q.source if q.kind == "W" else q.unit, use)


UPDATES: dict[str, Formula] = {
    "plus": lambda c, q: old(c, q) + c.term(c.eta, grad(c, q)),
    "no-eta": lambda c, q: old(c, q) - grad(c, q),
    "eta-twice": lambda c, q: old(c, q) - c.term(c.eta, c.eta, grad(c, q)),
    "divided-by-eta": lambda c, q: old(c, q) - c.inner(grad(c, q) / c.eta),
    "step-alone": lambda c, q: -c.eta * grad(c, q),
    "neighbours-gradient": _neighbours_gradient,
    "times-weight": lambda c, q: old(c, q) - c.term(c.eta, grad(c, q), old(c, q)),
    "hidden-not-updated": lambda c, q: None if q.unit in c.plan.outputs else old(c, q),
}
BIAS_UPDATES: dict[str, Formula] = {"bias-not-updated": lambda c, q: old(c, q)}


def _harmonic(c: Desk, q: Line) -> float | None:
    products = [w * o for w, o in zip(weights_of(c, q), outputs_of(c, q), strict=True)]
    return len(products) / sum(1 / p for p in products) + c.b(q.unit)


def _mean_output(c: Desk, q: Line) -> float:
    return sum(outputs_of(c, q)) / len(outputs_of(c, q))


EXOTIC: list[tuple[str, str, Formula]] = [
    ("weighted sum/mean-of-inputs", "a",
     lambda c, q: sum(weights_of(c, q)) * _mean_output(c, q) + c.b(q.unit)),
    ("weighted sum/harmonic-mean", "a", lambda c, q: _harmonic(c, q) if several(c, q) else None),
    ("weighted sum/bias-multiplied", "a",
     lambda c, q: c.dot(q.unit, 0.0) * c.b(q.unit) if c.plan.bias else None),
    ("weighted sum/product-of-inputs", "a", lambda c, q: (
        sum(weights_of(c, q)) * math.prod(outputs_of(c, q)) + c.b(q.unit) if several(c, q) else None)),
    ("activation/softsign", "y", only_for("sigmoid tanh", lambda a: a / (1 + abs(a)))),
    ("activation/half-plus-third", "y", only_for("sigmoid tanh", lambda a: 0.5 + a / 3)),
    ("loss/sqrt-of-error", "loss", lambda c, q: math.sqrt(abs(error(c, q.unit)))),
    ("loss/cube-third", "loss", lambda c, q: abs(error(c, q.unit)) ** 3 / 3),
    ("loss/relative-error", "loss", lambda c, q: abs(error(c, q.unit)) / max(abs(c.t(q.unit)), 0.01)),
    ("loss slope/t-plus-y", "loss slope", lambda c, q: c.t(q.unit) + c.o(q.unit)),
    ("loss slope/error-cubed", "loss slope", lambda c, q: error(c, q.unit) ** 3),
    ("activation slope/y(2-y)", "slope", curved(lambda c, q: c.o(q.unit) * (2 - c.o(q.unit)))),
    ("activation slope/y2(1-y)", "slope", curved(lambda c, q: c.o(q.unit) ** 2 * (1 - c.o(q.unit)))),
    ("output delta/slope-added", "output delta", lambda c, q: c.s * (c.up(q.unit) + c.slope(q.unit))),
    ("output delta/error-squared", "output delta", lambda c, q: c.s * c.up(q.unit) ** 2 * c.slope(q.unit)),
    ("output delta/divided-by-slope", "output delta",
     curved(lambda c, q: c.s * c.up(q.unit) / c.slope(q.unit))),
    ("hidden delta/slope-added", "hidden delta", lambda c, q: c.s * (c.up(q.unit) + c.slope(q.unit))),
    ("hidden delta/sqrt-of-slope", "hidden delta", curved(
        lambda c, q: c.s * c.up(q.unit) * math.sqrt(abs(c.slope(q.unit))))),
    ("hidden delta/weight-squared", "path", lambda c, q: c.s * c.w(q.unit, q.to) ** 2 * c.d(q.to)),
    ("hidden delta/paths-multiplied", "sum", lambda c, q: math.prod(terms(c, q))),
    ("gradient/delta-plus-output", "dW", lambda c, q: c.s * c.d(q.unit) + c.o(q.source)),
    ("gradient/delta-squared", "dW", lambda c, q: c.d(q.unit) ** 2 * c.o(q.source)),
    ("gradient/mean-of-outputs", "dW", lambda c, q: (
        c.s * c.d(q.unit) * _mean_output(c, q) if several(c, q) else None)),
    ("gradient/bias-halved", "db", lambda c, q: c.s * c.d(q.unit) / 2),
    ("update/averaged", "W b", lambda c, q: (old(c, q) + grad(c, q)) / 2),
    ("update/eta-squared-half", "W b", lambda c, q: old(c, q) - c.eta**2 / 2 * grad(c, q)),
    ("update/one-minus-eta", "W b", lambda c, q: old(c, q) * (1 - c.eta)),
    ("update/multiplied", "W b", lambda c, q: old(c, q) * (1 - c.eta * grad(c, q) ** 2)),
]  # fmt: skip
