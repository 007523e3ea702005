"""Where a name begins in plain signs: every length that it could have, longest first, spelled for the lookup.

A glyph is a letter with indices, a layer in brackets and a mark for “new”, in any order; a derivative is two
glyphs behind `∂` or `d`. Which of the candidates is a name is for the problem's notation to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from grader.answers.plain_signs import FRACTION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exercises.formulas.formula import Formula
    from exercises.formulas.quantity import Quantity

# The loss has names of several letters, and two textbooks call aⱼ and yⱼ netⱼ and outⱼ.
_BASE = re.compile(
    r"(?i:delta|eta|beta|epsilon|[ymv]hat|(?:net|out)(?=_?\{? ?\d)|loss(?![a-z]))"
    r"|[EL]_?(?:tot(?:al)?|\{ ?tot(?:al)? ?\})(?![a-z])|[A-Za-zδηΔŷβε]"
)
_CANONICAL = re.compile(r"(?=[A-Za-z]\w{1,40}(?!\w))[A-Za-z]+[\d_]\w*", re.ASCII)
_INDEX = re.compile(
    r"_?\{ ?(?P<a>\d{1,4})(?:[ ,_]{1,2}(?P<b>\d{1,3}))? ?(?P<new>[, ]*\(?new\)?)?\}"
    r"|_?(?P<c>\d{1,4})(?:(?:,_?|_)(?P<d>\d{1,3}))?"
)
_SINGLE = re.compile(r"(?P<one>_?\d{1,4})(?=,_?\d|_\d)")
_OF_BIAS = re.compile(r"_?\{ ?(?P<a>b\d{1,4}) ?\}|_?(?P<c>b_?\d{1,4})")  # the index of a bias's moment
_LAYER = re.compile(r"\^?\((?P<a>\d{1,2})\)")
_RUN = re.compile(r"\[(?P<run>\d{1,2})\]")
_WORD = "(?:new|updated)"
_NEW = re.compile(
    rf" ?[_^]?\({_WORD}\)|[_^]?\{{[ ,]*\(?{_WORD}\)?\}}|[_^]? ?{_WORD}(?![A-Za-z])|\^\+|\^\{{ ?[+*] ?\}}"
)
_RAISED = re.compile(  # several of these in one exponent, as LaTeX prints them
    rf"\^\{{ ?(?:\((?P<layer>\d{{1,2}})\))?[ ,]*(?P<new>\{{?\(?{_WORD}\)?\}}?)?[ ,]*(?:\[(?P<run>\d{{1,2}})\])? ?\}}"
)
_BEFORE = re.compile(rf"(?:the )?{_WORD}[ _]+(?:(?:weight|bias|value)[ _]+)?(?:of[ _]+)?", re.IGNORECASE)
_PLUS = re.compile(r"\+(?= *(?:[=:)]|$))")
_STAR = re.compile(r"\^?\*(?= *(?:[=:]|$))")
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
class Unclear:
    """A name with two meanings.

    reason: half a sentence behind the name, such as “could be the target y₃ or the output ŷ₁”.
    """

    reason: str


# What a written name may stand for: a quantity, or an expression such as a local derivative; or nothing.
Meaning: TypeAlias = "Quantity | Formula | Unclear | None"
Lookup: TypeAlias = "Callable[[str], Meaning]"


@runtime_checkable
class Suggesting(Protocol):
    """A lookup that can tell which name may have been meant by an unknown one."""

    def suggestion(self, written: str) -> str:
        """A few words such as “did you mean a3?”; empty if nothing is near."""
        ...


@dataclass(frozen=True, slots=True)
class SpelledName:
    """A possible name.

    end:     the index behind it.
    written: how it is looked up.
    primed:  whether it bears a mark which may mean “new” or something else, such as a prime for a slope.
    indexed: whether it bears an index, so that it can hardly be a word.
    alone:   whether it is a name only by itself before an equals sign, as in “W13* = …” or “new W13 = …”.
    """

    end: int
    written: str
    primed: bool = False
    indexed: bool = True
    alone: bool = False


def spellings(text: str, at: int) -> list[SpelledName]:
    """Every name that may begin at `at`, the longer before the shorter."""
    found: list[SpelledName] = []
    if text[at] in "∂d" + FRACTION:
        found += _derivatives(text, at)
    if (before := _BEFORE.match(text, at)) is not None:
        for glyph in _glyphs(text, before.end()):
            written = glyph.written if glyph.written.endswith("_new") else f"{glyph.written}_new"
            found.append(SpelledName(glyph.end, written, indexed=glyph.indexed, alone=True))
    if (canonical := _CANONICAL.match(text, at)) is not None:
        found.append(SpelledName(canonical.end(), canonical[0], indexed=False))
    if text[at] != FRACTION:
        found += _glyphs(text, at)
    return sorted(found, key=lambda spelled: -spelled.end)


def whole(text: str) -> list[SpelledName]:
    """Every name that a text may be as a whole."""
    return [spelled for spelled in (spellings(text, 0) if text else ()) if spelled.end == len(text)]


@dataclass(slots=True)
class _Glyph:
    """The marks of a letter that have been read so far."""

    letter: str
    index: str = ""
    layer: str = ""
    run: str = ""
    new: str = ""
    primed: bool = False
    alone: bool = False

    @property
    def written(self) -> str:
        return self.letter + self.layer + self.index + self.new + self.run

    def spelled(self, end: int) -> SpelledName:
        return SpelledName(end, self.written, self.primed, bool(self.index or self.layer), self.alone)

    def mark(self, text: str, end: int) -> int:
        """Read one more mark; where it ends, or 0 if none stands here."""
        if not self.index and (found := _INDEX.match(text, end) or self._of_bias(text, end)):
            self._set_index(found)
        elif found := _RAISED.match(text, end):
            if not self._raise(found):
                return 0
        elif not self.layer and (found := _LAYER.match(text, end)):
            self.layer = f"({found['a']})"
        elif not self.run and (found := _RUN.match(text, end)):
            self.run = found[0]
        elif not self.new and (found := _NEW.match(text, end) or _PLUS.match(text, end)):
            self.new = "_new"
        elif not self.new and (found := _STAR.match(text, end)):
            self.new, self.primed, self.alone = "_new", True, True
        elif not (self.new or self.index) and (found := _PRIME.match(text, end)):
            if not _INDEX.match(text, found.end()):
                return 0
            self.new, self.primed = "_new", True
        else:
            return 0
        return found.end()

    def _of_bias(self, text: str, end: int) -> re.Match[str] | None:
        return _OF_BIAS.match(text, end) if self.letter[0] in "mv" else None

    def _set_index(self, found: re.Match[str]) -> None:
        # Only the notation sets an index low; a canonical name runs on. Where both exist, that tells them apart.
        parts = found.groupdict()
        low = "_" if found[0][0] in "_{" else ""
        first, second = parts["a"] or parts["c"], parts.get("b") or parts.get("d") or ""
        joined = len(first + second) <= 2 or not second  # noqa: PLR2004 - W13 but W1,13
        self.index = low + first + (second if joined else f",{second}")
        self.new = "_new" if parts.get("new") else self.new

    def _raise(self, found: re.Match[str]) -> bool:
        """Take what an exponent holds, if it holds anything that is not there yet."""
        layer, new, run = found["layer"], found["new"], found["run"]
        if not (layer or new or run) or (layer and self.layer) or (new and self.new) or (run and self.run):
            return False
        self.layer = f"({layer})" if layer else self.layer
        self.new = "_new" if new else self.new
        self.run = f"[{run}]" if run else self.run
        return True


def _glyphs(text: str, at: int) -> list[SpelledName]:
    """A glyph with as many of its marks as stand there, then with fewer."""
    base = _BASE.match(text, at)
    if base is None:
        return []
    glyph = _Glyph(base[0][0] if "tot" in base[0].lower() else base[0])
    glyph.alone = glyph.letter.lower() == "loss"
    end = base.end()
    found = [glyph.spelled(end)]
    while True:
        bare = _SINGLE.match(text, end) if not glyph.index else None
        if bare:  # the comma behind an index may part two arguments, as in max(y3,0)
            found.append(SpelledName(bare.end("one"), glyph.letter + glyph.layer + bare["one"]))
        after = glyph.mark(text, end)
        if not after:
            break
        end = after
        found.append(glyph.spelled(end))
    prime = None if glyph.new else _PRIME.match(text, end)
    if prime:
        glyph.new, glyph.primed = "_new", True
        found.append(glyph.spelled(prime.end()))
    return found[::-1]


def _derivatives(text: str, at: int) -> Iterator[SpelledName]:
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
            yield from (SpelledName(stop, f"{written} via {path}") for stop, path in _paths(text, end))
            yield SpelledName(end, written)


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
