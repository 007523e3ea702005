"""Names in scripts of which no font is shipped: whether some font of this machine has their letters.

Where one has, Pango takes it by itself, as every list of fonts ends with a generic family.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from exercises.printing import weasy
from exercises.printing.pdf import laid_out

if TYPE_CHECKING:
    from collections.abc import Iterable

SHIPPED = 0x250  # letters below are in the shipped fonts: Latin of all sorts
_SEEN = "LMN"  # letters, marks and numbers; what is invisible needs no font
_TO_SHOW = 3  # names that a complaint lists
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO")


def missing(text: str) -> str:
    """The letters of a text that no font on this machine has, each once."""
    odd = {c for c in text if ord(c) >= SHIPPED and unicodedata.category(c)[0] in _SEEN}
    return "".join(c for c in sorted(odd) if not _has(c))


def complaint(names: Iterable[str]) -> str:
    """What to say of names that cannot be printed, in one sentence; "" where all can."""
    found = {name: lacking for name in dict.fromkeys(names) if (lacking := missing(name))}
    if not found:
        return ""
    shown = ", ".join(list(found)[:_TO_SHOW]) + (
        f" and {len(found) - _TO_SHOW} more" * (len(found) > _TO_SHOW)
    )
    lacking = "".join(found.values())
    eastern = [c for c in lacking if unicodedata.name(c, "").startswith(_EAST_ASIAN)]
    hints = ["a CJK font such as fonts-noto-cjk"] * bool(eastern)
    hints += ["one such as fonts-noto-core"] * (len(eastern) < len(lacking))
    hint = " and ".join(hints)
    return f"no font on this machine for {shown}: pages bear the ID or the code instead; install {hint}"


@lru_cache(maxsize=4000)
def _has(letter: str) -> bool:
    """Whether Pango finds a glyph for a letter, in our fonts or another."""
    try:
        inside = weasy.found(weasy.GLYPHS)
    except ImportError:  # another release of WeasyPrint: nobody is told what cannot be known
        return True
    layout, *_ = inside.split_first_line(letter, _style(), None, None, 0)
    layout.reactivate(_style())
    line, _ = layout.get_first_line()
    run = line.runs[0]
    while run != inside.ffi.NULL:
        glyphs = run.data.glyphs
        if any(
            info.glyph & inside.pango.PANGO_GLYPH_UNKNOWN_FLAG
            for info in glyphs.glyphs[0 : glyphs.num_glyphs]
        ):
            return False
        run = run.next
    return True


@lru_cache(maxsize=1)
def _style() -> Any:
    """The style of a name on a page, as WeasyPrint computes it."""
    sheet = weasy.page_box(laid_out("<html><head></head><body>x</body></html>").pages[0])
    return next(box.style for box in sheet.descendants() if box.element_tag == "body")
