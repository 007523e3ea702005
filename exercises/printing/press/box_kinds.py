"""The kinds of WeasyPrint's boxes that the press tells apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exercises.printing import weasy
from exercises.printing.press.shaping import PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator


def kind_of(box: Any) -> str:
    """Sort out the kinds of boxes that the press knows."""
    inside = weasy.inside()
    if isinstance(box, inside.AbsolutePlaceholder):
        return "out"
    if isinstance(box, inside.LineBox):
        return "line"
    if isinstance(box, inside.BlockReplacedBox):
        return "picture"
    if isinstance(box, inside.BlockBox) and box.is_in_normal_flow():
        return "table" if box.is_table_wrapper else "block"
    return "other"


def is_table(box: Any) -> bool:
    """Whether a box is the one around a table."""
    return bool(getattr(box, "is_table_wrapper", False))


def is_text(box: Any) -> bool:
    """Whether a box holds text and nothing else."""
    return isinstance(box, weasy.inside().TextBox)


def is_number(box: Any) -> bool:
    """Whether a box holds the placeholder of a number."""
    return is_text(box) and PLACEHOLDER in box.text


def has_number(box: Any) -> bool:
    """Whether there is a number anywhere in a box."""
    return any(is_number(inner) for inner in everything(box))


def everything(box: Any) -> Iterator[Any]:
    """A box and all in it."""
    yield box
    for child in getattr(box, "children", ()):
        yield from everything(getattr(child, "_box", child))


def has_border(box: Any) -> bool:
    """Whether a box has a border on any side."""
    return any(getattr(box, f"border_{side}_width") for side in ("left", "right", "top", "bottom"))
