"""Values of formulas, kept: most students of a class have the same right numbers on most lines."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from exercises.formulas.algebras import exact_value
from exercises.formulas.formula import leaves

if TYPE_CHECKING:
    from collections.abc import Callable

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
    own = id(formula)
    if own not in _leaves:
        if len(_leaves) > MAX_KEPT:
            forget()
        _leaves[own] = (formula, tuple(dict.fromkeys(leaves(formula))))
    places = _leaves[own][1]
    numbers = tuple(map(used, places))
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
