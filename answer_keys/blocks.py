"""What an answer key holds, section by section: lines, matrices, questions, and a worked solution marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exercises.common.slots import slot
from exercises.formulas import typeset
from exercises.formulas.quantity import ETA
from exercises.pages import matrix_labels, matrix_rules, pieces, question_texts
from exercises.pages.kinds_on_pages import page_of
from exercises.pages.matrix_page import bracketed, marked, numbers
from exercises.pages.sheet_sections import sections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from answer_keys.solution import Solution
    from exercises.formulas.enough_digits import Numbers
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step
    from exercises.problems.matrices import Matrix
    from exercises.problems.problem import Problem
    from exercises.problems.questions import Question

Block = tuple[str, list[dict[str, Any]]]


def blocks(solution: Solution, line: Callable[[Step], dict[str, Any]]) -> list[Block]:
    """The sections of a key in the order of the worksheet; `line` makes what is printed of one step."""
    problem = solution.problem
    found = _matrices(solution, line) if page_of(problem).in_matrices else list(_lines(solution, line))
    out = pieces.around(problem, found, lambda q: _questions(problem, q), lambda: _printed(problem))
    for _, parts in out:  # no page begins with the last line of a section, or its caption
        for part in parts[-2:] if len(parts) > 1 and parts[-2]["kind"] == "caption" else parts[-1:]:
            part["tail"] = part.get("tail") or len(parts) > 1
    return out


def _lines(
    solution: Solution, line: Callable[[Step], dict[str, Any]], steps: list[Step] | None = None
) -> Iterator[Block]:
    for section in sections(solution.problem, steps):
        parts: list[dict[str, Any]] = []
        for group in section.groups:
            if group.caption:
                parts.append({"kind": "caption", "text": group.caption})
            last = len(group.steps) - 1
            for number, step in enumerate(group.steps):  # of a group no line stands alone on a page
                parts.append({"kind": "line", "line": line(step), "tail": 0 < number in (1, last)})
        yield section.title, parts


def _matrices(solution: Solution, line: Callable[[Step], dict[str, Any]]) -> list[Block]:
    """Every matrix as rule, numbers put in, and result; the losses as lines behind the forward pass."""
    problem = solution.problem
    found = [
        (title, [_matrix(solution, m) for row in rows for m in row])
        for title, rows in matrix_labels.sections(problem)
    ]
    return pieces.with_matrices(found, list(_lines(solution, line, matrix_labels.left_over(problem))))


def put_in(solution: Solution) -> Iterator[Numbers]:
    """The numbers that are put into each line, or matrix, of a key."""
    problem = solution.problem
    steps: Iterable[Step] = problem.graph.asked_steps
    if page_of(problem).in_matrices:
        steps = matrix_labels.left_over(problem)
        for _, rows in matrix_labels.sections(problem):
            yield from (_put_into(solution, matrix) for row in rows for matrix in row)
    yield from (solution.numbers[step.quantity] for step in steps)


def _put_into(solution: Solution, matrix: Matrix) -> Numbers:
    """The numbers that are put into a matrix's rule, with which every entry comes out as it is printed."""
    problem, values = solution.problem, solution.values
    entries = [q for row in matrix.entries(problem) for q in row]
    formulas = [matrix_rules.of_entry(problem, matrix, q) for q in entries]
    return solution.put_in([(formula, values[q]) for formula, q in zip(formulas, entries, strict=True)])


def _matrix(solution: Solution, matrix: Matrix) -> dict[str, Any]:
    problem = solution.problem
    result = {q: solution.shown(q) for q in solution.values}
    within = result | {q: typeset.number(value) for q, value in _put_into(solution, matrix).items()}

    def put(one: Matrix, transposed: bool, shown: dict[Quantity, str] = within) -> str:  # noqa: FBT001 - as `written` calls it
        rows = marked(numbers(problem, one, shown))
        return bracketed([list(column) for column in zip(*rows, strict=True)] if transposed else rows)

    rule = matrix_rules.rule(problem, matrix)
    with_numbers = matrix_rules.written(
        problem, [slot(within[ETA]) if part == ETA else part for part in rule], put
    )
    parts = [matrix_rules.in_letters(problem, rule), with_numbers, put(matrix, False, result)]  # noqa: FBT003 - not transposed
    html = " ".join(
        f'<span class="part">= {part}</span>' for n, part in enumerate(parts) if part not in parts[:n]
    )
    return {"kind": "html", "label": matrix_labels.name(problem, matrix), "html": html}


def _questions(problem: Problem, found: list[Question]) -> list[dict[str, Any]]:
    """Questions with their right answers; shapes on one line."""
    shapes = [question_texts.asked(problem, q) for q in found if q.kind == "shape"]
    together = ", &ensp;".join(f'<span class="part">{one.label} is {one.right}</span>' for one in shapes)
    first = [{"kind": "html", "label": "", "html": together}] if shapes else []
    return [*first, *(_answer(problem, question) for question in found if question.kind != "shape")]


def _answer(problem: Problem, question: Question) -> dict[str, Any]:
    asked = question_texts.asked(problem, question)
    if asked.label:
        return {"kind": "html", "label": asked.label, "html": f"= {asked.right}"}
    return {"kind": "html", "label": "", "html": f"{asked.prompt} <b>{asked.right}</b>"}


def _printed(problem: Problem) -> list[dict[str, Any]]:
    """The worked solution with its wrong lines marked."""
    rows = [piece for piece in pieces.solution(problem, marked=True) if piece.kind == "printed"]
    return [{"kind": "printed", "row": piece.content} for piece in rows]
