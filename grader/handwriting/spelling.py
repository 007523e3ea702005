"""Numbers as texts, taken apart into what stands before the point, behind it, and the exponent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

Array = Any


@dataclass(frozen=True, slots=True, eq=False)
class SpeltNumbers:
    """Numbers taken apart, each head, tail and exponent once.

    heads:     sign, digits before the point, and whether there are any behind it.
    tails:     how many tails there are.
    by_length: of tails of one length which they are, (m,), and their digits, (m, length).
    powers:    exponents.
    parts:     which head, tail and exponent each of the n numbers has, (3, n).
    """

    heads: tuple[tuple[str, str, bool], ...]
    tails: int
    by_length: tuple[tuple[Array, Array], ...]
    powers: tuple[str, ...]
    parts: Array


@lru_cache(maxsize=256)  # a sheet is gone down several times, and others' sheets ask for the same numbers
def spelt(texts: tuple[str, ...]) -> SpeltNumbers:
    """Numbers as cells spell them, taken apart."""
    heads, tails, powers = dict[tuple[str, str, bool], int](), dict[str, int](), dict[str, int]()
    parts = []
    for text in texts:
        sign, whole, places, power = parts_of(text)
        head = heads.setdefault((sign, whole, places != ""), len(heads))
        parts.append((head, tails.setdefault(places, len(tails)), powers.setdefault(power, len(powers))))
    lengths: dict[int, list[tuple[int, list[int]]]] = {}
    for places, at in tails.items():
        lengths.setdefault(len(places), []).append((at, [int(d) for d in places]))
    by_length = tuple(
        (np.array([at for at, _ in own]), np.array([digits for _, digits in own], dtype=int).reshape(len(own), length))
        for length, own in lengths.items()
    )  # fmt: skip
    return SpeltNumbers(
        tuple(heads), len(tails), by_length, tuple(powers), np.array(parts, dtype=int).reshape(-1, 3).T
    )


@lru_cache(maxsize=50_000)
def parts_of(text: str) -> tuple[str, str, str, str]:
    """Sign, digits before the point, digits behind it, and the exponent."""
    number, _, power = text.removeprefix("-").partition("e")
    whole, _, places = number.partition(".")
    return "-" if text.startswith("-") else "", whole, places, power
