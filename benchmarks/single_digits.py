"""Single characters of writers whom training never saw, each in a printed cell of its own, captured and cut out.

Those of `pen.npz` are written once each; of `mnist.npz` some of the last 500 of each digit, which training leaves out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from benchmarks.cameras import capture, cut
from benchmarks.hands import MM, PENS, Hand, Mood, hands, write_character
from grader.handwriting.network import CLASSES, probabilities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Draw = Callable[[Image.Image, tuple[float, ...], np.random.Generator], None]

HELD = 500
COLUMNS, ROWS = 24, 22  # cells of a page


def pen_digits(data: Path) -> Iterator[tuple[str, Draw]]:
    """Each digit, minus and plus of the proof's writers, and how to write it into a cell."""
    for hand in hands(data, "proof", least=0):
        for character in "0123456789-+":
            for way in hand.ways.get(character, []):
                yield character, written(Hand(hand.name, {character: [way]}), character)


def written(hand: Hand, character: str) -> Draw:
    """How to write a character of one way into a cell, with a pen drawn by chance."""

    def draw(page: Image.Image, box: tuple[float, ...], rng: np.random.Generator) -> None:
        pen = PENS[str(rng.choice(sorted(PENS)))]
        write_character(page, box, character, hand, pen, Mood.of(rng), rng)

    return draw


def mnist_digits(data: Path, share: int = 5) -> Iterator[tuple[str, Draw]]:
    """Every so many of the digits that training leaves out."""
    z = np.load(data / "mnist.npz")
    for digit in range(10):
        for picture in z["x"][z["y"] == digit][-HELD::share]:
            yield str(digit), pasted(picture)


def pasted(picture: np.ndarray) -> Draw:
    """How to put a picture of a digit (28, 28), ink 255, into a cell."""

    def draw(page: Image.Image, box: tuple[float, ...], rng: np.random.Generator) -> None:
        side = round(float(rng.normal(6.2, 0.5)) * MM)  # the digit is 20 of the picture's 28 pixels high
        ink = Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC)
        over = Image.eval(ink, lambda v: 255 - round(v * 0.85))
        middle = np.array([box[0] + box[2] / 2, box[1] + box[3] / 2]) + rng.normal(0, 0.25, 2)
        left, top = (round(v) for v in middle * MM - side / 2)
        where = (left, top, left + side, top + side)
        page.paste(ImageChops.multiply(page.crop(where), over), where[:2])

    return draw


def accuracy(source: Iterator[tuple[str, Draw]], how: str, seed: int = 1) -> tuple[int, int]:
    """How many characters are named rightly, of how many."""
    rng, right, total = np.random.default_rng(seed), 0, 0
    rest = list(source)
    while rest:
        now, rest = rest[: COLUMNS * ROWS], rest[COLUMNS * ROWS :]
        page, boxes = Image.new("L", (2480, 3508), 255), []
        for n, (_, draw) in enumerate(now):
            x, y = 10 + 8.0 * (n % COLUMNS), 12 + 12.5 * (n // COLUMNS)
            boxes.append((x, y, 4.6, 6.8))
            frame = [v * MM for v in (x, y, x + 4.6, y + 6.8)]
            ImageDraw.Draw(page).rectangle(frame, outline=150, width=2)
            draw(page, boxes[-1], rng)
        picture, at = capture(page, how, rng)
        grey = np.asarray(picture)
        names = probabilities(np.stack([cut(grey, at, box, rng.normal(0, 0.15, 2)) for box in boxes]))
        right += sum(CLASSES[k] == c for k, (c, _) in zip(names.argmax(axis=1), now, strict=True))
        total += len(now)
    return right, total
