"""The plan of a document: all of it that does not depend on numbers, and where these go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.printing.press import outline
from exercises.printing.press.fonts import united
from exercises.printing.press.footers import fits, notes
from exercises.printing.press.page_templates import LAYERS, FilledBlock, PageTemplate, line, printed
from exercises.printing.press.recording import DrawingFrame
from exercises.printing.press.shaping import Unprovable
from exercises.printing.press.tagging import BlockPlace, Tags
from exercises.printing.press.text_rows import PlaceAcross
from exercises.printing.press.writing import GROUP, Shell, figure, string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.printing.press.flow import PageFlow
    from exercises.printing.press.fonts import FontCache, Glyphs
    from exercises.printing.press.footers import FooterLine, Footers
    from exercises.printing.press.layout_templates import LayoutTemplate
    from exercises.printing.press.network_drawing import DrawnFigure
    from exercises.printing.press.shaping import Shaped

POINTS = 0.75  # in a CSS pixel
ROOT, PAGES, FIRST = 1, 2, 3  # numbers of objects; fonts begin with the last
FOOTER = -1  # in the place of a block: what stands in the footer
FIELD_LOOK = b"(/Helv 11 Tf 0 g)"


class DocumentTemplate:
    """Made for templates in a flow; `completed` fills in the numbers.

    Objects of the PDF are numbered thus: catalog and pages, fonts, tags, form fields, outline, the groups in which
    all these are written; then what depends on numbers: info, the pages' contents, the elements of drawings.
    """

    def __init__(
        self,
        templates: Sequence[LayoutTemplate],
        found: PageFlow,
        footers: Footers,
        font_cache: FontCache,
        letters: Glyphs,
    ) -> None:
        """`letters`: of drawings."""
        self.templates, self.flow, self.footers = templates, found, footers
        self.proved: bool | None = None  # whether a page looks as if laid out plainly, once that is known
        self.blocks = [list(branch.blocks()) for branch in found.pages]
        self.notes = notes(footers.boxes, templates, self.blocks)
        self.glyphs = _glyphs(templates, [note for page in self.notes for note in page], letters)
        fonts = font_cache.embedded(self.glyphs)
        self._number(fonts.size, len(fonts.streams))
        tags = Tags(self.pages.stop, self.pages, self.first_field, self.contents.stop)
        self.fields: list[tuple[int, int, int]] = []  # page, block, number in it
        self.sheets = [self._sheet(page, tags) for page in range(len(found.pages))]
        tags.close()
        self.figures = tags.figures
        plain = fonts.plain | tags.objects
        free, form = self._form(plain)
        _, outlines = outline.write(plain, free, self._bookmarks())
        self._pages(plain, fonts.named.decode())
        plain[ROOT] = (
            b"<</Type/Catalog/Pages %d 0 R%b%b/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>"
            b"/ViewerPreferences<</DisplayDocTitle true>>/Lang%b>>"
            % (PAGES, form, outlines, tags.root, string(found.language))
        )
        done = {n: sheet.done for n, sheet in zip(self.contents, self.sheets, strict=True) if sheet.done}
        self.shell = Shell(plain, fonts.streams | done, range(self.first_group, self.info))

    def _number(self, fonts: int, streams: int) -> None:
        """Give numbers to objects; `streams`: how many of the fonts' stand by themselves."""
        pages = len(self.flow.pages)
        elements = sum(template.elements.count for template in self.templates) + 2 * sum(map(len, self.notes))
        fields = sum(len(template.fields) for template in self.templates)
        bookmarks = sum(len(template.bookmarks) for template in self.templates)
        self.pages = range(FIRST + fonts, FIRST + fonts + pages)
        self.first_field = self.pages.stop + 3 + elements + sum(branch.count() for branch in self.flow.pages)
        self.first_group = self.first_field + fields + 2 * bool(fields) + bookmarks + bool(bookmarks)
        self.info = self.first_group - (streams + 1 - self.first_group) // GROUP
        self.contents = range(self.info + 1, self.info + 1 + pages)

    def completed(
        self,
        filled: Sequence[FilledBlock],
        numbers: Sequence[Sequence[str]],
        info: bytes,
        drawings: Sequence[Sequence[DrawnFigure]],
    ) -> bytes:
        """Give the PDF. `numbers`: as written, of each block; `drawings`: of each block."""
        found = [*filled, self._footers(numbers)]  # so that FOOTER finds it
        objects = {self.info: info}
        for number, sheet in zip(self.contents, self.sheets, strict=True):
            if sheet.done is None:
                objects[number] = sheet.filled(found)
        for number, (block, frame, known) in self.figures.items():
            objects[number] = self._figure(known, block, frame, filled[block], drawings[block][frame])
        return self.shell.completed(objects, ROOT, self.info)

    def allows(self, shaped: Shaped) -> None:
        """Raises Unprovable at a glyph that the plan's fonts lack."""
        if not shaped.glyphs.keys() <= self.glyphs[shaped.font].keys():
            raise Unprovable(shaped.shown)

    def _footers(self, numbers: Sequence[Sequence[str]]) -> FilledBlock:
        """The texts in the footer of each page."""
        slots: list[float] = []
        shown: list[bytes | float] = []
        for page in self.notes:
            shaped = [(note.footer, note.shaped(numbers)) for note in page]
            fits([(footer.place, one.width) for footer, one in shaped], self.footers)
            for footer, one in shaped:
                self.allows(one)
                slots.append(self.footers.left + (self.footers.room - one.width) * footer.place)
                shown.append(one.shown)
        return FilledBlock(slots, shown)

    def _sheet(self, page: int, tags: Tags) -> PageTemplate:
        """Write the template of a page, and its part of the tags."""
        sheet, blocks = PageTemplate(), self.blocks[page]
        sheet.parts.append(f"0.75 0 0 -0.75 0 {figure(self.flow.height * POINTS)} cm\n")
        marks: dict[int, list[int]] = {block: [] for block in blocks}
        for layer in LAYERS:
            for block in blocks:
                marks[block] += sheet.add(block, printed(self.templates[block], layer, self._moved(block)))
        self._tag(page, marks, tags)
        first = sum(map(len, self.notes[:page]))
        for n, note in enumerate(self.notes[page], first):
            face = note.footer.face
            font = face.shape("1") if face else None
            if font is None:
                raise Unprovable(note.pieces)
            (mark,) = sheet.add(FOOTER, line(PlaceAcross(0.0, n), note.baseline, font.font, font.size, n))
            tags.footer(page, mark)
        sheet.close()
        return sheet

    def _tag(self, page: int, marks: dict[int, list[int]], tags: Tags) -> None:
        """Add a page to the tags."""
        places = {}
        for block, own in marks.items():
            places[block] = BlockPlace(block, own, len(self.fields), self._moved(block))
            self.fields += [(page, block, n) for n in range(len(self.templates[block].fields))]
        tags.add(page, self.flow.pages[page], lambda block: (self.templates[block].elements, places[block]))

    def _figure(
        self, known: bytes, block: int, number: int, filled: FilledBlock, drawing: DrawnFigure
    ) -> bytes:
        """Complete the element of a drawing, with its place and its words."""
        frame = next(
            one
            for one in self.templates[block].painting.late
            if isinstance(one, DrawingFrame) and one.number == number
        )
        x = frame.x.of + (0.0 if frame.x.slot is None else filled.slots[frame.x.slot])
        y = frame.y + self._moved(block)
        box = " ".join(map(figure, (x, y, x + drawing.width, y + frame.height)))
        return known + f"/A<</O/Layout/BBox[{box}]>>/Alt".encode() + string(drawing.alt) + b">>"

    def _up(self, y: float) -> float:
        """A place down the page in points from below, as PDF has it."""
        return self.flow.height * POINTS - y * POINTS

    def _moved(self, block: int) -> float:
        """How much further down a block is than in its template."""
        return self.flow.tops[block] - self.templates[block].top

    def _bookmarks(self) -> list[outline.Bookmark]:
        return [
            outline.Bookmark(level, label, page, x * POINTS, self._up(y + self._moved(block)), state)
            for page, blocks in zip(self.pages, self.blocks, strict=True)
            for block in blocks
            for level, label, (x, y), state in self.templates[block].bookmarks
        ]

    def _form(self, plain: dict[int, bytes]) -> tuple[int, bytes]:
        """Write the form fields; gives the next free number, and the catalog's entry."""
        first = self.first_field
        for n, (page, block, number) in enumerate(self.fields):
            one, down = self.templates[block].fields[number], self._moved(block)
            x1, y1, x2, y2 = one.box
            box = (x1 * POINTS, self._up(y1 + down), x2 * POINTS, self._up(y2 + down))
            plain[first + n] = (
                b"<</Type/Annot/Subtype/Widget/FT/Tx%b/F 4/DA%b/V()/P %d 0 R/Rect[%b]/StructParent %d/T%b/TU%b>>"
                % (
                    *(b"/Ff 4096" if one.lines else b"", FIELD_LOOK, self.pages[page]),
                    *(" ".join(map(figure, box)).encode(), len(self.pages) + n),
                    *(string(one.name), string(one.title)),
                )
            )
        if not self.fields:
            return first, b""
        form = first + len(self.fields)
        refs = b" ".join(b"%d 0 R" % number for number in range(first, form))
        plain[form] = b"<</DA%b/DR<</Font<</Helv %d 0 R>>>>/Fields[%b]/NeedAppearances true>>" % (
            *(FIELD_LOOK, form + 1, refs),
        )
        plain[form + 1] = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
        return form + 2, b"/AcroForm %d 0 R" % form

    def _pages(self, plain: dict[int, bytes], fonts: str) -> None:
        width, height = figure(self.flow.width * POINTS), figure(self.flow.height * POINTS)
        box = f"[0 0 {width} {height}]"
        for n, (number, content) in enumerate(zip(self.pages, self.contents, strict=True)):
            own = [f"{self.first_field + m} 0 R" for m, (page, *_) in enumerate(self.fields) if page == n]
            annots = f"/Annots[{' '.join(own)}]" if own else ""
            plain[number] = (
                f"<</Type/Page/Parent {PAGES} 0 R/MediaBox{box}/TrimBox{box}/BleedBox{box}/Contents {content} 0 R"
                f"/Resources<</Font {fonts}>>/Tabs/S/StructParents {n}{annots}>>"
            ).encode()
        refs = " ".join(f"{number} 0 R" for number in self.pages)
        plain[PAGES] = f"<</Type/Pages/Kids[{refs}]/Count {len(self.pages)}>>".encode()


def _glyphs(templates: Sequence[LayoutTemplate], footers: Sequence[FooterLine], letters: Glyphs) -> Glyphs:
    """Gather all glyphs that the document may show."""
    found: Glyphs = {}
    for template in templates:
        united(found, template.glyphs)
        united(found, template.alphabet)
    for footer in footers:
        united(found, footer.glyphs())
    united(found, letters)
    return found
