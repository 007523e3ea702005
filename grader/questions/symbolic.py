"""Answers in symbols: whether an expression is the right one, and if not, which factor or path it is about.

Nothing is compared as a string. An answer is a formula; it is right if it has the right value at a dozen
random points at which all quantities of the network fit together, which any equal form has and, but for
accidents of measure zero, no other. What is wrong is looked for among the formulas that the catalogued
mistakes give, and then among the factors of a product.

Source of the method: identity testing at random points (Schwartz 1980, Zippel 1979).
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas import typeset
from exercises.formulas.algebras import ArrayAlgebra
from exercises.formulas.formula import Formula, fold, leaves
from exercises.formulas.label import Label
from exercises.formulas.quantity import Quantity, QuantityKind, activation_slope, y
from exercises.networks.notation import plain
from exercises.pages.question_texts import graph_of
from exercises.problems.questions import Question, chain_formula, right_formula, slope_formula
from grader.answers.expressions import parse
from grader.answers.numbers import Unreadable
from grader.mistakes import softmax_slopes
from grader.mistakes.hypotheses import hypotheses
from grader.questions.compare_factors import FactorComparison
from grader.questions.judged import Judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.problems.problem import Problem
    from grader.answers.name_spellings import Meaning
    from grader.answers.names import Names
    from grader.mistakes.hypotheses import Hypothesis

POINTS = 14
_CLOSE = 1e-9
_NAMES = (
    QuantityKind.LOSS_SLOPE,
    QuantityKind.ACTIVATION_SLOPE,
    QuantityKind.DELTA,
    QuantityKind.LOCAL,
)  # of what is to be written out


class SymbolJudge:
    """Judges the answers in symbols of one problem; random points are drawn once."""

    def __init__(self, problem: Problem, names: Names) -> None:
        self.problem = problem
        self.graph = graph_of(problem)
        self.names = names
        self.values = self._points()
        self.locals: dict[str, Quantity] = {}

    def _points(self) -> dict[Quantity, Any]:
        """Values of every quantity at points where they fit together; arrays of shape (POINTS,)."""
        generator = random.Random(self.problem.code)  # noqa: S311 - the same points every time
        graph, algebra = self.graph, ArrayAlgebra()
        values: dict[Quantity, Any] = {}
        for q in graph.given:
            low, high = (0.15, 0.85) if q.kind is QuantityKind.TARGET else (0.3, 1.4)
            values[q] = np.array([generator.uniform(low, high) for _ in range(POINTS)])
        if graph.network.is_softmax and graph.targets_sum_to_one:  # else δ = y − t does not hold
            targets = [q for q in graph.given if q.kind is QuantityKind.TARGET]
            whole = sum(values[q] for q in targets)
            values |= {q: values[q] / whole for q in targets}
        with np.errstate(all="ignore"):
            for step in graph.steps:
                values[step.quantity] = fold(step.formula, algebra, values.__getitem__) + np.zeros(POINTS)
            if graph.network.is_softmax:
                outputs = graph.network.outputs
                for q in (activation_slope(k, j) for k in outputs for j in outputs if y(k) in values):
                    values[q] = fold(slope_formula(graph, q), algebra, values.__getitem__)
        return values

    def judge(self, question: Question, text: str) -> Judged:
        """Judge one answer."""
        if not text.strip():
            return Judged("missing", "Left blank.")
        formula = parse(text, self.find)
        if isinstance(formula, Unreadable):
            return Judged("unreadable", formula.told(), unread=formula)
        forbidden = self.forbidden(question, formula)
        if forbidden:
            return Judged("wrong", forbidden)
        got, right = self.at_points(formula), self.values[question.asks_for]
        if _equal(got, right):
            return Judged("correct", self.shorter(question, formula))
        if _equal(got, -right):
            return Judged("wrong", "Everything is there but the sign, which is turned round.")
        return self.wrong(question, formula, got)

    def shorter(self, question: Question, formula: Formula) -> str:
        """What a right answer still cancels to, where that is asked."""
        short = self.expected(question)
        asked = question.kind == "delta" and self.problem.kind.cancels
        if not asked or len(list(leaves(formula))) <= len(list(leaves(short))):
            return ""
        return f"Right; it cancels to {typeset.symbolic(short, self.problem.label)}."

    def find(self, written: str) -> Meaning:
        """A quantity of the sheet, a given one, or a local derivative such as ∂a₅/∂y₃."""
        meaning = self.names(written)
        if isinstance(meaning, Formula):
            return self.local(plain(written[:80]), meaning)
        return None if isinstance(meaning, Quantity) and meaning not in self.values else meaning

    def local(self, key: str, formula: Formula) -> Quantity:
        """A local derivative that is no line, as a quantity with its value at the points: it is one factor."""
        if key not in self.locals:
            self.locals[key] = Quantity(QuantityKind.LOCAL, len(self.locals) + 1)
            self.values[self.locals[key]] = self.at_points(formula)
        return self.locals[key]

    def forbidden(self, question: Question, formula: Formula) -> str:
        """What may not stand in an answer because it is what is asked for."""
        used = set(leaves(formula))
        if question.kind == "local" and any(q.kind in _NAMES for q in used):
            return f"{self.label(question.asks_for)} is asked for in letters: write it with the y and t it is made of."
        if question.asks_for in used:
            return f"{self.label(question.asks_for)} is what is asked for; write what it is made of."
        if question.kind != "delta":
            short = [q for q in used if q.kind is QuantityKind.DELTA and q in self.graph.by_quantity]
            if short:
                return f"{self.label(short[0])} is a name for part of the product; write its factors."
        return ""

    def at_points(self, formula: Formula) -> Any:
        """A formula's values at the points; of one without any, such as 1/0, no numbers."""
        try:
            with np.errstate(all="ignore"):
                return fold(formula, ArrayAlgebra(), self.values.__getitem__) + np.zeros(POINTS)
        except ArithmeticError:
            return np.full(POINTS, np.nan)

    def label(self, q: Quantity) -> str:
        """A quantity as the sheet writes it."""
        return self.problem.label(q).text

    def wrong(self, question: Question, formula: Formula, got: Any) -> Judged:
        """Name the mistake that gives this expression, or the factor that makes the difference."""
        for known, said in softmax_slopes.known(self.problem, question.asks_for):
            if _equal(got, self.at_points(known)):
                return Judged("wrong", said)
        for h in self.mistakes(question):
            swapped = self.composed(question, h)
            if swapped is not None and (_equal(got, swapped) or _equal(got, -swapped)):
                return Judged("wrong", self.named(question, formula, h), h)
        about = self.factors(question, formula) or "This is another expression than the one asked for."
        return Judged("wrong", about)

    def named(self, question: Question, formula: Formula, h: Hypothesis) -> str:
        """The sentence about a mistake that is known: by its factors, or in its own words where these say more."""
        about = self.factors(question, formula)
        says = h.says(self.problem.label)
        slope = question.asks_for.kind in (
            QuantityKind.LOSS_SLOPE,
            QuantityKind.ACTIVATION_SLOPE,
            QuantityKind.DELTA,
        )
        own = slope and h.step.quantity == question.asks_for and not h.mistake.code.startswith("X-")
        if own and (not about or ";" in about):
            return typeset.sentence(says)
        return about or f"At the link {self.label(h.step.quantity)}: {says.replace(': ', '; ')}"

    def mistakes(self, question: Question) -> Iterator[Hypothesis]:
        """Every catalogued mistake at any link of the chain."""
        graph = self.graph
        if question.asks_for not in graph.by_quantity:
            return
        line = {question.asks_for, *graph.ancestors[question.asks_for]}
        backward = (
            QuantityKind.LOSS_SLOPE,
            QuantityKind.ACTIVATION_SLOPE,
            QuantityKind.DELTA,
            QuantityKind.WEIGHT_GRADIENT,
            QuantityKind.BIAS_GRADIENT,
        )
        for step in reversed(graph.steps):
            if step.quantity in line and step.quantity.kind in backward:
                yield from hypotheses(step, graph)

    def composed(self, question: Question, h: Hypothesis) -> Any:
        """The value at the points of what is asked for, with one link taken wrongly."""
        graph, values = self.graph, dict(self.values)
        with np.errstate(all="ignore"):
            values[h.step.quantity] = fold(h.formula, ArrayAlgebra(), self.values.__getitem__) + np.zeros(
                POINTS
            )
            for step in graph.steps[
                graph.position[h.step.quantity] + 1 : graph.position[question.asks_for] + 1
            ]:
                if h.step.quantity in graph.ancestors[step.quantity]:
                    values[step.quantity] = fold(step.formula, ArrayAlgebra(), values.__getitem__)
        return values[question.asks_for]

    def factors(self, question: Question, formula: Formula) -> str:
        """Which factors are missing, extra or repeated, or that a path is; empty where too much differs."""
        return FactorComparison(self.at_points, self.factor).compare(self.expected(question), formula)

    def expected(self, question: Question) -> Formula:
        """The right answer in the terms in which factors are compared."""
        if question.kind == "chain":
            return chain_formula(self.problem.network, question.subject)
        return right_formula(self.graph, question)

    def factor(self, formula: Formula) -> str:
        """A factor for a sentence; a local derivative as the sheet writes such things."""
        written = {q: self.names.parts(key) for key, q in self.locals.items()}

        def label(q: Quantity) -> Label:
            if (parts := written.get(q)) is None:
                return self.problem.label(q)
            over, under = map(self.problem.labels.glyph, parts)
            return Label(over, under)

        return typeset.symbolic(formula, label)


def _equal(one: Any, two: Any) -> bool:
    with np.errstate(all="ignore"):
        return bool(np.all(np.isfinite(one)) and np.allclose(one, two, rtol=_CLOSE, atol=1e-13))
