"""What to teach: a sentence for each link of the chain rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.common.wording import listed
from exercises.formulas.quantity import Link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.class_report.tally import LinkLoss, Threshold

ADVICE = {
    Link.WEIGHTED_SUM: "Write out every term, weight times what comes in, and the bias once, before any number.",
    Link.ACTIVATION: "Evaluate one activation together on the calculator, bracket by bracket.",
    Link.LOSS: "Square each error before adding, and keep the factor that stands in front.",
    Link.LOSS_SLOPE: "Differentiate the loss by the output on the board, and settle the sign there.",
    Link.ACTIVATION_SLOPE: "Write the slope in the unit’s own activation, and ask at which unit it is taken.",
    Link.OUTPUT_DELTA: "A delta has two factors: the slope of the loss and the slope of the activation.",
    Link.HIDDEN_DELTA: "Send the error back along every path with that path’s weight, add, and then multiply "
    "by the unit’s own slope.",
    Link.GRADIENT: "A weight’s gradient is the delta at the end of its arrow times what enters at the start.",
    Link.UPDATE: "Write down the old value, η and the gradient before multiplying; subtract once.",
}
OTHER = "Work one such line on the board, in symbols first."
MOST = 0.6  # of the marks lost, that the first few links are said to hold


def advice(link: str) -> str:
    """What to do about one link."""
    return next((sentence for known, sentence in ADVICE.items() if known == link), OTHER)


def lead(ranked: Sequence[LinkLoss], limit: Threshold) -> str:
    """How far a lesson on the dearest links would reach, of everything that broken steps cost.

    What few students lost is part of the whole. If those few are a small group all together, the whole would tell
    what they lost, and only what the lessons reach is said.
    """
    costly = [one for one in ranked if one.marks]
    if not costly:
        return "No mark was lost by a broken step."
    shown = [one for one in costly if not limit.hides(one.students)]
    rest = [one for one in costly if limit.hides(one.students)]
    if not shown:
        return f"No link was broken by {limit.least} students or more."
    told = not rest or not limit.hides(len(frozenset().union(*(one.who for one in rest))))
    total = sum(one.marks for one in (costly if told else shown))
    first: list[LinkLoss] = []
    for one in shown:
        first.append(one)
        reached = sum(each.marks for each in first)
        if reached >= MOST * total:
            break
    few = f"fewer than {limit.least} students"
    if not told:
        reach = f"{_lessons(first)} would reach {reached:g} of the marks that broken steps cost"
        return f"{reach}; what was lost on links that {few} broke is not told."
    share = f"{_percent(reached, total)}% of the marks that broken steps cost"
    last = f"; the rest was lost on links that {few} each broke" if len(first) == len(shown) and rest else ""
    return f"{_lessons(first)} would reach {share}{last}."


def _lessons(about: Sequence[LinkLoss]) -> str:
    links = [one.link for one in about]
    if len(links) == 1:
        return f"A lesson on the {links[0]}"
    return f"Lessons on {listed(links)}"


def _percent(part: float, whole: float) -> int:
    """A share in per cent, which is a hundred only if nothing is left out."""
    return 100 if part >= whole else min(round(100 * part / whole), 99)
