"""The record of an answer that is no number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.pages import question_texts
from exercises.pages.marks import UNMARKED, link_of
from exercises.problems.questions import line_of
from grader.answers.numbers import MAX_LENGTH, MAX_WORKING, clean
from grader.answers.unsure import for_people
from grader.feedback.report_records import Answer, NamedMistake

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.formulas.quantity import Quantity
    from exercises.problems.questions import Question
    from grader.questions.judge_question import Questions
    from grader.questions.judged import Judged

HINT = "Look at this expression again, link by link."


def question_answer(
    questions: Questions, question: Question, texts: Mapping[Quantity, str], *, hints: bool
) -> Answer:
    """Judge one answer and say what is thought of it."""
    problem, text = questions.problem, texts.get(line_of(question), "")
    judged = questions.judge(question, text)
    link = link_of(problem, question)
    counted = question.kind != UNMARKED and judged.verdict != "not-assessed"
    weight = float(problem.marking.weight(link)) if counted else 0.0
    named = judged.mistake.mistake if judged.mistake is not None else None
    return Answer(
        quantity=question.name,
        label=question_texts.reported(problem, question),
        link=str(link),
        verdict=judged.verdict,
        submitted=clean(for_people(text), MAX_WORKING if question.kind == UNMARKED else MAX_LENGTH) or None,
        expected=None,
        expected_from_your_values=None,
        mistakes=(NamedMistake(named.code, named.name, 1.0),) if named is not None else (),
        feedback=_hint(judged) if hints else judged.feedback,
        credit=weight * (1.0 if judged.verdict == "correct" else judged.share),
        out_of=weight,
        unread=judged.unread,
    )


def _hint(judged: Judged) -> str:
    """What is said where nothing may be given away."""
    match judged.verdict:
        case "wrong":
            return judged.hint or HINT
        case "correct":
            return ""
    return judged.feedback
