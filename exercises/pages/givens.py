"""The given values as typed, in titled sets: what the templates print below the drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

from exercises.common.metrics import (
    CELL_BESIDE,
    GIVEN_BELOW,
    GIVEN_ROW,
    GIVEN_TITLE,
    HEADED_SIZE,
    NUMBER_AFTER,
    SET_BESIDE,
    TEXT_SIZE,
    TEXT_WIDTH,
)
from exercises.common.slots import slot, unmarked
from exercises.figures import lettering
from exercises.formulas import typeset
from exercises.formulas.quantity import ETA, Link, Quantity, QuantityKind, bias, t, weight, x
from exercises.pages.captions import layer_name, section_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.formulas.label import Label
    from exercises.problems.problem import Problem

BOXED = TEXT_WIDTH - 8.0  # inside a box
COLUMNS = 7  # so that the widest row stays between the margins
FEW = 4  # parameters whose state stands below one another
TALLEST = 5  # rows of inputs, or of targets
HEAD = "Worked out for you"


@dataclass(frozen=True, slots=True)
class GivenValue:
    """One given value: its label as HTML, its number as typed, how wide both are.

    cell: whether it is a cell of a table: a label alone in its head, or a number alone below.
    """

    label: str
    number: str
    width: float
    cell: bool = False


@dataclass(frozen=True, slots=True)
class Titled:
    """A titled set of values in rows."""

    title: str
    rows: tuple[tuple[GivenValue, ...], ...]

    @property
    def width(self) -> float:
        """About how wide the set is printed."""
        columns = range(max(len(row) for row in self.rows))
        below = sum(max(row[n].width for row in self.rows if n < len(row)) for n in columns)
        return max(below - NUMBER_AFTER, lettering.advance(self.title) * HEADED_SIZE) + 2 * SET_BESIDE

    @property
    def height(self) -> float:
        """How tall it is printed."""
        return GIVEN_TITLE + GIVEN_ROW * len(self.rows)


Stack = tuple[Titled, ...]  # sets above one another


def given(problem: Problem) -> list[list[Stack]]:
    """Give the sets by line of the page; the learning rate stands alone or below the targets."""
    if problem.plan.function:
        rows = [[_entry(problem, q)] for q in problem.graph.given]
        return [[(Titled("Given", tuple(tuple(row) for row in rows)),)]]
    wide, small = [(one,) for one in _sets(problem)], list(_ends(problem))
    lines = _flow(wide)
    if not small:
        return lines
    ends: tuple[list[Stack], ...] = ([(one,) for one in small], [tuple(small)])
    for end in ends:
        if _width([*lines[-1], *end]) <= TEXT_WIDTH:
            lines[-1] += end
            return lines
    return [*lines, ends[0]]


def worked(problem: Problem) -> list[list[Stack]]:
    """Give the lines that are worked out on the sheet, in titled sets, by line of the page."""
    if problem.kind.solution:  # they stand in the worked solution
        return []
    found: dict[str, dict[int, list[Quantity]]] = {}
    plain = not (problem.plan.function or problem.kind.solution)
    for q in problem.graph.given if plain else ():
        if q.updated or q.kind not in _TYPED:
            rows = found.setdefault(_worked_title(problem, q), {})
            rows.setdefault(0 if q.kind is QuantityKind.LOSS else _row(problem, q), []).append(q)
    sets = [_titled(problem, title, _joined(list(rows.values()))) for title, rows in found.items()]
    if len(sets) == 1:  # then its title serves the whole box
        sets = [replace(sets[0], title=f"{HEAD}: {sets[0].title[:1].lower()}{sets[0].title[1:]}")]
    return _flow([(one,) for one in sets], BOXED) if sets else []


def _joined(rows: list[list[Quantity]]) -> list[list[Quantity]]:
    """One row of all, if it is not too long."""
    every = [q for row in rows for q in row]
    return [every] if len(every) <= COLUMNS else rows


_TYPED = {
    *(
        QuantityKind.INPUT,
        QuantityKind.WEIGHT,
        QuantityKind.BIAS,
        QuantityKind.TARGET,
        QuantityKind.RATE,
        QuantityKind.MOMENT,
        QuantityKind.SECOND_MOMENT,
    ),
    *(
        QuantityKind.DECAY,
        QuantityKind.FIRST_DECAY,
        QuantityKind.SECOND_DECAY,
        QuantityKind.EPSILON,
        QuantityKind.RIGHT_VALUE,
    ),
}
_FORWARD = (QuantityKind.PRE_ACTIVATION, QuantityKind.ACTIVATION, QuantityKind.LOSS)


def _worked_title(problem: Problem, q: Quantity) -> str:
    """The run, where there are several; else the part of the pass."""
    if q.example or q.step:
        return f"Example {q.example}" if q.example else f"Step {q.step}"
    return section_title(problem, q, "Forward pass" if q.kind in _FORWARD and not q.updated else "")


def _row(problem: Problem, q: Quantity) -> int:
    """Forward values and deltas stand layer by layer, gradients and parameters unit by unit."""
    per_unit = q.kind in (
        QuantityKind.WEIGHT_GRADIENT,
        QuantityKind.BIAS_GRADIENT,
        QuantityKind.WEIGHT,
        QuantityKind.BIAS,
    )
    return q.unit if per_unit else problem.network.layer_of(q.unit)


def _flow(stacks: Sequence[Stack], room: float = TEXT_WIDTH) -> list[list[Stack]]:
    """Set side by side what fits on a line."""
    lines: list[list[Stack]] = [[]]
    for stack in stacks:
        if lines[-1] and _width([*lines[-1], stack]) > room:
            lines.append([])
        lines[-1].append(stack)
    return lines


def height(lines: list[list[Stack]]) -> float:
    """How tall the lines are printed, in millimetres."""
    return sum(
        max(sum(one.height + 1 for one in stack) - 1 for stack in line) + GIVEN_BELOW for line in lines
    )


def _width(stacks: list[Stack]) -> float:
    return sum(max(one.width for one in stack) for stack in stacks)


def _titled(problem: Problem, title: str, rows: list[list[Quantity]]) -> Titled:
    short = [row[start : start + COLUMNS] for row in rows for start in range(0, len(row), COLUMNS)]
    return Titled(title, tuple(tuple(_entry(problem, q) for q in row) for row in short))


def _sets(problem: Problem) -> Iterator[Titled]:
    """Inputs and parameters; where nothing but the update is asked, only the parameters that it changes."""
    net, used = problem.network, _used(problem)
    stepping = only_step(problem)
    if problem.plan.examples > 1 and not stepping:
        yield _examples(problem)
    elif not stepping:
        title = "Inputs" if len(net.inputs) > 1 else "Input"
        yield _titled(problem, title, _listed([x(u) for u in net.inputs]))
    for number, layer in enumerate(net.layers[1:], 1):
        rows = [
            [*(weight(i, u) for i in net.upstream(u)), *([] if net.bias == "no" else [bias(u)])]
            for u in layer
        ]
        rows = [[q for q in row if q in used or not stepping] for row in rows]
        if any(rows):
            yield _titled(problem, f"Into the {layer_name(net, number)}", [row for row in rows if row])
    state = [
        q
        for q in problem.graph.given
        if q.kind in (QuantityKind.MOMENT, QuantityKind.SECOND_MOMENT) and not q.updated
    ]
    if state:
        by_parameter = [list(group) for _, group in groupby(state, key=lambda q: (q.unit, q.source))]
        if len(by_parameter) > FEW:  # two parameters abreast
            nothing: list[Quantity] = []
            pairs = zip_longest(by_parameter[::2], by_parameter[1::2], fillvalue=nothing)
            by_parameter = [one + other for one, other in pairs]
        yield _titled(problem, "State before the step", by_parameter)


def _ends(problem: Problem) -> Iterator[Titled]:
    """What is small: targets, the learning rate, the constants of an optimizer."""
    net, used = problem.network, _used(problem)
    if problem.plan.examples == 1 and not only_step(problem):
        yield _titled(
            problem, "Targets" if len(net.outputs) > 1 else "Target", _listed([t(u) for u in net.outputs])
        )
    constants = [q for q in problem.graph.given if q.kind in _CONSTANTS and q in used]
    if constants:
        title = "Learning rate" if constants == [ETA] else "Constants"
        yield _titled(problem, title, [constants[n : n + 2] for n in range(0, len(constants), 2)])


_CONSTANTS = (
    QuantityKind.RATE,
    QuantityKind.DECAY,
    QuantityKind.FIRST_DECAY,
    QuantityKind.SECOND_DECAY,
    QuantityKind.EPSILON,
)


def _used(problem: Problem) -> frozenset[Quantity]:
    """What the lines are worked out from."""
    return frozenset(p for step in problem.graph.steps for p in step.parents)


def only_step(problem: Problem) -> bool:
    """Whether nothing but the update is asked, so that the network is only what it happens in."""
    return all(step.link is Link.UPDATE for step in problem.graph.asked_steps)


def _examples(problem: Problem) -> Titled:
    """Inputs and targets of all examples as a table; each line is headed by its run's number."""
    net = problem.network
    columns = [*(x(u) for u in net.inputs), *(t(u) for u in net.outputs)]
    head = (_cell("example"), *(_cell(problem.label(q).html, problem.label(q)) for q in columns))
    rows = [
        (
            _cell(f"[{n}]"),
            *(_cell(slot(typeset.number(problem.values[replace(q, example=n)]))) for q in columns),
        )
        for n in range(1, problem.plan.examples + 1)
    ]
    return Titled("Inputs and targets", (head, *rows))


def _cell(html: str, label: Label | None = None) -> GivenValue:
    width = lettering.glyph(label.over).width if label is not None else lettering.advance(unmarked(html))
    return GivenValue(html, "", width * TEXT_SIZE + 2 * CELL_BESIDE, cell=True)


def _listed(values: list[Quantity]) -> list[list[Quantity]]:
    """Below one another; from the sixth on in several columns."""
    across = -(-len(values) // TALLEST)
    return [values[start : start + across] for start in range(0, len(values), across)]


def _entry(problem: Problem, q: Quantity) -> GivenValue:
    label, number = problem.label(q), typeset.number(problem.values[q])
    width = (_label_width(label) + lettering.advance(f"= {number}") + 0.3) * TEXT_SIZE
    return GivenValue(label.html, number, width + NUMBER_AFTER)


def _label_width(label: Label) -> float:
    """How wide a label is set, in ems."""
    width = lettering.glyph(label.over).width
    if label.under is not None:
        width += lettering.glyph(label.under).width + lettering.advance(f"{label.d}/{label.d}")
    return width
