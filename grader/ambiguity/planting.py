"""Planting a mistake of the catalogue in a worked solution: where it shows, and where nothing else looks wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from answer_keys.solution import solve
from exercises.common.errors import ByhandError, ProblemError
from exercises.drawing.seeded_random import SeededRandom
from exercises.formulas.formula import leaves
from exercises.formulas.quantity import Link, QuantityKind
from exercises.networks.plan import Plan
from exercises.problems.worked_solution import carried
from grader.answers.numbers import Typed
from grader.diagnosis.diagnose import diagnose
from grader.judging.batch import gather
from grader.judging.verdict import Verdict
from grader.mistakes import CATALOGUE
from grader.mistakes.base import USUAL
from grader.mistakes.hypotheses import hypotheses
from grader.questions.wrong_line import WrongLineJudge

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem
    from grader.mistakes.hypotheses import Hypothesis

Numbers = dict["Quantity", Decimal]
Candidates = dict[str, dict[str, list["Hypothesis"]]]
CLEAR = 15  # units of the last place by which a wrong value differs from the right one, at least
SHARE = Decimal("0.05")  # and by this share of the larger
CARRIED = 2  # lines that the mistake is carried on to, at least
CERTAIN = 0.5  # how sure the grader must be of the mistake from the numbers alone
LARGEST = 100  # beyond it a carried number looks wrong by itself
_PARTS = {
    Link.WEIGHTED_SUM: "forward",
    Link.ACTIVATION: "forward",
    Link.LOSS: "forward",
    Link.LOSS_SLOPE: "slopes",
    Link.ACTIVATION_SLOPE: "slopes",
    Link.OUTPUT_DELTA: "deltas",
    Link.HIDDEN_DELTA: "deltas",
    Link.GRADIENT: "gradients",
    Link.UPDATE: "updates",
}
_SHARES = {"forward": 2, "slopes": 2, "deltas": 4, "gradients": 2, "updates": 1}  # how often each is drawn
_FORWARD = (QuantityKind.PRE_ACTIVATION, QuantityKind.ACTIVATION, QuantityKind.LOSS)


def plant(problem: Problem, seed: str) -> Problem:
    """A worked solution of a plain full pass with one usual mistake in it, which `seed` chooses.

    Raises ByhandError where every mistake is hidden, or looks like another one.
    """
    rng, right = SeededRandom(f"{seed}/mistake"), solve(problem).values
    parts = _candidates(problem)
    while parts:
        found = _drawn(parts, rng)
        printed = _printed(problem, found, right)
        if printed is not None and _stands_out(problem, found, printed):
            plan = Plan("find-the-mistake", planted=(found.mistake.code, found.step.quantity.name))
            return problem.recast(plan, problem.questions, printed)
    raise ByhandError("no mistake could be planted that shows with these numbers; draw others")


def _drawn(parts: Candidates, rng: SeededRandom) -> Hypothesis:
    """One candidate, taken out: a part of the pass, in it a line, at that line a mistake."""
    part = rng.choice([p for p, times in _SHARES.items() if p in parts for _ in range(times)])
    line = rng.choice(sorted(parts[part]))
    found = parts[part][line].pop(rng.below(len(parts[part][line])))
    if not parts[part][line]:
        del parts[part][line]
    if not parts[part]:
        del parts[part]
    return found


def _candidates(problem: Problem) -> Candidates:
    """Usual mistakes at the lines before the check run, by part of the pass and line; each code once at a line."""
    graph, found = problem.graph, dict[tuple[str, str], "Hypothesis"]()
    for step in graph.steps:
        if step.quantity.updated and step.quantity.kind in _FORWARD:
            continue
        carried = sum(step.quantity in above for above in graph.ancestors.values())
        for h in hypotheses(step, graph) if carried >= CARRIED else ():
            if h.mistake.weight >= USUAL and all(_is_above(problem, h, q) for q in leaves(h.formula)):
                found.setdefault((h.mistake.code, step.quantity.name), h)
    out: Candidates = {}
    for h in found.values():
        out.setdefault(_PARTS[h.step.link], {}).setdefault(h.step.quantity.name, []).append(h)
    return out


def _is_above(problem: Problem, h: Hypothesis, q: Quantity) -> bool:
    """Whether a quantity is known where the mistake is made."""
    position = problem.graph.position
    return q not in position or position[q] < position[h.step.quantity]


def _printed(problem: Problem, h: Hypothesis, right: Numbers) -> Numbers | None:
    """The solution with the mistake carried on; None where it would not show, or gives impossible numbers."""
    q = h.step.quantity
    try:
        printed = carried(problem.graph.steps, problem.values, problem.precision, {q: h.formula})
    except ProblemError:
        return None
    off, unit = abs(printed[q] - right[q]), problem.precision.unit(right[q])
    larger = max(abs(printed[q]), abs(right[q]))
    sane = all(abs(value) < LARGEST for value in printed.values())
    return printed if sane and off >= CLEAR * unit and off >= SHARE * larger else None


def _stands_out(problem: Problem, h: Hypothesis, printed: Numbers) -> bool:
    """Whether a grader of these lines finds this mistake, and no other line wrong."""
    answers = {q: Typed(f"{v:f}", v, problem.precision.unit(v)) for q, v in printed.items()}
    sheets = gather(problem.graph, [problem.values], [answers], [problem.precision])
    (found,) = diagnose(sheets)
    lines = found.judged.lines
    wrong = [q for q in printed if lines[q].verdict[0] == Verdict.WRONG]
    if found.convention is not None or wrong != [h.step.quantity]:
        return False
    causes = found.explained[h.step.quantity].causes
    return bool(causes) and causes[0].hypothesis.mistake is h.mistake and causes[0].probability >= CERTAIN


def planted(problem: Problem) -> str:
    """The mistake of a worked solution in a sentence, for those who have the key."""
    code = problem.plan.planted[0]
    name = next((m.name for m in CATALOGUE if m.code == code), "")
    return " ".join(
        part for part in (f"The mistake is {code}, {name}.", WrongLineJudge(problem).what_happened()) if part
    )
