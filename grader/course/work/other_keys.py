"""Sheets that hold the answers of another problem of the course: somebody else's numbers.

Every key of the course is known. The sheets in doubt are compared with the keys of all problems that have the same
lines, line by line in sorted arrays, so that thousands of either stay quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.algebras import ArrayAlgebra
from exercises.formulas.formula import fold
from exercises.formulas.last_places import tens
from exercises.problems.specification import targets_sum_to_one

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem

Array = Any
_NEAR = 1.5  # units of the last place: the key's number, cut off or rounded on the way
_APART = 5.0  # units by which two keys differ where a number can be the one's or the other's
_LEAST = 6  # numbers that are another key's, at least
_SHARE = 0.6  # of the numbers that tell the two problems apart


@dataclass(frozen=True, slots=True)
class PlainNumbers:
    """What stands on a sheet: the code of its problem, and the plain numbers by the names of their lines."""

    code: str
    numbers: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Whose answers a sheet holds: the code of another problem, so many of the numbers that tell them apart."""

    code: str
    same: int
    of: int


def plain_numbers(texts: Mapping[str, str]) -> dict[str, float]:
    """The answers that are plain numbers, or end in one."""
    found = {}
    for name, text in texts.items():
        try:
            found[name] = float(text.rpartition("=")[2].strip().replace("−", "-").replace(",", "."))
        except ValueError:
            continue
    return {name: number for name, number in found.items() if np.isfinite(number)}


def whose(sheets: Sequence[PlainNumbers], problems: Mapping[str, Problem]) -> list[Likeness | None]:
    """For each sheet the other problem whose answers it holds, if it does."""
    out: list[Likeness | None] = [None] * len(sheets)
    if not sheets:
        return out
    alike: dict[Any, dict[str, Problem]] = {}
    for code, problem in problems.items():
        alike.setdefault(_kind(problem), {})[code] = problem
    keys: dict[Any, _Keys] = {}
    for place, sheet in enumerate(sheets):
        kind = _kind(problems[sheet.code])
        if kind not in keys:
            keys[kind] = _Keys(alike[kind])
        out[place] = keys[kind].likest(sheet)
    return out


def _kind(problem: Problem) -> Any:
    """Equal for problems whose lines have the same formulas."""
    one = targets_sum_to_one(problem.values)
    return problem.network, problem.delta, problem.plan, one


class _Keys:
    """The keys of problems of one kind, as arrays: a row for each problem, a column for each line."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        self.codes = list(problems)
        self.row = {code: n for n, code in enumerate(self.codes)}
        some = next(iter(problems.values()))
        self.names = [step.quantity.name for step in some.graph.steps]
        values: dict[Quantity, Array] = {
            q: np.array([float(problem.values[q]) for problem in problems.values()]) for q in some.graph.given
        }
        with np.errstate(all="ignore"):
            for step in some.graph.steps:
                values[step.quantity] = fold(step.formula, ArrayAlgebra(), values.__getitem__) + np.zeros(
                    len(self.codes)
                )
        self.values = np.stack([values[step.quantity] for step in some.graph.steps], axis=1)
        self.unit = tens(-np.array([p.precision.widest for p in problems.values()], dtype=float))
        by_line = np.ascontiguousarray(self.values.T)  # a line at a time is looked up
        self.order = np.argsort(by_line, axis=1)
        self.sorted = np.take_along_axis(by_line, self.order, axis=1)

    def likest(self, sheet: PlainNumbers) -> Likeness | None:
        """The other problem to whose key most of a sheet's numbers belong, if it is most of those that tell."""
        own = self.row[sheet.code]
        columns = [n for n, name in enumerate(self.names) if name in sheet.numbers]
        typed = np.array([sheet.numbers[self.names[n]] for n in columns])
        counts = np.zeros(len(self.codes), dtype=int)
        reach = _NEAR * self.unit.max()
        for column, number in zip(columns, typed, strict=True):
            low, high = np.searchsorted(self.sorted[column], (number - reach, number + reach))
            counts[self.order[column, low:high]] += 1
        counts[own] = 0
        best = int(np.argmax(counts))
        if counts[best] < _LEAST:
            return None
        unit, other = self.unit[best], self.values[best, columns]
        apart = np.abs(other - self.values[own, columns]) > _APART * unit
        same, telling = int((apart & (np.abs(typed - other) <= _NEAR * unit)).sum()), int(apart.sum())
        return Likeness(self.codes[best], same, telling) if same >= max(_LEAST, _SHARE * telling) else None
