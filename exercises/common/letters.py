"""Plain letters for what a terminal, or whatever its output goes to, cannot write: σ becomes sigma, ✓ becomes ok.

A codec that cannot encode a character asks an error handler what to write instead; these are two of them.
"""

from __future__ import annotations

import codecs
import unicodedata

SPELLED, ESCAPED = "byhand-spelled", "byhand-escaped"
ASCII = "byhand-ascii"  # the same as ascii; under that name click takes a stream for a mistake, and writes UTF-8 to it
_PLAIN = {
    "✓": "ok", "✔": "ok", "☑": "ok", "✗": "x", "✕": "x", "✖": "x", "×": "x", "⨯": "x",
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-",
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "′": "'", "ʹ": "'",
    "·": "*", "∙": "*", "⋅": "*", "∗": "*", "⊙": "(*)", "÷": "/", "∕": "/", "⁄": "/", "±": "+-",
    "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "≃": "~", "≅": "~", "∼": "~", "≡": "==", "≐": "=",
    "→": "->", "⟶": "->", "↦": "->", "←": "<-", "⇒": "=>", "⟹": "=>", "↷": "->",
    "∂": "d", "∇": "grad ", "√": "sqrt", "∞": "inf", "∈": "in", "•": "*", "°": " deg",
    "½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "ß": "ss", "�": "?",
    "─": "-", "━": "-", "│": "|", "┃": "|", "█": "#",
}  # fmt: skip
_BMP = 0x10000


def register() -> None:
    """Make both known to codecs, under the names `SPELLED` (for people) and `ESCAPED` (inside JSON), and `ASCII`."""
    codecs.register(_ascii)
    codecs.register_error(SPELLED, _spelled)
    codecs.register_error(ESCAPED, _escaped)


def _ascii(name: str) -> codecs.CodecInfo | None:
    if name.replace("_", "-") != ASCII:
        return None
    plain = codecs.lookup("ascii")
    return codecs.CodecInfo(
        plain.encode, plain.decode, plain.streamreader, plain.streamwriter,
        plain.incrementalencoder, plain.incrementaldecoder, ASCII,
    )  # fmt: skip


def ascii_of(text: str) -> str:
    """A text in letters of ASCII, for people: never longer than it must be, and `?` where nothing is like it."""
    parts = []
    raised = False
    for char in text:
        if char.isascii():
            parts.append(char)
            raised = False
            continue
        marked = unicodedata.decomposition(char).startswith("<super>")
        parts.append("^" * (marked and not raised) + _letter(char))
        raised = marked
    return "".join(parts)


def _letter(char: str) -> str:
    if char in _PLAIN:
        return _PLAIN[char]
    if unicodedata.combining(char):
        return ""
    simple = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    if simple != char:
        return ascii_of(simple)
    name = unicodedata.name(char, "")
    if name.startswith("GREEK"):
        word = name.split(" WITH ")[0].split()[-1].lower()
        return word.title() if " CAPITAL " in name else word
    if name.startswith("LATIN") and " LETTER " in name:  # ł, ø, æ
        word = name.partition(" LETTER ")[2].split(" WITH ")[0]
        return word if " CAPITAL " in name else word.lower()
    return " " if char.isspace() else "?"


def _spelled(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return ascii_of(error.object[error.start : error.end]), error.end


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """As JSON has it; whatever is not ASCII stands inside its strings only."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_in_json, error.object[error.start : error.end])), error.end


def _in_json(char: str) -> str:
    code = ord(char)
    if code < _BMP:
        return f"\\u{code:04x}"
    high, low = divmod(code - _BMP, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


register()
