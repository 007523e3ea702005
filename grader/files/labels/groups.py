"""Answers under a common heading, as in `{"gradients": {"W13": …}, "check_run": {"a3": …}}`: which line each one is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exercises.formulas.quantity import QuantityKind, of_parameter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exercises.formulas.quantity import Quantity
    from grader.answers.names import Names

_AFTER = re.compile(
    r"(?<![a-z])new(?![a-z])|updat|^after$|after[ _-]?(?:the[ _-]?)?(?:update|step)|check"
    r"|second[ _-]?(?:forward|run|pass)",
    re.IGNORECASE,
)
_GRADIENT = re.compile(r"grad|^d_?[EL]_?d|derivative", re.IGNORECASE)
_DROPPED = re.compile(
    r"\b(?:old|drafts?|scratch|wrong|try|attempt|given|initial|before|test)\b", re.IGNORECASE
)
_BEFORE = re.compile(r"(?:old|before|initial)\b", re.IGNORECASE)
_VIA = re.compile(r"(?:via|through|from)?[ _]?(?:unit[ _]?)?(\d{1,3})", re.IGNORECASE)
_WHOLE = re.compile(r"(?:sum|total|together|value|answer|result|wert|ergebnis|response)\b", re.IGNORECASE)
_PARAMETERS = (QuantityKind.WEIGHT, QuantityKind.BIAS)


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


def member(heading: str, name: str, names: Names) -> Quantity | None:
    """The line that a name under a heading means; None if there is none."""
    vocabulary = names.vocabulary
    said = vocabulary.find(heading.replace("_", " ")) if heading else None
    inner = vocabulary.find(name) if said is not None and said.unit else None
    if (
        said is not None
        and said.unit
        and not said.whole
        and inner is not None
        and inner.meant
        and not inner.unit
    ):
        return vocabulary.complete(inner, said)  # {"unit 3": {"a": …}}
    over = names.find(heading) if heading else None
    if over is not None and over.kind is QuantityKind.LOSS_SLOPE and (path := _VIA.fullmatch(name.strip())):
        return names.find(f"{over.name}_via{path[1]}")
    if over is not None and _WHOLE.fullmatch(name.strip()):
        return over
    if name.strip().isdecimal():
        return names.find(f"{heading}{name.strip()}") or names.find(f"{heading} {name.strip()}")
    found = names.anything(name)
    if found is None or found.updated:
        return names.find(name)
    if _GRADIENT.search(heading) and found.kind in _PARAMETERS:
        gradient = of_parameter(
            QuantityKind.WEIGHT_GRADIENT if found.source else QuantityKind.BIAS_GRADIENT, found
        )
        return names.find(gradient.name)
    if _AFTER.search(heading):
        return names.find(found.after_update().name)
    return names.find(name)
