"""The network drawn with every link shaded by how often it broke: plain geometry in millimetres.

It stands as on the worksheet. A unit is parted in two: the way forward at the left, the way back at the right.
A link that broke more often is hatched more closely, or drawn thicker, and bears its number: it reads in black
and white.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil, hypot, sqrt
from typing import TYPE_CHECKING, Any

from exercises.figures import lettering
from exercises.figures.figure import Drawing, DrawnText, Stroke, figures
from exercises.figures.placement import (
    CLEAR,
    MAX_EDGES,
    RADIUS,
    DiagramLayout,
    Requirements,
    arrange,
    bias_side,
    height_of,
)
from exercises.formulas.quantity import Quantity, QuantityKind, loss, weight, y
from grader.class_report.shares import Share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exercises.figures.placement import Point
    from exercises.networks.notation import Notation

WIDTHS = (0.18, 0.4, 0.75, 1.15, 1.6, 2.1)  # of an edge, by level
HATCHING = (0.0, 2.6, 1.4, 0.85, 0.55, 0.36)  # between the lines of a shade, by level
SIZE = 3.0  # of the numbers
NAME = 3.2  # of a unit's name
ROOM = 118.0
BEYOND = 9.0  # from an output to its loss
SQUARE = 4.2  # half a side of the loss
STUB = 4.0  # of a bias's arrow
ASIDE = 1.9  # from its unit's middle, so that it does not seem to be the line that parts the unit
BARB = 1.3  # of its head, beyond the line's own width

_NOTHING = Share(None)


@dataclass(frozen=True)
class NetworkPicture:
    """A network with the shares of its parts, ready to be drawn."""

    labels: Notation
    shares: Mapping[tuple[str, Quantity], Share]

    def figures(self, alt: str) -> dict[str, Any]:
        """What templates/class_network.svg is filled in with."""
        texts = (*self.numbers, *self.names())
        losses = [self.loss_at(q) for q in self.losses]
        right = max([x + SQUARE for x, _ in losses] + [text.box.right for text in texts])
        strokes = list(self.strokes())
        heights = [py for _, stroke in strokes for _, py in (stroke.start, stroke.end)]
        heights += [py + side * RADIUS for _, py in self.places.values() for side in (-1, 1)]
        top = min(heights + [text.box.top for text in texts]) - 0.5
        bottom = max(heights + [text.box.bottom for text in texts]) + 0.5
        drawing = Drawing(right + 0.5, bottom - top, (), (), texts, complete=True, alt=alt)
        return figures(drawing) | {
            "top": round(top, 2),
            "crowded": not all(self.layout.places),
            "units": [
                (round(px, 2), round(py, 2), RADIUS, unit in self.net.inputs)
                for unit, (px, py) in self.places.items()
            ],
            "squares": [(round(px - SQUARE, 2), round(py - SQUARE, 2), 2 * SQUARE) for px, py in losses],
            "edges": [
                (width, *(round(n, 2) for n in (*stroke.start, *stroke.end))) for width, stroke in strokes
            ],
            "hatching": "".join(self.hatching()),
            "plates": [
                (round(b.left, 2), round(b.top, 2), round(b.right - b.left, 2), round(b.bottom - b.top, 2))
                for b in (text.box.grown(0.35) for text in self.plated)
            ],
        }

    @property
    def net(self) -> Any:
        """The network."""
        return self.labels.network

    def share(self, way: str, q: Quantity) -> Share:
        """How often a part broke."""
        return self.shares.get((way, q), _NOTHING)

    @cached_property
    def layout(self) -> DiagramLayout:
        """Where units stand, with room on every edge for its number."""
        widest = ceil(lettering.advance("100%") * SIZE)
        longest = max((self.bias_line(u).width * SIZE for u in self.net.computing), default=0.0)
        pairs = zip(self.net.shape, self.net.shape[1:], strict=False)
        labels = tuple(0.0 if a * b > MAX_EDGES else float(widest) for a, b in pairs)
        reach = lettering.ASCENT / 2 * SIZE
        bias = (ceil(longest + 2 * ASIDE), RADIUS + STUB + 2 * CLEAR + SIZE) if self.biased else (0.0, 0.0)
        for needs in (labels, (0.0,) * len(labels)):
            layout = arrange(Requirements(self.net.shape, needs, reach, reach, bias, 2.0, ROOM))
            if layout is not None:
                return layout
        step = ROOM / len(labels)
        columns = tuple(step * n for n in range(len(labels) + 1))
        return DiagramLayout(2 * RADIUS + STUB + 5, columns, ((),) * len(labels))

    @cached_property
    def biased(self) -> bool:
        """Whether there are lines for biases."""
        return any(q.kind is QuantityKind.BIAS for _, q in self.shares)

    @cached_property
    def places(self) -> dict[int, Point]:
        """The middle of every unit."""
        rows = self.layout.rows
        below = RADIUS + (STUB + SIZE + 2 * CLEAR if self.biased else NAME + CLEAR)
        top = (max(self.net.shape) - 1) / 2 * rows + below
        return {
            unit: (RADIUS + 0.5 + column, top + height_of(k, len(layer), rows))
            for column, layer in zip(self.layout.columns, self.net.layers, strict=True)
            for k, unit in enumerate(layer)
        }

    @cached_property
    def losses(self) -> list[Quantity]:
        """The losses that are drawn: of each output, and the total."""
        return sorted((q for way, q in self.shares if way == "loss"), key=lambda q: q.unit or 10**6)

    def loss_at(self, q: Quantity) -> Point:
        """Where a loss stands: beside its output; the total beside all of them."""
        first = self.places[self.net.outputs[0]][0] + RADIUS + BEYOND + SQUARE
        if q.unit:
            return first, self.places[q.unit][1]
        middle = sum(self.places[u][1] for u in self.net.outputs) / len(self.net.outputs)
        return (first + 2 * SQUARE + BEYOND if len(self.losses) > 1 else first), middle

    def side(self, unit: int) -> int:
        """On which side of its unit a bias stands: -1 above, 1 below."""
        layer = self.net.layers[self.net.layer_of(unit)]
        return bias_side(height_of(layer.index(unit), len(layer), self.layout.rows))

    # --- text ---

    @cached_property
    def on_edges(self) -> dict[Quantity, DrawnText]:
        """The numbers on the edges."""
        found = {}
        pairs = zip(self.net.layers, self.net.layers[1:], self.layout.places, strict=False)
        for a, b, places in pairs:
            for (i, j), place in zip([(i, j) for i in a for j in b], places, strict=False):
                (px, py), (qx, qy) = self.places[i], self.places[j]
                text = self.share("edge", weight(i, j)).text
                if text:
                    found[weight(i, j)] = _centred(text, px + place * (qx - px), py + place * (qy - py))
        return found

    @cached_property
    def plated(self) -> tuple[DrawnText, ...]:
        """The numbers inside units and losses, which stand on white."""
        found = []
        for unit in self.net.computing:
            px, py = self.places[unit]
            for way, dx in (("forward", -0.47), ("backward", 0.47)):
                share = self.share(way, y(unit))
                if share.percent is not None:
                    found.append(_centred(str(share.percent), px + dx * RADIUS, py, SIZE * 0.92))
        for q in self.losses:
            share = self.share("loss", q)
            if share.percent is not None:
                found.append(_centred(str(share.percent), *self.loss_at(q), SIZE * 0.92))
        return tuple(found)

    @cached_property
    def numbers(self) -> tuple[DrawnText, ...]:
        """Every number, and the names of the biases, which stand before theirs."""
        biases = []
        for unit in self.net.computing if self.biased else ():
            px, py = self.places[unit]
            reach = RADIUS + STUB + CLEAR + lettering.ASCENT / 2 * SIZE
            biases.append(_set(self.bias_line(unit), px - ASIDE, py + self.side(unit) * reach, SIZE))
        return (*self.on_edges.values(), *self.plated, *biases)

    def bias_line(self, unit: int) -> lettering.MathLine:
        """The name of a bias, and its number if one is told."""
        bias = Quantity(QuantityKind.BIAS, unit)
        name, text = lettering.glyph(self.labels.glyph(bias)), self.share("edge", bias).text
        return name.then(lettering.upright(text)) if text else name

    def names(self) -> Iterator[DrawnText]:
        """The name of each unit, inside an input and beside any other, and of each loss."""
        for unit, (px, py) in self.places.items():
            line = lettering.glyph(self.labels.output(unit))
            if unit in self.net.inputs:
                dy = 0.0
            else:
                dy = -self.side(unit) * (RADIUS + NAME * 0.75) if self.biased else RADIUS + NAME * 0.75
            yield _set(line, px, py + dy, NAME)
        for q in self.losses:
            px, py = self.loss_at(q)
            line = lettering.glyph(self.labels.glyph(loss(q.unit)))
            yield DrawnText(line, px - line.width * NAME / 2, py - SQUARE - CLEAR - line.descent * NAME, NAME)

    # --- lines ---

    def strokes(self) -> Iterator[tuple[float, Stroke]]:
        """Every line with its width: edges, biases, and the way to the loss."""
        for unit in self.places:
            for source in self.net.upstream(unit):
                width = WIDTHS[self.share("edge", weight(source, unit)).level]
                for stroke in self.edge(source, unit):
                    yield width, stroke
            if self.biased and unit in self.net.computing:
                yield from self.bias_arrow(unit)
        for q in self.losses:
            for start in self.sources(q):
                yield WIDTHS[0], _towards(start, self.loss_at(q))

    def bias_arrow(self, unit: int) -> Iterator[tuple[float, Stroke]]:
        """The arrow of a bias: it ends at the rim, with a head, beside the line that parts the unit."""
        (px, py), side = self.places[unit], self.side(unit)
        width = WIDTHS[self.share("edge", Quantity(QuantityKind.BIAS, unit)).level]
        at, rim = px - ASIDE, py + side * sqrt(RADIUS**2 - ASIDE**2)
        yield width, Stroke((at, py + side * (RADIUS + STUB)), (at, rim + side * width / 2))
        barb = BARB + width / 2
        for dx in (-barb * 0.6, barb * 0.6):
            yield 2 * WIDTHS[0], Stroke((at + dx, rim + side * (0.2 + barb)), (at, rim + side * 0.2))

    def sources(self, q: Quantity) -> Iterator[Point]:
        """What leads to a loss: its output, or the losses of all outputs."""
        if q.unit or len(self.losses) == 1:
            units = [q.unit] if q.unit else list(self.net.outputs)
            yield from ((self.places[u][0] + RADIUS, self.places[u][1]) for u in units)
            return
        for other in self.losses[:-1]:
            px, py = self.loss_at(other)
            yield px + SQUARE, py

    def edge(self, source: int, unit: int) -> Iterator[Stroke]:
        """From rim to rim, broken around the number."""
        (px, py), (qx, qy) = self.places[source], self.places[unit]
        length = hypot(qx - px, qy - py)
        ux, uy = (qx - px) / length, (qy - py) / length
        start, end = (px + ux * RADIUS, py + uy * RADIUS), (qx - ux * RADIUS, qy - uy * RADIUS)
        text = self.on_edges.get(weight(source, unit))
        cut = text.box.grown(CLEAR * 0.8).span(start, end) if text else None
        for low, high in ((0.0, cut[0]), (cut[1], 1.0)) if cut else ((0.0, 1.0),):
            a, b = (
                (start[0] + f * (end[0] - start[0]), start[1] + f * (end[1] - start[1])) for f in (low, high)
            )
            yield Stroke(a, b)

    def hatching(self) -> Iterator[str]:
        """The shades of units and losses, as one path of upright lines."""
        for unit in self.net.computing:
            px, py = self.places[unit]
            for way, sign in (("forward", -1), ("backward", 1)):
                gap = HATCHING[self.share(way, y(unit)).level]
                for dx in _steps(gap, RADIUS):
                    half = sqrt(RADIUS**2 - dx**2)
                    yield f"M{px + sign * dx:.2f} {py - half:.2f}V{py + half:.2f}"
        for q in self.losses:
            px, py = self.loss_at(q)
            gap = HATCHING[self.share("loss", q).level]
            for dx in _steps(gap, 2 * SQUARE):
                yield f"M{px - SQUARE + dx:.2f} {py - SQUARE:.2f}V{py + SQUARE:.2f}"


def _steps(gap: float, width: float) -> Iterator[float]:
    """Where the lines of a shade stand."""
    count = int((width - 0.3) / gap) if gap else 0
    yield from ((n + 0.5) * width / count for n in range(count))


def _centred(text: str, px: float, py: float, size: float = SIZE) -> DrawnText:
    return _set(lettering.upright(text), px, py, size)


def _set(line: lettering.MathLine, px: float, py: float, size: float) -> DrawnText:
    """A line of text with the middle of its figures at a point."""
    return DrawnText(line, px - line.width * size / 2, py + lettering.ASCENT / 2 * size, size)


def _towards(start: Point, end: Point) -> Stroke:
    """A line that ends at the left side of a square."""
    return Stroke(start, (end[0] - SQUARE, end[1]))
