"""Lines `name = value` and Markdown tables, in .txt and .md files and in notebooks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.answers.numbers import Typed, read_number
from grader.files.extraction.accounted import account
from grader.files.extraction.decode import decode
from grader.files.extraction.keeper import Keeper
from grader.files.extraction.keeping import keep
from grader.files.extraction.lines import pieces
from grader.files.extraction.peel import peeled
from grader.files.extraction.session import prompt_of
from grader.files.extraction.source import Answers, SourceTable
from grader.files.extraction.submission import Reading
from grader.files.extraction.waiting import alone, settle
from grader.files.labels.cells import EMPHASIS, FENCES, bare
from grader.files.labels.headings import who
from grader.files.labels.tidy import FULL_WIDTH, tidy
from grader.files.tables.markdown_table import DRAWN, FRAME, is_row, read_table
from grader.files.tables.plain_table import PlainTable

if TYPE_CHECKING:
    from grader.files.extraction.source import Source

MAX_LINES = 20_000
MAX_LINE = 2_000
OBSERVED = 100_000  # characters in which it is seen how names are written
_BULLET = re.compile(
    r"(?:>\s*)*(?:[-*+•]\s+(?:\[[ xX✓]\]\s+)?|\d{1,3}[.)]\s+|[1-9]\d?\.\d{1,2}[.)]?\s+(?=[^\W\d]|[∂\\$])|\[\d{1,3}\]\s+)?"
)
_RULED = re.compile(r"([=~*_#+-])\1+[^=:≈]{1,80}\1+")  # == Forward pass ==
_LEAD = re.compile(
    r"(?P<mark>\*\*|__)(?P<lead>[^*_=≈:\d]{2,60})(?:[.:](?P=mark)|(?P=mark)[.:])\s+(?=[^\W\d]|[∂\\$])"
)
_TAG = re.compile(r"\[(?P<said>[A-Za-z][A-Za-z ]{1,9})\d?\s?\]\s+(?=[^\W\d]|[∂\\$])")
_ENDED = re.compile(r"(?P<number>\d[.,]\d+)\s*[.;✓✔]+$")
_SENTENCES = re.compile(r"(?:(?<=[^\W\d_]{3})|(?<=\d)|(?<=\)))\.\s+(?=[A-ZÄÖÜÉ][a-zäöüé’']*\s)")
_STRUCK = re.compile(r"~~(?P<name>[^~=≈]{1,60})[=≈][^~]{0,200}~~")
_TABBED = re.compile(r"[^\t=:≈]{0,60}(?:\t[^\t=≈]*){2,}")  # three columns or more
_MARK = re.compile(r"[#/]+\s*(?:\d{1,3}[.):]?\s+)?")
HOLDS_NUMBER = re.compile(r"[.,]\d")
_COMMA_HEAD = re.compile(
    r"\s*(?:unit|node|neuron|weight|quantity|name|param\w*|gewicht|größe|neurone?)\s*,[^,=:\d]+,[^=:\d]+",
    re.IGNORECASE,
)
_COMMA_ROW = re.compile(r"[^,=]{1,40}[,:](?:\s*[^,=]*,)+[^,=]*")
_AMPERSANDS = re.compile(r"[^&]*(?:&(?!=|\s*(?:=|\\approx))[^&=]*)+(?:\\\\|\\hline|\\midrule|\s)*")
_ROW_END = re.compile(r"(?:\\\\|\\hline|\\midrule|\\bottomrule|\s)+$")
_GAP = re.compile(r"\s{2,}")
_RELATED = re.compile(r"[=≈→:|]")
_COMMA = re.compile(r"\s*(?:,|(?<=\w):(?=\s))\s*")
_SKIPPED = ("#", "//", "---", "```")


def read(data: bytes, source: Source) -> Reading:
    """One student's lines."""
    reading = Reading()
    found = Answers(source)
    text = decode(data)
    source.names.observe(_observed(text))
    lines(text, found, SourceTable(source, reading))
    if not found.texts:
        del reading.complaints[5:]
        reading.left_over = found.left_over
        source.complain(reading, "", "no line “name = value” of this problem found")
        return reading
    reading.submissions.append(found.submission())
    return reading


def _observed(text: str) -> str:
    """The text in which it is seen how names are written; of a session also what was printed, with its names."""
    if prompt_of(text) is None and not any(sign in text for sign in ("tensor(", "array(")):
        return text[:OBSERVED]
    return "\n".join([text[:OBSERVED], *(line for _, line in peeled(text, MAX_LINES))])


def lines(text: str, found: Answers, sheet: SourceTable) -> None:
    """Gather the answers of a text, which may be a part of a file."""
    keeper = Keeper(found, sheet)
    table: list[tuple[int, str]] = []
    columns: PlainTable | None = None
    every = text.splitlines()
    peel = peeled(text, MAX_LINES)
    for number, drawn in [*peel, (peel[-1][0] + 1 if peel else 1, "")]:
        raw = drawn if drawn.isascii() else drawn.translate(DRAWN)
        line = raw.strip()
        place = f"line {number}"
        if FRAME.fullmatch(line):
            continue
        if (row := _as_row(raw, line, table, keeper)) is not None:
            table.append((number, row))
            continue
        if table:
            read_table(table, keeper)
            table = []
        if columns is not None and columns.row(line, place, keeper):
            continue
        columns = PlainTable.begin(raw, keeper) if len(line) <= MAX_LINE else None
        if columns is not None:
            continue
        if len(line) <= MAX_LINE:
            _sentences(line, place, keeper)
        elif not overlong(line, found):
            sheet.complain(place, f"longer than {MAX_LINE:,} characters; not read")
    settle(keeper)
    account([(f"line {number}", line) for number, line in peel], found, sheet)
    if len(every) > MAX_LINES:
        sheet.complain("", f"only the first {MAX_LINES:,} lines are read")


def _as_row(raw: str, line: str, table: list[tuple[int, str]], keeper: Keeper) -> str | None:
    """A line as a row of a table in Markdown; None if it is none."""
    if (cells := _cells(raw, table) or _with_working(line, keeper)) is not None:
        line = f"| {' | '.join(cells)} |"
    return line if is_row(line) and len(line) <= MAX_LINE else None


def _cells(raw: str, table: list[tuple[int, str]]) -> list[str] | None:
    """The cells of a line that is a row of three columns or more, between tabs, or between commas below a head in words."""
    if len(raw) > MAX_LINE:
        return None
    if "\t" in raw and _TABBED.fullmatch(raw.rstrip()):
        return raw.rstrip().split("\t")
    if "&" in raw and _AMPERSANDS.fullmatch(raw.strip()):
        cells = [cell.strip() for cell in _ROW_END.sub("", raw.strip()).split("&")]
        return cells if len(cells) > 2 or table else None  # noqa: PLR2004 - fewer are two sides of an equation
    if (
        raw.count(",") > 1
        and "|" not in raw
        and (_COMMA_HEAD.fullmatch(raw) or (table and _COMMA_ROW.fullmatch(raw)))
    ):
        cells = _COMMA.split(raw.strip())
        return cells if not table or len(cells) == table[-1][1].count(" | ") + 1 else None
    return None


def _with_working(line: str, keeper: Keeper) -> list[str] | None:
    """The cells of a line that is a name, its working and its number, with wide gaps between."""
    cells = _GAP.split(line) if "  " in line and len(line) <= MAX_LINE and not _RELATED.search(line) else []
    if len(cells) < 3 or keeper.names.find(bare(cells[0])) is None:  # noqa: PLR2004 - name, working, number
        return None
    numbers = [isinstance(read_number(cell), Typed) for cell in cells[1:]]
    return cells if numbers[-1] and not any(numbers[:-1]) else None


def overlong(line: str, found: Answers) -> bool:
    """Keep the answer of a line that is too long to be taken apart; whether it is one.

    It is kept whole, or so much of it that its length is seen: half an expression would be another answer.
    """
    name, _, value = line.partition("=")
    written = bare(_BULLET.sub("", name[:MAX_LINE].strip(), count=1))
    return found.source.names.find(written) is not None and found.named(written, value.strip(EMPHASIS))


def _sentences(line: str, place: str, keeper: Keeper) -> None:
    """A line, sentence by sentence; what is said behind the last number is no heading."""
    parts = _SENTENCES.split(line)
    last = max((at for at, part in enumerate(parts) if HOLDS_NUMBER.search(part)), default=len(parts))
    for part in parts[: last + 1]:
        _line(part, place, keeper)


def _line(line: str, place: str, keeper: Keeper) -> None:
    if alone(line.translate(FULL_WIDTH), place, keeper):
        return
    if line.startswith(("#", "//")) and HOLDS_NUMBER.search(line):
        bare_line = _MARK.sub("", line)
        found = pieces(tidy(bare_line), keeper)
        line = bare_line if found and all(piece.quantity for piece in found) else line  # # a3 = 0.755
    if not line or line.startswith(_SKIPPED) or _RULED.fullmatch(line):
        keeper.head(line)
    else:
        _answers(line, place, keeper)
    keeper.rest(line, place)


def _answers(line: str, place: str, keeper: Keeper) -> None:
    """Keep the answers of a line, or see what it says as a heading."""
    names = keeper.found.source.names
    lead = _LEAD.match(line)
    if lead is not None and "=" in line and who(lead["lead"]) is None and names.find(lead["lead"]) is None:
        keeper.head(lead["lead"])  # **Check run.** With these weights …
        line = line[lead.end() :]
    if (tag := _TAG.match(line)) is not None:  # [GRAD] dE/dW13=…
        said = names.vocabulary.heading(tag["said"])
        keeper.context = said if said.meant & {"gradient"} or said.new else keeper.context
        line = line[tag.end() :]
    line = _ENDED.sub(r"\g<number>", _BULLET.sub("", tidy(line), count=1).strip(FENCES))
    line = _STRUCK.sub(lambda m: m[0] if names.find(m["name"].strip()) is None else "", line).strip()
    found = pieces(line, keeper)
    for piece in found:
        keep(piece, place, keeper)
    if not found:
        keeper.head(line)
        keeper.prose(line, place)
