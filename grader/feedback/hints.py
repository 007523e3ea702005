"""Where to look, with nothing given away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.formulas.formula import leaves
from grader.feedback import unwritten_lines

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.explanation import Explanation
    from grader.feedback.sheet_numbers import SheetNumbers


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
    if explanation is not None and (explanation.slip or explanation.copied):
        return f"{first} Compare what you wrote with what your calculator shows."
    return f"{first} {made_from(sheet, q)}"


def made_from(sheet: SheetNumbers, q: Quantity) -> str:
    """The quantities in a line's formula."""
    used = ", ".join(sheet.label(p) for p in dict.fromkeys(leaves(sheet.formula(q))))
    return f"It is made from {used}."
