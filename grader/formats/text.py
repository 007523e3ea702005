"""Lines `name = value` and Markdown tables, in .txt and .md files and in notebooks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.formats import decode
from grader.formats.markdown_table import is_row, read_table
from grader.formats.source import Answers, Sheet
from grader.numbers import Typed, read_number
from grader.submission import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.formats.source import Source

MAX_LINES = 20_000
MAX_LINE = 2_000
_BULLET = re.compile(r"(?:>\s*)*(?:[-*+•]\s+|\d{1,3}[.)]\s+)?")
_LINE = re.compile(r"(?P<name>[^=:≈→]{1,200}?)\s*(?::=|=|:|≈|→)\s*(?P<value>.*)", re.DOTALL)
_BARE = re.compile(r"(?P<name>\S{1,60})\s+(?P<value>[-−–+]?\s?[.,]?\d\S*)")
_WRAPPING = "`|$* \t"
_LATEX = (
    (r"\approx", "≈"),
    (r"\simeq", "≈"),
    (r"\doteq", "≈"),
    ("&", ""),
    ("->", "→"),
    (r"\(", ""),
    (r"\)", ""),
)
_NEXT = re.compile(r"[;,]\s+(?=[^=:≈;,]{1,60}[=:≈])")
_RUN_ON = re.compile(r"(?<=[\d.])\s+(?=[^\s=:≈]{1,40}\s*[=≈])")
_SKIPPED = ("#", "//", "---", "```")


def read(data: bytes, source: Source) -> Reading:
    """One student's lines."""
    reading = Reading()
    found = Answers(source)
    lines(decode(data), found, Sheet(source, reading))
    if not found.texts:
        del reading.complaints[5:]
        source.complain(reading, "", "no line “name = value” of this problem found")
        return reading
    reading.submissions.append(found.submission())
    return reading


def lines(text: str, found: Answers, sheet: Sheet) -> None:
    """Gather the answers of a text, which may be a part of a file."""
    table: list[str] = []
    every = text.splitlines()
    for number, raw in enumerate([*every[:MAX_LINES], ""], 1):
        line = raw.strip()
        if is_row(line) and len(line) <= MAX_LINE:
            table.append(line)
            continue
        if table:
            read_table(table, number - len(table), found, sheet)
            table = []
        if len(line) > MAX_LINE:
            sheet.complain(f"line {number}", f"longer than {MAX_LINE} characters; its end is not read")
        _line(line[:MAX_LINE], f"line {number}", found, sheet)
    if len(every) > MAX_LINES:
        sheet.complain("", f"only the first {MAX_LINES:,} lines are read")


def _line(line: str, place: str, found: Answers, sheet: Sheet) -> None:
    if not line or line.startswith(_SKIPPED):
        return
    for written, mark in _LATEX:
        line = line.replace(written, mark)
    line = line.removesuffix("\\\\")
    for piece in _pieces(_BULLET.sub("", line, count=1).strip(_WRAPPING), found):
        match = _LINE.fullmatch(piece)
        if match is None:
            bare = _BARE.fullmatch(piece)
            if bare is not None and found.source.names.find(bare["name"]) is not None:
                found.named(bare["name"], bare["value"])
            continue
        name = match["name"].strip(_WRAPPING)
        if not found.named(name, match["value"].strip(_WRAPPING)):
            sheet.unknown(place, name)


def _pieces(line: str, found: Answers) -> Iterator[str]:
    """A line, or its parts where it holds several answers: `a3 = 0.1, y3 = 0.2`, `a3 = 0.1  y3 = 0.2`."""
    for separator in (_NEXT, _RUN_ON):
        parts = separator.split(line)
        if len(parts) > 1 and all(_names_a_line(part, found, bare=separator is _RUN_ON) for part in parts):
            yield from parts
            return
    yield line


def _names_a_line(part: str, found: Answers, *, bare: bool) -> bool:
    """Whether a part is an answer of its own; `bare` if it must be a mere number, with no working in it."""
    match = _LINE.fullmatch(part)
    if match is None or found.source.names.find(match["name"].strip(_WRAPPING)) is None:
        return False
    return not bare or isinstance(read_number(match["value"].strip(_WRAPPING)), Typed)
