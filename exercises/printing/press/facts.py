"""What belongs to a block beside its looks: bookmarks, form fields, tags, glyphs, and strings for the footer."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exercises.printing import weasy
from exercises.printing.press.box_kinds import everything, is_number
from exercises.printing.press.elements import Element, form
from exercises.printing.press.recording import FixedOperators, TextLine
from exercises.printing.press.shaping import PLACEHOLDER, Unprovable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.printing.press.elements import Form
    from exercises.printing.press.painting import Painting
    from exercises.printing.press.recording import Paint
    from exercises.printing.press.shaping import Faces

_PIECES = re.compile(rf"{PLACEHOLDER}+|[^{PLACEHOLDER}]+")
_SHOWN = re.compile(rb"<([0-9a-f]+)>")


@dataclass(frozen=True, slots=True)
class FormField:
    """A form field: its place in CSS pixels, name, what it is called for people, whether it takes several lines."""

    box: tuple[float, float, float, float]
    name: str
    title: str
    lines: bool = False


def strings(box: Any) -> Iterator[tuple[str, list[str | int]]]:
    """Read what a block sets for the footer of the page."""
    for inner in everything(box):
        for name, text in getattr(inner, "string_set", None) or ():
            numbers = iter([one.press_number for one in everything(inner) if is_number(one)])
            yield name, [next(numbers) if PLACEHOLDER in piece else piece for piece in _PIECES.findall(text)]


class TagRecorder:
    """Stands in for a PDF where WeasyPrint builds its tags."""

    def __init__(self) -> None:
        self.page_references = [b"0 0 R"]
        self.objects: dict[bytes, Any] = {}
        self.fields: dict[bytes, int] = {}

    def add_object(self, found: Any) -> None:
        """Number an object."""
        found.number = len(self.objects) + 1
        self.objects[found.reference] = found


def gathered(box: Any, *, forms: bool) -> tuple[list[Any], list[FormField], TagRecorder]:
    """Bookmarks and form fields, in the order in which WeasyPrint finds them; a field is called by its title."""
    inside = weasy.inside()
    anchors: dict[str, Any] = {}
    links: list[Any] = []
    bookmarks: list[Any] = []
    found: dict[Any, Any] = {None: []}
    inside.gather_anchors(box, anchors, links, bookmarks, found)
    register = TagRecorder()
    fields: list[FormField] = []
    if anchors or links or len(found) > 1:
        raise Unprovable(box)
    for inner, rectangle in found[None] if forms else ():
        attributes, tag = inner.element.attrib, inner.element.tag
        if attributes.keys() - {"type", "name", "title", "class", "style"} or inner.element.text:
            raise Unprovable(inner)
        if (tag, attributes.get("type")) not in {("input", "text"), ("textarea", None)}:
            raise Unprovable(inner)
        if getattr(inner, "press_at", None) is not None:
            raise Unprovable(inner)
        name = attributes["name"]
        inner.widget_annotation = inside.Dictionary({"Subtype": "/Widget"})
        register.add_object(inner.widget_annotation)
        register.fields[inner.widget_annotation.reference] = len(fields)
        fields.append(FormField(rectangle, name, attributes.get("title") or name, tag == "textarea"))
    return bookmarks, fields, register


def elements(box: Any, painting: Painting, register: TagRecorder) -> Form:
    """The block's tags, as WeasyPrint builds them."""
    inside = weasy.inside()
    parent = inside.Dictionary({"S": "/Document", "K": inside.Array()})
    register.add_object(parent)
    frames = {tag["mcid"]: getattr(one, "press_frame", None) for one, tag in painting.tags.items()}
    found = list(inside.build_box_tree(box, parent, register, 0, {}, [], painting.tags))
    if painting.tags:
        raise Unprovable(box)
    return form([_element(one, register, frames) for one in found])


def _element(found: Any, register: TagRecorder, frames: dict[int, int | None]) -> Element:
    if found.keys() - {"Type", "S", "K", "Pg", "P", "A", "Alt"}:
        raise Unprovable(found)
    element = Element(found["S"][1:])
    for kid in found["K"]:
        if isinstance(kid, int):
            element.kids.append(kid)
            element.frame = frames[kid]
        elif register.objects[kid].get("Type") == "/OBJR":
            element.kids.append(-1 - register.fields[register.objects[kid]["Obj"]])
        else:
            element.kids.append(_element(register.objects[kid], register, frames))
    if element.tag == "Figure" and element.frame is None:
        element.drawing = found["Alt"].string, tuple(found["A"]["BBox"])
    elif "A" in found and element.tag != "Figure":  # of cells of tables
        raise Unprovable(found)
    return element


def _operators(layer: list[Paint]) -> Iterator[Paint]:
    for one in layer:
        if isinstance(one, FixedOperators):
            yield from one.operators
        else:
            yield one


def glyphs(painting: Painting, faces: Faces) -> dict[str, dict[int, str]]:
    """Read off which glyphs are shown, by font, with the text that each stands for."""
    texts: dict[str, dict[int, str]] = defaultdict(dict)
    for font in faces.fonts.values():
        texts[font.hash] |= font.to_unicode
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for layer in (painting.behind, painting.text, painting.late):
        font = ""
        for one in _operators(layer):
            if isinstance(one, bytes) and one.endswith(b" Tf"):
                font = one.split()[0][1:].decode()
            elif isinstance(one, bytes) and one.endswith(b" TJ"):
                for shown in _SHOWN.findall(one):
                    numbers = [int(shown[n : n + 4], 16) for n in range(0, len(shown), 4)]
                    found[font] |= {number: texts[font][number] for number in numbers}
            elif isinstance(one, TextLine):
                found[one.font] |= one.glyphs
    return found
