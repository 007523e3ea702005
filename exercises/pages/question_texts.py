"""How questions are put on a page: what is written beside the field, and the right answer for a key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from exercises.formulas import typeset
from exercises.formulas.label import Label
from exercises.formulas.quantity import QuantityKind, parse_name
from exercises.formulas.typeset import HTML, TEXT, Printer
from exercises.networks.backprop import single_run
from exercises.pages import matrix_labels, solution_lines
from exercises.problems import matrices
from exercises.problems.questions import chain_terms, right_formula
from exercises.problems.worked_solution import wrong_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.networks.steps import StepGraph
    from exercises.problems.problem import Problem
    from exercises.problems.questions import Question

SHAPES, SYMBOLS, COLLAPSE, MISTAKE = "Shapes", "In symbols", "Why δ collapses", "The first wrong line"
_ONE_PATH = "as a product of derivatives of neighbouring quantities"
_PROMPTS = {
    "chain": f"{_ONE_PATH}; over several paths as a sum",
    "letters": "in letters, every factor written out",
    "delta": "in letters",
    "local": "in letters",
}
_REPORTED = {
    "chain": "as a product of derivatives",
    "letters": "in letters",
    "delta": "in letters",
    "local": "in letters",
}


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question on a page.

    name:  the field's name.
    label: what is asked for, as HTML; empty where the prompt says it all.
    prompt: the sentence above the field, as HTML.
    title: the same as text, for those who cannot see the page.
    right: the right answer, as HTML.
    """

    name: str
    label: str
    prompt: str
    title: str
    right: str


def graph_of(problem: Problem) -> StepGraph:
    """The graph in which questions in symbols are answered: every step, also those that are not asked."""
    own, plan = problem.graph, problem.plan
    if max(plan.examples, plan.steps) > 1 or plan.function:
        return own
    plain = single_run(own.network, own.sign, targets_sum_to_one=own.targets_sum_to_one)
    return replace(plain, plan=plan)


def groups(problem: Problem) -> list[tuple[str, list[Question]]]:
    """The questions by the section that they stand in, in order."""
    symbols = COLLAPSE if problem.kind.cancels else SYMBOLS
    found: dict[str, list[Question]] = {}
    for question in problem.questions:
        title = symbols if question.in_symbols else SHAPES if question.kind == "shape" else MISTAKE
        found.setdefault(title, []).append(question)
    return list(found.items())


def asked(problem: Problem, question: Question) -> AskedQuestion:
    """One question."""
    html, text = (label(problem, question, printer) for printer in (HTML, TEXT))
    return AskedQuestion(
        question.name,
        html if question.in_symbols or question.kind == "shape" else "",
        _prompt(problem, question, HTML),
        text if question.kind == "what-was-wrong" else _prompt(problem, question, TEXT),
        right(problem, question, HTML),
    )


def label(problem: Problem, question: Question, printer: Printer = TEXT) -> str:
    """What is asked for, as the sheet writes it."""
    match question.kind:
        case "shape":
            return matrix_labels.name(problem, matrices.of_subject(question.subject), printer)
        case "wrong-line":
            return "first wrong line"
        case "what-was-wrong":
            return "what was done wrong"
    found = problem.label(question.asks_for)
    return found.html if printer.html else found.text


def reported(problem: Problem, question: Question, printer: Printer = TEXT) -> str:
    """How a report speaks of it."""
    own = label(problem, question, printer)
    if question.kind == "shape":
        return f"shape of {own}"
    return f"{own} {_REPORTED[question.kind]}" if question.in_symbols else own


def _prompt(problem: Problem, question: Question, printer: Printer) -> str:
    own = label(problem, question, printer)
    match question.kind:
        case "shape":
            return f"{own} is a … × … matrix"
        case "wrong-line":
            return "Which is the first wrong line? Give its number or its name."
        case "what-was-wrong":
            return "What was done wrong there? In your own words."
        case "chain" if question.subject.kind is QuantityKind.DELTA:
            return f"Write {own} as a sum over the outputs, each term a product of two derivatives."
        case "delta" if problem.kind.cancels:
            return f"Put them together and cancel: write {own} in letters, as short as it gets."
    return f"Write {own} {_PROMPTS[question.kind]}."


def right(problem: Problem, question: Question, printer: Printer = TEXT) -> str:
    """The right answer."""
    match question.kind:
        case "chain":
            return _chain(problem, question, printer)
        case "shape":
            rows, columns = matrices.of_subject(question.subject).shape(problem)
            return f"{rows} × {columns}"
        case "wrong-line":
            return _wrong_line(problem, printer)
        case "what-was-wrong":
            return _what(problem, printer)
    return typeset.symbolic(right_formula(graph_of(problem), question), problem.label, printer)


def _what(problem: Problem, printer: Printer) -> str:
    """The entry of the catalogue, or the rule that belongs to the sign of δ."""
    if problem.plan.planted:
        return f"{problem.plan.planted[0]} of the catalogue (byhand explain {problem.plan.planted[0]})"
    step = problem.graph.asked_steps[0]
    own = problem.label(step.quantity)
    rule = typeset.symbolic(step.formula, problem.label, printer)
    return f"with this sign of δ the step is {own.html if printer.html else own.text} = {rule}"


def _wrong_line(problem: Problem, printer: Printer) -> str:
    first = wrong_lines(problem)[0]
    number = next(n for n, q in solution_lines.numbered(problem).items() if q == first)
    found = problem.label(first)
    return f"line {number}, {found.html if printer.html else found.text}"


def _chain(problem: Problem, question: Question, printer: Printer) -> str:
    """Over partial derivatives; with the minus that a δ of the other sign has."""
    parts = [
        "·".join(_partials(problem, chain, printer))
        for chain in chain_terms(problem.network, question.subject)
    ]
    minus = question.subject.kind is QuantityKind.DELTA and problem.delta != "gradient"
    if minus and len(parts) > 1:
        return f"{typeset.MINUS}({' + '.join(parts)})"
    return (typeset.MINUS if minus else "") + " + ".join(parts)


def _partials(problem: Problem, chain: tuple[tuple[str, str], ...], printer: Printer) -> Iterator[str]:
    """Each ∂over/∂under of a chain."""
    for names in chain:
        over, under = (parse_name(name) for name in names)
        if over is None or under is None:
            raise ValueError(names)
        found = Label(problem.labels.glyph(over), problem.labels.glyph(under))
        yield found.html if printer.html else found.text
