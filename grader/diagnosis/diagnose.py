"""The whole diagnosis of many sheets: convention, verdicts, blank segments, explanations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.quantity import Link
from grader.diagnosis.blank_lines import BlankLines, segment_of
from grader.diagnosis.common_rule import with_rules
from grader.diagnosis.explain import decided, explainer_of
from grader.diagnosis.found import Found
from grader.diagnosis.held_numbers import HeldNumbers
from grader.diagnosis.noise import without_noise
from grader.judging.judge import judge
from grader.judging.student_conventions import Convention, conventions
from grader.judging.verdict import Judgement, Verdict

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.explanation import Explanation
    from grader.judging.batch import SheetBatch

Array = Any
ENOUGH = 2  # a convention must do away with at least this many wrong lines, or with all of them


@dataclass(frozen=True)
class Diagnosis:
    """What is thought of one sheet.

    judged:     verdicts and numbers of the batch in which it was judged.
    column:     its place in that batch.
    explained:  an explanation of each wrong line.
    convention: the other convention that it follows, if it does.
    """

    judged: Judgement
    column: int
    explained: dict[Quantity, Explanation]
    convention: Convention | None = None


def diagnose(sheets: SheetBatch) -> list[Diagnosis]:
    """Diagnose n sheets that share a graph, in order."""
    judged = judge(sheets)
    out: dict[int, Diagnosis] = {}
    for convention, index in _by_convention(judged):
        if not index.size:
            continue
        part = sheets.take(index)
        if convention is not None:
            part = replace(part, graph=convention.graph)
        whole = convention is None and index.size == sheets.size
        for place, found in zip(index, _plain(part, judged if whole else None), strict=True):
            out[int(place)] = replace(found, convention=convention)
    return [out[place] for place in range(sheets.size)]


def _by_convention(judged: Judgement) -> list[tuple[Convention | None, Array]]:
    """Which sheets are best read under which convention; None is the problem's own."""
    sheets = judged.sheets
    best, which = judged.count_wrong(), np.full(sheets.size, -1)
    known = conventions(sheets.graph)
    index = np.flatnonzero(best)
    if index.size:
        part = sheets.take(index)
        left = np.maximum(best[index] - (ENOUGH - 1), 1)
        was = judged.verdicts(index) == Verdict.WRONG
        correct = judged.verdicts(index) == Verdict.CORRECT
        beyond = np.array([s.link is not Link.LOSS for s in sheets.graph.steps])
        for number, convention in enumerate(known):
            flags = judge(replace(part, graph=convention.graph)).verdicts() == Verdict.WRONG
            wrong = flags.sum(axis=0)
            spoils = (flags & correct).any(axis=0)  # a line that is right as the sheet states it stays right
            mended = (was & ~flags)[beyond].any(axis=0)  # the losses alone make no convention
            better = (wrong < left) & mended & ~spoils
            which[index[better]] = number
            left = np.where(better, wrong, left)
    return [(None if n < 0 else known[n], np.flatnonzero(which == n)) for n in (-1, *range(len(known)))]


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
