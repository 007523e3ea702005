"""The verdict on an answer that is no number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.answers.numbers import Unreadable
    from grader.mistakes.hypotheses import Hypothesis


@dataclass(frozen=True, slots=True)
class Judged:
    """What is thought of one answer in symbols.

    verdict:  as in a report.
    feedback: the sentence.
    mistake:  the catalogued mistake that gives this very expression, if one does.
    unread:   what could not be read, and where.
    share:    how much of the mark a wrong answer still earns.
    hint:     where to look, for those who are told no more; empty for the usual one.
    """

    verdict: str
    feedback: str = ""
    mistake: Hypothesis | None = None
    unread: Unreadable | None = None
    share: float = 0.0
    hint: str = ""
