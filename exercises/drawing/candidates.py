"""Numbers for many problems at once, each problem's from a stream of its own that a text determines.

A number is a whole count of hundredths, so that it has at most two decimals. The stream is SHAKE-256, and
nothing but whole numbers is made of it: the same everywhere, and the same for one problem whether it is drawn
by itself or among others.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.formulas.quantity import Quantity

Array = Any
_WORD = np.dtype("<u4")
_NEGATIVE = 3  # one number in so many gets a minus sign, which keeps sums easy to follow
_TWICE = 3  # one change in so many is of two numbers


class RandomWords:
    """A table of random 32-bit words, a row for each problem; each column is used once."""

    def __init__(self, table: Array) -> None:
        self._columns = table.T.copy()
        self._next = 0

    @classmethod
    def of(cls, seeds: Sequence[str], rows: int, columns: int) -> RandomWords:
        """`rows` rows for each seed, which depend on nothing but the seed."""
        length = rows * columns * _WORD.itemsize
        streams = [hashlib.shake_256(seed.encode()).digest(length) for seed in seeds]
        return cls(np.frombuffer(b"".join(streams), _WORD).reshape(len(seeds) * rows, columns))

    @property
    def rows(self) -> int:
        """How many problems there are."""
        return int(self._columns.shape[1])

    def below(self, n: Array) -> Array:
        """A whole number from 0 to n − 1 for each problem, as good as equally likely: n is small."""
        self._next += 1
        return self._columns[self._next - 1].astype(np.int64) % n


@dataclass(frozen=True, slots=True)
class ValueRange:
    """Quantities whose numbers are drawn together, all different in size as long as there are enough.

    quantities: which.
    sizes:      what may be drawn, in hundredths.
    signed:     whether one in three gets a minus sign.
    shares:     whether they are parts of a whole, which is 1.
    """

    quantities: tuple[Quantity, ...]
    sizes: tuple[int, ...] = ()
    signed: bool = False
    shares: bool = False

    @property
    def differ(self) -> bool:
        """Whether there are sizes enough for all to differ."""
        return not self.shares and len(self.quantities) <= len(self.sizes)

    @property
    def words(self) -> int:
        """How many words are used for one problem."""
        return 2 * len(self.quantities)

    def draw(self, words: RandomWords) -> Array:
        """Hundredths, of shape (problems, quantities)."""
        count, sizes = len(self.quantities), np.array(self.sizes, dtype=np.int64)
        if self.shares:
            return self._cut(words)
        pool, row = np.tile(sizes, (words.rows, 1)), np.arange(words.rows)
        for i in range(min(count, len(sizes))):
            j = i + words.below(len(sizes) - i)
            pool[row, i], pool[row, j] = pool[row, j], pool[row, i]
        more = [sizes[words.below(len(sizes))] for _ in range(count - len(sizes))]
        drawn = np.column_stack([pool[:, :count], *more])
        if self.signed:
            minus = np.column_stack([words.below(_NEGATIVE) == 0 for _ in self.quantities])
            drawn = np.where(minus, -drawn, drawn)
        return drawn

    def _cut(self, words: RandomWords) -> Array:
        """Cuts through twenty parts, or a hundred where there are many outputs; a single output has 0.8."""
        count = len(self.quantities)
        if count == 1:
            return np.full((words.rows, 1), 80)
        step = 5 if count <= 20 else 1  # noqa: PLR2004 - so many parts
        cuts = np.sort(ValueRange(self.quantities[1:], tuple(range(step, 100, step))).draw(words), axis=1)
        edges = np.pad(cuts, ((0, 0), (1, 1)), constant_values=((0, 0), (0, 100)))
        return np.diff(edges, axis=1)


@dataclass(frozen=True)
class Table:
    """The numbers of many problems: a column for each drawn quantity, in the order of the ranges."""

    ranges: tuple[ValueRange, ...]

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """The drawn quantities."""
        return tuple(q for one in self.ranges for q in one.quantities)

    @cached_property
    def _owner(self) -> list[ValueRange]:
        return [one for one in self.ranges for _ in one.quantities]

    @cached_property
    def _free(self) -> Array:
        """The columns that may change by themselves."""
        return np.array([i for i, one in enumerate(self._owner) if len(one.sizes) > 1], dtype=np.int64)

    @cached_property
    def _sizes(self) -> tuple[Array, Array]:
        """For each column what may stand there, padded, and how many sizes there are."""
        most = max((len(one.sizes) for one in self._owner), default=0)
        padded = [[*one.sizes, *[0] * (most - len(one.sizes))] for one in self._owner]
        return np.array(padded, dtype=np.int64), np.array([len(one.sizes) for one in self._owner])

    def draw(self, seeds: Sequence[str], rows: int) -> Array:
        """`rows` problems for each seed."""
        words = RandomWords.of(seeds, rows, sum(one.words for one in self.ranges))
        return np.concatenate([one.draw(words) for one in self.ranges], axis=1)

    def changed(self, parents: Array, seeds: Sequence[str], rows: int) -> Array:
        """`rows` variants of each parent, one for each seed, in which one number or two are others."""
        words = RandomWords.of(seeds, rows, 7)
        out = np.repeat(parents, rows, axis=0)
        if not len(self._free):
            return out
        every = np.arange(len(out))
        some = every[words.below(_TWICE) == 0]
        for which in (every, some):
            sizes, counts = self._sizes
            column = self._free[words.below(len(self._free))]
            number = sizes[column, words.below(counts[column])]
            signed = np.array([one.signed for one in self._owner])[column]
            number = np.where(signed & (words.below(_NEGATIVE) == 0), -number, number)
            out[which, column[which]] = number[which]
        return out

    def differ(self, drawn: Array) -> Array:
        """Where all numbers that should differ in size do."""
        good, start = np.ones(len(drawn), dtype=bool), 0
        for one in self.ranges:
            end = start + len(one.quantities)
            if one.differ:
                sizes = np.sort(np.abs(drawn[:, start:end]), axis=1)
                good &= (sizes[:, 1:] != sizes[:, :-1]).all(axis=1)
            start = end
        return good
