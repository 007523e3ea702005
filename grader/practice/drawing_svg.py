"""The sheet's own drawing as SVG for the page: its parts bear names, and beside its units there is room for numbers."""

from __future__ import annotations

from html import escape
from math import hypot
from typing import TYPE_CHECKING

from exercises.figures import diagram, warmup_figure
from exercises.figures.chain_figure import draw_chains
from exercises.figures.figure import figures
from exercises.figures.placement import RADIUS, Box
from exercises.formulas import typeset
from exercises.formulas.quantity import (
    QuantityKind,
    bias,
    delta,
    gradient,
    loss,
    weight,
    y,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.figures.figure import Drawing
    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem

ABOVE, BELOW, BESIDE = 4.5, 6.5, 15.0  # millimetres around a drawing, for numbers beside its outer units
HALO = 1.1
FAR, NEAR, BESIDE_ARROW = 3.6, 2.9, 1.0  # of a number from its unit: alone, or between it and its bias
TO_TARGET = 6.0
RAISED = 2.5  # the headings of columns, above the δ of the first units
ALONG = (0.66, 0.74, 0.58, 0.82, 0.5)  # how far along its edge a gradient may stand, the likest first
ABOVE_EDGE, BELOW_EDGE = -1.0, 2.9  # or beside the number of its weight
WIDE, TALL = 11.0, 2.1  # the room that a gradient takes


def drawings(problem: Problem) -> list[str]:
    """The drawings of a sheet, one SVG each: a network with places for numbers, chains and graphs as they are."""
    if problem.plan.function:
        return [_svg(warmup_figure.draw(problem, problem.plan.function))]
    first = diagram.draw(problem)
    return [_svg(first, _Parts(problem, first)), *(_svg(one) for one in draw_chains(problem))]


def _svg(drawing: Drawing, parts: _Parts | None = None) -> str:
    plain = figures(drawing)
    above, below, beside = (ABOVE, BELOW, BESIDE) if parts else (1.0, 1.0, 0.0)
    box = f"-1 {-above} {drawing.width + 2 + beside:.1f} {drawing.height + above + below:.1f}"
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" role="img" viewBox="{box}">']
    out.append(f"<title>{escape(drawing.alt)}</title>")
    out += parts.marks() if parts else ()
    for stroke in plain["strokes"]:
        kind = stroke["weight"]
        out.append(f'<path class="line {kind}" d="{"".join(stroke["lines"])}"/>')
        out.append(f'<path class="head {kind}" d="{"".join(stroke["heads"])}"/>')
    out += [
        f'<circle class="rim {kind}" cx="{cx}" cy="{cy}" r="{r}"/>' for cx, cy, r, kind in plain["circles"]
    ]
    given = parts.given() if parts else {}
    for run in plain["runs"]:
        heads = "Sans" in run["family"]
        family, raised = ("sans", RAISED) if heads and parts else ("sans" if heads else run["style"], 0.0)
        named = given.get((run["x"], run["y"]), "")
        out.append(
            f'<text class="{family}"{named} x="{run["x"]}" y="{run["y"] - raised:.2f}" font-size="{run["size"]}">'
            f"{escape(run['text'])}</text>"
        )
    out += parts.places() if parts else ()
    return "\n".join([*out, "</svg>"])


class _Parts:
    """The units and edges of a network's drawing, by name."""

    def __init__(self, problem: Problem, drawing: Drawing) -> None:
        self.problem, self.drawing, net = problem, drawing, problem.network
        units = [unit for layer in net.layers for unit in layer]
        self.at = {unit: (c.x, c.y) for unit, c in zip(units, drawing.circles, strict=True)}
        self.edges = [(i, u) for u in net.computing for i in net.upstream(u)]

    def marks(self) -> Iterator[str]:
        """What lights up behind edges and units."""
        yield '<g class="marks">'
        for i, u in self.edges:
            (px, py), (qx, qy) = self.at[i], self.at[u]
            rim = RADIUS / hypot(qx - px, qy - py)
            ends = [p + share * (q - p) for share in (rim, 1 - rim) for p, q in ((px, qx), (py, qy))]
            x1, y1, x2, y2 = (f"{end:.2f}" for end in ends)
            yield f'<line class="edge" data-part="e{i}-{u}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'
        for u, (px, py) in self.at.items():
            yield f'<circle class="halo" data-part="u{u}" cx="{px:.2f}" cy="{py:.2f}" r="{RADIUS + HALO}"/>'
        yield "</g>"

    def given(self) -> dict[tuple[float, float], str]:
        """Which run of text, by its place, is which given number."""
        found = {}
        for text in self.drawing.texts:
            runs = text.line.runs
            words = "".join(run.text for run in runs)
            for q in self.problem.graph.given:
                if q in self.problem.values and not text.sans and self.is_of(q, words, text.y):
                    run = runs[-1]
                    place = round(text.x + run.x * text.size, 2), round(text.y + run.y * text.size, 2)
                    found[place] = f' data-given="{q.name}"'
        return found

    def is_of(self, q: Quantity, words: str, height: float) -> bool:
        """Whether a text is a given number: `W₁₃ = 0.15`, or the bare number of an input beside its unit."""
        number = typeset.number(self.problem.values[q])
        if q.kind is QuantityKind.INPUT:
            return words == number and q.unit in self.at and abs(height - self.at[q.unit][1]) < RADIUS
        over = self.problem.label(q).over
        return words == f"{over.base}{over.sub}{over.sup}= {number}"

    def places(self) -> Iterator[str]:
        """Where numbers come to stand: y below its unit, δ above, the loss behind the targets, gradients on edges."""
        net = self.problem.network
        if self.problem.plan.examples > 1 or self.problem.plan.steps > 1:
            return
        for u in net.computing:
            px, py = self.at[u]
            side = self.bias_side(u)
            beside = {1: (BESIDE_ARROW, NEAR, "start"), -1: (0.0, FAR, "middle"), 0: (0.0, FAR, "middle")}
            across, down, anchor = beside[side]
            yield _place("forward", y(u), px + across, py + RADIUS + down, anchor)
            across, down, anchor = beside[-side]
            yield _place("backward", delta(u), px + across, py - RADIUS - down + 2.2, anchor)
        px, py = self.at[net.outputs[-1]]
        yield _place("forward", loss(), px + RADIUS + TO_TARGET, py - 2.4, "start")
        if len(self.edges) > 12:  # noqa: PLR2004 - more have no room
            return
        taken = [text.box for text in self.drawing.texts]
        taken += [Box(*at, *at).grown(RADIUS) for at in self.at.values()]
        for i, u in self.edges:
            spots = [
                (Box(x - WIDE / 2, down - TALL, x + WIDE / 2, down), x, down) for x, down in self.spots(i, u)
            ]
            free = (spot for spot in spots if not any(spot[0].meets(box) for box in taken))
            box, x, down = next(free, spots[0])
            taken.append(box)
            yield _place("gradient", gradient(weight(i, u)), x, down, "middle")

    def spots(self, i: int, u: int) -> Iterator[tuple[float, float]]:
        """Where the gradient of an edge may stand: on the edge, and above or below the number of its weight."""
        (px, py), (qx, qy) = self.at[i], self.at[u]
        for along in ALONG:
            for off in (ABOVE_EDGE, BELOW_EDGE):
                yield px + along * (qx - px), py + along * (qy - py) + off
        label = self.label_of(weight(i, u))
        if label is not None:
            middle = (label.left + label.right) / 2
            yield middle, label.top + ABOVE_EDGE / 2
            yield middle, label.bottom + TALL

    def label_of(self, q: Quantity) -> Box | None:
        """What the number of a weight covers."""
        for text in self.drawing.texts:
            words = "".join(run.text for run in text.line.runs)
            if q in self.problem.values and not text.sans and self.is_of(q, words, text.y):
                return text.box
        return None

    def bias_side(self, unit: int) -> int:
        """On which side of its unit a bias is drawn: 1 below, -1 above, 0 where there is none."""
        if self.problem.network.bias == "no":
            return 0
        px, py = self.at[unit]
        name = self.problem.label(bias(unit)).over
        words = f"{name.base}{name.sub}{name.sup}="
        for text in self.drawing.texts:
            if (
                "".join(run.text for run in text.line.runs).startswith(words)
                and abs(text.x - px) < 3 * RADIUS
            ):
                return 1 if text.y > py else -1
        return 0


def _place(words: str, q: Quantity, x: float, y: float, anchor: str) -> str:
    at = f'x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}"'
    return f'<text class="place {words}" data-place="{q.name}" {at}></text>'


def parts_of(problem: Problem, quantities: Sequence[Quantity]) -> list[str]:
    """The parts of the drawing that quantities belong to."""
    if problem.plan.function:
        return []
    net = problem.network
    found: list[str] = []
    for q in quantities:
        if q.source and q.unit:
            found.append(f"e{q.source}-{q.unit}")
        elif q.kind in (QuantityKind.LOSS, QuantityKind.TARGET) and not q.unit:
            found += [f"u{u}" for u in net.outputs]
        elif q.unit:
            found.append(f"u{q.unit}")
    return list(dict.fromkeys(found))
