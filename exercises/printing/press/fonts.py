"""Fonts for the PDF: of each font the glyphs that a page may show, embedded as WeasyPrint embeds them."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, NamedTuple

from exercises.printing import weasy
from exercises.printing.press.shaping import Unprovable

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 40  # sets of glyphs that are remembered
Glyphs = dict[str, dict[int, str]]  # by font: the text that each glyph stands for


def united(found: Glyphs, more: Mapping[str, dict[int, str]]) -> None:
    """Add glyphs; the first text of a glyph stays."""
    for font, glyphs in more.items():
        known = found.setdefault(font, {})
        for number, text in glyphs.items():
            known.setdefault(number, text)


class _Objects:
    """Stands in for a PDF while WeasyPrint builds font objects, numbered from `first`."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.found: list[Any] = []

    def add_object(self, one: Any) -> None:
        """Number an object."""
        one.number = self.first + len(self.found)
        self.found.append(one)


class Embedded(NamedTuple):
    """Objects of fonts, by number: those with a stream, and others; and the dictionary of a page's fonts."""

    streams: dict[int, bytes]
    plain: dict[int, bytes]
    named: bytes

    @property
    def size(self) -> int:
        """How many objects there are."""
        return len(self.streams) + len(self.plain)


class FontCache:
    """Embeds fonts, and remembers what it has embedded. `fonts`: WeasyPrint's record of each."""

    def __init__(self, fonts: dict[Any, Any], first: int) -> None:
        """`first`: the number of the first object."""
        self.fonts, self.first = fonts, first
        self._known: dict[tuple[Any, ...], Embedded] = {}

    def embedded(self, glyphs: Glyphs) -> Embedded:
        """Embed these glyphs."""
        key = tuple((name, *sorted(glyphs[name].items())) for name in sorted(glyphs))
        if key not in self._known:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[key] = self._embed(glyphs)
        return self._known[key]

    def _embed(self, glyphs: Glyphs) -> Embedded:
        known = {font.hash: font for font in self.fonts.values()}
        chosen = {name: _font(known[name], glyphs[name]) for name in sorted(glyphs)}
        pdf = _Objects(self.first)
        options = {"hinting": False, "pdf_version": None}
        found = weasy.inside().build_fonts_dictionary(pdf, chosen, True, True, options)  # noqa: FBT003 - compressed, in part
        streams = {one.number: one.data for one in pdf.found if hasattr(one, "stream")}
        plain = {one.number: one.data for one in pdf.found if not hasattr(one, "stream")}
        return Embedded(streams, plain, found.data)


def _font(font: Any, glyphs: dict[int, str]) -> Any:
    """A font's record with these glyphs only; the same whatever has been shown with it before."""
    if font.missing or font.bitmap or font.png or font.svg or font.colr:
        raise Unprovable(font.family)
    own = copy(font)
    own.tables, own.variations = list(font.tables), dict(font.variations)
    own.to_unicode = {number: glyphs[number] for number in sorted(glyphs)}
    own.widths = {number: font.widths[number] for number in own.to_unicode}
    own.missing = {}
    return own
