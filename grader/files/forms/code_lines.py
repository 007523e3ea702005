"""Lines of code as text: statements, the result in a comment behind one, the entries of a dictionary. Nothing is run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.answers.answer import read_answer
from grader.answers.numbers import Typed, Unreadable, read_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.answers.name_spellings import Lookup

_COMMENT = re.compile(r"""^((?:[^'"#]|'[^']*'|"[^"]*")*)#(.*)$""", re.DOTALL)
_STATEMENT = re.compile(r"""(?:[^'";]|'[^']*'|"[^"]*")+""")
_RESULT = re.compile(
    r"\s*(?P<sign>(?:->|→|==?|≈|~)*)\s*(?P<number>[-−–+]?[\d.,]+(?:[eE][-+]?\d+)?)\s*(?:\([^()\d]*\))?\s*"
)
_LIBRARY = re.compile(r"\b(?:math|np|numpy|torch|cmath)\.(?=[a-z])")
_ROUND = re.compile(r"round\(\s*(?P<of>.*)\s*,\s*\d{1,2}\s*\)", re.DOTALL)
_ENTRY = re.compile(
    r"""(?:['"](?P<key>[^'"]{1,60})['"]|(?P<plain>\d{1,3}))\s*:\s*(?P<value>['"]?[-+]?[\d.]+(?:[eE][-+]?\d+)?['"]?)\s*(?=[,}])"""
)


def parted(line: str) -> tuple[str, str]:
    """A line's code and its comment."""
    found = _COMMENT.match(line) if "#" in line else None
    return (found[1].strip(), found[2].strip()) if found else (line.strip(), "")


def several(code: str) -> list[str]:
    """The statements of a line, parted by semicolons."""
    if ";" not in code:
        return [code]
    return [part.strip() for part in _STATEMENT.findall(code) if part.strip()]


def with_result(value: str, comment: str, names: Lookup) -> str:
    """An expression with its result, where a comment behind it is a mere number: `0.5*0.94  # = 0.47`."""
    plain = _LIBRARY.sub("", value)
    rounded = _ROUND.fullmatch(plain)
    plain = rounded["of"] if rounded and rounded["of"].count("(") == rounded["of"].count(")") else plain
    found = _RESULT.fullmatch(comment)
    if found is not None and not (found["sign"] or re.search(r"[.,]\d", found["number"])):
        found = None  # a count, not a result
    if found is None or isinstance(read_number(value), Typed):
        return value if rounded is None and isinstance(read_answer(value, names), Typed) else plain
    number = found["number"].rstrip(".,")
    whole = f"{plain} = {number}"
    return number if isinstance(read_answer(whole, names), Unreadable) else whole


def entries(value: str) -> Iterator[tuple[str, str]]:
    """The names and numbers of a dictionary."""
    for found in _ENTRY.finditer(value):
        yield found["key"] or found["plain"], found["value"].strip("'\"")
