"""Slips of the pen: the right number, written down wrong.

A slip is looked for backwards: which small change of what was typed lands among the numbers that correct
work gives here? How many such changes there are decides how much it proves.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING

from grader.diagnosis.likelihood import likelihood
from grader.judging.interval import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Slip:
    """A kind of slip and what was meant.

    kind:   permanent name.
    meant:  the number that fits after the change, as text.
    ways:   in how many ways such a change can be made in what was typed.
    by:     how far the change takes the number.
    """

    kind: str
    meant: str
    ways: int = 1
    by: float = 0.0

    def tells(self, low: float, high: float, unit: float) -> bool:
        """Whether it proves anything behind blank lines, where right work gives all numbers from `low` to `high`.

        Not if these are so many that a change of this kind leads to one by accident, or have fewer places.
        """
        longer = len(self.meant.partition(".")[2]) > -round(log10(unit))
        accident = self.ways * (high - low) / abs(low + high) if low + high else 1.0
        if self.kind == "digit changed" and self.by:  # others in its place lie as far apart as its unit
            accident = min(accident, (high - low) / 10.0 ** floor(log10(self.by)))
        wide = high - low > NARROW * unit and accident > _ACCIDENT
        return self.kind == "sign lost" or not (wide or (longer and self.kind == "digit dropped"))


SAYS = {
    "sign lost": "with the other sign it would be right",
    "digits swapped": "two neighbouring digits look swapped",
    "digit changed": "one digit looks miswritten",
    "digit dropped": "a digit looks left out",
    "digit doubled": "a digit looks written twice",
    "point moved": "the decimal point looks misplaced",
    "put to zero": "a 0 stands here",
}
# Chance of each kind among slips; a change of one digit can be made in many ways, so each proves little.
SHARE = {
    "sign lost": 0.25,
    "digits swapped": 0.2,
    "digit changed": 0.2,
    "digit dropped": 0.1,
    "digit doubled": 0.1,
    "point moved": 0.15,
    "put to zero": 0.05,
}

_ACCIDENT = (
    0.02  # the chance that some change of a kind leads among as many numbers, from which on it proves nothing
)
_FAR = 0.05  # of moved points, by two places to one side
_NEAR = 0.05  # a number less than this share of another is more than one place away
NARROW = 12.0  # so many units wide what right work gives may be behind blank lines, for any digits to tell
RECOGNISABLE = 10  # a number of fewer units than this has too few digits to recognise
NEAR_ZERO = 0.1  # a larger number is not so easily taken for nothing


def edits(text: str) -> Iterator[tuple[str, str]]:
    """Every (kind, number as text) from which one slip leads to `text`, a plain decimal number."""
    body = text.lstrip("-")
    sign = text[: len(text) - len(body)]
    if any(c in "123456789" for c in body):
        yield "sign lost", body if sign else f"-{body}"
    digits = [i for i, c in enumerate(body) if c.isdigit()]
    for i, j in itertools.pairwise(digits):
        if body[i] != body[j]:
            swapped = list(body)
            swapped[i], swapped[j] = body[j], body[i]
            yield "digits swapped", sign + "".join(swapped)
    for i in digits:
        for digit in "0123456789":
            if digit != body[i]:
                yield "digit changed", sign + body[:i] + digit + body[i + 1 :]
        for digit in "0123456789":
            yield "digit dropped", sign + body[:i] + digit + body[i:]
        if i and body[i - 1] == body[i]:
            yield "digit doubled", sign + body[:i] + body[i + 1 :]
    yield from (("point moved", moved) for moved in _moved(sign, body))


def _moved(sign: str, body: str) -> Iterator[str]:
    digits = body.replace(".", "")
    point = body.index(".") if "." in body else len(body)
    for shift in (-2, -1, 1, 2):
        at = point + shift
        padded = digits
        if at <= 0:
            padded, at = "0" * (1 - at) + digits, 1
        elif at > len(digits):
            padded = digits + "0" * (at - len(digits))
        yield f"{sign}{padded[:at]}.{padded[at:]}"


def find(text: str, low: float, high: float, unit: float) -> tuple[Slip | None, float]:
    """The likeliest slip that leads from a number in [low, high] to `text`, and the chance of this text.

    The chance is that of writing exactly this text, given that some slip was made; 0.0 with no slip. What was
    meant has all the places that the sheet is worked to (`unit`): a slip changes the digits that stand there,
    and rounds nothing.
    """
    counts: dict[str, int] = {}
    fits: list[tuple[str, str]] = []
    lone = sum(c.isdigit() for c in text) < 2  # noqa: PLR2004 - a digit by itself is like any other
    for kind, meant in edits(text):
        counts[kind] = counts.get(kind, 0) + 1
        value = float(meant)
        if value == float(text):
            continue  # a 0 put in front or behind changes nothing
        decimals = meant.partition(".")[2]  # with the point moved, places were filled up with 0, or left over
        slack = min(unit, 10.0 ** -len(decimals.rstrip("0") if kind == "point moved" else decimals))
        if (kind == "point moved" and abs(value) <= unit) or (lone and kind.startswith("digit")):
            continue  # next to nothing, wherever the point
        down, up = (0.5, 1.0) if value > 0 else (1.0, 0.5)  # rounded, or cut off
        if low <= value + up * slack and value - down * slack <= high:
            fits.append((kind, meant))
    nearest = min(abs(low), abs(high))
    if float(text) == 0 and nearest > unit:
        return Slip("put to zero", ""), SHARE["put to zero"] * (1.0 if nearest < NEAR_ZERO else 0.2)
    if not fits:
        return None, 0.0

    def chance(fit: tuple[str, str]) -> float:
        """Of meaning this number, and of this slip then."""
        kind, meant = fit
        share = SHARE[kind] / counts[kind]
        if kind == "point moved":
            far = not _NEAR < abs(float(meant) / float(text)) < 1 / _NEAR
            share = SHARE[kind] * (_FAR if far else 0.5 - _FAR)
        return float(likelihood(float(meant), Interval(low, high), unit)) * share

    def recognisable(fit: tuple[str, str]) -> bool:
        """Of a number with one digit that counts any change of digits may be right."""
        return not fit[0].startswith("digit") or abs(float(fit[1])) >= RECOGNISABLE * unit

    found = sorted(set(fits), key=lambda fit: (recognisable(fit), chance(fit)))
    kind, meant = found[-1]
    return Slip(kind, meant, counts[kind], abs(float(meant) - float(text))), float(sum(map(chance, found)))


def as_typed(value: float, unit: float) -> str:
    """A number with as many decimals as were typed."""
    return f"{value:.{max(0, min(30, -round(log10(unit))))}f}"
