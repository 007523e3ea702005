"""What a student handed in: texts by quantity, whatever file they came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.formulas.quantity import Quantity
    from grader.scans.parts import SheetPart

MAX_BYTES = 20_000_000
NOT_ASKED = "\ufdd0"  # in place of an answer that the file had no room for; no character: nobody can write it


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
    """What came out of one file: submissions, parts of sheets, and complaints about what could not be read."""

    submissions: list[Submission] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    parts: list[SheetPart] = field(default_factory=list)
