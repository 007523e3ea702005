"""One cell of a table: as spreadsheets and forms write it, and as we write it for a spreadsheet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exercises.common.csv_cells import safe
from grader.answers.numbers import Typed, read_number

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["EMPHASIS", "FENCES", "answer", "bare", "only", "safe"]
_QUOTED_FORMULA = re.compile(r'="([^"]*)"')
FENCES = "`|$ \t"
EMPHASIS = FENCES + "*"  # what Markdown wraps around a name or an answer
_BLANK = frozenset({"-", "–", "—", "n/a", "N/A", "[No Answer]", "No answer given"})


def answer(cell: str) -> str:
    """What was answered: without the marks that keep a spreadsheet from calculating; blank if nothing was."""
    text = cell.strip()
    if not text or text[0] not in "'=-–—nN[":  # nearly every cell
        return text
    if text in _BLANK:
        return ""
    if text[0] == "'":
        inner = text[1:].strip()
        twice = text[1:2].isspace() and inner.startswith("'")  # a guard before a line end, and one behind it
        return inner[1:] if twice else inner
    quoted = _QUOTED_FORMULA.fullmatch(text)
    return quoted[1].strip() if quoted else text


def only(cells: Sequence[str]) -> str:
    """The answer among cells of which no heading tells: the last, but all of them where several numbers differ."""
    numbers = [cell for cell in cells if isinstance(read_number(answer(cell.strip(EMPHASIS))), Typed)]
    if len(set(numbers)) > 1 or (numbers and "?" in cells):
        return "; ".join(["?", *numbers] if "?" in cells else numbers)
    return cells[-1] if cells else ""


def bare(name: str) -> str:
    """A name without what Markdown wraps around it.

    A star behind a name means “new”, as in W13*, unless one stands in front too.
    """
    name = name.strip(FENCES)
    return name.strip(EMPHASIS) if name.startswith("*") else name
