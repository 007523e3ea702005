"""Many students' sheets in one file for the printer: each begins on a front side; equal fonts and pages are kept once."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pikepdf

_OF_TAGS = ("/StructParents", "/Tabs", "/Annots")


def merge(pdfs: Iterable[bytes], names: Iterable[str] = (), *, duplex: bool = True, title: str = "") -> bytes:
    """Merge PDFs of ours, in order, for paper: without form fields, what was typed into them printed in place.

    names:  whose each is, for the outline and the page labels; without them the PDF's own titles.
    duplex: whether an empty page follows each that would end on a front side.

    The same bytes for the same PDFs. Not tagged: for the screen there are the single files.
    """
    import pikepdf

    merged, known = pikepdf.new(), _Known()
    given, starts = iter(names), []
    for data in pdfs:
        with pikepdf.open(BytesIO(data)) as source:
            starts.append((len(merged.pages), next(given, "") or _title(source)))
            _flatten(source)
            merged.pages.extend(source.pages)
        for page in merged.pages[starts[-1][0] :]:
            known.share(page)
        if duplex and len(merged.pages) % 2:
            merged.add_blank_page(page_size=_size(merged.pages[-1]))
    _name(merged, starts)
    if title:
        merged.docinfo["/Title"] = title
    out = BytesIO()
    merged.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _title(source: pikepdf.Pdf) -> str:
    return str(source.docinfo.get("/Title", ""))


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    return right - left, top - bottom


def _flatten(source: pikepdf.Pdf) -> None:
    """Print what was typed into form fields, and drop the fields and the tags."""
    if any(str(field.get("/V", "")) for field in _fields(source)):
        source.generate_appearance_streams()
        source.flatten_annotations("print")
    for page in source.pages:
        for key in _OF_TAGS:
            if key in page:
                del page[key]


def _fields(source: pikepdf.Pdf) -> Iterator[Any]:
    if "/AcroForm" in source.Root:
        yield from source.Root.AcroForm.Fields


def _name(merged: pikepdf.Pdf, starts: list[tuple[int, str]]) -> None:
    """Let the outline and the page labels say whose each page is."""
    import pikepdf
    from pikepdf import Array, Dictionary, Name, String

    with merged.open_outline() as outline:
        outline.root.extend(
            pikepdf.OutlineItem(name or f"{n + 1}", start) for n, (start, name) in enumerate(starts)
        )
    labels: list[Any] = []
    for start, name in starts:
        labels += [start, Dictionary(S=Name.D, P=String(f"{name} · " if name else ""))]
    if labels:
        merged.Root.PageLabels = Dictionary(Nums=Array(labels))


class _Known:
    """What a file holds already, by what it consists of."""

    def __init__(self) -> None:
        self._objects: dict[bytes, Any] = {}

    def share(self, page: pikepdf.Page) -> None:
        """Let a page use the fonts, the drawings and the contents of an earlier one if they are the same."""
        for kind in ("/Font", "/XObject"):
            found: Any = page.Resources.get(kind, {})
            for name in list(found.keys()):
                found[name] = self._first(found[name])
        page.Contents = self._first(page.Contents)

    def _first(self, found: Any) -> Any:
        return self._objects.setdefault(_digest(found), found)


def _digest(found: Any, depth: int = 0) -> bytes:
    """Digest an object with all that it refers to."""
    import pikepdf

    if depth > 12:  # noqa: PLR2004 - a font is five deep
        raise ValueError("an object that refers to itself")
    if isinstance(found, pikepdf.Stream):
        inner = found.read_raw_bytes() + b"".join(_pairs(found, depth))
    elif isinstance(found, pikepdf.Dictionary):
        inner = b"".join(_pairs(found, depth))
    elif isinstance(found, pikepdf.Array):
        inner = b"".join(_digest(one, depth + 1) for one in found)
    else:
        inner = repr(found).encode()
    return sha256(type(found).__name__.encode() + inner).digest()


def _pairs(found: Any, depth: int) -> Iterator[bytes]:
    for key in sorted(found.keys()):
        yield key.encode() + _digest(found[key], depth + 1)
