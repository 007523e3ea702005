"""Whose a sheet is and which problem it answers, as typed on it: name, ID, code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exercises.networks.notation import plain
from grader.answers.numbers import clean

if TYPE_CHECKING:
    from pathlib import Path


STUDENT_KEYS = frozenset({"student", "name", "studentname", "fullname"})


CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")


_TYPED_CODE = re.compile(r"(?<![\w-])(\w{4}) ?[-‐‑–—−_] ?(\w{4})(?![\w-])")


_MISREAD = str.maketrans("OIL", "011")  # letters that no code has, for the digits that they look like


def is_student_key(written: str) -> bool:
    """Whether a name in a file announces the student."""
    return plain(written[:60]).lower() in STUDENT_KEYS


def code_in(text: str) -> str:
    """The problem code that somebody typed, in its own letters: `0h39-t9cv`, `Problem O H39–T9CV`; empty if none.

    Where only letters stand they must be capitals, since “back-prop” is no code.
    """
    for found in _TYPED_CODE.finditer(text[:400]):
        typed = f"{found[1]}-{found[2]}"
        code = typed.upper().translate(_MISREAD)
        if CODE.fullmatch(code) and (typed.isupper() or any(c.isdigit() for c in typed)):
            return code
    return ""


def student_name(text: str, path: Path) -> str:
    """A student's name for reports: cleaned, never empty."""
    return clean(text, 80) or clean(path.stem, 80) or "unnamed"
