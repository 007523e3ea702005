"""Decimals as a person writes them: rounded half up to a number of places."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

_WIDE = Context(prec=120)  # the largest number of an exercise, to the most places, fits


def rounded(value: Decimal, places: int) -> Decimal:
    """Rounded half up to `places` decimals; zero loses its sign."""
    result = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_WIDE)
    return result or abs(result)
