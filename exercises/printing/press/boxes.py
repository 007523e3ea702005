"""Reading WeasyPrint's boxes: which lines hold numbers, and what moves with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exercises.printing import weasy
from exercises.printing.press.box_kinds import (
    everything,
    has_border,
    has_number,
    is_number,
    is_table,
    is_text,
    kind_of,
)
from exercises.printing.press.footers import EXACT, footer, named
from exercises.printing.press.page_drawing import Spot, apart, hidden
from exercises.printing.press.shaping import PLACEHOLDER, Unprovable
from exercises.printing.press.text_rows import Grid, NumberSlot, PlaceAcross, Stack, TextRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from exercises.printing.press.shaping import Face, Faces
    from exercises.printing.press.text_rows import InlinePart

FLUSH = {"left": 0.0, "start": 0.0, "center": 0.5, "right": 1.0, "end": 1.0}


class BoxReading:
    """What moves on the pages of a document.

    roots:   parts to place, each with its place across the page and its room.
    numbers: each number's face, what stands before and behind it in its text, and its width in the template.
    places:  where each number begins.
    frames:  the boxes of drawings; their widths follow those of the numbers.
    corners: of each drawing, the slot of its left edge, and how far down its upper and lower edges are.
    slots:   how many there are.
    moving:  every other box that depends on numbers, with its place, and where that is in the template.
    """

    def __init__(self, pages: Sequence[Any], faces: Faces) -> None:
        self.faces = faces
        self.roots: list[tuple[InlinePart, float, float]] = []
        self.numbers: list[tuple[Face, str, str, float]] = []
        self.places: dict[int, PlaceAcross] = {}
        self.frames: list[Any] = []
        self.corners: list[tuple[int, float, float]] = []
        self.slots = 0
        self.moving: list[tuple[Any, PlaceAcross, float]] = []
        bodies = [next(box for box in page.children if box.element_tag == "html") for page in pages]
        self.boxes = [box for body in bodies for box in everything(body) if is_number(box)]
        for box in self.boxes:
            self._number(box)
        for body in bodies:
            self._static(body)
        strings = named(bodies)
        self.footers = [footer(page, strings, faces) for page in pages]
        self.footer_texts = [text for one in self.footers for text in one.texts]
        self.widths = [width for *_, width in self.numbers] + [frame.width for frame in self.frames]
        self._check(self.placed(self.widths))

    def placed(self, widths: list[float]) -> list[float]:
        """Give all slots. Raises Unprovable where lines would be broken in another way."""
        slots = [0.0] * self.slots
        for part, x, room in self.roots:
            part.place(x, room, widths, slots)
        return slots

    def put_out_of_sight(self, own: Collection[int]) -> list[Spot]:
        """Move whatever depends on numbers to where it is told from all else; gives what is put at places of its own.

        own: the numbers that are set in fonts of their own.
        """
        for box, at, actual in self.moving:
            box.position_x += hidden(at) + at.of - actual
            right = getattr(box, "press_right", None)
            if right is not None:
                box.width += hidden(right) - hidden(at) - box.border_width()
        texts = len(self.numbers) + len(self.footer_texts)
        spots = []
        for n, (box, (face, *_)) in enumerate(zip(self.boxes, self.numbers, strict=True)):
            spots.append(Spot(self.places[n], n, face.shape(box.text).font_set, own=n in own))
            box.position_x = -apart(n)
        for n, (box, (slot, top, _)) in enumerate(zip(self.frames, self.corners, strict=True)):
            box.position_x -= box.content_box_x() + apart(len(spots))
            spots.append(Spot(PlaceAcross(0.0, slot), texts + 2 * n, "", top))
        for n, (one, box) in enumerate(zip(self.footer_texts, self.footer_boxes(), strict=True)):
            place = PlaceAcross(0.0, self.slots + n)
            font = one.face.shape(box.text).font_set
            spots.append(Spot(place, len(self.numbers) + n, font, own=one.number in own))
            box.position_x = -apart(len(spots) - 1)
        return spots

    def footer_boxes(self) -> list[Any]:
        """The boxes of `footer_texts`."""
        return [box for one in self.footers for box in one.boxes]

    def forget(self) -> None:
        """Let go of WeasyPrint's boxes, each of which holds the whole document."""
        for found in (self.moving, self.boxes, self.frames, *(one.boxes for one in self.footers)):
            found.clear()

    def _check(self, slots: list[float]) -> None:
        """Whether the template itself is reproduced."""
        for box, at, actual in self.moving:
            if abs(at.of + (0 if at.slot is None else slots[at.slot]) - actual) > EXACT:
                raise Unprovable(box)

    def _slot(self) -> int:
        self.slots += 1
        return self.slots - 1

    def _put(self, box: Any, at: PlaceAcross, actual: float) -> None:
        if at.slot is not None:
            self.moving.append((box, at, actual))

    def _number(self, box: Any) -> None:
        box.press_number = len(self.numbers)
        before, _, behind = box.text.partition(PLACEHOLDER)
        behind = behind.lstrip(PLACEHOLDER)
        face = self.faces.of(box.style)
        if PLACEHOLDER in behind or box.style["visibility"] != "visible":
            raise Unprovable("two numbers in one")
        if box.justification_spacing or abs(face.shape(box.text).width - box.width) > EXACT:
            raise Unprovable(box.text)
        self.numbers.append((face, before, behind, box.width))

    def _static(self, box: Any) -> None:
        """A block whose width does not depend on numbers, nor where it stands."""
        room, edge = box.width, box.content_box_x()
        for child in box.children:
            kind = kind_of(child)
            if kind == "out":
                self._hung(child._box)  # noqa: SLF001 - the only way to the box behind its placeholder
            elif kind == "line":
                row = self._row(child, box, PlaceAcross(edge))
                if row is not None:
                    self.roots.append((row, edge, room))
            elif kind == "picture":
                self._drawing(child, edge, room)
            elif kind == "table" and has_number(child):
                self._table(child, edge, room)
            elif kind == "block" and (has_number(child) or child.element_tag == "figure"):
                self._static(child)
            elif kind not in {"block", "table"}:
                raise Unprovable(child)

    def _table(self, wrapper: Any, edge: float, room: float) -> None:
        """A table in a block: of a fixed layout no column goes by what is in it."""
        table = wrapper.get_wrapped_table()
        if table.style["table_layout"] != "fixed":
            self.roots.append((self._grid(wrapper), edge, room))
            return
        for cell in (cell for group in table.children for row in group.children for cell in row.children):
            self._static(cell)

    def _hung(self, box: Any) -> None:
        """An absolutely positioned box, by its right edge."""
        if not has_number(box):
            return
        if box.style["right"] == "auto" or box.style["left"] != "auto" or box.style["width"] != "auto":
            raise Unprovable(box)
        stack = self._stack(box)
        row = TextRow(0.0, 1.0, None, [(0.0, stack, self._slot())])
        self.roots.append((row, 0.0, box.position_x + box.margin_width()))

    def _drawing(self, box: Any, edge: float, room: float) -> None:
        """A drawing in the middle of the line."""
        if (box.style["margin_left"], box.style["margin_right"]) != ("auto", "auto"):
            raise Unprovable(box)
        slot = self._slot()
        self.corners.append((slot, box.content_box_y(), box.content_box_y() + box.height))
        row = TextRow(0.0, 0.5, slot)
        row.entries.append((0.0, NumberSlot(len(self.boxes) + len(self.frames)), self._slot()))
        self.frames.append(box)
        self.roots.append((row, edge, room))

    def _row(self, line: Any, container: Any, at: PlaceAcross, *, auto: bool = False) -> TextRow | None:
        """A line; None where it keeps its place. `at`: the left edge of the container's content."""
        flush = FLUSH.get(line.style["text_align_all"])
        moving = [child for child in line.descendants() if is_number(child)]
        start = line.position_x - container.content_box_x()
        if not moving and (not auto or flush == 0):
            self._shift(line, at.plus(start), line.position_x)
            return None
        if flush is None or (flush and line.style["text_indent"].value):
            raise Unprovable(line)
        row = TextRow(0.0 if flush else start, flush, self._slot() if flush else None, strict=not auto)
        here, reached = (PlaceAcross(0.0, row.slot) if flush else at.plus(start)), line.position_x
        for child in _inline(line):
            if not has_number(child):
                self._shift(child, here.plus(child.position_x - reached), child.position_x)
                continue
            gap = child.position_x - reached
            part, width = self._entry(child, here.plus(gap))
            row.entries.append((gap, part, self._slot()))
            here, reached = PlaceAcross(0.0, row.entries[-1][2]), child.position_x + width
        row.tail = line.position_x + line.width - reached
        row.fitted = line.width
        lines = [child for child in container.children if kind_of(child) == "line"]
        if len(lines) > 1 and moving:
            row.least = tuple(self._unbroken(child) for child in moving)
        return row

    def _unbroken(self, box: Any) -> tuple[int, float]:
        """A number on one of several lines: it must not be broken itself, nor be narrower than the template's."""
        if box.style["white_space"] not in {"nowrap", "pre"}:
            raise Unprovable(box)
        return box.press_number, box.width

    def _entry(self, child: Any, at: PlaceAcross) -> tuple[InlinePart, float]:
        """A part of a line, and its width in the template."""
        if is_number(child):
            self.places[child.press_number] = at
            return NumberSlot(child.press_number), child.width
        return self._grid(child) if is_table(child) else self._stack(child), child.margin_width()

    def _shift(self, box: Any, at: PlaceAcross, origin: float) -> None:
        """Let a box and all in it keep together."""
        for inner in everything(box):
            if not hasattr(inner, "position_x"):
                raise Unprovable(inner)
            border = hasattr(inner, "border_left_width") and not is_text(inner)
            actual = inner.border_box_x() if border else inner.position_x
            self._put(inner, at.plus(actual - origin), actual)

    def _stack(self, box: Any, *, inner: bool = False) -> Stack:
        """A block that is placed with the numbers; `inner`: as wide as its container."""
        left = box.margin_left + box.border_left_width + box.padding_left
        right = box.margin_right + box.border_right_width + box.padding_right
        auto = box.style["width"] == "auto"
        stack = Stack(left, right, None if auto else box.width, slot=self._slot())
        if has_border(box):
            edges = self._slot(), self._slot()
            stack.edges = (*edges, box.margin_left, box.margin_right)
            box.press_right = PlaceAcross(0.0, edges[1])
            self._put(box, PlaceAcross(0.0, edges[0]), box.border_box_x())
        elif not inner and auto and getattr(box, "min_width", 0):
            raise Unprovable(box)
        for child in box.children:
            self._add(stack, child, box, auto=auto)
        return stack

    def _add(self, stack: Stack, child: Any, box: Any, *, auto: bool) -> None:
        kind = kind_of(child)
        if kind == "line":
            row = self._row(child, box, PlaceAcross(0.0, stack.slot), auto=auto)
            if row is None:
                stack.least = max(stack.least, child.position_x - box.content_box_x() + child.width)
            else:
                stack.parts.append(row)
        elif kind == "block" and child.style["width"] == "auto":
            stack.parts.append(self._stack(child, inner=True))
        elif kind == "table":
            stack.parts.append(self._grid(child))
        else:
            raise Unprovable(child)

    def _grid(self, wrapper: Any) -> Grid:
        """A table whose columns are as wide as their widest cell."""
        table = wrapper.get_wrapped_table()
        if (table.style["width"], table.style["table_layout"]) != ("auto", "auto"):
            raise Unprovable(table)
        edge = table.position_x - wrapper.position_x
        grid = Grid(edge, wrapper.margin_width() - edge - table.margin_width())
        cells = [cell for group in table.children for row in group.children for cell in row.children]
        xs = sorted({cell.grid_x for cell in cells})
        for number, width in zip(xs, table.column_widths, strict=True):
            column = [cell for cell in cells if cell.grid_x == number]
            for cell in column:
                if cell.colspan > 1 or cell.rowspan > 1 or abs(cell.border_width() - width) > EXACT:
                    raise Unprovable(cell)
            grid.columns.append([self._stack(cell) for cell in column])
        if abs(sum(table.column_widths) - table.margin_width()) > EXACT:
            raise Unprovable(table)
        return grid


def _inline(line: Any) -> Iterator[Any]:
    """What stands on a line, in order: text, inline blocks, and inline boxes without numbers as a whole."""
    inside = weasy.inside()
    for child in line.children:
        if not isinstance(child, inside.InlineBox) or not has_number(child):
            if kind_of(child) != "other":
                raise Unprovable(child)
            yield child
        elif has_border(child) or child.style["position"] != "static":
            raise Unprovable(child)
        else:
            yield from _inline(child)
