"""What a workbook holds, as plain lists. Runs in the other process of `guard`: it may take all its time or crash.

A workbook is a zip archive of XML parts. Only cells are wanted here, so the parts are read as they stream by, see
`sheet_xml`: quicker than a library that models the whole, in little memory, and formulas whose results were not
saved are seen in the same pass.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError

from grader.files.guarded.sheet_xml import MAX_CELLS, Book, Cells, local, stream

if TYPE_CHECKING:
    from collections.abc import Iterator

CALLED = "workbook"  # in complaints
MAX_ENTRIES = 2_000
MAX_UNPACKED = 200_000_000
MAX_RATIO = 300  # of what is unpacked to what is packed; real sheets reach about 30
SMALL = 5_000_000  # a part that unpacks to no more may be packed as tightly as it likes
MAX_SHEETS = 40
BREAKS = (
    zipfile.BadZipFile,
    zlib.error,
    ExpatError,
    KeyError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)
_BROKEN = "not a readable workbook; save it as .xlsx again, or as .csv"


def unpack(data: bytes) -> dict[str, Any]:
    """The rows of each sheet, with their numbers, and remarks. Raises ValueError with one sentence."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check(archive)
            return _contents(archive)
    except BREAKS:
        raise ValueError(_BROKEN) from None


def check(archive: zipfile.ZipFile) -> None:
    """Look at the archive before anything in it is unpacked. Raises ValueError."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED:
        raise ValueError(
            f"it unpacks to more than {MAX_UNPACKED // 1_000_000} MB or {MAX_ENTRIES} parts; not read"
        )
    if any(e.file_size > SMALL and e.file_size > MAX_RATIO * e.compress_size for e in entries):
        raise ValueError("packed far tighter than any real workbook (a zip bomb?); not read")


def _contents(archive: zipfile.ZipFile) -> dict[str, Any]:
    main = next((t for _, t in _related(archive, "") if t.endswith("workbook.xml")), "xl/workbook.xml")
    if main not in archive.namelist():
        raise ValueError("a packed file, but no workbook; save it as .xlsx again, or as .csv")
    parts = dict(_related(archive, main))
    beside = {posixpath.basename(path): path for path in parts.values()}
    book = Book()
    for name, read in (("sharedStrings.xml", book.read_strings), ("styles.xml", book.read_styles)):
        if beside.get(name) in archive.namelist():
            stream(archive, beside[name], *read())
    sheets: list[Any] = []
    for title, identity in _titles(archive, main):
        if parts.get(identity) in archive.namelist() and "worksheet" in parts[identity]:
            cells = Cells(book)
            stream(archive, parts[identity], cells.start, cells.end, cells.text)
            sheets.append([title, cells.rows])
    return {"sheets": sheets, "notes": _notes(book)}


def _related(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str]]:
    """The parts that a part refers to, by the identity that it gives them."""
    folder, name = posixpath.split(part)
    where = posixpath.join(folder, "_rels", f"{name}.rels")
    if where not in archive.namelist():
        return
    for attributes in _elements(archive, where, "Relationship"):
        target = attributes.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        yield attributes.get("Id", ""), posixpath.normpath(path)


def _titles(archive: zipfile.ZipFile, main: str) -> list[tuple[str, str]]:
    """Each sheet's name and the identity of its part."""
    found = _elements(archive, main, "sheet")[:MAX_SHEETS]
    return [(attributes.get("name", "")[:100], attributes.get("id", "")) for attributes in found]


def _elements(archive: zipfile.ZipFile, part: str, wanted: str) -> list[dict[str, str]]:
    """The attributes of all elements of this name."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == wanted and len(found) < MAX_ENTRIES:
            found.append({local(key): value for key, value in attributes.items()})

    stream(archive, part, start)
    return found


def _notes(book: Book) -> list[str]:
    notes = []
    if book.left <= 0:
        notes.append(f"more than {MAX_CELLS:,} cells; the rest is not read")
    if book.unsaved:
        count = len(book.unsaved)
        cells = f"{count} cells hold formulas" if count > 1 else "1 cell holds a formula"
        notes.append(
            f"{cells} whose results were not saved, {book.unsaved[0]} first; "
            "open the file in a spreadsheet program and save it again"
        )
    return notes
