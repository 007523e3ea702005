"""Answers to questions that are no numbers: in symbols, about shapes, and about a worked solution."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from exercises.problems import matrices
from grader.answers.unsure import seen_only
from grader.files.extraction.submission import NOT_ASKED
from grader.questions import shapes
from grader.questions.judged import Judged
from grader.questions.symbolic import SymbolJudge
from grader.questions.wrong_line import WrongLineJudge

if TYPE_CHECKING:
    from exercises.problems.problem import Problem
    from exercises.problems.questions import Question
    from grader.answers.names import Names

ELSEWHERE = "Not asked there; it is not counted."
KEPT = "Kept for whoever reads this sheet; it bears no mark."


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
        if text == NOT_ASKED:
            return Judged("not-assessed", ELSEWHERE)
        if (seen := seen_only(text)) is not None:
            return Judged("unreadable", seen.told(), unread=seen)
        match question.kind:
            case "shape":
                return shapes.judge(self.problem, matrices.of_subject(question.subject), text)
            case "wrong-line":
                return self.first_wrong.judge(text)
            case "what-was-wrong":
                return Judged("not-assessed", KEPT) if text.strip() else Judged("missing", "Left blank.")
        return self.symbols.judge(question, text)
