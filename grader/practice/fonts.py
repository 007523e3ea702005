"""The shipped fonts cut down to the letters that a page may show, in the form that browsers take."""

from __future__ import annotations

from io import BytesIO

import templates

FONTS = {
    "serif.woff": "LibertinusSerif-Regular.otf",
    "serif-italic.woff": "LibertinusSerif-Italic.otf",
    "sans.woff": "LibertinusSans-Regular.otf",
    "sans-bold.woff": "LibertinusSans-Bold.otf",
    "math.woff": "LibertinusMath-Regular.otf",
}
# Latin, Greek, accents that stand above letters, punctuation, raised and lowered figures, letters like ⁿ, arrows,
# signs of mathematics, and the italic letters that MathML makes of plain ones.
_RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x300, 0x30C), (0x370, 0x3FF), (0x1D43, 0x1D61), (0x2010, 0x2044), (0x2070, 0x209C),
    (0x210E, 0x210E),
    (0x2190, 0x21B7), (0x2200, 0x22C5), (0x25CF, 0x25CF), (0x2713, 0x2717), (0x1D434, 0x1D467), (0x1D6E2, 0x1D71B),
)  # fmt: skip


def fonts() -> dict[str, bytes]:
    """Each font of the page by the name of its file."""
    from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    letters = [code for first, last in _RANGES for code in range(first, last + 1)]
    found = {}
    for name, source in FONTS.items():
        wanted = Options(flavor="woff", layout_features=["kern", "mark", "mkmk", "ssty"], notdef_outline=True)
        with TTFont(templates.FOLDER / "fonts" / source, recalcTimestamp=False) as font:
            cut = Subsetter(wanted)
            cut.populate(unicodes=letters)
            cut.subset(font)
            font.flavor = "woff"
            out = BytesIO()
            font.save(out)
        found[name] = out.getvalue()
    return found
