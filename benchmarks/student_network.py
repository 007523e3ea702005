"""The network as a simulated student knows it: the lines of the sheet and the right formula of each.

Written for judging a grader, so it imports nothing from the project; the formulas are its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable  # noqa: TC003
from dataclasses import dataclass
from functools import lru_cache

LINKS = {
    "a": "weighted sum", "y": "activation", "loss": "loss", "total": "loss", "loss slope": "loss slope",
    "slope": "activation slope", "output delta": "output delta", "path": "hidden delta",
    "sum": "hidden delta",
    "hidden delta": "hidden delta", "dW": "gradient", "db": "gradient", "W": "update", "b": "update",
}  # fmt: skip
SQUARES = {"half-squared-error": 0.5, "squared-error": 1.0, "mean-squared-error": 1.0}


@dataclass(frozen=True)
class Line:
    """One line of the sheet; `kind` is a key of LINKS, `source` a weight's lower unit, `to` a path's end."""

    name: str
    kind: str
    unit: int = 0
    source: int = 0
    to: int = 0
    check: bool = False

    @property
    def link(self) -> str:
        """The kind of chain-rule step."""
        return LINKS[self.kind]


def weight(i: int, j: int) -> str:
    """The canonical name of the weight from unit i to unit j."""
    return f"W{i}_{j}" if max(i, j) > 9 else f"W{i}{j}"


class Plan:
    """Everything about a problem except its numbers, under the convention that the student works by."""

    def __init__(self, shape: tuple[int, ...], activations: tuple[str, ...], loss: str, bias: bool | str,  # noqa: FBT001, PLR0913, PLR0917
                 sign: int, keeps_slope_out: bool) -> None:  # noqa: FBT001  # fmt: skip
        """Lay out units and lines."""
        self.loss, self.bias, self.sign, self.keeps_slope_out = loss, bias, sign, keeps_slope_out
        starts = [1 + sum(shape[:n]) for n in range(len(shape))]
        self.layers = [tuple(range(start, start + size)) for start, size in zip(starts, shape, strict=True)]
        self.depth = {unit: n for n, layer in enumerate(self.layers) for unit in layer}
        self.inputs, self.outputs = self.layers[0], self.layers[-1]
        self.hidden = tuple(unit for layer in self.layers[1:-1] for unit in layer)
        self.activation = {unit: activations[n - 1] for unit, n in self.depth.items() if n}
        self.half = SQUARES.get(loss, 1.0) / (len(self.outputs) if loss == "mean-squared-error" else 1)
        self.squared = loss in SQUARES
        self.lines = self._forward() + self._backward() + self._updates() + self._forward(check=True)
        self.line = {line.name: line for line in self.lines}
        self.order = {line.name: n for n, line in enumerate(self.lines)}
        self.children: dict[str, list[str]] = {line.name: [] for line in self.lines}
        for line in self.lines:
            for parent in Tracer(self).parents(line):
                if parent in self.children:
                    self.children[parent].append(line.name)

    def sources(self, unit: int) -> tuple[int, ...]:
        """The units that feed this one."""
        return self.layers[self.depth[unit] - 1]

    def targets(self, unit: int) -> tuple[int, ...]:
        """The units that this one feeds."""
        return self.layers[self.depth[unit] + 1]

    def place(self, unit: int) -> int:
        """The position in its layer, from 0."""
        return self.layers[self.depth[unit]].index(unit)

    def neighbour(self, unit: int) -> int | None:
        """The next unit of the same layer (the first after the last); None if it is alone."""
        layer = self.layers[self.depth[unit]]
        return layer[(self.place(unit) + 1) % len(layer)] if len(layer) > 1 else None

    def crossed(self, i: int, j: int) -> tuple[int, int] | None:
        """Source and destination after the weight matrix of a square layer has been transposed."""
        lower, upper = self.layers[self.depth[i]], self.layers[self.depth[j]]
        return (lower[self.place(j)], upper[self.place(i)]) if len(lower) == len(upper) > 1 else None

    def _forward(self, *, check: bool = False) -> list[Line]:
        new = "_new" if check else ""
        lines = []
        for unit in self.activation:
            lines += [
                Line(f"a{unit}{new}", "a", unit, check=check),
                Line(f"y{unit}{new}", "y", unit, check=check),
            ]
        if len(self.outputs) == 1:
            return [*lines, Line(f"E{new}", "loss", self.outputs[0], check=check)]
        lines += [Line(f"E{k}{new}", "loss", k, check=check) for k in self.outputs]
        return [*lines, Line(f"E{new}", "total", check=check)]

    def _backward(self) -> list[Line]:
        lines = []
        for k in self.outputs:
            lines += [Line(f"dE_dy{k}", "loss slope", k), Line(f"dy{k}_da{k}", "slope", k),
                      Line(f"delta{k}", "output delta", k)]  # fmt: skip
        for layer in reversed(self.layers[1:-1]):
            for j in layer:
                ends = self.targets(j)
                if len(ends) == 1:
                    lines.append(Line(f"dE_dy{j}", "path", j, to=ends[0]))
                else:
                    lines += [Line(f"dE_dy{j}_via{k}", "path", j, to=k) for k in ends]
                    lines.append(Line(f"dE_dy{j}", "sum", j))
                lines += [Line(f"dy{j}_da{j}", "slope", j), Line(f"delta{j}", "hidden delta", j)]
        return lines

    def _updates(self) -> list[Line]:
        pairs = [(i, j) for j in self.activation for i in self.sources(j)]
        units = list(self.activation) if self.bias is True else []
        lines = [Line(f"dE_d{weight(i, j)}", "dW", j, i) for i, j in pairs]
        lines += [Line(f"dE_db{j}", "db", j) for j in units]
        lines += [Line(f"{weight(i, j)}_new", "W", j, i) for i, j in pairs]
        return lines + [Line(f"b{j}_new", "b", j) for j in units]


@lru_cache(maxsize=512)
def _plan(*key: object) -> Plan:
    return Plan(*key)  # type: ignore[arg-type]


def plan_of(problem: dict, convention: str = "") -> Plan:
    """The plan of a problem given as a plain dict, for a student who works by `convention`, or several joined by +."""
    parts = convention.split("+")
    shape = tuple(problem["shape"])
    named = problem["activation"]
    activations = (named,) * (len(shape) - 1) if isinstance(named, str) else tuple(named)
    sign = 1 if problem.get("delta", "gradient") == "gradient" else -1
    loss = problem["loss"]
    if "other-sign" in parts:
        sign = -sign
    if "other-factor" in parts:
        loss = "squared-error" if loss == "half-squared-error" else "half-squared-error"
    return _plan(shape, activations, loss, problem.get("bias", True), sign, "delta-is-dE-dy" in parts)


class Desk:
    """A place to compute at: numbers are looked up with `v`; all formulas, right and wrong, go through it."""

    def __init__(self, plan: Plan, given: dict[str, float]) -> None:
        """Put the given numbers on the desk."""
        self.plan, self.given, self.check = plan, given, False
        self.s, self.eta = plan.sign, given.get("eta", 0.5)

    def v(self, name: str) -> float:
        """The number that this desk has for a quantity."""
        raise NotImplementedError

    def inner(self, value: float) -> float:
        """A partial product, rounded if the student writes such things down."""
        return value

    def aside(self, value: float) -> float:
        """A number worked out early or on scrap paper, rounded as any written line."""
        return value

    def compute(self, line: Line, formula: Callable[[Desk, Line], float | None]) -> float | None:
        """The formula's value at a line; None where it does not fit the structure or the numbers."""
        before, self.check = self.check, line.check
        try:
            value = formula(self, line)
        except (ArithmeticError, ValueError):
            value = None
        self.check = before
        return value if value is not None and abs(value) < 1e9 else None

    def prod(self, *factors: float) -> float:
        """A product from the left, every partial product through `inner`."""
        value = factors[0] * factors[1]
        for factor in factors[2:]:
            value = self.inner(value) * factor
        return value

    def term(self, *factors: float) -> float:
        """A product that stands in a sum."""
        return self.inner(self.prod(*factors))

    def w(self, i: int, j: int) -> float:
        """The weight of the present run (the updated one in the check run)."""
        return self.v(weight(i, j) + ("_new" if self.check else ""))

    def old_w(self, i: int, j: int) -> float:
        """The weight as given."""
        return self.v(weight(i, j))

    def b(self, j: int) -> float:
        """The bias of the present run; 0 if there is none."""
        if not self.plan.bias:
            return 0.0
        return self.v(f"b{j}_new" if self.check and self.plan.bias is True else f"b{j}")

    def a(self, j: int) -> float:
        """The weighted sum of the present run."""
        return self.v(f"a{j}_new" if self.check else f"a{j}")

    def o(self, i: int) -> float:
        """The output of a unit in the present run; for an input, the input."""
        if i in self.plan.inputs:
            return self.v(f"x{i}")
        return self.v(f"y{i}_new" if self.check else f"y{i}")

    def t(self, k: int) -> float:
        """The target."""
        return self.v(f"t{k}")

    def slope(self, j: int) -> float:
        """The slope of the activation, as on its line."""
        return self.v(f"dy{j}_da{j}")

    def up(self, j: int) -> float:
        """The gradient with respect to a unit's output, as on its line."""
        return self.v(f"dE_dy{j}")

    def d(self, j: int) -> float:
        """The delta with the slope in it, whether or not the student's line has it."""
        value = self.v(f"delta{j}")
        return self.inner(value * self.slope(j)) if self.plan.keeps_slope_out else value

    def dot(self, j: int, bias: float | None = None) -> float:
        """The weighted sum into a unit."""
        total = sum(self.term(self.w(i, j), self.o(i)) for i in self.plan.sources(j))
        return total + (self.b(j) if bias is None else bias)


class Tracer(Desk):
    """A desk where every number is 0.5 and each look-up is noted: for finding out what a formula uses."""

    def __init__(self, plan: Plan) -> None:
        """Start with nothing seen."""
        super().__init__(plan, {})
        self.seen: dict[str, None] = {}

    def v(self, name: str) -> float:
        """0.5, noted."""
        self.seen[name] = None
        return 0.5

    def parents(self, line: Line) -> list[str]:
        """The quantities that the right formula of a line uses."""
        self.seen = {}
        self.compute(line, right)
        return list(self.seen)


def sigmoid(a: float) -> float:
    """The logistic function."""
    return 1.0 / (1.0 + math.exp(-max(a, -700.0)))


def activate(kind: str, a: float) -> float:
    """The activation function by name."""
    if kind == "sigmoid":
        return sigmoid(a)
    return math.tanh(a) if kind == "tanh" else max(a, 0.0) if kind == "relu" else a


def slope_of(kind: str, a: Callable[[], float], y: Callable[[], float]) -> float:
    """The slope of an activation function; a and y are looked up only if needed."""
    if kind == "sigmoid":
        return y() * (1.0 - y())
    if kind == "tanh":
        return 1.0 - y() ** 2
    return 1.0 if kind == "linear" or a() > 0 else 0.0


def log(value: float) -> float:
    """The natural logarithm, kept finite."""
    return math.log(max(value, 1e-12))


def loss_term(c: Desk, k: int) -> float:
    """The loss of one output."""
    y, t = c.o(k), c.t(k)
    if not c.plan.squared:
        return -(c.term(t, log(y)) + c.term(1 - t, log(1 - y)))
    return c.plan.half * c.inner((t - y) ** 2)


def loss_slope(c: Desk, k: int) -> float:
    """The derivative of the loss with respect to one output."""
    y, t = c.o(k), c.t(k)
    if c.plan.squared:
        return 2 * c.plan.half * (y - t)
    return (y - t) / max(c.inner(y * (1 - y)), 1e-12)


def right(c: Desk, q: Line) -> float:
    """The right formula of a line."""
    return _RIGHT[q.kind](c, q)


def _delta(c: Desk, q: Line) -> float:
    return c.s * c.up(q.unit) * (1.0 if c.plan.keeps_slope_out else c.slope(q.unit))


def _gradient_name(q: Line) -> str:
    return "dE_d" + q.name.removesuffix("_new")


_RIGHT: dict[str, Callable[[Desk, Line], float]] = {
    "a": lambda c, q: c.dot(q.unit),
    "y": lambda c, q: activate(c.plan.activation[q.unit], c.a(q.unit)),
    "loss": lambda c, q: loss_term(c, q.unit),
    "total": lambda c, q: sum(c.v(f"E{k}_new" if q.check else f"E{k}") for k in c.plan.outputs),
    "loss slope": lambda c, q: loss_slope(c, q.unit),
    "slope": lambda c, q: slope_of(c.plan.activation[q.unit], lambda: c.a(q.unit), lambda: c.o(q.unit)),
    "output delta": _delta,
    "path": lambda c, q: c.s * c.w(q.unit, q.to) * c.d(q.to),
    "sum": lambda c, q: sum(c.v(f"dE_dy{q.unit}_via{k}") for k in c.plan.targets(q.unit)),
    "hidden delta": _delta,
    "dW": lambda c, q: c.s * c.d(q.unit) * c.o(q.source),
    "db": lambda c, q: c.s * c.d(q.unit),
    "W": lambda c, q: c.old_w(q.source, q.unit) - c.term(c.eta, c.v(_gradient_name(q))),
    "b": lambda c, q: c.v(f"b{q.unit}") - c.term(c.eta, c.v(_gradient_name(q))),
}
