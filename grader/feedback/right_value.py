"""The value that is right for the first wrong line of a worked solution, once it is known which line was named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exercises.formulas.quantity import Quantity, QuantityKind, parse_name
from exercises.formulas.typeset import MINUS
from exercises.problems.questions import ABOUT_A_SOLUTION, line_of
from grader.answers.numbers import Typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.feedback.sentences import SentenceWriter
    from grader.questions.record import Questions


def settle_right_value(
    questions: Questions, line: dict[str, Any], texts: Mapping[Quantity, str], speaker: SentenceWriter
) -> None:
    """A value that is right for another line, named in place of the first wrong one, is no second mistake."""
    if line["verdict"] != "wrong" or not questions.problem.kind.solution:
        return
    q = parse_name(line["quantity"])
    if q is not None and q in questions.first_wrong.wrong:
        if not speaker.hints:
            _printed_again(questions, line, q, speaker)
        return
    text = texts.get(line_of(ABOUT_A_SOLUTION[0]), "")
    typed = speaker.answers.get(Quantity(QuantityKind.RIGHT_VALUE))
    named = questions.first_wrong.of_named_line(text, typed)
    if speaker.hints and questions.first_wrong.judge(text).verdict != "correct":
        line |= {"feedback": "Find the first wrong line before its value.", "mistakes": []}
    if named is not None:
        label = questions.problem.label(named).text
        told = f"The right value of {label}, the line that you named; the first wrong line has another."
        line |= {"verdict": "follows", "feedback": told, "credit": line["out_of"], "mistakes": []}


def _printed_again(questions: Questions, line: dict[str, Any], q: Quantity, speaker: SentenceWriter) -> None:
    """Under a change of convention: the wrong number of the sheet, given as the right one."""
    typed, judge = speaker.answers.get(q), questions.first_wrong
    if isinstance(typed, Typed) and abs(typed.value - questions.problem.printed[q]) <= judge.unit:
        shown = typed.text.replace("-", MINUS)
        line["feedback"] = f"{shown} is the number that is printed. {judge.what_happened(q)}"
