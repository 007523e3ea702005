"""What sentences claim of a sheet: frozen records with the numbers in them, which can be worked out again.

Words are made from a claim, and a claim is worked out from what stands on the sheet and the formulas alone: nothing
that was only thought of the sheet enters. One that does not hold is never told; the next best thing is.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from exercises.formulas import typeset
from exercises.formulas.formula import Formula, Symbol, leaves
from grader.diagnosis.slips import RECOGNISABLE, SAYS, edits
from grader.feedback import kept_values
from grader.feedback.worked_anew import (
    beyond,
    comes_to,
    is_typed,
    line_comes_to,
    mended,
    number,
    off,
    shown,
    stands_for,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exercises.formulas.decimals import Precision
    from exercises.formulas.quantity import Quantity
    from grader.feedback.sheet_numbers import SheetNumbers
    from grader.feedback.worked_anew import Taken

ROUGHLY = Decimal("0.1")  # a formula further off than this share of a number does not explain it to anybody
FEW = 2  # so many units in the last place are rounding on the way
DRIFTED = 5  # so many behind lines that were left blank


class Claim(Protocol):
    """What a sentence says of a sheet."""

    def holds(self, sheet: SheetNumbers) -> bool:
        """Whether it is so, worked out from the sheet."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """Sentences, and all that they claim."""

    text: str
    claims: tuple[Claim, ...] = ()

    def holds(self, sheet: SheetNumbers) -> bool:
        """Whether all of it is so."""
        return all(claim.holds(sheet) for claim in self.claims)

    def and_also(self, text: str, *claims: Claim) -> Said:
        """The same with more said."""
        return Said(self.text + text, (*self.claims, *claims))

    def then(self, other: Said) -> Said:
        """The same followed by another."""
        return self.and_also(other.text, *other.claims)

    def capitalized(self) -> Said:
        """The same at the beginning of a sentence."""
        return Said(f"{self.text[0].upper()}{self.text[1:]}", self.claims)


NOTHING = Said("")


def first_true(sheet: SheetNumbers, candidates: Iterable[Said]) -> Said:
    """The first of several sentences whose claims hold; nothing if none do."""
    return next((said for said in candidates if said.holds(sheet)), NOTHING)


@dataclass(frozen=True, slots=True)
class LineGives:
    """Right work on a line: its formula, the numbers that stand for the quantities in it, and what they give.

    Those of blank lines are rounded, and so finely that they give what they give unrounded.
    """

    line: Quantity
    formula: Formula
    numbers: tuple[tuple[Quantity, Decimal], ...]
    result: str
    taken: Taken = ()

    def holds(self, sheet: SheetNumbers) -> bool:
        """Each number stands on the sheet, or follows where a line is blank; together they give the result."""
        own = dict(self.numbers)
        if self.formula != sheet.formula(self.line) or set(own) != set(leaves(self.formula)):
            return False
        if any(not stands_for(sheet, q, value, self.taken) for q, value in self.numbers):
            return False
        return shown(sheet, kept_values.value(self.formula, own.__getitem__), self.result) == self.result

    def words(self, sheet: SheetNumbers) -> str:
        """The formula, the numbers in it, and the result; nothing twice."""
        own = dict(self.numbers)
        parts = [
            typeset.symbolic(self.formula, sheet.problem.label),
            typeset.substituted(self.formula, lambda q: sheet.standing_text(q) or typeset.number(own[q])),
            self.result,
        ]
        if not own:
            parts = parts[-1:]
        return " = ".join(p for i, p in enumerate(parts) if i == 0 or p != parts[i - 1])


@dataclass(frozen=True, slots=True)
class FormulaGives:
    """The number on a line is what a wrong formula gives.

    exactly: to the very digits; else roughly.
    """

    line: Quantity
    formula: Formula
    exactly: bool
    taken: Taken = ()

    def holds(self, sheet: SheetNumbers) -> bool:
        """It does, and the right formula does not."""
        value = comes_to(sheet, self.formula, self.taken)
        if self.exactly or isinstance(self.formula, Symbol):  # a number that was copied needs no rounding
            fits = is_typed(sheet, self.line, value)
        else:
            near = ROUGHLY * abs(number(sheet, self.line))
            fits = off(sheet, self.line, value) <= max(FEW * sheet.unit(self.line), near)
        return fits and self.formula != sheet.formula(self.line)

    def words(self, sheet: SheetNumbers, *, sure: bool) -> str:
        """As a sentence has it behind the number; where it may be a coincidence it but fits."""
        if isinstance(self.formula, Symbol):
            return f"is the value of {sheet.label(self.formula.quantity)} itself"
        about, formula = (
            "" if self.exactly else "roughly ",
            typeset.symbolic(self.formula, sheet.problem.label),
        )
        return f"is {about}what {formula} gives" if sure else f"{about}fits {formula}"


@dataclass(frozen=True, slots=True)
class DoesNotFollow:
    """The number on a line is another than the lines before it lead to."""

    line: Quantity
    taken: Taken = ()

    def holds(self, sheet: SheetNumbers) -> bool:
        """Whether right work gives another."""
        return sheet.typed(self.line) is not None and beyond(sheet, self.line, self.taken)


@dataclass(frozen=True, slots=True)
class SameNumber:
    """Two lines, or a line and a given number, that read alike."""

    line: Quantity
    other: Quantity

    def holds(self, sheet: SheetNumbers) -> bool:
        """Both stand there, and are equal."""
        known = sheet.standing
        return self.line != self.other and self.other in known and known.get(self.line) == known[self.other]

    def words(self, sheet: SheetNumbers) -> str:
        """As a sentence has it after "is"; a line further down may have been filled in earlier."""
        later = sheet.graph.position.get(self.other, -1) > sheet.graph.position[self.line]
        return f"the {'same number as' if later else 'number of'} {sheet.label(self.other)}"


@dataclass(frozen=True, slots=True)
class SlipOfThePen:
    """A number that one slip parts from the right one.

    meant: the number as it would read without; empty for a 0.
    """

    line: Quantity
    kind: str
    meant: str

    def holds(self, sheet: SheetNumbers) -> bool:
        """The slip leads from the number that follows to the very digits typed."""
        typed, right = sheet.typed(self.line), line_comes_to(sheet, self.line)
        if typed is None or not right.is_finite():
            return False
        if not self.meant:
            return self.kind == "put to zero" and typed.value == 0 and abs(right) > sheet.unit(self.line)
        if self.kind.startswith("digit") and abs(right) < RECOGNISABLE * sheet.unit(self.line):
            return False  # of a number with one digit that counts, any change of digits may be right
        text = f"{typed.value:.{max(0, -int(typed.unit.adjusted()))}f}"
        reach = DRIFTED if sheet.blanks_before(self.line) else 1
        near = abs(Decimal(self.meant) - right) <= reach * sheet.unit(self.line)
        return near and (self.kind, self.meant) in edits(text)

    def words(self) -> str:
        """What a look at the number tells."""
        return SAYS[self.kind]


@dataclass(frozen=True, slots=True)
class BlankHeld:
    """Lines that come out if a blank line held some number.

    taken: what other blank lines are taken to have held.
    """

    at: Quantity
    number: Decimal
    lines: tuple[Quantity, ...]
    taken: Taken = ()

    def holds(self, sheet: SheetNumbers) -> bool:
        """With it they come out, as far as rounding lets them; without it the first does not."""
        if sheet.typed(self.at) is not None or not beyond(sheet, self.lines[0], self.taken):
            return False
        wrong = (*self.taken, (self.at, self.number))
        return all(
            off(sheet, q, line_comes_to(sheet, q, wrong)) <= DRIFTED * sheet.unit(q) for q in self.lines
        )


@dataclass(frozen=True, slots=True)
class BlankRight:
    """What right work gives on a blank line, and then on the line that shows that it was worked otherwise."""

    at: Quantity
    result: str
    line: Quantity
    follows: str
    taken: Taken = ()

    def holds(self, sheet: SheetNumbers) -> bool:
        """Both come out."""
        right = number(sheet, self.at, self.taken)
        value = line_comes_to(sheet, self.line, self.taken)
        return sheet.rounded(right) == self.result and shown(sheet, value, self.follows) == self.follows


@dataclass(frozen=True, slots=True)
class OwesToBreaks:
    """A right step whose number is another than the key's because of lines that broke before it."""

    line: Quantity
    breaks: tuple[Quantity, ...]
    taken: Taken = ()

    def holds(self, sheet: SheetNumbers) -> bool:
        """They come before it, and are wrong; with them put right it would read otherwise."""
        above = sheet.graph.ancestors[self.line]
        if not self.breaks or not all(at in above and self.is_wrong(sheet, at) for at in self.breaks):
            return False
        unit = sheet.unit(self.line)
        return off(sheet, self.line, mended(sheet, self.line, self.breaks, self.taken)) > unit / 2

    def is_wrong(self, sheet: SheetNumbers, at: Quantity) -> bool:
        """Whether another number stands on a line than follows there."""
        return beyond(sheet, at, tuple((p, value) for p, value in self.taken if p != at))


@dataclass(frozen=True, slots=True)
class StandsAt:
    """A number stands on a line."""

    line: Quantity
    number: Decimal

    def holds(self, sheet: SheetNumbers) -> bool:
        """It does."""
        return sheet.standing.get(self.line) == self.number


@dataclass(frozen=True, slots=True)
class WorkingComesTo:
    """A link of written working, what it comes to, and that the number behind it is another."""

    link: Formula
    result: str
    behind: Formula
    taken: Taken = ()
    precision: Precision | None = None

    def holds(self, sheet: SheetNumbers) -> bool:
        """The link gives the one and not the other."""
        value, other = comes_to(sheet, self.link, self.taken), comes_to(sheet, self.behind, self.taken)
        return sheet.rounded(value, self.precision) == self.result and value != other


@dataclass(frozen=True, slots=True)
class UpdatesAdd:
    """A new weight that has η times the gradient of its line added to the old one."""

    line: Quantity
    taken: Taken = ()

    def holds(self, sheet: SheetNumbers) -> bool:
        """The sum is what was typed, and the difference is not."""
        formula = sheet.formula(self.line)
        old = next(q for q in leaves(formula) if q.before_update() == self.line.before_update())
        step = line_comes_to(sheet, self.line, self.taken) - number(sheet, old, self.taken)
        return (
            off(sheet, self.line, number(sheet, old, self.taken) - step)
            <= FEW * sheet.unit(self.line)
            < abs(step)
        )
