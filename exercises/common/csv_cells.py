"""Cells of tables that are written for spreadsheets."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")
_STARTERS = frozenset("=+-@−＝＋－＠")  # the wide ones begin a formula in some settings
_CLASS = re.escape("".join(sorted(_STARTERS)))
_BEGINNING = re.compile(rf"((?:^|[;\t\r\n]))(\s*[{_CLASS}][^;\t\r\n]*)")
_GUARD = re.compile(rf"((?:^|[;\t\r\n]))'(?=\s*[{_CLASS}]|[\t\r\n])")


def safe(text: str) -> str:
    """A text for a cell that no spreadsheet takes for a formula; numbers, negative ones too, stay as they are."""
    if text[:1] in ("\t", "\r", "\n"):
        text = f"'{text}"
    return _BEGINNING.sub(_guarded, text)


def _guarded(found: re.Match[str]) -> str:
    """What begins a cell, or would where another separator is in use than ours: `Anna;=1+1`."""
    between, rest = found.groups()
    return f"{between}{rest}" if _NUMBER.fullmatch(rest.strip()) else f"{between}'{rest}"


def bare(cell: str) -> str:
    """What `safe` was given: the guard taken off again, and no other apostrophe, such as that of ’t Hooft."""
    text = _GUARD.sub(r"\1", cell)
    return text if safe(text) == cell else cell
