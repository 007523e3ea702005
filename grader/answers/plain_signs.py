r"""One line of plain signs from whatever was typed: Unicode, LaTeX or ASCII, each sign with its place.

`one_line` is what is quoted back and what offsets count in. `flatten` rewrites it in few signs: `−` and `–`
become `-`, `·` and `\cdot` `*`, `²` `^2`, `₁₃` `_13`, `\frac` one sign of its own. Every sign remembers
which character of the line it came from, so that a caret can point at it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

FRACTION = "\x01"  # stands for \frac; no control character survives `one_line`
HATTED = "ŷ"
COMBINING_HAT = "\u0302"  # behind its letter, where there is no sign for both
ITALIC = re.compile(r"(?<![\w*])\*([^\W\d_]{1,3})\*(?!\*)")  # *z*₁
_SHOWN = "\ufffd"  # for what has no shape of its own
_WIDEST = 4  # signs that one character may stand for; there are some that stand for a whole sentence

_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿᵉʷ", "0123456789+-()new", strict=True))
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₍₎ₒₕ", "0123456789()oh", strict=True))
_SIGNS = {
    **dict.fromkeys("−–—‐‑‒﹣", "-"),
    **dict.fromkeys("·⋅×∙•∗✕✖*", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    **dict.fromkeys("≈≃≅≐≡~∼→⇒⟹⟶", "="),
    **dict.fromkeys("′’ʹ‘`", "'"),
    **dict.fromkeys("$&", " "),
    **dict.fromkeys("✓✔☑", "?"),
    "٫": ".",
    "ς": "σ",
    "ϕ": "φ",
}
_COMMANDS = {
    **dict.fromkeys(("cdot", "times", "ast"), "*"),
    **dict.fromkeys(("approx", "simeq", "sim", "cong", "to", "rightarrow", "Rightarrow", "implies"), "="),
    **dict.fromkeys(("left", "right", "big", "bigl", "bigr", "Big", "Bigl", "Bigr", "limits"), ""),
    **dict.fromkeys((",", ";", ":", "!", " ", "\\", "quad", "qquad", "displaystyle"), " "),
    **dict.fromkeys(("frac", "dfrac", "tfrac"), FRACTION),
    **{name: name for name in ("ln", "log", "exp", "tanh", "max", "sqrt")},
    "div": "/",
    "sigma": "σ",
    "delta": "δ",
    "eta": "η",
    "beta": "β",
    "epsilon": "ε",
    "varepsilon": "ε",
    "partial": "∂",
    "prime": "'",
    "Phi": "Φ",
    "phi": "φ",
    "varphi": "φ",
    "lvert": "|",
    "rvert": "|",
    "vert": "|",
    "{": "(",
    "}": ")",
    "%": "%",
}
_UPRIGHT = {"mathrm", "text", "operatorname", "mathit", "mathbf", "textbf", "textrm", "mathsf"}
_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
_HAT = re.compile(r"\\hat\s*(?:\{\s*(?P<a>[ymv])\s*\}|(?P<b>[ymv])(?![A-Za-z]))")
_BRACED = re.compile(r"\s*\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Flat:
    """Plain signs of a line, and for each the place in the line that it came from."""

    line: str
    text: str
    places: tuple[int, ...]

    def place(self, index: int) -> int:
        """The place in the line of one sign; behind the last sign, the end."""
        return self.places[min(index, len(self.places) - 1)]

    def source(self, start: int, end: int) -> str:
        """What was typed for some neighbouring signs."""
        return self.line[self.place(start) : self.place(end)].strip()


def one_line(text: str, limit: int) -> str:
    """Text on one line with what is invisible taken out, at most `limit` characters."""
    kept = unicodedata.normalize("NFC", "".join(_visible(c) for c in text[: 2 * limit]))
    return " ".join(kept.split())[:limit]


@lru_cache(maxsize=1024)
def _visible(c: str) -> str:
    if c.isspace():
        return " "
    category = unicodedata.category(c)
    if category == "Cf":
        return ""
    return _SHOWN if category[0] == "C" else c


def flatten(line: str) -> Flat:
    """Rewrite one line in plain signs."""
    signs: list[str] = []
    places: list[int] = []
    dropped: set[int] = set()  # the braces of \mathrm{…}
    at = 0
    while at < len(line):
        end = at + 1
        if line[at] == "\\":
            written, end = _command(line, at, dropped)
        else:
            written = "" if at in dropped else _sign(line, at)
        signs.extend(written)
        places.extend([at] * len(written))
        at = end
    return Flat(line, "".join(signs), (*places, len(line)))


def _command(line: str, at: int, dropped: set[int]) -> tuple[str, int]:
    hat = _HAT.match(line, at)
    if hat:
        letter = hat["a"] or hat["b"]
        return HATTED if letter == "y" else f"{letter}hat", hat.end()
    found = _COMMAND.match(line, at)
    if found is None:
        return _SHOWN, at + 1
    braced = _BRACED.match(line, found.end()) if found[1] in _UPRIGHT else None
    if braced:
        dropped.update((braced.start(1) - 1, braced.end() - 1))
        return "", found.end()
    return _COMMANDS.get(found[1], _SHOWN), found.end()


def _sign(line: str, at: int) -> str:
    c = line[at]
    before = line[at - 1] if at else ""
    if c == COMBINING_HAT and before in "ymv" and before:
        return "hat"
    if c in _SUPERSCRIPTS:
        return ("" if before in _SUPERSCRIPTS else "^") + _SUPERSCRIPTS[c]
    if c in _SUBSCRIPTS:
        return ("" if before in _SUBSCRIPTS else "_") + _SUBSCRIPTS[c]
    return _plain(c)


@lru_cache(maxsize=1024)
def _plain(c: str) -> str:
    if c in _SIGNS:
        return _SIGNS[c]
    if c.isdecimal():
        return str(unicodedata.decimal(c))
    if vulgar(c):
        return c
    parts = unicodedata.normalize("NFKC", c)
    return _SHOWN if len(parts) > _WIDEST else "".join(_SIGNS.get(part, part) for part in parts)


@lru_cache(maxsize=1024)
def vulgar(c: str) -> tuple[int, int] | None:
    """Numerator and denominator of a sign such as ½; None for every other sign."""
    over, slash, under = unicodedata.normalize("NFKC", c).partition("⁄")
    if slash and over.isdecimal() and under.isdecimal():
        return int(over), int(under)
    return None
