"""`.xlsx`: each sheet of a workbook is a table. The file is opened in another process, see `guard`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.answers.numbers import clean
from grader.files.extraction.source import Answers, SourceTable
from grader.files.extraction.submission import Reading
from grader.files.forms.table import read_rows
from grader.files.guarded.guard import unpack
from grader.files.labels.headings import person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.files.extraction.source import Source

    Row = tuple[int, Sequence[str]]


def tables(data: bytes) -> list[tuple[str, Sequence[Row]]]:
    """The title and the rows of each sheet, the title empty where there is only one; nothing if it cannot be read."""
    content = unpack("xlsx", data)
    if isinstance(content, str):
        return []
    sheets = content["sheets"]
    return [(title if len(sheets) > 1 else "", rows) for title, rows in sheets if rows]


def called(title: str) -> str:
    """A sheet in messages."""
    return f"sheet “{clean(title, 40)}”" if title else ""


def read(data: bytes, source: Source) -> Reading:
    """Every row of every sheet. Sheets that hold no table of answers are told only if no sheet does."""
    reading, content = Reading(), unpack("xlsx", data)
    if isinstance(content, str):
        source.complain(reading, "", content)
        return reading
    silent: list[str] = []
    books: list[Answers] = []  # a student may have spread a sheet over several
    for title, rows in tables(data):
        before = books[-1] if books else Answers(source)
        part, book, same = _sheet(rows, title, source, before)
        if part.submissions or book.size > before.size or not same:
            reading.submissions += part.submissions
            reading.complaints += part.complaints
            books = [*(books[:-1] if same else books), book]
        else:
            silent += part.complaints
    reading.submissions += [book.submission() for book in books if book.texts]
    if not reading.submissions:
        reading.complaints += silent or [f"{source.shown}: the workbook is empty"]
    for note in content["notes"]:
        source.complain(reading, "", clean(note, 300))
    return reading


def _sheet(rows: Sequence[Row], title: str, source: Source, before: Answers) -> tuple[Reading, Answers, bool]:
    """One sheet, read on from the one before or, if it is another student's, by itself; and which of the two it was."""
    place = called(title)
    part, book = Reading(), before.continued()
    read_rows(rows, SourceTable(source, part, place, title), book)
    if _goes_on(before, book):
        book.take_over(before)
        return part, book, True
    part, book = Reading(), Answers(source)
    read_rows(rows, SourceTable(source, part, place, title), book)
    return part, book, False


def _goes_on(before: Answers, book: Answers) -> bool:
    """Whether a sheet names no other student than the one before, and does not answer the same lines over again."""
    names = {name for told in (before.told, book.told) if (name := person(told))}
    again = sum(book.texts[q] != text for q, text in before.texts.items())
    added = len(book.texts) - len(before.texts)
    return len(names) < 2 and again <= added  # noqa: PLR2004 - two students
