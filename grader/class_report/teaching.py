"""What to teach: a sentence for each link of the chain rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.quantity import Link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.class_report.tally import Lost

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


def lead(ranked: Sequence[Lost]) -> str:
    """How far a lesson on the dearest links would reach."""
    total = sum(one.marks for one in ranked)
    if not total:
        return "No mark was lost by a broken step."
    sofar, first = 0.0, []
    for one in ranked:
        first.append(one.link)
        sofar += one.marks
        if sofar >= MOST * total:
            break
    share = f"{100 * sofar / total:.0f}% of the marks that broken steps cost"
    if len(first) == 1:
        return f"A lesson on the {first[0]} alone would reach {share}."
    return f"Lessons on {', '.join(first[:-1])} and {first[-1]} would reach {share}."
