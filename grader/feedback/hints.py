"""Where to look, with nothing given away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.formula import leaves
from grader.feedback import unwritten_lines

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.explanation import Explanation
    from grader.feedback.sheet_numbers import SheetNumbers

_LOOK = {
    "sign lost": "Go through its signs one by one: those in the formula, and those of the numbers that you put in.",
    "point moved": "Is it about as large as you expect? Look at the decimal point.",
    "put to zero": "Work it out once more: is it nothing at all?",
}


def hint(sheet: SheetNumbers, q: Quantity, explanation: Explanation | None) -> str:
    """Where to look, without giving anything away."""
    first = f"Look at {sheet.label(q)} again."
    if explanation is not None and explanation.held is not None and sheet.is_sure(explanation):
        return unwritten_lines.hint(sheet, q, explanation.held)
    if explanation is not None and explanation.causes:
        at = sheet.mended(q)
        if at is not None and sheet.is_sure(explanation):
            first = f"Look at {sheet.label(at)}, which you did not write down; {sheet.label(q)} builds on it."
        if at is None or sheet.is_sure(explanation):
            return f"{first} {explanation.causes[0].hypothesis.mistake.hint}"
    if explanation is not None and explanation.slip and explanation.slip.kind in _LOOK:
        return f"{first} {_LOOK[explanation.slip.kind]}"
    if explanation is not None and (explanation.slip or explanation.copied):
        return f"{first} Compare what you wrote with what your calculator shows."
    return f"{first} {made_from(sheet, q)}"


def made_from(sheet: SheetNumbers, q: Quantity) -> str:
    """The quantities in a line's formula."""
    used = ", ".join(sheet.label(p) for p in dict.fromkeys(leaves(sheet.formula(q))))
    return f"It is made from {used}."
