"""Sentences of a report as HTML: indices set as elsewhere on a page, and no formula broken where it should not be."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from markupsafe import escape

from exercises.pages.rendering import trusted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

_LOW = re.compile("[₀-₉]+(?:,[₀-₉]+)*")
_HIGH = re.compile("[⁰¹²³⁴-⁹⁽⁾ⁿᵉʷᵀ]+")
_SIGN = "[=≈−+·×⊙/]"
# What signs hold together, and factors side by side, between which a line might end.
_FORMULA = re.compile(rf"\S+(?: {_SIGN} \S+)+|\S*\)\(\S*")
_LONGEST = 64  # characters of a formula that has a line for itself; a longer one may be broken before a sign


def with_indices(words: str) -> Markup:
    """A sentence with indices as they are set elsewhere, not in the tiny figures of Unicode."""
    parts, end = [], 0
    for found in _FORMULA.finditer(words):
        parts.append(_indices(words[end : found.start()]))
        parts.append(" ".join(map(_whole, _unbroken(found[0]))))
        end = found.end()
    return trusted("".join([*parts, _indices(words[end:])]))


def _indices(words: str) -> str:
    html = _LOW.sub(lambda m: f"<sub>{unicodedata.normalize('NFKC', m[0])}</sub>", str(escape(words)))
    return _HIGH.sub(lambda m: f"<sup>{unicodedata.normalize('NFKC', m[0])}</sup>", html)


def _whole(formula: str) -> str:
    html = _indices(formula)
    return f'<span class="f">{html}</span>' if len(formula) <= _LONGEST else html


def _unbroken(formula: str, signs: str = "=≈+") -> Iterator[str]:
    """The parts of a formula that have a line each: all of it, what is between equals signs, or between plus signs."""
    if len(formula) <= _LONGEST or not signs:
        yield formula
        return
    own, rest = (signs[:2], signs[2:]) if "=" in signs else (signs, "")
    for part in re.split(f" (?=[{own}] )", formula):
        yield from _unbroken(part, rest)
