"""Parts of a feedback page beside plain lines: answers to questions, and matrices with a mark at each entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from exercises.formulas.quantity import Quantity, parse_name
from exercises.formulas.typeset import HTML
from exercises.pages import matrix_labels, pieces, question_texts
from exercises.pages.rendering import trusted
from grader.feedback.report_records import Answer

if TYPE_CHECKING:
    from markupsafe import Markup

    from exercises.problems.matrices import Matrix
    from exercises.problems.problem import Problem
    from exercises.problems.questions import Question

Row = list[dict[str, Any]] | dict[str, Any]  # cells side by side; matrices side by side
MakeCell = Callable[[Answer], dict[str, Any]]
EXPRESSION = 90  # characters shown of an answer in symbols


def label(problem: Problem, name: str) -> Markup | str:
    """The label of a line or a question, as HTML."""
    question = next((q for q in problem.questions if q.name == name), None)
    if question is not None:
        return trusted(question_texts.label(problem, question, HTML))
    q = parse_name(name)
    return trusted(problem.label(q).html) if q is not None else name


def first_error(problem: Problem, name: str) -> Markup | str:
    """What went wrong first, for a sentence."""
    question = next((q for q in problem.questions if q.name == name), None)
    if question is None:
        return label(problem, name)
    if question.kind == "wrong-line":  # where to start is what that asks
        return ""
    return trusted(
        f"{'the ' if question.kind == 'shape' else ''}{question_texts.reported(problem, question, HTML)}"
    )


def sections(
    problem: Problem, answers: dict[str, Answer], lines: list[tuple[str, list[Row]]], cell: MakeCell
) -> list[tuple[str, list[Row]]]:
    """All sections of the page in the order of the worksheet; a worked solution is not printed again."""

    def ask(found: list[Question]) -> list[Row]:
        return [[_question(question, answers[question.name], cell)] for question in found]

    everything = pieces.around(problem, list(lines), ask, list)
    return [(title, rows) for title, rows in everything if rows]


def _question(question: Question, answer: Answer, cell: MakeCell) -> dict[str, Any]:
    """A question's row; what was written in words stands below its line."""
    own = cell(answer)
    text = answer.submitted or ""
    own |= {
        "short": False,
        "submitted": text[:EXPRESSION],
        "roomy": question.kind in ("wrong-line", "what-was-wrong"),
    }
    if question.kind == "what-was-wrong" and text:
        own |= {"submitted": "", "sentences": [text]}
    return own


def matrix_sections(
    problem: Problem, answers: dict[str, Answer], rest: list[tuple[str, list[Row]]], cell: MakeCell
) -> list[tuple[str, list[Row]]]:
    """Matrices with a mark at each entry, and below them the entries of which something is to be said."""
    found: list[tuple[str, list[Row]]] = []
    for title, rows in matrix_labels.sections(problem):
        out: list[Row] = []
        for row in rows:
            out.append({"matrices": [_matrix(problem, m, answers) for m in row]})
            out += _to_explain(problem, row, answers, cell)
        found.append((title, out))
    return pieces.with_matrices(found, rest)


def _matrix(problem: Problem, matrix: Matrix, answers: dict[str, Answer]) -> dict[str, Any]:
    entries = matrix.entries(problem)
    own = [answers[q.name] for row in entries for q in row if q.name in answers]
    return {
        "label": trusted(matrix_labels.name(problem, matrix)),
        "rows": [[_entry(problem, q, answers.get(q.name)) for q in row] for row in entries],
        "credit": f"{sum(a.credit for a in own):g}",
        "out_of": f"{sum(a.out_of for a in own):g}",
    }


def _entry(problem: Problem, q: Quantity, answer: Answer | None) -> dict[str, Any]:
    if answer is None:
        return {"text": f"{problem.values[q]}" if q in problem.values else "", "verdict": ""}
    text = (answer.submitted or "").rpartition("=")[2].strip().replace("-", "−")
    return {"text": text if len(text) <= 12 else text[:11] + "…", "verdict": answer.verdict}  # noqa: PLR2004


def _to_explain(problem: Problem, row: list[Matrix], answers: dict[str, Answer], cell: MakeCell) -> list[Row]:
    """The entries with sentences, each on a row of its own; notes on what follows, once."""
    out: list[Row] = []
    for matrix in row:
        for q in (q for entries in matrix.entries(problem) for q in entries):
            if q.name in answers:
                own = cell(answers[q.name])
                if own["sentences"]:
                    out.append([own | {"short": False}])
                elif own["note"]:
                    out.append({"note": own["note"]})
    return out
