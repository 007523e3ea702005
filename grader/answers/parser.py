r"""Arithmetic as students write it, to a formula: recursive descent over tokens, with a cap on its depth.

    sum     = ["+" | "−"] term { ("+" | "−") term }
    term    = signed { ("·" | "/") signed | power }         juxtaposition is a product
    power   = atom [ "^" exponent ]
    atom    = number | name | function argument | "(" sum ")" | "|" sum "|" | "\frac" group group | "e"

What has two readings is not read: a/b(c), x^y^z, ln y(1 − y), 0.5 0.6. Nothing here computes a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from exercises.formulas.formula import (
    ONE,
    ZERO,
    Apply,
    Formula,
    Negative,
    Number,
    Power,
    Quotient,
    negative,
    product,
    total,
)
from exercises.formulas.functions import ABS, EXP, RELU, TEN_TO
from grader.answers.lexer import Token, Written

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_DEPTH = 50
MAX_SLASHES = 60
MAX_POWER = 60
PAIRS = {"(": ")", "[": "]", "{": "}"}
_BEGINS = ("open", "name", "function", "max", "e", "fraction")
_TEN = Fraction(10)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why tokens are no expression.

    reason: half a sentence.
    at:     the index of the sign to blame.
    would:  the readings between which the text hangs, where there are two.
    until:  how far the reading got, where that is behind the sign to blame.
    """

    reason: str
    at: int
    would: str = ""
    until: int = 0


def read_tokens(tokens: Sequence[Token]) -> Formula | Fault:
    """The formula of a whole run of tokens, or the first fault in it."""
    if not tokens:
        return Fault("it is empty; a number was expected", 0)
    parser = _Parser(tokens)
    formula = parser.sum()
    rest = parser.peek()
    if parser.fault is None and rest.kind != "end":
        parser.blame(rest)
    return formula if parser.fault is None else parser.fault


class _Parser:
    """One reading. The first fault empties what is left, so that every rule runs out by itself."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        end = tokens[-1].end
        self.tokens = tokens
        self.stop = Token("end", end, end, "")
        self.at = 0
        self.depth = self.slashes = 0
        self.bars: list[bool] = [False]  # for each open bracket, whether a bar stands open in it
        self.fault: Fault | None = None

    def peek(self) -> Token:
        """The next token."""
        if self.fault is not None or self.at >= len(self.tokens):
            return self.stop
        return self.tokens[self.at]

    def take(self) -> Token:
        """The next token, used up."""
        token = self.peek()
        self.at = min(self.at + 1, len(self.tokens))
        return token

    def fail(self, reason: str, at: int, would: str = "", until: int = 0) -> Formula:
        """Keep the first fault."""
        if self.fault is None:
            self.fault = Fault(reason, at, would, until)
        return ZERO

    def blame(self, token: Token) -> Formula:
        """A token that cannot stand where it stands."""
        if token.kind == "bad":
            return self.fail(token.fault, token.start, token.would)
        if token.kind == "end":
            return self.fail("it breaks off; something is missing at the end", token.start)
        if token.kind == "word":
            return self.fail(
                f"“{token.text[:40]}” is no quantity and no function that is read here", token.start
            )
        before = self.tokens[self.at - 1].kind if self.at else "op"
        if token.kind == "number" and before in ("number", "name", "close", "e"):
            return self.fail(f"an operator is missing before “{token.text}”", token.start)
        return self.fail(f"“{token.text[:40]}” cannot stand here", token.start)

    def is_op(self, signs: str) -> bool:
        """Whether one of these operators comes next."""
        return self.peek().kind == "op" and self.peek().text in signs

    def sum(self) -> Formula:
        """Terms with signs between them."""
        terms = [self.term()]
        while self.is_op("+-"):
            minus = self.take().text == "-"
            term = self.term()
            terms.append(negative(term) if minus else term)
        return total(terms)

    def term(self) -> Formula:
        """Factors, divisors and what is set side by side."""
        first = self.at
        factors = [self.signed()]
        divided = False
        while True:
            before = self.tokens[self.at - 1] if self.at else self.stop
            if self.is_op("*/"):
                divided = self.take().text == "/"
                self.slashes += divided
                if self.slashes > MAX_SLASHES:
                    return self.fail(f"it has more than {MAX_SLASHES} divisions", before.end)
                factor = self.signed()
                if divided:
                    factors = [Quotient(product(factors), factor)]
                else:
                    factors.append(factor)
            elif self.beside(before):
                bare = before.kind != "close" and self.bare_function(first)
                if bare or (divided and not self.small_fraction(first)):
                    return self.fail_beside(divided=divided)
                divided = False
                factors.append(self.power())
            else:
                return product(factors)

    def beside(self, before: Token) -> bool:
        """Whether a factor follows without a sign."""
        if self.peek().kind in _BEGINS or (self.peek().kind == "number" and before.kind == "close"):
            return True
        fraction = self.peek().kind == "number" and not isinstance(self.peek().formula, Written)
        return fraction and before.kind == "name"

    def bare_function(self, first: int) -> bool:
        """Whether the last factor is a function without brackets, as in ln y."""
        return self.at - 2 >= first and self.tokens[self.at - 2].kind == "function"

    def small_fraction(self, first: int) -> bool:
        """Whether it is 1/2(…), the fraction written without spaces, which is meant as one number."""
        parts = self.tokens[first : self.at]
        if len(parts) != 3 or self.peek().kind != "open":  # noqa: PLR2004 - numerator, stroke, denominator
            return False
        tight = all(one.end == two.start for one, two in pairwise(parts))
        return tight and parts[0].text.isdigit() and parts[2].text.isdigit()

    def fail_beside(self, *, divided: bool) -> Formula:
        """What is set side by side has two readings."""
        if divided:
            would = "(a/b)·c or a/(b·c)"
            return self.fail(
                "behind a division it is not clear what belongs below; use brackets", self.peek().start, would
            )
        return self.fail("it is not clear how far the function reaches; use brackets", self.peek().start)

    def signed(self) -> Formula:
        """A power behind any number of signs."""
        minus = False
        while self.is_op("+-"):
            minus ^= self.take().text == "-"
        found = self.power()
        return negative(found) if minus else found

    def power(self) -> Formula:
        """An atom, raised if an exponent follows."""
        base_token, base = self.peek(), self.atom()
        if not self.is_op("^"):
            return base
        sign = self.take()
        exponent = self.exponent()
        if self.is_op("^"):
            return self.fail("a power of a power is not read; use brackets", self.peek().start)
        if base_token.kind == "e":
            return EXP(exponent)
        return self.raised(base, exponent, sign)

    def exponent(self) -> Formula:
        """A group, or one atom with its signs."""
        minus = False
        while self.is_op("+-"):
            minus ^= self.take().text == "-"
        token, found = self.peek(), self.atom()
        glued = token.kind == "number" and self.peek().kind == "name" and self.peek().start == token.end
        if glued:
            return self.fail("it is not clear how far the exponent reaches; use brackets", self.peek().start)
        return negative(found) if minus else found

    def raised(self, base: Formula, exponent: Formula, sign: Token) -> Formula:
        """A whole power; ten alone may be raised to anything."""
        plain = exponent.of if isinstance(exponent, Negative) else exponent
        whole = plain.value if isinstance(plain, Number) else None
        if whole is None or whole.denominator != 1:
            if isinstance(base, Number) and base.value == _TEN:
                return TEN_TO(exponent)
            return self.fail("only whole numbers are read as exponents", sign.start)
        if whole > MAX_POWER:
            return self.fail(f"an exponent above {MAX_POWER} is not read", sign.start)
        size = int(whole)
        found = ONE if not size else base if size == 1 else Power(base, size)
        return Quotient(ONE, found) if isinstance(exponent, Negative) else found

    def atom(self) -> Formula:
        """What binds most tightly."""
        token = self.peek()
        if token.kind in ("number", "name") and token.formula is not None:
            return self.take().formula or ZERO
        if token.kind == "open":
            return self.group()
        if token.kind == "function":
            return self.applied()
        if token.kind == "max":
            return self.maximum()
        if token.kind == "bar" and not self.bars[-1]:
            return self.absolute()
        if token.kind == "fraction":
            self.take()
            over = self.braced()
            return Quotient(over, self.braced())
        return EXP(ONE) if self.take().kind == "e" else self.blame(token)

    def group(self) -> Formula:
        """A sum in brackets."""
        opened = self.enter()
        found = self.sum()
        self.leave(opened)
        return found

    def enter(self) -> Token:
        """Go one bracket deeper."""
        opened = self.take()
        self.depth += 1
        self.bars.append(False)
        if self.depth > MAX_DEPTH:
            self.fail(f"its brackets are more than {MAX_DEPTH} deep", opened.start)
        return opened

    def leave(self, opened: Token) -> None:
        """Come back out of a bracket."""
        token = self.peek()
        if token.kind == "end":
            self.fail(f"the bracket “{opened.text}” is not closed", opened.start, until=token.start)
        elif token.kind != "close":
            self.blame(token)
        elif token.text != PAIRS[opened.text]:
            self.fail(f"the bracket “{opened.text}” is closed by “{token.text}”", token.start)
        self.take()
        self.depth -= 1
        self.bars.pop()

    def braced(self) -> Formula:
        """One part of a stacked fraction."""
        if self.peek().kind != "open":
            return self.fail("\\frac needs its two parts in braces", self.peek().start)
        return self.group()

    def applied(self) -> Formula:
        """A function before its argument, perhaps primed or raised: σ(a), σ′(a), tanh²(a), ln y."""
        token = self.take()
        sign, exponent = self.peek(), None
        if self.is_op("^"):
            self.take()
            exponent = self.exponent()
        if self.peek().kind not in ("open", "number", "name", "bar"):
            return self.fail(f"“{token.text}” needs an argument in brackets", token.start)
        argument = self.atom()
        if token.function is None:
            return ZERO
        found = token.function.derivative(argument) if token.primed else Apply(token.function, argument)
        return found if exponent is None else self.raised(found, exponent, sign)

    def maximum(self) -> Formula:
        """max(0, x), in either order."""
        token = self.take()
        if self.peek().kind != "open":
            return self.fail("“max” needs its two arguments in brackets", token.start)
        opened = self.enter()
        one = self.sum()
        if self.peek().kind != "sep":
            return self.fail("“max” needs two arguments", self.peek().start)
        self.take()
        two = self.sum()
        self.leave(opened)
        for zero, other in ((one, two), (two, one)):
            if isinstance(zero, Number) and not zero.value:
                return RELU(other)
        return self.fail("only the larger of 0 and something is read", token.start)

    def absolute(self) -> Formula:
        """A value between bars."""
        opened = self.take()
        self.bars[-1] = True
        self.depth += 1
        if self.depth > MAX_DEPTH:
            return self.fail(f"its brackets are more than {MAX_DEPTH} deep", opened.start)
        found = self.sum()
        self.bars[-1] = False
        self.depth -= 1
        if self.take().kind != "bar":
            return self.fail("the bar “|” is not closed", opened.start)
        return ABS(found)
