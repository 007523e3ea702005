"""Which number of a blank line leads to the number typed further down: roots, in plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.algebras import ArrayAlgebra
from exercises.formulas.formula import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from exercises.formulas.quantity import Quantity
    from grader.judging.batch import SheetBatch
    from grader.judging.interval import Interval

Array = Any
_GRID = np.sinh(np.linspace(-8.0, 8.0, 97)) * 0.05  # from −75 to 75, closer together towards 0
_HALVINGS = 46
_STEP = 1e-6  # for slopes
_BLOCK = 256  # curves at a time
_MOST = 3  # roots of one curve
_FIGURES = 3  # shown of a number that would vanish at the places of its sheet


@dataclass(frozen=True, slots=True)
class Ask:
    """The question which number at a blank line makes a broken line what it is, on one sheet."""

    sheet: int
    at: Quantity
    line: Quantity


@dataclass(frozen=True, slots=True)
class Root:
    """One such number, and how fast the broken line's number changes with it."""

    ask: Ask
    value: float
    slope: float


class Curves:
    """Broken lines as functions of one blank line, every blank one between worked rightly."""

    def __init__(self, sheets: SheetBatch, assumed: Mapping[Quantity, Interval]) -> None:
        self.sheets = sheets
        self.algebra = ArrayAlgebra()
        self.known = dict(sheets.value)
        for q, box in assumed.items():
            self.known[q] = np.where(np.isnan(box.lo), self.known[q], box.mid)

    def roots(self, asks: Sequence[Ask]) -> list[Root]:
        """The roots of each curve, those of one curve in ascending order."""
        return [
            root for start in range(0, len(asks), _BLOCK) for root in self.block(asks[start : start + _BLOCK])
        ]

    def block(self, asks: Sequence[Ask]) -> Iterator[Root]:
        """The same for so many as fit the processor's cache."""
        values = np.tile(_GRID, (len(asks), 1))
        off = self.off(asks, values)
        turns = np.isfinite(off[:, 1:] + off[:, :-1]) & ((off[:, 1:] > 0) != (off[:, :-1] > 0))
        turns &= np.cumsum(turns, axis=1) <= _MOST
        rows, columns = np.nonzero(turns)
        if not rows.size:
            return
        found = [asks[int(row)] for row in rows]
        low, high = _GRID[columns].copy(), _GRID[columns + 1].copy()
        rising = off[rows, columns] <= 0
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            below = (self.off(found, middle[:, None])[:, 0] <= 0) == rising
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        value = 0.5 * (low + high)
        step = _STEP * np.maximum(np.abs(value), _STEP)
        beside = self.off(found, np.stack([value - step, value + step], axis=1))
        slope = (beside[:, 1] - beside[:, 0]) / (2 * step)
        for ask, v, s in zip(found, value, slope, strict=True):
            if np.isfinite(s) and s:
                yield Root(ask, float(v), float(s))

    def off(self, asks: Sequence[Ask], values: Array) -> Array:
        """By how much each curve misses the number typed, for each of the values, (asks, values)."""
        sheet = np.array([ask.sheet for ask in asks])
        out = np.full(values.shape, np.nan)
        at, line = by_place(ask.at for ask in asks), by_place(ask.line for ask in asks)
        now = {q: v[sheet][:, None] for q, v in self.sheets.given.items()}
        for step in self.sheets.graph.steps:
            q = step.quantity
            gives = fold(step.formula, self.algebra, now.__getitem__) + np.zeros_like(values)
            typed = self.known[q][sheet][:, None]
            if q in line:
                out[line[q]] = (gives - typed)[line[q]]
            now[q] = np.where(np.isnan(typed), gives, typed)
            if q in at:
                now[q][at[q]] = values[at[q]]
        return out


def by_place(quantities: Iterator[Quantity]) -> dict[Quantity, list[int]]:
    """The places at which each quantity stands."""
    out: dict[Quantity, list[int]] = {}
    for place, q in enumerate(quantities):
        out.setdefault(q, []).append(place)
    return out


def shared(reach: Sequence[tuple[Root, float]]) -> list[list[tuple[Root, float]]]:
    """The sets of roots of most lines that have a number in common, each within its reach; two lines at least."""
    sets = []
    for start, radius in reach:
        low = start.value - radius
        common = {r.ask.line: (r, w) for r, w in reach if r.value - w <= low <= r.value + w}
        sets.append(list(common.values()))
    most = max(map(len, sets))
    unique = {tuple(sorted(id(r) for r, _ in found)): found for found in sets if len(found) == most}
    return list(unique.values()) if most > 1 else []


def numbers(low: float, high: float, places: int) -> list[Decimal]:
    """The number of fewest decimals between two, and the one in their middle."""
    middle = 0.5 * (low + high)
    if middle:
        places = max(places, _FIGURES - 1 - floor(np.log10(abs(middle))))
    exact = Decimal(round(middle * 10.0**places)).scaleb(-places)
    for count in range(places):
        scale = 10.0**count
        if ceil(low * scale) <= floor(high * scale):
            nearest = min(max(round(middle * scale), ceil(low * scale)), floor(high * scale))
            return [Decimal(nearest).scaleb(-count), exact]
    return [exact]
