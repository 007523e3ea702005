"""What has been found behind the blank lines of n sheets: explanations, and the numbers that they rest on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.judging.findings import Held, SheetFindings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.explanation import Explanation

Array = Any


@dataclass(frozen=True, slots=True)
class Finding:
    """An explanation of one line of one sheet, and what blank lines held if it is true."""

    sheet: int
    explanation: Explanation
    held: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One entry for each of n sheets.

    explained: an explanation of each line that shows a break in a blank one.
    looked:    the lines that were looked at, with or without success.
    findings:  what is therefore taken for known when the sheets are judged.
    """

    explained: tuple[Mapping[Quantity, Explanation], ...]
    looked: tuple[frozenset[Quantity], ...]
    findings: SheetFindings

    @classmethod
    def nothing(cls, size: int) -> Found:
        """Nothing is found yet on n sheets."""
        return cls(({},) * size, (frozenset(),) * size, SheetFindings(size))

    def looking_at(self, lines: Mapping[int, Quantity]) -> Found:
        """The same after a line of each of some sheets was looked at."""
        looked = list(self.looked)
        for sheet, q in lines.items():
            looked[sheet] |= {q}
        return replace(self, looked=tuple(looked))

    def adding(self, more: Iterable[Finding]) -> Found:
        """The same with more explanations."""
        explained, more = list(self.explained), tuple(more)
        for one in more:
            explained[one.sheet] = {**explained[one.sheet], one.explanation.quantity: one.explanation}
        findings = self.findings.holding(held for one in more for held in one.held)
        findings = findings.breaking((one.sheet, one.explanation.quantity) for one in more)
        return replace(self, explained=tuple(explained), findings=findings)

    def forgetting(self, sheets: Sequence[int]) -> Found:
        """The same with all taken back that was found on some sheets, to look at them afresh."""
        gone = np.zeros(self.findings.size, dtype=bool)
        gone[list(sheets)] = True
        return Found(
            tuple({} if g else e for g, e in zip(gone, self.explained, strict=True)),
            tuple(frozenset() if g else q for g, q in zip(gone, self.looked, strict=True)),
            self.findings.without(gone),
        )

    def assumed(self, sheet: int) -> frozenset[Quantity]:
        """The blank lines of one sheet of which something is known."""
        return frozenset(q for q in self.findings.held if self.findings.holds(q, sheet))

    def count(self, index: Array) -> Array:
        """How many lines are explained on each of some sheets."""
        return np.array([len(self.explained[sheet]) for sheet in index], dtype=int)
