"""The XML parts of a workbook: its strings, its number formats, and the cells of a sheet."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from grader.answers.numbers import MAX_WORKING

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable

    Handlers = tuple[Callable[..., None], Callable[..., None], Callable[..., None]]

MAX_CELLS = 1_000_000
MAX_COLUMNS = 2_000
MAX_TEXT = MAX_WORKING + 1  # characters of a cell
_BLOCK = 1 << 20
_DECIMALS = re.compile(r"[#,]*0(?:\.(0{1,15}))?(?:_.)?(?:;.*)?")
_SHORT = re.compile(r"-?\d\.\d{1,9}")
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BUILT_IN = {"1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00"}
_DATES = {*map(str, range(14, 23)), *map(str, range(45, 48))}
_DATE = "date"


class _EnoughError(Exception):
    """No more is to be read of a part."""


def stream(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[..., None],
    end: Callable[..., None] | None = None,
    text: Callable[..., None] | None = None,
) -> None:
    """Read a part, calling these for each element's start and end and for text. Raises what zip and XML raise."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        with archive.open(part) as content:
            while block := content.read(_BLOCK):
                parser.Parse(block, False)  # noqa: FBT003 - expat's own signature
            parser.Parse(b"", True)  # noqa: FBT003
    except _EnoughError:
        return


def _refuse(*_: object) -> None:
    raise ValueError("its XML declares entities, as no spreadsheet program writes it; not read")


@lru_cache(maxsize=512)
def local(name: str) -> str:
    """An element's name without its namespace."""
    return name.rpartition(" ")[2]


@lru_cache(maxsize=512)
def local_part(name: str) -> str:
    """The name of an element or attribute without its namespace, as ElementTree writes it."""
    return name.rpartition("}")[2]


class Book:
    """What the sheets of a workbook share: strings, formats, and how many cells may still be read."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.formats: list[
            str
        ] = []  # by style: a format's zeros after the point, `date`, or "?" for any other
        self.left = MAX_CELLS
        self.unsaved: list[str] = []  # cells with a formula whose result is not in the file

    def read_strings(self) -> Handlers:
        """Handlers for the part with the shared strings."""
        pieces: list[str] = []
        state = {"t": False, "rPh": False}

        def start(name: str, _: Any) -> None:
            tag = local(name)
            if tag in state:
                state[tag] = True
            elif tag == "si":
                pieces.clear()

        def end(name: str) -> None:
            tag = local(name)
            if tag in state:
                state[tag] = False
            elif tag == "si":
                self.strings.append(_unescaped("".join(pieces))[:MAX_TEXT])
                if len(self.strings) >= MAX_CELLS:
                    raise _EnoughError

        def text(found: str) -> None:
            if state["t"] and not state["rPh"]:
                pieces.append(found)

        return start, end, text

    def read_styles(self) -> Handlers:
        """Handlers for the part with the number formats."""
        codes = dict(_BUILT_IN)
        state = {"cellXfs": False}

        def start(name: str, attributes: dict[str, str]) -> None:
            tag = local(name)
            if tag == "numFmt":
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif tag == "cellXfs":
                state[tag] = True
            elif tag == "xf" and state["cellXfs"]:
                number = attributes.get("numFmtId", "0")
                self.formats.append(_DATE if number in _DATES else _format(codes.get(number, "")))

        def end(name: str) -> None:
            if local(name) == "cellXfs":
                raise _EnoughError

        return start, end, lambda _: None


def _format(code: str) -> str:
    bare = _QUOTED.sub("", code[:200]).lower()
    found = _DECIMALS.fullmatch(bare)
    if found is not None:
        return found[1] or ""
    return _DATE if re.search(r"[ymdhs]", bare) and "general" not in bare else "?"


class Cells:
    """Gathers the cells of one sheet as it streams by."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.rows: list[tuple[int, list[str]]] = []
        self.row: list[str] = []
        self.number = self.column = 0
        self.cell: dict[str, str] = {}
        self.taking = ""  # the element whose text is wanted: v, t or f
        self.value = ""
        self.formula: str | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        tag = local(name)
        if tag == "c":
            self.cell, self.value, self.formula = attributes, "", None
            column = _column(attributes.get("r", "").rstrip("0123456789"))
            self.column = column if column is not None else self.column + 1
        elif tag in {"v", "t", "f"}:
            self.taking = tag
            if tag == "f":
                self.formula = ""
        elif tag == "row":
            given = attributes.get("r", "")
            self.number = int(given) if given.isdecimal() and len(given) < 9 else self.number + 1  # noqa: PLR2004
            self.row, self.column = [], -1

    def text(self, found: str) -> None:
        """Text within an element."""
        if self.taking == "f":
            self.formula = ((self.formula or "") + found)[:MAX_TEXT]
        elif self.taking:
            self.value = self.value + found if len(self.value) < MAX_TEXT else self.value

    def end(self, name: str) -> None:
        """An element ends."""
        tag = local(name)
        if tag == "c":
            self._keep()
        elif tag in {"v", "t", "f"}:
            self.taking = ""
        elif tag == "row" and self.row:
            self.rows.append((self.number, self.row))
            self.row = []

    def _keep(self) -> None:
        text = self._text()
        if self.formula is not None and not self.value:
            text = f"={self.formula}"
            self.book.unsaved.append(self.cell.get("r", f"row {self.number}")[:20])
        if not text or self.column >= MAX_COLUMNS:
            return
        gap = self.column - len(self.row)
        if gap < 0:  # a place that was filled before
            self.row[self.column] = text
            return
        self.row += [""] * gap
        self.row.append(text)
        self.book.left -= gap + 1
        if self.book.left <= 0:
            self.rows.append((self.number, self.row))
            raise _EnoughError

    def _text(self) -> str:
        """A cell as the student sees it."""
        kind, value = self.cell.get("t", "n"), self.value
        if kind == "s":
            known = value.isdecimal() and len(value) < 9 and int(value) < len(self.book.strings)  # noqa: PLR2004
            return self.book.strings[int(value)] if known else ""
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        if kind != "n" or not value:
            return _unescaped(value)
        style = self.cell.get("s", "0")
        formats = self.book.formats
        known = style.isdecimal() and len(style) < 9 and int(style) < len(formats)  # noqa: PLR2004
        return _number(value, formats[int(style)] if known else "?")


def _number(value: str, places: str) -> str:
    """A number with the places that it is shown with; none is lost, and a date is told."""
    try:
        number = float(value)
    except ValueError:
        return value
    if places == _DATE:
        return f"[a date, as the number {value[:20]}]"
    exact = value if _SHORT.fullmatch(value) else f"{number:.15g}"
    if places == "?" or abs(number) > 1e15:  # noqa: PLR2004 - beyond what a double holds exactly
        return exact
    if len(exact.partition(".")[2]) >= len(places) and exact is value:
        return exact
    padded = f"{number:.{len(places)}f}"
    return padded if float(padded) == float(exact) else exact


@lru_cache(maxsize=65_536)
def _column(reference: str) -> int | None:
    """The column with these letters, from 0; None if there is none."""
    letters = reference.upper()
    if not letters or len(letters) > 3 or not letters.isascii() or not letters.isalpha():  # noqa: PLR2004
        return None
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - 64
    return column - 1


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text
