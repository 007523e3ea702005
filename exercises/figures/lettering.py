"""Setting a line of mathematics as runs of text at known places, measured with the shipped font.

A drawing has no line breaker to lean on: what stands where must be known before a label can be kept clear of
the lines around it. All lengths are in ems of the label's font size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import templates
from exercises.common.metrics import INDEX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.formulas.label import Glyph

ASCENT, DESCENT = 0.70, 0.10  # of capitals and figures; a comma or a descender may reach a little further
SUB, SUP = 0.18, -0.36  # how far an index is lowered, or raised, without its partner
STACKED_SUB, STACKED_SUP = 0.24, -0.42
_DEFAULT_ADVANCE = 0.7


@dataclass(frozen=True, slots=True)
class TextRun:
    """Text in one size and slope: `x`, `y` from the start of the line's baseline (y downwards), in ems."""

    text: str
    x: float
    y: float = 0.0
    size: float = 1.0
    italic: bool = False


@dataclass(frozen=True, slots=True)
class MathLine:
    """Runs on one baseline, with how far they reach: `width`, `ascent`, `descent` in ems, all positive."""

    runs: tuple[TextRun, ...]
    width: float
    ascent: float = ASCENT
    descent: float = DESCENT

    def then(self, other: MathLine, gap: float = 0.28) -> MathLine:
        """Set another line behind this one, a space between them."""
        start = self.width + gap
        moved = tuple(TextRun(r.text, r.x + start, r.y, r.size, r.italic) for r in other.runs)
        return MathLine(
            (*self.runs, *moved),
            start + other.width,
            max(self.ascent, other.ascent),
            max(self.descent, other.descent),
        )


def upright(text: str) -> MathLine:
    """Set upright text, such as `= 0.35`."""
    return MathLine((TextRun(text, 0.0),), advance(text))


def glyph(written: Glyph) -> MathLine:
    """Set a letter with its indices."""
    x = advance(written.base, italic=True) + 0.02  # a slanted letter leans over its index
    runs = [TextRun(written.base, 0.0, italic=True)]
    raised = written.sup + ("new" if written.new else "") + (f"[{written.run}]" if written.run else "")
    both = bool(written.sub and raised)
    widths = [0.0]
    for text, alone, stacked in ((written.sub, SUB, STACKED_SUB), (raised, SUP, STACKED_SUP)):
        if text:
            runs.append(TextRun(text, x, stacked if both else alone, INDEX))
            widths.append(INDEX * advance(text))
    return MathLine(
        tuple(runs),
        x + max(widths),
        max(ASCENT, -(STACKED_SUP if both else SUP) + INDEX * ASCENT) if raised else ASCENT,
        (STACKED_SUB if both else SUB) + INDEX * DESCENT if written.sub else DESCENT,
    )


def advance(text: str, *, italic: bool = False) -> float:
    """Measure text as it is set letter by letter, without kerning, in ems."""
    widths = _advances(italic=italic)
    return sum(widths.get(ord(letter), _DEFAULT_ADVANCE) for letter in text)


@lru_cache
def _advances(*, italic: bool) -> Mapping[int, float]:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    name = "LibertinusSerif-Italic.otf" if italic else "LibertinusSerif-Regular.otf"
    with TTFont(templates.FOLDER / "fonts" / name, lazy=True) as font:
        font.setGlyphOrder(
            list(map(str, range(font["maxp"].numGlyphs)))
        )  # else all outlines are read for names
        metrics, em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {code: metrics[glyph_name][0] / em for code, glyph_name in font.getBestCmap().items()}
