"""A page's operators as a template: WeasyPrint's own, with gaps for what depends on numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exercises.printing.press.shaping import Unprovable
from exercises.printing.press.writing import figure, stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.printing.press.text_rows import PlaceAcross

SPAN = 10_000.0  # CSS pixels between places out of sight, which are farther apart than any two on a page
BACK = "\v"  # stands before the font that is set again behind a text in fonts of its own
EXACT = 2e-3  # of a CSS pixel: as far as two may lie apart that are written with six decimals
_OPAQUE = ("/a1.0 gs", "/A1.0 gs")


class Spot(NamedTuple):
    """What is drawn at a place out of sight of its own: where it belongs, which text it is; its font.

    drawn: of a drawing, how far down it is; its width is the text that follows.
    own:   whether the text sets fonts of its own.
    """

    place: PlaceAcross
    text: int
    font: str
    drawn: float | None = None
    own: bool = False


def apart(number: int) -> float:
    """How far out of sight something is put, by its number."""
    return SPAN * (number + 1)


def hidden(place: PlaceAcross) -> float:
    """Where the slot of a place is put."""
    return 0.0 if place.slot is None else apart(place.slot)


class PageDrawing:
    """The contents of a page, of which `filled` makes an object of a PDF."""

    def __init__(self, content: str, spots: Sequence[Spot]) -> None:
        """`content`: uncompressed, everything that depends on numbers out of sight."""
        self.spots = spots
        self.lines: list[str] = []
        self.gaps: list[tuple[int, float | None, int]] = []  # slot, distance, slot to take off; or text
        self.used: list[int] = []  # which of the spots are on the page
        self.template = b""
        self.done: bytes | None = None
        lines = iter(content.split("\n"))
        for line in lines:
            name = line.rpartition(" ")[2]
            if line == "/Figure":
                self._figure(line, lines)
            elif name == "Tm" and float(line.split()[4]) < -SPAN / 2:
                self._text(line, lines)
            else:
                self.lines.append(self._moved(line))

    def _moved(self, line: str) -> str:
        """An operator, with gaps for its places out of sight."""
        words = line.split(" ")
        if len(line) < 9 or line[0] in "[/<(" or not any(map(_far, words)):  # noqa: PLR2004 - shorter than a place
            return line.replace("%", "%%")
        if words[-1] == "re" and float(words[0]) < -SPAN / 2:
            return self._clip(words)
        slots = [round(float(word) / SPAN) - 1 if _far(word) else None for word in words]
        for n, slot in enumerate(slots):
            if slot is None:
                continue
            if slot < 0:
                raise Unprovable(line)
            of = float(words[n]) - apart(slot)
            if words[-1] == "re" and n == 2:  # noqa: PLR2004 - a width
                if slots[0] is None:
                    raise Unprovable(line)
                right = slot + 1 + slots[0]
                self.gaps.append((right, of, slots[0]))
            else:
                self.gaps.append((slot, of, -1))
            words[n] = "%.6f"
        return " ".join(words)

    def _place(self, place: PlaceAcross) -> str:
        if place.slot is None:
            return figure(place.of)
        self.gaps.append((place.slot, place.of, -1))
        return "%.6f"

    def _gap(self, text: int) -> str:
        self.gaps.append((text, None, -1))
        return "%b"

    def _spot(self, x: float, *, new: bool = False) -> Spot:
        number = round(-x / SPAN) - 1
        self.used += [number] * new
        return self.spots[number]

    def _text(self, line: str, lines: Iterator[str]) -> None:
        """A number: its place and its glyphs are gaps."""
        words = line.split()
        spot = self._spot(float(words[4]), new=True)
        words[4] = self._place(spot.place)
        font, shown = next(lines), next(lines)
        if font != spot.font or not shown.endswith(" TJ"):
            raise Unprovable(font)
        gap = self._gap(spot.text)
        self.lines += [" ".join(words), *([f"{gap}{BACK}{font}"] if spot.own else [font, f"[{gap}] TJ"])]

    def _figure(self, line: str, lines: Iterator[str]) -> None:
        """A drawing, for which there is only a frame."""
        self.lines.append(line)
        depth = 1
        self.lines += [next(lines), next(lines)]
        inner: list[str] = []
        while depth:
            inner.append(next(lines))
            depth += (inner[-1] in {"BDC", "BMC"}) - (inner[-1] == "EMC")
        found = [float(word) for one in inner if one.endswith(" cm") for word in one.split()[:-1]]
        spot = next((self._spot(x, new=True) for x in found if x < -SPAN / 2), None)
        if spot is None or spot.drawn is None:
            raise Unprovable("a drawing that is always the same")
        self.lines.append(
            f"q\n1 0 0 1 {self._place(spot.place)} {figure(spot.drawn)} cm\n{self._gap(spot.text)}\nQ\nEMC"
        )

    def _clip(self, words: list[str]) -> str:
        """The frame of a drawing, beyond which nothing of it is shown."""
        spot = self._spot(float(words[0]))
        return f"{self._place(spot.place)} {words[1]} {self._gap(spot.text + 1)} {words[3]} re"

    def check(self, content: str, places: Sequence[float], texts: Sequence[bytes]) -> None:
        """Make sure that the page itself is reproduced, its drawings aside, before others are made.

        content: as drawn with everything in place. Raises Unprovable.
        """
        lines = "\n".join(line.partition(BACK)[0] for line in self.lines)
        own = _plain_lines((lines.encode() % self._values(places, texts)).decode())
        for one, other in zip(own, _plain_lines(content), strict=True):
            if one != other and not _alike(one, other):
                raise Unprovable(f"{one} is not {other}")

        self._close()

    def _close(self) -> None:
        """Make the template, without what is the same everywhere."""
        content = "\n".join([line for line in self.lines if line not in _OPAQUE])
        self.template = _short(content).replace(BACK, "\n").encode()
        if not self.gaps:
            self.done = stream(self.template % (), level=9)

    def filled(self, places: Sequence[float], texts: Sequence[bytes]) -> bytes:
        """Give the object of the page's contents."""
        if self.done is not None:
            return self.done
        return stream(self.template % self._values(places, texts))

    def _values(self, places: Sequence[float], texts: Sequence[bytes]) -> tuple[float | bytes, ...]:
        """What goes into the gaps."""
        slots = [*places, 0.0]
        return tuple([texts[n] if of is None else slots[n] + of - slots[other] for n, of, other in self.gaps])


def _far(word: str) -> bool:
    try:
        return abs(float(word)) > SPAN / 2
    except ValueError:
        return False


def _short(content: str) -> str:
    return content.replace(">0<", "").replace(">0]", ">]")


def _plain_lines(content: str) -> list[str]:
    """Lines without what is in drawings."""
    found: list[str] = []
    drawn, depth = False, 0
    for line in _short(content).split("\n"):
        drawn = drawn or line == "/Figure"
        if not drawn:
            found.append(line)
            continue
        depth += (line in {"BDC", "BMC"}) - (line == "EMC")
        drawn = depth > 0 or line != "EMC"
    return found


def _alike(one: str, other: str) -> bool:
    """Whether two operators have the same places."""
    pairs = list(zip(one.split(" "), other.split(" "), strict=False))
    if one.count(" ") != other.count(" "):
        return False
    try:
        return all(a == b or abs(float(a) - float(b)) < EXACT for a, b in pairs)
    except ValueError:
        return False
