"""What a PDF holds, as plain lists: its fields, and its words with their places.

Runs in the other process of `guard`: it may take all its time or crash.
"""

from __future__ import annotations

import ctypes
import hashlib
import io
from typing import TYPE_CHECKING, Any

from grader.answers.numbers import MAX_WORKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CALLED = "PDF"  # in complaints
MAX_FIELDS = 5_000
MAX_DEPTH = 20
MAX_VALUE = MAX_WORKING + 1
MAX_PAGES = 60
MAX_LETTERS = 20_000  # of one page
_WIDE_GAP = 0.6  # of the letters' height: a wider gap parts two words
_UNWRITTEN = frozenset({"Widget", "Link", "Popup", "PrinterMark", "TrapNet", "Watermark", ""})
_INFO = ("/Keywords", "/Subject", "/Title")


def unpack(data: bytes) -> dict[str, Any]:
    """The fields in order, what the document's information says, and a digest of what is drawn on its pages.

    Raises ValueError with one sentence.
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            fields = list(_fields(pdf)) or list(_widgets(pdf))
            marks = list(_marks(pdf))
            drawn = _drawn(pdf)
            info = " ".join(str(pdf.docinfo.get(key, ""))[:MAX_VALUE] for key in _INFO)
    except pikepdf.PasswordError:
        raise ValueError("the PDF is encrypted; save it without a password") from None
    except pikepdf.PdfError as error:
        reason = str(error).rpartition(">: ")[2][:80]  # without the address of a stream of ours
        raise ValueError(f"not a readable PDF ({reason})") from None
    return {"fields": fields, "info": info, "marks": marks, "drawn": drawn}


def _drawn(pdf: Any) -> str:
    """A digest of what is drawn on the pages: the same for all who filled in the same form, as it was written."""
    import pikepdf

    digest = hashlib.sha256()
    for page in pdf.pages[:MAX_PAGES]:
        content = page.obj.get("/Contents")
        for part in content if isinstance(content, pikepdf.Array) else [content]:
            digest.update(part.read_raw_bytes() if isinstance(part, pikepdf.Stream) else b"?")
    return digest.hexdigest()


def _fields(pdf: Any) -> Iterator[tuple[str, str]]:
    """Every named field's full name and value; capped against loops and floods."""
    form = pdf.Root.get("/AcroForm")
    top = form.get("/Fields") if form is not None else None
    stack = [(field, "", 0) for field in reversed(_items(top))]
    seen = 0
    while stack and seen < MAX_FIELDS:
        field, prefix, depth = stack.pop()
        seen += 1
        part = _text(field.get("/T"))
        name = f"{prefix}.{part}" if prefix and part else prefix or part
        if name and ("/V" in field or "/Kids" not in field):
            yield name[:MAX_VALUE], _text(field.get("/V")) or _shown(field)
        elif depth < MAX_DEPTH:
            stack += [(kid, name, depth + 1) for kid in reversed(_items(field.get("/Kids")))]


def _widgets(pdf: Any) -> Iterator[tuple[str, str]]:
    """Fields that stand on the pages but in no form, as some programs leave them."""
    for page in pdf.pages[:MAX_PAGES]:
        for note in _items(page.obj.get("/Annots")):
            if str(note.get("/Subtype", "")) == "/Widget" and "/T" in note:
                yield _text(note.get("/T")), _text(note.get("/V"))


def _shown(field: Any) -> str:
    """The text that a field only shows, as some programs write it without giving the field its value."""
    import pikepdf

    look = field.get("/AP")
    normal = look.get("/N") if isinstance(look, pikepdf.Dictionary) else None
    if not isinstance(normal, pikepdf.Stream) or len(normal.read_raw_bytes()) > MAX_LETTERS:
        return ""
    parts: list[str] = []
    for step in pikepdf.parse_content_stream(normal):
        operands: Any = step.operands
        if str(step.operator) in ("Tj", "TJ", "'", '"'):
            pieces = operands[-1] if isinstance(operands[-1], pikepdf.Array) else [operands[-1]]
            parts += [str(piece) for piece in pieces if isinstance(piece, pikepdf.String)]
    text = "".join(parts)[:MAX_VALUE]
    return text if text.isprintable() else ""


def _marks(pdf: Any) -> Iterator[list[Any]]:
    """What somebody put on the pages with a viewer's tools: page, kind, text and rectangle."""
    seen = 0
    for number, page in enumerate(pdf.pages[:MAX_PAGES]):
        for note in _items(page.obj.get("/Annots")):
            kind = str(note.get("/Subtype", ""))[1:]
            if kind in _UNWRITTEN or seen >= MAX_FIELDS or "/Rect" not in note:
                continue
            seen += 1
            yield [number, kind, _text(note.get("/Contents")), [float(value) for value in note.Rect]]


def _items(array: Any) -> list[Any]:
    """The first items of an array that may be none."""
    import pikepdf

    if not isinstance(array, pikepdf.Array):
        return []
    found = [array[i] for i in range(min(len(array), MAX_FIELDS))]
    return [item for item in found if isinstance(item, pikepdf.Dictionary)]


def _text(value: Any) -> str:
    import pikepdf

    if value is None:
        return ""
    if isinstance(value, pikepdf.Stream):
        return bytes(value.read_bytes()[:MAX_VALUE]).decode("utf-8", "replace")
    if isinstance(value, pikepdf.Array):
        return f"[{len(value)} values]"
    return str(value)[:MAX_VALUE]


def text(data: bytes) -> dict[str, Any]:
    """The text that is drawn on the pages, without what stands in fields and notes."""
    import pypdfium2  # type: ignore[import-untyped]

    document = pypdfium2.PdfDocument(data)
    found = []
    for number in range(min(len(document), MAX_PAGES)):
        letters = document[number].get_textpage()
        found.append(letters.get_text_bounded()[:MAX_LETTERS])
        letters.close()
    return {"text": "\n".join(found)}


def words(data: bytes) -> dict[str, Any]:
    """Each page's size and its words: text, left, bottom, right, top. Fields with their rectangles as well."""
    import pypdfium2

    pages = []
    document = pypdfium2.PdfDocument(data)
    for number in range(min(len(document), MAX_PAGES)):
        page = document[number]
        width, height = page.get_size()
        pages.append({"size": [width, height], "words": list(_words(page))})
    fields, marks = _rectangles(data)
    for number, kind, text, box in marks:
        if kind == "FreeText" and number < len(pages):
            pages[number]["words"] += _spread(text, box)
    return {"pages": pages, "fields": fields, "marks": marks}


def _spread(text: str, box: list[float]) -> Iterator[list[Any]]:
    """The words of a typed note, side by side in its rectangle."""
    typed = text.split()[:MAX_FIELDS]
    left, bottom, right, top = min(box[::2]), min(box[1::2]), max(box[::2]), max(box[1::2])
    wide = (right - left) / max(1, len(typed))
    for i, word in enumerate(typed):
        yield [word, left + i * wide, bottom, left + (i + 1) * wide, top]


def _words(page: Any) -> Iterator[list[Any]]:
    """The letters of a page, put together to words where no space and no wide gap parts them."""
    word: list[Any] = []
    for letter, left, bottom, right, top in _letters(page):
        tall = max(top - bottom, word[4] - word[2] if word else 0.0, 4.0)  # a point is low, and yet no gap
        near = (
            word
            and -tall <= left - word[3] < _WIDE_GAP * tall
            and bottom < word[4] + tall
            and top > word[2] - tall
        )
        if word and (letter.isspace() or not near):
            yield word
            word = []
        if letter.isspace():
            continue
        if word:
            low, far, high = min(bottom, word[2]), max(right, word[3]), max(top, word[4])
            word = [word[0] + letter, word[1], low, far, high]
        else:
            word = [letter, left, bottom, right, top]
    if word:
        yield word


def _letters(page: Any) -> Iterator[tuple[str, float, float, float, float]]:
    """Each letter with its left, bottom, right and top."""
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

    text = page.get_textpage()  # closes when it is let go
    box = [ctypes.c_double() for _ in range(4)]
    for i in range(min(pdfium.FPDFText_CountChars(text.raw), MAX_LETTERS)):
        pdfium.FPDFText_GetCharBox(text.raw, i, *box)
        left, right, bottom, top = (b.value for b in box)
        yield chr(pdfium.FPDFText_GetUnicode(text.raw, i) or 32), left, bottom, right, top
    text.close()


def _rectangles(data: bytes) -> tuple[list[list[Any]], list[list[Any]]]:
    """Each named field's page, name and rectangle; and the marks on the pages."""
    import pikepdf

    found: list[list[Any]] = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number, page in enumerate(pdf.pages[:MAX_PAGES]):
            for note in _items(page.obj.get("/Annots")):
                if "/T" in note and "/Rect" in note:
                    rectangle = [float(v) for v in note.Rect]
                    found.append([number, _text(note.T), rectangle])
        marks = list(_marks(pdf))
    return found, marks
