"""One cell of a table: as spreadsheets and forms write it, and as we write it for a spreadsheet."""

from __future__ import annotations

import re

_QUOTED_FORMULA = re.compile(r'="([^"]*)"')
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")
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


def safe(text: str) -> str:
    """A text for a cell that no spreadsheet takes for a formula; numbers, negative ones too, stay as they are."""
    if text.lstrip()[:1] in ("=", "+", "-", "@", "−") or text[:1] in ("\t", "\r", "\n"):
        return text if _NUMBER.fullmatch(text) else f"'{text}"
    return text
