"""Whether two PDFs are the same to the eye, to a reader of text, and to whoever fills in fields."""

from __future__ import annotations

from io import BytesIO
from typing import Any

SCALE = 1.5  # pixels in a point
APART = 96  # of 255: as far as edges of letters may differ that lie a hundredth of a pixel apart
EXACT = 2  # decimals of a point


def same_pages(found: bytes, expected: bytes) -> bool:
    """Compare pixels, text and fields, page by page."""
    import pypdfium2  # type: ignore[import-untyped]

    ours, theirs = pypdfium2.PdfDocument(found), pypdfium2.PdfDocument(expected)
    try:
        same = len(ours) == len(theirs) and all(map(_same, ours, theirs))
        return same and _fields(found) == _fields(expected)
    finally:
        ours.close()
        theirs.close()


def _same(one: Any, other: Any) -> bool:
    if one.get_size() != other.get_size():
        return False
    texts = [page.get_textpage().get_text_bounded() for page in (one, other)]
    images = [
        page.render(scale=SCALE, grayscale=True, may_draw_forms=False).to_numpy() for page in (one, other)
    ]
    return texts[0] == texts[1] and int(abs(images[0].astype(int) - images[1]).max()) <= APART


def _fields(pdf: bytes) -> list[tuple[str, tuple[float, ...]]]:
    """Names and places of the fields."""
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as document:
        form: Any = document.Root.get("/AcroForm", {})
        return [
            (str(field.T), tuple(round(float(edge), EXACT) for edge in field.Rect))
            for field in form.get("/Fields", [])
        ]
