"""Where units stand and where each weight's label lies on its edge, so that nothing touches anything.

Every label is centred on its own edge, which is broken around it. Spacing is tried from tight to wide, and
along each edge a few places; the first arrangement in which no label meets another edge, label or unit wins.
All lengths are millimetres, x to the right, y downwards, the middle of every layer at y = 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RADIUS = 5.0
CLEAR = 0.9  # between a label and anything else
HEAD = 1.9  # length of an arrow head
ROW_STEPS = (20.0, 22.0, 24.0, 26.0, 29.0, 33.0)
GAP_STEPS = (0.0, 3.0, 6.0, 10.0, 15.0, 22.0, 30.0, 40.0)  # beyond the narrowest gap that holds a label
MAX_EDGES = 12  # in one gap; beyond it labels would be a thicket, and its edges stay bare
PLACES = tuple(n / 40 for n in range(4, 37))
MAX_VISITS = 4000  # of the search in one gap, so that a hopeless one ends

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle, `top` < `bottom`."""

    left: float
    top: float
    right: float
    bottom: float

    def grown(self, by: float) -> Box:
        """Add a margin."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def meets(self, other: Box) -> bool:
        """Whether two boxes overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def span(self, p: Point, q: Point) -> tuple[float, float] | None:
        """Find the part of the segment from p to q inside the box, as fractions of its length."""
        low, high = 0.0, 1.0
        for start, end, least, most in (
            (p[0], q[0], self.left, self.right),
            (p[1], q[1], self.top, self.bottom),
        ):
            way = end - start
            if not way:
                if not least < start < most:
                    return None
                continue
            first, last = sorted(((least - start) / way, (most - start) / way))
            low, high = max(low, first), min(high, last)
        return (low, high) if low < high else None


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a drawing has to hold.

    shape:  units in each layer.
    labels: width of the weights' labels in each gap between layers; 0 for a gap whose edges stay bare.
    above, below: how far a label reaches from the middle of its edge.
    bias:   width of the biases' labels, and how far they reach from the middle of their unit; 0, 0 for none.
    stub:   what is seen of an edge between a unit and the label, at the least.
    room:   the greatest distance between first and last layer.
    """

    shape: tuple[int, ...]
    labels: tuple[float, ...]
    above: float
    below: float
    bias: tuple[float, float]
    stub: float
    room: float


@dataclass(frozen=True, slots=True)
class DiagramLayout:
    """The answer: distance between rows, x of each layer, and for each gap the place of every edge's label.

    Places are fractions of the way from source to destination, sources first; empty in a bare gap.
    """

    rows: float
    columns: tuple[float, ...]
    places: tuple[tuple[float, ...], ...]


def height_of(unit: int, units: int, rows: float) -> float:
    """Find the y of one unit, from 0, of a layer."""
    return (unit - (units - 1) / 2) * rows


def bias_side(y: float) -> int:
    """Whether a unit's bias stands above it (-1) or below (1): on the outer side, away from most edges."""
    return -1 if y < 0 else 1


@lru_cache(maxsize=256)
def arrange(needs: Requirements) -> DiagramLayout | None:
    """Find the tightest arrangement, or None."""
    # Where three or more units stand in a column, a bias has a neighbour on its outer side.
    crowded = needs.bias[0] and max(needs.shape) > 2  # noqa: PLR2004 - the two have each a side of its own
    least = RADIUS + needs.bias[1] + 2 * CLEAR if crowded else 0.0
    for aligned, rows in product((True, False), ROW_STEPS):
        if rows < least:
            continue
        gaps = [_gap(needs, number, rows, aligned=aligned) for number in range(len(needs.labels))]
        if all(gaps):
            widths, places = zip(*(gap for gap in gaps if gap), strict=True)
            columns = tuple(sum(widths[:n]) for n in range(len(widths) + 1))
            if columns[-1] <= needs.room:
                return DiagramLayout(rows, columns, places)
    return None


def _gap(
    needs: Requirements, number: int, rows: float, *, aligned: bool
) -> tuple[float, tuple[float, ...]] | None:
    """Find width and places of one gap, the narrowest that works; `aligned`: all labels in one column."""
    width = needs.labels[number]
    ends = _ends(needs.shape[number : number + 2], rows)
    # Steep edges would run through the labels of the biases, and are hard to follow.
    rise = max(abs(b - a) for a, b in ends)
    least = max(2 * (RADIUS + needs.stub + CLEAR) + HEAD + max(width, 11.0), 1.1 * rise)
    if not width:
        return max(least, 30.0), ()
    for extra in GAP_STEPS:
        if least + extra > needs.room:
            break
        places = _Gap(needs, number, ends, least + extra, width).places(aligned=aligned)
        if places:
            return least + extra, places
    return None


def _ends(pair: Sequence[int], rows: float) -> tuple[Point, ...]:
    return tuple(
        (height_of(i, pair[0], rows), height_of(j, pair[1], rows))
        for i, j in product(range(pair[0]), range(pair[1]))
    )


@dataclass(frozen=True, slots=True)
class _Gap:
    """One gap: edges by the y of their ends, x from 0 to `width`, labels `label` wide."""

    needs: Requirements
    number: int
    ends: tuple[Point, ...]
    width: float
    label: float

    def box(self, edge: int, place: float) -> Box:
        a, b = self.ends[edge]
        x, y = place * self.width, a + place * (b - a)
        half = self.label / 2
        return Box(x - half, y - self.needs.above, x + half, y + self.needs.below)

    def biases(self) -> Iterator[Box]:
        half, depth = self.needs.bias[0] / 2, self.needs.bias[1]
        if half:
            for x, side in ((0.0, 0), (self.width, 1)):
                if not x and not self.number:
                    continue  # inputs have no bias
                for y in {end[side] for end in self.ends}:
                    top, bottom = sorted((y + bias_side(y) * RADIUS, y + bias_side(y) * depth))
                    yield Box(x - half, top, x + half, bottom)

    def free(self, edge: int, place: float, biases: list[Box]) -> bool:
        """Whether a label there keeps clear of everything but other labels."""
        box = self.box(edge, place).grown(CLEAR)
        if max(RADIUS - box.left, box.right + HEAD - self.width + RADIUS) > -self.needs.stub:
            return False
        if any(box.meets(b) for b in biases):
            return False
        for other, (a, b) in enumerate(self.ends):
            if other != edge:
                left, right = (a + x / self.width * (b - a) for x in (box.left, box.right))
                if max(left, right) > box.top and min(left, right) < box.bottom:
                    return False
        return True

    def free_places(self) -> list[list[float]]:
        """For each edge where its label could lie if it were the only one, likely places first."""
        biases = list(self.biases())
        if any(b.grown(CLEAR).span((0, y), (self.width, z)) for b in biases for y, z in self.ends):
            return []
        likely = sorted(PLACES, key=lambda t: abs(t - 0.42))
        found: list[list[float]] = []
        for edge in range(len(self.ends)):
            found.append([t for t in likely if self.free(edge, t, biases)])
            if not found[-1]:
                return []
        return found

    def places(self, *, aligned: bool) -> tuple[float, ...] | None:
        """Choose a place on each edge: all in one column, or wherever there is room."""
        free = _free_places(self)
        if not free:
            return None
        if not aligned:
            return self.search(free)
        for t in free[0]:
            if all(t in f for f in free) and self.apart([self.box(e, t) for e in range(len(free))]):
                return (t,) * len(free)
        return None

    @staticmethod
    def apart(boxes: list[Box]) -> bool:
        return not any(a.grown(CLEAR).meets(b) for i, a in enumerate(boxes) for b in boxes[:i])

    def search(self, free: list[list[float]]) -> tuple[float, ...] | None:
        """Backtracking, the edge with the fewest free places first."""
        order = sorted(range(len(free)), key=lambda e: len(free[e]))
        chosen: dict[int, float] = {}
        visits = 0

        def place(depth: int) -> bool:
            nonlocal visits
            if depth == len(order):
                return True
            edge = order[depth]
            for t in free[edge]:
                visits += 1
                if visits > MAX_VISITS:
                    return False
                box = self.box(edge, t).grown(CLEAR)
                if not any(box.meets(self.box(e, u)) for e, u in chosen.items()):
                    chosen[edge] = t
                    if place(depth + 1):
                        return True
                    del chosen[edge]
            return False

        return tuple(chosen[e] for e in range(len(free))) if place(0) else None


@lru_cache(maxsize=1024)
def _free_places(gap: _Gap) -> list[list[float]]:
    return gap.free_places()
