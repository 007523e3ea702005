"""`.ipynb`: simple assignments of code cells and the lines of Markdown cells. Nothing is run.

What a cell printed when the student ran it is taken only for lines to which neither code nor text has a number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.answers.answer import read_answer
from grader.answers.numbers import Unreadable
from grader.answers.worded import NOTHING
from grader.files.extraction.accounted import account, account_unread
from grader.files.extraction.source import Answers, SourceTable
from grader.files.extraction.submission import Reading
from grader.files.forms.code_lines import entries, parted, several, with_result
from grader.files.forms.json_values import JsonPairs, load
from grader.files.forms.text import MAX_LINE, lines, overlong
from grader.files.labels.groups import dropped
from grader.files.labels.headings import PersonPart, who
from grader.files.labels.identity import code_in
from grader.files.labels.nested import label_of, line_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.files.extraction.source import Source

MAX_CELLS = 5_000
MAX_HELPERS = 500  # names that are no lines; only those that resemble one are told
MAX_OUTPUTS = 200  # of a cell
MAX_PRINTED = 20_000  # characters of a cell
MAX_CODE_LINES = 50_000  # of all cells together
_ASSIGNMENT = re.compile(
    r"(?P<name>[^\W\d]\w{0,80})\s*(?::\s*[\w.]{1,40}\s*)?=(?!=)\s*(?P<value>.*?)\s*;?\s*", re.DOTALL
)
_SEVERAL = re.compile(r"(?P<names>[^\W\d]\w*(?:\s*(?:,|=)\s*[^\W\d]\w*)+)\s*=(?!=)\s*(?P<values>.+)")
_STRING = re.compile(r"""[rbuf]?(['"])(?P<text>[^'"\\]*)\1""")


def read(data: bytes, source: Source) -> Reading:
    """One student's notebook."""
    reading = Reading()
    content = load(data, lambda fault: source.complain(reading, "", fault))
    if reading.complaints:
        return reading
    found, printed = Answers(source), Answers(source)
    helpers: set[str] = set()
    left = MAX_CODE_LINES
    cells = list(_cells(content))
    written: list[tuple[str, str]] = []
    whole = SourceTable(source, reading)
    source.names.observe("\n".join(cell.text for cell in cells))
    for number, cell in enumerate(cells, 1):
        sheet = SourceTable(source, reading, f"cell {number}")
        if cell.kind == "markdown":
            lines(cell.text, found, sheet)
        elif cell.kind == "code":
            code = cell.text.splitlines()[: max(left, 0)]
            left -= len(code)
            _code(code, found, sheet, helpers)
            written += [(sheet.at(f"line {n}"), line) for n, line in enumerate(code, 1)]
            if "print" in cell.text:
                lines(cell.printed, printed, SourceTable(source, Reading()))
                written += [(sheet.at("printed"), line) for line in cell.printed.splitlines()]
    _take_printed(found, printed)
    if _how_many(content) > MAX_CELLS:
        source.complain(reading, "", f"only the first {MAX_CELLS:,} cells are read")
    if left <= 0:
        source.complain(reading, "", f"only the first {MAX_CODE_LINES:,} lines of code are read")
    if not found.texts:
        del reading.complaints[5:]
        source.complain(
            reading, "", "no assignment such as “a3 = 0.5” to a line of this problem in this notebook"
        )
        account_unread(written, whole)
        return reading
    account((), found, whole, written)  # code, comments and what was printed repeat each other
    reading.submissions.append(found.submission())
    return reading


def _how_many(content: Any) -> int:
    cells = content.get("cells") if isinstance(content, JsonPairs) else None
    return len(cells) if isinstance(cells, list) else 0


class _Cell(NamedTuple):
    """One cell: what it is, its source, and what it printed."""

    kind: str
    text: str
    printed: str


def _cells(content: Any) -> Iterator[_Cell]:
    """The kind and source of each cell, also of notebooks of format 3."""
    cells = content.get("cells") if isinstance(content, JsonPairs) else None
    if cells is None and isinstance(content, JsonPairs):
        sheets = content.get("worksheets")
        cells = [
            cell
            for sheet in (sheets if isinstance(sheets, list) else [])
            if isinstance(sheet, JsonPairs) and isinstance(sheet.get("cells"), list)
            for cell in sheet.get("cells")
        ]
    for cell in cells[:MAX_CELLS] if isinstance(cells, list) else []:
        if not isinstance(cell, JsonPairs):
            continue
        text = _joined_text(cell.get("source") or cell.get("input"))
        if text is not None:
            yield _Cell(str(cell.get("cell_type")), text, _printed(cell.get("outputs")))


def _joined_text(text: Any) -> str | None:
    if isinstance(text, list):
        text = "".join(part for part in text if isinstance(part, str))
    return text if isinstance(text, str) else None


def _printed(outputs: Any) -> str:
    """What a cell printed when it was last run."""
    streams = [
        _joined_text(output.get("text")) or ""
        for output in (outputs[:MAX_OUTPUTS] if isinstance(outputs, list) else [])
        if isinstance(output, JsonPairs)
        and output.get("output_type") == "stream"
        and output.get("name") == "stdout"
    ]
    return "".join(streams)[:MAX_PRINTED]


def _take_printed(found: Answers, printed: Answers) -> None:
    """Take what was printed for lines to which the code itself has no number."""
    names = found.source.names
    taken = []
    for quantity, text in printed.texts.items():
        held = found.texts.get(quantity, "")
        if not held.strip() or isinstance(read_answer(held, names), Unreadable):
            found.texts[quantity] = text
            taken.append(quantity.name)
    if taken:
        shown = ", ".join(taken[:5]) + (" …" if len(taken) > 5 else "")  # noqa: PLR2004 - enough to see which
        found.remarks.append(f"Taken from what the notebook printed: {shown}.")


def _code(cell: list[str], found: Answers, sheet: SourceTable, helpers: set[str]) -> None:
    for number, line in enumerate(_joined(cell), 1):
        if len(line) > MAX_LINE:
            overlong(line, found)
            continue
        found.here = sheet.at(f"line {number}")
        code, comment = parted(line)
        statements = several(code)
        for statement in statements:
            _statement(
                statement, comment if len(statements) == 1 else "", f"line {number}", found, sheet, helpers
            )


def _statement(  # noqa: PLR0913, PLR0917
    code: str, comment: str, place: str, found: Answers, sheet: SourceTable, helpers: set[str]
) -> None:
    names = found.source.names
    match = _ASSIGNMENT.fullmatch(code)
    if match is None or _SEVERAL.fullmatch(code):
        _several(code, place, found, sheet)
        return
    name, value = match["name"], match["value"]
    string = _STRING.fullmatch(value)
    if value.startswith("{") and _dictionary(name, value, place, found, sheet):
        return
    if not _says_who(name, string["text"] if string else value):
        return
    known = found.named(name, string["text"] if string else with_result(value, comment, names))
    if not known and name not in helpers and len(helpers) < MAX_HELPERS:
        helpers.add(name)
        if name not in names.given and "did you mean" in names.unknown(name):
            sheet.unknown(place, name)


def _dictionary(name: str, value: str, place: str, found: Answers, sheet: SourceTable) -> bool:
    """The answers of `grads = {"W13": 0.1, …}`; whether it holds any."""
    names = found.source.names
    kept = False
    unknown = []
    over = label_of(name, names, NOTHING)
    for key, number in entries(value):
        quantity = line_in((over, label_of(key, names, over, whole=True)), names)
        if quantity is not None and not dropped(name):
            found.put(quantity, number)
            kept = True
        elif any(c.isdecimal() for c in key):
            unknown.append(key)
    for key in unknown if kept else []:
        sheet.unknown(place, key)
    return kept


def _says_who(name: str, value: str) -> bool:
    """Whether a variable such as `code` or `id` is what it is called, and not one of the program's own."""
    kind = who(name)
    if kind is PersonPart.CODE:
        return bool(code_in(value))
    return kind is not PersonPart.ID or "student" in name.lower()


def _several(bare: str, place: str, found: Answers, sheet: SourceTable) -> None:
    """Assignments to several names at once: `a3, y3 = 0.1, 0.2` is read, what is less simple is told."""
    match = _SEVERAL.fullmatch(bare)
    if match is None:
        return
    written = [name.strip() for name in re.split(r"[,=]", match["names"])]
    values = [value.strip() for value in match["values"].split(",")]
    if not any(found.source.names.find(name) for name in written):
        return
    if "=" in match["names"] or len(values) != len(written):
        sheet.complain(place, "several names are assigned at once; write a line for each")
        return
    for name, value in zip(written, values, strict=True):
        found.named(name, value)


def _joined(cell: list[str]) -> Iterator[str]:
    """The lines of a cell, those of an open bracket put together; a line keeps its number by empty ones."""
    held, depth, waiting = "", 0, 0
    for line in cell:
        held = f"{held} {line.strip()}" if held else line
        depth += sum(line.count(c) for c in "([{") - sum(line.count(c) for c in ")]}")
        if depth > 0 and waiting < 20:  # noqa: PLR2004 - lines of one expression
            waiting += 1
            continue
        yield held
        yield from [""] * waiting
        held, depth, waiting = "", 0, 0
    if held:
        yield held
