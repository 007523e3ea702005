"""Decimals as a person writes them: rounded half up to a number of places."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

_WIDE = Context(prec=120)  # the largest number of an exercise, to the most places, fits


def rounded(value: Decimal, places: int) -> Decimal:
    """Rounded half up to `places` decimals; zero loses its sign."""
    result = in_units(value, Decimal(1).scaleb(-places))
    return result or abs(result)


def in_units(value: Decimal, unit: Decimal, rounding: str = ROUND_HALF_UP) -> Decimal:
    """A finite number rounded to a multiple of a power of ten; one with hardly any digits so low down stays as it is."""
    if value.adjusted() - unit.adjusted() >= _WIDE.prec:  # what a student types may be of any size
        return value
    return value.quantize(unit, rounding=rounding, context=_WIDE)
