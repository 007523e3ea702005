"""Hands that fill in cells on a printed page: real pen strokes of writers, with pens of several kinds.

Shares no code with the training of the reader, except for which writers are kept from it.

    hand = hands(data, "proof")[0]
    write(page, [(x, y, w, h), …], "-0.7550", hand, PENS["pencil"], rng)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from benchmarks.handwriting.writers import is_as_labelled, part_of

DPI = 300
MM = DPI / 25.4  # pixels of the page in a millimetre
FINER = 3  # drawing is so much finer than the page


@dataclass(frozen=True)
class Hand:
    """One writer: for each character the ways in which they wrote it, as strokes in units of a digit's height."""

    name: str
    ways: dict[str, list[list[np.ndarray]]]

    def halves(self) -> tuple[Hand, Hand]:
        """The same writer twice, with different samples of each character that they wrote more than once."""
        return tuple(
            Hand(self.name, {c: ways[n::2] or ways for c, ways in self.ways.items()}) for n in (0, 1)
        )


@dataclass(frozen=True)
class Pen:
    """What is written with: its width in mm, how dark (0 to 1), how grainy, how uneven."""

    width: float
    dark: float
    grain: float = 0.0
    uneven: float = 0.0


PENS = {
    "ballpoint": Pen(0.38, 0.85, 0.10, 0.15),
    "gel": Pen(0.55, 0.95, 0.0, 0.08),
    "felt": Pen(0.9, 0.9, 0.0, 0.05),
    "pencil": Pen(0.5, 0.55, 0.45, 0.2),
    "faint pencil": Pen(0.4, 0.33, 0.5, 0.25),
    "red": Pen(0.4, 0.55, 0.05, 0.1),
    "light blue": Pen(0.45, 0.6, 0.05, 0.15),
    "fountain": Pen(0.5, 0.9, 0.0, 0.4),
}


def hands(data: Path, part: str, least: int = 10) -> list[Hand]:
    """The writers of one part who wrote at least so many of the ten digits."""
    z = np.load(data / "pen.npz")
    names, starts, ends = z["writers"], np.r_[0, z["stroke_end"]], np.r_[0, z["item_end"]]
    xy = z["xy"].astype(float) / 512
    found = []
    for number, name in enumerate(names):
        if part_of(str(name)) != part:
            continue
        ways: dict[str, list[list[np.ndarray]]] = {}
        for j in np.nonzero(z["writer"] == number)[0]:
            strokes = [curve(xy[starts[k] : starts[k + 1]]) for k in range(ends[j], ends[j + 1])]
            if is_as_labelled(str(z["label"][j]), strokes):
                ways.setdefault(str(z["label"][j]), []).append(strokes)
        if sum(d in ways for d in "0123456789") >= least:
            found.append(Hand(str(name), ways))
    return found


def curve(points: np.ndarray) -> np.ndarray:
    """A stroke as an even, smooth curve: many points along it, each the mean of its surroundings."""
    if len(points) < 3:
        return points
    along = np.r_[0, np.cumsum(np.hypot(*np.diff(points, axis=0).T))]
    even = np.linspace(0, along[-1], max(8, int(along[-1] * 60)))
    dense = np.column_stack([np.interp(even, along, points[:, k]) for k in (0, 1)])
    padded = np.vstack([dense[:1], dense[:1], dense, dense[-1:], dense[-1:]])
    smooth = sum(w * padded[i : i + len(dense)] for i, w in enumerate((0.1, 0.2, 0.4, 0.2, 0.1)))
    smooth[0], smooth[-1] = dense[0], dense[-1]
    return smooth


@dataclass
class Mood:
    """How somebody writes on one sheet."""

    height: float
    slant: float
    drift: tuple[float, float]

    @classmethod
    def of(cls, rng: np.random.Generator) -> Mood:
        """A usual one."""
        height = float(np.clip(rng.normal(4.4, 0.5), 3.2, 5.8))
        return cls(
            height, float(rng.normal(0, 0.06)), (float(rng.normal(0, 0.2)), float(rng.normal(0, 0.25)))
        )


def strokes_of(hand: Hand, character: str, rng: np.random.Generator) -> list[np.ndarray]:
    """One way in which this hand writes a character, a little otherwise each time."""
    ways = hand.ways.get(character)
    if ways is None:
        bar = np.array([[-0.3, 0.0], [0.3, rng.normal(0, 0.03)]])
        if character == "-":
            return [bar]
        if character == "+":
            return [bar, np.array([[0.0, -0.3], [rng.normal(0, 0.03), 0.3]])]
        raise KeyError(character)
    strokes = ways[rng.integers(len(ways))]
    turn = rng.normal(0, 0.035)
    scale = np.exp(rng.normal(0, 0.04, 2))
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * scale
    return [s @ matrix.T for s in strokes]


def write_character(  # noqa: PLR0913, PLR0917 - what one writes, where, and with what
    page: Image.Image, box: tuple[float, ...], character: str, hand: Hand, pen: Pen, mood: Mood,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Write into one cell (x, y, w, h in mm) of the page."""
    strokes = [s * mood.height for s in strokes_of(hand, character, rng)]
    whole = np.vstack(strokes)
    low, high = whole.min(axis=0), whole.max(axis=0)
    if high[0] - low[0] > box[2] * 1.15:  # people keep to a box, more or less
        strokes = [s * [box[2] * 1.15 / (high[0] - low[0]), 1] for s in strokes]
        whole = np.vstack(strokes)
        low, high = whole.min(axis=0), whole.max(axis=0)
    middle = np.array([box[0] + box[2] / 2, box[1] + box[3] / 2]) + mood.drift + rng.normal(0, [0.25, 0.25])
    placed = []
    for s in strokes:
        p = s - (low + high) / 2
        placed.append(np.column_stack([p[:, 0] + mood.slant * p[:, 1], -p[:, 1]]) + middle)
    lay(page, placed, pen, rng)


def lay(page: Image.Image, strokes: list[np.ndarray], pen: Pen, rng: np.random.Generator) -> None:
    """Draw strokes (mm) on the page with a pen: small round dabs along the line."""
    whole = np.vstack(strokes)
    left, top = np.floor((whole.min(axis=0) - 1.5) * MM).astype(int)
    right, bottom = np.ceil((whole.max(axis=0) + 1.5) * MM).astype(int)
    size = (int(right - left), int(bottom - top))
    patch = Image.new("L", (size[0] * FINER, size[1] * FINER), 0)
    draw = ImageDraw.Draw(patch)
    for one in strokes:
        stroke = one if len(one) > 1 else np.vstack([one, one + 0.08])
        steps = np.hypot(*np.diff(stroke, axis=0).T)
        along = np.r_[0, np.cumsum(steps)]
        count = max(4, int(along[-1] * MM * FINER / 2.0))
        at = np.linspace(0, along[-1], count)
        x = (np.interp(at, along, stroke[:, 0]) * MM - left) * FINER
        y = (np.interp(at, along, stroke[:, 1]) * MM - top) * FINER
        wave = 1 + pen.uneven * np.interp(at, np.linspace(0, along[-1], 6), rng.normal(0, 1, 6))
        radius = np.clip(pen.width * wave, 0.15, 1.4) / 2 * MM * FINER
        for cx, cy, r in zip(x, y, radius, strict=True):
            draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=255)
    ink = np.asarray(patch.resize(size, Image.Resampling.BOX), dtype=float) / 255 * pen.dark
    if pen.grain:
        ink *= 1 - pen.grain * rng.random(ink.shape)
    over = Image.fromarray(np.round(255 * (1 - ink)).astype(np.uint8))
    where = (int(left), int(top), int(right), int(bottom))
    page.paste(ImageChops.multiply(page.crop(where), over), where[:2])


def scribble(page: Image.Image, box: tuple[float, ...], pen: Pen, rng: np.random.Generator) -> None:
    """Cross out what stands in a cell."""
    x, y, w, h = box
    zig = [(x + (w - 0.4 if k % 2 else 0.4), y + h * (0.25 + 0.5 * k / 7)) for k in range(8)]
    lay(page, [curve(np.array(zig) + rng.normal(0, 0.2, (8, 2)))], pen, rng)


def into_cells(text: str, whole: int, places: int, power: int = 0) -> str | None:
    """A number's characters for sign, whole and place cells, right-aligned before the point; None if it has no room.

    power: how many cells there are for the figures of an exponent, besides one for its sign; -4.55e-4 has one.
    """
    sign = "-" if text.startswith("-") else " "
    number, _, exponent = text.lstrip("-+").partition("e")
    before, _, behind = number.partition(".")
    if len(before) > whole or not number.replace(".", "").isdigit() or len(exponent.lstrip("-")) > power:
        return None
    raised = "-" if exponent.startswith("-") else " "
    return (
        sign + before.rjust(whole) + behind[:places].ljust(places)
        + (raised + exponent.lstrip("-").rjust(power)) * bool(power)
    )  # fmt: skip
