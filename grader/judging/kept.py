"""What one sheet alone is judged with again and again: lines that were judged before, and those that nobody asks about.

Whoever practises has a sheet judged whenever a line is typed, and nearly everything on it is as it was. A line whose
formula, whose number and whose lines above are the same is the same line. Blank lines on which nothing written builds
have numbers only for those who ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.formula import leaves
from exercises.formulas.last_places import LastPlaces
from grader.judging.copied import is_stale
from grader.judging.verdict import JudgedLine, Note, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from exercises.formulas.last_places import Unit
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step
    from grader.judging.batch import SheetBatch
    from grader.judging.carried import Point
    from grader.judging.findings import SheetFindings
    from grader.judging.grounds import Flags, Justifier
    from grader.judging.interval import Interval

Array = Any
MOST = 4000  # lines that are kept; about as many kilobytes


@dataclass(frozen=True, slots=True)
class Handed:
    """A judged line, and what it hands on to those below it.

    flags:  what they are told.
    boxes:  what they may have gone on with: as written, as meant, corrected.
    chains: the number with which each of them goes on.
    """

    line: JudgedLine
    flags: Flags
    boxes: tuple[Interval, Interval, Interval]
    chains: Point


# Each line that is known, by whatever it depends on, with a name that no other one ever had.
_KNOWN: dict[Hashable, tuple[Handed, int]] = {}
_NAMES = count()


class KeptLines:
    """The lines of a sheet that is alone, those among them that were judged before on whatever sheet.

    wanted: those on which something stands or is known to have been, and all that they build on.
    """

    def __init__(self, sheets: SheetBatch, findings: SheetFindings, justifier: Justifier) -> None:
        self.sheets, self.findings = sheets, findings
        units = (justifier.unit, justifier.usual, justifier.asked)
        sizes = tuple(_plain(number) for unit in units for number in _parts(unit))
        given = tuple((q, float(value[0])) for q, value in sheets.given.items())
        self.whole = (given, sizes, _plain(sheets.stock), bool(is_stale(sheets)[0]))
        self.names: dict[Quantity, int] = {}
        self.wanted = self._wanted()

    def _wanted(self) -> frozenset[Quantity]:
        found: set[Quantity] = set()
        for step in reversed(self.sheets.graph.steps):
            q = step.quantity
            if q in found or self.is_told(q):
                found.add(q)
                found.update(_used(step))
        return frozenset(found)

    def is_told(self, q: Quantity) -> bool:
        """Whether something stands on a line, or is known to have been."""
        typed = not np.isnan(self.sheets.value[q][0]) or self.sheets.unreadable[q][0]
        return bool(typed) or q in self.findings.held

    def line(self, step: Step, judged: Callable[[], Handed]) -> Handed:
        """What was found of a line when all that it depends on was the same; else what `judged` gives."""
        key = self._key(step)
        if key not in _KNOWN:
            if len(_KNOWN) >= MOST:
                _KNOWN.clear()
            _KNOWN[key] = judged(), next(_NAMES)
        found, self.names[step.quantity] = _KNOWN[key]
        return found

    def _key(self, step: Step) -> Hashable:
        """Whatever the judgement of a line depends on, the lines above it by their names."""
        q, sheets = step.quantity, self.sheets
        held = self.findings.held.get(q)
        return (
            self.whole,
            step,
            _plain(sheets.value[q]),
            _plain(sheets.unit[q]),
            bool(sheets.unreadable[q][0]),
            self.names.get(q.before_update()) if q.updated else None,
            None if held is None else (_plain(held.lo), _plain(held.hi)),
            tuple(self.names.get(p) for p in _used(step)),
        )


def forget() -> None:
    """Know no line."""
    _KNOWN.clear()


def _parts(unit: Unit) -> tuple[Array, ...]:
    return (unit.unit, unit.figures) if isinstance(unit, LastPlaces) else (unit,)


def _plain(one: Array) -> float | None:
    """The number of a single sheet; None for none, since that is never equal to itself."""
    number = float(one[0])
    return None if number != number else number  # noqa: PLR0124 - quicker than asking by name


def _used(step: Step) -> Iterator[Quantity]:
    """The quantities of all formulas of a line."""
    yield from step.parents
    for formula in step.alternatives:
        yield from leaves(formula)


class AwaitedLine(JudgedLine):
    """A blank line on which nothing written builds: its numbers are worked out when somebody asks for one."""

    def __init__(self, later: Callable[[], JudgedLine]) -> None:
        """Of one sheet. later: judges the line."""
        no = np.zeros(1, dtype=bool)
        self.__dict__.update(
            verdict=np.full(1, int(Verdict.MISSING)),
            note=np.full(1, int(Note.NONE)),
            blank=np.ones(1, dtype=bool),
            by_key=no,
            anew=no,
            idle=no,
            _later=later,
        )

    def __getattr__(self, name: str) -> Any:
        """Called for what is not there yet only."""
        later = self.__dict__.pop("_later", None)
        if later is None:
            raise AttributeError(name)
        self.__dict__.update(vars(later()))
        return self.__dict__[name]
