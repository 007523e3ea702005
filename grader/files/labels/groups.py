"""Groups of answers under a common heading: those that are not meant, and the name of what a heading means as a whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_AFTER = re.compile(
    r"(?<![a-z])new(?![a-z])|updat|^after$|after[ _-]?(?:the[ _-]?)?(?:update|step)|check"
    r"|second[ _-]?(?:forward|run|pass)",
    re.IGNORECASE,
)
_DROPPED = re.compile(
    r"\b(?:old|drafts?|scratch|wrong|try|attempt|given|initial|before|test)\b", re.IGNORECASE
)
_COUNTED = re.compile(r"(?P<what>epoch|iteration|iter|pass|run|forward)[ _-]?(?P<n>\d)", re.IGNORECASE)
_BEFORE = re.compile(r"(?:old|before|initial)\b", re.IGNORECASE)
_WHOLE = re.compile(r"(?:sum|total|together|value|answer|result|wert|ergebnis|response)\b", re.IGNORECASE)


def dropped(heading: str, beside: Iterable[str] = ()) -> bool:
    """Whether what stands under a heading is not meant as answers: old values, a first try.

    beside: the headings beside it; “before” beside “after” is the first forward pass.
    """
    plain = heading.replace("_", " ")
    if _DROPPED.search(plain) is None:
        return False
    return _BEFORE.match(plain) is None or not any(_AFTER.search(other) for other in beside)


def second_of(headings: Sequence[str]) -> str:
    """The second of two runs that are counted, `epoch_0` and `epoch_1`; empty where there are not just two."""
    found = [
        (m["what"].lower(), int(m["n"]), h)
        for h in headings
        if (m := _COUNTED.fullmatch(h.strip())) is not None
    ]
    if len(found) != 2 or found[0][0] != found[1][0]:  # noqa: PLR2004
        return ""
    first, last = sorted(found, key=lambda one: one[1])
    return last[2] if last[1] == first[1] + 1 else ""


def is_the_whole(name: str) -> bool:
    """Whether a name such as “total” or “value” means what its heading says."""
    return _WHOLE.fullmatch(name.strip().replace("_", " ")) is not None
