"""What students call a unit at the head of a row: `3`, `unit 3`, `h1`, `hidden 1`, `output 5`, `o1`."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exercises.problems.problem import Problem

_LONGEST = 40
_NAMED = re.compile(
    r"(?:(?:to|into|nach|zu|vers|à) )?"
    r"(?:(?P<layer>h|hid|hidden|o|out|output)(?: layer)?)?[ _,-]*(?:unit|node|neuron|no\.?|#|j ?=|[uj](?=[ _]?\d))?[ _]*"
    r"(?P<number>\d{1,2})?[ ]*(?:\((?P<aside>hidden|output|out)(?: (?:layer|unit|node|neuron))?\))?",
    re.IGNORECASE,
)


def unit_of(written: str, problem: Problem) -> int:
    """The computing unit that is called so; 0 if none is, or if it could be two.

    Hidden units and outputs may be counted from 1 in their layer. Where units have no numbers of their own, in the
    notation by layers, a number alone is none.
    """
    text = unicodedata.normalize("NFKC", written[:_LONGEST]).strip(" .:*`$")
    found = _NAMED.fullmatch(text)
    if found is None:
        return 0
    layer, number = (found["layer"] or found["aside"] or "")[:1].lower(), int(found["number"] or 0)
    net = problem.network
    by_number = {number} & set(net.computing) if problem.notation == "unit" else set()
    if not layer:
        return next(iter(by_number), 0)
    if layer == "h":
        place = [unit for inner in net.layers[1:-1] for unit in inner]
        counted = len(net.layers) == 3  # noqa: PLR2004 - one hidden layer
    else:
        place, counted = list(net.outputs), True
        number = number or len(place) == 1
    meant = by_number & set(place)
    if counted and not (found["aside"] and by_number) and 1 <= number <= len(place):
        meant = meant | {place[number - 1]}
    return next(iter(meant)) if len(meant) == 1 else 0
