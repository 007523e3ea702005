"""Which numbers are to be expected on a line, each with its chance before the picture is looked at.

Three chains of numbers go down the sheet: from the given numbers alone, from the lines that were read, and from those
and the likeliest readings of the others. A line's own formula on each is what right work gives; the catalogue's wrong
formulas are known mistakes; and every number one slip of the pen away is expected too, so that a near miss is never
taken for the number that it misses.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from exercises.formulas.algebras import ArrayAlgebra
from exercises.formulas.formula import fold, leaves
from grader.diagnosis.slips import edits
from grader.judging.interval import Interval, enclose, exactly, rounded, written
from grader.mistakes.hypotheses import hypotheses

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from exercises.formulas.formula import Formula
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step
    from exercises.problems.problem import Problem
    from grader.mistakes.hypotheses import Hypothesis

# Of all that may stand on a line. Slips are made far more seldom than this; that is deliberate.
RIGHT, MISTAKE, SLIP, ANYTHING = 0.62, 0.06, 0.28, 0.04
_CHAINS = {"read": 0.5, "key": 0.2, "guessed": 0.3}
_NEAREST = (
    0.9  # of right work that has the nearest number; the rest is spread over all that rounding can give
)
_SPREAD = 30  # numbers at most over which it is spread
_SHORTER = 0.05  # of right numbers that are written to fewer places
_LARGEST, _MOST_PLACES = 1e9, 40
_AS_POWER = 0.3  # of numbers that have room without an exponent too, where there are cells for one


class ExpectedNumbers:
    """What is expected on the lines of one sheet, going down it."""

    def __init__(self, problem: Problem) -> None:
        self._given = {q: float(value) for q, value in problem.values.items()}
        self.graph = problem.graph
        self._precision = problem.precision
        self._algebra = ArrayAlgebra()
        self._wrong: dict[Step, tuple[Hypothesis, ...]] = {}
        self._used: dict[Step, tuple[Quantity, ...]] = {}  # of a step's own formula, and of its wrong ones
        self._told: dict[tuple[object, ...], dict[str, float]] = {}
        self.begin()

    def begin(self) -> None:
        """Go to the top of the sheet again."""
        self.chains: dict[str, dict[Quantity, float]] = {name: dict(self._given) for name in _CHAINS}
        self.boxes: dict[Quantity, Interval] = {q: exactly(np.float64(v)) for q, v in self._given.items()}

    def on(self, step: Step, places: int, exponent: bool = False) -> dict[str, float]:  # noqa: FBT001, FBT002
        """Numbers written to so many places, as texts, with their chances; together 1 − `ANYTHING`.

        places:   those that the line has cells for.
        exponent: whether it has cells for an exponent too.
        """
        if step not in self._wrong:
            self._wrong[step] = wrong = hypotheses(step, self.graph)
            formulas = (step.formula, *(one.formula for one in wrong))
            self._used[step] = tuple(dict.fromkeys(q for formula in formulas for q in leaves(formula)))
        known = [chain.get(q) for chain in self.chains.values() for q in self._used[step]]
        boxes = [
            (float(self.boxes[q].lo), float(self.boxes[q].hi), self.boxes[q].inner) for q in step.parents
        ]
        seen = (step, places, exponent, *known, *boxes)
        if seen not in self._told:  # a sheet is gone down several times, and much stays as it was
            self._told[seen] = self._expected(step, places, exponent=exponent)
        return self._told[seen]

    def _expected(self, step: Step, places: int, *, exponent: bool) -> dict[str, float]:
        room, places = places, _MOST_PLACES if exponent else places
        right: dict[str, float] = defaultdict(float)
        for name, share in _CHAINS.items():
            for text, chance in self._written(self._value(step.formula, self.chains[name]), places):
                right[text] += share * _NEAREST * chance
        spread = self._within(step, places)
        for text in spread:
            right[text] += (1 - _NEAREST) / len(spread)
        mistaken = self._mistaken(step, places)
        if exponent:
            right, mistaken = _with_powers(right, room), _with_powers(mistaken, room)
        return chances(right, mistaken)

    def keep(self, step: Step, read: float | None, guess: float | None) -> None:
        """Go on: with the number that was read, or that of right work where nothing certain was.

        guess: the likeliest reading of a line that was not read for certain.
        """
        for name, chain in self.chains.items():
            value = self._value(step.formula, chain)
            if name == "guessed" and guess is not None:
                value = guess
            if name != "key" and read is not None:
                value = read
            chain[step.quantity] = value
        if read is None:
            found = self._own(step)
            with np.errstate(all="ignore"):
                own = rounded(found, self._unit(float(found.lo + found.hi) / 2))
        else:
            own = written(np.float64(read), self._unit(read))
        self.boxes[step.quantity] = own

    def _value(self, formula: Formula, chain: Mapping[Quantity, float]) -> float:
        """A formula's number on a chain; NaN where it has none."""
        with np.errstate(all="ignore"):
            try:
                return float(fold(formula, self._algebra, lambda q: np.float64(chain.get(q, np.nan))))
            except (ArithmeticError, ValueError):
                return float("nan")

    def _own(self, step: Step) -> Interval:
        with np.errstate(all="ignore"):
            return enclose(step.formula, self.boxes.__getitem__, self._unit(0.0))

    def _places(self, value: float, room: int) -> int:
        """To how many places a number is written, where there is room for so many."""
        if not self._precision.significant:
            return min(room, self._precision.widest)
        if not value:
            return min(room, self._precision.widest)
        if abs(value) >= _LARGEST:
            return room
        return max(0, min(room, -self._precision.unit(Decimal(repr(value))).adjusted()))

    def _unit(self, value: float) -> np.float64:
        """What one step in the last place of a number is worth."""
        return np.float64(10.0 ** -self._places(value, _MOST_PLACES if value else self._precision.widest))

    def _written(self, value: float, room: int) -> Iterable[tuple[str, float]]:
        """How a number is written down: rounded, cut off, or to fewer places."""
        if not abs(value) < _LARGEST:
            return
        places = self._places(value, room)
        yield _text(value, places), 1 - 2 * _SHORTER
        cut = np.trunc(value * 10**places * (1 + 1e-12)) / 10**places
        yield _text(cut, places), _SHORTER
        for fewer in range(1, places):
            yield _text(value, fewer), _SHORTER / (places - 1)

    def _within(self, step: Step, room: int) -> list[str]:
        """Every number that right work on the lines as read can give, where they are few."""
        found = self._own(step)
        middle = float(found.lo + found.hi) / 2
        places = self._places(middle, room)
        own, unit = rounded(found, self._unit(middle)), 10.0**-places
        low, high = float(own.lo) / unit, float(own.hi) / unit
        if not (abs(low) < _LARGEST and abs(high) < _LARGEST and high - low < _SPREAD):
            return []
        return [_text(k * unit, places) for k in range(int(np.ceil(low)), int(np.floor(high)) + 1)]

    def _mistaken(self, step: Step, places: int) -> dict[str, float]:
        """What the wrong formulas give on the lines as read, and on the likeliest readings."""
        found: dict[str, float] = defaultdict(float)
        for one in self._wrong[step]:
            for name in ("read", "guessed"):
                value = self._value(one.formula, self.chains[name])
                if abs(value) < _LARGEST:
                    found[_text(value, self._places(value, places))] += one.chance
        return found


def _with_powers(found: Mapping[str, float], room: int) -> dict[str, float]:
    """Numbers with their chances, some of them written with an exponent: all that have not room for their places."""
    again: dict[str, float] = defaultdict(float)
    for text, chance in found.items():
        own = _with_power(text)
        plain = len(text.partition(".")[2]) <= room
        if plain:
            again[text] += chance * (1 - _AS_POWER if own else 1.0)
        if own:
            again[own] += chance * (_AS_POWER if plain else 1.0)
    return again


def _with_power(text: str) -> str:
    """A number with one figure before the point and an exponent; "" if it is 0, or needs none."""
    value = Decimal(text)
    power = value.adjusted()
    return f"{value.scaleb(-power)}e{power}" if value and power else ""


def chances(right: Mapping[str, float], mistaken: Mapping[str, float]) -> dict[str, float]:
    """The chances of numbers on a line: right ones, what mistakes give, and all that are a slip from a right one.

    right, mistaken: texts with their weights among each other.
    """
    found = _scaled(right, RIGHT)
    _add(found, _scaled(mistaken, MISTAKE))
    slips: dict[str, float] = defaultdict(float)
    for text, chance in right.items():
        near = _near(text)
        for other in near:
            slips[other] += chance / len(near)
    _add(found, _scaled(slips, SLIP))
    return found


@lru_cache(maxsize=20_000)
def _near(text: str) -> tuple[str, ...]:
    """All numbers from which one slip leads to this one, as cells spell them."""
    number, with_power, power = text.partition("e")
    meant = (_tidy(one) for _, one in edits(number))
    if not with_power:
        return tuple(meant)
    others = {one for _, one in edits(power) if one.removeprefix("-").isdigit() and int(one)}
    return (number, *(f"{one}e{power}" for one in meant), *(f"{number}e{int(one)}" for one in sorted(others)))


def _text(value: float, places: int) -> str:
    """A number to so many places, as cells spell it."""
    return _tidy(f"{value:.{places}f}")


def _tidy(text: str) -> str:
    """The one spelling of a number: a digit before the point, none of it a needless 0; no sign before nothing."""
    sign = "-" if text.startswith("-") else ""
    whole, point, places = text.removeprefix("-").partition(".")
    whole = whole.lstrip("0") or "0"
    return f"{sign}{whole}" + (f".{places}" if point and places else "")


def _scaled(chances: Mapping[str, float], to: float) -> dict[str, float]:
    """The same with the sum `to`."""
    total = sum(chances.values())
    return {text: to * chance / total for text, chance in chances.items()} if total else {}


def _add(found: dict[str, float], more: Mapping[str, float]) -> None:
    for text, chance in more.items():
        found[text] = found.get(text, 0.0) + chance
