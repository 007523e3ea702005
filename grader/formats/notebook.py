"""`.ipynb`: simple assignments of code cells and the lines of Markdown cells. Nothing is run, outputs are ignored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from grader.formats.json_ import Pairs, load
from grader.formats.source import Answers, Sheet
from grader.formats.text import MAX_LINE, lines
from grader.submission import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.formats.source import Source

MAX_CELLS = 5_000
MAX_HELPERS = 500  # names that are no lines; only those that resemble one are told
MAX_CODE_LINES = 50_000  # of all cells together
_ASSIGNMENT = re.compile(
    r"(?P<name>[^\W\d]\w{0,80})\s*(?::\s*[\w.]{1,40}\s*)?=(?!=)\s*(?P<value>.*?)\s*;?\s*", re.DOTALL
)
_SEVERAL = re.compile(r"(?P<names>[^\W\d]\w*(?:\s*(?:,|=)\s*[^\W\d]\w*)+)\s*=(?!=)\s*(?P<values>.+)")
_STRING = re.compile(r"""[rbuf]?(['"])(?P<text>[^'"\\]*)\1""")
_COMMENT = re.compile(r"""^((?:[^'"#]|'[^']*'|"[^"]*")*)#.*$""")


def read(data: bytes, source: Source) -> Reading:
    """One student's notebook."""
    reading = Reading()
    content = load(data, source, reading)
    if reading.complaints:
        return reading
    found = Answers(source)
    helpers: set[str] = set()
    left = MAX_CODE_LINES
    for number, (kind, text) in enumerate(_cells(content), 1):
        sheet = Sheet(source, reading, f"cell {number}")
        if kind == "markdown":
            lines(text, found, sheet)
        elif kind == "code":
            cell = text.splitlines()[: max(left, 0)]
            left -= len(cell)
            _code(cell, found, sheet, helpers)
    if left <= 0:
        source.complain(reading, "", f"only the first {MAX_CODE_LINES:,} lines of code are read")
    if not found.texts:
        del reading.complaints[5:]
        source.complain(
            reading, "", "no assignment such as “a3 = 0.5” to a line of this problem in this notebook"
        )
        return reading
    reading.submissions.append(found.submission())
    return reading


def _cells(content: Any) -> Iterator[tuple[str, str]]:
    """The kind and source of each cell, also of notebooks of format 3."""
    cells = content.get("cells") if isinstance(content, Pairs) else None
    if cells is None and isinstance(content, Pairs):
        sheets = content.get("worksheets")
        cells = [
            cell
            for sheet in (sheets if isinstance(sheets, list) else [])
            if isinstance(sheet, Pairs) and isinstance(sheet.get("cells"), list)
            for cell in sheet.get("cells")
        ]
    for cell in cells[:MAX_CELLS] if isinstance(cells, list) else []:
        if not isinstance(cell, Pairs):
            continue
        text = cell.get("source") or cell.get("input")
        if isinstance(text, list):
            text = "".join(part for part in text if isinstance(part, str))
        if isinstance(text, str):
            yield str(cell.get("cell_type")), text


def _code(cell: list[str], found: Answers, sheet: Sheet, helpers: set[str]) -> None:
    names = found.source.names
    for number, line in enumerate(_joined(cell), 1):
        if len(line) > MAX_LINE:
            continue
        place = f"line {number}"
        bare = (_COMMENT.sub(r"\1", line) if "#" in line else line).strip()
        match = _ASSIGNMENT.fullmatch(bare)
        if match is None or _SEVERAL.fullmatch(bare):
            _several(bare, place, found, sheet)
            continue
        string = _STRING.fullmatch(match["value"])
        known = found.named(match["name"], string["text"] if string else match["value"])
        if not known and match["name"] not in helpers and len(helpers) < MAX_HELPERS:
            helpers.add(match["name"])
            if match["name"] not in names.given and "did you mean" in names.unknown(match["name"]):
                sheet.unknown(place, match["name"])


def _several(bare: str, place: str, found: Answers, sheet: Sheet) -> None:
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
