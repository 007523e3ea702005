"""Every form of file that answers may be handed in as: an entry each, and nobody else asks for a suffix.

A new form is an entry here and a module in `grader.files.forms` whose `read(data, source)` makes a `Reading`. What the
entry says it `holds`, a course takes apart by codes: the module then has `text(data)`, `tables(data)` or `load(data)`
too. Bytes that are no plain text are opened in the guarded process: by `unpack("odt", data)`, which runs
`grader.files.guarded.unpack_odt`. Modules are imported when the first file of their form comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from exercises.common.wording import listed
from grader.files.extraction.decode import MAX_BYTES, decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.files.extraction.source import Source
    from grader.files.extraction.submission import Reading

    Rows = Sequence[tuple[int, Sequence[str]]]

Holds = Literal["pages", "lines", "rows", "entries", "cells", "pictures"]
_START = 4_000  # bytes in which plain text begins
STACK = 500_000_000  # bytes of a stack of scanned pages
PICTURES = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"II*\x00",
    b"MM\x00*",
    b"RIFF",
)  # and HEIC, which begins anyhow
PDF, PACKED, OLD, RTF = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf"
HTML = (b"<!DOCTYPE html", b"<!doctype html", b"<html", b"<HTML")


@dataclass(frozen=True, slots=True)
class FileForm:
    """A form of file.

    suffixes: what its names end in, the usual one first.
    called:   for people.
    module:   what reads it, in `grader.files.forms`.
    holds:    lines of one student, each `name = value`; rows of tables; entries of a list; a notebook's cells; or
              pages with fields, or pictures of pages. Lines, rows and entries of several problems are told apart by the
              codes in them.
    plain:    whether its bytes are text, in which codes can be looked for.
    begins:   first bytes, one of which it must have if it is not plain, and by which it is known without a name.
    within:   what must stand further down, for it to be known without a name.
    most:     bytes; a larger file is not read.
    """

    suffixes: tuple[str, ...]
    called: str
    module: str
    holds: Holds
    plain: bool = True
    begins: tuple[bytes, ...] = ()
    within: tuple[bytes, ...] = ()
    most: int = MAX_BYTES

    def read(self, data: bytes, source: Source) -> Reading:
        """What was handed in with these bytes."""
        found: Reading = self._module.read(data, source)
        return found

    def text(self, data: bytes) -> str:
        """The text of a file that holds lines."""
        found: str = decode(data) if self.plain else self._module.text(data)
        return found

    def tables(self, data: bytes) -> list[tuple[str, Rows]]:
        """The title and the rows of each table of a file that holds rows; nothing of one that cannot be read."""
        found: list[tuple[str, Rows]] = self._module.tables(data)
        return found

    def load(self, data: bytes) -> Any:
        """What a file of entries holds, its objects as `JsonPairs`; None if it cannot be read."""
        return self._module.load(data)

    @property
    def _module(self) -> Any:
        return import_module(f"grader.files.forms.{self.module}")

    def fits(self, data: bytes, start: str) -> bool:
        """Whether bytes without a name are of this form; `start` is what they begin with as text."""
        if self.plain:
            begun = bool(self.begins) and start.startswith(tuple(b.decode() for b in self.begins))
        else:
            begun = data.startswith(self.begins)
        return begun and all(part in data for part in self.within)


FORMS = (
    FileForm((".pdf",), "a filled worksheet", "pdf_form", "pages", plain=False, begins=(PDF,), most=STACK),
    FileForm((".txt", ".md"), "lines of text", "text", "lines"),
    FileForm(
        (".docx",), "a Word document", "document", "lines", plain=False, begins=(PACKED,), within=(b"word/",)
    ),
    FileForm(
        (".odt",),
        "an OpenDocument text",
        "document",
        "lines",
        plain=False,
        begins=(PACKED,),
        within=(b"opendocument.text",),
    ),
    FileForm((".rtf",), "rich text", "document", "lines", plain=False, begins=(RTF,)),
    FileForm((".html", ".htm"), "a page of HTML", "document", "lines", plain=False, begins=HTML),
    FileForm((".csv",), "a table", "delimited", "rows"),
    FileForm((".xlsx",), "a workbook", "workbook", "rows", plain=False, begins=(PACKED,)),
    FileForm((".json",), "JSON", "json_form", "entries", begins=(b"{", b"[")),
    FileForm(
        (".ipynb",),
        "a notebook",
        "notebook",
        "cells",
        begins=(b"{", b"["),
        within=(b'"nbformat"', b'"cells"'),
    ),
    FileForm(
        (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".heif", ".webp"),
        "a scan or a photograph of sheets for paper",
        "scan",
        "pictures",
        plain=False,
        begins=PICTURES,
        most=STACK,
    ),
)
SUFFIXES = tuple(suffix for form in FORMS for suffix in form.suffixes)
LINES = next(form for form in FORMS if form.holds == "lines" and form.plain)
_BY_SUFFIX = {suffix: form for form in FORMS for suffix in form.suffixes}
_ADVICE = {  # for what students hand in all the same
    ".xls": "save it as .xlsx or .csv",
    ".ods": "save it as .xlsx or .csv",
    ".numbers": "export it as .xlsx or .csv",
    ".doc": "save it as .docx or .txt",
    ".pages": "export it as .docx or PDF",
    ".tsv": "name it .csv",
    ".zip": "unpack it and name the folder",
}
_DISGUISES = {  # what to say of first bytes that are not those of the suffix
    OLD: "an old Excel file, or one with a password; save it as .xlsx without a password",
    PACKED: "a packed file (a spreadsheet or a zip) named “{}”; give it its own suffix",
    **dict.fromkeys(PICTURES, "a picture named “{}”; give it its own suffix, such as .jpg"),
    PDF: "a PDF named “{}”; give it the suffix .pdf",
    RTF: "rich text named “{}”; give it the suffix .rtf",
    **dict.fromkeys(HTML, "a page of HTML named “{}”; give it the suffix .html"),
}


def form_of(suffix: str) -> FileForm | None:
    """The form of files with this suffix, which is written small; None of others."""
    return _BY_SUFFIX.get(suffix)


def advice(suffix: str) -> str:
    """What to do with a file that cannot be read; empty if there is nothing to be said."""
    return _ADVICE.get(suffix, "")


def disguised(data: bytes, suffix: str) -> str:
    """What to say of a file whose first bytes belong to another form; empty if there is nothing to be said."""
    begins = _BY_SUFFIX[suffix].begins if suffix in _BY_SUFFIX else ()
    said = (s for first, s in _DISGUISES.items() if data.startswith(first) and first not in begins)
    return next(said, "").format(suffix)


def known_by_content(data: bytes) -> list[FileForm]:
    """The forms that bytes without a name may have: one that is certain, or those that no beginning tells apart."""
    start = decode(data[:_START]).lstrip()
    certain = [form for form in FORMS if form.fits(data, start)]
    if certain:
        return [max(certain, key=lambda form: len(form.within))]
    return [form for form in FORMS if not form.begins]


def described() -> str:
    """Every form with its suffixes, for people."""
    return listed([f"{form.called} ({', '.join(form.suffixes)})" for form in FORMS], "or")
