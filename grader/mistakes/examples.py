"""Worked examples of the catalogued mistakes, found by trying each entry on small problems.

`byhand explain`, docs/mistakes.md and the tests read the same examples: a right line and its wrong twin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from answer_keys import published
from answer_keys.solution import solve
from exercises.common.errors import ByhandError
from exercises.common.wording import nearest
from exercises.drawing.draw import Order, draw
from exercises.formulas import typeset
from exercises.formulas.algebras import exact_value
from exercises.formulas.formula import leaves
from exercises.networks.activations import BY_NAME
from exercises.networks.network import Network
from exercises.problems import problem_file
from grader.mistakes import BY_CODE, CATALOGUE, Mistake
from grader.mistakes.example_exercises import exercises
from grader.mistakes.hypotheses import Hypothesis, hypotheses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem

# Shapes and activations that between them show every entry; the first that fits is the example.
_DRAWN = (
    ((2, 2, 2), ("sigmoid", "sigmoid"), "half-squared-error"),
    ((2, 2, 2), ("tanh", "tanh"), "squared-error"),
    ((2, 2, 2), ("sigmoid", "softmax"), "cross-entropy"),
    ((2, 2, 1), ("sigmoid", "sigmoid"), "binary-cross-entropy"),
    ((2, 2, 1), ("relu", "sigmoid"), "half-squared-error"),
    ((2, 2, 1), ("leaky-relu", "sigmoid"), "half-squared-error"),
    ((2, 2, 1), ("softplus", "linear"), "half-squared-error"),
    ((2, 2, 1), ("silu", "linear"), "half-squared-error"),
    ((2, 2, 1), ("gelu", "linear"), "half-squared-error"),
    ((2, 2, 2), ("tanh", "softmax"), "squared-error"),
)
_SHOWN = {name for _, names, _ in _DRAWN for name in names}
_OTHERS = tuple(((2, 2, 1), (name, "linear"), "half-squared-error") for name in BY_NAME if name not in _SHOWN)
_WARMUPS = {
    "sin(x^2 + 1)": {"x": Decimal("0.7")},
    "(3*x + 1)^2": {"x": Decimal("0.4")},
    "exp(-x^2)": {"x": Decimal("0.7")},
    "ln(x^2 + 2)": {"x": Decimal("0.7")},
    "sqrt(2*x + 2)": {"x": Decimal("0.7")},
    "u = x*w; v = x + w; f = u*v": {"x": Decimal("2.3"), "w": Decimal("-0.6")},
    "u = x + w; v = u^2; p = u*w; f = v - p": {"x": Decimal("1.3"), "w": Decimal("0.4")},
    "x*sin(x)": {"x": Decimal("0.8")},
}


@dataclass(frozen=True)
class Example:
    """One entry at one step of one problem, with the right number and the wrong one."""

    problem: Problem
    hypothesis: Hypothesis
    right: Decimal
    wrong: Decimal

    def shown(self, value: Decimal) -> str:
        """A number as the problem asks for it."""
        return typeset.number(value, self.problem.precision)

    @property
    def label(self) -> str:
        """The line, as written."""
        return self.problem.label(self.hypothesis.step.quantity).text

    def lines(self) -> tuple[str, str]:
        """The right line and its wrong twin: symbols = numbers = result."""
        solution = solve(self.problem)
        right, wrong = self.hypothesis.step.formula, self.hypothesis.formula
        return tuple(  # type: ignore[return-value]
            " = ".join(
                dict.fromkeys(
                    [
                        self.label,
                        typeset.symbolic(f, self.problem.label),
                        typeset.substituted(f, lambda q, put=put_in: typeset.number(put[q])),  # type: ignore[misc]
                        self.shown(v),
                    ]
                )
            )
            for f, v in ((right, self.right), (wrong, self.wrong))
            for put_in in [solution.put_in([(f, v)])]
        )

    def says(self) -> str:
        """The entry's sentence about this line."""
        return self.hypothesis.says(self.problem.label)


@lru_cache(maxsize=1)
def problems() -> tuple[Problem, ...]:
    """The problems that examples are taken from, simplest first."""
    shipped = [problem_file.parse(published.text(name), name) for name in published.names()]
    drawn = [
        draw(Order(Network(shape, names, loss, "yes")), f"catalogue/{i}")
        for i, (shape, names, loss) in enumerate((*_DRAWN, *_OTHERS))
    ]
    warmups = [
        problem_file.from_table({"kind": "composite", "function": function, "values": values}, function)
        for function, values in _WARMUPS.items()
    ]
    return (*shipped, *drawn, *warmups, *exercises().values())


@cache
def _solved(number: int) -> dict[Quantity, Decimal]:
    """The values of one of the problems, which every entry looks at."""
    return solve(problems()[number]).values


@cache
def _hypotheses(number: int, place: int) -> tuple[Hypothesis, ...]:
    """The hypotheses for one of its steps."""
    graph = problems()[number].graph
    return hypotheses(graph.steps[place], graph)


def examples(mistake: Mistake) -> Iterator[Example]:
    """Every place in the example problems where an entry gives another number than the right one.

    An entry that names an exercise of its own is shown by that one alone, all others by full passes and warm-ups.
    """
    own = list(exercises())
    plain = len(problems()) - len(own)
    for number in [plain + own.index(mistake.exercise)] if mistake.exercise else range(plain):
        problem, values = problems()[number], _solved(number)
        for place, step in enumerate(problem.graph.steps):
            if step.link is not mistake.link:
                continue
            for h in _hypotheses(number, place):
                if h.mistake is not mistake or not all(q in values for q in leaves(h.formula)):
                    continue
                wrong = exact_value(h.formula, values.__getitem__)
                right = values[step.quantity]
                if wrong is not None and abs(wrong - right) > 3 * problem.precision.unit(right):
                    yield Example(problem, h, right, wrong)


def find(code: str) -> Mistake:
    """The entry with a code. Raises ByhandError, with the nearest known code, if there is none."""
    wanted = re.sub(r"^([A-Z])(\d)$", r"\g<1>0\2", code.strip().upper())
    entry = BY_CODE.get(wanted)
    if entry is None:
        raise ByhandError(
            f"{code[:40]}: no mistake has this code; {nearest(code.upper(), BY_CODE)} (byhand explain lists them all)"
        )
    return entry


def listing() -> str:
    """The catalogue, a line each, by link."""
    rows: list[str] = []
    for link in dict.fromkeys(m.link for m in CATALOGUE):
        rows += ["", str(link).capitalize()] if rows else [str(link).capitalize()]
        rows += [f"  {m.code}  {m.name}" for m in CATALOGUE if m.link is link]
    rows += [
        "",
        "Codes that begin with X are generated: a factor left out (OMIT) or doubled (TWICE), a sign inside",
    ]
    rows += ["turned (SIGN), a neighbour's number (SWAP)."]
    rows += ["", "byhand explain CODE shows one of them with a worked example."]
    return "\n".join(rows)


def as_text(code: str) -> str:
    """One entry with a worked example."""
    mistake = find(code)
    example = next(examples(mistake), None)
    rows = [f"{mistake.code}  {mistake.name}  ({mistake.link})", ""]
    if example is not None:
        right, wrong = example.lines()
        says = example.says()
        rows += [f"  right  {right}", f"  wrong  {wrong}", "", typeset.sentence(says)]
    rows += ["", f"Hint for the student: {mistake.hint}"]
    if mistake.source:
        rows += [f"Seen in: {mistake.source}"]
    return "\n".join(rows)


def markdown() -> str:
    """The whole catalogue as a page: docs/mistakes.md."""
    rows = [
        "# The catalogue of mistakes",
        "",
        (
            "Made by `make docs` from the same entries that `byhand grade` judges by and `byhand explain` shows. "
            "A code is permanent."
        ),
        "",
        (
            f"{len(CATALOGUE)} mistakes are known by name. Beside them every formula is tried with a factor left "
            "out, a factor doubled, a sign turned, and a neighbour's number put in; those have codes that begin "
            "with X."
        ),
    ]
    for link in dict.fromkeys(m.link for m in CATALOGUE):
        rows += ["", f"## {str(link).capitalize()}"]
        for mistake in (m for m in CATALOGUE if m.link is link):
            rows += _section(mistake)
    return "\n".join(rows) + "\n"


def _section(mistake: Mistake) -> list[str]:
    rows = ["", f"### {mistake.code} {mistake.name}", ""]
    example = next(examples(mistake), None)
    if example is not None:
        right, wrong = example.lines()
        says = example.says()
        rows += ["```text", f"right  {right}", f"wrong  {wrong}", "```", "", typeset.sentence(says)]
    rows += ["", f"*Hint:* {mistake.hint}"]
    if mistake.source:
        rows += ["", f"*Seen in:* {mistake.source}"]
    return rows
