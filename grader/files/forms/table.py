"""Tables, whatever file they came in: wide (a row a student), long (a row an answer), or a column a student."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING

from grader.answers.numbers import Typed, clean, read_number
from grader.files.extraction.accounted import account, account_unread, cells_of, is_answer_like
from grader.files.extraction.keeper import Keeper
from grader.files.extraction.keeping import keep
from grader.files.extraction.named_answer import NamedAnswer
from grader.files.extraction.source import MAX_STUDENTS, Answers, SourceTable
from grader.files.extraction.submission import NOT_ASKED, LeftOver
from grader.files.extraction.waiting import settle
from grader.files.forms import moodle_responses
from grader.files.forms.text import lines
from grader.files.labels.cells import answer
from grader.files.labels.headings import NOBODY, PersonPart, person, quantities, who
from grader.files.labels.identity import code_in
from grader.files.tables.long_table import read_long
from grader.files.tables.read_grid import WIDEST, read_grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.formulas.quantity import Quantity
    from grader.files.extraction.source import Source

    Row = tuple[int, Sequence[str]]  # its number in the file, and its cells

MAX_CELLS = 1_000_000
MAX_COLUMNS = 2_000
OBSERVED = 500  # rows in which it is seen how names are written
HEADER_WITHIN = 12  # rows: titles and remarks may stand above the headings
_OF_QUIZ = re.compile(r"\d+: ")  # as Canvas heads the column of a question
_RELATED = re.compile(r"\s*[^\W\d][^=≈:]{0,60}[=≈:].*\d")
_NO_STUDENTS = frozenset({"unit", "weight", "bias", "layer", "source"})
_WHOLE = re.compile(r"[-−–]?\d{1,20}")
_SUMMARIES = ("overall average", "gesamtdurchschnitt", "points possible")


@dataclass(slots=True)
class WideColumns:
    """What each column of a wide table holds; `of_quiz` if each is a question of Canvas, under its number.

    unread: the columns of which nothing is known.
    """

    answers: dict[int, Quantity] = field(default_factory=dict)
    students: dict[PersonPart, int] = field(default_factory=dict)
    codes: list[int] = field(default_factory=list)
    moodle: moodle_responses.QuizColumns = field(default_factory=moodle_responses.QuizColumns)
    width: int = 0
    of_quiz: bool = False
    unread: list[int] = field(default_factory=list)

    def student(self, row: Sequence[str]) -> dict[PersonPart, str]:
        """Who a row belongs to."""
        return {kind: text for kind, i in self.students.items() if i < len(row) and (text := answer(row[i]))}


def read_rows(rows: Sequence[Row], sheet: SourceTable, book: Answers | None = None) -> None:
    """Read one table into `sheet.reading`.

    book: where the answers of a student's own table go that is one of several.
    """
    found = Answers(sheet.source) if book is None else book
    own = _from_the_left(rows)
    narrow = all(not any(cell.strip() for cell in row[1:]) for _, row in own)
    if narrow and any(_RELATED.match(row[0]) for _, row in own):
        _read_lines(own, found, sheet, alone=book is None)
        return
    keeper = Keeper(found, sheet)
    keeper.head(sheet.title)
    sheet.source.names.observe("\n".join("|".join(row[:WIDEST]) for _, row in rows[:OBSERVED]))
    if _below_names(own, keeper) or read_grid(own, keeper, "row"):
        settle(keeper)
        account(cells_of(own), found, sheet)
        if book is None:
            sheet.reading.submissions.append(found.submission())
        return
    if not read_long(own, keeper, alone=book is None):
        _read_wide(rows, sheet)


def _below_names(rows: Sequence[Row], keeper: Keeper) -> bool:
    """Read a table of one student in which rows of names and rows of their numbers take turns; whether it is one."""
    pairs = list(zip(rows[::2], rows[1::2], strict=False))
    if len(pairs) < 2 or len(rows) % 2:  # noqa: PLR2004 - else it is a class of one
        return False
    found = [
        (NamedAnswer(name, answer(cell), keeper.line_of(name.strip(), keeper.context)), f"row {number}")
        for (_, names), (number, cells) in pairs
        for name, cell in zip_longest(names, cells, fillvalue="")
        if name.strip() or cell.strip()
    ]
    told = [
        piece
        for piece, _ in found
        if piece.quantity is not None and isinstance(read_number(piece.text), Typed)
    ]
    if len(told) < len(found) or len({piece.quantity for piece in told}) < len(told):
        return False
    for piece, place in found:
        keep(piece, place, keeper)
    return True


def _read_lines(rows: Sequence[Row], found: Answers, sheet: SourceTable, *, alone: bool) -> None:
    """Read a table of one column that holds lines such as “a3 = 0.755”."""
    numbered = dict(rows)
    text = "\n".join(numbered[n][0] if n in numbered else "" for n in range(1, max(numbered) + 1))
    lines(text, found, sheet)
    if alone:
        sheet.reading.submissions.append(found.submission())


def _not_read(rows: Sequence[Row], why: str, sheet: SourceTable) -> None:
    """Say why a table is not read, and leave what looks like answers in it to a person."""
    sheet.complain("", why)
    account_unread(cells_of(rows), sheet)


def _read_wide(rows: Sequence[Row], sheet: SourceTable) -> None:
    """Read a table with a row for each student."""
    if len(rows) < 2:  # noqa: PLR2004 - a header and a student
        _not_read(rows, "no row below the header; expected one row a student", sheet)
        return
    top = _header(rows, sheet.source)
    first = rows[top][1][0]
    said = sheet.source.names.vocabulary.find(first) if who(first) is None else None
    if said is not None and said.roles & _NO_STUDENTS:
        what = f"a table of “{clean(first, 30)}”, of which the columns are not understood; not read"
        _not_read(rows, what, sheet)
        return
    columns = _columns(rows[top][1], rows[top + 1 : top + 2], sheet)
    if not columns.answers and not columns.moodle:
        _not_read(rows, "no column is named by a quantity of this problem", sheet)
        return
    for number, read in rows[top + 1 :]:
        row = read
        if len(row) > columns.width and any(cell.strip() for cell in row[columns.width :]):
            row = _with_commas(row, columns, sheet, f"row {number}")
            if not row:
                continue
        if len(sheet.reading.submissions) >= MAX_STUDENTS:
            sheet.complain(f"row {number}", f"the students after the first {MAX_STUDENTS:,} are not read")
            break
        _student(row, number, columns, sheet)


def _with_commas(row: Sequence[str], columns: WideColumns, sheet: SourceTable, place: str) -> Sequence[str]:
    """A row that is longer than its head: put together where every number was cut at its decimal comma.

    Empty where it was, but not everywhere, so that nothing tells which halves belong together.
    """
    first = min(columns.answers, default=0)
    cells = [cell.strip() for cell in row[first:]]
    halves = list(zip(cells[::2], cells[1::2], strict=False))
    wanted = columns.width - first
    if len(cells) == 2 * wanted and all(_WHOLE.fullmatch(a) and b.isdecimal() for a, b in halves):
        sheet.complain(
            place, "its decimal commas stand between the cells without quotation marks; put together again"
        )
        return [*row[:first], *(f"{a},{b}" for a, b in halves)]
    whole = sum(_WHOLE.fullmatch(cell) is not None for cell in cells)
    behind = sum(cell.isdecimal() and len(cell) > 2 for cell in cells)  # noqa: PLR2004 - as behind a comma
    if len(cells) > 1.3 * wanted and whole > 0.9 * len(cells) and behind > 0.3 * len(cells):
        sheet.complain(
            place,
            f"{len(row)} cells under {columns.width} headings: decimal commas without quotation marks? not read",
        )
        sheet.reading.left_over.append(LeftOver(clean(" | ".join(row), 300), sheet.at(place)))
        return []
    sheet.complain(place, f"{len(row)} cells under {columns.width} headings; the rest is not read")
    return row


def _from_the_left(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows without the empty columns before the first that holds anything."""
    filled = (next((i for i, cell in enumerate(row) if cell.strip()), len(row)) for _, row in rows)
    empty = min(filled, default=0)
    return [(number, row[empty:]) for number, row in rows] if empty else rows


def _student(row: Sequence[str], number: int, columns: WideColumns, sheet: SourceTable) -> None:
    """Read one row; those at the foot that hold averages are no student's."""
    told = columns.student(row)
    found = Answers(sheet.source, person(told) or f"row {number}", told=told)
    width = len(row)
    for i in columns.codes:
        found.belongs(answer(row[i]) if i < width else "")
    found.texts = {q: answer(row[i]).replace(NOT_ASKED, "") for i, q in columns.answers.items() if i < width}
    found.places = dict.fromkeys(found.texts, sheet.at(f"row {number}"))
    if columns.moodle and (unfinished := columns.moodle.unfinished(row)):
        sheet.complain(
            f"row {number}", f"an attempt that is not handed in (“{clean(unfinished, 30)}”); not read"
        )
        return
    if columns.moodle:
        columns.moodle.read(row, found, sheet, f"row {number}")
    for cell in (*(row[i] for i in columns.unread if i < width), *row[columns.width :]):
        if is_answer_like(cell, sheet.source):
            found.leave(cell, sheet.at(f"row {number}"))
    blank = not any(found.texts.values())
    if columns.of_quiz:
        found.not_asked()
    if blank and any(cell.strip().lower().startswith(_SUMMARIES) for cell in row[:8]):
        return
    sheet.reading.submissions.append(found.submission(sheet.at(f"row {number}")))


def _header(rows: Sequence[Row], source: Source) -> int:
    """Which of the first rows holds the headings: the one that names most lines, else the first."""
    counts = [_naming(row, source) for _, row in rows[:HEADER_WITHIN]]
    return counts.index(max(counts))


def _naming(row: Sequence[str], source: Source) -> int:
    cells = [cell for cell in row[:MAX_COLUMNS] if cell.strip()]
    exact = sum(source.names.find(cell) is not None for cell in cells)
    students = sum(who(cell) not in NOBODY for cell in cells)
    if exact == 1 and any("." in cell and isinstance(read_number(cell), Typed) for cell in cells):
        return 0  # Ada, a3, 0.15
    return 2 * exact + students if exact + students > 1 else exact


def _columns(header: Sequence[str], first: Sequence[Row], sheet: SourceTable) -> WideColumns:
    """What the headings say; of two columns for one quantity the last counts.

    first: the row below them, if there is one. A first column called “code” may hold the students' codes.
    """
    columns = WideColumns(width=len(header), moodle=moodle_responses.columns(header, sheet.source))
    columns.of_quiz = any(_OF_QUIZ.match(heading) for heading in header)
    announced = [who(heading) for heading in header]
    own = any(kind not in NOBODY for kind in announced)
    begins = first[0][1][0] if first and first[0][1] else ""
    for i, heading in enumerate(header[:MAX_COLUMNS]):
        kind = announced[i]
        if not heading.strip() or i in columns.moodle.taken:
            columns.unread += [] if heading.strip() else [i]
            continue
        if kind is PersonPart.CODE and (own or i or code_in(begins)):
            columns.codes.append(i)
            continue
        if kind is not None and kind is not PersonPart.CODE and (own or i):
            columns.students.setdefault(kind, i)
            continue
        found = quantities(heading, sheet.source.names)
        if i == 0 and not own and not found:
            columns.students[PersonPart.FULL] = i
        elif len(found) == 1:
            _assign(columns, i, found[0], sheet)
        elif found:
            columns.unread.append(i)
            several = " or ".join(q.name for q in found[:4])
            sheet.complain(f"column {i + 1}", f"the heading may mean {several}; name one line; not read")
        else:
            columns.unread.append(i)
            sheet.unknown(f"column {i + 1}", heading)
    if len(header) > MAX_COLUMNS:
        sheet.complain("", f"only the first {MAX_COLUMNS} columns are read")
    return columns


def _assign(columns: WideColumns, i: int, quantity: Quantity, sheet: SourceTable) -> None:
    earlier = next((j for j, q in columns.answers.items() if q == quantity), None)
    if earlier is not None:
        message = f"{quantity.name} stands in column {earlier + 1} too; the last counts"
        sheet.complain(f"column {i + 1}", message)
        columns.unread.append(earlier)
        del columns.answers[earlier]
    columns.answers[i] = quantity
