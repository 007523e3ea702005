"""Lines with numbers on them: where everything stands once the numbers are known.

A template's boxes come from WeasyPrint, laid out with a placeholder for each number. What follows a number on its line
is moved by as much as the number is wider; what is centred, set flush right, shrunk to its content or a table's
column is measured again. Heights and places down the page do not depend on numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from exercises.printing.press.shaping import Unprovable

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDING = 1e-6  # of a CSS pixel: as far as sums may lie apart that are added up in another order
SLACK = 0.05  # of a CSS pixel: closer to the margin than this nobody can say whether a line still fits


class PlaceAcross(NamedTuple):
    """A place across the page: `of` pixels right of what slot `slot` will hold; without a slot, of the paper."""

    of: float
    slot: int | None = None

    def plus(self, distance: float) -> PlaceAcross:
        """Farther right."""
        return PlaceAcross(self.of + distance, self.slot)


class InlinePart(Protocol):
    """What has a width of its own, depending on numbers, and can be placed."""

    def measure(self, widths: Sequence[float]) -> float:
        """Outer width, margins included; `widths`: of the numbers."""

    def place(self, x: float, room: float, widths: Sequence[float], slots: list[float]) -> None:
        """Put its outer left edge at `x` where it may be `room` wide, and fill in the slots."""


@dataclass(slots=True)
class NumberSlot:
    """A number, by its place among those of the block."""

    index: int

    def measure(self, widths: Sequence[float]) -> float:
        """As wide as its text."""
        return widths[self.index]

    def place(self, x: float, room: float, widths: Sequence[float], slots: list[float]) -> None:
        """Nothing in it to place."""


@dataclass(slots=True)
class TextRow:
    """One line of text.

    start:   how far right of its container's edge it begins, where it is set flush left.
    flush:   0 flush left, ½ centred, 1 flush right.
    slot:    for its beginning, if that depends on numbers.
    entries: the gap before a part, the part, the slot for where the part ends.
    tail:    what follows the last part.
    strict:  whether it would be broken where there is no room for it.
    fitted:  how wide it was in the template, where there was room.
    least:   for each number in it that may not be narrower than when the line was broken, index and width.
    """

    start: float
    flush: float
    slot: int | None
    entries: list[tuple[float, InlinePart, int]] = field(default_factory=list)
    tail: float = 0.0
    strict: bool = True
    fitted: float = 0.0
    least: tuple[tuple[int, float], ...] = ()

    def measure(self, widths: Sequence[float]) -> float:
        """From its beginning to its end."""
        return sum([gap + part.measure(widths) for gap, part, _ in self.entries]) + self.tail

    def place(self, x: float, room: float, widths: Sequence[float], slots: list[float]) -> None:
        """Raises Unprovable if the line would be broken, or differently."""
        needed = [part.measure(widths) for _, part, _ in self.entries]
        width = sum(needed) + sum([gap for gap, _, _ in self.entries]) + self.tail
        if self.strict and width > max(room - self.start - SLACK, self.fitted + ROUNDING):
            raise Unprovable
        for index, least in self.least:
            if widths[index] < least:
                raise Unprovable
        at = x + self.start + (room - width) * self.flush
        if self.slot is not None:
            slots[self.slot] = at
        for (gap, part, slot), taken in zip(self.entries, needed, strict=True):
            at += gap
            part.place(at, taken, widths, slots)
            at += taken
            slots[slot] = at


@dataclass(slots=True)
class Stack:
    """Rows and blocks below one another.

    left, right: margin, border and padding.
    width:       of the content; None if it is as wide as the widest part, or as the room there is.
    least:       how wide the parts are that depend on no number.
    edges:       slots for the left and right border edge, where borders are drawn, with the left and right margin.
    """

    left: float
    right: float
    width: float | None
    parts: list[InlinePart] = field(default_factory=list)
    least: float = 0.0
    slot: int | None = None
    edges: tuple[int, int, float, float] | None = None

    def measure(self, widths: Sequence[float]) -> float:
        """All of it, margins included."""
        inner = self.width
        if inner is None:
            inner = max([self.least, *[part.measure(widths) for part in self.parts]])
        return self.left + inner + self.right

    def place(self, x: float, room: float, widths: Sequence[float], slots: list[float]) -> None:
        """Each part at the left edge, in all of the room."""
        inner = room - self.left - self.right if self.width is None else self.width
        if self.slot is not None:
            slots[self.slot] = x + self.left
        if self.edges is not None:
            left, right, before, behind = self.edges
            slots[left] = x + before
            slots[right] = x + self.left + inner + self.right - behind
        for part in self.parts:
            part.place(x + self.left, inner, widths, slots)


@dataclass(slots=True)
class Grid:
    """A table: each column as wide as its widest cell."""

    left: float
    right: float
    columns: list[list[Stack]] = field(default_factory=list)

    def _columns(self, widths: Sequence[float]) -> list[float]:
        return [max([cell.measure(widths) for cell in column]) for column in self.columns]

    def measure(self, widths: Sequence[float]) -> float:
        """All columns."""
        return self.left + sum(self._columns(widths)) + self.right

    def place(self, x: float, room: float, widths: Sequence[float], slots: list[float]) -> None:
        """Column after column, from the left, whatever the room."""
        at = x + self.left
        if self.measure(widths) > room + SLACK:
            raise Unprovable
        for column, width in zip(self.columns, self._columns(widths), strict=True):
            for cell in column:
                cell.place(at, width, widths, slots)
            at += width
