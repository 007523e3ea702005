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
from grader.judging.verdict import Verdict

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.explanation import Explanation
    from grader.judging.batch import SheetBatch
    from grader.judging.student_conventions import Convention
    from grader.judging.verdict import Judgement

Array = Any
_LIKELY = 0.5  # a mistake is taken for the one that was made
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
    def is_one_mistake(self) -> bool:
        """Whether one mistake, made at several lines, is the likeliest for all that is wrong."""
        wrong = [q for q, line in self.judged.lines.items() if line.verdict[self.column] == Verdict.WRONG]
        found = [self.explained[q] for q in wrong if q in self.explained]
        return (
            bool(found)
            and len(found) == len(wrong)
            and all(e.is_repeated and e.causes[0].probability >= _LIKELY for e in found)
            and len({e.causes[0].hypothesis.mistake.name for e in found}) == 1
        )

    @property
    def convention(self) -> Convention | None:
        """The other convention that it follows, if it does."""
        return self.reading.convention


def diagnose(sheets: SheetBatch) -> list[Diagnosis]:
    """Diagnose n sheets that share a graph, in order."""
    judged = judge(sheets)
    readings = read(judged)
    out = _simplest(sheets, readings)
    alike: dict[int, list[int]] = {}
    for place, reading in enumerate(readings):
        if place not in out:
            alike.setdefault(id(reading.convention), []).append(place)
    for places in alike.values():
        convention, part = readings[places[0]].convention, sheets.take(np.array(places))
        if convention is not None:
            part = replace(part, graph=convention.graph)
        whole = convention is None and len(places) == sheets.size
        for place, found in zip(places, _plain(part, judged if whole else None), strict=True):
            out[place] = replace(found, reading=readings[place])
    return [out[place] for place in range(sheets.size)]


def _simplest(sheets: SheetBatch, readings: list[FollowedConvention]) -> dict[int, Diagnosis]:
    """By place, the sheets on which one mistake explains what another convention and something else would."""
    stated = {place: one.stated for place, one in enumerate(readings) if one.stated is not None}
    if not stated:
        return {}
    plain = zip(stated.items(), _plain(sheets.take(np.array(list(stated))), None), strict=True)
    return {place: replace(found, reading=own) for (place, own), found in plain if found.is_one_mistake}


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
