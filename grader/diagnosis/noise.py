"""Sheets that no mistakes lead to: one number on most lines, the key times a number, somebody else's answers.

Some formula or other fits any number, and such sheets have many; a cause named there would be made up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.diagnosis.explanation import Explanation
from grader.judging.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.formulas.quantity import Quantity
    from grader.judging.verdict import Judgement

MANY = 8  # wrong lines at least, on a sheet that may be noise
_SHARE = 0.4  # and this share of what is written
_NAMED = 0.35  # a sheet with fewer of them named than this has no mistakes that anybody could know
_STOCK = 0.5  # of the lines, with one and the same number
_SCALED = 0.8  # of the telling lines, off the key by one factor
_TELLING = 20.0  # units that a number must have for its factor to tell
_LEAST = 0.002  # by which that factor differs from 1


def without_noise(
    judged: Judgement, column: int, explained: dict[Quantity, Explanation]
) -> dict[Quantity, Explanation]:
    """The explanations of one sheet; without causes where it shows none."""
    if len(explained) < MANY or not is_noise(judged, column, explained):
        return explained
    return {q: Explanation(q, segment=(q,)) for q in explained}


def is_noise(judged: Judgement, column: int, explained: Mapping[Quantity, Explanation]) -> bool:
    """Whether a sheet is more likely made up, or somebody else's, than worked with mistakes."""
    wrong = sum(bool(line.verdict[column] == Verdict.WRONG) for line in judged.lines.values())
    written = sum(not line.blank[column] for line in judged.lines.values())
    if wrong < MANY or any(e.at != q for q, e in explained.items()):
        return False  # other lines rest on what is thought of a blank one
    if _stock(judged, column) or _scaled(judged, column):
        return True
    known = [e for e in explained.values() if e.causes or e.rule or e.held]
    if any(e.is_repeated or e.rule for e in known):
        return False
    return wrong >= _SHARE * written and len(known) < _NAMED * wrong


def _stock(judged: Judgement, column: int) -> bool:
    """Whether one number stands on most lines."""
    values = [float(v[column]) for v in judged.sheets.value.values() if not np.isnan(v[column])]
    _, counts = np.unique(values, return_counts=True)
    return bool(counts.max() > _STOCK * len(values))


def _scaled(judged: Judgement, column: int) -> bool:
    """Whether most lines are off the key by one factor."""
    low, high = [], []
    for q, line in judged.lines.items():
        value, key = float(judged.sheets.value[q][column]), float(line.key[column])
        unit = float(line.unit[column])
        if np.isfinite(value) and abs(key) > _TELLING * unit:
            low.append(value / key - unit / abs(key))
            high.append(value / key + unit / abs(key))
    if len(low) < MANY:
        return False
    starts, ends = np.array(low), np.array(high)
    agree = (starts[:, None] <= starts[None, :]) & (ends[:, None] >= starts[None, :])
    best = int(agree.sum(axis=0).argmax())
    among = agree[:, best]
    factor = 0.5 * (starts[among].max() + ends[among].min())
    return bool(among.sum() >= _SCALED * len(low) and abs(factor - 1) > _LEAST)
