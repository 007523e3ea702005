"""The fewest digits with which a printed line is true: its arithmetic, done as printed, rounds to its result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.algebras import DECIMAL, exact_context
from exercises.formulas.decimals import rounded
from exercises.formulas.formula import fold, leaves

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from decimal import Decimal

    from exercises.formulas.formula import Formula
    from exercises.formulas.quantity import Quantity

Numbers = dict["Quantity", "Decimal"]
MOST = 45  # places more than asked; by then all forty digits of a value are there


def put_in(
    lines: Sequence[tuple[Formula, Decimal]],
    values: Mapping[Quantity, Decimal],
    typed: Container[Quantity],
    places: int,
) -> Numbers:
    """The numbers to be put into some lines that are printed together, so that each comes out as it is printed.

    lines:  each formula with its value; the result is printed to `places` decimals.
    values: unrounded numbers of all quantities in them.
    typed:  the quantities that stand as they are, given ones; the others are rounded to the places, and get
            more of them only where a line would not hold, and then no more of them than must have more.
    """
    numbers = {q: values[q] for formula, _ in lines for q in leaves(formula)}
    free = [q for q in numbers if q not in typed]
    with exact_context():
        for more in range(MOST + 1):
            numbers |= {q: _shown(values[q], places, more) for q in free}
            if _hold(lines, numbers, places):
                break
        for q in free if more else ():
            full = numbers[q]
            for fewer in range(more):
                numbers[q] = _shown(values[q], places, fewer)
                if _hold(lines, numbers, places):
                    break
            else:
                numbers[q] = full
    return numbers


def _shown(value: Decimal, places: int, more: int) -> Decimal:
    """A number to some more places, and to so many that whoever rounds it gets what stands on its own line."""
    plain = rounded(value, places)
    for digits in range(places + more, places + MOST):
        shown = rounded(value, digits)
        if rounded(shown, places) == plain:
            return shown
    return value


def _hold(lines: Sequence[tuple[Formula, Decimal]], numbers: Numbers, places: int) -> bool:
    """Whether each line comes out as it is printed."""
    try:
        return all(
            rounded(fold(formula, DECIMAL, numbers.__getitem__), places) == rounded(value, places)
            for formula, value in lines
        )
    except ArithmeticError:  # such as a division by what is rounded to 0
        return False
