"""A document as a template: what WeasyPrint prints of it, with gaps for all that depends on numbers.

Whatever moves with numbers is put out of sight, each to a place that tells it from everything else, before WeasyPrint
draws the page. In what it has drawn, a place out of sight is a gap. Nothing else need be known of its drawing.
"""

from __future__ import annotations

from copy import copy
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import pikepdf

from exercises.common.slots import NAME
from exercises.printing import weasy
from exercises.printing.pdf import finished, laid_out, uncollected
from exercises.printing.press.boxes import BoxReading
from exercises.printing.press.foreign_names import ForeignText, font_objects, typeset
from exercises.printing.press.page_drawing import PageDrawing
from exercises.printing.press.shaping import PAIRED, PLACEHOLDER, Shaped, Unprovable
from exercises.printing.press.writing import Shell, figure, string

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.printing.press.network_drawing import Draughtsman, DrawnFigure
    from exercises.printing.press.page_drawing import Spot
    from exercises.printing.press.shaping import Face, Faces

POINTS = 0.75  # in a CSS pixel
FRAME_WIDTH = 100.0  # millimetres
RESOURCES = ("ExtGState", "XObject", "Pattern", "Shading", "ColorSpace")
LIGATURES = "ff fi fl ffi ffl"
SetText = Shaped | ForeignText


class Kind(NamedTuple):
    """What documents have in common that are laid out alike.

    texts:    what stands between the slots of a page, in order.
    letters:  for each slot what it is written with beside figures and signs; for a drawing its height in millimetres.
    drawings: which slots are drawings, and their letters by font.
    forms:    whether there are fields to fill in.
    """

    texts: tuple[str, ...]
    letters: tuple[str, ...]
    drawings: tuple[tuple[int, tuple[tuple[str, str], ...]], ...]
    forms: bool

    def html(self) -> str:
        """Stand-ins for slots: short ones in the text; in the head, the first is one letter long, and so on."""
        drawn = {number: n for n, (number, _) in enumerate(self.drawings, 1)}
        pieces, head = [self.texts[0]], self._head()
        for n, (letters, text) in enumerate(zip(self.letters, self.texts[1:], strict=True)):
            stand_in = PLACEHOLDER * (1 + (n if n < head else n % 3))
            pieces += [_frame(letters, drawn[n]) if n in drawn else stand_in, text]
        return "".join(pieces)

    def _head(self) -> int:
        """How many slots there are before the body."""
        return next(n for n, text in enumerate(self.texts) if "<body" in text)

    def shown(self) -> list[int]:
        """Which slots are texts of the body."""
        drawn = {number for number, _ in self.drawings}
        return [n for n in range(self._head(), len(self.letters)) if n not in drawn]


def _frame(height: str, number: int) -> str:
    """Stand in for a drawing."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{FRAME_WIDTH}mm" height="{height}mm" '
        f'viewBox="0 0 {FRAME_WIDTH} {height}"><title>{PLACEHOLDER * number}</title></svg>'
    )


class PageTemplate:
    """Made of a kind of documents; `completed` fills in a page's numbers.

    proved:   whether a page looks as if laid out plainly, once that is known.
    shown:    which slots are texts of the body; letters: what they are written with; own: which of them are names
              in fonts of their own, which `fonts` has a place for: the dictionary's number, and what else is in it.
    glyphs:   by font, the numbers of the glyphs that the document has.
    contents: by number of the object, what each page shows; figures: of each drawing's element its number, and
              the object as far as known.
    """

    def __init__(self, kind: Kind, faces: Faces, draughtsman: Draughtsman) -> None:
        """Raises Unprovable where the press cannot be sure of such pages."""
        self.proved: bool | None = None
        self.faces = faces
        self.shown = kind.shown()
        self.letters = [kind.letters[n] for n in self.shown]
        self.own = frozenset(n for n, letters in enumerate(self.letters) if letters == NAME)
        with uncollected():
            document = laid_out(kind.html(), forms=kind.forms)
            self.reading = reading = BoxReading([weasy.page_box(page) for page in document.pages], faces)
            if (len(reading.numbers), len(reading.frames)) != (len(self.shown), len(kind.drawings)):
                raise Unprovable("numbers where none is shown")
            _fixed(document, reading)
            plain = [_painted(page) for page in document.pages]
            spots = reading.put_out_of_sight(self.own)
            document.fonts = dict(self._fonts(kind, faces, draughtsman))
            raw = document.write_pdf(pdf_forms=kind.forms, pdf_tags=True, uncompressed_pdf=True)
        self.glyphs: dict[str, set[int]] = {}
        for font in document.fonts.values():
            if font.missing or font.bitmap or font.png or font.svg or getattr(font, "colr", False):
                raise Unprovable(font.family)
            self.glyphs.setdefault(font.hash, set()).update(font.to_unicode)
        with pikepdf.open(BytesIO(finished(raw))) as pdf:
            self._read(pdf, plain, spots)
        reading.forget()

    def _fonts(self, kind: Kind, faces: Faces, draughtsman: Draughtsman) -> Iterator[tuple[Any, Any]]:
        """Records of fonts that hold whatever may be put into the page, the same whatever was shown before."""
        found: dict[Any, dict[int, str]] = {}
        for (face, *_), letters in zip(self.reading.numbers, self.letters, strict=True):
            _gather(found, face, _alphabet(letters))
        for one in self.reading.footer_texts:
            _gather(found, one.face, _alphabet(self.letters[one.number]))
        for _, letters_by_font in kind.drawings:
            for font, letters in letters_by_font:
                _gather(found, draughtsman.face(font), letters)
        for key, glyphs in found.items():
            own = copy(faces.fonts[key])
            own.tables, own.variations, own.missing = list(own.tables), dict(own.variations), {}
            own.to_unicode = {number: glyphs[number] for number in sorted(glyphs)}
            own.widths = {number: own.widths[number] for number in own.to_unicode}
            yield key, own

    def _read(self, pdf: Any, plain: Sequence[str], spots: Sequence[Spot]) -> None:
        """Take a PDF apart: what always stays, and what depends on numbers."""
        self.info = {name[1:]: str(text) for name, text in pdf.docinfo.items()}
        self.info_number = pdf.docinfo.objgen[0]
        self.contents: dict[int, PageDrawing] = {}
        own = self._own()
        for page, expected in zip(pdf.pages, plain, strict=True):
            drawing = PageDrawing(page.Contents.read_bytes().decode(), spots)
            drawing.check(expected, *own)
            self.contents[page.Contents.objgen[0]] = drawing
        if sorted(n for one in self.contents.values() for n in one.used) != list(range(len(spots))):
            raise Unprovable("numbers that are not drawn")
        self.figures: dict[int, tuple[int, bytes]] = {}
        fonts = pdf.pages[0].Resources.Font
        self.fonts = fonts.objgen[0], fonts.unparse(resolved=True).removesuffix(b">>")
        plain_objects: dict[int, bytes] = {}
        streams: dict[int, bytes] = {}
        for found in pdf.objects:
            number = found.objgen[0]
            if (
                number == self.info_number
                or number in self.contents
                or (self.own and number == self.fonts[0])
            ):
                continue
            if isinstance(found, pikepdf.Stream):
                streams |= _stream(found)
            elif isinstance(found, pikepdf.Dictionary) and PLACEHOLDER in str(found.get("/Alt", "")):
                frame = len(str(found.Alt)) - 1
                del found["/Alt"], found["/A"]
                self.figures[number] = frame, found.unparse(resolved=True).rstrip(b"> ")
            else:
                plain_objects[number] = found.unparse(resolved=True)
        numbers = *plain_objects, *streams, *self.contents, *self.figures, self.info_number, self.fonts[0]
        self.shell = Shell(plain_objects, streams, max(numbers) + 1, pdf.Root.objgen[0])

    def _own(self) -> tuple[list[float], list[bytes]]:
        """What goes into the gaps, were the page printed with its stand-ins."""
        reading = self.reading
        shown = [
            face.shape(text)
            for (face, *_), text in zip(reading.numbers, map(_whole, reading.boxes), strict=True)
        ]
        foot = [
            one.face.shape(box.text)
            for one, box in zip(reading.footer_texts, reading.footer_boxes(), strict=True)
        ]
        places, texts = self._values(reading.placed(reading.widths), shown, foot)
        return places, texts + [text for frame in reading.frames for text in (b"", b"%.6f" % frame.width)]

    def _values(
        self, slots: list[float], shown: Sequence[SetText], foot: Sequence[SetText]
    ) -> tuple[list[float], list[bytes]]:
        """What goes into the gaps of pages: places, and glyphs of numbers and of footers."""
        reading, at = self.reading, 0
        numbers = [*range(len(shown)), *(one.number for one in reading.footer_texts)]
        texts = [
            one.shown if isinstance(one, Shaped) and n not in self.own else one.operators
            for n, one in zip(numbers, [*shown, *foot], strict=True)
        ]
        places = list(slots)
        for footer in reading.footers:
            own = foot[at : at + len(footer.texts)]
            places += footer.placed(own)
            at += len(own)
        return places, texts

    def completed(
        self, numbers: Sequence[str], drawings: Sequence[DrawnFigure], keywords: Sequence[str]
    ) -> bytes:
        """Give the PDF with these numbers, by slot. Raises Unprovable where lines would be broken elsewhere."""
        reading, own = self.reading, [numbers[n] for n in self.shown]
        shaped = [
            typeset(face, f"{before}{text}{behind}", own=n in self.own)
            for n, ((face, before, behind, _), text) in enumerate(zip(reading.numbers, own, strict=True))
        ]
        foot = [one.shape(own, self.own) for one in reading.footer_texts]
        for one in [*foot, *(one for one, letters in zip(shaped, self.letters, strict=True) if letters)]:
            if isinstance(one, Shaped) and not one.glyphs.keys() <= self.glyphs[one.font]:
                raise Unprovable("a glyph that the document's fonts lack")
        slots = reading.placed([one.width for one in shaped] + [one.width for one in drawings])
        places, texts = self._values(slots, shaped, foot)
        texts += [value for one in drawings for value in (one.shown, b"%.6f" % one.width)]
        objects = {self.info_number: self._info(numbers, keywords)}
        objects |= {number: content.filled(places, texts) for number, content in self.contents.items()}
        for number, (frame, known) in self.figures.items():
            objects[number] = self._figure(known, frame, slots, drawings[frame])
        if self.own:
            names = [one for one in [*shaped, *foot] if isinstance(one, ForeignText)]
            entries, fonts = font_objects(self.faces.fonts, names, self.shell.free)
            objects |= {self.fonts[0]: self.fonts[1] + entries + b">>"} | fonts
        return self.shell.completed(objects, self.info_number)

    def _info(self, numbers: Sequence[str], keywords: Sequence[str]) -> bytes:
        """What the PDF says of itself."""
        found = self.info | ({"Keywords": ", ".join(keywords)} if keywords else {})
        entries = [
            b"/%b%b" % (name.encode(), string(_with_numbers(text, numbers)))
            for name, text in found.items()
            if text
        ]
        return b"<<%b>>" % b"".join(entries)

    def _figure(self, known: bytes, frame: int, slots: Sequence[float], drawing: DrawnFigure) -> bytes:
        """The element of a drawing: its place, and what it shows in words."""
        slot, top, bottom = self.reading.corners[frame]
        left = slots[slot]
        corners = " ".join(map(figure, (left, top, left + drawing.width, bottom)))
        return known + b"/A<</O/Layout/BBox[%b]>>/Alt%b>>" % (corners.encode(), string(drawing.alt))


def _with_numbers(text: str, numbers: Sequence[str]) -> str:
    """Put the numbers of the head in, each told by the length of what stands for it."""
    pieces = text.split(PLACEHOLDER)
    found, run = pieces[0], 0
    for piece in pieces[1:]:
        run += 1
        if piece:
            found, run = f"{found}{numbers[run - 1]}{piece}", 0
    return found + (numbers[run - 1] if run else "")


def _whole(box: Any) -> str:
    """A box's text as it is drawn: it may still end with a space that its line has lost."""
    drawn: str = box.pango_layout.text
    if drawn.rstrip(" ") != box.text.rstrip(" "):
        raise Unprovable(drawn)
    return drawn


def _alphabet(letters: str) -> str:
    return letters if letters and letters != NAME else PAIRED.replace(PLACEHOLDER, "")


def _gather(found: dict[Any, dict[int, str]], face: Face, letters: str) -> None:
    before_others = [LIGATURES, " ".join(f"f{letter}" for letter in letters)] if "f" in letters else []
    for letter in (*letters, *before_others):  # an f before an í is narrower than others
        one = face.shape(letter)
        glyphs = found.setdefault(face.key, {})
        for number, text in one.glyphs.items():
            glyphs.setdefault(number, text)


def _fixed(document: Any, reading: BoxReading) -> None:
    """Whether fields and bookmarks are the same on all such pages."""
    labels = [label for page in document.pages for _, label, *_ in page.bookmarks]
    fields = any(box.element_tag in {"input", "textarea"} for box, *_ in reading.moving)
    if fields or any(PLACEHOLDER in label for label in labels):
        raise Unprovable("a field or a bookmark that depends on numbers")


def _stream(found: Any) -> dict[int, bytes]:
    """A stream as an object by its number."""
    if "/BBox" in found or found.get("/Subtype") == "/Image":
        raise Unprovable("what is drawn apart from the page")
    if found.get("/Type") in ("/XRef", "/ObjStm"):
        return {}
    head = found.stream_dict.unparse(resolved=True)
    return {found.objgen[0]: head + b"stream\n" + found.read_raw_bytes() + b"\nendstream"}


def _painted(page: Any) -> str:
    """A page's operators, with everything in its place."""
    resources: dict[str, dict[str, Any]] = {name: {} for name in RESOURCES}
    canvas = weasy.inside().Stream({}, (0, 0, 0, 0), resources, {}, {}, {}, None)
    canvas.transform(d=-1, f=page.height * POINTS)
    page.paint(canvas, POINTS)
    data: bytes = canvas.data
    return data.partition(b"stream\n")[2].rpartition(b"\nendstream")[0].decode()
