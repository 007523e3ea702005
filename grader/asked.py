"""Answers to questions that are no numbers: in symbols, about shapes, and about a worked solution."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from exercises import asking, matrices
from exercises.marks import UNMARKED, link_of
from exercises.quantity import Kind, Quantity, parse_name
from exercises.questions import ABOUT_A_SOLUTION, address
from exercises.typeset import MINUS
from grader import shapes
from grader.first_wrong import FirstWrong
from grader.numbers import Typed, clean
from grader.symbolic import Judged, Symbols

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.problem import Problem
    from exercises.questions import Question
    from grader.submission import Names
    from grader.words import Speaker

KEPT = "Kept for whoever reads this sheet; it bears no mark."
HINT = "Look at this expression again, link by link."


@dataclass(frozen=True)
class Questions:
    """Judges the answers to the questions of one problem."""

    problem: Problem
    names: Names

    @cached_property
    def symbols(self) -> Symbols:
        """The judge of expressions."""
        return Symbols(self.problem, self.names)

    @cached_property
    def first_wrong(self) -> FirstWrong:
        """The judge of lines of a worked solution."""
        return FirstWrong(self.problem)

    def judge(self, question: Question, text: str) -> Judged:
        """Judge one answer."""
        match question.kind:
            case "shape":
                return shapes.judge(self.problem, matrices.of_subject(question.subject), text)
            case "wrong-line":
                return self.first_wrong.judge(text)
            case "what-was-wrong":
                return Judged("not-assessed", KEPT) if text.strip() else Judged("missing", "Left blank.")
        return self.symbols.judge(question, text)

    def record(
        self, question: Question, texts: Mapping[Quantity, str], *, hints: bool
    ) -> tuple[dict[str, Any], Judged]:
        """The record of one answer, as in a report, and what it was made from."""
        text = texts.get(address(question), "")
        judged = self.judge(question, text)
        link = link_of(self.problem, question)
        counted = question.kind != UNMARKED
        weight = float(self.problem.marking.get(link, Decimal(1))) if counted else 0.0
        named = judged.mistake.mistake if judged.mistake is not None else None
        told = judged.feedback
        if hints and judged.verdict in ("wrong", "correct"):
            told = (judged.hint or HINT) if judged.verdict == "wrong" else ""
        record = {
            "quantity": question.name,
            "label": asking.reported(self.problem, question),
            "link": str(link),
            "verdict": judged.verdict,
            "submitted": clean(text) or None,
            "expected": None,
            "expected_from_your_values": None,
            "mistakes": [{"code": named.code, "name": named.name, "probability": 1.0}] if named else [],
            "feedback": told,
            "credit": weight * (1.0 if judged.verdict == "correct" else judged.share),
            "out_of": weight,
        }
        return record, judged

    def settle_right_value(
        self, line: dict[str, Any], texts: Mapping[Quantity, str], speaker: Speaker
    ) -> None:
        """A value that is right for another line, named in place of the first wrong one, is no second mistake."""
        if line["verdict"] != "wrong" or not self.problem.plan.shows_solution:
            return
        q = parse_name(line["quantity"])
        if q is not None and q in self.first_wrong.wrong:
            if not speaker.hints:
                self._printed_again(line, q, speaker)
            return
        text = texts.get(address(ABOUT_A_SOLUTION[0]), "")
        typed = speaker.answers.get(Quantity(Kind.RIGHT_VALUE))
        named = self.first_wrong.of_named_line(text, typed)
        if speaker.hints and self.first_wrong.judge(text).verdict != "correct":
            line |= {"feedback": "Find the first wrong line before its value.", "mistakes": []}
        if named is not None:
            label = self.problem.label(named).text
            told = f"The right value of {label}, the line that you named; the first wrong line has another."
            line |= {"verdict": "follows", "feedback": told, "credit": line["out_of"], "mistakes": []}

    def _printed_again(self, line: dict[str, Any], q: Quantity, speaker: Speaker) -> None:
        """Under a change of convention: the wrong number of the sheet, given as the right one."""
        typed, judge = speaker.answers.get(q), self.first_wrong
        if isinstance(typed, Typed) and abs(typed.value - self.problem.printed[q]) <= judge.unit:
            shown = typed.text.replace("-", MINUS)
            line["feedback"] = f"{shown} is the number that is printed. {judge.what_happened(q)}"
