"""The report on one sheet as frozen records. Plain JSON is made from them, and read back, at the edge only."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Self

    from grader.answers.numbers import Unreadable


@dataclass(frozen=True, slots=True)
class NamedMistake:
    """A mistake of the catalogue that explains an answer, and how probable it is, from 0 to 1."""

    code: str
    name: str
    probability: float


@dataclass(frozen=True, slots=True)
class Overruled:
    """What stood before a person decided, and what they remarked."""

    verdict: str
    credit: float
    out_of: float
    remark: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one answer.

    quantity:  the canonical name of the line or the question.
    label:     as the sheet writes it.
    link:      the kind of chain-rule step.
    verdict:   `correct`, `follows`, `wrong`, `missing`, `unreadable` or `not-assessed`.
    submitted: what was written; None where nothing was.
    expected, expected_from_your_values: the key's number, and what the student's own lines give; None where
        there is none, or hints only are given.
    mistakes:  what explains it, likeliest first; none where hints only are given.
    feedback:  sentences to the student.
    credit, out_of: marks.
    provisional: whether the verdict hangs on a convention that this line alone shows.
    overruled: the judgement that a person's decision took the place of.
    unread:    what could not be read, and where; for showing, no part of the JSON.
    """

    quantity: str
    label: str
    link: str
    verdict: str
    submitted: str | None
    expected: float | None
    expected_from_your_values: float | None
    mistakes: tuple[NamedMistake, ...]
    feedback: str
    credit: float
    out_of: float
    provisional: bool = False
    overruled: Overruled | None = None
    unread: Unreadable | None = None

    def with_numbers(self, submitted: str | None, own: float | None) -> Answer:
        """The same said of another sheet, where only what was written and what follows there differ."""
        return Answer(
            self.quantity, self.label, self.link, self.verdict, submitted, self.expected, own, (),
            self.feedback, self.credit, self.out_of,
        )  # fmt: skip

    def with_feedback(self, feedback: str) -> Self:
        """The same with other sentences."""
        return replace(self, feedback=feedback)

    def with_full_credit(self, feedback: str) -> Self:
        """The same with all its marks, and the reason."""
        return replace(self, credit=self.out_of, feedback=feedback)

    def without_credit(self, feedback: str) -> Self:
        """The same as a line that shows nothing: it counts, and earns no mark, for this reason."""
        return replace(self, verdict="not-assessed", credit=0.0, feedback=feedback)

    def with_verdict(self, verdict: str) -> Self:
        """The same under another verdict."""
        return replace(self, verdict=verdict)

    def without_mistakes(self) -> Self:
        """The same with no mistake named."""
        return replace(self, mistakes=()) if self.mistakes else self

    def with_decision(self, verdict: str, credit: float, out_of: float, *, remark: str, told: str) -> Self:
        """The same as a person decided it."""
        return replace(
            self, verdict=verdict, credit=credit, out_of=out_of, feedback=told,
            overruled=Overruled(self.verdict, self.credit, self.out_of, remark),
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Plain values; what most answers do not have stands at the end, where an answer has it."""
        plain: dict[str, Any] = {
            "quantity": self.quantity,
            "label": self.label,
            "link": self.link,
            "verdict": self.verdict,
            "submitted": self.submitted,
            "expected": self.expected,
            "expected_from_your_values": self.expected_from_your_values,
            "mistakes": [
                {"code": one.code, "name": one.name, "probability": one.probability} for one in self.mistakes
            ],
            "feedback": self.feedback,
            "credit": self.credit,
            "out_of": self.out_of,
        }
        if self.provisional:
            plain["provisional"] = True
        if self.overruled is not None:
            was = self.overruled
            plain["decided"] = {
                "was": {"verdict": was.verdict, "credit": was.credit, "out_of": was.out_of},
                "remark": was.remark,
            }
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Answer:
        """Read back. Raises KeyError, TypeError or ValueError where that is no answer of a report."""
        name = str(plain["quantity"])
        decided = plain.get("decided")
        return Answer(
            name,
            str(plain.get("label") or name),
            str(plain["link"]),
            str(plain["verdict"]),
            plain.get("submitted"),
            plain.get("expected"),
            plain.get("expected_from_your_values"),
            tuple(
                NamedMistake(str(one["code"]), str(one["name"]), float(one["probability"]))
                for one in plain.get("mistakes") or ()
            ),
            str(plain.get("feedback") or ""),
            float(plain["credit"]),
            float(plain["out_of"]),
            bool(plain.get("provisional")),
            Overruled(**decided["was"], remark=decided["remark"]) if decided else None,
        )


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is said of one sheet.

    problem:      the exercise's title, or its code.
    code:         of the problem.
    student:      a name; student_id: an ID where one is known, no part of the JSON.
    score, out_of: marks.
    strict_score: marks by the printed key alone.
    first_error:  the first wrong answer by its canonical name; None if there is none.
    convention:   the code of the student's own convention, if the sheet follows one.
    remarks:      sentences about the whole sheet.
    answers:      in the order of the sheet.
    flags:        `look` where a person should look at the mark; no part of the JSON where there is none.
    read:         canonical names, each with how its answer was read, {"text", "where", "by"}; in the JSON with the answer.
    left_over:    {"text", "where"} of what looks like an answer and was not read; not in the JSON where nothing was noted.
    """

    problem: str
    code: str
    student: str
    score: float = 0.0
    strict_score: float = 0.0
    out_of: float = 0.0
    first_error: str | None = None
    convention: str | None = None
    remarks: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    student_id: str = ""
    flags: tuple[str, ...] = ()
    read: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    left_over: tuple[dict[str, str], ...] | None = None

    @property
    def by_quantity(self) -> dict[str, Answer]:
        """The answers by canonical name."""
        return {answer.quantity: answer for answer in self.answers}

    @property
    def first_wrong(self) -> Answer | None:
        """The first answer that is wrong."""
        return next((a for a in self.answers if a.quantity == self.first_error), None)

    @property
    def unreadable(self) -> list[Answer]:
        """The answers that a person must look at."""
        return [answer for answer in self.answers if answer.verdict == "unreadable"]

    def with_answers(self, answers: Iterable[Answer], strict_score: float) -> Self:
        """The same with other answers, and the marks that come of them."""
        found = tuple(answers)
        return replace(
            self,
            answers=found,
            score=rounded_marks(sum(a.credit for a in found)),
            strict_score=rounded_marks(strict_score),
            out_of=rounded_marks(sum(a.out_of for a in found)),
            first_error=next((a.quantity for a in found if a.verdict == "wrong"), None),
        )

    def with_code(self, code: str) -> Self:
        """The same under the code that is printed on the sheet."""
        return replace(self, code=code)

    def with_student_id(self, student_id: str) -> Self:
        """The same with the student's ID."""
        return replace(self, student_id=student_id)

    def with_remarks(self, remarks: Iterable[str]) -> Self:
        """The same with more remarks."""
        return replace(self, remarks=(*self.remarks, *remarks))

    def as_json(self) -> dict[str, Any]:
        """The record of `byhand grade --json`; what most reports do not have stands at the end."""
        plain: dict[str, Any] = {
            "problem": self.problem,
            "code": self.code,
            "student": self.student,
            "score": self.score,
            "strict_score": self.strict_score,
            "out_of": self.out_of,
            "first_error": self.first_error,
            "convention": self.convention,
            "remarks": list(self.remarks),
            "answers": [answer.as_json() for answer in self.answers],
        }
        read = dict(self.read)
        for answer in plain["answers"] if read else ():
            if answer["quantity"] in read:
                answer["read"] = dict(read[answer["quantity"]])
        if self.left_over is not None:
            plain["left_over"] = list(self.left_over)
        if self.flags:
            plain["flags"] = list(self.flags)
        return plain

    def as_line(self) -> str:
        """The same as a line of JSON Lines, without its end."""
        return json.dumps(self.as_json(), ensure_ascii=False)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Report:
        """Read back; also what older versions wrote. Raises KeyError, TypeError or ValueError for anything else."""
        answers = tuple(map(Answer.from_json, plain["answers"]))
        by_key = sum(answer.out_of for answer in answers if answer.verdict == "correct")
        return Report(
            problem=str(plain.get("problem", "")),
            code=str(plain.get("code", "")),
            student=str(plain.get("student") or ""),
            score=float(plain["score"]),
            strict_score=float(plain.get("strict_score", by_key)),
            out_of=float(plain["out_of"]),
            first_error=plain.get("first_error"),
            convention=plain.get("convention"),
            remarks=tuple(plain.get("remarks") or ()),
            answers=answers,
            student_id=str(plain.get("student_id") or ""),
            flags=tuple(map(str, plain.get("flags") or ())),
            read=tuple((str(one["quantity"]), one["read"]) for one in plain["answers"] if one.get("read")),
            left_over=None if plain.get("left_over") is None else tuple(plain["left_over"]),
        )


def rounded_marks(marks: float) -> float:
    """A sum of marks without the dust of binary fractions."""
    return round(float(marks), 6)
