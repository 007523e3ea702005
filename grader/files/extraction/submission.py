"""What a student handed in: texts by quantity, whatever file they came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader.answers.numbers import clean
from grader.answers.unsure import for_people

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.formulas.quantity import Quantity

NOT_ASKED = "\ufdd0"  # in place of an answer that the file had no room for; no character: nobody can write it


def unread_half(left: int, read: int) -> str:
    """What to say of a sheet of which less than half was read of what looks like an answer; empty of any other."""
    return f"{left} pieces that look like answers were not read, more than were" if left > read else ""


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A piece that looks like an answer and was not read, and where it stands."""

    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's answers to one problem.

    student: who, as given in the file, or the file's stem.
    origin:  the file, for messages.
    texts:   what was typed, by quantity; nothing has been read as a number yet.
    code:    the code of the problem that the sheet says it belongs to, if it says so.
    remarks: what was noticed on the way, one sentence each, such as an answer given twice.
    student_id: the student's number or other ID, if the file gives one.
    places:  where in the file each answer stood.
    left_over: what looks like an answer and was not read.
    by:      what read it: `text`, `table`, `form` and so on.
    candidates: of handwriting, likely numbers with their probabilities, the best first.
    """

    student: str
    origin: str
    texts: Mapping[Quantity, str]
    code: str = ""
    remarks: tuple[str, ...] = ()
    student_id: str = ""
    places: Mapping[Quantity, str] = field(default_factory=dict)
    left_over: tuple[LeftOver, ...] = ()
    by: str = ""
    candidates: Mapping[Quantity, tuple[tuple[str, float], ...]] = field(default_factory=dict)

    @property
    def reads(self) -> dict[str, dict[str, Any]]:
        """How each answer was read, by canonical name: its text, where it stood, and what read it."""
        return {
            q.name: {"text": clean(for_people(self.texts[q])), "where": clean(where), "by": self.by}
            | ({"candidates": [list(one) for one in self.candidates[q]]} if q in self.candidates else {})
            for q, where in self.places.items()
            if q in self.texts
        }

    @property
    def not_read(self) -> tuple[dict[str, str], ...] | None:
        """What looks like an answer and was not read; None where nothing tells how the sheet was read."""
        return tuple({"text": one.text, "where": one.where} for one in self.left_over) if self.by else None

    @property
    def doubt(self) -> str:
        """What to say where a person must look as less than half was read; else empty."""
        return unread_half(len(self.left_over), sum(1 for text in self.texts.values() if text.strip()))


@dataclass(slots=True)
class Reading:
    """What came out of one file: submissions, parts of sheets, and complaints about what could not be read.

    left_over: what looks like an answer in a file of which nothing was read.
    held: of a reading of several files, how many of the submissions each of them held, in order, and the seconds of the
          processor that reading it took.
    on_paper: of each sheet that came on paper, who it is of, and its lines by name as `PaperLine` has them.
    """

    submissions: list[Submission] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)  # each as `SheetPart.as_json` gives it
    left_over: list[LeftOver] = field(default_factory=list)
    held: list[tuple[int, float]] = field(default_factory=list)
    on_paper: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
