"""The ways in which a number comes to stand in the cells of an answer, each with its chance before anything is seen.

An answer has a head (the sign and the cells before the printed point) and a tail (the cells of the places); some have
an exponent behind a printed ×10 besides, which is mostly left empty. A head may be empty, stand at the right or at the
left of its cells, or have its sign in a cell for digits; a tail may break off early; a point or comma may stand in a
cell though one is printed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from grader.handwriting.network import EMPTY, MINUS, OTHER, PLUS

DIGIT = -1  # in a layout: any digit
_SIGNS = (("", (EMPTY,), 0.5), ("", (PLUS,), 0.02), ("-", (MINUS,), 0.46))
_SIGN_IN_WHOLE = 0.02  # of a minus that stands in the cell before the first digit, the sign's own left empty
_RIGHT, _LEFT, _COMMA, _NO_WHOLE = 0.9, 0.08, 0.01, 0.02
_ALL_PLACES, _SHORT, _COMMA_FIRST = 0.93, 0.06, 0.005
_NO_POWER, _POWER_AT_RIGHT = 0.7, 0.6


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to stand in cells.

    sign:   "" or "-".
    cells:  for each cell the class that it must have, or `DIGIT`.
    digits: how many digits it has.
    chance: of all ways, before anything is seen.
    """

    sign: str
    cells: tuple[int, ...]
    digits: int
    chance: float


@cache
def heads(whole: int) -> tuple[Layout, ...]:
    """The ways of a sign and of the digits before the point in a sign's cell and `whole` cells more."""
    found = [Layout(sign, (*cell, *(EMPTY,) * whole), 0, chance * _NO_WHOLE) for sign, cell, chance in _SIGNS]
    for count in range(1, whole + 1):
        room = whole - count
        number = (DIGIT,) * count
        at_right, at_left = (EMPTY,) * room + number, number + (EMPTY,) * room
        ways = [(at_right, _RIGHT if room else _RIGHT + _LEFT)]
        if room:
            ways += [(at_left, _LEFT), (number + (OTHER,) + (EMPTY,) * (room - 1), _COMMA)]
            signed = (EMPTY,) * room + (MINUS,) + number
            found.append(Layout("-", signed, count, _SIGN_IN_WHOLE / whole))
        found += [
            Layout(sign, cell + way, count, chance * share / whole)
            for sign, cell, chance in _SIGNS
            for way, share in ways
        ]
    return _scaled(found)


@cache
def tails(places: int) -> tuple[Layout, ...]:
    """The ways of the digits behind the point in so many cells."""
    found = [Layout("", (DIGIT,) * places, places, _ALL_PLACES if places else 1.0)]
    for count in range(places):
        rest = (EMPTY,) * (places - count)
        found.append(Layout("", (DIGIT,) * count + rest, count, _SHORT / places))
    if places > 1:
        found.append(Layout("", (OTHER,) + (DIGIT,) * (places - 1), places - 1, _COMMA_FIRST))
    return _scaled(found)


@cache
def powers(figures: int) -> tuple[Layout, ...]:
    """The ways of an exponent in a sign's cell and in cells for so many figures; none of them if it has no cells."""
    if not figures:
        return (Layout("", (), 0, 1.0),)
    found = [Layout("", (EMPTY,) * (figures + 1), 0, _NO_POWER)]
    for count in range(1, figures + 1):
        room, number = (EMPTY,) * (figures - count), (DIGIT,) * count
        ways = (
            [(room + number, _POWER_AT_RIGHT), (number + room, 1 - _POWER_AT_RIGHT)]
            if room
            else [(number, 1.0)]
        )
        found += [
            Layout(sign, cell + way, count, (1 - _NO_POWER) * chance * share / figures)
            for sign, cell, chance in _SIGNS
            for way, share in ways
        ]
    return _scaled(found)


def _scaled(found: list[Layout]) -> tuple[Layout, ...]:
    """The same with chances that make 1 together."""
    total = sum(way.chance for way in found)
    return tuple(replace(way, chance=way.chance / total) for way in found)
