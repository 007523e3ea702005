"""Mixed numbers, such as −1 3/4 or 1¾: what is left of a calculation with halves and quarters.

Alone between equals signs such a thing has no second reading. Within a formula it might as well be a product, and
stays a fault there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.answers.lexer import Token
from grader.answers.plain_signs import FRACTION, vulgar

if TYPE_CHECKING:
    from collections.abc import Sequence

_MIXED = re.compile(
    rf"[+-]? ?\d+ (?:(?P<over>\d+) / (?P<under>\d+)|{FRACTION} {{ (?P<top>\d+) }} {{ (?P<bottom>\d+) }}|(?P<sign>\D))"
)


def mixed(link: Sequence[Token]) -> Sequence[Token]:
    """The tokens of a link; those of a mixed number as the sum that it means."""
    found = _MIXED.fullmatch(" ".join(token.text for token in link))
    if found is None:
        return link
    over, under = found["over"] or found["top"], found["under"] or found["bottom"]
    if not (vulgar(found["sign"]) if found["sign"] else int(over) < int(under)):
        return link
    at = next(i for i, token in enumerate(link) if token.kind == "number")
    whole, end = link[at], link[-1].end
    return [
        *link[:at],
        Token("open", whole.start, whole.start, "("),
        whole,
        Token("op", whole.end, whole.end, "+"),
        *link[at + 1 :],
        Token("close", end, end, ")"),
    ]
