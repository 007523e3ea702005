"""Answers that wait until the whole sheet is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.files.extraction.named_answer import NamedAnswer


@dataclass(frozen=True, slots=True)
class Open:
    """An answer whose label does not tell which line it is.

    at:   its place among the answers of the sheet.
    weak: the line that it is if nothing else speaks against it: “output” alone is that of the network.
    """

    name: str
    text: str
    place: str
    at: int
    weak: Quantity | None = None


@dataclass(slots=True)
class Waiting:
    """What waits for the end of a sheet.

    bare:     weights of which it is not said whether they are new.
    again:    quantities that were answered before, behind new weights.
    numbered: numbers behind 1), 2), 3), each with its place.
    open:     answers whose labels do not tell which line they are.
    """

    bare: list[tuple[Quantity, NamedAnswer, str]] = field(default_factory=list)
    old: list[tuple[Quantity, NamedAnswer, str]] = field(default_factory=list)
    again: list[tuple[Quantity, NamedAnswer, str]] = field(default_factory=list)
    numbered: list[tuple[int, str, str]] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)
