"""Which mistakes a problem's numbers hide, and which they make look alike."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from answer_keys.solution import solve
from exercises import typeset
from exercises.quantity import Kind
from grader.explain import Explainer
from grader.interval import enclose, rounded, written
from grader.judge import judge
from grader.numbers import Typed
from grader.sheets import gather

if TYPE_CHECKING:
    from exercises.problem import Problem
    from exercises.quantity import Quantity
    from grader.hypotheses import Hypothesis
    from grader.judge import Judgement


@dataclass(frozen=True)
class Findings:
    """What a problem's numbers hide.

    total:  how many mistakes could be made, each at each line.
    hidden: those whose number would pass for correct work.
    alike:  pairs at one line whose numbers could not be told apart.
    """

    problem: Problem
    total: int
    hidden: tuple[Hypothesis, ...]
    alike: tuple[tuple[Hypothesis, Hypothesis], ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values for `check --json`."""
        return {
            "problem": self.problem.title or self.problem.code,
            "mistakes": self.total,
            "hidden": [_entry(h) for h in self.hidden],
            "alike": [[_entry(one), _entry(two)] for one, two in self.alike],
            "advice": self.advice(),
        }

    def as_text(self) -> str:
        """For a terminal."""
        label = self.problem.label
        involved = {id(h) for pair in self.alike for h in pair}
        summary = (
            f"{self.total} mistakes looked at: {len(self.hidden)} would pass for correct work, "
            f"{len(involved)} share their number with another mistake."
        )
        rows = [summary]
        rows += self.advice()
        if self.hidden:
            rows += ["", "Would pass for correct work:"]
            rows += [
                f"  {label(h.step.quantity).text:14} {h.mistake.code}  {h.mistake.name}" for h in self.hidden
            ]
        if self.alike:
            rows += ["", "Could not be told apart:"]
            rows += [
                f"  {label(one.step.quantity).text:14} {one.mistake.code} {one.mistake.name}  =  "
                f"{two.mistake.code} {two.mistake.name}"
                for one, two in self.alike
            ]
        return "\n".join(rows)

    def advice(self) -> list[str]:
        """What about the numbers hides mistakes, one sentence each."""
        problem = self.problem
        values = solve(problem).values
        out = []
        for q, value in problem.values.items():
            name, shown = problem.label(q).text, typeset.number(value)
            if q.kind in (Kind.INPUT, Kind.WEIGHT) and value in (0, 1, -1):
                out.append(
                    f"With {name} = {shown} a factor that is left out, or should not be there, cannot show."
                )
            if q.kind is Kind.TARGET and value in (0, 1):
                out.append(f"With the target {name} = {shown} the error looks like the output itself.")
            if q.kind is Kind.RATE and value == 1:
                out.append(f"With {name} = 1 a forgotten learning rate cannot show.")
        out += _equal(problem)
        least = 20 * Decimal(1).scaleb(-problem.places)
        small = [
            problem.label(s.quantity).text
            for s in problem.graph.steps
            if s.quantity.kind is Kind.DELTA and abs(values[s.quantity]) < least
        ]
        if small:
            out.append(
                f"{', '.join(small)}: so small that {problem.places} places leave few digits; ask for more."
            )
        return out


def _equal(problem: Problem) -> list[str]:
    out, net = [], problem.network
    for layer in net.layers[1:]:
        for kind, noun in ((Kind.WEIGHT, "weights"), (Kind.BIAS, "biases")):
            owned = [q for q in problem.values if q.kind is kind and q.unit in layer]
            for i, one in enumerate(owned):
                for two in owned[i + 1 :]:
                    if problem.values[one] == problem.values[two]:
                        names = f"{problem.label(one).text} and {problem.label(two).text}"
                        out.append(f"The {noun} {names} are equal, so one cannot be told from the other.")
    return out


def _entry(h: Hypothesis) -> dict[str, str]:
    return {"quantity": h.step.quantity.name, "code": h.mistake.code, "name": h.mistake.name}


def perfect(problem: Problem) -> Judgement:
    """A sheet without a mistake, rounded to the places asked for, as judged."""
    values = solve(problem).values
    unit = Decimal(1).scaleb(-problem.places)
    answers = {}
    for step in problem.graph.steps:
        value = typeset.rounded(values[step.quantity], problem.places)
        answers[step.quantity] = Typed(f"{value:f}", value, unit)
    return judge(gather(problem.graph, [problem.values], [answers], [problem.places]))


def check(problem: Problem) -> Findings:
    """Try every mistake on the problem's own numbers."""
    judged, explainer = perfect(problem), Explainer(problem.graph)
    hidden: list[Hypothesis] = []
    alike: list[tuple[Hypothesis, Hypothesis]] = []
    total = 0
    with np.errstate(all="ignore"):
        for step in problem.graph.steps:
            found, pairs, count = _line(judged, explainer, step.quantity)
            hidden += found
            alike += pairs
            total += count
    return Findings(problem, total, tuple(hidden), tuple(alike))


def _line(
    judged: Judgement, explainer: Explainer, q: Quantity
) -> tuple[list[Hypothesis], list[tuple[Hypothesis, Hypothesis]], int]:
    unit = judged.unit
    passes = rounded(judged.lines[q].own, unit)
    shown: list[tuple[Hypothesis, Any]] = []
    hidden: list[Hypothesis] = []
    known = explainer.hypotheses(q)
    for h in known:
        gives = enclose(h.formula, judged.box, unit)
        if not np.isfinite(gives.mid[0]):
            continue
        typed = written(gives.mid, unit)
        if passes.contains(typed)[0]:
            hidden.append(h)
        else:
            shown.append((h, gives))
    alike = [
        (one, two)
        for i, (one, first) in enumerate(shown)
        for two, second in shown[i + 1 :]
        if one.mistake.code != two.mistake.code
        and rounded(first, unit).contains(written(second.mid, unit))[0]
    ]
    return hidden, alike, len(known)
