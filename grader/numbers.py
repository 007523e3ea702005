"""Typed text to an exact decimal with the precision that was typed; or a reason why not.

Nothing here evaluates anything: a short regular grammar, capped in length, digits and exponent.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

MAX_LENGTH = 200
MAX_DIGITS = 40
MAX_EXPONENT = 60
_PICTURE = 72  # columns of a caret picture


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

    def caret(self) -> str:
        """The text with a caret below the place, in two lines; the text alone where there is no place."""
        if self.offset < 0:
            return self.text
        start = max(0, self.offset - _PICTURE // 2) if len(self.text) > _PICTURE else 0
        shown = self.text[start : start + _PICTURE]
        before = "…" if start else ""
        after = "…" if start + _PICTURE < len(self.text) else ""
        column = len(before) + self.offset - start
        marks = sum(unicodedata.combining(c) > 0 for c in shown[: self.offset - start])
        return f"{before}{shown}{after}\n{' ' * (column - marks)}^"


_NUMBER = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<whole>\d*)(?:(?P<point>[.,])(?P<fraction>\d*))?"
    r"(?:\s*(?:[eE]|[×x*·]\s*10\s*\^?)\s*(?P<exponent>[+-]?\d+|\{[+-]?\d+\}|\([+-]?\d+\)))?"
)
_PLAIN = re.compile(r"[-−]?[0-9]{1,9}\.[0-9]{1,15}")
_UNITS = tuple(Decimal(1).scaleb(-places) for places in range(16))
_RAISED = re.compile(r"(10)([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_TO_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻−–—", "0123456789+----")
_LEADING = re.compile(r"^(?:≈|~|≃|=|:|\s)+")


def clean(text: str, limit: int = MAX_LENGTH) -> str:
    """Text for quoting back: one line, no control characters, no more than `limit` characters."""
    shown = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text[: limit * 4])
    shown = " ".join(shown.split())
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def read_plain(text: str) -> Typed | None:
    """A number such as −0.0407 and nothing around it; None for all else.

    Nearly every answer is one, and this is ten times faster than the whole grammar.
    """
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
    power = int(exponent.strip("{}() ")[:6] or "0")
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
