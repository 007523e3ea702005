"""Tables that belong to the course: read as they come, and written so that no spreadsheet runs what is in them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from exercises.common import toml_text
from exercises.common.csv_cells import bare
from exercises.common.errors import FileError
from grader.files.extraction.decode import decode
from grader.files.labels.cells import answer, safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

MAX_BYTES = 50_000_000
WHOLE = 400  # characters of a name or an id that are kept; pages show fewer
_DELIMITERS = ",;\t|"


def bytes_of(path: Path, expected: str) -> bytes:
    """What a file of the instructor's holds. Raises FileError that says what was expected."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FileError(f"{path}: larger than {MAX_BYTES // 1_000_000} MB; expected {expected}")
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: cannot be read ({error.strerror}); expected {expected}") from None


def toml_of(path: Path, expected: str) -> dict[str, Any]:
    """The table of a TOML file. Raises FileError that says what is wrong, or what was expected."""
    try:
        text = bytes_of(path, expected).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(f"{path}: not UTF-8 text at byte {error.start}; expected {expected}") from None
    return toml_text.read(text, str(path))


def rows_of(path: Path, expected: str) -> list[tuple[int, list[str]]]:
    """The rows of a CSV file that are not blank, with their numbers, whatever its delimiter.

    Raises FileError that says what was expected.
    """
    data = bytes_of(path, expected)
    if data.startswith(b"PK"):
        raise FileError(
            f"{path}: a workbook; save it as CSV from the program that made it; expected {expected}"
        )
    text = decode(data).replace("\0", "")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        # A blank behind a delimiter belongs to no cell; with it a quotation mark would open none.
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
        rows = list(enumerate(reader, 1))
    except csv.Error as error:
        raise FileError(
            f"{path}: not a table of comma-separated values ({error}); expected {expected}"
        ) from None
    return [(number, row) for number, row in rows if any(cell.strip() for cell in row)]


def listed(cell: str) -> str:
    """A cell of a list of people or problems, without what keeps a spreadsheet from calculating."""
    text = cell.strip()
    return bare(text) if text.startswith("'") else answer(text)


def table_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV file's text. Texts are made safe; numbers are written as they are; None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return plain(value) if isinstance(value, (int, float)) else safe(str(value))


def shown(value: float) -> str:
    """A mark for people: two decimals at the most."""
    return f"{round(value, 2):.2f}".rstrip("0").rstrip(".")


def plain(value: float) -> str:
    """A mark for gradebooks and programs: four decimals at the most, and never an exponent."""
    return f"{round(value, 4):.4f}".rstrip("0").rstrip(".")
