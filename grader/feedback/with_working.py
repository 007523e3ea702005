"""What a line's own working shows, said beside the diagnosis: the factor that is missing, too many, or another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exercises.formulas.typeset import MINUS
from grader.feedback.false_equations import with_false_equations
from grader.judging.interval import Interval, exactly
from grader.judging.verdict import Verdict
from grader.working.chain_of_working import broken_link
from grader.working.flaws import Flaw, difference, flaw
from grader.working.same_factors import OwnNumbers, is_form, meet

if TYPE_CHECKING:
    from exercises.formulas.formula import Formula
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step
    from grader.answers.answer import Working
    from grader.diagnosis.explanation import Explanation
    from grader.feedback.claims import Said
    from grader.feedback.sentences import SentenceWriter


def feedback(speaker: SentenceWriter, q: Quantity, explanation: Explanation | None) -> tuple[Said, bool]:
    """The sentences for one line, with what its working shows, unless the diagnosis says that already.

    Beside them whether the explanation stands: not where the working shows that it was something else.
    """
    working = speaker.working.get(q)
    if working is None:
        return speaker.line(q, explanation), True
    if speaker.judged.lines[q].verdict[speaker.column] != Verdict.WRONG:
        return with_false_equations(speaker.line(q, explanation), speaker, q, working), True
    said, stands = _with_working(speaker, q, explanation, working)
    slip = None
    if any(speaker.slipped(q)):
        unit = speaker.judged.unit[speaker.column]
        slip = broken_link(working, lambda p: float(speaker.used(p, speaker.wrongly(q))), unit)
    said = with_false_equations(said, speaker, q, working, slip)
    if working.unread is not None:
        reason = working.unread.reason
        said = said.and_also(f" An earlier part of your working could not be read and is left out: {reason}.")
    return said, stands


def _with_working(
    speaker: SentenceWriter, q: Quantity, explanation: Explanation | None, working: Working
) -> tuple[Said, bool]:
    """The same for a broken line with working."""
    said, column = speaker.line(q, explanation), speaker.column

    def box(p: Quantity) -> Interval:
        known = p in speaker.judged.lines or p in speaker.judged.sheets.given
        return speaker.judged.box(p).take(column) if known else exactly(np.float64(np.nan))

    own = OwnNumbers(speaker.graph, box, speaker.judged.unit[column])
    step = speaker.graph.by_quantity[q]
    found, slipped = flaw(working.links, step, own), any(speaker.slipped(q))
    if found is None:
        return said, not slipped
    place, one = found
    # a slip is told of the link before, and names no mistake
    if (speaker.hints or not slipped) and _named(one, working.links[place], explanation, step, own):
        return said, not slipped
    stands = not slipped
    if broken_link(working, lambda p: float(speaker.used(p)), own.unit) is None:
        # the working leads to this very number: it was no slip of the pen
        said, stands = speaker.wrong(q, None), False
    shown = working.shown[place].strip().replace("-", MINUS).replace(",", ".")
    told = one.hint if speaker.hints else one.says(shown, speaker.problem.label)
    return said.and_also(f" {told}"), stands


def _named(one: Flaw, link: Formula, explanation: Explanation | None, step: Step, own: OwnNumbers) -> bool:
    """Whether the diagnosis tells the same: a mistake at this line that changes the formula in the same way."""
    if explanation is None or not explanation.causes:
        return False
    cause = explanation.causes[0].hypothesis
    if cause.step.quantity != step.quantity:
        return False
    if is_form(link, cause.formula, own):
        return True
    with np.errstate(all="ignore"):
        told = difference(cause.formula, step, own)
        return told == one or (told is None and meet(own.value(cause.formula), own.value(link)))
