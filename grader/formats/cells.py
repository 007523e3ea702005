"""One cell of a table: as spreadsheets and forms write it, and as we write it for a spreadsheet."""

from __future__ import annotations

import re

from exercises.tables import safe

__all__ = ["EMPHASIS", "FENCES", "answer", "bare", "safe"]
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
        return text[1:].strip()
    quoted = _QUOTED_FORMULA.fullmatch(text)
    return quoted[1].strip() if quoted else text


def bare(name: str) -> str:
    """A name without what Markdown wraps around it.

    A star behind a name means “new”, as in W13*, unless one stands in front too.
    """
    name = name.strip(FENCES)
    return name.strip(EMPHASIS) if name.startswith("*") else name
