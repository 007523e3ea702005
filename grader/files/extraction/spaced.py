"""Vocabulary and numbers with nothing but spaces between: `a3 -1.16  a4 .89`, `new W13 0.5`, `W13: grad 0.1 new 0.4`.

Only a line that is nothing else is read, for in a sentence a number may be anything. A label may stand behind its number,
as in “0.38 before sigmoid”, where all on the line do.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from grader.answers.lexicon import ROLES
from grader.answers.worded import ASIDE, NOTHING, Wording
from grader.files.labels.cells import bare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exercises.formulas.quantity import Quantity
    from grader.answers.names import Names

_MOST = 60  # words
_OPERATORS = frozenset(["+", "-", "−", "*", "·", "×", "x", "÷", "=", "^", "≈", "→"])
_FINE = frozenset({"ok", "okay", "done", "checked", "correct", "exact", "rounded", "gerundet", "approx", "✓"})
_DECIMAL = re.compile(r"[-−–+~≈]*\d{0,40}[.,]\d{1,40}(?:[eE][-−+]?\d{1,3})?")
_WHOLE = re.compile(r"[-−–+~≈]*\d{1,40}(?:[.,]|[eE][-−+]?\d{1,3})?")
_REMARK = re.compile(r"\s\([^()\d]{1,80}\)$")

Spaced = list[tuple[str, str, "Quantity | None"]]


def spaced(line: str, names: Names, find: Callable[[str], Quantity | None]) -> Spaced:
    """The answers of such a line, each a name, a number and its line (None where it is given or aside); else nothing.

    find: the line that a label means where it stands.
    """
    words = _REMARK.sub("", line).split()
    if not 1 < len(words) <= _MOST or any(word in _OPERATORS or word[0] == "(" for word in words):
        return []
    if words[0].isdecimal() and len(words[0]) < 3:  # noqa: PLR2004 - 1 a3 0.755
        words = words[1:]
    runs = list(_runs(words))
    if len(runs) > 1 and runs[-1][1] is None and runs[0][0] and _is_remark(runs[-1][0]):
        runs = runs[:-1]  # a3 0.7550 ok
    if runs and runs[-1][1] is None:
        runs = _behind(runs)
    out: Spaced = []
    for name, number in runs:
        quantity = find(name) if name and number is not None else None
        if number is None or (quantity is None and not _known(name, names)):
            return []
        out.append((name, number, quantity))
    return out if any(q is not None for _, _, q in out) or len(out) == 1 else []


def _runs(words: list[str]) -> Iterator[tuple[str, str | None]]:
    """Each run of words with the number behind it; None for those at the end."""
    name: list[str] = []
    for at, word in enumerate(words, 1):
        value = word.rstrip(";,.✓")
        if _DECIMAL.fullmatch(value) or (at == len(words) and _WHOLE.fullmatch(value) and not _counts(name)):
            yield bare(" ".join(name)).strip(",;/&"), value
            name = []
        else:
            name.append(word)
    if name:
        yield bare(" ".join(name)).strip(",;/&"), None


def _behind(runs: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """Vocabulary behind their numbers: the first number has none before it."""
    if runs[0][0]:
        return runs
    return [(name, number) for (_, number), (name, _) in pairwise(runs)]


def _known(name: str, names: Names) -> bool:
    """Whether a name is of something that needs no answer: given, or an old value; or a line of none."""
    label: Wording = names.vocabulary.find(name) or NOTHING
    return bool(name) and (bool(label.roles & ASIDE) or names.anything(name) is not None)


def _counts(name: list[str]) -> bool:
    """Whether a whole number behind these words is the number of a unit: “output unit 5”."""
    return bool(name) and ROLES.get(name[-1].lower()) in ("unit", "layer", "hidden", "remark")


def _is_remark(words: str) -> bool:
    """Whether words behind the last number only say that it is right, or rounded."""
    return set(words.lower().split()) <= _FINE
