"""Painting a template's boxes in WeasyPrint's order, and with its own hand, onto a stream that is remembered.

What it would write into the PDF becomes a list of operators whose places across the page may depend on numbers.
The order of painting is that of `weasyprint.draw`, for the few kinds of boxes that our pages have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from exercises.printing import weasy
from exercises.printing.press.box_kinds import is_number, is_text, kind_of
from exercises.printing.press.recording import (
    ACROSS,
    OPAQUE,
    RESOURCES,
    DrawingFrame,
    FixedOperators,
    Operator,
    TagMark,
    TextLine,
    placed,
    recorder,
)
from exercises.printing.press.shaping import Unprovable
from exercises.printing.press.text_rows import PlaceAcross

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.printing.press.recording import Paint
    from exercises.printing.press.shaping import Faces

BLACK = (0.0, 0.0, 0.0, 1.0)
EXACT = 1e-3  # of a CSS pixel
FAR = 128.0  # pixels: by how much a box is widened to see what goes with its right edge


@dataclass(slots=True)
class Painting:
    """What a block shows, in the three layers in which a page is painted.

    behind: borders of blocks; text: everything on lines; late: what is positioned, and drawings.
    tags:   by box, the number of its mark.
    """

    behind: list[Paint] = field(default_factory=list)
    text: list[Paint] = field(default_factory=list)
    late: list[Paint] = field(default_factory=list)
    tags: dict[Any, dict[str, Any]] = field(default_factory=dict)


def paint(block: Any, page: Any, faces: Faces) -> Painting:
    """Paint a block. Raises Unprovable at anything that the press does not know."""
    plain(block)
    context = weasy.inside().StackingContext.from_box(block, page)
    painter = _Painter(faces)
    painting = Painting(tags=painter.tags)
    painting.behind = painter.took(painter.blocks(context))
    painting.text = painter.took(painter.lines({context.box: context.blocks_and_cells}))
    painting.late = painter.took(painter.layers(context))
    return painting


def plain(box: Any) -> None:
    """Whether a box is painted in its place and without further art."""
    style = box.style
    fair = style["opacity"] == 1 and not style["transform"] and style["outline_style"] == "none"
    if not fair or style["mask_border_source"][0] != "none" or style["border_image_source"][0] != "none":
        raise Unprovable(box)


def bare(box: Any) -> bool:
    """Whether nothing is painted behind a box."""
    found = box.background
    return found is None or not (found.color.alpha or any(one.image is not None for one in found.layers))


class _Painter:
    def __init__(self, faces: Faces) -> None:
        self.tags: dict[Any, dict[str, Any]] = {}
        self.faces = faces

    def took(self, paints: Iterator[Paint]) -> list[Paint]:
        """All paints, without the settings that are the same everywhere: opaque, and black outside q … Q."""
        found: list[Paint] = []
        deep = 0
        for one in paints:
            if isinstance(one, bytes):
                if one in OPAQUE or (one == b"0 0 0 rg" and not deep):
                    continue
                if one.endswith(b" gs") or (one.endswith(b" rg") and not deep):
                    raise Unprovable(one)
                deep += (one == b"q") - (one == b"Q")
            found.append(one)
        return found

    def blocks(self, context: Any) -> Iterator[Paint]:
        """Borders behind the text."""
        if context.float_contexts or context.negative_z_contexts or context.positive_z_contexts:
            raise Unprovable(context.box)
        for box in (context.box, *context.block_level_boxes):
            plain(box)
            if hasattr(box, "column_groups"):
                yield from self._table(box)
            else:
                yield from self._border(box)

    def _table(self, table: Any) -> Iterator[Paint]:
        """A table; one with shared borders or colours must stand still."""
        cells = [cell for group in table.children for row in group.children for cell in row.children]
        rows = [row for group in table.children for row in group.children]
        for box in (*table.children, *rows, *cells):
            plain(box)
        simple = table.style["border_collapse"] != "collapse" and not table.column_groups
        if simple and all(map(bare, (table, *table.children, *rows, *cells))):
            for box in (table, *cells):
                yield from self._border(box)
            return
        if any(getattr(box, "press_at", None) for box in (table, *cells)):
            raise Unprovable(table)
        stream = recorder()(self.faces.fonts)
        weasy.inside().draw_table(stream, table)
        yield from [placed(one, PlaceAcross) if isinstance(one, tuple) else one for one in stream.taken()]

    def lines(self, blocks_and_cells: dict[Any, Any]) -> Iterator[Paint]:
        """Text, block after block."""
        inside = weasy.inside()
        for block, children in blocks_and_cells.items():
            if isinstance(block, inside.ReplacedBox):
                raise Unprovable(block)
            if block.children and isinstance(block.children[-1], inside.LineBox):
                for line in block.children:
                    yield from self._inline(line)
            yield from self.lines(children)

    def layers(self, context: Any) -> Iterator[Paint]:
        """What is painted after all lines of the page."""
        for child in context.zero_z_contexts:
            if kind_of(child.box) == "picture":
                yield from self._drawn(child.box)
            else:
                yield from self._stacked(child)

    def _drawn(self, box: Any) -> Iterator[Paint]:
        """A drawing, or the frame that stands for one."""
        number = len(self.tags)
        self.tags[box] = {"tag": "Figure", "mcid": number}
        yield TagMark("Figure", number)
        frame = getattr(box, "press_frame", None)
        if frame is not None:
            yield DrawingFrame(frame, box.press_at, box.content_box_y(), box.height)
        else:
            yield FixedOperators(self._picture(box))
        yield b"EMC"

    def _picture(self, box: Any) -> tuple[bytes, ...]:
        """A drawing as WeasyPrint draws it."""
        plain(box)
        if not bare(box) or getattr(box, "press_at", None):
            raise Unprovable(box)
        resources: dict[str, dict[str, Any]] = {name: {} for name in RESOURCES}
        inside = weasy.inside()
        stream = inside.Stream(self.faces.fonts, (0, 0, 0, 0), resources, {}, None, {}, None)
        inside.rounded_box(stream, box.rounded_padding_box())
        stream.clip()
        stream.end()
        inside.draw_replacedbox(stream, box)
        found = [one.encode() if isinstance(one, str) else one for one in stream.stream]
        if any(resources[name] for name in RESOURCES[1:]):
            raise Unprovable(box)
        if any(one.endswith(b" gs") and one not in OPAQUE for one in found):
            raise Unprovable(box)
        return tuple(one for one in found if one not in OPAQUE)

    def _stacked(self, context: Any) -> Iterator[Paint]:
        if context.box.style["overflow"] != "visible":
            raise Unprovable(context.box)
        yield from self.blocks(context)
        yield from self.lines({context.box: context.blocks_and_cells})
        yield from self.layers(context)

    def _inline(self, box: Any) -> Iterator[Paint]:
        inside = weasy.inside()
        if isinstance(box, inside.StackingContext):
            yield from self._stacked(box)
            return
        plain(box)
        yield from self._border(box)
        if not isinstance(box, inside.InlineBox | inside.LineBox):
            raise Unprovable(box)
        if isinstance(box, inside.LineBox) and (box.text_overflow, box.block_ellipsis) != ("clip", "none"):
            raise Unprovable(box)
        for child in box.children:
            if is_text(child):
                yield from self._text(child)
            else:
                yield from self._inline(child)

    def _text(self, box: Any) -> Iterator[Paint]:
        number = len(self.tags)
        self.tags[box] = {"tag": "Span", "mcid": number}
        yield TagMark("Span", number)
        line = self._line(box)
        if line is not None:
            yield line
        else:
            yield from self._drawn_text(box)
        yield b"EMC"

    def _line(self, box: Any) -> TextLine | None:
        """A text of one font, black and without further art, shaped as all others like it."""
        style = box.style
        at, y = getattr(box, "press_at", PlaceAcross(box.position_x)), box.position_y + box.baseline
        fair = style["visibility"] == "visible" and style["text_decoration_line"] == "none"
        if not fair or tuple(style["color"]) != BLACK or box.justification_spacing:
            return None
        drawn = box.pango_layout.text  # which may still end with a space that its line has lost
        if not box.text.strip() or drawn.rstrip(" ") != box.text.rstrip(" "):
            return None
        try:
            face = self.faces.of(style)
            shaped = face.shape(box.text)
            if abs(shaped.width - box.width) > EXACT:
                return None
            if is_number(box):
                return TextLine(at, y, shaped.font, shaped.size, box.press_number, {})
            if hasattr(box, "press_figures") and "0" in drawn:
                pieces, figures = face.gapped(drawn, box.press_even)
                glyphs = {**shaped.glyphs, **{one.number: one.text for one in figures.values()}}
                return TextLine(at, y, shaped.font, shaped.size, tuple(pieces), glyphs, box.press_figures)
            shaped = face.shape(drawn)
        except Unprovable:
            return None
        return TextLine(at, y, shaped.font, shaped.size, shaped.shown, shaped.glyphs)

    def _drawn_text(self, box: Any) -> Iterator[Paint]:
        """Any other text, as WeasyPrint draws it."""
        if is_number(box) or (hasattr(box, "press_figures") and "0" in box.text):
            raise Unprovable(box)
        stream = recorder()(self.faces.fonts)
        weasy.inside().draw_text(stream, box, 0, "clip", "none")
        at = getattr(box, "press_at", PlaceAcross(box.position_x))
        for one in stream.taken():
            yield placed(one, lambda x: at.plus(x - box.position_x)) if isinstance(one, tuple) else one

    def _border(self, box: Any) -> Iterator[Paint]:
        """A box's border, as WeasyPrint draws it; where the box moves, each corner goes with its edge."""
        drawn = self._decorated(box)
        at, edges = getattr(box, "press_at", None), getattr(box, "press_edges", None)
        left, width = box.border_box_x(), box.border_width()
        if not drawn or at is None:
            yield from [placed(one, PlaceAcross) if isinstance(one, tuple) else one for one in drawn]
            return
        if not bare(box):
            raise Unprovable(box)
        box.width += FAR
        wider = self._decorated(box)
        box.width -= FAR
        for one, other in zip(drawn, wider, strict=True):
            if not isinstance(one, tuple):
                yield one
                continue
            name, *arguments = one
            found: list[float | PlaceAcross] = list(arguments)
            for n in ACROSS[name]:
                own, moved = arguments[n], abs(other[n + 1] - arguments[n]) > FAR / 2
                if name == "re" and n == 2:  # noqa: PLR2004 - its width
                    found[n] = PlaceAcross(own - width, edges[2]) if moved and edges else PlaceAcross(own)
                elif moved and edges:
                    found[n] = PlaceAcross(own - left - width, edges[1])
                else:
                    found[n] = at.plus(own - left)
            yield Operator(name, tuple(found))

    def _decorated(self, box: Any) -> list[Any]:
        """What WeasyPrint draws behind a box and around it."""
        stream = recorder()(self.faces.fonts)
        weasy.inside().draw_background(stream, box.background)
        weasy.inside().draw_border(stream, box)
        return list(stream.taken())
