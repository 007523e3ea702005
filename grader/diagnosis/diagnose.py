"""The whole diagnosis of many sheets: convention, verdicts, blank segments, explanations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.diagnosis.blank_lines import BlankLines, segment_of
from grader.diagnosis.common_rule import with_rules
from grader.diagnosis.explain import decided, explainer_of
from grader.diagnosis.found import Found
from grader.diagnosis.held_numbers import HeldNumbers
from grader.diagnosis.noise import without_noise
from grader.diagnosis.which_convention import FollowedConvention, read
from grader.judging.judge import judge

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.explanation import Explanation
    from grader.judging.batch import SheetBatch
    from grader.judging.student_conventions import Convention
    from grader.judging.verdict import Judgement

Array = Any
READ_AS_STATED = FollowedConvention()


@dataclass(frozen=True)
class Diagnosis:
    """What is thought of one sheet.

    judged:     verdicts and numbers of the batch in which it was judged.
    column:     its place in that batch.
    explained:  an explanation of each wrong line.
    reading:    the convention by which it is read.
    """

    judged: Judgement
    column: int
    explained: dict[Quantity, Explanation]
    reading: FollowedConvention = READ_AS_STATED

    @property
    def convention(self) -> Convention | None:
        """The other convention that it follows, if it does."""
        return self.reading.convention


def diagnose(sheets: SheetBatch) -> list[Diagnosis]:
    """Diagnose n sheets that share a graph, in order."""
    judged = judge(sheets)
    out: dict[int, Diagnosis] = {}
    alike: dict[int, list[int]] = {}
    readings = read(judged)
    for place, reading in enumerate(readings):
        alike.setdefault(id(reading.convention), []).append(place)
    for places in alike.values():
        convention, part = readings[places[0]].convention, sheets.take(np.array(places))
        if convention is not None:
            part = replace(part, graph=convention.graph)
        whole = convention is None and len(places) == sheets.size
        for place, found in zip(places, _plain(part, judged if whole else None), strict=True):
            out[place] = replace(found, reading=readings[place])
    return [out[place] for place in range(sheets.size)]


def _plain(sheets: SheetBatch, judged: Judgement | None) -> list[Diagnosis]:
    """Diagnose sheets under the convention of their graph."""
    explainer = explainer_of(sheets.graph)
    judged = judge(sheets) if judged is None else judged
    found = BlankLines(sheets, explainer).explained(judged, Found.nothing(sheets.size))
    settled = judge(sheets, found.findings) if found.findings.held else judged
    more = HeldNumbers(sheets, explainer).explained(settled, found)
    settled = settled if more is found else judge(sheets, more.findings)
    explained = explainer.explain(settled)
    out = []
    for column in range(sheets.size):
        whole = {**explained[column], **more.explained[column]}
        for q, explanation in whole.items():
            if explanation.at == q and not explanation.causes:  # it may lie in any line skipped on the way
                whole[q] = replace(explanation, segment=segment_of(settled, more.findings, q, column))
        told = with_rules(settled, column, decided(whole))
        out.append(Diagnosis(settled, column, without_noise(settled, column, told)))
    return out
