"""Templates: what WeasyPrint makes of each kind of block, learned once.

Every kind is laid out by itself at the top of the page, all in the same place, with placeholders for its numbers, so
that what is learned does not depend on the blocks around it, nor on which problem came first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from exercises.printing import weasy
from exercises.printing.pdf import laid_out, uncollected
from exercises.printing.press.box_kinds import everything, has_number, is_text, kind_of
from exercises.printing.press.boxes import BoxReading
from exercises.printing.press.facts import elements, gathered, glyphs, strings
from exercises.printing.press.painting import paint
from exercises.printing.press.shaping import PAIRED, PLACEHOLDER, Unprovable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from exercises.printing.press.elements import Form
    from exercises.printing.press.facts import FormField
    from exercises.printing.press.page_blocks import BlockKind
    from exercises.printing.press.painting import Painting
    from exercises.printing.press.shaping import Faces, Shaped

_FIRST_TAG = re.compile(r"<(\w+)")
_NO_FOOTERS = (
    f"@page {{ {' '.join(f'@bottom-{side} {{ content: none }}' for side in ('left', 'center', 'right'))} }}"
)
NEW_PAGE = '<div class="press-page"></div>'
_CSS = (
    ".press-page { break-before: page } .press-block { position: absolute; top: 0; left: 0; width: 100% } "
    "[data-press-beside] { position: absolute !important }"
)


@dataclass(frozen=True, slots=True)
class LayoutSetting:
    """What decides on layout beside the block itself: language, the page's own styles, body tag, form fields."""

    language: str
    css: str
    body: str
    forms: bool


@dataclass
class LayoutTemplate:
    """A laid-out block. Places are in CSS pixels from the corner of the paper, as it stood on its own page.

    top, height: of its border box; margins: above and below, those of its content included.
    breaks:      the CSS properties break-before, break-after, break-inside.
    whole:       whether a page never ends within it.
    pinned:      whether something in it is placed from the edge of the page.
    strings:     those that it sets for the footer of the page: name, and text or numbers by their place.
    glyphs:      by font, what text each glyph stands for.
    reading:     what moves with its numbers; None if it has none.
    figures:     for each figure that stands as a zero in it, the glyph of any figure in its place.
    even:        which figures the zeros may stand for.
    """

    top: float
    height: float
    margins: tuple[float, float]
    breaks: tuple[str, str, str]
    whole: bool
    pinned: bool
    painting: Painting
    reading: BoxReading | None
    elements: Form
    fields: list[FormField]
    bookmarks: list[Any]
    strings: list[tuple[str, list[str | int]]]
    glyphs: dict[str, dict[int, str]]
    letters: str
    figures: list[dict[str, bytes]]
    even: str
    prints: dict[Any, Any] = field(default_factory=dict)  # see `sheets`

    @cached_property
    def still(self) -> bool:
        """Whether there is nothing to put in."""
        return self.reading is None and not self.figures

    @property
    def numbers(self) -> int:
        """How many numbers are to be put in."""
        return len(self.reading.numbers) if self.reading else 0

    @property
    def frames(self) -> int:
        """How many drawings are to be put in."""
        return len(self.reading.frames) if self.reading else 0

    def filled(self, numbers: Sequence[str], drawings: Sequence[float]) -> tuple[list[float], list[Shaped]]:
        """Places and glyphs with these numbers and drawings of these widths.

        Raises Unprovable where a line would be broken in another way.
        """
        if self.reading is None:
            return [], []
        shaped = [
            face.shape(f"{before}{text}{behind}")
            for (face, before, behind, _), text in zip(self.reading.numbers, numbers, strict=True)
        ]
        return self.reading.placed([one.width for one in shaped] + [*drawings]), shaped

    def fills(self, numbers: Sequence[str]) -> tuple[int, ...]:
        """How many placeholders are hardly narrower than these numbers."""
        faces = [face for face, *_ in self.reading.numbers] if self.reading else []
        return tuple(
            max(1, int(face.shape(text).width / face.shape(PLACEHOLDER).width))
            for face, text in zip(faces, numbers, strict=True)
        )

    @cached_property
    def alphabet(self) -> dict[str, dict[int, str]]:
        """Glyphs that its numbers may need, by font."""
        found: dict[str, dict[int, str]] = defaultdict(dict)
        for face, *_ in self.reading.numbers if self.reading else ():
            for letter in self.letters or PAIRED.replace(PLACEHOLDER, ""):
                one = face.shape(letter)
                found[one.font] |= one.glyphs
        return found


def learn(
    kinds: Sequence[tuple[BlockKind, tuple[int, ...]]], setting: LayoutSetting, faces: Faces
) -> list[LayoutTemplate | None]:
    """Lay out kinds of blocks, each number with as many placeholders as given; None where that cannot be learned."""
    with uncollected():
        pages = laid_out(document(_content(kinds), setting), forms=setting.forms).pages
        if len(pages) > 1:  # one is taller than a page
            return [None] * len(kinds) if len(kinds) == 1 else [_alone(one, setting, faces) for one in kinds]
        page = weasy.page_box(pages[0])
        found = dict(_blocks(page))
        return [_template(found[n], page, kind, setting, faces) for n, (kind, _) in enumerate(kinds)]


def _alone(
    one: tuple[BlockKind, tuple[int, ...]], setting: LayoutSetting, faces: Faces
) -> LayoutTemplate | None:
    return learn([one], setting, faces)[0]


def document(content: str, setting: LayoutSetting, *, css: str = "", alone: bool = True) -> str:
    """Write a page for learning; `alone`: without anything at its footer."""
    more = f"{_CSS}{_NO_FOOTERS if alone else ''}{css}"
    return (
        f'<!DOCTYPE html>\n<html lang="{setting.language}"><head><meta charset="utf-8"/><title></title>'
        f"<style>{setting.css}</style><style>{more}</style></head>{setting.body}{content}</body></html>"
    )


def _content(kinds: Iterable[tuple[BlockKind, tuple[int, ...]]]) -> str:
    pieces = []
    for number, (kind, fills) in enumerate(kinds):
        widths = iter(fills)
        shape = re.sub(PLACEHOLDER, lambda _: PLACEHOLDER * next(widths), kind.shape)  # noqa: B023 - used at once
        pieces += ['<div class="press-block">', *kind.around]
        if kind.before:
            pieces += [
                _FIRST_TAG.sub(r"<\1 data-press-beside=''", kind.before, count=1),
                closing(kind.before),
            ]
        pieces.append(_FIRST_TAG.sub(rf'<\1 data-press="{number}"', shape, count=1))
        pieces += [] if kind.last else ['<div data-press-beside=""></div>']
        pieces += [*(closing(opening) for opening in reversed(kind.around)), "</div>"]
    return "".join(pieces)


def closing(opening: str) -> str:
    """Give the tag that closes an opening one."""
    tag = _FIRST_TAG.match(opening)
    return f"</{tag[1]}>" if tag and not opening.endswith("/>") else ""


def _blocks(box: Any) -> Iterator[tuple[int, Any]]:
    number = None if box.element is None else box.element.get("data-press")
    if number is not None:
        yield int(number), box
        return
    for child in getattr(box, "children", ()):
        yield from _blocks(getattr(child, "_box", child))


def _template(
    box: Any, page: Any, kind: BlockKind, setting: LayoutSetting, faces: Faces
) -> LayoutTemplate | None:
    for font in faces.fonts.values():
        font.to_unicode = {}
    try:
        _expected(box)
        figures = _figures(box, kind, faces)
        reading = BoxReading(box, faces, kind.frames) if has_number(box) or kind.frames else None
        painting = paint(box, page, faces)
        bookmarks, fields, register = gathered(box, forms=setting.forms)
        return LayoutTemplate(
            top=box.border_box_y(),
            height=box.border_height(),
            margins=(_margin(box, "top"), _margin(box, "bottom")),
            breaks=(box.style["break_before"], box.style["break_after"], box.style["break_inside"]),
            whole=_whole(box),
            pinned=any(kind_of(inner) == "out" for inner in box.descendants(placeholders=True)),
            painting=painting,
            reading=reading,
            elements=elements(box, painting, register),
            fields=fields,
            bookmarks=bookmarks,
            strings=list(strings(box)),
            glyphs=glyphs(painting, faces),
            letters=kind.letters,
            figures=figures,
            even=kind.even,
        )
    except Exception:  # noqa: BLE001 - of what WeasyPrint's boxes bring forth, anything may be unknown here
        return None


def _figures(box: Any, kind: BlockKind, faces: Faces) -> list[dict[str, bytes]]:
    """Tell each text which of the figures are its own."""
    found: list[dict[str, bytes]] = []
    for text in [inner for inner in everything(box) if is_text(inner)] if kind.figures else ():
        if "0" in text.text:
            text.press_figures, text.press_even = len(found), kind.even
            figures = {
                letter: f"{glyph.number:04x}".encode()
                for letter, glyph in faces.of(text.style).figures.items()
            }
            found += [figures] * text.text.count("0")
    if len(found) != kind.figures:
        raise Unprovable(box)
    return found


def _expected(box: Any) -> None:
    """Whether a block is a plain block that stands where it is put."""
    style = box.style
    if kind_of(box) != "block" or style["position"] != "static" or style["overflow"] != "visible":
        raise Unprovable(box)


def _whole(box: Any) -> bool:
    lines = [inner for inner in box.children if kind_of(inner) == "line"]
    return box.style["break_inside"] in {"avoid", "avoid-page"} or len(lines) == len(box.children) == 1


def _margin(box: Any, side: str) -> float:
    """The margin above or below, with those of its content that collapse into it."""
    own = getattr(box, f"margin_{side}")
    inner = [child for child in box.children if kind_of(child) != "out"]
    if inner and getattr(box, f"{side}_margin_collapses")():
        child = inner[0 if side == "top" else -1]
        if kind_of(child) != "line":
            own = max(own, _margin(child, side) if hasattr(child, "children") else child.margin_top)
    if own < 0:
        raise Unprovable(box)
    return float(own)
