"""Names in letters that the rest of the page does not need: Arabic, Cyrillic or Thai.

Such a name is set by itself, in whatever fonts and direction it asks for, and its page brings the fonts along. All
else on the page is then what it is for everybody.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exercises.printing import weasy
from exercises.printing.press.shaping import UNITS, Unprovable, moved, runs
from exercises.printing.press.writing import figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from exercises.printing.press.shaping import Face, Shaped

OWN = "N"  # ends the names of the fonts that a page brings along
RISE = 1000  # into which WeasyPrint divides a glyph's height above its line
_OPTIONS = {"hinting": False, "pdf_version": "1.7"}


@dataclass(frozen=True, slots=True)
class ForeignText:
    """A line of text in fonts of its own.

    width:     in CSS pixels.
    operators: that show it, from where the PDF's text begins.
    glyphs:    of each font the numbers of its glyphs, and the text that each stands for.
    """

    width: float
    operators: bytes
    glyphs: dict[Any, dict[int, str]]


def typeset(face: Face, text: str, *, own: bool) -> Shaped | ForeignText:
    """Set one line of text, in fonts of its `own` or in those of the page."""
    return foreign(face, text) if own else face.shape(text)


def foreign(face: Face, text: str) -> ForeignText:
    """Set one line of text as `weasyprint.draw.text` does. Raises Unprovable where letters are pictures, or missing."""
    empty = weasy.inside().pango.PANGO_GLYPH_EMPTY
    width, lines, glyphs = 0, list[str](), dict[Any, dict[int, str]]()
    for item in runs(face.style, text):
        font, key, size = face.font_of(item.item.analysis.font)
        lines.append(f"/{font.hash}{OWN} {figure(size)} Tf")
        shown = ""
        for number, geometry, letters in _in_order(item, text):
            width += geometry.width
            if number == empty:
                shown += f">{-geometry.width / size}<"
                continue
            offset, kerning = moved(font, item.item.analysis.font, number, size, geometry)
            behind = f">{kerning}<" if kerning else ""
            before = f">{-offset}<" if offset else ""
            if geometry.y_offset:
                lines += _shown(shown + before)
                rise = figure(-geometry.y_offset / RISE)
                lines += [f"{rise} Ts", f"[<{number:04x}>] TJ", "0 Ts"]
                shown = behind
            else:
                shown += f"{before}{number:04x}{behind}"
            glyphs.setdefault(key, {}).setdefault(number, letters)
        lines += _shown(shown)
    return ForeignText(width / UNITS, "\n".join(lines).encode(), glyphs)


def _shown(text: str) -> list[str]:
    return [f"[<{text}>] TJ".replace("<>", "")] if text else []


def _in_order(item: Any, text: str) -> list[tuple[int, Any, str]]:
    """A run's glyphs from left to right: number, place, and the text that each stands for."""
    pango, glyphs, start = weasy.inside().pango, item.glyphs, item.item.offset
    count, length, encoded = glyphs.num_glyphs, item.item.length, text.encode()
    clusters = list(glyphs.log_clusters[0:count])
    backwards = item.item.analysis.level % 2
    ends = [length, *clusters[:-1]] if backwards else [*clusters[1:], length]
    found = []
    for info, begin, end in zip(glyphs.glyphs[0:count], clusters, ends, strict=True):
        if info.glyph & pango.PANGO_GLYPH_UNKNOWN_FLAG:
            raise Unprovable(text)
        found.append((info.glyph, info.geometry, encoded[start + begin : start + end].decode()))
    return found


class _Added:
    """What WeasyPrint adds objects to, as it does to a whole document."""

    def __init__(self, first: int) -> None:
        self.first, self.found = first, list[Any]()

    def add_object(self, one: Any) -> None:
        """Give an object its number."""
        one.number = self.first + len(self.found)
        self.found.append(one)

    @property
    def objects(self) -> dict[int, bytes]:
        """All of them, written, by number."""
        return {one.number: one.data for one in self.found}


def font_objects(
    fonts: Mapping[Any, Any], texts: Iterable[ForeignText], first: int
) -> tuple[bytes, dict[int, bytes]]:
    """The fonts of such texts, each with the glyphs it needs and no other.

    Gives what stands for them in the dictionary of a page's fonts, and their objects, which are numbered from `first`.
    """
    needed: dict[Any, dict[int, str]] = {}
    for text in texts:
        for key, glyphs in text.glyphs.items():
            needed.setdefault(key, {}).update(glyphs)
    own = {key: _only(fonts[key], glyphs) for key, glyphs in needed.items()}
    added, compressed, subset = _Added(first), True, True
    entries = weasy.inside().build_fonts_dictionary(added, own, compressed, subset, _OPTIONS)
    written = b"".join(b"/%b %b" % (name.encode(), reference) for name, reference in entries.items())
    return written, added.objects


def _only(font: Any, glyphs: dict[int, str]) -> Any:
    """A copy of WeasyPrint's record of a font, with these glyphs alone. Raises Unprovable where they are pictures."""
    own = copy(font)
    own.tables, own.variations, own.missing = list(own.tables), dict(own.variations), {}
    own.to_unicode = {number: glyphs[number] for number in sorted(glyphs)}
    own.widths = {number: font.widths[number] for number in own.to_unicode}
    if own.bitmap or own.png or own.svg or getattr(own, "colr", False):
        raise Unprovable(own.family)
    own.hash = font.hash + OWN
    return own
