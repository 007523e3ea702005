"""Answers to questions that are no numbers: in symbols, about shapes, and about a worked solution."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from exercises.pages import question_texts
from exercises.pages.marks import UNMARKED, link_of
from exercises.problems import matrices
from exercises.problems.questions import line_of
from grader.answers.numbers import clean
from grader.questions import shapes
from grader.questions.judged import Judged
from grader.questions.symbolic import SymbolJudge
from grader.questions.wrong_line import WrongLineJudge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem
    from exercises.problems.questions import Question
    from grader.answers.names import Names

KEPT = "Kept for whoever reads this sheet; it bears no mark."
HINT = "Look at this expression again, link by link."


@dataclass(frozen=True)
class Questions:
    """Judges the answers to the questions of one problem."""

    problem: Problem
    names: Names

    @cached_property
    def symbols(self) -> SymbolJudge:
        """The judge of expressions."""
        return SymbolJudge(self.problem, self.names)

    @cached_property
    def first_wrong(self) -> WrongLineJudge:
        """The judge of lines of a worked solution."""
        return WrongLineJudge(self.problem)

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
        text = texts.get(line_of(question), "")
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
            "label": question_texts.reported(self.problem, question),
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
