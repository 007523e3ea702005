"""Answers in symbols: whether an expression is the right one, and if not, which factor or path it is about.

Nothing is compared as a string. An answer is a formula; it is right if it has the right value at a dozen
random points at which all quantities of the network fit together, which any equal form has and, but for
accidents of measure zero, no other. What is wrong is looked for among the formulas that the catalogued
mistakes give, and then among the factors of a product.

Source of the method: identity testing at random points (Schwartz 1980, Zippel 1979).
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises import typeset
from exercises.algebras import ArrayAlgebra
from exercises.formula import Formula, Negative, Product, Sum, Symbol, fold, leaves, replace_symbols
from exercises.quantity import Kind, Quantity, bias, parse_name, weight, x, y
from exercises.questions import Question, chain_formula, right_formula
from grader.expressions import parse
from grader.hypotheses import hypotheses
from grader.numbers import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.problem import Problem
    from grader.hypotheses import Hypothesis
    from grader.submission import Names

POINTS = 14
FEW = 3  # differences that a sentence can name
_CLOSE = 1e-9
_PARTIAL = re.compile(r"d(?P<over>E|L|[ay]\d+)d(?P<under>W\d+|W\d+,\d+|[ayb]\d+)")
_LOCAL = 5000  # units beyond any network's stand for local derivatives that are no line of a sheet


@dataclass(frozen=True, slots=True)
class Judged:
    """What is thought of one answer in symbols.

    verdict:  as in a report.
    feedback: the sentence.
    mistake:  the catalogued mistake that gives this very expression, if one does.
    """

    verdict: str
    feedback: str = ""
    mistake: Hypothesis | None = None


class Symbols:
    """Judges the answers in symbols of one problem; random points are drawn once."""

    def __init__(self, problem: Problem, names: Names) -> None:
        self.problem = problem
        self.names = names
        self.values = self._points()
        self.locals: dict[str, Quantity] = {}

    def _points(self) -> dict[Quantity, Any]:
        """Values of every quantity at points where they fit together; arrays of shape (POINTS,)."""
        generator = random.Random(self.problem.code)  # noqa: S311 - the same points every time
        graph, algebra = self.problem.graph, ArrayAlgebra()
        values: dict[Quantity, Any] = {}
        for q in graph.given:
            low, high = (0.15, 0.85) if q.kind is Kind.TARGET else (0.3, 1.4)
            values[q] = np.array([generator.uniform(low, high) for _ in range(POINTS)])
        with np.errstate(all="ignore"):
            for step in graph.steps:
                values[step.quantity] = fold(step.formula, algebra, values.__getitem__) + np.zeros(POINTS)
        return values

    def judge(self, question: Question, text: str) -> Judged:
        """Judge one answer."""
        if not text.strip():
            return Judged("missing", "Left blank.")
        formula = parse(text, self.find)
        if isinstance(formula, Unreadable):
            return Judged(
                "unreadable",
                f"This could not be read and has no mark yet; a person must look: {formula.reason}.",
            )
        forbidden = self.forbidden(question, formula)
        if forbidden:
            return Judged("wrong", forbidden)
        got, right = self.at_points(formula), self.values[question.asks_for]
        if _equal(got, right):
            return Judged("correct")
        if _equal(got, -right):
            return Judged("wrong", "Everything is there but the sign, which is turned round.")
        return self.wrong(question, formula, got)

    def find(self, written: str) -> Quantity | None:
        """A quantity of the sheet, a given one, or a local derivative such as ∂a₅/∂y₃."""
        from exercises.notation import plain

        known = self.names.anything(written)
        return known if known is not None and known in self.values else self.local(plain(written[:80]))

    def local(self, key: str) -> Quantity | None:
        """The surrogate of a local derivative, with its value at the points."""
        found = _PARTIAL.fullmatch(key)
        if found is None:
            return None
        if key not in self.locals:
            value = self.local_value(found["over"], found["under"])
            if value is None:
                return None
            self.locals[key] = Quantity(Kind.LOSS_SLOPE, _LOCAL + len(self.locals))
            self.values[self.locals[key]] = value
        return self.locals[key]

    def local_value(self, over: str, under: str) -> Any:
        """The value at the points of ∂over/∂under for neighbouring quantities; None where they are none."""
        above, below = parse_name(over), parse_name(under.replace(",", "_"))
        if below is None or above is None:
            return None
        net = self.problem.network
        if above.kind is Kind.LOSS and below.kind is Kind.PRE_ACTIVATION:
            sign = 1 if self.problem.delta == "gradient" else -1
            return sign * self.values[Quantity(Kind.DELTA, below.unit)]
        if above.kind is not Kind.PRE_ACTIVATION or above.unit not in net.computing:
            return None
        if below == bias(above.unit):
            return np.ones(POINTS)
        if below.kind is Kind.WEIGHT and below.unit == above.unit:
            return self.values.get(x(below.source), self.values.get(y(below.source)))
        if below.kind is Kind.ACTIVATION:
            return self.values.get(weight(below.unit, above.unit))
        return None

    def forbidden(self, question: Question, formula: Formula) -> str:
        """What may not stand in an answer because it is what is asked for."""
        used = set(leaves(formula))
        if question.asks_for in used:
            return f"{self.label(question.asks_for)} is what is asked for; write what it is made of."
        if question.kind != "delta":
            short = [q for q in used if q.kind is Kind.DELTA and q in self.problem.graph.by_quantity]
            if short:
                return f"{self.label(short[0])} is a name for part of the product; write its factors."
        return ""

    def at_points(self, formula: Formula) -> Any:
        """A formula's values at the points."""
        with np.errstate(all="ignore"):
            return fold(formula, ArrayAlgebra(), self.values.__getitem__) + np.zeros(POINTS)

    def label(self, q: Quantity) -> str:
        """A quantity as the sheet writes it."""
        return self.problem.label(q).text

    def wrong(self, question: Question, formula: Formula, got: Any) -> Judged:
        """Name the mistake that gives this expression, or the factor that makes the difference."""
        for h in self.mistakes(question):
            swapped = self.composed(question, h)
            if swapped is not None and (_equal(got, swapped) or _equal(got, -swapped)):
                says = h.says(self.problem.label).replace(": ", "; ")
                about = (
                    self.factors(question, formula) or f"At the link {self.label(h.step.quantity)}: {says}"
                )
                return Judged("wrong", about, h)
        about = self.factors(question, formula) or "This is another expression than the one asked for."
        return Judged("wrong", about)

    def mistakes(self, question: Question) -> Iterator[Hypothesis]:
        """Every catalogued mistake at any link of the chain."""
        graph = self.problem.graph
        line = {question.asks_for, *graph.ancestors[question.asks_for]}
        backward = (
            Kind.LOSS_SLOPE,
            Kind.ACTIVATION_SLOPE,
            Kind.DELTA,
            Kind.WEIGHT_GRADIENT,
            Kind.BIAS_GRADIENT,
        )
        for step in reversed(graph.steps):
            if step.quantity in line and step.quantity.kind in backward:
                yield from hypotheses(step, graph)

    def composed(self, question: Question, h: Hypothesis) -> Any:
        """The value at the points of what is asked for, with one link taken wrongly."""
        graph, values = self.problem.graph, dict(self.values)
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
        expected = self.terms(self.expected(question))
        given = self.terms(formula)
        if len(given) < len(expected):
            return f"This has {len(given)} of {len(expected)} paths; every way from E down to here is a term of the sum."
        if len(given) > len(expected):
            return ""
        best = max(expected, key=lambda term: sum((term & given[0]).values()))
        missing, extra = best - given[0], given[0] - best
        parts = [f"the factor {self.factor(f)} is missing" for f in missing]
        parts += [
            f"the factor {self.factor(f)} {'stands there twice' if f in best else 'does not belong'}"
            for f in extra
        ]
        said = "; ".join(parts)
        return f"{said[0].upper()}{said[1:]}." if 0 < len(parts) <= FEW else ""

    def expected(self, question: Question) -> Formula:
        """The right answer in the terms in which factors are compared."""
        if question.kind == "chain":
            return chain_formula(self.problem.network, question.subject)
        return right_formula(self.problem.graph, question)

    def terms(self, formula: Formula) -> list[Counter[bytes]]:
        """The terms of a sum, each as its factors; a factor is known by its values at the points."""
        if isinstance(formula, Negative):
            formula = formula.of
        if isinstance(formula, Sum) and all(isinstance(t, (Product, Negative)) for t in formula.terms):
            return [self.terms(t)[0] for t in formula.terms]
        parts = formula.factors if isinstance(formula, Product) else (formula,)
        sums = [
            p
            for p in parts
            if isinstance(p, Sum) and all(isinstance(t, (Product, Negative)) for t in p.terms)
        ]
        rest = Counter(self.key(p) for p in parts if p not in sums)
        return [rest + inner for inner in self.terms(sums[0])] if len(sums) == 1 else [rest]

    def key(self, formula: Formula) -> bytes:
        """A factor up to its sign, by its values."""
        key = bytes(np.round(np.abs(self.at_points(formula)), 9).tobytes())
        self.written[key] = formula
        return key

    def pretty(self, key: str) -> str:
        """A local derivative as the sheet writes such things."""
        found = _PARTIAL.fullmatch(key)
        both = [parse_name(found[part].replace(",", "_")) for part in ("over", "under")] if found else []
        return "/".join(f"∂{self.label(q)}" for q in both if q is not None) or key

    @property
    def written(self) -> dict[bytes, Formula]:
        """How a factor was written."""
        return self.__dict__.setdefault("_written", {})  # type: ignore[no-any-return]

    def factor(self, key: bytes) -> str:
        """A factor for a sentence."""
        formula = self.written[key]
        for name, surrogate in self.locals.items():
            formula = replace_symbols(formula, {surrogate: Symbol(surrogate)})
            if formula == Symbol(surrogate):
                return self.pretty(name)
        return typeset.symbolic(formula, self.problem.label)


def _equal(one: Any, two: Any) -> bool:
    with np.errstate(all="ignore"):
        return bool(np.all(np.isfinite(one)) and np.allclose(one, two, rtol=_CLOSE, atol=1e-13))
