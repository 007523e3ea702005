"""The network drawn with its numbers: plain geometry in millimetres.

Units are circles with their symbol inside; a weight's label interrupts its own edge; inputs stand left of
their units, targets right of theirs, a bias below its unit. `placement` sees to it that nothing touches.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil, hypot
from typing import TYPE_CHECKING

from exercises.figures import lettering
from exercises.figures.alt_text import describe
from exercises.figures.emphasis import Emphasis, emphasis
from exercises.figures.figure import SIZE, Circle, Drawing, DrawnText, Stroke
from exercises.figures.placement import (
    CLEAR,
    MAX_EDGES,
    RADIUS,
    DiagramLayout,
    Point,
    Requirements,
    arrange,
    bias_side,
    height_of,
)
from exercises.formulas import typeset
from exercises.formulas.quantity import Quantity, bias, t, weight, x

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.figures.figure import Weight
    from exercises.figures.lettering import MathLine
    from exercises.problems.problem import Problem

INSIDE = 4.1  # of the symbols inside units
HEADING = 2.75
ARROW = 5.0  # into an input, out of an output
BIAS_ARROW = 3.0
ROOM = 174.0  # between the margins of a page, and a little air


def draw(problem: Problem) -> Drawing:
    """Draw a problem's network; each weight as W = 0.15 if that fits, else 0.15 alone, else bare."""
    for style, stub in (("named", 2.5), ("named", 1.0), ("number", 2.5), ("number", 1.0), ("none", 0.0)):
        draft = _Draft(problem, style, stub)
        if draft.layout is not None:
            return draft.drawing()
    raise AssertionError(problem.network.title)  # bare edges always fit: see _Draft.layout


@dataclass(frozen=True)
class _Draft:
    """A drawing to be: `style` of the weights' labels, `stub` as in `Requirements`."""

    problem: Problem
    style: str
    stub: float

    def written(self, q: Quantity) -> MathLine:
        """Set the label of a parameter: as `numbered`, or its number alone where room is short."""
        if self.style == "named":
            return self.numbered(q)
        return lettering.upright(typeset.number(self.problem.values[q]))

    def numbered(self, q: Quantity) -> MathLine:
        """Set a label such as `W₁₃ = 0.15`."""
        value = typeset.number(self.problem.values[q])
        return lettering.glyph(self.problem.labels.glyph(q)).then(lettering.upright(f"= {value}"))

    def input(self, unit: int) -> MathLine:
        """Set the number of an input; nothing where several examples have one each."""
        return lettering.upright("" if self.several else typeset.number(self.problem.values[x(unit)]))

    def target(self, unit: int) -> MathLine:
        """Set a target, likewise."""
        return lettering.glyph(self.problem.labels.glyph(t(unit))) if self.several else self.numbered(t(unit))

    @property
    def several(self) -> bool:
        """Whether inputs and targets are those of several examples."""
        return self.problem.plan.examples > 1

    @cached_property
    def layout(self) -> DiagramLayout | None:
        net = self.problem.network
        lines = [
            [self.written(weight(i, j)) for i in a for j in b]
            for a, b in zip(net.layers, net.layers[1:], strict=False)
        ]
        labels = [
            0.0 if len(row) > MAX_EDGES else _up(max(line.width for line in row) * SIZE) for row in lines
        ]
        above, below = self.reach([line for row in lines for line in row])
        room = ROOM - self.margins
        needs = Requirements(net.shape, tuple(labels), above, below, self.bias_reach(), self.stub, room)
        if self.style != "none":
            return arrange(needs)
        widths = len(net.shape) - 1
        step = min(34.0, needs.room / widths)
        columns = tuple(step * n for n in range(widths + 1))
        return DiagramLayout(2 * RADIUS + 3, columns, ((),) * widths)

    @staticmethod
    def reach(lines: list[MathLine]) -> Point:
        """How far labels reach above and below the edge that runs through the middle of their figures."""
        middle = lettering.ASCENT / 2
        return (
            (max(line.ascent for line in lines) - middle) * SIZE,
            (max(line.descent for line in lines) + middle) * SIZE,
        )

    @cached_property
    def biased(self) -> bool:
        """Whether biases are drawn: a crowd of units leaves them to the table of given values."""
        return self.problem.network.bias != "no" and self.style != "none"

    def bias_reach(self) -> Point:
        """Width of the labels of the biases, and how far they reach from the middle of the unit."""
        net = self.problem.network
        if not self.biased:
            return 0.0, 0.0
        lines = [self.written(bias(u)) for u in net.computing]
        tall = max(line.ascent + line.descent for line in lines) * SIZE
        return _up(max(line.width for line in lines) * SIZE), RADIUS + BIAS_ARROW + CLEAR + tall

    @cached_property
    def left(self) -> float:
        """Where the first layer stands."""
        widest = max(self.input(u).width for u in self.problem.network.inputs)
        return widest * SIZE + 2 * CLEAR + ARROW + RADIUS

    @cached_property
    def margins(self) -> float:
        """What stands left of the first layer and right of the last."""
        targets = [self.target(u).width * SIZE for u in self.problem.network.outputs]
        return self.left + RADIUS + ARROW + 2 * CLEAR + max(targets)

    def drawing(self) -> Drawing:
        layout = self.layout
        assert layout is not None  # noqa: S101 - the caller looked
        net = self.problem.network
        half = max(
            (n - 1) / 2 * layout.rows + (self.bias_reach()[1] if number and n > 1 else 0.0)
            for number, n in enumerate(net.shape)
        )
        half = max(half, (max(net.shape) - 1) / 2 * layout.rows + RADIUS)
        top = half + HEADING + 2 * CLEAR
        places = {
            unit: (self.left + column, top + height_of(k, len(layer), layout.rows))
            for column, layer in zip(layout.columns, net.layers, strict=True)
            for k, unit in enumerate(layer)
        }
        pen = _Pen(self, places, layout)
        texts = (*pen.headings(), *pen.texts())
        return Drawing(
            width=max(self.margins + layout.columns[-1], *(text.box.right for text in texts)),
            height=max(top + half, *(text.box.bottom for text in texts)) + 0.3,
            circles=tuple(Circle(*at, weight=pen.bold.unit(unit)) for unit, at in places.items()),
            strokes=tuple(pen.strokes()),
            texts=texts,
            complete=all(layout.places),
            alt=describe(self.problem),
        )


@dataclass(frozen=True)
class _Pen:
    """Writes and draws once every place is known."""

    draft: _Draft
    places: dict[int, Point]
    layout: DiagramLayout

    @cached_property
    def bold(self) -> Emphasis:
        """What is brought out."""
        return emphasis(self.draft.problem)

    @cached_property
    def labels(self) -> dict[Quantity, DrawnText]:
        """The text on each edge."""
        found = {}
        layers = self.draft.problem.network.layers
        for a, b, places in zip(layers, layers[1:], self.layout.places, strict=False):
            for (i, j), place in zip([(i, j) for i in a for j in b], places, strict=False):
                (px, py), (qx, qy) = self.places[i], self.places[j]
                line = self.draft.written(weight(i, j))
                middle = px + place * (qx - px), py + place * (qy - py)
                found[weight(i, j)] = centred(line, *middle)
        return found

    def headings(self) -> Iterator[DrawnText]:
        """Name each column, above it."""
        net = self.draft.problem.network
        y = HEADING * lettering.ASCENT
        hidden = len(net.layers) - 2
        names = [
            "inputs",
            *(f"hidden {n}" if hidden > 1 else "hidden" for n in range(1, hidden + 1)),
            "outputs",
        ]
        for name, layer in zip(names, net.layers, strict=True):
            line = lettering.upright(name if len(layer) > 1 or name[0] == "h" else name.removesuffix("s"))
            yield DrawnText(line, self.places[layer[0]][0] - line.width * HEADING / 2, y, HEADING, sans=True)

    def texts(self) -> Iterator[DrawnText]:
        problem, net = self.draft.problem, self.draft.problem.network
        for unit, (px, py) in self.places.items():
            yield centred(lettering.glyph(problem.labels.output(unit)), px, py, INSIDE, inside=True)
            if unit in net.inputs:
                line = self.draft.input(unit)
                right = px - RADIUS - ARROW - CLEAR - line.width * SIZE
                yield DrawnText(line, right, py + lettering.ASCENT / 2 * SIZE)
            elif self.draft.biased:
                line, side = self.draft.written(bias(unit)), self.side(unit)
                near = py + side * (RADIUS + BIAS_ARROW + CLEAR)
                yield DrawnText(
                    line,
                    px - line.width * SIZE / 2,
                    near + (line.ascent if side > 0 else -line.descent) * SIZE,
                )
            if unit in net.outputs:
                left = px + RADIUS + ARROW + CLEAR
                yield DrawnText(self.draft.target(unit), left, py + lettering.ASCENT / 2 * SIZE)
        yield from self.labels.values()

    def side(self, unit: int) -> int:
        """On which side of its unit a bias stands."""
        net = self.draft.problem.network
        layer = net.layers[net.layer_of(unit)]
        return bias_side(height_of(layer.index(unit), len(layer), self.layout.rows))

    def strokes(self) -> Iterator[Stroke]:
        net = self.draft.problem.network
        for unit, (px, py) in self.places.items():
            if unit in net.inputs:
                ends = (px - RADIUS - ARROW, py), (px - RADIUS, py)
                yield Stroke(*ends, arrow=True, weight=self.faint(unit))
            elif self.draft.biased:
                rim = py + self.side(unit) * RADIUS
                start = px, rim + self.side(unit) * BIAS_ARROW
                weight_of: Weight = "light" if self.bold.edges else "plain"
                yield Stroke(start, (px, rim), arrow=True, weight=weight_of)
            if unit in net.outputs:
                ends = (px + RADIUS, py), (px + RADIUS + ARROW, py)
                yield Stroke(*ends, arrow=True, weight=self.bold.unit(unit))
            for source in net.upstream(unit):
                yield from self.edge(source, unit)

    def faint(self, unit: int) -> Weight:
        """How the arrow into an input is drawn: never bold, for no path runs through it."""
        return "light" if self.bold.unit(unit) == "light" else "plain"

    def edge(self, source: int, unit: int) -> Iterator[Stroke]:
        """From rim to rim, broken around the label."""
        (px, py), (qx, qy) = self.places[source], self.places[unit]
        length = hypot(qx - px, qy - py)
        ux, uy = (qx - px) / length, (qy - py) / length
        start, end = (px + ux * RADIUS, py + uy * RADIUS), (qx - ux * RADIUS, qy - uy * RADIUS)
        label = self.labels.get(weight(source, unit))
        cut = label.box.grown(CLEAR * 0.8).span(start, end) if label else None
        weight_of = self.bold.edge(source, unit)
        if cut is None:
            yield Stroke(start, end, arrow=True, weight=weight_of)
            return
        for low, high in ((0.0, cut[0]), (cut[1], 1.0)):
            a, b = (
                (start[0] + f * (end[0] - start[0]), start[1] + f * (end[1] - start[1])) for f in (low, high)
            )
            yield Stroke(a, b, arrow=high == 1.0, weight=weight_of)


def centred(line: MathLine, px: float, py: float, size: float = SIZE, *, inside: bool = False) -> DrawnText:
    """Text with the middle of its figures at a point; a letter inside a unit by its x-height."""
    rise = 0.42 if inside else lettering.ASCENT
    return DrawnText(line, px - line.width * size / 2, py + rise / 2 * size, size, inside=inside)


def _up(length: float) -> float:
    """Round up to a millimetre, so that like problems share one placement."""
    return ceil(length)
