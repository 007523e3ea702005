"""What right work can write on each line of a sheet of which nothing else is known.

Every earlier line may have been rounded, cut off or kept in the calculator (`grader.judging.interval`): whoever
compares with this alone never refuses a right line.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.last_places import unit_at
from grader.judging.batch import gather
from grader.judging.carried import NEAR
from grader.judging.interval import Interval, enclose, exactly, rounded, written
from grader.judging.judge import judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step
    from exercises.problems.problem import Problem
    from grader.judging.verdict import Judgement

Ranges = dict["Quantity", tuple[Decimal, Decimal]]
_SLACK = 1e-9  # of a unit: as `interval.written` takes its ends


def blank(problems: Sequence[Problem]) -> Judgement:
    """Judge a sheet of each problem on which nothing stands; all problems are of one kind."""
    given, asked = [p.values for p in problems], [p.precision for p in problems]
    return judge(gather(problems[0].graph, given, [{}] * len(problems), asked))


def ranges(problems: Sequence[Problem]) -> list[Ranges]:
    """The least and the greatest number, to the places asked, that judging takes for right on each line asked.

    One for each problem; all are of one kind.
    """
    if not problems:
        return []
    judged, found = blank(problems), [Ranges() for _ in problems]
    for step in problems[0].graph.asked_steps:
        low, high = _ends(judged, step)
        for own, problem, least, most in zip(found, problems, low, high, strict=True):
            ends = (problem.precision.rounded(Decimal(float(end))) for end in (least, most))
            own[step.quantity] = next(ends), next(ends)
    return found


def accepted(judged: Judgement, step: Step) -> Interval:
    """Every number that right work can write down on a line of blank sheets, (n,)."""
    with np.errstate(all="ignore"):
        found, *others = (rounded(one, judged.unit) for one in _in_hand(judged, step))
        for one in others:
            found = found.hull(one)
    return found


def _ends(judged: Judgement, step: Step) -> tuple[Any, Any]:
    """The ends of what is right on a line, multiples of its last place."""
    line = judged.lines[step.quantity]
    key = line.key / line.unit
    with np.errstate(all="ignore"):
        low, high = np.ceil(key - NEAR - _SLACK) * line.unit, np.floor(key + NEAR + _SLACK) * line.unit
        for one in _in_hand(judged, step):
            low = np.minimum(low, _least(one.lo, unit_at(judged.unit, one.lo)))
            high = np.maximum(high, -_least(-one.hi, unit_at(judged.unit, one.hi)))
    return low, high


def _least(low: Any, unit: Any) -> Any:
    """The least number that is rounded or cut off to `unit` from one of at least `low`: see `interval.written`."""
    cut_off = np.ceil(low / unit - 1 - _SLACK)
    least = np.where(cut_off >= 0, cut_off, np.minimum(np.ceil(low / unit - 0.5 - _SLACK), 0))
    return np.where(unit == 0, 0.0, least * unit)


def _in_hand(judged: Judgement, step: Step) -> Iterator[Interval]:
    """What right work can have in hand for a line by each of its formulas, before it is written down.

    Where that is anything at all (a division by almost nothing), the lines above are taken as they are rounded.
    """
    lines, unit = judged.lines, judged.unit

    def on_rounded_line(q: Quantity) -> Interval:
        if q not in lines:
            return judged.box(q)
        own = _half_up(lines[q].key, lines[q].unit)
        return written(own, unit_at(unit, own))

    with np.errstate(all="ignore"):
        for formula in (step.formula, *step.alternatives):
            found = enclose(formula, judged.box, unit)
            for box in (on_rounded_line, None):
                bounded = np.isfinite(found.lo) & np.isfinite(found.hi)
                if bounded.all():
                    break
                instead = enclose(formula, box, unit) if box else exactly(lines[step.quantity].key)
                found = found.where(bounded, instead)
            yield found


def _half_up(value: Any, unit: Any) -> Any:
    return np.sign(value) * np.floor(np.abs(value) / unit + 0.5) * unit
