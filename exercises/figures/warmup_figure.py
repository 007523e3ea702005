"""The graph of a warm-up drawn: variables on the left, each node in the column after what it is computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.figures import lettering
from exercises.figures.alt_text import function_lines
from exercises.figures.diagram import INSIDE, centred
from exercises.figures.figure import SIZE, Circle, Drawing, DrawnText, Stroke
from exercises.figures.placement import CLEAR, RADIUS, Point
from exercises.formulas import typeset
from exercises.formulas.formula import leaves
from exercises.formulas.label import Glyph
from exercises.formulas.quantity import Quantity, QuantityKind

if TYPE_CHECKING:
    from exercises.networks.warmup_function import WarmupFunction
    from exercises.problems.problem import Problem

COLUMN, ROW = 34.0, 18.0
ARROW = 5.0


def draw(problem: Problem, program: WarmupFunction) -> Drawing:
    """Draw a warm-up's graph: letters in the nodes, the function of each node below it, numbers at the inputs."""
    numbers = {
        n: typeset.number(problem.values[Quantity(QuantityKind.INPUT, n)])
        for n in range(1, len(program.inputs) + 1)
    }
    left = max(lettering.advance(text) for text in numbers.values()) * SIZE + ARROW + 2 * CLEAR + RADIUS
    places = _places(program, left)
    circles = tuple(Circle(*at) for at in places.values())
    texts = [
        centred(lettering.glyph(Glyph(program.letters[unit])), *at, INSIDE, inside=True)
        for unit, at in places.items()
    ]
    strokes = []
    for unit, text in numbers.items():
        px, py = places[unit]
        line = lettering.upright(text)
        strokes.append(Stroke((px - RADIUS - ARROW, py), (px - RADIUS, py), arrow=True))
        texts.append(
            DrawnText(line, px - RADIUS - ARROW - CLEAR - line.width * SIZE, py + lettering.ASCENT / 2 * SIZE)
        )
    for place, (_, formula) in enumerate(program.nodes):
        unit = program.node(place).unit
        strokes += [_edge(places[q.unit], places[unit]) for q in dict.fromkeys(leaves(formula))]
    return Drawing(
        width=max(px for px, _ in places.values()) + RADIUS + 1,
        height=max(py for _, py in places.values()) + RADIUS + 1,
        circles=circles,
        strokes=tuple(strokes),
        texts=tuple(texts),
        complete=True,
        alt="A computation graph: " + ", ".join(function_lines(problem, typeset.TEXT)) + ".",
    )


def _places(program: WarmupFunction, left: float) -> dict[int, Point]:
    """Where each node stands: its column is the longest way to it, its row by order within the column."""
    depth = dict.fromkeys(range(1, len(program.inputs) + 1), 0)
    for place, (_, formula) in enumerate(program.nodes):
        depth[program.node(place).unit] = 1 + max(depth[q.unit] for q in leaves(formula))
    columns: dict[int, list[int]] = {}
    for unit, column in depth.items():
        columns.setdefault(column, []).append(unit)
    tallest = max(len(units) for units in columns.values())
    middle = RADIUS + 1 + (tallest - 1) / 2 * ROW
    return {
        unit: (left + column * COLUMN, middle + (n - (len(units) - 1) / 2) * ROW)
        for column, units in sorted(columns.items())
        for n, unit in enumerate(units)
    }


def _edge(start: Point, end: Point) -> Stroke:
    """From rim to rim."""
    (px, py), (qx, qy) = start, end
    length = ((qx - px) ** 2 + (qy - py) ** 2) ** 0.5
    ux, uy = (qx - px) / length * RADIUS, (qy - py) / length * RADIUS
    return Stroke((px + ux, py + uy), (qx - ux, qy - uy), arrow=True)
