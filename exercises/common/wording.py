"""Words in a row, as a sentence has them."""

from __future__ import annotations

import difflib
import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


IN_WORDS = "In words, exercise"  # begins a question that a person marks, wherever it is asked, so that it is known there


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`; nothing of no words."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def count(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def without_addresses(error: BaseException) -> str:
    """What an exception says, but for places in memory, which are others in every run."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", str(error))


def nearest(name: str, known: Iterable[str]) -> str:
    """What to suggest for an unknown name."""
    names = [str(n) for n in known]
    close = difflib.get_close_matches(name[:100], names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    listed = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")  # noqa: PLR2004 - a readable line
    return f"expected one of {listed}"


def told(value: object) -> str:
    """A value from a file as a sentence shows it, on one line of a terminal."""
    try:
        text = str(value) if isinstance(value, Decimal) else repr(value)
    except ValueError:  # a whole number of thousands of digits
        text = "a huge number"
    return text if len(text) <= 60 else text[:57] + "…"  # noqa: PLR2004 - as said
