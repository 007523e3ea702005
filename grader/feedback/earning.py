"""What a line earns: where a mistake is charged once, and where a sheet shows too little for what follows to be paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from grader.judging.carried import NEAR
from grader.judging.verdict import Note, Verdict

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step
    from grader.diagnosis.diagnose import Diagnosis
    from grader.diagnosis.explanation import Explanation

LOOK = "look"  # a person should look at this mark
_MANY = 6  # so many lines that do not fit the problem's own numbers
_KINDS = 3  # of so many kinds
_TWO = 2
_NEARLY_ALL = 0.8
_SHARE = 0.6  # of those that could go on with something wrong
_SEVERAL = 3  # so many wrong numbers that were only copied

UNGROUNDED = "This fits the lines above it, but most lines that use the given numbers do not fit them; it earns no mark."


@dataclass(frozen=True)
class Earning:
    """What the lines of one sheet earn."""

    found: Diagnosis

    def verdict(self, q: Quantity) -> Verdict:
        """What is said of a line."""
        return Verdict(self.found.judged.lines[q].verdict[self.found.column])

    def is_idle(self, q: Quantity) -> bool:
        """Whether a line holds a number that needed no work, and is wrong or follows from such a one."""
        return bool(self.found.judged.lines[q].idle[self.found.column])

    def is_by_key(self, q: Quantity) -> bool:
        """Whether a line holds the key's number, cut off or rounded on the way."""
        judged, at = self.found.judged, self.found.column
        return bool(
            abs(judged.sheets.value[q][at] - judged.lines[q].key[at]) <= NEAR * judged.lines[q].unit[at]
        )

    def trivial(self) -> int:
        """How many lines an own wrong number left nothing to do in."""
        return int(self.found.judged.trivial[self.found.column])

    def is_ungrounded(self) -> bool:
        """Whether a sheet goes on with other numbers than the problem's: somebody else's, or the key's made other."""
        if self.found.judged.wrong_lines[self.found.column] < _MANY:  # as on nearly all sheets: quickly told
            return False
        return self.is_of_other_numbers() or self.is_key_made_other()

    def is_key_made_other(self) -> bool:
        """Whether wrong lines of several kinds are the key's numbers, all multiplied by one factor or moved by one step.

        Whoever works on from a mistake has one wrong line, and what follows from it.
        """
        lines = self.found.judged.lines
        wrong = [
            step
            for step in self.found.judged.sheets.graph.steps
            if self.verdict(step.quantity) is Verdict.WRONG
        ]
        if len(wrong) < _MANY or len({step.link for step in wrong}) < _TWO:
            return False
        column, sheets = self.found.column, self.found.judged.sheets
        typed = np.array([sheets.value[s.quantity][column] for s in wrong])
        key = np.array([lines[s.quantity].key[column] for s in wrong])
        unit = np.array([lines[s.quantity].place[column] for s in wrong])
        with np.errstate(all="ignore"):
            factor, step = np.nanmedian(typed / key), np.median(typed - key)
            scaled, moved = np.abs(typed - factor * key) <= unit, np.abs(typed - key - step) <= unit
        return bool(max(scaled.mean(), moved.mean()) >= _NEARLY_ALL)

    def is_of_other_numbers(self) -> bool:
        """Whether nearly all lines break that use what is printed, and most that use nothing but other lines fit.

        They break for no reason that is known. A few mistakes, even if repeated, break lines of one kind or two.
        """
        graph = self.found.judged.sheets.graph
        given = frozenset(graph.given)
        own = [step for step in graph.steps if any(p in given for p in step.parents)]
        wrong = [step for step in own if self.verdict(step.quantity) is Verdict.WRONG]
        following = sum(self.verdict(step.quantity) is Verdict.FOLLOWS for step in own)
        return (
            len(wrong) >= _MANY
            and len({step.link for step in wrong}) >= _KINDS
            and len(wrong) >= _SHARE * (len(wrong) + following)
            and 2 * sum(map(self._is_unexplained, wrong)) >= len(wrong)
        )

    def _is_unexplained(self, step: Step) -> bool:
        explanation: Explanation | None = self.found.explained.get(step.quantity)
        return explanation is None or not (explanation.causes or explanation.held or explanation.rule)

    def flags(self, *, ungrounded: bool) -> tuple[str, ...]:
        """What a person should know of the sheet."""
        copied = int(self.found.judged.copied[self.found.column])
        return (LOOK,) if ungrounded or self.trivial() or copied >= _SEVERAL else ()


def is_counted(verdict: Verdict, note: Note) -> bool:
    """Whether a line counts: also one that shows nothing, where that is the sheet's own doing."""
    return verdict is not Verdict.NOT_ASSESSED or note == Note.TRIVIAL
