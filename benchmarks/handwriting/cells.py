"""Endless cells to learn from, drawn from pen strokes and MNIST; the split by writer stands before anything else."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path  # noqa: TC003

import numpy as np

from benchmarks.handwriting import pens
from benchmarks.handwriting.writers import is_as_labelled, part_of

_HABITS = {"0": 0.3, "1": 0.17, "7": 0.15}  # how often a stroke is added that some hands add
FAINT = 0.35  # of all ink
HELD_MNIST = 500  # the last ones of each digit


@dataclass(frozen=True, slots=True)
class Characters:
    """Characters as strokes, ((points, 2) arrays, y upwards, 1 = a median digit's height), with label and writer."""

    strokes: list[list[np.ndarray]]
    labels: np.ndarray
    writers: np.ndarray


def characters(path: Path, part: str) -> Characters:
    """Those of one part of the writers."""
    z = np.load(path)
    names = z["writers"]
    mine = np.array([part_of(str(name)) == part for name in names])[z["writer"]]
    starts = np.r_[0, z["stroke_end"]]
    xy = z["xy"].astype(np.float32) / 512
    found = [[xy[starts[k] : starts[k + 1]] for k in range(*at)] for at in pairwise(np.r_[0, z["item_end"]])]
    labels = z["label"].astype(str)
    good = np.array([is_as_labelled(label, strokes) for label, strokes in zip(labels, found, strict=True)])
    chosen = np.nonzero(mine & good)[0]
    strokes = [[pens.smoothed(stroke) for stroke in found[j]] for j in chosen]
    return Characters(strokes, labels[chosen], z["writer"][chosen])


class Source:
    """Draws cells: from the pen of one part of the writers, and from MNIST's share of that part."""

    def __init__(self, folder: Path, part: str, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.pen = characters(folder / "pen.npz", part)
        mnist = np.load(folder / "mnist.npz")
        cut = slice(None, -HELD_MNIST) if part == "training" else slice(-HELD_MNIST, None)
        self.pictures = [mnist["x"][mnist["y"] == digit][cut] for digit in range(10)]
        counts = np.bincount(self.pen.writers, minlength=self.pen.writers.max() + 1)
        weight = counts[self.pen.writers] ** -0.7
        self.by_label, self.chances = {}, {}
        for label in np.unique(self.pen.labels):
            at = np.nonzero(self.pen.labels == label)[0]
            self.by_label[str(label)] = at
            self.chances[str(label)] = np.cumsum(weight[at] / weight[at].sum())
        self.marks = [c for c in ".,=" if c in self.by_label]

    def some(self, label: str) -> list[np.ndarray]:
        """The strokes of a character; those of seldom writers come up more often than their share."""
        at = min(int(np.searchsorted(self.chances[label], self.rng.random())), len(self.by_label[label]) - 1)
        return self.pen.strokes[self.by_label[label][at]]

    def varied(self, label: str) -> list[np.ndarray]:
        """The strokes of a character, with a slash or bar that some hands add, bent and in its place."""
        rng, strokes = self.rng, self.some(label)
        if len(strokes) == 1 and label in _HABITS and pens.chance(rng, _HABITS[label]):
            whole = np.vstack(strokes)
            low, size = whole.min(axis=0), np.maximum(np.ptp(whole, axis=0), 0.15)
            added = {"0": pens.slash, "1": pens.serif, "7": pens.bar}[label](rng)
            strokes = [*strokes, *(low + size * one for one in added)]
        return pens.placed(rng, pens.bent(rng, strokes), label)

    def draw(self, name: str) -> np.ndarray:
        """One cell (48, 32) uint8 of a class."""
        rng = self.rng
        # The light of a page was made even, so that paper is white.
        paper = rng.uniform(240, 255) if pens.chance(rng, 0.9) else rng.uniform(200, 240)
        grey = np.full(pens.SHAPE, paper, np.float32)
        pens.printed(rng, grey, paper)
        width = pens.breadth(rng)
        # Fainter than this is taken for an empty cell, and makes every empty cell unsure.
        depth = paper * (rng.uniform(0.25, 0.55) if pens.chance(rng, FAINT) else rng.uniform(0.55, 0.98))
        grain = rng.uniform(0.2, 0.6) if pens.chance(rng, 0.3) else 0.0
        if pens.chance(rng, 0.05):  # rubbed out beneath
            ghost = pens.inked(rng, self.varied(str(rng.integers(10))), width)
            pens.pressed(rng, grey, ghost, rng.uniform(8, 32), 0.5)
        if name != "empty":
            pens.pressed(rng, grey, self.mask(name, width), depth, grain)
        if pens.chance(rng, 0.08):  # a neighbour reaches in
            side = rng.choice([-1, 1]) * rng.uniform(4.6, 6.4)
            other = [s + np.array([side, 0]) for s in self.varied(str(rng.integers(10)))]
            pens.pressed(rng, grey, pens.inked(rng, other, width), depth, grain)
        return pens.captured(rng, grey)

    def mask(self, name: str, width: float) -> np.ndarray:
        """The ink of a class."""
        rng = self.rng
        if name in pens.DIGITS and pens.chance(rng, 0.32):
            mine = self.pictures[int(name)]
            mask = pens.from_picture(rng, mine[rng.integers(len(mine))])
        else:
            label = str(rng.choice(self.marks)) if name == "other" else name
            label = str(rng.integers(10)) if name == "scratched" else label
            strokes = self.varied(label)
            mask = pens.inked(rng, strokes, width)
            if pens.chance(rng, 0.04):  # gone over a second time
                again = [s + rng.normal(0, 0.16, 2) + rng.normal(0, 0.04, s.shape) for s in strokes]
                mask = np.maximum(mask, pens.inked(rng, again, width))
        if name == "scratched":
            pens.scratch(rng, mask, width)
        elif pens.chance(rng, 0.05):
            mask = pens.blocky(rng, mask)
        return mask

    def batch(self, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Cells (size, 48, 32) uint8 and the numbers of their classes."""
        shares = np.array([0.081] * 10 + [0.05, 0.025, 0.04, 0.045, 0.03])
        which = self.rng.choice(len(pens.CLASSES), size, p=shares / shares.sum())
        return np.stack([self.draw(pens.CLASSES[k]) for k in which]), which
