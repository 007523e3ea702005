"""Pages as templates: the operators of their blocks, with gaps for what depends on numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exercises.printing.press.recording import DOWN, DrawingFrame, FixedOperators, Operator, TagMark, TextLine
from exercises.printing.press.text_rows import PlaceAcross
from exercises.printing.press.writing import figure, stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.printing.press.layout_templates import LayoutTemplate
    from exercises.printing.press.recording import Paint

Gap = tuple[int, float | None]  # a slot and the distance from it; or, with None, the number of a text
LAYERS = ("behind", "text", "late")
MOST = 60  # prints that a template remembers
LEVEL = 5  # of compression: a third quicker than the usual 6, and hardly longer


@dataclass(frozen=True, slots=True)
class FilledBlock:
    """A block's numbers put in: its slots, and what goes into the gaps for texts."""

    slots: list[float]
    shown: list[bytes | float]


@dataclass(slots=True)
class PrintedLayer:
    """A layer of a block at some height: what is written before, between and after the numbers of its marks."""

    texts: list[str]
    gaps: list[Gap]


@dataclass(slots=True)
class PageTemplate:
    """A page: its operators as a template, and for each gap a block and where to look in it."""

    parts: list[str] = field(default_factory=list)
    gaps: list[tuple[int, int, float | None]] = field(default_factory=list)
    marks: int = 0
    template: bytes = b""
    done: bytes | None = None  # the object, if there is no gap

    def add(self, block: int, found: PrintedLayer) -> range:
        """Add a layer of a block; gives the numbers of its marks."""
        own = range(self.marks, self.marks + len(found.texts) - 1)
        self.parts.append(found.texts[0])
        self.parts += [f"{mark}{text}" for mark, text in zip(own, found.texts[1:], strict=True)]
        self.gaps += [(block, number, of) for number, of in found.gaps]
        self.marks = own.stop
        return own

    def close(self) -> None:
        """All operators are there."""
        self.template = "".join(self.parts).encode()
        self.parts.clear()
        if not self.gaps:
            self.done = stream(self.template % (), level=9)

    def filled(self, blocks: Sequence[FilledBlock]) -> bytes:
        """Give the object of the page's contents."""
        values = [
            blocks[block].shown[number] if of is None else blocks[block].slots[number] + of
            for block, number, of in self.gaps
        ]
        return stream(self.template % tuple(values), level=LEVEL)


def printed(template: LayoutTemplate, layer: str, down: float) -> PrintedLayer:
    """Write a layer of a block that has been moved down the page; remembered with the template."""
    found: PrintedLayer | None = template.prints.get((layer, down))
    if found is None:
        writer = _Writer(down, 2 * template.frames, 2 * template.frames + template.numbers)
        for one in getattr(template.painting, layer):
            writer.write(one)
        if len(template.prints) >= MOST:
            template.prints.clear()
        found = template.prints[layer, down] = PrintedLayer(writer.texts, writer.gaps)
    return found


def line(x: PlaceAcross, y: float, font: str, size: float, text: int) -> PrintedLayer:
    """Write one line of text whose place and glyphs are gaps."""
    writer = _Writer(0.0, 0, 0)
    for one in (TagMark("Span", 0), TextLine(x, y, font, size, text, {}), b"EMC"):
        writer.write(one)
    return PrintedLayer(writer.texts, writer.gaps)


class _Writer:
    """Writes operators. The texts for gaps are those of drawings, then of numbers, then of other figures.

    first, first_figure: which are the first number's, and the first other figure's.
    """

    def __init__(self, down: float, first: int, first_figure: int) -> None:
        self.down, self.first, self.first_figure = down, first, first_figure
        self.texts = [""]
        self.gaps: list[Gap] = []

    def write(self, one: Paint) -> None:
        """Add an operator, with gaps where numbers matter."""
        match one:
            case bytes():
                self._say(one.decode().replace("%", "%%"))
            case TagMark():
                self.texts[-1] += f"/{one.tag}<</MCID "
                self.texts.append(">>BDC\n")
            case TextLine():
                x = self._place(one.x)
                shown = self._shown(one)
                self._say(f"BT\n1 0 0 -1 {x} {figure(one.y + self.down)} Tm")
                self._say(f"/{one.font} {figure(one.size)} Tf\n[{shown}] TJ\nET")
            case Operator():
                lower = DOWN[one.name]
                values = [
                    self._place(value)
                    if isinstance(value, PlaceAcross)
                    else figure(value + self.down if n in lower else value)
                    for n, value in enumerate(one.arguments)
                ]
                self._say(f"{' '.join(values)} {one.name}")
            case DrawingFrame():
                self._frame(one)
            case FixedOperators():
                shown = b"\n".join(one.operators).decode().replace("%", "%%")
                self._say(f"q\n1 0 0 1 0 {figure(self.down)} cm\n{shown}\nQ")

    def _shown(self, one: TextLine) -> str:
        if isinstance(one.shown, int):
            return self._gap(self.first + one.shown, None, "%b")
        if isinstance(one.shown, bytes):
            return one.shown.decode()
        first, *rest = [piece.decode() for piece in one.shown]
        numbers = range(self.first_figure + one.figures, self.first_figure + one.figures + len(rest))
        return first + "".join(
            self._gap(number, None, "%b") + piece for number, piece in zip(numbers, rest, strict=True)
        )

    def _frame(self, one: DrawingFrame) -> None:
        y, height = figure(one.y + self.down), figure(one.height)
        x, width = self._place(one.x), self._gap(2 * one.number, None, "%.6f")
        self._say(f"q\n{x} {y} {width} {height} re\nW\nn\n1 0 0 1 {self._place(one.x)} {y} cm")
        self._say(f"{self._gap(2 * one.number + 1, None, '%b')}\nQ")

    def _say(self, text: str) -> None:
        self.texts[-1] += text + "\n"

    def _gap(self, number: int, of: float | None, how: str) -> str:
        self.gaps.append((number, of))
        return how

    def _place(self, at: PlaceAcross) -> str:
        """A place across the page, or the gap for it."""
        return figure(at.of) if at.slot is None else self._gap(at.slot, at.of, "%.6f")
