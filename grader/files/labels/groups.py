"""Groups of answers under a common heading: those that are not meant, and the name of what a heading means as a whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


_AFTER = re.compile(
    r"(?<![a-z])new(?![a-z])|updat|^after$|after[ _-]?(?:the[ _-]?)?(?:update|step)|check"
    r"|second[ _-]?(?:forward|run|pass)",
    re.IGNORECASE,
)
_DROPPED = re.compile(
    r"\b(?:old|drafts?|scratch|wrong|try|attempt|given|initial|before|test)\b", re.IGNORECASE
)
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


def is_the_whole(name: str) -> bool:
    """Whether a name such as “total” or “value” means what its heading says."""
    return _WHOLE.fullmatch(name.strip().replace("_", " ")) is not None
