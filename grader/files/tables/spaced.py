"""Lines of names and numbers with nothing but spaces between: `a3 -1.16  a4 .89`, `new W13 0.5`.

Only a line that is nothing else is read, for in a sentence a number may be anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.files.extraction.line_parts import NamedAnswer
from grader.files.labels.cells import bare
from grader.files.labels.described import described

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.files.extraction.source import Answers

_MOST = 60  # words
_DECIMAL = re.compile(r"[-−–+~≈]*\d{0,40}[.,]\d{1,40}(?:[eE][-−+]?\d{1,3})?")
_REMARK = re.compile(r"\s\([^()\d]{1,80}\)$")
_WHOLE = re.compile(r"[-−–+~≈]*\d{1,40}(?:[.,]|[eE][-−+]?\d{1,3})?")


def spaced(line: str, found: Answers) -> list[NamedAnswer]:
    """The answers of such a line; none if it is another."""
    words = _REMARK.sub("", line).split()
    out = list(_read(words, found)) if 1 < len(words) <= _MOST else []
    return [piece for piece in out if piece is not None] if None not in out else []


def _read(words: list[str], found: Answers) -> Iterator[NamedAnswer | None]:
    """Each answer; None for what is none."""
    names = found.source.names
    name: list[str] = []
    for at, word in enumerate(words, 1):
        value = word.rstrip(";,") if at < len(words) else word
        if not (_DECIMAL.fullmatch(value) or (at == len(words) and _WHOLE.fullmatch(value))):
            name.append(word)
            continue
        written = bare(" ".join(name)).strip(",;")
        quantity = names.find(written) or described(written, names)
        known = quantity is not None or (bool(written) and names.anything(written) is not None)
        yield NamedAnswer(written, value, quantity) if known else None
        name = []
    if name:
        yield None
