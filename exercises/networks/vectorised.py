"""Many formulas at once, on many problems at once.

The formulas of an exercise share most of their parts. They are gathered into one graph without repetition and
put in layers; all nodes of a layer that do the same thing are computed together, on arrays of shape
(nodes, problems). What "computed" means is the business of a machine: numbers here, intervals elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from exercises.formulas.formula import Apply, Formula, Negative, Number, Power, Sum, Symbol, children
from exercises.formulas.portable_math import SteadyAlgebra

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from fractions import Fraction

    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import StepGraph

Array = Any


@dataclass(frozen=True, slots=True)
class Operation:
    """What a node does with its operands.

    node:   the type of formula; `Symbol` for a line that passes on what its formula gave.
    detail: the function, the exponent, the constant or the quantity, where there is one.
    inner:  for each operand whether it is a result that a person may have rounded on the way.
    """

    node: type[Formula]
    detail: object = None
    inner: tuple[bool, ...] = ()

    @property
    def is_inner(self) -> bool:
        """Whether the result is one that a person may round on the way to another: no mere sum or sign."""
        if self.node in (Sum, Negative):
            return any(self.inner)
        return self.node not in (Symbol, Number)


@dataclass(frozen=True, slots=True)
class NodeGroup:
    """Nodes of one layer that do the same thing; `operands` holds the places of each operand."""

    operation: Operation
    out: Array
    operands: tuple[Array, ...]


class NodeValues(Protocol):
    """Holds a value for each node and each problem, and computes groups of them."""

    def constant(self, node: int, value: Fraction) -> None:
        """Put a constant of a formula into its place."""
        ...

    def given(self, node: int, q: Quantity) -> None:
        """Put a given quantity into its place."""
        ...

    def line(self, node: int, q: Quantity, formulas: tuple[int, ...]) -> None:
        """Put what later formulas find for a line, from its own formula and those that are as right."""
        ...

    def compute(self, group: NodeGroup) -> None:
        """Compute some nodes."""
        ...


class VectorisedFormulas:
    """The formulas of a graph's lines, and others on the same quantities, laid out to be computed together.

    lines: for each line the places of its formula and of those that are just as right.
    roots: the places of the other formulas, in their order.
    """

    def __init__(self, graph: StepGraph, others: Iterable[Formula] = ()) -> None:
        self._places: dict[tuple[Operation, tuple[int, ...]], int] = {}
        self._nodes: list[tuple[Operation, tuple[int, ...]]] = []
        self._layer: list[int] = []
        self.symbols: dict[Quantity, int] = {q: self._place(Operation(Symbol, q)) for q in graph.given}
        self._given = dict(self.symbols)
        self.lines: dict[Quantity, tuple[int, ...]] = {}
        for step in graph.steps:
            places = tuple(self.add(f) for f in (step.formula, *step.alternatives))
            self.lines[step.quantity] = places
            self.symbols[step.quantity] = self._place(Operation(Symbol, step.quantity), places)
        self.roots = [self.add(f) for f in others]
        self.size = len(self._nodes)
        self._program = self._grouped()

    def add(self, formula: Formula) -> int:
        """The place of a formula; the same formula has one place."""
        if isinstance(formula, Symbol):
            return self.symbols[formula.quantity]
        parts = tuple(self.add(part) for part in children(formula))
        detail: object = None
        match formula:
            case Number(value):
                detail = value
            case Power(_, exponent):
                detail = exponent
            case Apply(function, _):
                detail = function
        inner = tuple(self._nodes[p][0].is_inner for p in parts)
        return self._place(Operation(type(formula), detail, inner), parts)

    def _place(self, operation: Operation, operands: tuple[int, ...] = ()) -> int:
        key = (operation, operands)
        if key not in self._places:
            self._places[key] = len(self._nodes)
            self._nodes.append(key)
            self._layer.append(1 + max((self._layer[p] for p in operands), default=-1))
        return self._places[key]

    def _grouped(self) -> list[NodeGroup]:
        groups: dict[tuple[int, int, Operation], list[int]] = defaultdict(list)
        for place, (operation, operands) in enumerate(self._nodes):
            if operands:
                groups[self._layer[place], len(operands), operation].append(place)
        return [
            NodeGroup(
                operation,
                np.array(places),
                tuple(np.array([self._nodes[p][1][i] for p in places]) for i in range(count)),
            )
            for (_, count, operation), places in sorted(groups.items(), key=lambda item: item[0][0])
        ]

    def run(self, machine: NodeValues) -> None:
        """Compute every node."""
        for place, (operation, operands) in enumerate(self._nodes):
            if operation.node is Number:
                machine.constant(place, operation.detail)  # type: ignore[arg-type]
            elif not operands:
                machine.given(place, operation.detail)  # type: ignore[arg-type]
        for group in self._program:
            if group.operation.node is Symbol:
                (place,) = group.out
                q: Quantity = group.operation.detail  # type: ignore[assignment]
                machine.line(place, q, tuple(int(p[0]) for p in group.operands))
            else:
                machine.compute(group)


class NodeNumbers:
    """A machine of plain numbers, the same bits on every machine; `value` has the shape (nodes, problems)."""

    def __init__(self, tape: VectorisedFormulas, values: Mapping[Quantity, Array]) -> None:
        self._given = values
        count = len(next(iter(values.values())))
        self.value = np.empty((tape.size, count))
        self._algebra = SteadyAlgebra()
        with np.errstate(all="ignore"):
            tape.run(self)

    def constant(self, node: int, value: Fraction) -> None:
        """Put a constant of a formula into its place."""
        self.value[node] = self._algebra.number(value)

    def given(self, node: int, q: Quantity) -> None:
        """Put a given quantity into its place."""
        self.value[node] = self._given[q]

    def line(self, node: int, q: Quantity, formulas: tuple[int, ...]) -> None:
        """A line passes on what its formula gave."""
        del q
        self.value[node] = self.value[formulas[0]]

    def compute(self, group: NodeGroup) -> None:
        """Compute some nodes."""
        self.value[group.out] = combine(group, self._algebra, [self.value[p] for p in group.operands])


def combine(group: NodeGroup, algebra: Any, operands: list[Any]) -> Any:
    """Do with the operands what the nodes of a group do, by an algebra."""
    detail: Any = group.operation.detail
    match group.operation.node.__name__:
        case "Sum":
            return algebra.add(operands)
        case "Product":
            return algebra.multiply(operands)
        case "Negative":
            return algebra.negative(operands[0])
        case "Quotient":
            return algebra.divide(*operands)
        case "Power":
            return algebra.power(operands[0], detail)
    return algebra.apply(detail, operands[0])
