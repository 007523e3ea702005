"""An exercise as the page needs it: texts, labels, formulas, drawings. No answers: these the grader works out there."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from exercises.common.slots import unmarked
from exercises.formulas import typeset
from exercises.formulas.formula import Sum, leaves
from exercises.formulas.quantity import Link, QuantityKind, parameter_of
from exercises.networks.asked_lines import subjects
from exercises.pages import pieces
from exercises.pages.givens import given, worked
from exercises.pages.kinds_on_pages import page_of, task, title
from exercises.pages.sheet_sections import sections
from exercises.problems import problem_writer
from exercises.problems.questions import chain_formula, paths
from grader.practice import mathml
from grader.practice.drawing_svg import drawings, parts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step
    from exercises.pages.givens import Stack
    from exercises.pages.pieces import Piece
    from exercises.pages.sheet_sections import Section
    from exercises.problems.problem import Problem
    from exercises.problems.questions import Question

Plain = dict[str, Any]
_SLOW = ("gelu",)  # activations that take a library which the page fetches only where it is wanted


def page(problem: Problem) -> Plain:
    """Everything that the page shows of one problem, as plain values."""
    return {
        "title": (problem.title or title(problem)).replace("'", "’"),
        "kind": problem.plan.kind,
        "code": problem.code,
        "places": problem.places,
        "figures": problem.figures,
        "task": unmarked(task(problem)),
        "toml": problem_writer.write(problem),
        "drawings": drawings(problem),
        "given": _sets(given(problem.full_pass if problem.kind.solution else problem)),
        "worked": _sets(worked(problem)),
        "conventions": [[term, unmarked(text)] for term, text in page_of(problem).conventions(problem)],
        "sections": _spread(problem),
        "lines": {s.quantity.name: _line(problem, s) for s in problem.graph.asked_steps},
        "needs": _needs(problem),
        "watch": _watch(problem),
        "start": _start(problem),
    }


def shared(pages: Sequence[Plain]) -> Plain:
    """Pages of one exercise with other numbers: what they all have in common, and the rest of each."""
    first = pages[0]
    same = {key for key, value in first.items() if all(one.get(key) == value for one in pages)}
    return {
        "shared": {key: first[key] for key in first if key in same},
        "each": [{key: value for key, value in one.items() if key not in same} for one in pages],
    }


def _sets(lines: list[list[Stack]]) -> list[Plain]:
    """Titled sets of given values."""
    return [
        {
            "title": one.title,
            "rows": [
                [[entry.label, "" if entry.cell else entry.number] for entry in row] for row in one.rows
            ],
            "table": any(entry.cell for row in one.rows for entry in row),
        }
        for line in lines
        for stack in line
        for one in stack
    ]


def _spread(problem: Problem) -> list[Plain]:
    """Everything below the conventions, by section, as on paper."""
    found = pieces.around(
        problem,
        [(section.title, _groups(section)) for section in sections(problem)],
        lambda questions: _questions(problem, questions),
        lambda: [_piece(piece) for piece in pieces.solution(problem)],
    )
    return [{"title": name, "parts": parts} for name, parts in found]


def _groups(section: Section) -> list[Plain]:
    return [
        {"kind": "lines", "caption": group.caption, "names": [step.quantity.name for step in group.steps]}
        for group in section.groups
    ]


def _questions(problem: Problem, questions: list[Question]) -> list[Plain]:
    """Questions with their fields, one after the other."""
    rows = [_piece(piece) for piece in pieces.questions(problem, questions)]
    return [one for row in rows for one in row.get("several", [row])]


def _piece(piece: Piece) -> Plain:
    """What stands beside the lines: a note, printed lines, a question."""
    content = piece.content
    match piece.kind:
        case "note":
            return {"kind": "note", "html": unmarked(content)}
        case "printed":
            lines = [[one.number, one.label, unmarked(one.value)] for one in content.lines]
            return {"kind": "printed", "heading": content.heading, "lines": lines}
        case "shapes":
            return {"kind": "shapes", "several": [_question(one, "shape") for one in content]}
        case _:
            return _question(content, piece.kind)


def _question(one: Any, kind: str) -> Plain:
    prompt = f"{one.label} is a … × … matrix" if kind == "shape" else one.prompt
    return {"kind": kind, "name": one.name, "label": one.label, "prompt": prompt, "title": one.title}


def _line(problem: Problem, step: Step) -> Plain:
    """A line to fill in: its label, what it is called aloud, the parts of the drawing that it is about."""
    q = step.quantity
    hidden = q.kind is QuantityKind.RIGHT_VALUE  # of which even the formula is asked
    own = parts_of(problem, [q])
    return {
        "label": mathml.math(mathml.label(problem.label(q))),
        "text": problem.label(q).text,
        "link": "" if hidden else str(step.link),
        "own": own,
        "used": [] if hidden else [part for part in parts_of(problem, step.parents) if part not in own],
        "above": [] if hidden else [p.name for p in step.parents],
    }


def _needs(problem: Problem) -> list[str]:
    """Libraries beside the usual that this exercise is worked out with."""
    slow = any(name in _SLOW for name in problem.network.activations)
    return ["extra"] if slow or problem.plan.function else []


def watched(problem: Problem) -> Plain:
    """What Watch, and a figure to touch, need of a problem."""
    return {
        "watch": _watch(problem),
        "start": _start(problem),
        "drawings": drawings(problem)[:1],
        "places": problem.places,
    }


def is_watched(problem: Problem) -> bool:
    """Whether there is a single plain pass to be shown."""
    plan = problem.plan
    several = max(plan.examples, plan.steps) > 1 or plan.optimizer != "gradient-descent"
    return not (plan.function or problem.kind.solution or several)


def _watch(problem: Problem) -> Plain | None:
    """The steps of a whole pass over this network, to be shown one by one; None where there is no single pass."""
    if not is_watched(problem):
        return None
    whole = problem.full_pass
    return {
        "layers": [list(layer) for layer in whole.network.layers],
        "given": [
            {"name": q.name, "label": mathml.math(mathml.label(whole.label(q))), "text": whole.label(q).text}
            for q in whole.graph.given
        ],
        "steps": [_step(whole, step) for step in whole.graph.steps],
        "subjects": [q.name for q in subjects(problem.plan)],
        "outputs": list(whole.network.outputs),
    }


def _start(problem: Problem) -> dict[str, str]:
    """The given numbers of that pass."""
    if not is_watched(problem):
        return {}
    whole = problem.full_pass
    return {q.name: typeset.number(whole.values[q]).replace(typeset.MINUS, "-") for q in whole.graph.given}


def _step(problem: Problem, step: Step) -> Plain:
    q = step.quantity
    part = (
        "check" if q.updated and step.link is not Link.UPDATE
        else "update" if step.link is Link.UPDATE
        else "forward" if step.link in (Link.WEIGHTED_SUM, Link.ACTIVATION, Link.LOSS)
        else "backward"
    )  # fmt: skip
    own = parts_of(problem, [q])
    return {
        "name": q.name,
        "label": mathml.math(mathml.label(problem.label(q))),
        "text": problem.label(q).text,
        "link": str(step.link),
        "part": part,
        "formula": mathml.math(mathml.formula(step.formula, problem.label)),
        "tree": mathml.tree(step.formula),
        "unit": q.unit,
        "own": own,
        "used": [p for p in parts_of(problem, step.parents) if p not in own],
        "paths": _paths(problem, q),
    }


def _paths(problem: Problem, q: Quantity) -> list[Plain]:
    """The chain of a weight's gradient along each path to the loss; nothing where there is no such line."""
    net = problem.network
    if q.kind is not QuantityKind.WEIGHT_GRADIENT or net.is_softmax:
        return []
    chain = chain_formula(net, parameter_of(q))
    terms = chain.terms if isinstance(chain, Sum) else (chain,)
    if not set(leaves(chain)) <= problem.graph.known:
        return []
    return [
        {
            "parts": [
                f"e{q.source}-{q.unit}",
                *(f"e{i}-{u}" for i, u in pairwise(path)),
                *(f"u{u}" for u in path),
            ],
            "formula": mathml.math(mathml.formula(term, problem.label)),
            "tree": mathml.tree(term),
        }
        for path, term in zip(paths(net, q.unit), terms, strict=True)
    ]
