"""Decimals as a person writes them: rounded half up to a number of places, or of significant figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

_WIDE = Context(prec=120)  # the largest number of an exercise, to the most places, fits


@dataclass(frozen=True, slots=True)
class Precision:
    """To how many decimal places, or significant figures, lines are written.

    digits:      how many.
    significant: whether they are significant figures.
    """

    digits: int
    significant: bool = False

    @classmethod
    def asked(cls, places: int, figures: int | None) -> Precision:
        """Decimal places, or figures where these are asked for."""
        return cls(places) if figures is None else cls(figures, significant=True)

    def unit(self, value: Decimal) -> Decimal:
        """What one step in the last place of a number is worth, once it is rounded; of 0 that of a 1."""
        if not self.significant:
            return Decimal(1).scaleb(-self.digits)
        if not value:
            return Decimal(1).scaleb(1 - self.digits)
        unit = Decimal(1).scaleb(value.adjusted() + 1 - self.digits)
        return unit.scaleb(in_units(value, unit).adjusted() - value.adjusted())  # 0.9996 is 1.00

    def rounded(self, value: Decimal) -> Decimal:
        """Rounded half up; zero loses its sign, and has no figures."""
        if self.significant and not value:
            return Decimal(0)
        result = in_units(value, self.unit(value))
        return result or abs(result)

    def finer(self, more: int) -> Precision:
        """The same with some more digits."""
        return Precision(self.digits + more, self.significant)

    @property
    def widest(self) -> int:
        """The decimal places that room is left for: figures of a number such as 0.00266 begin late."""
        return self.digits + 2 if self.significant else self.digits

    @property
    def words(self) -> str:
        """As a sentence has it, such as "4 decimal places"."""
        return self.counted(self.digits)

    def counted(self, digits: int) -> str:
        """Another number of them."""
        what = "significant figure" if self.significant else "decimal place"
        return f"{digits} {what}{'' if digits == 1 else 's'}"


def rounded(value: Decimal, places: int) -> Decimal:
    """Rounded half up to `places` decimals; zero loses its sign."""
    return Precision(places).rounded(value)


def in_units(value: Decimal, unit: Decimal, rounding: str = ROUND_HALF_UP) -> Decimal:
    """A finite number rounded to a multiple of a power of ten; one with hardly any digits so low down stays as it is."""
    if value.adjusted() - unit.adjusted() >= _WIDE.prec:  # what a student types may be of any size
        return value
    return value.quantize(unit, rounding=rounding, context=_WIDE)
