"""What one step in the last place of numbers is worth, in arrays: the same for all of them, or by their size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.formulas.decimals import Precision

Array = Any
_FARTHEST = 60
# Compared with: alike on every machine, which a power that NumPy works out is not (10⁻⁵ may come out a hair less).
_DECADES = np.array([float(f"1e{n}") for n in range(-_FARTHEST, _FARTHEST + 1)])


@dataclass(frozen=True, slots=True)
class LastPlaces:
    """Units that grow with the numbers, where significant figures are written; arrays of shape (n,).

    unit:    of numbers that are written to decimal places.
    figures: how many significant figures are written; NaN where it is decimal places.
    """

    unit: Array
    figures: Array

    def at(self, size: Array) -> Array:
        """The unit of numbers of this size, of shape (n,) or broadcast to it; of 0 it is 0, of what is none a NaN."""
        with np.errstate(invalid="ignore"):
            own = decade(np.abs(size)) * tens(1.0 - self.figures)
        return np.where(np.isnan(self.figures), self.unit, own)

    def __getitem__(self, index: Any) -> LastPlaces:
        """Those of some sheets."""
        return LastPlaces(self.unit[index], self.figures[index])

    def __len__(self) -> int:
        """Of how many sheets they are."""
        return len(self.figures)


Unit = Any  # an array of shape (n,) or a float, which holds for numbers of any size, or LastPlaces


def tens(exponent: Array) -> Array:
    """Powers of ten with whole exponents; of what is none a NaN."""
    known = np.where(np.abs(exponent) <= _FARTHEST, exponent, 0.0)
    found = _DECADES[known.astype(int) + _FARTHEST]
    return np.where(known == exponent, found, 10.0**exponent)


def decade(size: Array) -> Array:
    """The power of ten below; that of 0 is 0."""
    at = np.searchsorted(_DECADES, size, side="right")
    found = np.where(at > 0, _DECADES[np.maximum(at - 1, 0)], 0.0)
    return np.where(np.isfinite(size), found, size)


def unit_at(unit: Unit, size: Array) -> Array:
    """The unit of numbers of some size."""
    return unit.at(size) if isinstance(unit, LastPlaces) else unit


def coarser(one: Unit, other: Unit) -> Unit:
    """The coarser of two units of the same sheets."""
    if isinstance(one, LastPlaces) and isinstance(other, LastPlaces):
        return LastPlaces(np.maximum(one.unit, other.unit), np.minimum(one.figures, other.figures))
    return np.maximum(one, other)


def last_places(asked: Sequence[Precision]) -> Unit:
    """The units that are asked for on some sheets, (n,)."""
    digits = np.array([p.digits for p in asked], dtype=float)
    if not any(p.significant for p in asked):
        return tens(-digits)
    significant = np.array([p.significant for p in asked])
    return LastPlaces(tens(-digits), np.where(significant, digits, np.nan))


def half_up(values: Array, unit: Unit) -> Array:
    """Values rounded half up, 0 being 0."""
    own = unit_at(unit, values)
    own = unit_at(unit, values + 0.5 * np.copysign(own, values))  # 0.9996 is 1.00
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.floor(values / own + 0.5) * own
    return found if not isinstance(unit, LastPlaces) else np.where(own == 0, 0.0, found)
