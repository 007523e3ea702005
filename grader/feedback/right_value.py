"""The value that is right for the first wrong line of a worked solution, once it is known which line was named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.quantity import Quantity, QuantityKind, parse_name
from exercises.formulas.typeset import MINUS
from exercises.problems.questions import ABOUT_A_SOLUTION, line_of
from grader.answers.numbers import Typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.feedback.report_records import Answer
    from grader.feedback.sentences import SentenceWriter
    from grader.questions.judge_question import Questions


def with_right_value(
    questions: Questions, line: Answer, texts: Mapping[Quantity, str], speaker: SentenceWriter
) -> Answer:
    """A value that is right for another line, named in place of the first wrong one, is no second mistake."""
    if line.verdict != "wrong" or not questions.problem.kind.solution:
        return line
    q = parse_name(line.quantity)
    if q is not None and q in questions.first_wrong.wrong:
        return line if speaker.hints else _printed_again(questions, line, q, speaker)
    text = texts.get(line_of(ABOUT_A_SOLUTION[0]), "")
    typed = speaker.answers.get(Quantity(QuantityKind.RIGHT_VALUE))
    named = questions.first_wrong.of_named_line(text, typed)
    if named is not None:
        label = questions.problem.label(named).text
        told = f"The right value of {label}, the line that you named; the first wrong line has another."
        return line.with_verdict("follows").with_full_credit(told).without_mistakes()
    if speaker.hints and questions.first_wrong.judge(text).verdict != "correct":
        return line.with_feedback("Find the first wrong line before its value.")
    return line


def _printed_again(questions: Questions, line: Answer, q: Quantity, speaker: SentenceWriter) -> Answer:
    """Under a change of convention: the wrong number of the sheet, given as the right one."""
    typed, judge = speaker.answers.get(q), questions.first_wrong
    if isinstance(typed, Typed) and abs(typed.value - questions.problem.printed[q]) <= judge.unit(
        questions.problem.printed[q]
    ):
        shown = typed.text.replace("-", MINUS)
        return line.with_feedback(f"{shown} is the number that is printed. {judge.what_happened(q)}")
    return line
