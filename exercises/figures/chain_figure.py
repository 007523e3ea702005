"""The chain of one weight drawn as the tutorials do: W → a → y → … → E, each local derivative on its edge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import ceil, hypot
from typing import TYPE_CHECKING

from exercises.figures import lettering
from exercises.figures.diagram import INSIDE, centred
from exercises.figures.figure import SIZE, Circle, Drawing, DrawnText, Stroke
from exercises.figures.lettering import MathLine, TextRun
from exercises.figures.placement import (
    CLEAR,
    HEAD,
    MAX_EDGES,
    RADIUS,
    Box,
    Point,
    Requirements,
    arrange,
    height_of,
)
from exercises.formulas.quantity import (
    Quantity,
    a,
    activation_slope,
    gradient,
    loss,
    loss_slope,
    sum_by_weight,
    sum_slope,
    y,
)
from exercises.networks.asked_lines import subjects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.figures.placement import DiagramLayout
    from exercises.formulas.label import Label
    from exercises.problems.problem import Problem

STUB = 2.5  # what is seen of an edge on either side of its label
LIFT = 0.9  # of a label that stands above its edge
BESIDE = 1.5  # free on either side of one that interrupts it, so that no bar seems to go on
BAR = 0.09  # between the bar of a fraction and what stands above and below, in ems
LINK = tuple[Quantity, Quantity, Quantity]  # from, to, the derivative on the way


def draw_chains(problem: Problem) -> list[Drawing]:
    """One drawing for each weight whose chain is asked."""
    return [_Chain(problem, q).drawing() for q in subjects(problem.plan)]


def fraction(label: Label) -> MathLine:
    """A derivative as a stacked fraction, its bar at half the height of figures; the bar is not in it."""
    parts = [
        lettering.upright(label.d).then(lettering.glyph(g), 0.0)
        for g in (label.over, label.under)
        if g is not None
    ]
    if len(parts) == 1:
        return parts[0]
    over, under = parts
    width, middle = max(over.width, under.width) + 0.1, -lettering.ASCENT / 2
    high, low = middle - over.descent - BAR, middle + under.ascent + BAR
    runs = (*_moved(over, (width - over.width) / 2, high), *_moved(under, (width - under.width) / 2, low))
    return MathLine(runs, width, over.ascent - high, low + under.descent)


def _moved(line: MathLine, by: float, down: float) -> Iterator[TextRun]:
    for run in line.runs:
        yield TextRun(run.text, run.x + by, run.y + down, run.size, run.italic)


@dataclass(frozen=True)
class _Chain:
    """The drawing of one weight's chain."""

    problem: Problem
    subject: Quantity

    @cached_property
    def layers(self) -> list[tuple[int, ...]]:
        """The units of each layer on the paths: the weight's own unit alone, then whole layers."""
        net = self.problem.network
        return [(self.subject.unit,), *net.layers[net.layer_of(self.subject.unit) + 1 :]]

    @cached_property
    def links(self) -> list[LINK]:
        """Every edge with its derivative."""
        found: list[LINK] = [(self.subject, a(self.subject.unit), sum_by_weight(self.subject))]
        for number, layer in enumerate(self.layers):
            for unit in layer:
                if number:
                    found += [(y(i), a(unit), sum_slope(unit, i)) for i in self.layers[number - 1]]
                found.append((a(unit), y(unit), activation_slope(unit)))
        return [*found, *((y(unit), loss(), loss_slope(unit)) for unit in self.layers[-1])]

    @cached_property
    def written(self) -> dict[Quantity, MathLine]:
        """The label of each derivative."""
        return {q: fraction(self.problem.label(q)) for _, _, q in self.links}

    @cached_property
    def widest(self) -> float:
        """The room for a label, in whole millimetres."""
        return float(ceil(max(line.width for line in self.written.values()) * SIZE))

    @cached_property
    def layout(self) -> DiagramLayout:
        """How far apart layers and rows are, and where the labels lie on edges that cross."""
        shape = (*(len(layer) for layer in self.layers), 1)
        lines = self.written.values()
        middle = lettering.ASCENT / 2
        above = (max(line.ascent for line in lines) - middle) * SIZE
        below = (max(line.descent for line in lines) + middle) * SIZE
        for most in (MAX_EDGES, 1, 0):
            labels = tuple(self.widest if m * n <= most else 0.0 for m, n in pairwise(shape))
            found = arrange(Requirements(shape, labels, above, below, (0.0, 0.0), STUB, 1000.0))
            if found is not None:
                return found
        raise AssertionError(shape)  # bare edges always fit

    @cached_property
    def places(self) -> dict[Quantity, Point]:
        """Where each node stands."""
        step = 2 * (RADIUS + STUB + CLEAR) + HEAD + self.widest
        rows = self.layout.rows
        found = {self.subject: (0.0, 0.0)}
        for number, layer in enumerate(self.layers):
            left = (number + 1) * step + self.layout.columns[number]
            for k, unit in enumerate(layer):
                height = height_of(k, len(layer), rows)
                found[a(unit)], found[y(unit)] = (left, height), (left + step, height)
        found[loss()] = (len(self.layers) * step + step + self.layout.columns[-1], 0.0)
        return found

    def share(self, start: Quantity, end: Quantity) -> float | None:
        """How far along its edge a label lies; None where it has no room."""
        if start.kind is not y(1).kind:
            return 0.5
        gap = self._gap(start.unit)
        sources = self.layers[gap]
        ends = self.layers[gap + 1] if gap + 1 < len(self.layers) else (0,)
        found = self.layout.places[gap]
        return found[sources.index(start.unit) * len(ends) + ends.index(end.unit)] if found else None

    def alone(self, start: Quantity, end: Quantity) -> bool:
        """Whether no other edge runs between the same two layers."""
        gap = self._gap(start.unit)
        beside = [s for s, e, _ in self.links if (s.kind, e.kind) == (start.kind, end.kind)]
        return sum(self._gap(s.unit) == gap for s in beside) == 1

    def _gap(self, unit: int) -> int:
        return next(n for n, layer in enumerate(self.layers) if unit in layer)

    def drawing(self) -> Drawing:
        """Put it together in a frame that begins at (0, 0)."""
        high = max(line.ascent + line.descent for line in self.written.values()) * SIZE + LIFT
        shift = max(RADIUS + 1, high + 0.3) - min(py for _, py in self.places.values())
        places = {q: (px + RADIUS + 1, py + shift) for q, (px, py) in self.places.items()}
        strokes: list[Stroke] = []
        texts = [
            centred(lettering.glyph(self.problem.labels.glyph(q)), *at, INSIDE, inside=True)
            for q, at in places.items()
        ]
        for start, end, q in self.links:
            edge = _Edge(places[start], places[end])
            share = self.share(start, end)
            line = self.written[q]
            above = start.kind is not y(1).kind or (edge.flat and self.alone(start, end))
            px, py = edge.at(0.5 if share is None or above else share)
            text = centred(line, px, py - ((line.descent + lettering.ASCENT / 2) * SIZE + LIFT) * above)
            strokes += edge.strokes(None if share is None or above else text)
            if share is not None:
                texts.append(text)
                strokes.append(_bar(text))
        return Drawing(
            width=max(px for px, _ in places.values()) + RADIUS + 1,
            height=max(*(py + RADIUS + 1 for _, py in places.values()), *(t.box.bottom for t in texts)),
            circles=tuple(Circle(*at) for at in places.values()),
            strokes=tuple(strokes),
            texts=tuple(texts),
            complete=all(self.layout.places),
            alt=self.alt(),
        )

    def alt(self) -> str:
        """The drawing in words."""
        label = self.problem.label
        steps = ", ".join(
            f"{label(start).text} to {label(end).text} with {label(q).text}" for start, end, q in self.links
        )
        return f"The chain of {label(gradient(self.subject)).text}: {steps}."


@dataclass(frozen=True)
class _Edge:
    """From the middle of one node to that of another."""

    start: Point
    end: Point

    @property
    def flat(self) -> bool:
        """Whether it runs straight to the right."""
        return self.start[1] == self.end[1]

    def at(self, share: float) -> Point:
        """A point on the way."""
        (px, py), (qx, qy) = self.start, self.end
        return px + share * (qx - px), py + share * (qy - py)

    def strokes(self, label: DrawnText | None) -> Iterator[Stroke]:
        """From rim to rim, broken around the label."""
        rim = RADIUS / hypot(self.end[0] - self.start[0], self.end[1] - self.start[1])
        start, end = self.at(rim), self.at(1 - rim)
        cut = _around(label).span(start, end) if label else None
        if cut is None:
            yield Stroke(start, end, arrow=True)
            return
        inner = _Edge(start, end)
        yield Stroke(start, inner.at(cut[0]))
        yield Stroke(inner.at(cut[1]), end, arrow=True)


def _around(text: DrawnText) -> Box:
    """What an edge leaves free around its label."""
    box = text.box
    return Box(box.left - BESIDE, box.top - CLEAR / 2, box.right + BESIDE, box.bottom + CLEAR / 2)


def _bar(text: DrawnText) -> Stroke:
    """The bar of a fraction."""
    middle = text.y - lettering.ASCENT / 2 * text.size
    return Stroke((text.x, middle), (text.x + text.line.width * text.size, middle))
