"""Numbers worked out anew from what stands on a sheet and its formulas, and nothing that was thought of it."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from exercises.formulas import decimals
from exercises.formulas.decimals import Precision
from grader.feedback import kept_values

if TYPE_CHECKING:
    from exercises.formulas.formula import Formula
    from exercises.formulas.quantity import Quantity
    from grader.feedback.sheet_numbers import SheetNumbers

    Taken = tuple[tuple[Quantity, Decimal], ...]  # what blank lines are taken to have held

_WAYS = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN)


def number(sheet: SheetNumbers, q: Quantity, taken: Taken = ()) -> Decimal:
    """What stands for a quantity: given, typed, or worked out where it is blank."""
    if taken not in sheet.anew:
        sheet.anew[taken] = {**dict(taken), **sheet.standing}
    known = sheet.anew[taken]

    def of(p: Quantity) -> Decimal:
        if p not in known:
            known[p] = Decimal("NaN")  # a wrong formula may want what comes of it
            known[p] = kept_values.value(sheet.formula(p), of)
        return known[p]

    return of(q)


def comes_to(sheet: SheetNumbers, formula: Formula, taken: Taken = ()) -> Decimal:
    """A formula's number on the sheet; NaN where it has none."""
    return kept_values.value(formula, lambda p: number(sheet, p, taken))


def line_comes_to(sheet: SheetNumbers, q: Quantity, taken: Taken = ()) -> Decimal:
    """What right work gives on a line."""
    return comes_to(sheet, sheet.formula(q), taken)


def is_typed(sheet: SheetNumbers, q: Quantity, value: Decimal) -> bool:
    """Whether a number, rounded or cut off, is the one typed on a line."""
    typed = sheet.typed(q)
    if typed is None or not value.is_finite():
        return False
    return any(decimals.in_units(value, typed.unit, way) == typed.value for way in _WAYS)


def off(sheet: SheetNumbers, q: Quantity, value: Decimal) -> Decimal:
    """How far a number is from the one typed on a line."""
    typed = sheet.typed(q)
    return abs(value - typed.value) if typed is not None and value.is_finite() else Decimal("Infinity")


def beyond(sheet: SheetNumbers, q: Quantity, taken: Taken = ()) -> bool:
    """Whether the number on a line is another than right work gives, by more than half of its last place."""
    return not off(sheet, q, line_comes_to(sheet, q, taken)) <= sheet.unit(q) / 2


def near(one: Decimal, other: Decimal, reach: Decimal) -> bool:
    """Whether two are numbers, and no further apart."""
    return one.is_finite() and other.is_finite() and abs(one - other) <= reach


def alike(one: Decimal, other: Decimal) -> bool:
    """Whether two are one number, or both none."""
    return one == other or not (one.is_finite() or other.is_finite())


def stands_for(sheet: SheetNumbers, q: Quantity, value: Decimal, taken: Taken = ()) -> bool:
    """Whether a printed number is that of a quantity; of a blank line it is rounded."""
    found = number(sheet, q, taken)
    if alike(found, value):
        return True
    if q in sheet.standing or not (found.is_finite() and value.is_finite()):
        return False
    return decimals.in_units(found, Decimal(1).scaleb(int(value.as_tuple().exponent))) == value


def shown(sheet: SheetNumbers, value: Decimal, text: str) -> str:
    """A number to as many places as a text has."""
    return sheet.rounded(value, Precision(len(text.partition(".")[2])))


def mended(sheet: SheetNumbers, q: Quantity, breaks: tuple[Quantity, ...], taken: Taken = ()) -> Decimal:
    """What would stand on a line had others been worked rightly, each line between keeping its own rounding."""
    new = sheet.anew.setdefault(("mended", breaks, taken), dict(sheet.problem.values))

    def of(p: Quantity) -> Decimal:
        if p not in new:
            right = kept_values.value(sheet.formula(p), of)
            typed = sheet.typed(p)
            own = 0 if typed is None or p in breaks else typed.value - line_comes_to(sheet, p, taken)
            new[p] = right + own
        return new[p]

    return of(q)
