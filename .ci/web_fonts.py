"""Cut the shipped fonts down to the letters of pages that are read on a screen: templates/fonts/web.

Run it anew when a font is exchanged:  python .ci/web_fonts.py
"""

import sys
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from exercises.printing.on_screen import WEB_FONTS  # noqa: E402

ASCII, LATIN = [(0x20, 0x7E)], [(0xA0, 0xFF)]
GREEK, POINTS = (
    [(0x391, 0x3A9), (0x3B1, 0x3C9), (0x3D5, 0x3D5)],
    [(0x2010, 0x2027), (0x2030, 0x203A), (0x2212, 0x2212)],
)
SIGNS = [
    (0x2070, 0x209C),
    (0x2190, 0x2194),
    (0x21A6, 0x21B7),
    (0x2200, 0x2211),
    (0x2213, 0x221E),
    (0x2248, 0x2265),
]
LETTERS = {
    "serif": [*ASCII, *LATIN, (0x100, 0x17F), *GREEK, *POINTS, *SIGNS],
    "serif-italic": [*ASCII, *LATIN, *GREEK, *POINTS, (0x2202, 0x2207)],
    "serif-bold": [*ASCII, *LATIN, *POINTS, (0x2202, 0x2202)],
    "sans": [*ASCII, *LATIN, *POINTS],
    "sans-bold": [*ASCII, *POINTS],
    "math": [*SIGNS, (0x2299, 0x2299), (0x1D40, 0x1D40)],
    "symbols": [(0x2610, 0x2612), (0x2713, 0x2717)],
}


def cut(source: Path, ranges: list[tuple[int, int]]) -> bytes:
    """The font with these letters only, in the form that browsers take."""
    wanted = Options(
        flavor="woff", layout_features=["mark"], hinting=False, notdef_outline=True, name_IDs=[1, 2]
    )
    with TTFont(source, recalcTimestamp=False) as font:
        own = Subsetter(wanted)
        own.populate(unicodes=[code for first, last in ranges for code in range(first, last + 1)])
        own.subset(font)
        font.flavor = "woff"
        out = BytesIO()
        font.save(out)
    return out.getvalue()


if __name__ == "__main__":
    fonts = ROOT / "templates" / "fonts"
    for source, name in WEB_FONTS.items():
        data = cut(fonts / source, LETTERS[name])
        (fonts / "web" / f"{name}.woff").write_bytes(data)
        print(name, len(data))
