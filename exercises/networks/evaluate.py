"""The value of every step, in exact decimals, so that it is the same on every machine."""

from __future__ import annotations

from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING

from exercises.common.errors import ProblemError
from exercises.formulas import typeset
from exercises.formulas.algebras import DECIMAL, exact_context
from exercises.formulas.formula import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from exercises.formulas.label import Label
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step

MAX_EXPONENT = 40  # beyond it a number has no place on a sheet


def evaluate(
    steps: Iterable[Step], given: Mapping[Quantity, Decimal], label: Callable[[Quantity], Label]
) -> dict[Quantity, Decimal]:
    """Every quantity's value to 40 digits, the given ones included.

    Raises ProblemError, naming the quantity by its label, where a value does not exist (a logarithm of zero,
    a number too large to write).
    """
    values: dict[Quantity, Decimal] = dict(given)
    with exact_context():
        for step in steps:
            value = _value(step, values)
            if value is None:
                shown = typeset.symbolic(step.formula, label)
                raise ProblemError(
                    f"values: {label(step.quantity).text} = {shown} does not exist with these numbers"
                )
            values[step.quantity] = value
    return values


def _value(step: Step, values: Mapping[Quantity, Decimal]) -> Decimal | None:
    """One line's value; None where there is none that could be written down."""
    try:
        value = fold(step.formula, DECIMAL, values.__getitem__)
    except DecimalException:
        return None
    if not value.is_finite() or (value and value.adjusted() > MAX_EXPONENT):
        return None
    return value if value.adjusted() > -MAX_EXPONENT else Decimal(0)
