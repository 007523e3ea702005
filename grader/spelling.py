"""Where a name begins in plain signs: every length that it could have, longest first, spelled for the lookup.

A glyph is a letter with indices, a layer in brackets and a mark for “new”, in any order; a derivative is two
glyphs behind `∂` or `d`. Which of the candidates is a name is for the problem's notation to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.script import FRACTION

if TYPE_CHECKING:
    from collections.abc import Iterator

_BASE = re.compile(r"delta|eta|yhat|[A-Za-zδηΔŷ]")
_INDEX = re.compile(
    r"_?\{ ?(?P<a>\d{1,4})(?:[ ,_]{1,2}(?P<b>\d{1,3}))? ?(?P<new>[, ]*\(?new\)?)?\}"
    r"|_?(?P<c>\d{1,4})(?:(?:,_?|_)(?P<d>\d{1,3}))?"
)
_LAYER = re.compile(r"\^?\((?P<a>\d{1,2})\)|\^\{\((?P<b>\d{1,2})\)(?P<new>, ?\{?new\}?)?\}")
_NEW = re.compile(r" ?[_^]?\(new\)|[_^]?\{[ ,]*\(?new\)?\}|[_^]? ?new(?![A-Za-z])|\^\+|\^\{\+\}")
_PLUS = re.compile(r"\+(?= *(?:[=:)]|$))")
_PRIME = re.compile(r"\^?'|\^\{'\}")
_D, _OVER = re.compile(r"[∂d] ?"), re.compile(r" ?[/_]? ?[∂d] ?")
_STACK, _MIDDLE, _FOOT = (
    re.compile(FRACTION + r" ?\{ ?[∂d] ?"),
    re.compile(r" ?\} ?\{ ?[∂d] ?"),
    re.compile(r" ?\}"),
)
_VIA = re.compile(r" ?\|?_?(?P<brace>\{)? ?via ?_?")
_DIGITS = re.compile(r"\d{1,3}")


@dataclass(frozen=True, slots=True)
class Spelled:
    """A possible name.

    end:     the index behind it.
    written: how it is looked up.
    primed:  whether it bears a prime, which may mean “new” or a slope.
    indexed: whether it bears an index, so that it can hardly be a word.
    """

    end: int
    written: str
    primed: bool = False
    indexed: bool = True


def spellings(text: str, at: int) -> Iterator[Spelled]:
    """Every name that may begin at `at`: derivatives first, and the longer before the shorter."""
    if text[at] in "∂d" + FRACTION:
        yield from _derivatives(text, at)
    if text[at] != FRACTION:
        yield from _glyphs(text, at)


def _glyphs(text: str, at: int) -> list[Spelled]:
    """A glyph with as many of its marks as stand there, then with fewer."""
    base = _BASE.match(text, at)
    if base is None:
        return []
    end, index, layer, new = base.end(), "", "", ""
    found = [Spelled(end, base[0], indexed=False)]
    while True:
        if not index and (mark := _INDEX.match(text, end)):
            index, second = mark["a"] or mark["c"], mark["b"] or mark["d"] or ""
            if mark["d"]:  # the comma may part two arguments, as in max(y3,0)
                found.append(Spelled(mark.end("c"), base[0] + layer + index))
            index += f",{second}" if len(index + second) > 2 and second else second  # noqa: PLR2004 - W1,13 but W13
            new = "_new" if mark["new"] else new
        elif not layer and (mark := _LAYER.match(text, end)):
            layer = f"({mark['a'] or mark['b']})"
            new = "_new" if mark["new"] else new
        elif not new and (mark := _NEW.match(text, end) or _PLUS.match(text, end)):
            new = "_new"
        else:
            break
        end = mark.end()
        found.append(Spelled(end, base[0] + layer + index + new, indexed=bool(index or layer)))
    prime = None if new else _PRIME.match(text, end)
    if prime:
        found.append(Spelled(prime.end(), base[0] + layer + index + "_new", primed=True))
    return found[::-1]


def _derivatives(text: str, at: int) -> Iterator[Spelled]:
    stacked = text[at] == FRACTION
    opened = (_STACK if stacked else _D).match(text, at)
    for over in _glyphs(text, opened.end()) if opened else []:
        between = (_MIDDLE if stacked else _OVER).match(text, over.end)
        for under in _glyphs(text, between.end()) if between else []:
            foot = _FOOT.match(text, under.end) if stacked else None
            if stacked and foot is None:
                continue
            end = foot.end() if foot else under.end
            written = f"∂{over.written}/∂{under.written}"
            yield from (Spelled(stop, f"{written} via {path}") for stop, path in _paths(text, end))
            yield Spelled(end, written)


def _paths(text: str, at: int) -> Iterator[tuple[int, str]]:
    """The path of a term, such as ` via 5`."""
    via = _VIA.match(text, at)
    if via is None:
        return
    digits = _DIGITS.match(text, via.end())
    ends = [(digits.end(), digits[0])] if digits else []
    ends += [(glyph.end, glyph.written) for glyph in _glyphs(text, via.end())]
    for end, written in ends:
        foot = _FOOT.match(text, end) if via["brace"] else None
        if foot or not via["brace"]:
            yield foot.end() if foot else end, written
