"""Typed text to an exact decimal with the precision that was typed; or a reason why not.

Nothing here evaluates anything: a short regular grammar, capped in length, digits and exponent.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

MAX_LENGTH = 200
PEN = "✎"  # an answer that somebody wrote with a pen on a screen, which nothing here can read
# Characters of an answer with its working. Whoever keeps answers keeps one more, so that a longer one is seen to be
# longer, and is not read as far as it was kept.
MAX_WORKING = 2_000
MAX_DIGITS = 40
MAX_EXPONENT = 60
_PICTURE = 72  # columns of a caret picture
_QUOTED = 16  # signs that are quoted from the place of a fault
_QUOTE = re.compile("“([^”]*)”")


@dataclass(frozen=True, slots=True)
class Typed:
    """A number as it was typed.

    text:   as typed, for quoting back (capped, control characters removed).
    value:  the exact decimal.
    unit:   what one step in the last typed place is worth, such as 0.0001 for −0.0407.
    remark: what was written behind it, such as “(so W45 goes down)”; it is not read.
    """

    text: str
    value: Decimal
    unit: Decimal
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Text that is no answer, with one sentence that says why.

    text:       what was typed, on one line.
    reason:     half a sentence, such as “the bracket is not closed”.
    offset:     where in `text`, counted in characters; −1 where no place is to blame.
    would_read: what would have been read, where that can be said: the part before the fault, the repaired
                text, or the two readings between which it hangs.
    """

    text: str
    reason: str
    offset: int = -1
    would_read: str = ""

    def caret(self, columns: int = _PICTURE) -> str:
        """The text with a caret below the place, in two lines; the text alone where there is no place."""
        if self.offset < 0:
            return self.text
        start = max(0, self.offset - columns // 2) if len(self.text) > columns else 0
        shown = self.text[start : start + columns]
        before = "…" if start else ""
        after = "…" if start + columns < len(self.text) else ""
        column = len(before) + self.offset - start
        marks = sum(unicodedata.combining(c) > 0 for c in shown[: self.offset - start])
        return f"{before}{shown}{after}\n{' ' * (column - marks)}^"

    def told(self) -> str:
        """For the report: that a person must look, the reason, the place, and what can be read."""
        stop = "" if self.reason.endswith("?") else "."
        out = f"This could not be read, and counts nothing until a person has looked: {self.reason}{stop}"
        return f"{out}{self._place()}{self._readings()}"

    def _place(self) -> str:
        """Where the fault is, unless it is at the end or the reason quotes the only such place."""
        if not 0 <= self.offset < len(self.text):
            return ""
        quoted = _QUOTE.search(self.reason)
        if quoted and self.text.startswith(quoted[1], self.offset) and self.text.count(quoted[1]) == 1:
            return ""
        return f" That is at character {self.offset + 1}, “{clean(self.text[self.offset :], _QUOTED)}”."

    def _readings(self) -> str:
        """What would have been read, unless the reason says it."""
        if not self.would_read or all(part in self.reason for part in self.would_read.split(" or ")):
            return ""
        if " or " in self.would_read:
            return f" It could be {self.would_read}."
        return f" What can be read is {clean(self.would_read)}."


_NUMBER = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<whole>\d*)(?:(?P<point>[.,])(?P<fraction>\d*))?"
    r"(?:\s*(?:EE|ee|[eE]|[×x*·]\s*10\s*\^?)\s*(?P<exponent>[+-]?\s*\d+|\{\s*[+-]?\s*\d+\s*\}|\(\s*[+-]?\s*\d+\s*\)))?"
)
_PLAIN = re.compile(r"[-−]?[0-9]{1,9}\.[0-9]{1,15}")
_LONGEST_PLAIN = 26
_UNITS = tuple(Decimal(1).scaleb(-places) for places in range(16))
_RAISED = re.compile(r"(10)([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_TO_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻−–—", "0123456789+----")
_LEADING = re.compile(r"^(?:≈|~|≃|=|:|\s)+")


def clean(text: str, limit: int = MAX_LENGTH) -> str:
    """Text for quoting back: one line, no control characters, no more than `limit` characters."""
    shown = text[: limit * 4]
    if shown.isascii() and shown.isprintable():  # nearly all is, and then there is little to look for
        if " " not in shown and len(shown) <= limit:
            return shown
    else:
        shown = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in shown)
    shown = " ".join(shown.split())
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def read_plain(text: str) -> Typed | None:
    """A number such as −0.0407 and nothing around it; None for all else.

    Nearly every answer is one, and this is ten times faster than the whole grammar.
    """
    return _plain(text) if len(text) <= _LONGEST_PLAIN else None


@lru_cache(maxsize=20_000)  # a class types the same numbers again and again
def _plain(text: str) -> Typed | None:
    if _PLAIN.fullmatch(text):
        return Typed(text, Decimal(text.replace("−", "-")), _UNITS[len(text) - text.index(".") - 1])
    return None


def read_number(text: str) -> Typed | Unreadable:
    """Read one number. Never raises."""
    fast = read_plain(text)
    if fast is not None:
        return fast
    if len(text) > MAX_LENGTH:
        return Unreadable(clean(text, 40), f"it is {len(text)} characters long; a number was expected")
    quoted = clean(text)
    body = _RAISED.sub(r"\1^\2", text).translate(_TO_PLAIN)
    body = _LEADING.sub("", unicodedata.normalize("NFKC", body).translate(_TO_PLAIN)).strip().rstrip(".;")
    if not body:
        return Unreadable(quoted, "it is empty; a number was expected")
    found = _NUMBER.fullmatch(body) or _NUMBER.fullmatch(body + ".")
    if found is None or not (found["whole"] or found["fraction"]):
        return Unreadable(quoted, f"{_shown(quoted)} is not a number")
    whole, fraction = found["whole"], found["fraction"] or ""
    if found["point"] == "," and len(fraction) == 3 and whole.strip("0"):  # noqa: PLR2004 - thousands
        return between(quoted, quoted, f"{whole}.{fraction}", f"{whole}{fraction}", 0)
    number = exact(found["sign"], whole, fraction, found["exponent"] or "0", quoted)
    if isinstance(number, str):
        return Unreadable(quoted, number)
    return Typed(quoted, *number)


def exact(sign: str, whole: str, fraction: str, exponent: str, quoted: str) -> tuple[Decimal, Decimal] | str:
    """The value and unit that digits stand for, or the reason why they are too many or too large."""
    power = int("".join(exponent.strip("{}() ").split())[:6] or "0")
    if len(whole) + len(fraction) > MAX_DIGITS:
        return f"it has more than {MAX_DIGITS} digits"
    if abs(power) > MAX_EXPONENT:
        return f"{_shown(quoted)} is too large or too small to be an answer here"
    value = Decimal(f"{sign}{whole}.{fraction}E{power}")  # exact, whatever the context
    return value, Decimal(1).scaleb(power - len(fraction))


def between(text: str, quoted: str, one: str, other: str, offset: int) -> Unreadable:
    """A number that hangs between two readings."""
    reason = f"{_shown(quoted)} could be {one} or {other}; write a decimal point"
    return Unreadable(text, reason, offset, f"{one} or {other}")


def _shown(text: str) -> str:
    return f"“{clean(text, 40)}”"
