"""The fewest digits with which a printed line is true: its arithmetic, done as printed, rounds to its result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.algebras import DECIMAL, exact_context
from exercises.formulas.formula import fold, leaves

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from decimal import Decimal

    from exercises.formulas.decimals import Precision
    from exercises.formulas.formula import Formula
    from exercises.formulas.quantity import Quantity

Numbers = dict["Quantity", "Decimal"]
MOST = 45  # digits more than asked; by then all forty digits of a value are there


def put_in(
    lines: Sequence[tuple[Formula, Decimal]],
    values: Mapping[Quantity, Decimal],
    typed: Container[Quantity],
    precision: Precision,
) -> Numbers:
    """The numbers to be put into some lines that are printed together, so that each comes out as it is printed.

    lines:  each formula with its value; the result is printed to `precision`.
    values: unrounded numbers of all quantities in them.
    typed:  the quantities that stand as they are, given ones; the others are rounded like it, and get
            more of them only where a line would not hold, and then no more of them than must have more.
    """
    numbers = {q: values[q] for formula, _ in lines for q in leaves(formula)}
    free = [q for q in numbers if q not in typed]
    with exact_context():
        for more in range(MOST + 1):
            numbers |= {q: _shown(values[q], precision, more) for q in free}
            if _hold(lines, numbers, precision):
                break
        for q in free if more else ():
            full = numbers[q]
            for fewer in range(more):
                numbers[q] = _shown(values[q], precision, fewer)
                if _hold(lines, numbers, precision):
                    break
            else:
                numbers[q] = full
    return numbers


def _shown(value: Decimal, precision: Precision, more: int) -> Decimal:
    """A number to some more digits, and to so many that whoever rounds it gets what stands on its own line."""
    plain = precision.rounded(value)
    for extra in range(more, MOST):
        shown = precision.finer(extra).rounded(value)
        if precision.rounded(shown) == plain:
            return shown
    return value


def _hold(lines: Sequence[tuple[Formula, Decimal]], numbers: Numbers, precision: Precision) -> bool:
    """Whether each line comes out as it is printed."""
    try:
        return all(
            precision.rounded(fold(formula, DECIMAL, numbers.__getitem__)) == precision.rounded(value)
            for formula, value in lines
        )
    except ArithmeticError:  # such as a division by what is rounded to 0
        return False
