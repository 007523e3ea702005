"""Values of formulas, kept: most students of a class have the same right numbers on most lines."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from exercises.formulas.algebras import exact_value
from exercises.formulas.formula import leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exercises.formulas.formula import Formula
    from exercises.formulas.quantity import Quantity

MAX_KEPT = 200_000  # values; then all are let go
# By the formula's identity, which is quicker than its digest; the formula is kept with it, so that no other takes it.
_leaves: dict[int, tuple[Formula, tuple[Quantity, ...]]] = {}
_values: dict[tuple[int, tuple[Decimal, ...]], Decimal] = {}


def value(formula: Formula, used: Callable[[Quantity], Decimal]) -> Decimal:
    """A formula's value in exact decimals; NaN where there is none.

    used: the number that stands for each quantity in it.
    """
    places = _places(formula)
    return _value(formula, places, tuple(map(used, places)))


def value_on(
    sheet: Mapping[Quantity, Decimal], formula: Formula, blank: Callable[[Quantity], Decimal]
) -> Decimal:
    """The same of the numbers that stand on a sheet; `blank` gives those that do not."""
    places = _places(formula)
    try:
        return _value(formula, places, tuple(map(sheet.__getitem__, places)))
    except KeyError:
        return value(formula, lambda q: sheet[q] if q in sheet else blank(q))


def _places(formula: Formula) -> tuple[Quantity, ...]:
    known = _leaves.get(id(formula))
    if known is None:
        if len(_leaves) > MAX_KEPT:
            forget()
        known = _leaves[id(formula)] = (formula, tuple(dict.fromkeys(leaves(formula))))
    return known[1]


def _value(formula: Formula, places: tuple[Quantity, ...], numbers: tuple[Decimal, ...]) -> Decimal:
    own = id(formula)
    found = _values.get((own, numbers))
    if found is None or found != found:  # noqa: PLR0124 - NaN compares equal to nothing
        worked_out = exact_value(formula, dict(zip(places, numbers, strict=True)).__getitem__)
        found = Decimal("NaN") if worked_out is None else worked_out
        if len(_values) > MAX_KEPT:
            _values.clear()
        _values[own, numbers] = found
    return found


def forget() -> None:
    """Let everything go."""
    _leaves.clear()
    _values.clear()
