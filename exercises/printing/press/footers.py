"""What stands in the footer of each page: WeasyPrint's margin boxes, with the sheet's title, code and page number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from exercises.printing import weasy
from exercises.printing.pdf import laid_out, uncollected
from exercises.printing.press.boxes import EXACT
from exercises.printing.press.layout_templates import NEW_PAGE, document
from exercises.printing.press.painting import paint
from exercises.printing.press.shaping import PAIRED, PLACEHOLDER, Unprovable
from exercises.printing.press.text_rows import SLACK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.printing.press.fonts import Glyphs
    from exercises.printing.press.layout_templates import LayoutSetting, LayoutTemplate
    from exercises.printing.press.page_blocks import BlockKind
    from exercises.printing.press.shaping import Face, Faces, Shaped

PLACES = {"@bottom-left": 0.0, "@bottom-center": 0.5, "@bottom-right": 1.0}
_SPACES = " \t\n"
_LONG_PLACEHOLDER = PLACEHOLDER * 16  # about as long as a code, rather less
Piece = str | tuple[int, int]  # text, or a number: its block, and which of its numbers


@dataclass(frozen=True, slots=True)
class FooterBox:
    """A box in the footer: how far right it stands, from 0 to 1; the parts of its text as CSS has them.

    face:  None where no text was seen.
    lines: how far down each line is, and its text, with placeholders for numbers.
    """

    place: float
    content: tuple[Any, ...]
    face: Face | None = None
    lines: tuple[tuple[float, str], ...] = ()


class Footers(NamedTuple):
    """All boxes in the footer; where they begin and how much room they share, in CSS pixels."""

    boxes: list[FooterBox]
    left: float
    room: float


@dataclass(frozen=True, slots=True)
class FooterLine:
    """A line of a footer on one page: how far down, its text, and its alphabet, unless that is figures and signs.

    broken: whether it is one of several, whose numbers must not be narrower than their placeholders were.
    """

    footer: FooterBox
    baseline: float
    pieces: tuple[Piece, ...]
    letters: str
    broken: bool = False

    def text(self, numbers: Sequence[Sequence[str]]) -> str:
        """Put the numbers of each block in."""
        pieces = [piece if isinstance(piece, str) else numbers[piece[0]][piece[1]] for piece in self.pieces]
        text = "".join(pieces)
        if text.strip(_SPACES) != text or "  " in text or "\t" in text or "\n" in text:
            raise Unprovable(text)
        return text

    def shaped(self, numbers: Sequence[Sequence[str]]) -> Shaped:
        """Set the text."""
        face = self.footer.face
        if face is None:
            raise Unprovable(self.pieces)
        if self.broken:
            least = face.shape(_LONG_PLACEHOLDER).width
            found = [numbers[piece[0]][piece[1]] for piece in self.pieces if not isinstance(piece, str)]
            if any(face.shape(number).width < least for number in found):
                raise Unprovable(found)
        return face.shape(self.text(numbers))

    @property
    def fixed(self) -> bool:
        """Whether there are no numbers in it."""
        return all(isinstance(piece, str) for piece in self.pieces)

    def glyphs(self) -> Glyphs:
        """Glyphs that it may need, by font."""
        face = self.footer.face
        if face is None:
            raise Unprovable(self.pieces)
        found: dict[int, str] = {}
        texts = [piece for piece in self.pieces if isinstance(piece, str)]
        if not self.fixed:
            texts += self.letters or PAIRED.replace(PLACEHOLDER, "")
        for text in texts:
            shaped = face.shape(text)
            found |= shaped.glyphs
        return {shaped.font: found}


def fits(widths: Sequence[tuple[float, float]], footers: Footers) -> None:
    """Raises Unprovable where a line, by its place and width, would be broken."""
    left, middle, right = (
        max([w for place, w in widths if place == p], default=0.0) for p in PLACES.values()
    )
    shared = any(
        footer.place == PLACES["@bottom-center"] for footer in footers.boxes
    )  # even if there is nothing in it
    if (max(left, right) * 2 + middle if shared else left + right) > footers.room - SLACK:
        raise Unprovable("a footer that is too long")


def learn_footers(first: BlockKind | None, setting: LayoutSetting, faces: Faces) -> Footers:
    """Learn the footers of pages that begin with this block."""
    shape = "" if first is None else first.shape.replace(PLACEHOLDER, _LONG_PLACEHOLDER)
    with uncollected():
        pages = laid_out(document(f"{shape}{NEW_PAGE}<div></div>", setting, alone=False)).pages
        boxes = [weasy.page_box(page) for page in pages]
        found = [
            _footer(one, box, faces) for box in boxes for one in box.children if one.element_tag != "html"
        ]
    count, box = len(found) // len(boxes), boxes[-1]
    footers = found[-count:] if count else []
    if len(boxes) != 2 or any(a.content != b.content for a, b in zip(found, footers, strict=False)):  # noqa: PLR2004
        raise Unprovable("footers that differ from page to page")
    return Footers(footers, box.content_box_x(), box.width)


def _footer(box: Any, page: Any, faces: Faces) -> FooterBox:
    """Read a box, and see whether its text stands where `FooterBox` would have it."""
    place, content = PLACES.get(box.at_keyword), box.style["content"]
    if place is None or isinstance(content, str):
        raise Unprovable(box.at_keyword)
    texts = [text for line in box.children for text in line.children]
    if len(texts) != len(box.children) or (len(texts) > 1 and place):
        raise Unprovable(box.at_keyword)
    if not texts:
        return FooterBox(place, content)
    face = faces.of(texts[0].style)
    for text in texts:
        text.press_number = 0
        expected = page.content_box_x() + (page.width - text.width) * place
        if abs(face.shape(text.text).width - text.width) > EXACT or abs(text.position_x - expected) > EXACT:
            raise Unprovable(text.text)
    paint(box, page, faces)  # for what it refuses
    lines = [
        (text.position_y + text.baseline, text.text.replace(_LONG_PLACEHOLDER, PLACEHOLDER)) for text in texts
    ]
    if len(lines) > 1 and any(text.startswith(PLACEHOLDER) for _, text in lines):
        raise Unprovable("a number that may have been left on the line before")
    return FooterBox(place, content, face, tuple(lines))


Given = dict[
    str, tuple[int, tuple[Piece, ...], str]
]  # by name of a string: its page, its pieces, its letters


def notes(
    footers: Sequence[FooterBox], templates: Sequence[LayoutTemplate], pages: Sequence[Sequence[int]]
) -> list[list[FooterLine]]:
    """Compose the footers of all pages; `pages`: their blocks."""
    given: Given = {}
    for page, blocks in enumerate(pages):
        for block in blocks:
            for name, pieces in templates[block].strings:
                if name in given:
                    raise Unprovable(name)
                found = tuple(piece if isinstance(piece, str) else (block, piece) for piece in pieces)
                given[name] = page, found, templates[block].letters

    return [
        [note for footer in footers for note in _lines(footer, page, len(pages), given)]
        for page in range(len(pages))
    ]


def _lines(footer: FooterBox, page: int, pages: int, given: Given) -> Iterator[FooterLine]:
    """Give the lines of a footer on one page."""
    parts = [_composed(kind, value, page, pages, given) for kind, value in footer.content]
    pieces = tuple(piece for found, _ in parts for piece in found)
    letters = "".join(letters for _, letters in parts)
    if not pieces:
        return
    if len(footer.lines) <= 1:
        yield FooterLine(footer, footer.lines[0][0] if footer.lines else 0.0, pieces, letters)
        return
    numbers = iter([piece for piece in pieces if not isinstance(piece, str)])
    if " ".join(text for _, text in footer.lines) != "".join(
        p if isinstance(p, str) else PLACEHOLDER for p in pieces
    ):
        raise Unprovable(pieces)
    for baseline, text in footer.lines:
        own = [
            next(numbers) if piece == PLACEHOLDER else piece
            for piece in re.findall(rf"{PLACEHOLDER}|[^{PLACEHOLDER}]+", text)
        ]
        yield FooterLine(footer, baseline, tuple(own), letters, broken=True)


def _composed(kind: str, value: Any, page: int, pages: int, given: Given) -> tuple[tuple[Piece, ...], str]:
    """Give a part of a footer's text: pieces, and what numbers in it are written with."""
    if kind == "string":
        return (value,), ""
    if kind == "counter()" and value in {("page", "decimal"), ("pages", "decimal")}:
        return (str(page + 1 if value[0] == "page" else pages),), ""
    if kind == "string()" and value[1] in {"first", "first-except"}:
        since, pieces, letters = given.get(value[0], (pages, (), ""))
        shown = page > since or (page == since and value[1] == "first")
        return (pieces, letters) if shown else ((), "")
    raise Unprovable(kind)
