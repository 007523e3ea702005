"""Cells of tables that are written for spreadsheets."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")
_STARTERS = frozenset("=+-@−＝＋－＠")  # the wide ones begin a formula in some settings


def safe(text: str) -> str:
    """A text for a cell that no spreadsheet takes for a formula; numbers, negative ones too, stay as they are."""
    if text.lstrip()[:1] in _STARTERS or text[:1] in ("\t", "\r", "\n"):
        return text if _NUMBER.fullmatch(text) else f"'{text}"
    return text


def bare(cell: str) -> str:
    """What `safe` was given: the guard taken off again, and no other apostrophe, such as that of ’t Hooft."""
    return cell[1:] if cell[:1] == "'" and safe(cell[1:]) == cell else cell
