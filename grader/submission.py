"""What a student handed in: texts by quantity, whatever file they came in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exercises.notation import plain
from grader.names import Names
from grader.numbers import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from exercises.quantity import Quantity

__all__ = ["CODE", "MAX_BYTES", "Names", "Reading", "Submission", "code_in", "is_student_key", "student_name"]
MAX_BYTES = 20_000_000
STUDENT_KEYS = frozenset({"student", "name", "studentname", "fullname"})
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")
_TYPED_CODE = re.compile(r"(?<![\w-])(\w{4}) ?[-‐‑–—−_] ?(\w{4})(?![\w-])")
_MISREAD = str.maketrans("OIL", "011")  # letters that no code has, for the digits that they look like


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's answers to one problem.

    student: who, as given in the file, or the file's stem.
    origin:  the file, for messages.
    texts:   what was typed, by quantity; nothing has been read as a number yet.
    code:    the code of the problem that the sheet says it belongs to, if it says so.
    remarks: what was noticed on the way, one sentence each, such as an answer given twice.
    student_id: the student's number or other ID, if the file gives one.
    """

    student: str
    origin: str
    texts: Mapping[Quantity, str]
    code: str = ""
    remarks: tuple[str, ...] = ()
    student_id: str = ""


@dataclass(slots=True)
class Reading:
    """What came out of one file: submissions, and complaints about what could not be read."""

    submissions: list[Submission] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


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
