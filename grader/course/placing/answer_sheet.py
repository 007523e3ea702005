"""What was read of one student's sheet: answers as they were typed, before anything is made of them."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - whoever reads a sheet back asks for its fields' types
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from exercises.problems.questions import line_of
from grader.files.extraction.submission import NOT_ASKED, unread_half

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """Answers to one problem, as read.

    file, place: where they stood; the place is empty where a file is one sheet.
    student:     the name on the sheet, or the file's if there is none.
    student_id:  the ID on the sheet, or empty.
    code:        the code that the sheet bears, or empty.
    like:        a code of a problem whose lines have the same names: the sheet was read as one of its kind.
    answers:     what was typed, by canonical name.
    remarks:     what was noticed while reading, one sentence each.
    places:      where each answer stood in the file, by canonical name, and `by` what it was read.
    left_over:   what looks like an answer and was not read, each with its place.
    part:        a page of a sheet on paper, before it is put together with others and read; see `SheetPart`.
    read:        of a sheet on paper how each answer was read: likely numbers, and where it stands.
    """

    file: str
    place: str = ""
    student: str = ""
    student_id: str = ""
    code: str = ""
    like: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    left_over: tuple[tuple[str, str], ...] = ()
    by: str = ""
    part: Mapping[str, Any] | None = None
    read: Mapping[str, Any] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """For messages and tables."""
        return f"{self.file}, {self.place}" if self.place else self.file

    @property
    def answered(self) -> int:
        """How many lines hold an answer."""
        return sum(map(_is_answer, self.answers.values()))

    @property
    def is_blank(self) -> bool:
        """Whether none does."""
        return not any(map(_is_answer, self.answers.values()))

    def has_fewer(self, lines: int) -> bool:
        """Whether fewer lines hold an answer."""
        return lines > 0 and self.answered < lines

    @property
    def doubt(self) -> str:
        """What to say where a person must look as less than half was read; else empty."""
        return unread_half(len(self.left_over), self.answered) if self.by and self.left_over else ""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> AnswerSheet:
        """The sheet again."""
        left = tuple((str(text), str(where)) for text, where in content.get("left_over", ()))
        return cls(**{**content, "remarks": tuple(content["remarks"]), "left_over": left})

    @property
    def as_read(self) -> tuple[dict[str, str], tuple[str, ...], dict[str, str], list[tuple[str, str]], str]:
        """All that a judgement follows from: answers, remarks, their places, what was left over, what it was read by."""
        return dict(self.answers), self.remarks, dict(self.places), list(self.left_over), self.by


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One file that was handed in.

    name:       its path as it was named, with forward slashes.
    modified:   when it was last changed, in seconds since 1970; of two files the later one counts.
    digest:     of its bytes.
    sheets:     what was read; none if nothing could be.
    complaints: what could not be read, one sentence each, with the place.
    """

    name: str
    modified: float
    digest: str
    sheets: tuple[AnswerSheet, ...] = ()
    complaints: tuple[str, ...] = ()


def _is_answer(text: str) -> bool:
    return bool(text.strip()) and text != NOT_ASKED


def by_name(problem: Problem) -> dict[str, Quantity]:
    """Every line of a problem, and every question's answer, by its canonical name."""
    found = {step.quantity.name: step.quantity for step in problem.graph.steps}
    return found | {question.name: line_of(question) for question in problem.questions}


COVER = "a cover, on which nothing is asked; passed over"


def is_hidden(name: str) -> bool:
    """Whether a file's name is that of one which programs leave behind, such as .DS_Store or ~$answers.xlsx."""
    path = PurePath(name)
    return path.name.startswith((".", "~$")) or "__MACOSX" in path.parts
