"""Numbers that stand on a line without being worked out there: copied from another line, or the same everywhere.

Who writes 0, an old weight or one number on line after line has what builds on it come out right for nothing. A wrong
number of that kind earns no more than a blank line, neither where it stands nor below it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.last_places import unit_at
from exercises.formulas.quantity import Link, QuantityKind
from grader.judging.grounds import is_short
from grader.judging.verdict import Note, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.formulas.last_places import Unit
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step
    from grader.judging.batch import SheetBatch
    from grader.judging.verdict import JudgedLine

Array = Any
_SEVERAL = 3  # so many wrong lines with the number that stands everywhere are no coincidence
_COARSER = 1.01  # times a unit is more than it
_ALIKE = 1e-9  # of a number: what floats leave between two that are equal


def _number(sheets: SheetBatch, q: Quantity) -> Array | None:
    """What stands for a quantity: given, or typed; None for one that the exercise lacks."""
    return sheets.value.get(q, sheets.given.get(q))


def _before(sheets: SheetBatch, q: Quantity) -> Array:
    """Where a line holds what stood there before the update."""
    old = _number(sheets, q.before_update()) if q.updated else None
    return np.zeros(sheets.size, dtype=bool) if old is None else sheets.value[q] == old


def is_copied(sheets: SheetBatch, q: Quantity) -> Array:
    """Where a number can only be copied, if it is wrong: a target, what stood here before the update, or the usual one."""
    value = sheets.value[q]
    out = (value == sheets.stock) | _before(sheets, q)
    if q.kind is QuantityKind.ACTIVATION:
        for target in (p for p in sheets.given if p.kind is QuantityKind.TARGET and p.unit == q.unit):
            out |= value == sheets.given[target]
    return out


def is_filled_in(sheets: SheetBatch, q: Quantity, usual: Unit) -> Array:
    """Where a line that may be a coarse one is copied: it has the usual number, or all parameters stand as before.

    usual: the unit of most lines; to whoever works so coarsely a small step leaves a parameter as it was.
    """
    coarser = sheets.unit[q] > _COARSER * unit_at(usual, sheets.value[q])
    before = _before(sheets, q)
    if before.any():
        short = is_short(sheets.value[q], sheets.unit[q])  # four figures are a way of working
        before &= short & is_stale(sheets)
    return coarser & ((sheets.value[q] == sheets.stock) | before)


def is_stale(sheets: SheetBatch) -> Array:
    """Where every parameter that is written down after the update, several of them, has its old value, (n,)."""
    new = [
        s.quantity
        for s in sheets.graph.steps
        if s.link is Link.UPDATE and s.quantity.before_update() in sheets.given
    ]
    none = np.zeros(sheets.size, dtype=int)
    there = sum((~np.isnan(sheets.value[q]) for q in new), none)
    same = sum((_before(sheets, q) for q in new), none)
    return (there >= _SEVERAL) & (same == there)


def is_bare(sheets: SheetBatch, step: Step, value: Array) -> Array:
    """Where a line's number is one that needs no work: 0, ±1, that of a line it builds on, or that before the update."""
    out = (value == 0) | (np.abs(value) == 1) | _before(sheets, step.quantity)
    new = [p for p in step.parents if p.updated]
    if new:
        old = np.logical_and.reduce([_before(sheets, p) for p in new])
        if old.any():  # on nothing but old values, and no parameter moved: what was worked out before
            out |= old & is_stale(sheets)
    for number in _above(sheets, step):
        out |= np.abs(np.abs(value) - np.abs(number)) <= _ALIKE * np.abs(number)
        if step.link is Link.ACTIVATION:
            out |= number == 0  # a value that is known by heart, such as σ(0)
    return out


def _above(sheets: SheetBatch, step: Step) -> Iterator[Array]:
    """The numbers that a line builds on."""
    for parent in step.parents:
        number = _number(sheets, parent)
        if number is not None:
            yield number


def without_stock(sheets: SheetBatch, lines: dict[Quantity, JudgedLine]) -> dict[Quantity, JudgedLine]:
    """The lines, and nothing shown by those that are accepted with a number that is wrong on most lines that bear it."""
    if np.isnan(sheets.stock).all():
        return lines
    there = {q: sheets.value[q] == sheets.stock for q in lines}
    none = np.zeros(sheets.size, dtype=int)
    wrong = sum(((lines[q].verdict == Verdict.WRONG) & at for q, at in there.items()), none)
    idle = sum((lines[q].idle & at for q, at in there.items()), none)
    filled = (wrong >= _SEVERAL) & (2 * idle > sum(there.values(), none))
    if not filled.any():
        return lines
    out = dict(lines)
    for q, line in lines.items():
        if not there[q].any():
            continue
        shows_nothing = filled & there[q] & (line.verdict != Verdict.WRONG)
        verdict = np.where(shows_nothing, Verdict.NOT_ASSESSED, line.verdict)
        out[q] = replace(
            line,
            verdict=verdict,
            note=np.where(shows_nothing, Note.TRIVIAL, line.note),
            idle=line.idle | shows_nothing,
        )
    return out
