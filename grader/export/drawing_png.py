"""The drawing of an exercise as a PNG, for pages that take no SVG: set by WeasyPrint, made into dots by PDFium."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING

from exercises.pages import worksheet_page
from exercises.printing.pdf import style, write_pdf

if TYPE_CHECKING:
    from exercises.problems.problem import Problem

DOTS = 2.5  # for each pixel of the page, so that it is sharp on any screen and on paper
PIXEL = 96 / 25.4  # of a page, for each millimetre
POINT = 72 / 25.4  # of a PDF
EDGE = 1.0  # millimetres of white around
_SIZE = re.compile(r'<svg[^>]* width="([\d.]+)mm" height="([\d.]+)mm"')
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


class DrawingPng:
    """A worksheet's drawing.

    png:           its bytes.
    width, height: in pixels of a page.
    alt:           the drawing in words.
    title:         the title of the worksheet that it stands on.
    """

    def __init__(self, problem: Problem) -> None:
        head = worksheet_page.header(problem, "a4")
        svg = str(head["diagram"])
        size, words = _SIZE.search(svg), _TITLE.search(svg)
        if size is None or words is None:
            raise ValueError(svg[:200])
        wide, tall = (float(n) + 2 * EDGE for n in size.groups())
        self.png = _dots(_pdf(svg, wide, tall))
        self.width, self.height = round(wide * PIXEL), round(tall * PIXEL)
        self.alt = unescape(words[1])
        self.title = str(head["title"])


def _pdf(svg: str, wide: float, tall: float) -> bytes:
    box = f"@page drawing {{ size: {wide:.2f}mm {tall:.2f}mm; margin: {EDGE}mm; "
    box += "@bottom-left { content: none } @bottom-right { content: none } }"
    return write_pdf(
        f'<!DOCTYPE html>\n<html lang="en"><head><title>network</title><style>{style()}</style>'
        f"<style>{box} body {{ page: drawing }} svg {{ display: block }}</style></head><body>{svg}</body></html>"
    )


def _dots(pdf: bytes) -> bytes:
    import pypdfium2  # type: ignore[import-untyped]

    document = pypdfium2.PdfDocument(pdf)
    try:
        bitmap = document[0].render(scale=PIXEL / POINT * DOTS, grayscale=True)
        out = BytesIO()
        bitmap.to_pil().save(out, format="PNG", optimize=True)
        return out.getvalue()
    finally:
        document.close()
