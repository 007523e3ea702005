"""Lines `name = value`, in .txt and .md files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.formats import decode
from grader.numbers import clean
from grader.submission import Names, Reading, Submission, is_student_key, student_name

if TYPE_CHECKING:
    from pathlib import Path

    from exercises.quantity import Quantity

_LINE = re.compile(
    r"\s*(?:[-*+]\s+|\d+[.)]\s+)?(?P<name>[^=:≈]{1,200}?)\s*(?::=|=|:|≈)\s*(?P<value>.*)", re.DOTALL
)
_WRAPPING = "`|$ \t"
MAX_LINES = 20_000


def read(data: bytes, path: Path, names: Names) -> Reading:
    """One student's lines. The last of two answers to one quantity counts."""
    student, remarks = "", list[str]()
    complaints: list[str] = []
    shown = clean(str(path), 200)
    found: dict[Quantity, str] = {}
    for number, raw in enumerate(decode(data).splitlines()[:MAX_LINES], 1):
        line = raw.strip().strip(_WRAPPING)
        if not line or line.startswith(("#", "//", "---", "```")):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        name, value = match["name"].strip(_WRAPPING), match["value"].rpartition("=")[2].strip(_WRAPPING)
        if is_student_key(name):
            student = value
            continue
        quantity = names.find(name)
        if quantity is None:
            complaints.append(f"{shown}, line {number}: {names.unknown(name)}")
            continue
        if quantity in found:
            remarks.append(f"{quantity.name} was answered twice; the last answer counts.")
        found[quantity] = value
    if not found:
        return Reading(complaints=[*complaints[:5], f"{shown}: no line “name = value” of this problem found"])
    submission = Submission(student_name(student, path), str(path), found, remarks=tuple(remarks))
    return Reading([submission], complaints)
