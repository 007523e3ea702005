"""The value of every step, in exact decimals, so that it is the same on every machine."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from exercises.common.errors import ProblemError
from exercises.formulas import typeset
from exercises.formulas.algebras import MAX_EXPONENT, exact_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from exercises.formulas.label import Label
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step


def evaluate(
    steps: Iterable[Step], given: Mapping[Quantity, Decimal], label: Callable[[Quantity], Label]
) -> dict[Quantity, Decimal]:
    """Every quantity's value to 40 digits, the given ones included.

    Raises ProblemError, naming the quantity by its label, where a value does not exist (a logarithm of zero,
    a number too large to write).
    """
    values: dict[Quantity, Decimal] = dict(given)
    for step in steps:
        value = exact_value(step.formula, values.__getitem__)
        if value is None:
            shown = typeset.symbolic(step.formula, label)
            raise ProblemError(
                f"values: {label(step.quantity).text} = {shown} does not exist with these numbers"
            )
        values[step.quantity] = value if value.adjusted() > -MAX_EXPONENT else Decimal(0)
    return values
