"""Tables in which the lines' names stand below one another: a row an answer, or a column a student."""

from __future__ import annotations

import re
from itertools import takewhile
from statistics import median
from typing import TYPE_CHECKING

from grader.answers.worded import NOTHING
from grader.files.extraction.accounted import account, account_unread, cells_of, is_answer_like
from grader.files.extraction.keeping import keep
from grader.files.extraction.named_answer import NamedAnswer
from grader.files.extraction.source import MAX_STUDENTS, Answers
from grader.files.extraction.waiting import settle
from grader.files.labels.cells import answer, only
from grader.files.labels.headings import NOBODY, PersonPart, quantities, who

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from exercises.formulas.quantity import Quantity
    from grader.files.extraction.keeper import Keeper
    from grader.files.extraction.source import Source, SourceTable

    Row = tuple[int, Sequence[str]]

_SAMPLE = 60
_MOST = 0.6  # of a column's cells must be names of lines
_PARTS = frozenset({"forward", "backward", "check"})
_ASIDE = frozenset({"working", "remark", "old"})
_ROUND = re.compile(r"(?:epoch|iteration|pass|run|round|try|attempt|versuch|step)\b", re.IGNORECASE)  # nobody
_ANSWER = ("answer", "value", "response", "result", "antwort", "wert", "ergebnis", "submitted")


def read_long(rows: Sequence[Row], keeper: Keeper, *, alone: bool = True) -> bool:
    """Read such a table; False if it is none.

    alone: whether it is a submission by itself; else what one student wrote goes to the keeper's answers.
    """
    sheet = keeper.sheet
    source = sheet.source
    fewer = 3 if rows and median(map(_filled, rows)) >= 3 else 2  # noqa: PLR2004 - cells of a row that may be a title's
    titles = list(takewhile(lambda row: _filled(row) < fewer, rows))
    rows = rows[len(titles) :]
    where = _names_column(rows, source)
    if where is None:
        return False
    head = rows[0][1]
    headed = not (where < len(head) and source.names.find(head[where]) is not None)
    body = rows[1:] if headed else rows
    headings = list(head) if headed else []
    others = [i for i in range(max(len(row) for _, row in rows[:_SAMPLE])) if i != where]
    if not others:
        return False
    if headed and _transposed(headings, where, others, body, source):
        _by_column(body, where, headings, sheet)
    else:
        code = next((i for i in others if i < len(headings) and who(headings[i]) is PersonPart.CODE), None)
        student, value = _roles(headings, [i for i in others if i != code], body, where, source)
        sections = next((i for i in others if i != value and are_sections(body, i, source)), None)
        if (student is None or sections is not None) and code is None:
            for _, row in (*titles, (0, headings)):
                keeper.title(row)
            told = value < len(headings) and headings[value].strip().lower().startswith(_ANSWER)
            found = source.names.vocabulary.find(headings[value]) if value < len(headings) else None
            told = told or (found is not None and found.roles == {"answer"})
            beside = [i for i in others if i == value or not _are_steps(body, i)]
            first = _of_one(body, (where, sections), [value] if told else beside, keeper)
            settle(keeper)
            account(cells_of(rows), keeper.found, sheet)
            if alone:
                sheet.reading.submissions.append(keeper.found.submission(sheet.at(f"row {first}")))
            return True
        aside = {i for i, heading in enumerate(headings) if who(heading) is not None} | {student, where, code}
        _by_row(body, (student, where, value, code), aside, sheet)
    return True


def _filled(row: Row) -> int:
    return sum(map(bool, map(str.strip, row[1])))


def _names_column(rows: Sequence[Row], source: Source) -> int | None:
    """The first column that is mostly names of lines."""
    sample = [row for _, row in rows[:_SAMPLE]]
    body = sample[1:] or [row for row in sample if any(answer(cell)[-1:].isdigit() for cell in row[2:])]
    for i in range(min(max((len(row) for row in sample), default=0), 50)):
        cells = [row[i] for row in body if i < len(row) and row[i].strip()]
        named = _is_name if len(cells) > 1 else _line  # one row may be a student's
        if cells and sum(bool(named(cell, source)) for cell in cells) >= _MOST * len(cells):
            return i
    return None


def _is_name(cell: str, source: Source) -> bool:
    """Whether a cell names a line, or a weight of which its section says what is meant."""
    written = cell.strip().rstrip("=: ")
    said = source.names.vocabulary.find(written)
    label = said is not None and (said.parameter or source.names.vocabulary.meant(said)) is not None
    return label or _line(written, source) is not None


def are_sections(body: Sequence[Row], column: int, source: Source) -> bool:
    """Whether the cells of a column are no students but the parts of a sheet: “forward”, “hidden deltas”, “update”."""
    cells = {row[column].strip() for _, row in body[:_SAMPLE] if column < len(row)} - {""}
    said = [source.names.vocabulary.heading(cell.replace("_", " ")) for cell in cells]
    known = sum(bool(one.meant or one.new or one.roles & _PARTS) and not one.unit for one in said)
    return 1 < len(cells) < len(body) and known >= _MOST * len(cells)


def _line(cell: str, source: Source) -> Quantity | None:
    return source.names.find(cell.strip().rstrip("=: "))


def _transposed(
    headings: list[str], where: int, others: list[int], body: Sequence[Row], source: Source
) -> bool:
    """Whether each other column is a student: none is called an answer, and no line comes twice."""
    named = [headings[i] for i in others if i < len(headings) and headings[i].strip()]
    lines = [_line(row[where], source) for _, row in body if where < len(row)]
    return (
        where == 0
        and len(named) > 1
        and len(set(lines)) == len(lines)
        and not any(who(h) or h.strip().lower().startswith(_ANSWER) or _ROUND.match(h.strip()) for h in named)
        and any(
            source.names.vocabulary.find(h) in (None, NOTHING) for h in named
        )  # “old” and “new” are nobody
    )


def _roles(
    headings: list[str], others: list[int], body: Sequence[Row], where: int, source: Source
) -> tuple[int | None, int]:
    """The columns of the student (if any) and of the answer: by their headings, else by what they hold."""
    kinds = {i: who(headings[i]) for i in others if i < len(headings)}
    values = [
        i for i in others if i < len(headings) and headings[i].strip().lower().startswith(_ANSWER)
    ] or sorted(
        (i for i in others if kinds.get(i) is None),
        key=lambda i: _digits(body, i),
    )
    value = values[-1] if values else others[-1]
    vocabulary = source.names.vocabulary
    aside = {
        i for i in others if i < len(headings) and (vocabulary.find(headings[i]) or NOTHING).roles & _ASIDE
    }
    rest = [i for i in others if i != value and i not in aside and not _are_steps(body, i)]
    known = sorted((kind.value, i) for i in rest if (kind := kinds.get(i)) is not None and kind not in NOBODY)
    spare = [i for i in rest if kinds.get(i) is None and (_repeats(body, where) or _repeats(body, i))]
    return (known[0][1] if known else spare[0] if spare else None), value


def _are_steps(body: Sequence[Row], i: int) -> bool:
    """Whether the cells of a column are but the numbers of the parts of a sheet, or dashes."""
    cells = {row[i].strip() for _, row in body if i < len(row)} - {"", "-", "–"}
    return all(cell.isdecimal() and len(cell) < 3 for cell in cells)  # noqa: PLR2004 - no student's number


def _repeats(body: Sequence[Row], i: int) -> bool:
    """Whether something stands in a column several times: a line that several answer, or who answers several."""
    cells = [row[i].strip() for _, row in body if i < len(row) and row[i].strip()]
    return len(cells) < 2 or len(set(cells)) < len(cells)  # noqa: PLR2004 - one row says nothing


def _digits(body: Sequence[Row], i: int) -> tuple[int, int]:
    """How many cells of a column look like numbers; of equals the rightmost."""
    cells = [row[i].strip() for _, row in body[:_SAMPLE] if i < len(row)]
    return sum(cell.lstrip("'=+-−. ")[:1].isdigit() for cell in cells), i


def _of_one(
    body: Sequence[Row], columns: tuple[int, int | None], values: Sequence[int], keeper: Keeper
) -> int:
    """Rows of line and answer of one student, perhaps with headings between; gives the first of these rows.

    columns: that of the lines' names, and that of the sheet's parts, if there is one.
    """
    first, part = 0, ""
    where, sections = columns
    for number, row in body:
        if sections is not None and sections < len(row) and row[sections].strip() not in ("", part):
            part = row[sections].strip()
            keeper.head(part.replace("_", " "))
        written = row[where] if where < len(row) else ""
        cells = [answer(row[i]) for i in values if i != sections and i < len(row) and row[i].strip()]
        text = only(cells)
        if not written.strip():
            continue
        first = first or number
        quantity = _line(written, keeper.found.source) or _only(written, keeper.found.source)
        quantity = quantity or keeper.line_of(written.strip().rstrip("=: "), keeper.context)
        if quantity is None and not text:
            keeper.head(written)
        else:
            keep(NamedAnswer(written.strip().rstrip("=: "), text, quantity), f"row {number}", keeper)
    return first


def _by_row(
    body: Sequence[Row],
    roles: tuple[int | None, int, int, int | None],
    aside: Collection[int | None],
    sheet: SourceTable,
) -> None:
    """Rows of student, line and answer, perhaps with the problem's code; a blank student is the one above.

    aside: columns in which no answer stands.
    """
    student, where, value, code = roles
    source = sheet.source
    found: dict[tuple[str, str], tuple[int, Answers]] = {}
    lines: dict[str, Quantity | None] = {}
    written_by: dict[tuple[str, str], list[tuple[int, Sequence[str]]]] = {}
    name = problem = ""
    for number, row in body:
        if student is not None and student < len(row) and answer(row[student]):
            name = answer(row[student])
        if code is not None and code < len(row) and answer(row[code]):
            problem = answer(row[code])
        written = row[where] if where < len(row) else ""
        if not written.strip():
            continue
        if written not in lines:
            lines[written] = _line(written, source) or _only(written, source)
        quantity = lines[written]
        own = (name, problem)  # of one student there may be several exercises
        cells = [cell for i, cell in enumerate(row) if i not in aside] if who(written) is None else []
        written_by.setdefault(own, []).append((number, cells))
        if quantity is None and who(written) is None:
            sheet.unknown(f"row {number}", written)
            continue
        if own not in found and len(found) >= MAX_STUDENTS:
            sheet.complain(f"row {number}", f"the students after the first {MAX_STUDENTS:,} are not read")
            break
        _, answers = found.setdefault(own, (number, Answers(source, name)))
        if problem and not answers.codes:
            answers.belongs(problem)
        answers.here = sheet.at(f"row {number}")
        _keep(answers, quantity, written, answer(row[value]) if value < len(row) else "")
    for own, cells_by_row in written_by.items():
        _account(cells_by_row, found[own][1] if own in found else None, sheet)
    sheet.reading.submissions += [
        answers.submission(sheet.at(f"row {first}")) for first, answers in found.values()
    ]


def _account(rows: Sequence[Row], answers: Answers | None, sheet: SourceTable) -> None:
    """Leave what looks like an answer and was not read to a person; answers: those of whom the rows are, if any."""
    if answers is not None:
        account(cells_of(rows), answers, sheet)
    else:
        account_unread(cells_of(rows), sheet)


def _keep(answers: Answers, quantity: Quantity | None, written: str, text: str) -> None:
    """An answer to a line; else what stands beside “code” or “name”."""
    if quantity is not None:
        answers.put(quantity, text)
    else:
        answers.named(written, text)


def _only(written: str, source: Source) -> Quantity | None:
    meant = quantities(written, source.names)
    return meant[0] if len(meant) == 1 else None


def _by_column(body: Sequence[Row], where: int, headings: list[str], sheet: SourceTable) -> None:
    """A column a student, a row a line."""
    source = sheet.source
    found = [(i, Answers(source, answer(h))) for i, h in enumerate(headings) if i != where and h.strip()]
    for number, row in body:
        written = row[where] if where < len(row) else ""
        if not written.strip():
            continue
        quantity = _line(written, source) or _only(written, source)
        if quantity is None and who(written) is None:
            sheet.unknown(f"row {number}", written)
            for i, answers in found:
                if i < len(row) and is_answer_like(row[i], source):
                    answers.leave(f"{written}: {row[i]}", sheet.at(f"row {number}"))
            continue
        for i, answers in found:
            answers.here = sheet.at(f"row {number}")
            _keep(answers, quantity, written, answer(row[i]) if i < len(row) else "")
    sheet.reading.submissions += [answers.submission(sheet.at(f"column {i + 1}")) for i, answers in found]
