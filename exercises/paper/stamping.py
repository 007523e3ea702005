"""Printing marks, code and legend over a laid-out sheet, and reading off it where each cell lies."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from exercises.common.metrics import CELL_FRAME
from exercises.pages.answer_cells import ID, cell_of
from exercises.paper import codes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pikepdf

    from exercises.paper.codes import Box

POINT = 72 / 25.4  # PDF points in a millimetre
_LEGEND_AT = 17.0, 32.5  # how far the legend begins from the left, and from the bottom
_LISTS = {"whole": "whole", "place": "places", "raised": "power", "power": "power"}


def stamped(  # noqa: PLR0913 - what goes over its pages
    data: bytes, problem: str, owner: str, legend: bytes, *, fillable: bool, unread: int = 0
) -> tuple[bytes, dict[str, Any]]:
    """Finish a laid-out sheet with cells; the PDF, and where everything lies, as it stands in the key.

    problem:  its code; owner: whose it is, where that belongs into the page's code.
    legend:   a PDF of one page that is printed at the foot of each.
    unread:   how many pages at the end hold no answers; nobody is asked for them.
    fillable: whether the answers become form fields, one each; else nothing is left to fill in.
    """
    import pikepdf

    with pikepdf.open(BytesIO(data)) as pdf, pikepdf.open(BytesIO(legend)) as foot:
        size = _size(pdf.pages[0])
        read = len(pdf.pages) - unread
        where = _geometry(pdf, size) | {"pages": read}
        _mend_fields(pdf, fillable=fillable)
        shown = pdf.copy_foreign(foot.pages[0].as_form_xobject())
        for number, page in enumerate(pdf.pages, 1):
            content = codes.PageCode(problem, number, owner).content() if number <= read else codes.COVER
            _stamp(pdf, page, size, content, shown if number <= read else None)
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue(), where


def stamped_cover(data: bytes) -> bytes:
    """Mark a cover, or a page that is answered in words, so that nobody is asked for what nothing is read from."""
    import pikepdf

    with pikepdf.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            _stamp(pdf, page, _size(page), codes.COVER, None)
        out = BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def _size(page: pikepdf.Page) -> tuple[float, float]:
    """The paper's width and height, in millimetres."""
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    return round((right - left) / POINT, 2), round((top - bottom) / POINT, 2)


# --- where everything lies ---


def _geometry(pdf: pikepdf.Pdf, size: tuple[float, float]) -> dict[str, Any]:
    cells: dict[str, dict[str, Any]] = {}
    boxes: dict[str, dict[str, Any]] = {}
    for number, page in enumerate(pdf.pages, 1):
        for name, field in _fields(page):
            box = _box(field, size[1])
            if (cell := cell_of(name)) is None:
                boxes[name] = {"page": number, "box": box}
                continue
            answer, role = cell
            own = cells.setdefault(answer, {"page": number})
            framed = _framed(box)
            if role in _LISTS:
                own.setdefault(_LISTS[role], []).append(framed)
            else:
                own[role] = framed
    identity = cells.pop(ID, None)
    return {
        "size": list(size),
        "pages": len(pdf.pages),
        "marks": [list(box) for box in codes.mark_boxes(size)],
        "code": list(codes.code_box(size)),
        "cells": cells,
        "boxes": boxes,
        **({"id": {"page": identity["page"], "cells": identity["whole"]}} if identity else {}),
    }


def _fields(page: pikepdf.Page) -> Iterator[tuple[str, Any]]:
    for field in page.obj.get("/Annots", []):
        if "/T" in field:
            yield str(field.T), field


def _box(field: Any, height: float) -> list[float]:
    """A field's left, top, width and height, in millimetres from the top left corner of the page."""
    x, y, right, top = (float(edge) / POINT for edge in field.Rect)
    left, bottom = min(x, right), min(y, top)
    return (
        [round(v, 2) for v in (left, height - max(y, top), abs(right - x), abs(top - y))]
        if bottom >= 0
        else []
    )


def _framed(box: Sequence[float]) -> list[float]:
    """A cell with its frame, whose inside is the field."""
    x, y, wide, high = box
    own = (x - CELL_FRAME, y - CELL_FRAME, wide + 2 * CELL_FRAME, high + 2 * CELL_FRAME)
    return [round(v, 2) for v in own]


# --- fields ---


def _mend_fields(pdf: pikepdf.Pdf, *, fillable: bool) -> None:
    """Make one field of the cells of each answer, or drop all fields."""
    import pikepdf

    kept: list[Any] = []
    dropped: set[tuple[int, int]] = set()
    for page in pdf.pages:
        own: dict[str, Any] = {}
        left = []
        for name, field in _fields(page):
            answer, role = cell_of(name) or (name, "")
            if not fillable or role == "look" or (role and answer in own):
                if fillable and role != "look":
                    own[answer].Rect = _around(own[answer].Rect, field.Rect)
                dropped.add(field.objgen)
                continue
            own[answer] = field
            field.T = pikepdf.String(answer)
            left.append(field)
        kept += left
        page.obj.Annots = pikepdf.Array(left)
    _forget(pdf, dropped)
    if kept:
        pdf.Root.AcroForm.Fields = pikepdf.Array(kept)
    elif "/AcroForm" in pdf.Root:
        del pdf.Root.AcroForm


def _around(first: Any, second: Any) -> Any:
    """The rectangle around two."""
    import pikepdf

    one, two = ([float(v) for v in rect] for rect in (first, second))
    left, right = min(one[::2] + two[::2]), max(one[::2] + two[::2])
    low, high = min(one[1::2] + two[1::2]), max(one[1::2] + two[1::2])
    return pikepdf.Array([round(v, 3) for v in (left, low, right, high)])


def _forget(pdf: pikepdf.Pdf, dropped: set[tuple[int, int]]) -> None:
    """Take fields that are gone out of the document's logical structure."""
    import pikepdf

    if "/StructTreeRoot" not in pdf.Root:
        return
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    pairs = list(zip(list(numbers)[::2], list(numbers)[1::2], strict=True))
    left: list[Any] = []
    for number, parent in pairs:
        if isinstance(parent, pikepdf.Dictionary) and _refers(parent) in dropped:
            _unlink(parent)
        else:
            left += [number, parent]
    pdf.Root.StructTreeRoot.ParentTree.Nums = pikepdf.Array(left)


def _refers(element: Any) -> tuple[int, int] | None:
    """The field that an element of the structure stands for."""
    for kid in _kids(element):
        if hasattr(kid, "keys") and "/Obj" in kid:
            found: tuple[int, int] = kid.Obj.objgen
            return found
    return None


def _kids(element: Any) -> list[Any]:
    import pikepdf

    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _unlink(element: Any) -> None:
    import pikepdf

    parent = element.get("/P")
    if parent is None:
        return
    parent.K = pikepdf.Array(
        [kid for kid in _kids(parent) if getattr(kid, "objgen", (0, 0)) != element.objgen]
    )


# --- marks, code, legend ---


def _stamp(
    pdf: pikepdf.Pdf, page: pikepdf.Page, size: tuple[float, float], content: str, legend: Any
) -> None:
    """Print the marks, the code and the legend over a page, as what is no part of its text."""
    import pikepdf

    parts = [*_modules(size, codes.code_box(size), codes.code_modules(content))]
    for number, box in enumerate(codes.mark_boxes(size)):
        parts += _modules(size, box, codes.mark_modules(number))
    drawn = ["/Artifact BMC q 0 g", *parts, "f Q"]
    if legend is not None:
        name = page.add_resource(legend, pikepdf.Name.XObject, pikepdf.Name.Legend)
        x, y = (length * POINT for length in _LEGEND_AT)
        high = float(legend.BBox[3])
        drawn.append(f"q 1 0 0 1 {x:.3f} {y - high:.3f} cm {name} Do Q")
    page.contents_coalesce()
    laid_out = page.Contents.read_bytes()
    page.Contents = pdf.make_stream(b"q\n%b\nQ\n%b" % (laid_out, "\n".join([*drawn, "EMC"]).encode()))


def _modules(size: tuple[float, float], box: Box, rows: list[list[bool]]) -> Iterator[str]:
    """Rectangles of the black modules, a run of them at a time."""
    x, y, side, _ = box
    step = side / len(rows)
    for n, row in enumerate(rows):
        start = 0
        for m in range(1, len(row) + 1):
            if m < len(row) and row[m] == row[start]:
                continue
            if row[start]:
                bottom = size[1] - y - (n + 1) * step
                edges = (x + start * step, bottom, (m - start) * step, step)
                yield " ".join(f"{edge * POINT:.3f}" for edge in edges) + " re"
            start = m
