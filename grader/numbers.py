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


@dataclass(frozen=True, slots=True)
class Typed:
    """A number as it was typed.

    text:  as typed, for quoting back (capped, control characters removed).
    value: the exact decimal.
    unit:  what one step in the last typed place is worth, such as 0.0001 for −0.0407.
    """

    text: str
    value: Decimal
    unit: Decimal


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Text that is no number, with one sentence that says why."""

    text: str
    reason: str


_NUMBER = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<whole>\d*)(?:(?P<point>[.,])(?P<fraction>\d*))?"
    r"(?:\s*(?:[eE]|[×x*·]\s*10\s*\^?)\s*(?P<exponent>[+-]?\d+|\{[+-]?\d+\}|\([+-]?\d+\)))?"
)
_PLAIN = re.compile(r"-?[0-9]{1,9}\.[0-9]{1,15}")
_UNITS = tuple(Decimal(1).scaleb(-places) for places in range(16))
_RAISED = re.compile(r"(10)([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_TO_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻−–—", "0123456789+----")
_LEADING = re.compile(r"^(?:≈|~|≃|=|:|\s)+")


def clean(text: str, limit: int = MAX_LENGTH) -> str:
    """Text for quoting back: one line, no control characters, no more than `limit` characters."""
    shown = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text[: limit * 4])
    shown = " ".join(shown.split())
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def read_number(text: str) -> Typed | Unreadable:
    """Read one number. Never raises."""
    if _PLAIN.fullmatch(text):  # nearly every answer, and ten times faster than the whole grammar
        return Typed(text, Decimal(text), _UNITS[len(text) - text.index(".") - 1])
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
        return Unreadable(
            quoted,
            f"{_shown(quoted)} could be {whole}.{fraction} or {whole}{fraction}; write a decimal point",
        )
    exponent = int((found["exponent"] or "0").strip("{}()")[:6] or "0")
    if len(whole) + len(fraction) > MAX_DIGITS:
        return Unreadable(quoted, f"it has more than {MAX_DIGITS} digits")
    if abs(exponent) > MAX_EXPONENT:
        return Unreadable(quoted, f"{_shown(quoted)} is too large or too small to be an answer here")
    value = Decimal(f"{found['sign']}{whole or '0'}.{fraction or '0'}").scaleb(exponent)
    return Typed(quoted, value, Decimal(1).scaleb(exponent - len(fraction)))


def _shown(text: str) -> str:
    return f"“{clean(text, 40)}”"
