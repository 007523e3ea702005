"""The given values as typed, in titled sets: what the templates print below the drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exercises import lettering, typeset
from exercises.quantity import ETA, Quantity, bias, t, weight, x
from exercises.sheet import layer_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.problem import Problem

ROOM = 176.0  # millimetres between the margins
SIZE = 3.53  # 10 points
COLUMNS = 7  # so that the widest row stays between the margins
TALLEST = 5  # rows of inputs, or of targets
TITLE, ROW, BELOW = 4.1, 5.0, 1.5  # heights
BETWEEN, AROUND = 2.6, 4.6  # space after a number; around a set


@dataclass(frozen=True, slots=True)
class Entry:
    """One given value: its label as HTML, its number as typed, how wide both are."""

    label: str
    number: str
    width: float


@dataclass(frozen=True, slots=True)
class Titled:
    """A titled set of values in rows."""

    title: str
    rows: tuple[tuple[Entry, ...], ...]

    @property
    def width(self) -> float:
        """About how wide the set is printed."""
        columns = range(max(len(row) for row in self.rows))
        return sum(max(row[n].width for row in self.rows if n < len(row)) for n in columns) + AROUND

    @property
    def height(self) -> float:
        """How tall it is printed."""
        return TITLE + ROW * len(self.rows)


Stack = tuple[Titled, ...]  # sets above one another


def given(problem: Problem) -> list[list[Stack]]:
    """Give the sets by line of the page; the learning rate stands alone or below the targets."""
    *rest, targets, rate = _sets(problem)
    lines: list[list[Stack]] = [[]]
    for one in rest:
        if lines[-1] and _width([*lines[-1], (one,)]) > ROOM:
            lines.append([])
        lines[-1].append((one,))
    ends: tuple[list[Stack], ...] = ([(targets,), (rate,)], [(targets, rate)])
    for end in ends:
        if _width([*lines[-1], *end]) <= ROOM:
            lines[-1] += end
            return lines
    return [*lines, ends[0]]


def height(lines: list[list[Stack]]) -> float:
    """How tall the lines are printed, in millimetres."""
    return sum(max(sum(one.height + 1 for one in stack) - 1 for stack in line) + BELOW for line in lines)


def _width(stacks: list[Stack]) -> float:
    return sum(max(one.width for one in stack) for stack in stacks)


def _sets(problem: Problem) -> Iterator[Titled]:
    net = problem.network

    def titled(title: str, rows: list[list[Quantity]]) -> Titled:
        short = [row[start : start + COLUMNS] for row in rows for start in range(0, len(row), COLUMNS)]
        return Titled(title, tuple(tuple(_entry(problem, q) for q in row) for row in short))

    yield titled("Inputs" if len(net.inputs) > 1 else "Input", _listed([x(u) for u in net.inputs]))
    for number, layer in enumerate(net.layers[1:], 1):
        rows = [
            [*(weight(i, u) for i in net.upstream(u)), *([] if net.bias == "no" else [bias(u)])]
            for u in layer
        ]
        yield titled(f"Into the {layer_name(net, number)}", rows)
    yield titled("Targets" if len(net.outputs) > 1 else "Target", _listed([t(u) for u in net.outputs]))
    yield titled("Learning rate", [[ETA]])


def _listed(values: list[Quantity]) -> list[list[Quantity]]:
    """Below one another; from the sixth on in several columns."""
    across = -(-len(values) // TALLEST)
    return [values[start : start + across] for start in range(0, len(values), across)]


def _entry(problem: Problem, q: Quantity) -> Entry:
    label, number = problem.label(q), typeset.number(problem.values[q])
    width = (lettering.glyph(label.over).width + lettering.advance(f"= {number}") + 0.3) * SIZE
    return Entry(label.html, number, width + BETWEEN)
