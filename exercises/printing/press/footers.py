"""What stands in the footer of a page: the sheet's title, with its code, whose it is, and the page's number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exercises.printing.press.box_kinds import everything, is_number
from exercises.printing.press.foreign_names import typeset
from exercises.printing.press.shaping import PLACEHOLDER, Unprovable
from exercises.printing.press.text_rows import SLACK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from exercises.printing.press.foreign_names import ForeignText
    from exercises.printing.press.shaping import Face, Faces, Shaped

PLACES = {"@bottom-left": 0.0, "@bottom-center": 0.5, "@bottom-right": 1.0}
EXACT = 1e-3  # of a CSS pixel


@dataclass(frozen=True, slots=True)
class FooterText:
    """A text in a footer that has a number of the page in it.

    place:  how far right it stands, from 0 to 1.
    number: which number it repeats; before, behind: what stands around it.
    least:  how wide it must be at least, lest the lines be broken elsewhere.
    """

    place: float
    face: Face
    number: int
    before: str
    behind: str
    least: float

    def shape(self, numbers: Sequence[str], own: Collection[int]) -> Shaped | ForeignText:
        """Set it; `own` as for `typeset`. Raises Unprovable where its line would be broken in another way."""
        text = f"{self.before}{numbers[self.number]}{self.behind}"
        found = typeset(self.face, text, own=self.number in own)
        if found.width < self.least:
            raise Unprovable(self.before)
        return found


@dataclass(frozen=True, slots=True)
class Footer:
    """A page's footer: where it begins and how wide it is; its texts with numbers, and how wide all others are.

    boxes:  of its texts, as WeasyPrint has laid them out.
    others: the widest at the left, in the middle and at the right.
    shared: whether there is a middle, even if nothing is in it.
    """

    left: float
    room: float
    texts: list[FooterText]
    boxes: list[Any]
    others: tuple[float, ...]
    shared: bool

    def placed(self, shaped: Sequence[Shaped | ForeignText]) -> list[float]:
        """Where its texts begin. Raises Unprovable where they would not stand side by side."""
        found = list(zip(self.texts, shaped, strict=True))
        left, middle, right = (
            max([own, *(one.width for text, one in found if text.place == place)])
            for own, place in zip(self.others, PLACES.values(), strict=True)
        )
        if (max(left, right) * 2 + middle if self.shared else left + right) > self.room - SLACK:
            raise Unprovable("a footer that is too long")
        return [self.left + (self.room - one.width) * text.place for text, one in found]


def named(bodies: Sequence[Any]) -> dict[str, int]:
    """Which number is in each string that the pages' content sets for footers."""
    found: dict[str, int] = {}
    for box in [inner for body in bodies for inner in everything(body)]:
        for name, text in getattr(box, "string_set", None) or ():
            if PLACEHOLDER in text:
                (found[name],) = {one.press_number for one in everything(box) if is_number(one)}
    return found


def footer(page: Any, strings: dict[str, int], faces: Faces) -> Footer:
    """Read a page's footer; `strings` as `named` gives them."""
    boxes = [box for box in page.children if box.element_tag != "html"]
    if any(box.at_keyword not in PLACES for box in boxes):
        raise Unprovable("a box in the margin")
    texts = [(box, text) for box in boxes for text in everything(box) if getattr(text, "text", "")]
    others = tuple(
        max(
            [text.width for box, text in texts if PLACES[box.at_keyword] == place and not is_number(text)],
            default=0.0,
        )
        for place in PLACES.values()
    )
    left, room = page.content_box_x(), page.width
    found = [one for box in boxes for one in _texts(box, strings, faces)]
    if any(one.least for one in found) and (
        others[1] or any(one.place == PLACES["@bottom-center"] for one in found)
    ):
        raise Unprovable("a footer whose middle goes by how long its broken lines would be")
    moving = [text for _, text in texts if is_number(text)]
    result = Footer(
        left, room, found, moving, others, any(box.at_keyword == "@bottom-center" for box in boxes)
    )
    places = result.placed([one.face.shape(box.text) for one, box in zip(found, moving, strict=True)])
    if any(abs(box.position_x - x) > EXACT for box, x in zip(moving, places, strict=True)):
        raise Unprovable("a footer that is set in another way")
    return result


def _texts(box: Any, strings: dict[str, int], faces: Faces) -> Iterator[FooterText]:
    lines = box.children
    for line in lines:
        for text in line.children:
            if not is_number(text):
                continue
            content = [value[0] for kind, value in box.style["content"] if kind == "string()"]
            (number,) = {strings[name] for name in content if name in strings}
            before, _, behind = text.text.partition(PLACEHOLDER)
            behind = behind.lstrip(PLACEHOLDER)
            place, face = PLACES[box.at_keyword], faces.of(text.style)
            odd = len(line.children) > 1 or PLACEHOLDER in behind or (len(lines) > 1 and (place or behind))
            if odd or abs(face.shape(text.text).width - text.width) > EXACT:
                raise Unprovable(text.text)
            yield FooterText(place, face, number, before, behind, text.width if len(lines) > 1 else 0.0)
