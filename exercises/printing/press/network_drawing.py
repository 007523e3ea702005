"""The drawing of a network as operators of a PDF, as WeasyPrint draws templates/diagram.svg.

Only what that template writes is known here: paths of straight lines, circles, and text letter by letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from math import pi, sqrt
from typing import TYPE_CHECKING

from exercises.printing import weasy
from exercises.printing.pdf import font_settings
from exercises.printing.press.shaping import PAIRED, PLACEHOLDER, Unprovable
from exercises.printing.press.writing import figure

if TYPE_CHECKING:
    from exercises.printing.press.shaping import Face, Faces

PIXELS = 96 / 25.4  # in a millimetre
_HEAD = re.compile(
    r'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="([\d.]+)mm" height="([\d.]+)mm" '
    r'viewBox="0 0 ([\d.]+) ([\d.]+)"><title>([^<>]*)</title>\s*'
)
_INK = r"#(?:[0-9a-f]{3}|[0-9a-f]{6})"


def _stroke(ink: str, width: str) -> str:
    """Match a line's colour and width, under these names."""
    return rf'stroke="(?P<{ink}>{_INK})" stroke-width="(?P<{width}>[\d.]+)"'


_PIECE = re.compile(
    rf'<path d="(?P<path>[^"]*)" (?:fill="none" {_stroke("ink", "thin")}|fill="(?P<fill>{_INK})")/>\s*'
    rf'|<circle cx="(?P<cx>[\d.]+)" cy="(?P<cy>[\d.]+)" r="(?P<r>[\d.]+)" fill="(?P<inside>{_INK})" '
    rf"{_stroke('rim', 'thick')}/>\s*"
    r'|<text x="(?P<x>-?[\d.]+)" y="(?P<y>-?[\d.]+)" font-family="(?P<family>[\w ]+)" font-size="(?P<size>[\d.]+)" '
    r'font-style="(?P<style>\w+)">(?P<text>[^<>&]*)</text>\s*'
)
_STEP = re.compile(r"([ML])(-?[\d.]+) (-?[\d.]+)|(Z)")


@dataclass(frozen=True, slots=True)
class DrawnFigure:
    """A drawing: its width in CSS pixels, its height in millimetres as written, what it shows in words, its operators.

    letters: by font, what is written in it, all figures and signs among them if any is.
    """

    width: float
    height: str
    alt: str
    shown: bytes
    letters: tuple[tuple[str, str], ...]


class Draughtsman:
    """Turns drawings into operators; remembers letters and the last drawing, which its key shows again."""

    def __init__(self, faces: Faces) -> None:
        self.faces = faces
        self.draw = lru_cache(4)(self._draw)
        self._letter = lru_cache(4000)(self._measured)
        self._faces: dict[str, Face] = {}

    def face(self, font: str) -> Face:
        """The face in which something was written in this font."""
        return self._faces[font]

    def _draw(self, svg: str) -> DrawnFigure:
        """Raises Unprovable at what diagram.svg does not contain."""
        head = _HEAD.match(svg)
        if head is None:
            raise Unprovable("a drawing that the press does not know")
        width, height, across, down = (float(head[n]) for n in range(1, 5))
        scale = min(width * PIXELS / across, height * PIXELS / down)
        left, top = (width * PIXELS - across * scale) / 2, (height * PIXELS - down * scale) / 2
        out = [f"{figure(scale)} 0 0 {figure(scale)} {figure(left)} {figure(top)} cm 0 J 0 j 4 M"]
        letters: dict[str, set[str]] = {}
        at = head.end()
        while piece := _PIECE.match(svg, at):
            at = piece.end()
            if piece["text"] is not None:
                self._text(piece, out, letters)
            else:
                out.append(_path(piece) if piece["path"] is not None else _circle(piece))
        if svg[at:] != "</svg>":
            raise Unprovable("a drawing that the press does not know")
        used = tuple((font, _with_figures(letters[font])) for font in sorted(letters))
        return DrawnFigure(width * PIXELS, head[2], unescape(head[5]), "\n".join(out).encode(), used)

    def _text(self, piece: re.Match[str], out: list[str], letters: dict[str, set[str]]) -> None:
        """Write a text, letter by letter."""
        out.append("q\n0 0 0 rg\nBT")
        x, y, font = float(piece["x"]), figure(float(piece["y"])), ""
        for letter in piece["text"]:
            wanted, shown, width = self._letter(letter, piece["family"], piece["size"], piece["style"])
            out.append(f"1 0 0 -1 {figure(x)} {y} Tm")
            if wanted != font:
                out.append(wanted)
                font = wanted
            if letter.strip():
                out.append(f"[{shown}] TJ")
            x += width
        out.append("ET\nQ")
        if font:
            letters.setdefault(font[1:7], set()).update(piece["text"])

    def _measured(self, letter: str, family: str, size: str, style: str) -> tuple[str, str, float]:
        face = self._of(family, float(size), style)
        shaped = face.shape(letter)
        self._faces.setdefault(shaped.font, face)
        return f"/{shaped.font} {figure(shaped.size)} Tf", shaped.shown.decode(), shaped.width

    def _of(self, family: str, size: float, slope: str) -> Face:
        """The face that WeasyPrint takes for text in an SVG."""
        style = weasy.inside().Style()
        style.update(weasy.inside().INITIAL_VALUES)
        style.font_config = font_settings()
        style.update(font_family=[family], font_style=slope, font_weight=400, font_size=size)
        return self.faces.of(style)


def _with_figures(letters: set[str]) -> str:
    signs = set(PAIRED) - {PLACEHOLDER, " "}
    return "".join(sorted(letters | (signs if letters & signs else set())))


def _ink(name: str) -> str:
    """A colour such as #777 as WeasyPrint writes it."""
    digits = name[1:] if len(name) > 4 else "".join(digit * 2 for digit in name[1:])  # noqa: PLR2004 - #rgb
    return " ".join(figure(int(digits[n : n + 2], 16) / 255) for n in (0, 2, 4))


def _path(piece: re.Match[str]) -> str:
    steps = list(_STEP.finditer(piece["path"]))
    if "".join(step[0] for step in steps) != piece["path"]:
        raise Unprovable("a path that the press does not know")
    traced = "\n".join("h" if step[4] else f"{step[2]} {step[3]} {step[1].lower()}" for step in steps)
    if not traced:
        return ""
    if piece["ink"]:
        return f"{_ink(piece['ink'])} RG {piece['thin']} w\n{traced}\nS"
    return f"{_ink(piece['fill'])} rg\n{traced}\nf"


def _circle(piece: re.Match[str]) -> str:
    """A unit, from four arcs."""
    x, y, r = float(piece["cx"]), float(piece["cy"]), float(piece["r"])
    k = r / sqrt(pi)
    arcs = (
        (x + r, y + k, x + k, y + r, x, y + r),
        (x - k, y + r, x - r, y + k, x - r, y),
        (x - r, y - k, x - k, y - r, x, y - r),
        (x + k, y - r, x + r, y - k, x + r, y),
    )
    curves = "\n".join(" ".join(map(figure, arc)) + " c" for arc in arcs)
    inks = f"{_ink(piece['inside'])} rg {_ink(piece['rim'])} RG {piece['thick']} w"
    return f"{inks}\n{figure(x + r)} {figure(y)} m\n{curves}\nh B"
