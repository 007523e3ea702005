"""Each "=" of a line's working that does not hold, whatever is thought of the number at its end.

A right number keeps its mark, since the lines are what is marked; but that its working contradicts itself is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exercises.formulas.formula import Formula, Negative
from exercises.formulas.last_places import coarser
from grader.answers.lexer import Written
from grader.feedback.claims import Said, WorkingComesTo
from grader.feedback.sheet_numbers import MOST, neat
from grader.judging.interval import Interval, exactly
from grader.judging.verdict import Verdict
from grader.working.chain_of_working import broken_links

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.answers.answer import Working
    from grader.feedback.sentences import SentenceWriter

_HINT = Said("In your working one side of an equals sign is not what the other is.")
_RIGHT = (Verdict.CORRECT, Verdict.FOLLOWS)


def false_links(speaker: SentenceWriter, working: Working) -> list[int]:
    """The links whose value is not that of the next one, on any number that the student may have in hand."""
    column, sheets = speaker.column, speaker.judged.sheets

    def box(p: Quantity) -> Interval:
        known = p in speaker.judged.lines or p in sheets.given
        return speaker.judged.box(p).take(column) if known else exactly(np.float64(np.nan))

    unit = coarser(speaker.judged.unit[column], sheets.asked[column])
    return broken_links(working, box, unit)


def with_false_equations(
    said: Said, speaker: SentenceWriter, q: Quantity, working: Working, told: int | None = None
) -> Said:
    """What is said of a line and, for each "=" that is false, that it is; a right number at the end stays right.

    told: the link of which the diagnosis tells already.
    """
    false = [i for i in false_links(speaker, working) if i != told and i + 1 < len(working.shown)]
    more = [_HINT] if speaker.hints and false else [_sentence(speaker, working, i) for i in false]
    right = Verdict(speaker.judged.lines[q].verdict[speaker.column]) in _RIGHT
    for one in [*more, Said("The number at the end is right all the same.")] if more and right else more:
        said = (said.and_also(" ") if said.text else said).then(one)
    return said


def _sentence(speaker: SentenceWriter, working: Working, at: int) -> Said:
    """What a link comes to, in so many places that it differs from what stands behind the equals sign."""
    left, right = neat(working.shown[at]), neat(working.shown[at + 1])
    link, following = working.links[at], working.links[at + 1]
    value, other = speaker.value_of(link), speaker.value_of(following)
    if not (value.is_finite() and other.is_finite()):
        return Said(f"In your working {left} is not {right}.")
    shown = speaker.precision
    while shown.digits < MOST and speaker.rounded(value, shown) == speaker.rounded(other, shown):
        shown = shown.finer(1)
    claim = WorkingComesTo(link, speaker.rounded(value, shown), following, precision=shown)
    if _is_number(link):
        return Said(f"In your working {left} is not {right}.", (claim,))
    about = "" if speaker.at_places(value, shown) == value else "about "
    comes_to = f"In your working {left} is {about}{claim.result}"
    if _is_number(following):
        return Said(f"{comes_to}, not {right}.", (claim,))
    about = "" if speaker.at_places(other, shown) == other else "about "
    behind = WorkingComesTo(following, speaker.rounded(other, shown), link, precision=shown)
    return Said(f"{comes_to}, but {right} is {about}{behind.result}.", (claim, behind))


def _is_number(link: Formula) -> bool:
    """Whether a link is a number by itself, as it was typed."""
    return isinstance(link.of if isinstance(link, Negative) else link, Written)
