"""Random whole numbers that are the same on every machine and in every version of Python.

The standard library promises that only for `random.random()`; this is a counter run through SHA-256.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
_BYTES = 8


class SeededRandom:
    """A stream of random numbers that a text determines."""

    def __init__(self, seed: str) -> None:
        self._seed = hashlib.sha256(seed.encode()).digest()
        self._count = 0

    def below(self, n: int) -> int:
        """A whole number from 0 to n − 1, each equally likely. `n` is at least 1."""
        limit = (1 << 8 * _BYTES) // n * n
        while True:
            block = hashlib.sha256(self._seed + self._count.to_bytes(_BYTES, "big")).digest()
            self._count += 1
            value = int.from_bytes(block[:_BYTES], "big")
            if value < limit:
                return value % n

    def choice(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.below(len(options))]

    def sample(self, options: Sequence[T], count: int) -> list[T]:
        """Different options, in random order."""
        rest = list(options)
        return [rest.pop(self.below(len(rest))) for _ in range(count)]
