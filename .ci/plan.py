"""Draw docs/plan.svg, the plan of the house: rooms on their floors, read off the imports and the packages' docstrings.

The numbers in circles are the two ways told in docs/architecture.md.
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import house  # noqa: E402

SPLIT = ("grader", "exercises")  # folders with rooms of their own
EMPTY = {"exercises"}  # a folder of rooms and nothing else
# Lengths in pixels.
WIDTH, TOP, MARGIN = 1000, 96, 24
BOX, LANE, GAP = 276, 8, 26  # widths: a room, an arrow that passes a floor, what is left between them
HEAD, LINE, FOOT, SHAFT = (
    30,
    16,
    8,
    34,
)  # heights: a room's name, a line of its purpose, below it, between floors
LETTERS = 38  # in a line of a purpose
FILLS = {
    "byhand": ("#fbe3e0", "#b4483a"),
    "grader": ("#e6eefb", "#41689f"),
    "answer_keys": ("#fbf1d3", "#a07c1c"),
    "exercises": ("#e4f3e6", "#448653"),
    "templates": ("#eeeeee", "#777777"),
}
WAYS = (("One answer's way to its sentence", "#1d4f91"), ("One value's way to paper", "#c05a00"))
CROSSING = 40  # what a crossing weighs, in pixels of arrow; each is counted twice
STYLE = (
    "svg { font-family: Helvetica, Arial, sans-serif; font-size: 13px; fill: #222 } "
    ".title { font-size: 26px } .name { font-size: 15px; font-weight: bold } "
    ".step { font-size: 12px; font-weight: bold; fill: #fff; text-anchor: middle } "
    ".arrows path { fill: none; stroke: #666; stroke-width: 1.3; marker-end: url(#head) } #head path { fill: #666 }"
)
MARKER = (
    '<marker id="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0,0.5 L8,4 L0,7.5 z"/></marker>'
)


@dataclass(eq=False)
class Spot:
    """Something on a floor: a room, or an arrow passing by; neighbours above and below, and where it came to stand."""

    floor: int
    room: str = ""
    up: list[Spot] = field(default_factory=list)
    down: list[Spot] = field(default_factory=list)
    x: float = 0.0

    @property
    def width(self) -> int:
        """In pixels."""
        return BOX if self.room else LANE


def purpose(room: str) -> list[str]:
    """Take the first sentence of a package's docstring, in lines."""
    path = ROOT / room.replace(".", "/")
    text = (
        ast.get_docstring(house.tree(path / "__init__.py" if path.is_dir() else path.with_suffix(".py")))
        or ""
    )
    return textwrap.wrap(re.split(r"\.\s", text + " ")[0], LETTERS, break_on_hyphens=False)


def ways() -> list[list[str]]:
    """Read the rooms of each way from the numbered lists of docs/architecture.md."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    parts = [text.partition(f"## {title}\n")[2].partition("\n## ")[0] for title, _ in WAYS]
    return [re.findall(r"^\d+\. \*\*`([\w.]+)`", part, re.MULTILINE) for part in parts]


def needed(arrows: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Leave out every arrow that follows from others: above a room that is reached on the way anyway."""

    def below(name: str) -> set[str]:
        return arrows[name].union(*(below(other) for other in arrows[name]))

    return [
        (name, other)
        for name, others in arrows.items()
        for other in others
        if not any(other in below(between) for between in others - {other})
    ]


def house_of_spots() -> tuple[dict[int, list[Spot]], list[list[Spot]]]:
    """Set every room on its floor, and for every arrow a lane on each floor that it passes."""
    floors = house.floors(SPLIT)
    rooms = {name: Spot(floors[name], name) for name in floors if name not in EMPTY}
    arrows = {
        name: {other for other in house.arrows(SPLIT)[name] if other in rooms} for name in sorted(rooms)
    }
    levels: dict[int, list[Spot]] = {floor: [] for floor in range(1, max(floors.values()) + 1)}
    for name in arrows:
        levels[floors[name]].append(rooms[name])
    chains = []
    for name, other in sorted(needed(arrows)):
        lanes = [Spot(floor) for floor in range(floors[name] - 1, floors[other], -1)]
        for lane in lanes:
            levels[lane.floor].append(lane)
        chain = [rooms[name], *lanes, rooms[other]]
        for upper, lower in pairwise(chain):
            upper.down.append(lower)
            lower.up.append(upper)
        chains.append(chain)
    return levels, chains


def spread(spots: list[Spot]) -> None:
    """Bring what stands on a floor, in this order, as near to below and above its neighbours as the widths allow."""
    offsets, at = [], 0.0
    for spot in spots:
        offsets.append(at + spot.width / 2)
        at += spot.width + GAP
    room_left = WIDTH - 2 * MARGIN - (at - GAP)
    blocks: list[list[float]] = []  # wishes of those that stand shoulder to shoulder
    for spot, offset in zip(spots, offsets, strict=True):
        near = [other.x for other in (*spot.up, *spot.down)] or [spot.x]
        blocks.append([sum(near) / len(near) - offset - MARGIN])
        while len(blocks) > 1 and mean(blocks[-2]) >= mean(blocks[-1]):
            last = blocks.pop()
            blocks[-1] += last
    shifts = [mean(block) for block in blocks for _ in block]
    for spot, offset, shift in zip(spots, offsets, shifts, strict=True):
        spot.x = MARGIN + offset + min(max(shift, 0), room_left)


def mean(numbers: list[float]) -> float:
    """Take the mean."""
    return sum(numbers) / len(numbers)


def tangle(levels: dict[int, list[Spot]]) -> float:
    """Weigh how long the arrows are and how often they cross."""
    cost = 0.0
    for spots in levels.values():
        links = [(spot.x, other.x) for spot in spots for other in spot.down]
        cost += sum(abs(a - b) for a, b in links)
        cost += CROSSING * sum((a - c) * (b - d) < 0 for a, b in links for c, d in links)
    return cost


def settle(levels: dict[int, list[Spot]]) -> None:
    """Order each floor so that arrows are short and rarely cross, and give everything its place."""
    for spots in levels.values():
        spread(spots)
    best, better = tangle(levels), True
    while better:
        better = False
        for floor, spots in levels.items():
            for spot in list(spots):
                for place in range(len(spots)):
                    before, kept = {s: s.x for one in levels.values() for s in one}, list(spots)
                    spots.remove(spot)
                    spots.insert(place, spot)
                    for near in (floor, floor - 1, floor + 1, floor):
                        spread(levels.get(near, []))
                    cost = tangle(levels)
                    if cost < best - 1:
                        best, better = cost, True
                        continue
                    spots[:] = kept
                    for one, x in before.items():
                        one.x = x


def box(spot: Spot, y: float, height: int, steps: list[list[str]]) -> list[str]:
    """Draw a room: its name, what it is for, and its numbers on the two ways."""
    left, (fill, line) = spot.x - BOX / 2, FILLS[spot.room.split(".")[0]]
    top, _, inner = spot.room.partition(".")
    name = f'<tspan fill="{line}">{top}{"." if inner else ""}</tspan>{inner}'
    drawn = [
        f'<rect x="{left:.1f}" y="{y}" width="{BOX}" height="{height}" rx="7" fill="{fill}" stroke="{line}"/>',
        f'<text class="name" x="{left + 12:.1f}" y="{y + 21}">{name}</text>',
    ]
    drawn += [
        f'<text x="{left + 12:.1f}" y="{y + HEAD + 11 + n * LINE}">{escape(words)}</text>'
        for n, words in enumerate(purpose(spot.room))
    ]
    at = left + BOX - 18
    for rooms, (_, colour) in reversed(list(zip(steps, WAYS, strict=True))):
        for number in [n for n, room in enumerate(rooms, 1) if room == spot.room][::-1]:
            drawn += badge(at, y + 16, number, colour)
            at -= 24
    return drawn


def badge(x: float, y: float, number: int, colour: str) -> list[str]:
    """Draw a number in a circle."""
    return [
        f'<circle cx="{x:.1f}" cy="{y}" r="10" fill="{colour}"/>',
        f'<text class="step" x="{x:.1f}" y="{y + 4}">{number}</text>',
    ]


def ports(spot: Spot, others: list[Spot]) -> dict[Spot, float]:
    """Where on a room's edge each arrow begins or ends, in the order of where it leads."""
    if not spot.room:
        return dict.fromkeys(others, spot.x)
    step = min(34, BOX / (len(others) + 1))
    ordered = sorted(others, key=lambda other: other.x)
    return {other: spot.x + (n - (len(others) - 1) / 2) * step for n, other in enumerate(ordered)}


def arrow(chain: list[Spot], tops: dict[int, float], heights: dict[int, int]) -> str:
    """Draw an arrow from a room down to another, straight past the floors between."""
    path = ""
    for upper, lower in pairwise(chain):
        x0, x1 = ports(upper, upper.down)[lower], ports(lower, lower.up)[upper]
        y0, y1 = tops[upper.floor] + heights[upper.floor], tops[lower.floor]
        middle = (y0 + y1) / 2
        path += f"{'L' if path else 'M'}{x0:.1f},{y0} C{x0:.1f},{middle} {x1:.1f},{middle} {x1:.1f},{y1} "
    return f'<path d="{path.strip()}"/>'


def plan() -> str:
    """Draw everything, as SVG."""
    levels, chains = house_of_spots()
    settle(levels)
    steps = ways()
    heights = {
        floor: HEAD + FOOT + LINE * max(len(purpose(s.room)) for s in spots if s.room)
        for floor, spots in levels.items()
    }
    tops, y = {}, float(TOP)
    for floor in sorted(levels, reverse=True):
        tops[floor], y = y, y + heights[floor] + SHAFT
    height = int(y - SHAFT + MARGIN)
    legend = ['<text class="title" x="24" y="42">The house of byhand</text>']
    legend += ['<text x="24" y="66">An arrow: uses. Those that follow from others are left out.</text>']
    for n, (title, colour) in enumerate(WAYS):
        legend += badge(WIDTH - 270, 36 + 27 * n, 1, colour)
        legend += [f'<text x="{WIDTH - 250}" y="{40 + 27 * n}">{title}</text>']
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">',
        f"<style>{STYLE}</style>",
        MARKER,
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        *legend,
        '<g class="arrows">',
        *(arrow(chain, tops, heights) for chain in chains),
        "</g>",
        *(
            part
            for floor, spots in levels.items()
            for spot in spots
            if spot.room
            for part in box(spot, tops[floor], heights[floor], steps)
        ),
        "</svg>",
    ]
    return "\n".join(drawn) + "\n"


if __name__ == "__main__":
    (ROOT / "docs" / "plan.svg").write_text(plan(), encoding="utf-8")
