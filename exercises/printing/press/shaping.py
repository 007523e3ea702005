"""Text into glyphs: Pango shapes it, and what it says of pairs of letters serves every later number.

A face is a font at a size, as a style asks for it. Figures and signs are shaped once, each before each; a line
of them is then the sum of its pairs, kerning included. All else is handed to Pango itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from exercises.printing import weasy
from exercises.printing.press.writing import figure

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACEHOLDER = "¦"  # stands in templates where numbers will be; printed on no page of ours
FIGURES = "0123456789"
UNITS = 1024  # Pango's, in a CSS pixel
PAIRED = FIGURES + ".−()+=·½,/| " + PLACEHOLDER
MOST = 4000  # texts that a face remembers
SOON = 60  # texts of a face, from which on pairs are learned
_ASKED = (
    *("font_style", "font_weight", "font_stretch", "font_size", "letter_spacing", "lang"),
    *("word_spacing", "font_kerning", "font_variant_ligatures", "font_variant_position", "font_variant_caps"),
    *("font_variant_numeric", "font_variant_alternates", "font_variant_east_asian", "font_feature_settings"),
    *("font_variation_settings", "font_language_override", "direction", "text_decoration_line"),
)


class Unprovable(Exception):  # noqa: N818 - no error: the page is laid out in the plain way instead
    """The press cannot be sure to print what a layout would."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """A line of text as the PDF shows it.

    width: in CSS pixels.
    shown: what stands in the brackets of the operator TJ.
    font, size: as for the operator Tf.
    glyphs: the numbers of its glyphs in the font, and the text that each stands for.
    """

    width: float
    shown: bytes
    font: str
    size: float
    glyphs: dict[int, str]

    @property
    def operators(self) -> bytes:
        """The operators that show it."""
        return b"%b\n[%b] TJ" % (self.font_set.encode(), self.shown)

    @property
    def font_set(self) -> str:
        """The operator that sets its font."""
        return f"/{self.font} {figure(self.size)} Tf"


@dataclass(frozen=True, slots=True)
class ShapedGlyph:
    """A glyph in its place in a text: its number in the font, and what it stands for."""

    number: int
    width: int  # in Pango's units
    shown: str  # in hexadecimal, with its kerning
    text: str


class Face:
    """A font at a size. `fonts` gathers WeasyPrint's record of each font file."""

    def __init__(self, style: Any, fonts: dict[Any, Any]) -> None:
        self.style, self.fonts = style, fonts
        self._known: dict[str, Shaped] = {}
        self._table: dict[str, ShapedGlyph] | None = None
        self._font = ("", 0.0)
        self._count = 0
        self.key: Any = None  # of the font in `fonts`, once something is set

    def shape(self, text: str) -> Shaped:
        """Set one line of text. Raises Unprovable where one font does not hold all of it."""
        found = self._known.get(text)
        if found is None:
            if len(self._known) >= MOST:
                self._known.clear()
            self._count += 1
            often = self._count > SOON  # before, learning all pairs would cost more than it saves
            found = (often and self._paired(text)) or self._joined(self._glyphs(text))
            self._known[text] = found
        return found

    def _paired(self, text: str) -> Shaped | None:
        table = self._pairs()
        try:
            glyphs = [table[pair] for pair in map(str.__add__, text, text[1:])]
            glyphs.append(table[text[-1]])
        except KeyError:
            return None
        return self._joined(glyphs)

    def _pairs(self) -> dict[str, ShapedGlyph]:
        """Learn every pair of figures and signs from one long line; none where they cannot be told apart."""
        if self._table is None:
            self._table = {}
            line = "".join(a + b for a in PAIRED for b in PAIRED) + PAIRED[0]
            try:
                glyphs = self._glyphs(line)
                table = dict(zip(map("".join, pairwise(line)), glyphs, strict=False))
                table |= {letter: self._glyphs(letter)[0] for letter in PAIRED}
                probe = "= (0.35)(1 − 9.28) + 7·4.06 − ½(−8.11)/3, |−5.72|"
                expected = [table[pair] for pair in map("".join, pairwise(probe))]
                if self.style["letter_spacing"] == "normal" and self._glyphs(probe)[:-1] == expected:
                    self._table = table
            except Unprovable:
                pass
        return self._table

    def _joined(self, glyphs: list[ShapedGlyph]) -> Shaped:
        shown = "".join([g.shown for g in glyphs])
        width = sum([g.width for g in glyphs]) / 1024
        if self.style["letter_spacing"] != "normal":
            width += self.style["letter_spacing"]
        font, size = self._font
        return Shaped(width, f"<{shown}>".encode(), font, size, {g.number: g.text for g in glyphs})

    def _glyphs(self, text: str) -> list[ShapedGlyph]:
        """One glyph for each letter, as `weasyprint.draw.text` writes them."""
        return [glyph for item in runs(self.style, text) for glyph in self._run(item, text.encode())]

    def _run(self, item: Any, text: bytes) -> list[ShapedGlyph]:
        pango = weasy.inside().pango
        pango_font = item.item.analysis.font
        font, key, size = self.font_of(pango_font)
        if self._font == ("", 0.0):
            self._font, self.key = (font.hash, size), key
        if self._font != (font.hash, size) or item.item.analysis.level % 2 or font.bitmap or font.missing:
            raise Unprovable(text)
        glyphs, found = item.glyphs, []
        ends = [*glyphs.log_clusters[1 : glyphs.num_glyphs], item.item.length]
        for info, start, end in zip(
            glyphs.glyphs[0 : glyphs.num_glyphs],
            glyphs.log_clusters[0 : glyphs.num_glyphs],
            ends,
            strict=True,
        ):
            number, width, at = info.glyph, info.geometry.width, item.item.offset
            letters = text[at + start : at + end].decode()
            if info.geometry.y_offset or not letters:
                raise Unprovable(text)
            if number & pango.PANGO_GLYPH_UNKNOWN_FLAG or number == pango.PANGO_GLYPH_EMPTY:
                raise Unprovable(text)
            offset, kerning = moved(font, pango_font, number, size, info.geometry)
            shown = (f">{-offset}<" if offset else "") + f"{number:04x}" + (f">{kerning}<" if kerning else "")
            found.append(ShapedGlyph(number, width, shown, letters))
        return found

    def font_of(self, pango_font: Any) -> tuple[Any, Any, float]:
        """WeasyPrint's record of a font, the key of it, and the font's size."""
        inside = weasy.inside()
        key, description, size = inside.get_pango_font_key(pango_font)
        if key not in self.fonts:
            self.fonts[key] = inside.Font(pango_font, description, size)
        return self.fonts[key], key, size


def runs(style: Any, text: str) -> Iterator[Any]:
    """What Pango makes of one line of text: pieces in one font each. Raises Unprovable where it takes two lines."""
    inside = weasy.inside()
    layout, _, rest, *_ = inside.split_first_line(text, style, None, None, 0)
    layout.reactivate(style)
    line, _ = layout.get_first_line()
    run = line.runs[0]
    while run != inside.ffi.NULL:
        yield run.data
        run = run.next
    if rest is not None:
        raise Unprovable(text)


def moved(font: Any, pango_font: Any, number: int, size: float, geometry: Any) -> tuple[float, int]:
    """How far a glyph is moved to the right, and what is taken off behind it."""
    offset = geometry.x_offset / size
    return offset, int(
        advance(font, pango_font, number, size) + offset - geometry.width * 1000 / UNITS / size
    )


def advance(font: Any, pango_font: Any, number: int, size: float) -> int:
    """How wide the PDF takes a glyph to be, in thousandths of its size."""
    if number not in font.widths:
        ffi, pango = weasy.inside().ffi, weasy.inside().pango
        ink, logical = ffi.new("PangoRectangle *"), ffi.new("PangoRectangle *")
        pango.pango_font_get_glyph_extents(pango_font, number, ink, logical)
        font.widths[number] = round(logical.width * 1000 / UNITS / size)
    return int(font.widths[number])


class Faces:
    """All faces in use, one for each font and size that a style may ask for."""

    def __init__(self) -> None:
        self.fonts: dict[Any, Any] = {}
        self._faces: dict[tuple[Any, ...], Face] = {}

    def of(self, style: Any) -> Face:
        """Give the face of a computed style."""
        key = (tuple(style["font_family"]), *(style[name] for name in _ASKED))
        if key not in self._faces:
            self._faces[key] = Face(style, self.fonts)
        return self._faces[key]
