"""An answer cut into tokens: numbers, names, functions, operators, words. Nothing is judged here.

What cannot be a token becomes one of kind `bad` that carries its reason; the parser decides what comes of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from exercises.formulas.formula import Formula, Number, Symbol
from exercises.formulas.functions import FUNCTIONS, LOG10
from exercises.formulas.quantity import QuantityKind as Sort
from grader.answers.name_spellings import Suggesting, Unclear, spellings
from grader.answers.numbers import exact
from grader.answers.plain_signs import FRACTION, vulgar

if TYPE_CHECKING:
    from decimal import Decimal

    from exercises.formulas.formula import Function
    from grader.answers.name_spellings import Lookup, Meaning, SpelledName
    from grader.answers.plain_signs import Flat

Kind = Literal[
    "number", "name", "function", "max", "e", "fraction", "open", "close", "bar", "op", "rel", "sep", "colon",
    "word", "bad", "end",
]  # fmt: skip
MAX_LOOKUPS = 250
MAX_TOKENS = 600
_FUNCTIONS: dict[str, Function] = {word: function for function in FUNCTIONS for word in function.spellings}
_ABOUT = {"ca", "circa", "about", "approx", "approximately", "roughly", "around", "etwa", "rund", "environ"}
_KINDS: dict[str, Kind] = {
    **dict.fromkeys("([{", "open"),
    **dict.fromkeys(")]}", "close"),
    "|": "bar",
    ",": "sep",
    ";": "sep",
    ":": "colon",
}
_GROUPED = re.compile(
    r"(?P<a>[1-9]\d{0,2}(?:,\d{3})+)\.(?P<b>\d+)|(?P<c>[1-9]\d{0,2}(?:\.\d{3})+),(?P<d>\d+)"
    r"|(?P<e>[1-9]\d{0,2}(?:(?:,\d{3}){2,}|(?:\.\d{3}){2,}))(?![.,]?\d)"
)
_NUMBER = re.compile(r"(?P<whole>\d*)(?P<point>[.,])(?P<fraction>\d+)|(?P<alone>\d+)(?:\.(?!\d|\.\.))?")
# Spaces may stand in it, but not before an exponent without a sign: 4.07 e2 and 4.07e 2 may be products.
_SCIENTIFIC = re.compile(
    r"(?P<before> ?)(?P<e>EE|ee|[eE])(?P<after> ?)(?P<power>[+-] ?\d+|(?<! [eE])(?<! )\d+)(?![.,]?\d)"
)
_TENS = re.compile(
    r" ?[*xX] ?10 ?(?:\^|\*\*) ?(?:(?P<a>[+-]? ?\d+)|\{ ?(?P<b>[+-]? ?\d+) ?\}|\( ?(?P<c>[+-]? ?\d+) ?\))"
)
_PERCENT = re.compile(r" ?%(?! ?[\w(.])")
_LOST = re.compile(r" ?[*xX] ?10 ?-\d+(?! ?[\d.,*/^(])")  # ×10⁻² with its exponent brought down by a copy
_RELATION = re.compile(r"(?:[:=]?=[>]?|->)(?: ?=[>]?)*")
_LETTERS = re.compile(r"log_?\{?10\}?|leaky_relu|[^\W\d_]+(?:['-][^\W\d_]{2,})*", re.IGNORECASE)
_AFTER_TIMES = re.compile(r"[ ]+(?:[-(\d.]|(?=\S{0,12}\d)[^\W\d_])|\(|\d*[.,]\d")
_TAIL = re.compile(r"_?\{?\d+\}?")
_LONGER = re.compile(r"_\{?[A-Za-z]\w*\}?")
_BEFORE_ANSWER = re.compile(r" *(?:[:=]|->|$)")
_RENEWED = (Sort.WEIGHT, Sort.BIAS, Sort.LOSS)  # have no slope: a mark behind them can only mean “new”


@dataclass(frozen=True, slots=True)
class Written(Number):
    """A number of the answer itself.

    typed: the same as an exact decimal.
    unit:  what one step in the last typed place is worth.
    """

    typed: Decimal
    unit: Decimal


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an answer.

    start, end: where it stands among the plain signs.
    text:       its signs; for `bad` what is quoted.
    formula:    of a number or a name.
    function:   of a function; `primed` if its slope is meant.
    fault:      of `bad`: why. `would`: the readings between which it hangs.
    """

    kind: Kind
    start: int
    end: int
    text: str
    formula: Formula | None = None
    function: Function | None = None
    primed: bool = False
    fault: str = ""
    would: str = ""


class Lexer:
    """Cuts plain signs into tokens.

    name:  finds what a written name stands for.
    comma: whether a comma is the decimal sign here; None if nothing is known.
    """

    def __init__(self, flat: Flat, name: Lookup, comma: bool | None) -> None:  # noqa: FBT001
        self.text = flat.text
        self._flat = flat
        self.tokens: list[Token] = []
        self._name = name
        self._comma = comma
        self._seen: dict[str, Meaning] = {}

    def run(self) -> list[Token]:
        """All tokens; spaces, and a full stop behind a sentence, are none."""
        at = 0
        while at < len(self.text):
            if self.text[at] == " " or (self.text[at] == "." and self.text[at + 1 : at + 2] in ("", " ")):
                at += 1
                continue
            if len(self.tokens) >= MAX_TOKENS:
                fault = f"it has more than {MAX_TOKENS} parts"
                return [Token("bad", at, len(self.text), "", fault=fault)]
            token = self._next(at)
            self.tokens.append(token)
            at = token.end
        return self.tokens

    def _next(self, at: int) -> Token:
        c = self.text[at]
        if c.isdigit() or (c in ".," and self.text[at + 1 : at + 2].isdigit() and not self._ends_operand()):
            return self._number(at)
        if c.isalpha() or c in "∂" + FRACTION:
            return self._function(at) or self._named(at) or self._letters(at)
        if (relation := _RELATION.match(self.text, at)) is not None:
            return self._token("rel", at, relation.end())
        if self.text.startswith("...", at) or c == "?":
            return self._token("word", at, at + (1 if c == "?" else 3))
        return self._sign(at, c)

    def _sign(self, at: int, c: str) -> Token:
        if c in "+-*/^":
            doubled = self.text.startswith("**", at)
            return Token("op", at, at + 1 + doubled, "^" if doubled else c)
        if c in _KINDS:
            return self._token(_KINDS[c], at, at + 1)
        parts = vulgar(c)
        if parts is None or not parts[1]:
            return self._bad(at, at + 1, "is no sign of arithmetic")
        if at and self.text[at - 1].isdigit() and not self._mixed(at):
            return self._bad(at - 1, at + 1, "could be a sum or a product; write it as a decimal")
        return Token("number", at, at + 1, c, Number(Fraction(*parts)))

    def _mixed(self, at: int) -> bool:
        """Whether the ¾ here ends a link that is nothing but a mixed number; beside anything else it hangs."""
        links = [t.kind in ("rel", "colon") for t in self.tokens]
        begun = len(links) - links[::-1].index(True) if True in links else 0
        link = "".join(t.text for t in self.tokens[begun:])
        return link.lstrip("+-").isdigit() and _BEFORE_ANSWER.match(self.text, at + 1) is not None

    def _token(self, kind: Kind, at: int, end: int) -> Token:
        return Token(kind, at, end, self.text[at:end])

    def _bad(self, at: int, end: int, fault: str, would: str = "") -> Token:
        quoted = self._flat.source(at, end)[:40]
        return Token("bad", at, end, quoted, fault=f"“{quoted}” {fault}", would=would)

    def _ends_operand(self) -> bool:
        """Whether what stands before is complete, so that a comma here parts two things."""
        return bool(self.tokens) and self.tokens[-1].kind in ("number", "name", "close", "e")

    # --- numbers ---

    def _number(self, at: int) -> Token:
        grouped = _GROUPED.match(self.text, at)
        if grouped:
            whole = re.sub("[.,]", "", grouped["a"] or grouped["c"] or grouped["e"])
            return self._scaled(at, grouped.end(), whole, grouped["b"] or grouped["d"] or "")
        found = _NUMBER.match(self.text, at)
        if found is None:  # pragma: no cover - a digit begins a number
            return self._bad(at, at + 1, "is no number")
        point, whole = found["point"], found["whole"] or found["alone"] or ""
        if point == "," and whole == "0" and self._in_max(at):
            return self._scaled(at, found.end("whole"), whole, "")
        fraction = found["fraction"] or ""
        if re.match(r"\.\d", self.text[found.end() : found.end() + 2]):
            return self._bad(at, found.end() + 2, "has two decimal points")
        if point and self._hangs(point, whole, fraction):
            if point == "," and self._comma is False:
                return self._scaled(at, found.end(), whole + fraction, "")
            one, other = f"{whole}.{fraction}", f"{whole}{fraction}"
            fault = f"could be {one} or {other}; write a decimal point"
            return self._bad(at, found.end(), fault, f"{one} or {other}")
        return self._scaled(at, found.end(), whole, fraction)

    def _hangs(self, point: str, whole: str, fraction: str) -> bool:
        """Whether the sign may part thousands, as in 1,234."""
        if len(fraction) != 3 or not 1 <= len(whole) <= 3 or whole[0] == "0":  # noqa: PLR2004 - thousands
            return False
        return self._comma is not True if point == "," else self._comma is True

    def _in_max(self, at: int) -> bool:
        """Whether this is the 0 of max(0,5): a comma that parts two arguments."""
        inside = [t.kind for t in self.tokens[-2:]] == ["max", "open"]
        return inside and ";" not in self.text[at:].partition(")")[0]

    def _scaled(self, at: int, end: int, whole: str, fraction: str) -> Token:
        """The number with its power of ten, where one follows."""
        exponent = "0"
        plain = _SCIENTIFIC.match(self.text, end)
        tight = bool(self.tokens) and self.tokens[-1].text in ("/", "^")
        tens = None if plain or tight else _TENS.match(self.text, end)
        if plain:
            apart, power = plain["before"] and plain["after"], plain["power"]
            if plain["e"] == "E" and self._find("E" if apart else f"E{power}") is not None:
                return self._bad(at, plain.end(), "could be a product or a power of ten; write · or ·10^")
            exponent, end = power, plain.end()
        elif tens:
            exponent, end = tens["a"] or tens["b"] or tens["c"], tens.end()
        elif lost := _LOST.match(self.text, end):
            return self._bad(at, lost.end(), "could be a power of ten or a difference; write 10^-2 or e-2")
        number = exact("", whole, fraction, exponent, self._flat.source(at, end))
        if isinstance(number, str):
            return Token("bad", at, end, self.text[at:end], fault=number)
        value, unit = number
        if percent := _PERCENT.match(self.text, end):
            value, unit, end = value.scaleb(-2), unit.scaleb(-2), percent.end()
        return Token("number", at, end, self.text[at:end], Written(Fraction(value), value, unit))

    # --- names and words ---

    def _find(self, written: str) -> Meaning:
        if written not in self._seen:
            if len(self._seen) >= MAX_LOOKUPS:
                return None
            self._seen[written] = self._name(written)
        return self._seen[written]

    def _function(self, at: int) -> Token | None:
        greek = self.text[at] in "σΦφ"
        found = None if greek else _LETTERS.match(self.text, at)
        if not greek and found is None:
            return None
        end = at + 1 if greek or found is None else found.end()
        word = self.text[at:end].lower() if not greek else self.text[at]
        if word == "max":
            return self._token("max", at, end)
        function = LOG10 if word.startswith("log") and "10" in word else _FUNCTIONS.get(word)
        if function is None:
            return None
        primed = self.text[end : end + 1] == "'"
        return Token("function", at, end + primed, self.text[at:end], function=function, primed=primed)

    def _named(self, at: int) -> Token | None:
        """The longest name that the problem knows; a failure where only a name can be meant."""
        longest: int | None = None
        for spelled in spellings(self.text, at):
            if (not spelled.indexed and self._in_word(at, spelled.end)) or self._out_of_place(spelled):
                continue
            meaning = self._find(spelled.written)
            if meaning is not None:
                return self._meant(at, spelled, meaning)
            if spelled.indexed and longest is None:
                longest = spelled.end
        if longest is None or self._times(at):
            return None
        return self._stranger(at, longest)

    def _meant(self, at: int, spelled: SpelledName, meaning: Meaning) -> Token:
        """A known name, unless it is unclear or goes on."""
        end = spelled.end
        if isinstance(meaning, Unclear):
            return self._bad(at, end, meaning.reason)
        if longer := _LONGER.match(self.text, end):
            return self._stranger(at, longer.end())
        if self.text[at] == "X" and self._ends_operand():
            return self._bad(at, end, "could be a product or a name; write · or a small x")
        formula = meaning if isinstance(meaning, Formula) or meaning is None else Symbol(meaning)
        if spelled.primed and not (isinstance(formula, Symbol) and formula.quantity.kind in _RENEWED):
            return self._bad(at, end, "could be a new value or a slope; write _new")
        return Token("name", at, end, self.text[at:end], formula)

    def _stranger(self, at: int, end: int) -> Token:
        """A name that the problem does not know, with the nearest that it does; the first of an answer only."""
        lookup: object = self._name
        near = ""
        if isinstance(lookup, Suggesting) and not any(t.kind == "bad" for t in self.tokens):
            near = lookup.suggestion(self._flat.source(at, end)[:40])
        near = f"; {near.rstrip('?')}" if near.startswith("did you mean") else ""
        return self._bad(at, end, f"is no quantity of this problem{near}")

    def _out_of_place(self, spelled: SpelledName) -> bool:
        """Whether it is a name only before an equals sign, and does not stand there."""
        begins = not self.tokens or self.tokens[-1].kind in ("rel", "colon")
        return spelled.alone and not (begins and _BEFORE_ANSWER.match(self.text, spelled.end))

    def _in_word(self, at: int, end: int) -> bool:
        """Whether a letter that bears no index is only the first of a word."""
        return self.text[at].isascii() and self.text[end : end + 1].isalpha() and self.text[end].isascii()

    def _times(self, at: int) -> bool:
        """Whether an x here is a multiplication sign."""
        apart = [self.text[i : i + 1] == " " for i in (at - 1, at + 1)]
        small = self.text[at] == "x" or apart[0] == apart[1]  # 0.35X 0.0991 may end in what X holds
        return (
            self.text[at] in "xX"
            and small
            and self._ends_operand()
            and bool(_AFTER_TIMES.match(self.text, at + 1))
        )

    def _letters(self, at: int) -> Token:
        if self._times(at):
            return Token("op", at, at + 1, "*")
        if self.text[at] == FRACTION:
            return self._token("fraction", at, at + 1)
        found = _LETTERS.match(self.text, at)
        if found is None:
            return self._bad(at, at + 1, "is no sign of arithmetic")
        if found[0] == "e":
            return self._token("e", at, found.end())
        if found[0].lower() in _ABOUT:
            dot = self.text[found.end() : found.end() + 1] == "."
            return self._token("rel", at, found.end() + dot)
        tail = _TAIL.match(self.text, found.end())
        if tail:
            return self._bad(at, tail.end(), "is no quantity of this problem")
        return self._token("word", at, found.end())
