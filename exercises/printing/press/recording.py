"""What is painted, as operators whose places across the page may depend on numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from exercises.printing import weasy
from exercises.printing.press.shaping import Unprovable
from exercises.printing.press.text_rows import PlaceAcross

if TYPE_CHECKING:
    from collections.abc import Mapping

RESOURCES = ("ExtGState", "XObject", "Pattern", "Shading", "ColorSpace")
# Which arguments of an operator lie across the page, and which down.
ACROSS: dict[str, tuple[int, ...]] = {"re": (0, 2), "m": (0,), "l": (0,), "Tm": (4,)}
DOWN: dict[str, tuple[int, ...]] = {"re": (1,), "m": (1,), "l": (1,), "Tm": (5,)}
OPAQUE = {b"/a1.0 gs", b"/A1.0 gs", b"/a1 gs", b"/A1 gs"}  # states of a page on which nothing shines through


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator with its places: those across the page by `PlaceAcross`, those down from the top of the paper."""

    name: str
    arguments: tuple[float | PlaceAcross, ...]


@dataclass(frozen=True, slots=True)
class TagMark:
    """The beginning of text or of a drawing that the tags refer to: its number among those of the block."""

    tag: str
    number: int


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text: where it begins, font and size as for the operator Tf, and its glyphs, or whose they are.

    shown:   what stands in the brackets of the operator TJ; its pieces around figures; or the index of a number.
    glyphs:  the text that each glyph stands for.
    figures: the index of the first figure.
    """

    x: PlaceAcross
    y: float
    font: str
    size: float
    shown: bytes | tuple[bytes, ...] | int
    glyphs: Mapping[int, str]
    figures: int = 0


@dataclass(frozen=True, slots=True)
class DrawingFrame:
    """Where a drawing is, by its number in the block."""

    number: int
    x: PlaceAcross
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class FixedOperators:
    """Operators that stay together, for a block as it stood in its template."""

    operators: tuple[bytes, ...]


Paint = bytes | Operator | TagMark | TextLine | DrawingFrame | FixedOperators


def placed(one: tuple[Any, ...], at: Any) -> Operator:
    """Make an operator of what a recorder took; `at` makes places across the page."""
    name, *arguments = one
    across = ACROSS[name]
    return Operator(
        name,
        tuple(
            at(a) if n in across and not (name == "re" and n == 2) else PlaceAcross(a) if n in across else a  # noqa: PLR2004
            for n, a in enumerate(arguments)
        ),
    )


@lru_cache
def recorder() -> Any:
    """A stream of WeasyPrint's that keeps numbers as numbers."""

    class Recorder(weasy.inside().Stream):  # type: ignore[misc]
        def __init__(self, fonts: dict[Any, Any]) -> None:
            resources: dict[str, dict[str, Any]] = {name: {} for name in RESOURCES}
            super().__init__(fonts, (0, 0, 0, 0), resources, {}, {}, {}, None)

        def taken(self) -> list[bytes | tuple[Any, ...]]:
            return [one.encode() if isinstance(one, str) else one for one in self.stream]

        def rectangle(self, x: float, y: float, width: float, height: float) -> None:
            self.stream.append(("re", x, y, width, height))

        def move_to(self, x: float, y: float) -> None:
            self.stream.append(("m", x, y))

        def line_to(self, x: float, y: float) -> None:
            self.stream.append(("l", x, y))

        def set_text_matrix(self, *values: float) -> None:
            self.stream.append(("Tm", *values))

        def show_text(self, text: str) -> None:
            shown = text.replace(">0<", "")
            self.stream.append(f"[{shown[:-1] if shown.endswith('>0') else shown}] TJ".encode())

        def _unknown(self, *_: object, **__: object) -> None:
            raise Unprovable

        curve_to = set_matrix = transform = add_group = add_pattern = _unknown
        set_alpha_state = set_blend_mode = add_shading = draw_x_object = shading = _unknown

    return Recorder
