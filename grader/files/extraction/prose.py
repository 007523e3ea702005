"""Names in running text: “The sums are a₃ = 1.05 and a₄ = 0.19. The sigmoid gives y₃ = 0.74.” is read as three answers.

Only what is said plainly counts: nothing but words may stand before the name, the last of them must lead on to it, and
none may speak of another number than this answer, as “smaller than”, “the new” and “since” do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exercises.formulas.quantity import Quantity
    from grader.files.extraction.source import Answers

_LONGEST = 200  # characters
_WORDS = 25
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*[,:.;]?|\d[,:.]?")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NUMBERED = _words("unit units node neuron layer part step task question number")
_LEADING = _words(
    "is are be and gives give gave giving get gets got getting obtain obtained have has find found hence so thus "
    "therefore then yields yield becomes become makes means finally und ist sind ergibt also somit daher bekomme "
    "erhalte"
)
_LATER = _words("new newly updated update updating after neu neue neuen neuer")
_OTHER = _LATER | _words(
    "old before previous previously earlier not no never nor or than instead wrong wrongly should would could might "
    "if unless since because as where when while with target targets given expected key solution book friend "
    "neighbour again twice half double minus plus times squared without except but check checked mistake mistaken "
    "guess maybe perhaps almost nearly below above over under between like alt alte alten statt nicht kein oder als "
    "wenn weil da vorher probe"
)


def in_sentence(written: str, found: Answers) -> tuple[str, Quantity] | None:
    """The name that ends a text of words, with its line; None if it is not plain that it is one."""
    tokens = written.split() if len(written) <= _LONGEST else []
    if not 1 < len(tokens) <= _WORDS:
        return None
    size = 3 if len(tokens) > 3 and tokens[-2].lower() == "via" else 1  # noqa: PLR2004 - ∂E/∂y₃ via 5
    name, before = " ".join(tokens[-size:]).strip("$*`"), tokens[:-size]
    if not name or not _are_words(before):
        return None
    quantity = found.source.names.find(name, strict=True)
    if quantity is None or quantity in found.texts:  # named again, it is hardly meant as the answer
        return None
    return (name, quantity) if _leads(before, updated=quantity.updated) else None


def _are_words(tokens: list[str]) -> bool:
    """Whether there is nothing but words, and numbers only as in “unit 3”."""
    behind = ["", *tokens]
    return all(
        _WORD.fullmatch(token) and (not token[0].isdigit() or before.lower() in _NUMBERED)
        for before, token in zip(behind, tokens, strict=False)
    )


def _leads(before: list[str], *, updated: bool) -> bool:
    """Whether words lead on to an answer, and speak of none but it."""
    words = [word.strip(",:.;").lower() for word in before]
    other = _OTHER - _LATER if updated else _OTHER
    return not other.intersection(words) and (words[-1] in _LEADING or before[-1][-1] in ",:")
