"""A sheet whose numbers are printed beside their cells, to be copied: by it the reader of handwriting is measured."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from exercises.paper.sheet import PaperSheet, paper_sheet
from exercises.paper.stamping import POINT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.pages.row_widths import Paper
    from exercises.problems.problem import Problem

_LEFT, _BELOW = 34.0, 0.5  # millimetres: where a number begins left of its cells, and below their middle
_SIZE = 13  # points
_MINUS = "\x96"  # in the encoding of fonts that every reader has


def copy_sheet(problem: Problem, numbers: Mapping[str, str], paper: Paper = "a4") -> PaperSheet:
    """Print a problem for paper, with a number beside the cells of each answer that is named."""
    import pikepdf

    sheet = paper_sheet(problem, paper)
    with pikepdf.open(BytesIO(sheet.pdf)) as pdf:
        font = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
        )
        for number, page in enumerate(pdf.pages, 1):
            name = page.add_resource(font, pikepdf.Name.Font, pikepdf.Name.Copied)
            drawn = [
                _drawn(own, numbers[answer], sheet.where["size"][1], str(name))
                for answer, own in sheet.where["cells"].items()
                if own["page"] == number and answer in numbers
            ]
            laid_out = page.Contents.read_bytes()
            page.Contents = pdf.make_stream(laid_out + b"\nq 0 g\n" + b"\n".join(drawn) + b"\nQ")
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return PaperSheet(out.getvalue(), sheet.where)


def _drawn(own: Mapping[str, Any], number: str, height: float, font: str) -> bytes:
    """The operators that print a number beside its cells."""
    x, y, _, high = own["sign"]
    at = (x - _LEFT) * POINT, (height - y - high / 2 - _BELOW) * POINT
    shown = number.replace("−", _MINUS).encode("latin-1")
    return b"BT %b %d Tf %.3f %.3f Td (%b) Tj ET" % (font.encode(), _SIZE, *at, shown)
