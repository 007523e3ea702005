"""Wrong formulas of the forward pass and of the two slopes, on the student's own numbers.

`c` is the desk (see `student_network.Desk`), `q` the line. A formula gives None where the mistake cannot
be made. Left out: softmax (not simulated), degrees (no trigonometric function here).
"""

# ruff: noqa: D103, ARG005, ARG001 - noun phrases; all formulas take the same arguments
from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from benchmarks.student_network import Desk, Line, log, loss_slope, loss_term, right, sigmoid

Formula = Callable[[Desk, Line], "float | None"]


def weighted(
    c: Desk, j: int, weights: Iterable[float], outputs: Iterable[float], bias: float | None = None
) -> float:
    total = sum(c.term(w, o) for w, o in zip(weights, outputs, strict=True))
    return total + (c.b(j) if bias is None else bias)


def weights_of(c: Desk, q: Line) -> list[float]:
    return [c.w(i, q.unit) for i in c.plan.sources(q.unit)]


def outputs_of(c: Desk, q: Line) -> list[float]:
    return [c.o(i) for i in c.plan.sources(q.unit)]


def is_deep(c: Desk, unit: int) -> bool:
    """Whether the unit is fed by hidden units."""
    return c.plan.depth[unit] > 1


def other_unit(c: Desk, j: int) -> int:
    """A unit of another layer: the first it feeds, or for an output the first that feeds it (0: none)."""
    if j in c.plan.outputs:
        return c.plan.sources(j)[0] if is_deep(c, j) else 0
    return c.plan.targets(j)[0]


def rival_of(c: Desk, j: int, use: Callable[[int], float]) -> float | None:
    rival = c.plan.neighbour(j)
    return None if rival is None else use(rival)


def _transposed(c: Desk, q: Line) -> float | None:
    pairs = [c.plan.crossed(i, q.unit) for i in c.plan.sources(q.unit)]
    return (
        None
        if None in pairs
        else weighted(c, q.unit, [c.w(*pair) for pair in pairs if pair], outputs_of(c, q))
    )


def _other_bias(c: Desk, q: Line) -> float | None:
    other = c.plan.neighbour(q.unit) or other_unit(c, q.unit)
    return c.dot(q.unit, c.b(other)) if c.plan.bias and other else None


def _inputs_again(c: Desk, q: Line) -> float | None:
    n = len(c.plan.sources(q.unit))
    if not is_deep(c, q.unit) or n > len(c.plan.inputs):
        return None
    return weighted(c, q.unit, weights_of(c, q), [c.o(i) for i in c.plan.inputs[:n]])


def _unsquashed(c: Desk, q: Line) -> float | None:
    return (
        weighted(c, q.unit, weights_of(c, q), [c.a(i) for i in c.plan.sources(q.unit)])
        if is_deep(c, q.unit)
        else None
    )


def several(c: Desk, q: Line) -> bool:
    return len(c.plan.sources(q.unit)) > 1


def _old_weights(c: Desk, q: Line, keep: int = 0) -> float | None:
    """The check run with old weights but for the first `keep`, and the old bias."""
    if not q.check:
        return None
    sources = c.plan.sources(q.unit)
    mixed = [c.w(i, q.unit) if n < keep else c.old_w(i, q.unit) for n, i in enumerate(sources)]
    return weighted(c, q.unit, mixed, outputs_of(c, q), c.v(f"b{q.unit}") if c.plan.bias else 0.0)


def _old_outputs(c: Desk, q: Line) -> float | None:
    if not q.check or not is_deep(c, q.unit):
        return None
    return weighted(c, q.unit, weights_of(c, q), [c.v(f"y{i}") for i in c.plan.sources(q.unit)])


SUMS: dict[str, Formula] = {
    "no-bias": lambda c, q: c.dot(q.unit, 0.0) if c.plan.bias else None,
    "transposed": _transposed,
    "first-input-only": lambda c, q: (
        c.prod(weights_of(c, q)[0], outputs_of(c, q)[0]) + c.b(q.unit) if several(c, q) else None),
    "last-input-only": lambda c, q: (
        c.prod(weights_of(c, q)[-1], outputs_of(c, q)[-1]) + c.b(q.unit) if several(c, q) else None),
    "inputs-swapped": lambda c, q: (
        weighted(c, q.unit, weights_of(c, q), outputs_of(c, q)[::-1]) if several(c, q) else None),
    "other-bias": _other_bias,
    "minus-bias": lambda c, q: c.dot(q.unit, -c.b(q.unit)) if c.plan.bias else None,
    "inputs-fed-again": _inputs_again,
    "activation-skipped-below": _unsquashed,
    "check-old-weights": _old_weights,
    "check-old-and-new-mixed": lambda c, q: _old_weights(c, q, 1),
    "check-old-bias": lambda c, q: (
        c.dot(q.unit, c.v(f"b{q.unit}")) if q.check and c.plan.bias is True else None),
    "check-old-hidden-outputs": _old_outputs,
}  # fmt: skip


def only_for(kinds: str, formula: Callable[[float], float]) -> Formula:
    """A function of the weighted sum, for units with one of these activations."""
    return lambda c, q: formula(c.a(q.unit)) if c.plan.activation[q.unit] in kinds.split() else None


ACTIVATIONS: dict[str, Formula] = {
    "left-out": only_for("sigmoid tanh", lambda a: a),
    "sign-of-exponent": only_for("sigmoid", lambda a: sigmoid(-a)),
    "reciprocal-lost": only_for("sigmoid", lambda a: 1 + math.exp(-a)),
    "exponential-only": only_for("sigmoid", lambda a: math.exp(-a)),
    "power-of-ten": only_for("sigmoid", lambda a: 1 / (1 + 10**-a)),
    "tanh-for-sigmoid": only_for("sigmoid", math.tanh),
    "sigmoid-for-tanh": only_for("tanh", sigmoid),
    "slope-for-value": lambda c, q: (
        sigmoid(c.a(q.unit)) * (1 - sigmoid(c.a(q.unit))) if c.plan.activation[q.unit] == "sigmoid"
        else 1 - math.tanh(c.a(q.unit)) ** 2 if c.plan.activation[q.unit] == "tanh" else None),
    "relu-not-clipped": only_for("relu", lambda a: a),
    "relu-for-it": only_for("sigmoid tanh", lambda a: max(a, 0.0)),
}  # fmt: skip


def error(c: Desk, k: int) -> float:
    return c.o(k) - c.t(k)


def if_squared(formula: Formula) -> Formula:
    return lambda c, q: formula(c, q) if c.plan.squared else None


def if_entropy(formula: Formula) -> Formula:
    return lambda c, q: None if c.plan.squared else formula(c, q)


def _parts(c: Desk, q: Line) -> list[float]:
    return [c.v(f"E{k}_new" if q.check else f"E{k}") for k in c.plan.outputs]


def _loss_of_old(c: Desk, q: Line) -> float | None:
    if not q.check:
        return None
    c.check = False  # the desk sets it back
    return sum(_parts(c, Line("E", "total"))) if q.kind == "total" else loss_term(c, q.unit)


LOSSES: dict[str, Formula] = {
    "half-wrong": if_squared(lambda c, q: error(c, q.unit) ** 2 * (0.5 if c.plan.half == 1 else 1)),
    "not-squared": if_squared(lambda c, q: c.plan.half * -error(c, q.unit)),
    "absolute": if_squared(lambda c, q: c.plan.half * abs(error(c, q.unit))),
    "bare-error": if_squared(lambda c, q: -error(c, q.unit)),
    "log-ten": if_entropy(lambda c, q: loss_term(c, q.unit) / math.log(10)),
    "sign": if_entropy(lambda c, q: -loss_term(c, q.unit)),
    "second-term-lost": if_entropy(lambda c, q: -c.t(q.unit) * log(c.o(q.unit))),
    "check-old-output": _loss_of_old,
}
TOTALS: dict[str, Formula] = {
    "first-output-only": lambda c, q: _parts(c, q)[0],
    "last-output-only": lambda c, q: _parts(c, q)[-1],
    "averaged": lambda c, q: sum(_parts(c, q)) / len(_parts(c, q)),
    "square-of-sum": if_squared(lambda c, q: c.plan.half * sum(error(c, k) for k in c.plan.outputs) ** 2),
    "check-old-losses": _loss_of_old,
}
LOSS_SLOPES: dict[str, Formula] = {
    "two-kept": if_squared(lambda c, q: (2 if c.plan.half == 0.5 else 1) * error(c, q.unit)),
    "half-kept": if_squared(lambda c, q: c.plan.half * error(c, q.unit)),
    "sign": lambda c, q: -loss_slope(c, q.unit),
    "times-output": if_squared(lambda c, q: -2 * error(c, q.unit) * c.o(q.unit)),
    "other-target": lambda c, q: rival_of(c, q.unit, lambda m: (c.o(q.unit) - c.t(m)) * (
        2 * c.plan.half if c.plan.squared else 1 / max(c.o(q.unit) * (1 - c.o(q.unit)), 1e-12))),
    "loss-for-error": lambda c, q: c.v(f"E{q.unit}" if len(c.plan.outputs) > 1 else "E"),
    "total-loss-for-error": lambda c, q: c.v("E") if len(c.plan.outputs) > 1 else None,
    "denominator-lost": if_entropy(lambda c, q: error(c, q.unit)),
}  # fmt: skip


def curved(formula: Formula) -> Formula:
    return lambda c, q: formula(c, q) if c.plan.activation[q.unit] in ("sigmoid", "tanh") else None


def _own(kind: str, formula: Formula) -> Formula:
    return lambda c, q: formula(c, q) if c.plan.activation[q.unit] == kind else None


def _like_slope(c: Desk, q: Line, other: int) -> float | None:
    """The slope of this unit's function, at another unit's numbers."""
    return None if not other else c.compute(Line("", "slope", other), right)


SLOPES: dict[str, Formula] = {
    "of-weighted-sum": curved(lambda c, q: (
        c.a(q.unit) * (1 - c.a(q.unit)) if c.plan.activation[q.unit] == "sigmoid" else 1 - c.a(q.unit) ** 2)),
    "squashed-twice": curved(lambda c, q: (
        sigmoid(c.o(q.unit)) * (1 - sigmoid(c.o(q.unit))) if c.plan.activation[q.unit] == "sigmoid"
        else 1 - math.tanh(c.o(q.unit)) ** 2)),
    "one-minus-y": curved(lambda c, q: 1 - c.o(q.unit)),
    "y-only": curved(lambda c, q: c.o(q.unit)),
    "tanh-for-sigmoid": _own("sigmoid", lambda c, q: 1 - c.o(q.unit) ** 2),
    "sigmoid-for-tanh": _own("tanh", lambda c, q: c.o(q.unit) * (1 - c.o(q.unit))),
    "other-unit": lambda c, q: _like_slope(c, q, c.plan.neighbour(q.unit) or 0),
    "other-layer": lambda c, q: _like_slope(c, q, other_unit(c, q.unit)),
    "times-a": curved(lambda c, q: right(c, q) * c.a(q.unit)),
    "relu-always-one": _own("relu", lambda c, q: 1.0),
    "relu-is-a": _own("relu", lambda c, q: c.a(q.unit)),
    "squared": curved(lambda c, q: right(c, q) ** 2),
}  # fmt: skip
