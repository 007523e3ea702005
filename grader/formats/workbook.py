"""`.xlsx`: each sheet of a workbook is a table. The file is opened in another process, see `guard`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.formats.guard import unpack
from grader.formats.source import Answers, Sheet
from grader.formats.table import read_rows
from grader.numbers import clean
from grader.submission import Reading

if TYPE_CHECKING:
    from grader.formats.source import Source


def read(data: bytes, source: Source) -> Reading:
    """Every row of every sheet."""
    return read_content(unpack("xlsx", data), source)


def tables(content: Any) -> list[tuple[str, Any]]:
    """The name and the rows of each sheet, the name empty where there is only one."""
    if isinstance(content, str):
        return []
    sheets = content["sheets"]
    return [(f"sheet “{clean(name, 40)}”" if len(sheets) > 1 else "", rows) for name, rows in sheets if rows]


def read_content(content: Any, source: Source) -> Reading:
    """The same from what was unpacked. Sheets that hold no table of answers are told only if no sheet does."""
    reading = Reading()
    if isinstance(content, str):
        source.complain(reading, "", content)
        return reading
    silent: list[str] = []
    book = Answers(source)  # of a student who has spread a sheet over several
    for name, rows in tables(content):
        part = Reading()
        kept = len(book.texts) + len(book.twice)
        read_rows(rows, Sheet(source, part, name), book)
        if part.submissions or len(book.texts) + len(book.twice) > kept:
            reading.submissions += part.submissions
            reading.complaints += part.complaints
        else:
            silent += part.complaints
    if book.texts:
        reading.submissions.append(book.submission())
    if not reading.submissions:
        reading.complaints += silent or [f"{source.shown}: the workbook is empty"]
    for note in content["notes"]:
        source.complain(reading, "", clean(note, 300))
    return reading
