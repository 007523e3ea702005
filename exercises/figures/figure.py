"""What a drawing is made of, and its figures for templates/diagram.svg. All lengths in millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING, Any, Literal

from exercises.figures.placement import HEAD, RADIUS, Box, Point

if TYPE_CHECKING:
    from exercises.figures.lettering import MathLine

SIZE = 3.35  # of the labels: 9.5 points


Weight = Literal["plain", "bold", "light"]
WEIGHTS: tuple[Weight, ...] = ("plain", "light", "bold")  # in the order of drawing


@dataclass(frozen=True, slots=True)
class Circle:
    """A unit."""

    x: float
    y: float
    radius: float = RADIUS
    weight: Weight = "plain"


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line, with an arrow head at its end or without."""

    start: Point
    end: Point
    arrow: bool = False
    weight: Weight = "plain"


@dataclass(frozen=True, slots=True)
class DrawnText:
    """A line of text: its start on the baseline, its font size in millimetres, the box that it fills."""

    line: MathLine
    x: float
    y: float
    size: float = SIZE
    inside: bool = False
    sans: bool = False

    @property
    def box(self) -> Box:
        """What the text covers."""
        return Box(
            self.x,
            self.y - self.line.ascent * self.size,
            self.x + self.line.width * self.size,
            self.y + self.line.descent * self.size,
        )


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn network in a frame from (0, 0) to (width, height) mm.

    complete: whether every weight is labelled; if not, the edges are bare and the numbers are in the table
    of given values only.
    """

    width: float
    height: float
    circles: tuple[Circle, ...]
    strokes: tuple[Stroke, ...]
    texts: tuple[DrawnText, ...]
    complete: bool
    alt: str


def figures(drawing: Drawing) -> dict[str, Any]:
    """Prepare the drawing for templates/diagram.svg: plain numbers, to a hundredth of a millimetre."""
    return {
        "width": round(drawing.width, 2),
        "height": round(drawing.height, 2),
        "alt": drawing.alt,
        "circles": [(round(c.x, 2), round(c.y, 2), c.radius, c.weight) for c in drawing.circles],
        "strokes": [found for weight in WEIGHTS if (found := _strokes(drawing, weight))["lines"]],
        "runs": [
            {
                "x": round(text.x + run.x * text.size, 2),
                "y": round(text.y + run.y * text.size, 2),
                "size": round(run.size * text.size, 2),
                "family": "Byhand Sans" if text.sans else "Byhand Serif",
                "style": "italic" if run.italic else "normal",
                "text": run.text,
            }
            for text in drawing.texts
            for run in text.line.runs
        ],
    }


def _strokes(drawing: Drawing, weight: Weight) -> dict[str, Any]:
    """All lines of one weight, and their arrow heads."""
    chosen = [stroke for stroke in drawing.strokes if stroke.weight == weight]
    return {
        "weight": weight,
        "lines": [_path(stroke) for stroke in chosen],
        "heads": [_head(stroke) for stroke in chosen if stroke.arrow],
    }


def _path(stroke: Stroke) -> str:
    """Trace a line, ending inside its arrow head."""
    (px, py), (qx, qy) = stroke.start, stroke.end
    length = hypot(qx - px, qy - py)
    stop = 1 - min(HEAD * 0.8 / length, 1.0) if stroke.arrow else 1.0
    return f"M{px:.2f} {py:.2f}L{px + stop * (qx - px):.2f} {py + stop * (qy - py):.2f}"


def _head(stroke: Stroke) -> str:
    """Trace the arrow head at the end of a line."""
    (px, py), (qx, qy) = stroke.start, stroke.end
    length = hypot(qx - px, qy - py)
    size = HEAD * (1.3 if stroke.weight == "bold" else 1.0)
    ux, uy = (qx - px) / length * size, (qy - py) / length * size
    left, right = ((qx - ux - side * uy * 0.32, qy - uy + side * ux * 0.32) for side in (1, -1))
    return f"M{qx:.2f} {qy:.2f}L{left[0]:.2f} {left[1]:.2f}L{right[0]:.2f} {right[1]:.2f}Z"
