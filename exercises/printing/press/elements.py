"""The elements of a block's tags, written down once for all places where the block may stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exercises.printing.press.writing import figure, string

if TYPE_CHECKING:
    from collections.abc import Sequence

ELEMENT, PAGE, PARENT, FIELD, FIGURE, MARK, DOWN = range(7)  # what a number in a form counts from


@dataclass(slots=True)
class Element:
    """An element of the tags: a kid is the number of a mark, the number of a field, as `-1 - n`, or an element.

    drawing: of a drawing that is always the same, its words and its place.
    frame:   of another drawing, its number in the block.
    """

    tag: str
    kids: list[int | Element] = field(default_factory=list)
    drawing: tuple[str, tuple[float, float, float, float]] | None = None
    frame: int | None = None


@dataclass(slots=True)
class Form:
    """The elements of a block as text with gaps, one a line; what goes into the gaps, as kind and number.

    count:   how many there are, but for drawings that change.
    frames:  for each line the number of such a drawing, or None.
    marked:  for each mark the element, or, as `-1 - n`, the frame that it belongs to.
    fielded: for each form field its element.
    """

    lines: list[str] = field(default_factory=list)
    gaps: list[list[tuple[int, float]]] = field(default_factory=list)
    count: int = 0
    frames: list[int | None] = field(default_factory=list)
    marked: dict[int, int] = field(default_factory=dict)
    fielded: dict[int, int] = field(default_factory=dict)
    tops: list[int] = field(default_factory=list)
    text: str = ""
    all_gaps: list[tuple[int, float]] = field(default_factory=list)


def form(elements: Sequence[Element]) -> Form:
    """Write elements down once for all places where they may stand."""
    found = Form()
    found.tops = [_form(one, found, (PARENT, 0)) for one in elements]
    found.text = "\n".join(found.lines)
    found.all_gaps = [gap for gaps in found.gaps for gap in gaps]
    return found


def _form(element: Element, found: Form, parent: tuple[int, float]) -> int:
    """Write an element and those in it; gives its number among those of the block, `-1 - n` for a frame."""
    line = len(found.lines)
    found.lines.append("")
    found.gaps.append([])
    if element.frame is None:
        number, own = found.count, (ELEMENT, float(found.count))
        found.count += 1
    else:
        before = sum(one is not None for one in found.frames)
        number, own = -1 - before, (FIGURE, float(before))
    found.frames.append(element.frame)
    kids: list[str] = []
    gaps: list[tuple[int, float]] = []
    for kid in element.kids:
        if not isinstance(kid, int):
            inner = _form(kid, found, own)
            kids.append("%d 0 R")
            gaps.append((ELEMENT, inner) if inner >= 0 else (FIGURE, -1 - inner))
        elif kid >= 0:
            kids.append("%d")
            gaps.append((MARK, kid))
            found.marked[kid] = number
        else:
            kids.append("<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>")
            gaps += [(FIELD, -1 - kid), (PAGE, 0)]
            found.fielded[-1 - kid] = number
    more = ""
    gaps += [(PAGE, 0), parent]
    if element.drawing is not None:
        alt, (x, y, right, bottom) = element.drawing
        words = string(alt).decode().replace("%", "%%")
        more = f"/A<</O/Layout/BBox[{figure(x)} %s {figure(right)} %s]>>/Alt{words}"
        gaps += [(DOWN, y), (DOWN, bottom)]
    found.lines[line] = f"<</Type/StructElem/S/{element.tag}/K[{' '.join(kids)}]/Pg %d 0 R/P %d 0 R{more}>>"
    found.gaps[line] = gaps
    return number
