"""Reports as lines of JSON that differ only in whose they are: made once, and addressed without being read again.

In a course of thousands most sheets are alike to somebody's; reading a line and writing it anew would take longer
than judging it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

NOBODY = "@"  # stands for the student: a judgement does not depend on who it is
# In JSON a quote inside of text bears a backslash: this can stand nowhere else.
_WHOSE = f'"student": "{NOBODY}"'


def addressed(line: str, student: str) -> str:
    """The report made for NOBODY as the report for a student."""
    return line.replace(_WHOSE, f'"student": {json.dumps(student, ensure_ascii=False)}', 1)


def with_columns(line: str, columns: Mapping[str, Any]) -> str:
    """A report with other values before its own."""
    return f"{json.dumps(columns, ensure_ascii=False)[:-1]}, {line[1:]}"
