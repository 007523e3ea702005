"""Decimal numbers in a text, and those of them that stand as an answer does: at the end, and no part of some working."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBER = re.compile(
    r"(?<![\w.])(?:\d{0,40}\.\d{1,40}|\d{1,40},\d{2,40})(?:[eE][-+−]?\d{1,3})?(?![^\W\d_]|\.\d|[,.]?\d)"
)
_GOES_ON = re.compile(r"\s*(?:[*/·×⋅∙^]|\\cdot|\\times|[-−–+]\s*[\d(.]|x\s*\d)")
_OPERAND = re.compile(
    r"(?:[*/·×⋅∙^√]|\\cdot|\\times|[\w)\]}]\s*[-−–+]|[^\W_]\()\s*\(?\s*[-−–]?\s*$|\d\s*x\s*$"
)


def numbers(text: str) -> Iterator[Decimal]:
    """All of them, without their signs."""
    for number in _NUMBER.finditer(text):
        yield from _value(number[0])


def standing(line: str) -> Iterator[Decimal]:
    """The numbers of a line that are no part of some working."""
    for number in _NUMBER.finditer(line):
        if not (_GOES_ON.match(line, number.end()) or _OPERAND.search(line[: number.start()][-40:])):
            yield from _value(number[0])


def _value(text: str) -> Iterator[Decimal]:
    try:
        yield Decimal(text.replace(",", ".").replace("−", "-"))
    except InvalidOperation:
        return
