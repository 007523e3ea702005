"""`.csv`: cells between commas, semicolons, tabs or bars."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from grader.files.extraction.decode import decode
from grader.files.extraction.source import SourceTable
from grader.files.extraction.submission import Reading
from grader.files.forms.table import MAX_CELLS, read_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.files.extraction.source import Source

_DELIMITERS = ",;\t|"
_BEGIN = 10_000  # characters in which it is seen what parts the cells, below a title
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)  # a hint that Excel reads


def read(data: bytes, source: Source) -> Reading:
    """Every row with a student or an answer in it."""
    reading = Reading()
    found = rows(data, lambda place, what: source.complain(reading, place, what))
    read_rows(found, SourceTable(source, reading))
    return reading


def tables(data: bytes) -> list[tuple[str, Sequence[tuple[int, Sequence[str]]]]]:
    """The one table of the file, which has no title."""
    return [("", rows(data))]


def rows(data: bytes, complain: Callable[[str, str], None] | None = None) -> list[tuple[int, Sequence[str]]]:
    """The rows in which something stands, with their numbers.

    complain: is told of a place and of what is wrong there.
    """
    text = decode(data).replace("\0", "")
    first = next((line for line in text.split("\n", 20) if line.strip()), "")[:100_000]
    hint = _SEPARATOR_LINE.match(first.strip())
    outside = _QUOTED.sub("", first)
    delimiter = hint[1] if hint else max(_DELIMITERS, key=outside.count)
    if not hint and delimiter not in outside:  # a title
        begin = [_QUOTED.sub("", line) for line in text[:_BEGIN].split("\n") if line.strip()]
        delimiter = next((d for d in ";\t|" if 2 * sum(d in line for line in begin) > len(begin)), ",")
    found: list[tuple[int, Sequence[str]]] = []
    cells = number = 0
    fault = ("", "")
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if not any(row) or not any(cell.strip() for cell in row) or (hint and not found and number == 1):
                continue
            cells += len(row)
            if cells > MAX_CELLS:
                fault = (f"row {number}", f"more than {MAX_CELLS:,} cells; the rest is not read")
                break
            found.append((number, row))
    except csv.Error as error:
        fault = (f"row {number + 1}", f"not a table of comma-separated values ({error})")
    if any(fault) and complain is not None:
        complain(*fault)
    return found
