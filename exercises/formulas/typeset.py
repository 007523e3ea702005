"""Printing a formula for people: with its symbols, and with numbers put in.

The same walk serves text and HTML. Textbook order is the order of the tree. A number put into a product
stands in brackets, (0.1)(0.35), so that signs and decimal points cannot run together.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exercises.common.slots import MARK, slot
from exercises.formulas.formula import Formula, fold

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from exercises.formulas.decimals import Precision
    from exercises.formulas.formula import Function
    from exercises.formulas.label import Label
    from exercises.formulas.quantity import Quantity

MINUS = "−"
LARGE = 30  # power of ten up to which a number is written out; a student may write any
SUM, PRODUCT, POWER, ATOM = range(4)
_VULGAR = {Fraction(1, 2): "½", Fraction(1, 3): "⅓", Fraction(1, 4): "¼", Fraction(2, 3): "⅔"}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """A printed part: its text, how tightly it binds, whether it is a number put in, its leading sign.

    quotient: whether it is a fraction on one line, which must not run into a factor behind it.
    """

    text: str
    binds: int = ATOM
    value: bool = False
    negative: bool = False
    quotient: bool = False


def number(value: Decimal, precision: Precision | None = None) -> str:
    """A number with a true minus sign, rounded half up to a precision if given; beyond 10³⁰ as a power of ten."""
    shown = value if precision is None else precision.rounded(value)
    if shown and shown.adjusted() > LARGE:
        digits, _, power = f"{shown:.3e}".partition("e+")
        return f"{digits}·10{power.translate(_RAISED)}".replace("-", MINUS)
    return f"{shown:f}".replace("-", MINUS)


class Printer:
    """An algebra whose values are printed pieces.

    html chooses the markup; marked is for formulas of numbers, whose text outside of tags is then in slots.
    """

    def __init__(self, *, html: bool = False, marked: bool = False) -> None:
        self.html, self.marked = html, marked

    def _tagged(self, before: str, text: str, behind: str) -> str:
        """Put a text between tags, which are in no slot."""
        return f"{MARK}{before}{MARK}{text}{MARK}{behind}{MARK}" if self.marked else f"{before}{text}{behind}"

    def number(self, value: Fraction) -> PrintedPart:
        """A constant."""
        if value in _VULGAR:
            return PrintedPart(_VULGAR[value])
        if value.denominator == 1:
            return PrintedPart(str(value.numerator))
        return PrintedPart(f"({value.numerator}/{value.denominator})")

    def add(self, terms: list[PrintedPart]) -> PrintedPart:
        """Terms with their signs between them."""
        text = terms[0].text
        for term in terms[1:]:
            if term.negative and not term.value:
                text += f" {MINUS} {term.text.removeprefix(MINUS)}"
            else:
                text += f" + {self.guarded(term) if term.negative else term.text}"
        return PrintedPart(text, SUM, negative=terms[0].negative)

    def multiply(self, factors: list[PrintedPart]) -> PrintedPart:
        """Factors side by side, with a dot where two bare ones would touch."""
        texts = [self.factor(f) for f in factors]
        out = texts[0]
        for text in texts[1:]:
            out += text if text.startswith("(") else f"·{text}"
        return PrintedPart(out, PRODUCT)

    def negative(self, value: PrintedPart) -> PrintedPart:
        """A leading minus."""
        body = self.factor(value) if value.binds < PRODUCT or value.negative else value.text
        return PrintedPart(MINUS + body, PRODUCT, negative=True)

    def divide(self, over: PrintedPart, under: PrintedPart) -> PrintedPart:
        """A fraction, stacked in HTML."""
        if self.html:
            top = self._tagged('<span class="frac"><span>', over.text, '</span><span class="under">')
            return PrintedPart(top + self._tagged("", under.text, "</span></span>"), POWER)
        bare = over.binds >= PRODUCT and not over.negative and not over.value
        top = over.text if bare else f"({over.text})"
        bare = under.binds >= ATOM and not under.negative and not under.value
        return PrintedPart(f"{top} / {under.text if bare else f'({under.text})'}", PRODUCT, quotient=True)

    def power(self, base: PrintedPart, exponent: int) -> PrintedPart:
        """A raised exponent."""
        body = base.text if base.binds >= ATOM and not base.value else f"({base.text})"
        raised = (
            self._tagged(f"<sup>{exponent}</sup>", "", "") if self.html else str(exponent).translate(_RAISED)
        )
        return PrintedPart(body + raised, POWER)

    def apply(self, function: Function, argument: PrintedPart) -> PrintedPart:
        """A function before its argument; exponents are raised."""
        name = function.written
        if name.endswith("^"):
            if self.html:
                return PrintedPart(name[:-1] + self._tagged("<sup>", argument.text, "</sup>"), POWER)
            bare = argument.binds >= ATOM and not argument.negative
            return PrintedPart(name + (argument.text if bare else f"({argument.text})"), POWER)
        if name == "abs":
            return PrintedPart(f"|{argument.text}|")
        return PrintedPart(f"{name}({argument.text})")

    def factor(self, piece: PrintedPart) -> str:
        """A piece as it stands in a product."""
        bracketed = piece.value or piece.binds < PRODUCT or piece.negative or piece.quotient
        return f"({piece.text})" if bracketed else piece.text

    def guarded(self, piece: PrintedPart) -> str:
        """A negative number inside a sum."""
        return f"({piece.text})"


def sentence(text: str) -> str:
    """A sentence with a capital letter, unless it begins with a symbol."""
    word = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if word.isascii() and (len(word) > 1 or word == "a") else text


TEXT, HTML, MARKED = Printer(), Printer(html=True), Printer(html=True, marked=True)


def symbolic(formula: Formula, label: Callable[[Quantity], Label], printer: Printer = TEXT) -> str:
    """The formula in symbols. A derivative stands in brackets inside a product, as numbers do."""

    def leaf(q: Quantity) -> PrintedPart:
        written = label(q)
        return PrintedPart(written.html if printer.html else written.text, value=written.under is not None)

    return fold(formula, printer, leaf).text


def substituted(formula: Formula, shown: Callable[[Quantity], str], printer: Printer = TEXT) -> str:
    """The formula with numbers put in; `shown` gives each quantity's number as text."""

    def leaf(q: Quantity) -> PrintedPart:
        text = shown(q)
        return PrintedPart(text, value=True, negative=text.startswith((MINUS, "-")))

    text = fold(formula, printer, leaf).text
    return slot(text) if printer.marked else text
